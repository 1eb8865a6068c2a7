package httpd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"sextant/internal/account"
	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/page"
	"sextant/web"
)

// managed is the bank in the address, if the person may manage it.
func (h *Handler) managed(c *gin.Context) (*account.Person, *authoring.Bank, error) {
	p, err := instructor(c)
	if err != nil {
		return nil, nil, err
	}
	b, err := h.Authoring.Bank(c.Request.Context(), actor(p), exam.BankID(c.Param("id")))
	if err != nil {
		return nil, nil, err
	}
	if !b.MayManage(actor(p)) {
		return nil, nil, fault.Forbidden("Only the bank's owner or an admin can change its settings. You can write in it.")
	}
	return p, b, nil
}

func (h *Handler) bankSettings(c *gin.Context) error {
	p, b, err := h.managed(c)
	if err != nil {
		return err
	}
	return h.showBankSettings(c, http.StatusOK, p, b, func(*page.BankSettings) {})
}

// showBankSettings shows a bank's settings; amend puts back what was typed in vain.
func (h *Handler) showBankSettings(c *gin.Context, status int, p *account.Person, b *authoring.Bank, amend func(*page.BankSettings)) error {
	ctx := c.Request.Context()
	people, err := h.Accounts.People(ctx)
	if err != nil {
		return err
	}
	view := page.BankSettings{
		Frame: h.frame(c, "Settings of "+b.Title, "banks"), ID: string(b.ID), BankTitle: b.Title, Title: b.Title, Description: b.Description,
		Visibilities: visibilities(b.Visibility), Owner: "whoever runs this site", Counts: b.Counts, MayCount: p.Role.Includes(account.Admin),
		Withdrawn: !b.Withdrawn.IsZero(),
	}
	for _, one := range people {
		if one.ID == b.Owner {
			view.Owner = one.Name
		}
		if slices.Contains(b.Members, one.ID) {
			view.Members = append(view.Members, page.BankMember{ID: string(one.ID), Name: one.Name, Email: one.Email})
		}
	}
	measuring, published, err := h.measuring(ctx, p, b.ID)
	if err != nil {
		return err
	}
	view.Measuring = fmt.Sprintf("%d of %s have platform, skill and difficulty.", measuring, plural(published, "published question"))
	view.Missing = missing(b, measuring)
	amend(&view)
	return render(c, status, web.BankSettings(view))
}

// measuring counts the published questions of a bank that could measure, and all
// of them.
func (h *Handler) measuring(ctx context.Context, p *account.Person, id exam.BankID) (measuring, published int, err error) {
	items, _, err := h.Authoring.Questions(ctx, actor(p), id, authoring.Filter{})
	for i := range items {
		if !items[i].Asked() {
			continue
		}
		published++
		if items[i].Published.Measures() {
			measuring++
		}
	}
	return measuring, published, err
}

// missing says what keeps a bank from counting towards readiness.
func missing(b *authoring.Bank, measuring int) []string {
	var list []string
	if b.Visibility != authoring.Everyone {
		list = append(list, "It is not for everyone: what measures everybody must be open to everybody.")
	}
	if measuring == 0 {
		list = append(list, "None of its published questions has platform, skill and difficulty: without them an answer says nothing about an exam.")
	}
	if !b.Withdrawn.IsZero() {
		list = append(list, "It is withdrawn.")
	}
	return list
}

func (h *Handler) saveBankSettings(c *gin.Context) error {
	p, b, err := h.managed(c)
	if err != nil {
		return err
	}
	title, description, visibility := c.PostForm("title"), described(c.PostForm("description")), authoring.Visibility(c.PostForm("visibility"))
	_, err = h.Authoring.ManageBank(c.Request.Context(), actor(p), b.ID, "bank_settings", func(b *authoring.Bank) error {
		b.Title, b.Description, b.Visibility = title, description, visibility
		return nil
	})
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showBankSettings(c, status, p, b, func(view *page.BankSettings) {
				view.Problem, view.Title, view.Description, view.Visibilities = message, title, description, visibilities(visibility)
			})
		})
	}
	return seeOther(c, "/banks/"+string(b.ID)+"/settings?done=bank-kept")
}

