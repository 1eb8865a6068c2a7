package httpd

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/itemstats"
	"sextant/internal/page"
	"sextant/internal/richtext"
	"sextant/internal/statistics"
	"sextant/web"
)

// statisticsSearch is which questions the statistics of a bank list, as the
// address says it.
type statisticsSearch struct {
	statistics.Filter
	page int // from 1
}

func readStatisticsSearch(values url.Values) statisticsSearch {
	s := statisticsSearch{page: 1}
	s.Words = strings.Join(strings.Fields(values.Get("words")), " ")
	s.Flagged, s.Enough = values.Get("flagged") != "", values.Get("enough") != ""
	order, down := strings.CutPrefix(values.Get("sort"), "-")
	if slices.Contains(statistics.Sorts(), statistics.Sort(order)) {
		s.Sort, s.Down = statistics.Sort(order), down
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 1 {
		s.page = n
	}
	return s
}

func (s statisticsSearch) values() url.Values {
	v := url.Values{}
	if s.Words != "" {
		v.Set("words", s.Words)
	}
	if s.Flagged {
		v.Set("flagged", "yes")
	}
	if s.Enough {
		v.Set("enough", "yes")
	}
	if order := s.sortValue(); order != "" {
		v.Set("sort", order)
	}
	return v
}

func (s statisticsSearch) sortValue() string {
	if s.Down {
		return "-" + string(s.Sort)
	}
	return string(s.Sort)
}

func statisticsAddress(id exam.BankID, s statisticsSearch) string {
	address := "/banks/" + string(id) + "/statistics"
	if query := s.values().Encode(); query != "" {
		address += "?" + query
	}
	return address + "#questions"
}

// bankStatistics is the page of what answers say of a bank's questions.
func (h *Handler) bankStatistics(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	id, s := exam.BankID(c.Param("id")), readStatisticsSearch(c.Request.URL.Query())
	b, err := h.Statistics.Bank(c.Request.Context(), actor(p), id, s.Filter)
	if err != nil {
		return err
	}
	view := page.BankStatistics{
		Frame: h.frame(c, "Statistics of "+b.Title, "banks"), ID: string(id), BankTitle: b.Title,
		Sentences: bankSentences(b), Renewing: renewingNote(c, b.Renewing, b.Made),
		Action: "/banks/" + string(id) + "/statistics", Words: s.Words, Flagged: s.Flagged, Enough: s.Enough, Sort: s.sortValue(),
		Narrowed: s.Words != "" || s.Flagged || s.Enough, CSV: "/banks/" + string(id) + "/statistics.csv", Problems: "/problems?bank=" + queryEscape(string(id)),
	}
	h.listStatistics(&view, b, s)
	return render(c, http.StatusOK, web.BankStatistics(view))
}

func bankSentences(b *statistics.Bank) []string {
	if b.Answers == 0 {
		return []string{"Nobody has answered any of these questions in a test that has ended."}
	}
	return []string{
		fmt.Sprintf("%s to %s. %s the %d answers that a judgement takes; %s something to look at.",
			plural(b.Answers, "first answer"), plural(b.Total, "question"),
			have(b.Enough), itemstats.MinFlagPersons, have(b.Flagged)),
	}
}

func have(n int) string {
	if n == 1 {
		return "1 has"
	}
	return fmt.Sprintf("%d have", n)
}

func renewingNote(c *gin.Context, renewing bool, made time.Time) string {
	if !renewing {
		return ""
	}
	return "Answers have come in since these figures were counted at " + made.In(zoneOf(c)).Format("15:04") + ". They are being counted anew; load the page again in a moment."
}

// listStatistics fills in one page of the table.
func (h *Handler) listStatistics(view *page.BankStatistics, b *statistics.Bank, s statisticsSearch) {
	for _, column := range []struct {
		label string
		by    statistics.Sort
	}{
		{"Question", statistics.ByText}, {"Answers", statistics.ByAnswers}, {"Right", statistics.ByFacility},
		{"Discrimination", statistics.ByDiscrimination}, {"Time", statistics.ByTime}, {"Look at", statistics.ByFlags},
	} {
		other := s
		other.Sort, other.Down = column.by, s.Sort == column.by && !s.Down
		one := page.SortColumn{Label: column.label, Address: statisticsAddress(b.ID, other)}
		if s.Sort == column.by {
			one.Order = map[bool]string{false: "ascending", true: "descending"}[s.Down]
		}
		view.Columns = append(view.Columns, one)
	}
	total := len(b.Lines)
	current := min(s.page, max(1, (total+listedPerPage-1)/listedPerPage))
	from := (current - 1) * listedPerPage
	to := min(from+listedPerPage, total)
	for i := range b.Lines[from:to] {
		view.Rows = append(view.Rows, h.statisticsRow(&b.Lines[from+i]))
	}
	switch {
	case b.Total == 0:
		view.None = "No question of this bank is asked yet."
	case total == 0:
		view.None = "No question matches. Take a filter away, or look for fewer words."
	case total <= listedPerPage:
		view.Sentence = plural(total, "question")
	default:
		view.Sentence = fmt.Sprintf("%d to %d of %s", from+1, to, plural(total, "question"))
	}
	view.Pages = pageLinks(total, current, func(n int) string {
		v := s.values()
		v.Set("page", strconv.Itoa(n))
		return "/banks/" + string(b.ID) + "/statistics?" + v.Encode() + "#questions"
	})
}

func (h *Handler) statisticsRow(l *statistics.Line) page.StatisticsRow {
	q := l.Question
	row := page.StatisticsRow{
		Address: "/questions/" + string(q.ID) + "/statistics", Ask: h.Text.Inline(q.Ask), ID: string(q.ID), Answers: strconv.Itoa(l.N),
		Right: shareText(l.Facility.Stat), Between: betweenShares(l.Facility), Time: secondsText(l.Times.Median), Few: tooFew(l.N),
	}
	for _, f := range l.Flags {
		row.Flags = append(row.Flags, sentence(f.Words))
	}
	if l.Placed >= itemstats.MinFlagPersons {
		row.Discrimination, row.Expected = decimals(l.Discrimination.Stat), decimals(l.ExpectedDiscrimination)
		row.Curve = smallCurve(l)
	}
	return row
}

// tooFew says that there are too few answers to judge by, "" where there are enough.
func tooFew(n int) string {
	if n >= itemstats.MinFlagPersons {
		return ""
	}
	return fmt.Sprintf("too few answers: %d of %d", n, itemstats.MinFlagPersons)
}

func shareText(s itemstats.Stat) string {
	if !s.OK {
		return "–"
	}
	return fmt.Sprintf("%.0f\u00a0%%", 100*s.Value)
}

func betweenShares(i itemstats.Interval) string {
	if !i.OK {
		return ""
	}
	return fmt.Sprintf("%.0f to %.0f\u00a0%%", 100*i.Low, 100*i.High)
}

func decimals(s itemstats.Stat) string {
	if !s.OK {
		return "–"
	}
	return strings.Replace(fmt.Sprintf("%.2f", s.Value), "-", "−", 1)
}

func secondsText(s itemstats.Stat) string {
	switch {
	case !s.OK:
		return "–"
	case s.Value < 120:
		return fmt.Sprintf("%.0f\u00a0s", s.Value)
	}
	return fmt.Sprintf("%.0f\u00a0min", s.Value/60)
}

// smallCurve draws what was observed of a question over what its curve expects
// of the same learners.
func smallCurve(l *statistics.Line) *page.ItemCurve {
	if len(l.Bands) == 0 {
		return nil
	}
	curve := &page.ItemCurve{Guess: 100 * l.Question.GuessChance(), Bands: bandsOf(l.Bands)}
	for i, b := range l.Bands {
		curve.Line = append(curve.Line, page.CurvePoint{X: curve.Bands[i].X, Y: 100 * b.Expected})
	}
	return curve
}

// placed is where an ability lies between the ends of a figure, in percent.
func placed(ability float64) float64 {
	return min(max(100*(ability-statistics.DrawnFrom)/(statistics.DrawnTo-statistics.DrawnFrom), 0), 100)
}

func bandsOf(bands []itemstats.Band) []page.CurveBand {
	list := make([]page.CurveBand, len(bands))
	for i, b := range bands {
		list[i] = page.CurveBand{
			CurvePoint: page.CurvePoint{X: placed(b.Ability), Y: 100 * b.Observed.Value}, Low: 100 * b.Observed.Low, High: 100 * b.Observed.High,
			Ability: decimals(itemstats.Stat{Value: b.Ability, OK: true}), People: strconv.Itoa(b.N),
			Right: shareText(b.Observed.Stat), Between: betweenShares(b.Observed), Expected: shareText(itemstats.Stat{Value: b.Expected, OK: true}),
		}
	}
	return list
}

// questionStatistics is the page of everything that answers say of one question.
func (h *Handler) questionStatistics(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), exam.QuestionID(c.Param("id"))
	d, err := h.Statistics.Question(ctx, actor(p), id)
	if err != nil {
		return err
	}
	if r, err := h.Authoring.Reviewing(ctx, actor(p), id); err == nil && r.May { // the key would show, and in what learners chose
		return seeOther(c, editorAddress(id, "edit"))
	} else if err != nil && fault.KindOf(err) != fault.KindNotFound { // a question of the built-in bank
		return err
	}
	q := d.Question
	view := page.QuestionStatistics{
		Frame: h.frame(c, "Statistics of "+string(id), "banks"), ID: string(id), BankTitle: d.BankTitle,
		BankLink: "/banks/" + string(d.Bank) + "/statistics", Facts: h.questionFacts(q), Retired: d.Retired,
		Whole: h.keyedItem(q), Figures: figuresOf(&d.Line), Renewing: renewingNote(c, d.Renewing, d.Made), LeftOut: leftOut(d),
	}
	view.Whole.ReviewNote = ""
	if d.Bank != exam.BuiltIn {
		view.Edit = "/questions/" + string(id) + "/edit"
	}
	for _, f := range d.Flags {
		view.Flags = append(view.Flags, sentence(f.Words))
	}
	if len(view.Flags) == 0 {
		view.Verdict = "Nothing stands out."
		if few := tooFew(d.N); few != "" {
			view.Verdict = sentence(few) + " Until then no judgement is offered."
		}
	}
	view.Options = h.optionTable(d)
	h.drawCurve(&view, d)
	groupRows(&view, d)
	reported, _, err := h.Authoring.Reports(ctx, actor(p), h.Reports, authoring.ReportFilter{Question: id})
	if err != nil {
		return err
	}
	for _, r := range reported {
		view.Reports, view.Problems = plural(len(r.Reports), "open report"), "/problems?question="+queryEscape(string(id))
	}
	return render(c, http.StatusOK, web.QuestionStatistics(view))
}

