package catalogue

import (
	"slices"
	"strings"

	"sextant/internal/exam"
)

const labsFile = "labs.yaml"

// Lab is an idea for hands-on work on a skill: something small that one person
// builds in an evening or two. The ideas are ours.
type Lab struct {
	ID       string
	Skill    exam.SkillID
	Title    string
	Minutes  int    // it takes about so many, 60 to 180
	Build    string // what to build
	Look     string // what to look for in it
	Settings []LabSetting
}

// LabSetting is where a lab can be built.
type LabSetting struct {
	Platform exam.Platform // neutral for one's own machine
	With     string        // what to build it with
	// Cost is what may cost money there, and how not to pay more than needed; ""
	// where nothing has to.
	Cost string
}

// Lab returns an idea for hands-on work on a skill, for learners of a platform:
// one that is built there, else one for their own machine. It is false where
// there is none.
func (c *Catalogue) Lab(skill exam.SkillID, p exam.Platform) (Lab, LabSetting, bool) {
	for _, wanted := range []exam.Platform{p, exam.Neutral} {
		for _, lab := range c.Labs {
			if lab.Skill != skill {
				continue
			}
			for _, s := range lab.Settings {
				if s.Platform == wanted {
					return lab, s, true
				}
			}
		}
	}
	return Lab{}, LabSetting{}, false
}

// readLabs reads labs.yaml.
func (r *reader) readLabs(c *Catalogue, v value) {
	ids := map[string]bool{}
	for _, item := range v.object("labs").need("labs", "list the labs").list() {
		o := item.object("id", "skill", "title", "minutes", "build", "look", "on")
		lab := Lab{
			ID:       o.need("id", "give the lab an id, e.g. rag-own-notes").text(),
			Skill:    r.skill(o.need("skill", "name the skill it is about")),
			Title:    o.need("title", "give it a title").text(),
			Minutes:  int(o.need("minutes", "say how many minutes it takes").number(60, 180)),
			Build:    o.need("build", "say what to build").text(),
			Look:     o.need("look", "say what to look for").text(),
			Settings: readSettings(o.need("on", "say with what, by platform")),
		}
		if lab.ID != "" && !idPattern.MatchString(lab.ID) {
			o.get("id").problem("%q is not an id; use lower-case letters, digits and dashes", lab.ID)
		}
		if unique(ids, o.get("id"), lab.ID) {
			c.Labs = append(c.Labs, lab)
		}
	}
}

func readSettings(v value) []LabSetting {
	names := make([]string, 0, len(exam.Platforms()))
	for _, p := range exam.Platforms() {
		names = append(names, string(p))
	}
	o := v.object(names...)
	var settings []LabSetting
	for _, p := range exam.Platforms() {
		at := o.get(string(p))
		if !at.present() {
			continue
		}
		s := at.object("with", "cost")
		settings = append(settings, LabSetting{
			Platform: p,
			With:     s.need("with", "say what to build it with there").text(),
			Cost:     s.get("cost").text(),
		})
	}
	if o.present() && len(settings) == 0 {
		v.problem("empty; name at least one of %s", strings.Join(names, ", "))
	}
	return settings
}

// skill reads the id of a skill. Absent is "".
func (r *reader) skill(v value) exam.SkillID {
	id := exam.SkillID(v.text())
	if id != "" && r.skills != nil && !r.skills[id] {
		v.problem("%q is not a skill; skills.yaml lists them", id)
		return ""
	}
	return id
}

// builtOn is a place in skills.yaml that names a skill as the base of another.
type builtOn struct {
	skill, base exam.SkillID
	at          value
}

// checkBases makes sure that every skill rests on skills of the file, and none,
// by whatever way round, on itself.
func (r *reader) checkBases(c *Catalogue, bases []builtOn) {
	for _, b := range bases {
		switch {
		case !r.skills[b.base]:
			b.at.problem("%q is not a skill of this file", b.base)
		case b.base == b.skill || slices.Contains(c.Bases(b.base), b.skill):
			b.at.problem("%s rests on %s, which rests on %[1]s; one of them comes first", b.skill, b.base)
		}
	}
}

// Bases are all skills that a skill rests on, directly or through others, those
// that come first before those that rest on them.
func (c *Catalogue) Bases(id exam.SkillID) []exam.SkillID {
	var bases []exam.SkillID
	seen := map[exam.SkillID]bool{}
	var visit func(exam.SkillID)
	visit = func(id exam.SkillID) {
		seen[id] = true
		for i := range c.Skills {
			if c.Skills[i].ID != id {
				continue
			}
			for _, base := range c.Skills[i].BuildsOn {
				if !seen[base] {
					visit(base)
					bases = append(bases, base)
				}
			}
		}
	}
	visit(id)
	return bases
}