// maxMembers bounds who writes in one bank besides its owner.
const maxMembers = 50

// changeMembers lets somebody write in a bank, or no longer.
func (h *Handler) changeMembers(c *gin.Context) error {
	p, b, err := h.managed(c)
	if err != nil {
		return err
	}
	ctx, email := c.Request.Context(), strings.TrimSpace(c.PostForm("email"))
	done := "member-gone"
	if out := account.PersonID(c.PostForm("remove")); out != "" {
		_, err = h.Authoring.ManageBank(ctx, actor(p), b.ID, "remove_member", func(b *authoring.Bank) error {
			b.Members = slices.DeleteFunc(b.Members, func(m account.PersonID) bool { return m == out })
			return nil
		})
	} else {
		done = "member-added"
		err = h.addMember(ctx, p, b, email)
	}
	if err != nil {
		return again(err, func(status int, message string) error {
			return h.showBankSettings(c, status, p, b, func(view *page.BankSettings) { view.Problem, view.Email = message, email })
		})
	}
	return seeOther(c, "/banks/"+string(b.ID)+"/settings?done="+done+"#members")
}

func (h *Handler) addMember(ctx context.Context, p *account.Person, b *authoring.Bank, email string) error {
	normal, err := account.NormalizeEmail(email)
	if err != nil {
		return err
	}
	people, err := h.Accounts.People(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(people, func(one account.Person) bool { return one.Email == normal })
	// Somebody who isn't an instructor is answered like nobody at all: who has an
	// account here is not for others to find out.
	if at < 0 || !people[at].Role.Includes(account.Instructor) {
		return fault.Invalid("There is no instructor with the address %s. They need an account, and an admin makes them an instructor.", normal)
	}
	_, err = h.Authoring.ManageBank(ctx, actor(p), b.ID, "add_member", func(b *authoring.Bank) error {
		switch {
		case people[at].ID == b.Owner:
			return fault.Invalid("%s owns the bank already.", people[at].Name)
		case slices.Contains(b.Members, people[at].ID):
			return fault.Invalid("%s writes in the bank already.", people[at].Name)
		case len(b.Members) >= maxMembers:
			return fault.Invalid("At most %d people can write in a bank.", maxMembers)
		}
		b.Members = append(b.Members, people[at].ID)
		return nil
	})
	return err
}

// markBank says whether a bank counts towards readiness.
func (h *Handler) markBank(c *gin.Context) error {
	p, err := requireRole(c, account.Admin)
	if err != nil {
		return err
	}
	ctx, id, counts := c.Request.Context(), exam.BankID(c.Param("id")), c.PostForm("counts") == "true"
	b, err := h.Authoring.Bank(ctx, actor(p), id)
	if err != nil {
		return err
	}
	measuring, _, err := h.measuring(ctx, p, id)
	if err != nil {
		return err
	}
	if lacks := missing(b, measuring); counts && len(lacks) > 0 {
		return h.showBankSettings(c, http.StatusConflict, p, b, func(view *page.BankSettings) {
			view.Problem = "It can't count yet. " + strings.Join(lacks, " ")
		})
	}
	_, err = h.Authoring.ManageBank(ctx, actor(p), id, fmt.Sprintf("bank_counts:%t", counts), func(b *authoring.Bank) error {
		b.Counts = counts
		return nil
	})
	if err != nil {
		return err
	}
	return seeOther(c, "/banks/"+string(id)+"/settings?done=counts")
}

// removeBank withdraws a bank, or brings it back.
func (h *Handler) removeBank(c *gin.Context) error {
	p, b, err := h.managed(c)
	if err != nil {
		return err
	}
	done, action, back := "removed", "withdraw_bank", c.PostForm("back") != ""
	if back {
		done, action = "brought-back", "bring_bank_back"
	}
	_, err = h.Authoring.ManageBank(c.Request.Context(), actor(p), b.ID, action, func(b *authoring.Bank) error {
		b.Withdrawn = h.Now()
		if back {
			b.Withdrawn = time.Time{}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return seeOther(c, "/banks/"+string(b.ID)+"/settings?done="+done)
}
