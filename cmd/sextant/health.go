package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthCommand asks a running server whether it is well; the container's
// health check, in an image that holds nothing but this program.
type healthCommand struct {
	Addr string `help:"Address the server listens on." default:":8080" env:"SEXTANT_ADDR" placeholder:"HOST:PORT"`
}

const healthTimeout = 4 * time.Second

// Run fails unless the server answers that it is well.
func (h *healthCommand) Run(ctx context.Context) error {
	host, port, err := net.SplitHostPort(h.Addr)
	if err != nil {
		return fmt.Errorf("reading the address %q: %w", h.Addr, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("asking for the server's health: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking for the server's health: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // read to no purpose: nothing to lose
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not well: %s", response.Status)
	}
	return nil
}