// questionFacts are a question's labels in a line.
func (h *Handler) questionFacts(q *exam.Question) string {
	facts := []string{q.Type.Label()}
	if q.Platform != "" {
		facts = append(facts, q.Platform.Label())
	}
	if q.Skill != "" {
		facts = append(facts, h.skillName(q.Skill))
	}
	if q.Difficulty > 0 {
		facts = append(facts, fmt.Sprintf("difficulty %d", q.Difficulty))
	}
	return strings.Join(facts, " · ")
}

// figuresOf are a question's numbers with what they mean.
func figuresOf(l *statistics.Line) []page.StatisticsFigure {
	figures := []page.StatisticsFigure{{Name: "Answers", Value: strconv.Itoa(l.N), Note: "first answers of different people"}}
	if l.N == 0 {
		return figures
	}
	guess := 100 * l.Question.GuessChance()
	figures = append(figures, page.StatisticsFigure{
		Name: "Right", Value: shareText(l.Facility.Stat), Between: betweenShares(l.Facility), Note: fmt.Sprintf("facility; a blind guess is right %.0f\u00a0%% of the time", guess),
	})
	if l.Placed >= itemstats.MinFlagPersons {
		figures = append(figures,
			page.StatisticsFigure{Name: "Expected", Value: shareText(l.Expected), Note: "right, of learners like these"},
			page.StatisticsFigure{
				Name: "Discrimination", Value: decimals(l.Discrimination.Stat), Between: betweenDecimals(l.Discrimination),
				Note: "correlation with the ability that other answers show; " + decimals(l.ExpectedDiscrimination) + " expected of learners like these",
			},
			page.StatisticsFigure{Name: "Fit", Value: decimals(l.Infit), Note: fmt.Sprintf("infit; outfit %s. 1 is as the curve expects, above %.1f answers scatter", decimals(l.Outfit), 1.3)},
		)
	}
	if l.Times.N > 0 {
		figures = append(figures, page.StatisticsFigure{
			Name: "Time taken", Value: secondsText(l.Times.Median), Between: secondsText(l.Times.Lower) + " to " + secondsText(l.Times.Upper), Note: "median, and the middle half of the learners",
		})
	}
	return figures
}

