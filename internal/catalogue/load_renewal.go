package catalogue

import (
	"time"

	"sextant/internal/exam"
)

// Renewing is what Certification.Renewal says in words, as far as it can be
// counted: it has that fact's sources.
type Renewing struct {
	// Over says that the credential can't be renewed any more: it runs out on its day.
	Over bool
	// Online says that renewing takes a free assessment on the web and no exam.
	Online bool
	// Months and Days say how long before the end the window to renew opens; both
	// are 0 where the vendor names no window.
	Months, Days int
	Grace        int // days after the end in which it may still be renewed
	// By are exams of other credentials that renew this one when earned in time.
	By []exam.Code
}

// Opens is the first day on which a credential that ends on a day can be renewed;
// zero where the vendor names no window.
func (r Renewing) Opens(end time.Time) time.Time {
	if r.Months == 0 && r.Days == 0 {
		return time.Time{}
	}
	return end.AddDate(0, -r.Months, -r.Days)
}

// readOutlook reads what is needed to look ahead: what an exam asks for, and how
// its credential is kept.
func readOutlook(c *Certification, o object) {
	c.Requires = o.get("requires").codes()
	r := o.get("renews").object("over", "online", "months", "days", "grace", "by")
	c.Renewing = Renewing{
		Over: r.get("over").yes(false), Online: r.get("online").yes(false),
		Months: r.get("months").whole(1), Days: r.get("days").whole(1), Grace: r.get("grace").whole(1),
		By: r.get("by").codes(),
	}
	if c.Renewing.Over && (c.Renewing.Online || len(c.Renewing.By) > 0) {
		r.get("over").problem("does not go with a way to renew; remove one of the two")
	}
	if c.ValidityYears == 0 && r.present() {
		r.problem("does not belong to a credential that does not expire")
	}
}
