# Everything a person needs: run, test, build. The same commands serve CI.
SHELL := /bin/bash
GO ?= go
BIN := bin/sextant
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LINT_VERSION := v2.15.0
TOOLS := .cache/tools
LINT := $(TOOLS)/golangci-lint-$(LINT_VERSION)

.PHONY: run test test-go lint generate check-generated build release bench clean chromium

## run: serve on http://localhost:8080 with SQLite under ./data and the bank built in
run:
	$(GO) run ./cmd/sextant serve

## test: install what the tests need, then run every check there is
test: chromium check-format lint check-generated test-go check-bank

## test-go: the Go tests, browser tests included; then once more with the race
## detector, under which arithmetic is ten times slower: there -short leaves out
## the statistics of many simulated learners
test-go: chromium
	CHROME=$$(./.ci/chromium) $(GO) test -timeout 30m ./...
	CHROME=$$(./.ci/chromium) $(GO) test -race -short -timeout 30m ./...

chromium:
	@./.ci/chromium >/dev/null

.PHONY: check-format check-bank
check-format:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' ':!*_templ.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...

## check-bank: no errors in the built-in bank and catalogue
check-bank:
	$(GO) run ./cmd/sextant catalogue check
	$(GO) run ./cmd/sextant bank lint --quiet

## lint: golangci-lint at its pinned version
lint: $(LINT)
	$(LINT) run ./...

$(LINT):
	@mkdir -p $(TOOLS)
	GOBIN=$(CURDIR)/$(TOOLS) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv $(TOOLS)/golangci-lint $(LINT)

## generate: pages from their templates
generate:
	$(GO) tool templ generate -path web

check-generated:
	@before=$$(cat web/*_templ.go | sha256sum); $(MAKE) --no-print-directory generate; \
	if [ "$$before" != "$$(cat web/*_templ.go | sha256sum)" ]; then \
	  echo "generated pages were out of date: they are renewed now; commit them"; exit 1; fi

## build: the program for this machine
build:
	$(GO) build -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/sextant

## release: one static binary
release:
	CGO_ENABLED=1 $(GO) build -trimpath -tags netgo,osusergo,sqlite_omit_load_extension,nomsgpack \
	  -ldflags '-s -w -X main.version=$(VERSION) -linkmode external -extldflags "-static"' -o $(BIN) ./cmd/sextant

## measurement-report: repeat every simulation behind the page /measurement
.PHONY: measurement-report
measurement-report:
	$(GO) run ./cmd/sextant simulate --report internal/httpd

## sensitivity: rank the table of learners again under other weights, for the page /help/sensitivity
.PHONY: sensitivity
sensitivity:
	$(GO) run ./cmd/sextant recommend sensitivity --out internal/httpd/sensitivity.json

## bench: benchmarks beside the code
bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

clean:
	rm -rf bin .cache