func betweenDecimals(i itemstats.Interval) string {
	if !i.OK {
		return ""
	}
	return decimals(itemstats.Stat{Value: i.Low, OK: true}) + " to " + decimals(itemstats.Stat{Value: i.High, OK: true})
}

// leftOut says which answers the figures don't rest on.
func leftOut(d *statistics.Question) []string {
	var list []string
	if d.Blank > 0 {
		list = append(list, plural(d.Blank, "person")+" left it blank at the first meeting.")
	}
	if d.Reworded > 0 {
		list = append(list, plural(d.Reworded, "first answer")+" went to an earlier text that asked something else.")
	}
	if few := d.N - d.Placed; few > 0 {
		list = append(list, fmt.Sprintf("%s gave fewer than %d other answers, too few to say how able they are: they count for the share right and the time alone.", plural(few, "person"), itemstats.MinOthers))
	}
	return list
}

// thirdNames are the thirds of ability in words.
var thirdNames = [3]string{"Weakest third", "Middle third", "Strongest third"}

// optionTable is who chose what; nil where nobody can be placed.
func (h *Handler) optionTable(d *statistics.Question) *page.OptionTable {
	q := d.Question
	if n := d.Options.N; n > 0 {
		t := &page.OptionTable{
			Heading: "Who chose what", What: "Option", Note: fmt.Sprintf("%s, in thirds by the ability that their other answers show.", plural(n, "learner")),
		}
		for i, use := range d.Options.Options {
			row := optionRow(use)
			row.Label, row.Text, row.Key = statistics.Letter(i), h.Text.Inline(q.Options[i].Text), use.Right
			t.Rows = append(t.Rows, row)
		}
		row := optionRow(d.Options.Blank)
		row.Label, row.Text = "–", "Don't know"
		t.Rows = append(t.Rows, row)
		return t
	}
	if d.Parts.N == 0 {
		return nil
	}
	t := &page.OptionTable{
		Heading: "Who got which part right", What: "Part", Note: fmt.Sprintf("%s, in thirds by the ability that their other answers show.", plural(d.Parts.N, "learner")),
	}
	for i, use := range d.Parts.Options {
		row := optionRow(use)
		row.Label, row.Text = strconv.Itoa(i+1), h.partText(q, i)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// partText is what a part of a question says.
func (h *Handler) partText(q *exam.Question, i int) richtext.HTML {
	switch q.Type {
	case exam.Matching:
		return h.Text.Inline(q.Prompts[i].Text)
	case exam.YesNo:
		return h.Text.Inline(q.Statements[i].Text)
	default:
		for _, o := range q.Options {
			if o.Place == i+1 {
				return h.Text.Inline(o.Text)
			}
		}
	}
	return ""
}

func optionRow(use itemstats.OptionUse) page.OptionRow {
	row := page.OptionRow{Chosen: fmt.Sprintf("%d (%s)", use.Chosen, shareText(use.Share)), Leans: decimals(use.Discrimination)}
	for third, s := range use.ThirdShares {
		row.Thirds = append(row.Thirds, page.ThirdShare{Name: thirdNames[third], Percent: 100 * s.Value, Text: shareText(s)})
	}
	return row
}

func (h *Handler) drawCurve(view *page.QuestionStatistics, d *statistics.Question) {
	if len(d.Bands) == 0 {
		view.CurveNote = fmt.Sprintf("A curve is drawn once two dozen people who gave at least %d other answers have met the question; so far %d have.", itemstats.MinOthers, d.Placed)
		return
	}
	curve := &page.ItemCurve{Guess: 100 * d.Question.GuessChance(), Bands: bandsOf(d.Bands), Ground: "its author's label"}
	switch {
	case d.Calibrated:
		curve.Ground = "answers taken in by the latest calibration"
	case d.Question.Difficulty == 0:
		curve.Ground = "a middling difficulty, since its author gave none"
	}
	for _, p := range d.Curve {
		curve.Line = append(curve.Line, page.CurvePoint{X: placed(p.Ability), Y: 100 * p.Chance})
	}
	inside := 0
	for _, b := range d.Bands {
		if b.Observed.Low <= b.Expected && b.Expected <= b.Observed.High {
			inside++
		}
	}
	curve.Words = fmt.Sprintf("Share of right answers by ability: in %d of %d bands of learners what was expected lies within the interval of what was observed. The table below has the figures.", inside, len(d.Bands))
	view.Curve = curve
}

// classWords says what a class of differential item functioning means.
func classWords(d itemstats.DIF) string {
	direction := "easier"
	if d.D.Value < 0 {
		direction = "harder"
	}
	switch d.Class {
	case itemstats.Negligible:
		return "no difference to speak of"
	case itemstats.Moderate:
		return "somewhat " + direction + " for them: look for words or services that only one side would know"
	case itemstats.Large:
		return "clearly " + direction + " for them: look for words or services that only one side would know"
	}
	return "can't be told: everybody of one ability answered alike"
}

func groupRows(view *page.QuestionStatistics, d *statistics.Question) {
	for _, g := range d.Groups {
		view.Groups = append(view.Groups, page.GroupRow{
			Group: string(g.Exam), People: fmt.Sprintf("%d and %d others", g.Focal, g.Others), Odds: decimals(g.Alpha), Size: decimals(g.D), Words: classWords(g.DIF),
		})
	}
	if len(view.Groups) > 0 {
		return
	}
	view.GroupNote = fmt.Sprintf("Those who prepare for one exam are compared with everybody else of like ability once there are %d on either side.", itemstats.MinGroup)
	if len(d.Small) > 0 {
		g := d.Small[0]
		view.GroupNote += fmt.Sprintf(" So far: %d for %s, %d others.", g.Focal, g.Exam, g.Others)
	}
}

// statisticsFile is a bank's statistics as CSV.
func (h *Handler) statisticsFile(c *gin.Context) error {
	p, err := instructor(c)
	if err != nil {
		return err
	}
	id := exam.BankID(c.Param("id"))
	b, err := h.Statistics.Bank(c.Request.Context(), actor(p), id, statistics.Filter{})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := writeStatistics(&out, b); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=%q", string(id)+"-statistics.csv"))
	c.Data(http.StatusOK, "text/csv; charset=utf-8", out.Bytes())
	return nil
}

// statisticsColumns head the file; its shares are between 0 and 1, its times in
// seconds, and what isn't known is empty.
var statisticsColumns = []string{
	"question", "revision", "ask", "type", "platform", "skill", "difficulty", "answers", "blank", "other_text", "placed",
	"facility", "facility_low", "facility_high", "expected_facility", "discrimination", "discrimination_low", "discrimination_high", "expected_discrimination",
	"infit", "outfit", "time_lower_quartile", "time_median", "time_upper_quartile", "look_at",
}

func writeStatistics(out *bytes.Buffer, b *statistics.Bank) error {
	out.WriteString("\ufeff") // so that spreadsheets read UTF-8
	w := csv.NewWriter(out)
	rows := [][]string{statisticsColumns}
	for i := range b.Lines {
		rows = append(rows, statisticsCells(&b.Lines[i]))
	}
	return w.WriteAll(rows)
}

func statisticsCells(l *statistics.Line) []string {
	q := l.Question
	stat := func(s itemstats.Stat) string {
		if !s.OK {
			return ""
		}
		return strconv.FormatFloat(math.Round(s.Value*1e4)/1e4, 'f', -1, 64)
	}
	bounds := func(i itemstats.Interval) []string {
		return []string{stat(i.Stat), stat(itemstats.Stat{Value: i.Low, OK: i.OK}), stat(itemstats.Stat{Value: i.High, OK: i.OK})}
	}
	var words []string
	for _, f := range l.Flags {
		words = append(words, f.Words)
	}
	if few := tooFew(l.N); few != "" {
		words = append(words, few)
	}
	cells := []string{
		string(q.ID), q.Revision, q.Ask, string(q.Type), string(q.Platform), string(q.Skill), strconv.Itoa(q.Difficulty),
		strconv.Itoa(l.N), strconv.Itoa(l.Blank), strconv.Itoa(l.Reworded), strconv.Itoa(l.Placed),
	}
	cells = append(cells, bounds(l.Facility)...)
	cells = append(cells, stat(l.Expected))
	cells = append(cells, bounds(l.Discrimination)...)
	cells = append(cells, stat(l.ExpectedDiscrimination), stat(l.Infit), stat(l.Outfit), stat(l.Times.Lower), stat(l.Times.Median), stat(l.Times.Upper), strings.Join(words, "; "))
	for i, cell := range cells {
		cells[i] = inert(cell)
	}
	return cells
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
