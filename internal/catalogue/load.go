package catalogue

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"sextant/internal/exam"
)

// The files of a catalogue, in the order in which they refer to each other.
const (
	sourcesFile     = "sources.yaml"
	aboutFile       = "about.yaml"
	skillsFile      = "skills.yaml"
	servicesFile    = "services.yaml"
	renamesFile     = "renames.yaml"
	policiesFile    = "policies.yaml"
	rulesFile       = "rules.yaml"
	equivalentsFile = "equivalents.yaml"
	certDir         = "certifications"
)

// Load reads and checks a catalogue from the root of fsys. When anything is
// wrong it returns no catalogue and a Problems error that lists every fault
// with its file, line and field; an error of another kind means that fsys
// itself could not be read.
func Load(fsys fs.FS) (*Catalogue, error) {
	r := &reader{}
	c := &Catalogue{Sources: map[string]Source{}}
	steps := []struct {
		file string
		read func(*Catalogue, value)
	}{
		{sourcesFile, r.readSources},
		{aboutFile, r.readAbout},
		{skillsFile, r.readSkills},
		{studyFile, r.readStudy},
		{labsFile, r.readLabs},
		{readingFile, r.readReading},
		{weightsFile, r.readWeights},
		{servicesFile, r.readServices},
		{policiesFile, r.readPolicies},
		{certDir, nil},
		{renamesFile, r.readRenames},
		{rulesFile, r.readRules},
		{equivalentsFile, r.readEquivalents},
	}
	for _, step := range steps {
		var err error
		if step.read == nil {
			err = r.certifications(fsys, c)
		} else {
			err = r.file(fsys, step.file, func(v value) { step.read(c, v) })
		}
		if err != nil {
			return nil, fmt.Errorf("loading the catalogue: %w", err)
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems.sorted()
	}
	c.buildIndex()
	return c, nil
}

// file parses one file and hands it to read. A file that isn't there is a
// problem of the catalogue, not of the file system.
func (r *reader) file(fsys fs.FS, name string, read func(value)) error {
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		value{r: r, file: name}.problem("the file is missing; see the catalogue's README for its shape")
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if root, ok := r.document(name, data); ok {
		read(root)
	}
	return nil
}

// certifications reads every file in the folder and puts the certifications
// in the order that about.yaml gives.
func (r *reader) certifications(fsys fs.FS, c *Catalogue) error {
	entries, err := fs.ReadDir(fsys, certDir)
	if errors.Is(err, fs.ErrNotExist) {
		value{r: r, file: certDir}.problem("the folder is missing; it holds one file per certification")
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", certDir, err)
	}
	files := map[string]bool{}
	found := map[exam.Code]Certification{}
	for _, entry := range entries {
		if entry.IsDir() || !strings.HasSuffix(entry.Name(), ".yaml") {
			continue
		}
		files[entry.Name()] = true
		name := path.Join(certDir, entry.Name())
		err := r.file(fsys, name, func(v value) {
			if cert, ok := r.readCertification(v); ok {
				found[cert.Code] = cert
			}
		})
		if err != nil {
			return err
		}
	}
	for _, listed := range c.index.order {
		if !files[fileOf(listed.code)] {
			listed.at.problem("there is no certifications/%s", fileOf(listed.code))
		}
		if cert, ok := found[listed.code]; ok {
			c.Certifications = append(c.Certifications, cert)
		}
	}
	r.checkKnownAs(c)
	return nil
}

// fileOf is the name of the file that holds a certification.
func fileOf(code exam.Code) string { return strings.ToLower(string(code)) + ".yaml" }

// provenanceKeys may stand beside every fact.
var provenanceKeys = []string{"sources", "as_of", "confidence", "note"}

// fact reads a mapping that may carry a provenance.
func (v value) fact(known ...string) object {
	return v.object(slices.Concat(known, provenanceKeys)...)
}

// provenance reads where a fact comes from. A fact without a confidence is
// sourced and must name a source; one without a date has the newest date of
// its sources.
func (o object) provenance() Provenance {
	if o.node == nil {
		return Provenance{}
	}
	p := Provenance{
		AsOf:       o.get("as_of").when(),
		Confidence: oneOf(o.get("confidence"), Sourced, Recalled, Derived, Assumed, Unknown),
		Note:       o.get("note").text(),
	}
	if p.Confidence == "" {
		p.Confidence = Sourced
	}
	claimed := o.get("confidence").present() && o.get("confidence").text() != string(Sourced)
	if !claimed && o.get("sources").isEmpty() {
		o.get("sources").problem("missing; name a source of sources.yaml, or give a confidence (recalled, derived, assumed, unknown)")
	}
	for _, item := range o.get("sources").list() {
		if id := o.r.source(item); id != "" {
			p.Sources = append(p.Sources, id)
		}
	}
	if p.AsOf == "" {
		p.AsOf = o.r.newest(p.Sources)
	}
	return p
}

func (r *reader) source(v value) string {
	id := v.text()
	if _, ok := r.sources[id]; !ok && r.sources != nil {
		v.problem("%q is not a source; add it to sources.yaml or correct the id", id)
		return ""
	}
	return id
}

// newest is the latest date of the sources, "" if none is dated.
func (r *reader) newest(ids []string) string {
	newest := ""
	for _, id := range ids {
		newest = max(newest, r.sources[id].AsOf)
	}
	return newest
}

// code reads the code of a catalogued exam. Absent is "".
func (v value) code() exam.Code {
	code := exam.Code(v.text())
	if code != "" && v.r.codes != nil && !v.r.codes[code] {
		v.problem("%q is not an exam of this catalogue; about.yaml lists them", code)
		return ""
	}
	return code
}

func (v value) codes() []exam.Code {
	var codes []exam.Code
	for _, item := range v.list() {
		if code := item.code(); code != "" {
			codes = append(codes, code)
		}
	}
	return codes
}

func (v value) skills() []exam.SkillID {
	var ids []exam.SkillID
	for _, item := range v.list() {
		id := exam.SkillID(item.text())
		if v.r.skills != nil && !v.r.skills[id] {
			item.problem("%q is not a skill; skills.yaml lists them", id)
			continue
		}
		if slices.Contains(ids, id) {
			item.problem("%q is named twice; keep one", id)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// platform reads one of the platforms. Absent is "".
func (v value) platform(allowed ...exam.Platform) exam.Platform {
	return oneOf(v, allowed...)
}

// unique reports v when id has been used before, and remembers it.
func unique[K ~string](seen map[K]bool, v value, id K) bool {
	if id == "" {
		return false
	}
	if seen[id] {
		v.problem("%q is used twice; ids are unique", id)
		return false
	}
	seen[id] = true
	return true
}

// readSources reads sources.yaml: id → where, what, when.
func (r *reader) readSources(c *Catalogue, v value) {
	r.sources = map[string]Source{}
	for _, item := range v.object("sources").need("sources", "list the places facts come from").list() {
		o := item.object("id", "kind", "where", "what", "as_of", "note")
		s := Source{
			ID:    o.need("id", "give the source a short id, e.g. S-MLSGUIDE").text(),
			Kind:  oneOf(o.need("kind", "use seed, official, capture or secondary"), "seed", "official", "capture", "secondary"),
			Where: o.need("where", "say where it can be found").text(),
			What:  o.need("what", "say what it is").text(),
			AsOf:  o.get("as_of").when(),
			Note:  o.get("note").text(),
		}
		if _, twice := r.sources[s.ID]; twice {
			o.get("id").problem("%q is used twice; ids are unique", s.ID)
			continue
		}
		r.sources[s.ID] = s
		c.Sources[s.ID] = s
	}
}

// readAbout reads about.yaml: dates, the order of the certifications, and the
// exams that are not catalogued.
func (r *reader) readAbout(c *Catalogue, v value) {
	o := v.object("as_of", "newest_evidence", "limit", "certifications", "related")
	c.AsOf = o.need("as_of", "give the day the facts were last gathered").day()
	c.NewestEvidence = o.need("newest_evidence", "give the day of the newest source").day()
	c.Limit = o.get("limit").text()
	r.codes = map[exam.Code]bool{}
	for _, item := range o.need("certifications", "list the exam codes in display order").list() {
		code := exam.Code(item.text())
		if unique(r.codes, item, code) {
			c.index.order = append(c.index.order, listedCode{code: code, at: item})
		}
	}
	for _, item := range o.get("related").list() {
		f := item.fact("code", "vendor", "name", "why")
		c.Related = append(c.Related, Related{
			Code:       exam.Code(f.get("code").text()),
			Vendor:     f.need("vendor", "name its vendor").platform(exam.AWS, exam.Azure, exam.GCP),
			Name:       f.need("name", "give its name").text(),
			Why:        f.need("why", "say why it is not catalogued").text(),
			Provenance: f.provenance(),
		})
	}
}

// readSkills reads skills.yaml.
func (r *reader) readSkills(c *Catalogue, v value) {
	r.skills = map[exam.SkillID]bool{}
	var bases []builtOn
	for _, item := range v.object("skills").need("skills", "list the skills").list() {
		o := item.object("id", "name", "group", "covers", "nature", "aliases", "builds_on")
		s := Skill{
			ID:   exam.SkillID(o.need("id", "give the skill an id, e.g. rag-grounding").text()),
			Name: o.need("name", "give the skill a name").text(),
			Group: oneOf(o.need("group", "name its group"),
				"foundations", "data", "modelling", "operations", "trust", "applied", "generative", "business"),
			Covers:  o.need("covers", "say what it covers").text(),
			Nature:  oneOf(o.need("nature", "use concept or mixed"), "concept", "mixed"),
			Aliases: o.get("aliases").texts(),
		}
		for _, base := range o.get("builds_on").list() {
			s.BuildsOn = append(s.BuildsOn, exam.SkillID(base.text()))
			bases = append(bases, builtOn{s.ID, exam.SkillID(base.text()), base})
		}
		if unique(r.skills, o.get("id"), s.ID) {
			c.Skills = append(c.Skills, s)
		}
	}
	r.checkBases(c, bases)
}

// readServices reads services.yaml: one record per service.
func (r *reader) readServices(c *Catalogue, v value) {
	r.services = map[string]bool{}
	names := map[string]string{} // platform and name → service
	for _, item := range v.object("services").need("services", "list the services").list() {
		o := item.fact("id", "name", "also", "former", "platform", "status", "since", "replaced")
		s := Service{
			ID:         o.need("id", "give the service an id, e.g. amazon-kendra").text(),
			Name:       o.need("name", "give its present name").text(),
			Also:       o.get("also").texts(),
			Former:     o.get("former").texts(),
			Platform:   o.need("platform", "use aws, azure, gcp or neutral").platform(exam.Platforms()...),
			Status:     oneOf(o.get("status"), ServiceActive, ServicePreview, ServiceClosed, ServiceMaintain, ServiceRetiring, ServiceEnded),
			Since:      o.get("since").when(),
			Replaced:   o.get("replaced").text(),
			Note:       o.get("note").text(),
			Provenance: o.provenance(),
		}
		if s.Status == "" {
			s.Status = ServiceActive
		}
		if s.Status == ServiceRetiring && s.Since == "" {
			o.get("since").problem("missing; a retiring service has the date on which it ends")
		}
		if !idPattern.MatchString(s.ID) {
			o.get("id").problem("%q is not an id; use lower-case letters, digits and dashes", s.ID)
		}
		if !unique(r.services, o.get("id"), s.ID) {
			continue
		}
		for _, name := range slices.Concat([]string{s.Name}, s.Also, s.Former) {
			key := nameKey(s.Platform, name)
			if owner, taken := names[key]; taken {
				o.problem("the name %q belongs to %s already; a name leads to one service on a platform", name, owner)
				continue
			}
			names[key] = s.ID
		}
		c.Services = append(c.Services, s)
	}
}

func nameKey(p exam.Platform, name string) string { return string(p) + " " + strings.ToLower(name) }

// readRenames reads renames.yaml. Each former name must lead to a service.
func (r *reader) readRenames(c *Catalogue, v value) {
	known := map[string]bool{}
	for _, s := range c.Services {
		for _, name := range slices.Concat([]string{s.Name}, s.Also, s.Former) {
			known[nameKey(s.Platform, name)] = true
		}
	}
	for _, item := range v.object("renames").need("renames", "list the renames").list() {
		o := item.fact("platform", "old", "new", "when")
		rename := Rename{
			Platform:   o.need("platform", "use aws, azure or gcp").platform(exam.AWS, exam.Azure, exam.GCP),
			Old:        o.need("old", "give the former name").text(),
			New:        o.need("new", "give the name it was replaced by").text(),
			When:       o.get("when").when(),
			Provenance: o.provenance(),
		}
		if rename.Old != "" && r.services != nil && !known[nameKey(rename.Platform, rename.Old)] {
			o.get("old").problem("%q leads to no service on %s; add it to the former names of one in services.yaml", rename.Old, rename.Platform)
		}
		c.Renames = append(c.Renames, rename)
	}
}

// readEquivalents reads equivalents.yaml: the same job on each platform.
func (r *reader) readEquivalents(c *Catalogue, v value) {
	for _, item := range v.object("equivalents").need("equivalents", "list the areas").list() {
		o := item.fact("area", "skills", "aws", "azure", "gcp")
		e := Equivalent{
			Area:       o.need("area", "name the job").text(),
			Skills:     o.need("skills", "name the skills it belongs to").skills(),
			Names:      map[exam.Platform][]string{},
			Provenance: o.provenance(),
		}
		for _, p := range []exam.Platform{exam.AWS, exam.Azure, exam.GCP} {
			e.Names[p] = o.need(string(p), "name what does the job there").texts()
		}
		c.Equivalents = append(c.Equivalents, e)
	}
}
