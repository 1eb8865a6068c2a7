package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sextant/internal/account"
)

type userCommands struct {
	Create        userCreate        `cmd:"" help:"Create an account."`
	List          userList          `cmd:"" help:"List the accounts."`
	SetRole       userSetRole       `cmd:"" help:"Change what an account may do."`
	ResetPassword userResetPassword `cmd:"" help:"Set a new password."`
}

// passwordFlag says where a password comes from.
type passwordFlag struct {
	PasswordStdin bool `help:"Read the password from the first line of standard input instead of making one up."`
}

// password returns the password to set and, when it was made up, what to print.
func (p passwordFlag) password(std streams) (password, notice string, err error) {
	if !p.PasswordStdin {
		password = strings.ToLower(rand.Text())
		return password, "password: " + password + "\n", nil
	}
	line, err := bufio.NewReader(std.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", "", fmt.Errorf("reading the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), "", nil
}

// withApp opens the app, runs do and closes it.
func withApp(ctx context.Context, dir string, do func(a *app) error) (err error) {
	a, err := openApp(ctx, dir, time.Now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return do(a)
}

type userCreate struct {
	dataFlag
	passwordFlag
	Email string `arg:"" help:"Email address."`
	Name  string `help:"Name to show."`
	Role  string `help:"learner, instructor or admin." default:"learner" enum:"learner,instructor,admin"`
}

// Run creates an account.
func (u *userCreate) Run(ctx context.Context, std streams) error {
	role, err := account.ParseRole(u.Role)
	if err != nil {
		return err
	}
	password, notice, err := u.password(std)
	if err != nil {
		return err
	}
	return withApp(ctx, u.Data, func(a *app) error {
		p, err := a.accounts.Create(ctx, account.Registration{Email: u.Email, Name: u.Name, Password: password}, role)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.out, "created %s (%s)\n%s", p.Email, p.Role, notice)
		return err
	})
}

type userList struct{ dataFlag }

// Run lists the accounts.
func (u *userList) Run(ctx context.Context, std streams) error {
	return withApp(ctx, u.Data, func(a *app) error {
		people, err := a.accounts.People(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "EMAIL\tROLE\tNAME\tSINCE") // errors show at Flush
		for _, p := range people {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Email, p.Role, p.Name, p.Created.Format(time.DateOnly))
		}
		return table.Flush()
	})
}

type userSetRole struct {
	dataFlag
	Email string `arg:"" help:"Email address of the account."`
	Role  string `arg:"" help:"learner, instructor or admin." enum:"learner,instructor,admin"`
}

// Run changes a role.
func (u *userSetRole) Run(ctx context.Context, std streams) error {
	role, err := account.ParseRole(u.Role)
	if err != nil {
		return err
	}
	return withApp(ctx, u.Data, func(a *app) error {
		if err := a.accounts.SetRole(ctx, u.Email, role); err != nil {
			return err
		}
		_, err := fmt.Fprintf(std.out, "%s is now %s\n", u.Email, role)
		return err
	})
}

type userResetPassword struct {
	dataFlag
	passwordFlag
	Email string `arg:"" help:"Email address of the account."`
}

// Run sets a new password and ends every sign-in of the account.
func (u *userResetPassword) Run(ctx context.Context, std streams) error {
	password, notice, err := u.password(std)
	if err != nil {
		return err
	}
	return withApp(ctx, u.Data, func(a *app) error {
		if err := a.accounts.ResetPassword(ctx, u.Email, password); err != nil {
			return err
		}
		_, err := fmt.Fprintf(std.out, "%s has a new password; every sign-in has ended\n%s", u.Email, notice)
		return err
	})
}
