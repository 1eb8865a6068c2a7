package main

import (
	"fmt"

	"sextant/internal/catalogue"
	"sextant/questions"
)

type catalogueCommand struct {
	Check catalogueCheck `cmd:"" help:"Check the catalogue and list what is old or unknown."`
}

type catalogueCheck struct{ jsonFlag }

// Run checks the embedded catalogue; it fails when there are errors.
func (c *catalogueCheck) Run(std streams) error {
	cat, err := catalogue.Load(questions.Catalogue())
	if err != nil {
		return fmt.Errorf("loading the catalogue: %w", err)
	}
	problems := cat.Check()
	if c.JSON {
		return printJSON(std.out, map[string]any{
			"certifications": len(cat.Certifications), "skills": len(cat.Skills), "services": len(cat.Services),
			"rules": len(cat.Rules), "as_of": cat.AsOf.Format("2006-01-02"), "problems": problems,
		})
	}
	for _, p := range problems {
		if _, err := fmt.Fprintln(std.out, p.String()); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(std.out, "%d certifications, %d skills, %d services, %d rules, as of %s: no errors, %d remarks\n",
		len(cat.Certifications), len(cat.Skills), len(cat.Services), len(cat.Rules), cat.AsOf.Format("2006-01-02"), len(problems))
	return err
}
