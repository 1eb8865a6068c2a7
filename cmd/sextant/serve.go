package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"sextant/internal/account"
)

type serveCommand struct {
	dataFlag
	Addr           string   `help:"Address to listen on." default:":8080" env:"SEXTANT_ADDR" placeholder:"HOST:PORT"`
	BaseURL        string   `help:"Address people reach the site by, such as https://sextant.example.org; https makes cookies secure." env:"SEXTANT_BASE_URL" placeholder:"URL"`
	TrustedProxies []string `help:"Addresses or networks of reverse proxies whose X-Forwarded-For is believed; limits on tries then count a visitor's address, not the proxy's." env:"SEXTANT_TRUSTED_PROXIES" placeholder:"CIDR"`
	LogJSON        bool     `help:"Write the log as JSON." env:"SEXTANT_LOG_JSON"`
}

// Validate refuses an address that can't be listened on before anything starts.
func (s *serveCommand) Validate() error {
	if _, port, err := net.SplitHostPort(s.Addr); err != nil || port == "" {
		return fmt.Errorf("--addr %q is not an address; use HOST:PORT such as localhost:8080, or :8080 for every interface", s.Addr)
	}
	return nil
}

// Limits on how long a connection may take.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 20 * time.Second
)

// Run serves until ctx ends.
func (s *serveCommand) Run(ctx context.Context, std streams) error {
	return s.serve(ctx, std, time.Now, func(net.Addr) {})
}

// serve is Run with a clock and a report of the address listened on, for tests.
func (s *serveCommand) serve(ctx context.Context, std streams, now func() time.Time, listening func(net.Addr)) (err error) {
	logger := s.logger(std)
	slog.SetDefault(logger)
	a, err := openApp(ctx, s.Data, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	site := siteOptions{secure: strings.HasPrefix(s.BaseURL, "https://"), proxies: s.TrustedProxies}
	uploads := a.uploads(s.Data, logger)
	defer uploads.Close() // before the database
	if err := uploads.Recover(ctx); err != nil {
		return err
	}
	handler, err := a.handler(site, uploads, logger) //nolint:contextcheck // every request brings a context of its own
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", s.Addr, err)
	}
	base := s.base(listener.Addr())
	if err := a.offerSetup(ctx, logger, base); err != nil {
		return errors.Join(err, listener.Close())
	}
	logger.Info("serving", "address", base, "data", s.Data, "questions", len(a.bank.Questions))
	listening(listener.Addr())
	stopExpiring := a.expireTests(ctx, logger)
	defer stopExpiring()
	return serveUntil(ctx, handler, listener, logger)
}

// expireEvery is how often tests whose time is up are looked for. Whoever comes
// back is told at once; this is for those who don't.
const expireEvery = time.Minute

// expireTests ends overdue tests until it is stopped; stop waits for the last round.
func (a *app) expireTests(ctx context.Context, logger *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(expireEvery)
		defer ticker.Stop()
		for {
			n, err := a.sittings.ExpireOverdue(ctx)
			switch {
			case ctx.Err() != nil:
			case err != nil:
				logger.Error("ending overdue tests", "error", err)
			case n > 0:
				logger.Info("ended overdue tests", "count", n)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return func() { cancel(); <-done }
}

func (s *serveCommand) logger(std streams) *slog.Logger {
	if s.LogJSON {
		return slog.New(slog.NewJSONHandler(std.err, nil))
	}
	return slog.New(slog.NewTextHandler(std.err, nil))
}

func (s *serveCommand) base(addr net.Addr) string {
	if s.BaseURL != "" {
		return strings.TrimRight(s.BaseURL, "/")
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return "http://" + addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() || ip.IsLoopback() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// offerSetup logs a one-time link while there is no admin.
func (a *app) offerSetup(ctx context.Context, logger *slog.Logger, base string) error {
	token := account.NewID()
	needed, err := a.store.OfferSetup(ctx, account.HashToken(token))
	if err != nil || !needed {
		return err
	}
	logger.Info("no admin yet: open this link once to make the first one", "link", base+"/setup?token="+token)
	return nil
}

func serveUntil(ctx context.Context, handler http.Handler, listener net.Listener, logger *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	logger.Info("stopping: finishing what is under way")
	// A context of its own: the one that ended is why we stop.
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(shutdown); err != nil {
		// What still runs must not meet a closed database.
		return fmt.Errorf("stopping: %w", errors.Join(err, server.Close()))
	}
	return nil
}
