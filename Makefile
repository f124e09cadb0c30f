# What there is to do with ascad. `make help` lists it.
#
# `make install` needs no compiler where there is a binary: `make build && sudo make install`, or a tarball of
# `make dist`, in which the binary lies beside this file.

PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR    ?=

BINDIR   = $(PREFIX)/bin
MANDIR   = $(PREFIX)/share/man
DOCDIR   = $(PREFIX)/share/doc/ascad
UNITDIR  = $(PREFIX)/lib/systemd/system
BASHDIR  = $(PREFIX)/share/bash-completion/completions
ZSHDIR   = $(PREFIX)/share/zsh/site-functions
FISHDIR  = $(PREFIX)/share/fish/vendor_completions.d

CARGO      ?= cargo
TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
RELEASE    := $(TARGET_DIR)/release/ascad
# What is installed.
BINARY     ?= $(firstword $(wildcard ascad) $(RELEASE))
# How long each fuzz target runs.
SECONDS    ?= 60

VERSION     := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml 2>/dev/null | head -n 1)
# When the last commit was made, so that the same commit makes the same packages.
EPOCH        = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
MACHINE     := $(shell uname -m)
MUSL        := $(MACHINE)-unknown-linux-musl
FUZZ_TARGETS = $(basename $(notdir $(wildcard tests/fuzz/fuzz_targets/*.rs)))
SOURCES      = $(shell find src -name '*.rs' 2>/dev/null) Cargo.toml Cargo.lock

.PHONY: help build test lint bench demo man install dist deb fuzz ci clean
.DEFAULT_GOAL := build

help: ## List what there is to do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

build: ## Build the release binary
	$(CARGO) build --release --locked

$(RELEASE): $(SOURCES)
	$(CARGO) build --release --locked

test: ## Run all tests
	$(CARGO) test --locked

lint: ## Check the format, clippy's opinion and the rules of the house
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets --locked -- -D warnings
	$(CARGO) test --locked --test tidy

bench: ## Measure functions and whole processes
	$(CARGO) bench --locked --bench functions --bench growth --bench processes

demo: ## Compare reference, file and node of a small real scene
	@$(CARGO) run -q --release --locked -- check fixtures/demo/aerospike.conf \
		--against fixtures/demo/reference.conf --against fixtures/demo/node.json --color always || true

man: ## Check the manual pages and show the first
	@if command -v mandoc >/dev/null; then mandoc -T lint -W style man/ascad.1 man/ascad.toml.5; \
	else echo 'make man: mandoc is not installed, so nothing was checked'; fi
	@man -l man/ascad.1

# Values that differ per installation stand in the files as a Debian package has them.
PLACES = -e 's|/usr/bin/ascad|$(BINDIR)/ascad|g' -e 's|/etc/ascad|$(SYSCONFDIR)/ascad|g' \
	$(if $(filter /usr/local/bin /usr/bin /bin,$(BINDIR)),,-e 's|^PATH=|PATH=$(BINDIR):|')
# $(call place,MODE,FILE,DESTINATION)
place = sed $(PLACES) $(2) | install -D -m $(1) /dev/stdin '$(DESTDIR)$(3)'
# $(call complete,SHELL,DESTINATION)
complete = script=$$('$(abspath $(BINARY))' completions $(1)) && \
	printf '%s\n' "$$script" | install -D -m 0644 /dev/stdin '$(DESTDIR)$(2)'

install: $(BINARY) ## Install below PREFIX (/usr/local) and SYSCONFDIR (/etc), staged in DESTDIR
	install -D -m 0755 '$(BINARY)' '$(DESTDIR)$(BINDIR)/ascad'
	$(call place,0644,man/ascad.1,$(MANDIR)/man1/ascad.1)
	$(call place,0644,man/ascad.toml.5,$(MANDIR)/man5/ascad.toml.5)
	$(call complete,bash,$(BASHDIR)/ascad)
	$(call complete,zsh,$(ZSHDIR)/_ascad)
	$(call complete,fish,$(FISHDIR)/ascad.fish)
	install -d -m 0755 '$(DESTDIR)$(SYSCONFDIR)/ascad'
	test -e '$(DESTDIR)$(SYSCONFDIR)/ascad/ascad.toml' || \
		{ $(call place,0640,src/install/ascad.toml,$(SYSCONFDIR)/ascad/ascad.toml); }
	$(call place,0644,src/install/cron.d,$(SYSCONFDIR)/cron.d/ascad)
	$(call place,0644,src/install/ascad.service,$(UNITDIR)/ascad.service)
	$(call place,0644,src/install/ascad.timer,$(UNITDIR)/ascad.timer)
	$(call place,0644,src/install/nrpe.cfg,$(DOCDIR)/examples/nrpe.cfg)
	$(call place,0644,src/install/icinga2.conf,$(DOCDIR)/examples/icinga2.conf)
	$(call place,0755,src/install/checkmk,$(DOCDIR)/examples/checkmk)
	install -m 0644 src/install/gitlab-ci-aerospike-lint.yml '$(DESTDIR)$(DOCDIR)/examples/'
	install -m 0644 LICENSE '$(DESTDIR)$(DOCDIR)/'

dist: ## Make a tarball, a static one and a .deb of what the machine can make
	@mkdir -p '$(TARGET_DIR)/dist'
	@$(MAKE) --no-print-directory tarball FLAVOUR=gnu BINARY='$(RELEASE)'
	@if rustup target list --installed 2>/dev/null | grep -qx '$(MUSL)'; then \
		$(CARGO) build --release --locked --target '$(MUSL)' && \
		$(MAKE) --no-print-directory tarball FLAVOUR=musl BINARY='$(TARGET_DIR)/$(MUSL)/release/ascad'; \
	else echo 'make dist: no static binary, the target is not installed: rustup target add $(MUSL)'; fi
	@if command -v cargo-deb >/dev/null; then $(MAKE) --no-print-directory deb; \
	else echo 'make dist: no .deb, cargo-deb is not installed: cargo install cargo-deb --locked'; fi

# A folder from which `make install` works without a compiler.
NAME = ascad-$(VERSION)-$(MACHINE)-linux-$(FLAVOUR)
.PHONY: tarball
tarball: $(BINARY)
	@rm -rf '$(TARGET_DIR)/dist/$(NAME)' && mkdir -p '$(TARGET_DIR)/dist/$(NAME)'
	@cp -R --parents Cargo.toml LICENSE $(wildcard README.md) Makefile man src/install '$(TARGET_DIR)/dist/$(NAME)'
	@install -m 0755 '$(BINARY)' '$(TARGET_DIR)/dist/$(NAME)/ascad'
	@tar --create --gzip --sort=name --owner=0 --group=0 --numeric-owner --mtime='@$(EPOCH)' \
		--directory '$(TARGET_DIR)/dist' --file '$(TARGET_DIR)/dist/$(NAME).tar.gz' '$(NAME)'
	@rm -rf '$(TARGET_DIR)/dist/$(NAME)'
	@echo '$(TARGET_DIR)/dist/$(NAME).tar.gz'

deb: $(RELEASE) ## Make a .deb, with cargo-deb
	@rm -rf target/dist/root && $(MAKE) -s install BINARY='$(RELEASE)' DESTDIR=target/dist/root PREFIX=/usr \
		SYSCONFDIR=/etc ZSHDIR=/usr/share/zsh/vendor-completions
	@install -D -m 0644 src/install/lintian-overrides target/dist/root/usr/share/lintian/overrides/ascad
	@printf 'ascad (%s) unstable; urgency=medium\n\n  * Release %s.\n\n -- the ascad authors <ascad@example.com>  %s\n' \
		'$(VERSION)' '$(VERSION)' "$$(LC_ALL=C date -u -R -d '@$(EPOCH)')" >target/dist/root/changelog
	$(CARGO) deb --no-build --output '$(TARGET_DIR)/dist/'

# libFuzzer wants coverage counters in the code; stable compilers can make them, and without `unsafe` there is nothing
# for the address sanitizer to find, so neither nightly nor cargo-fuzz is needed.
HOST       = $(shell rustc -vV | sed -n 's/^host: //p')
FUZZ_FLAGS = --cfg fuzzing -C passes=sancov-module -C codegen-units=1 \
	-C llvm-args=-sanitizer-coverage-level=4 -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
	-C llvm-args=-sanitizer-coverage-pc-table -C llvm-args=-sanitizer-coverage-trace-compares
FUZZ       = $(abspath $(TARGET_DIR))/fuzz

fuzz: ## Run every fuzz target for SECONDS (60), from the inputs of the fixtures
	RUSTFLAGS='$(FUZZ_FLAGS)' $(CARGO) build --release --manifest-path tests/fuzz/Cargo.toml --bins \
		--target '$(HOST)' --target-dir '$(FUZZ)'
	ASCAD_FUZZ_CORPUS=tests/fuzz/corpus $(CARGO) test -q --locked --test seeds
	@mkdir -p tests/fuzz/artifacts
	@for target in $(FUZZ_TARGETS); do \
		echo "== $$target"; \
		'$(FUZZ)/$(HOST)/release/'$$target -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=4096 -max_len=16384 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix="tests/fuzz/artifacts/$$target-" \
			"tests/fuzz/corpus/$$target" || failed=yes; \
	done; test -z "$$failed"

ci: ## Do what the continuous integration does
	.ci/run

clean: ## Remove what was built
	$(CARGO) clean
