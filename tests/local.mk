# Tests. Each is independent of the others, which run at the same time.

# Linked to each program below, which takes from it what it needs.
LDADD = %D%/libsupport.a $(all_libs) $(CMOCKA_LIBS)
check_LIBRARIES = %D%/libsupport.a
tests_libsupport_a_SOURCES = %D%/pcapfile.c %D%/pcapfile.h

# All of the pure layers, without any library that they must not need.
tests_pure_LDADD = $(libpure_a_OBJECTS) $(LIBBSD_LIBS)

check_PROGRAMS = %D%/bpf_rows %D%/mkcap %D%/mutate %D%/pure %D%/send %D%/tables

# Loaded into pkttop by checks.
if FAULTS
check_PROGRAMS += %D%/inject/faults.so
endif
tests_inject_faults_so_SOURCES = %D%/inject/faults.c
tests_inject_faults_so_CPPFLAGS = $(AM_CPPFLAGS) -U_FORTIFY_SOURCE
tests_inject_faults_so_CFLAGS = $(STD_CFLAGS) $(WARN_CFLAGS) -fPIC
tests_inject_faults_so_LDFLAGS = -shared
tests_inject_faults_so_LDADD = $(DL_LIBS)

include %D%/unit/local.mk
include %D%/pty/local.mk
include %D%/fuzz/local.mk
include %D%/bench/local.mk

checks = \
	%D%/check-any.sh %D%/check-apps.sh %D%/check-bootstrap.sh %D%/check-bpf.sh %D%/check-browser.sh %D%/check-cases.sh \
	%D%/check-circles.sh %D%/check-columns.sh %D%/check-completions.sh %D%/check-config.sh %D%/check-corpus.sh \
	%D%/check-csv.sh %D%/check-errors.sh %D%/check-events.sh %D%/check-examples.sh %D%/check-faults.sh \
	%D%/check-files.sh %D%/check-fleet.sh %D%/check-flowlog.sh %D%/check-fuzz.sh %D%/check-headers.sh %D%/check-http.sh \
	%D%/check-influx.sh %D%/check-ipfix.sh \
	%D%/check-layers.sh %D%/check-lists.sh %D%/check-live-return.sh %D%/check-load.sh %D%/check-live.sh \
	%D%/check-man.sh %D%/check-mmdb.sh %D%/check-mutations.sh %D%/check-names.sh %D%/check-outputs.sh \
	%D%/check-overlap.sh %D%/check-owners.sh %D%/check-packed.sh %D%/check-page.sh %D%/check-pictures.sh %D%/check-places.sh %D%/check-processes.sh %D%/check-prometheus.sh \
	%D%/check-recordings.sh %D%/check-records.sh %D%/check-resolver.sh %D%/check-same.sh %D%/check-sandbox.sh %D%/check-scripts.sh %D%/check-service.sh \
	%D%/check-sight.sh %D%/check-soak.sh %D%/check-streams.sh %D%/check-stopped.sh %D%/check-terminal.sh \
	%D%/check-time.sh %D%/check-words.sh \
	%D%/figures.sh

# Folders of cases: a case is a command line, often with packets, and its expected output.
cases = %D%/cases.tap %D%/screens.tap

# The longest first: make starts these first, and the short ones fill the gaps.
TESTS = $(pty_tests) $(checks) $(cases) $(unit_tests)
TEST_EXTENSIONS = .sh .tap
SH_LOG_COMPILER = $(SHELL)
TAP_LOG_COMPILER = $(SHELL)
TAP_LOG_DRIVER = AM_TAP_AWK='$(AWK)' $(SHELL) $(srcdir)/build-aux/tap-driver.sh

test_environment = \
	srcdir='$(srcdir)' \
	PKTTOP='$(abs_builddir)/pkttop$(EXEEXT)' \
	TERM_DEMO='$(abs_builddir)/%D%/pty/term_demo$(EXEEXT)' \
	MKCAP='$(abs_builddir)/%D%/mkcap$(EXEEXT)' \
	MKTRACE='$(abs_builddir)/%D%/bench/mktrace$(EXEEXT)' \
	SEND='$(abs_builddir)/%D%/send$(EXEEXT)' \
	FAULTS='$(abs_builddir)/%D%/inject/faults.so$(EXEEXT)' \
	TABLES='$(abs_builddir)/%D%/tables$(EXEEXT)' \
	COMPLETIONS='$(abs_builddir)/completions' \
	BPF_ROWS='$(abs_builddir)/%D%/bpf_rows$(EXEEXT)' \
	MUTATE='$(abs_builddir)/%D%/mutate$(EXEEXT)' \
	FUZZERS='$(fuzzers)' \
	COMPILE='$(CC) $(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(NCURSES_CFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS)' \
	SANITIZED='$(SANITIZE_FLAGS)' \
	LSAN_OPTIONS='suppressions=$(abs_srcdir)/%D%/lsan.supp:print_suppressions=0' \
	XDG_CONFIG_HOME=/dev/null/none \
	LC_ALL=C.UTF-8 TZ=UTC0
AM_TESTS_ENVIRONMENT = export $(test_environment); unset NO_COLOR COLUMNS LINES;

# The unit tests alone.
check-units:
	$(AM_V_at)$(MAKE) check TESTS='$(unit_tests)'

# Accepts the current output of the cases; read the difference before committing.
bless: pkttop %D%/mkcap
	$(AM_V_at)$(test_environment) $(SHELL) $(srcdir)/%D%/bless.sh $(CASES)

# Hours of traffic, keys and records; SOAK=PACKETS for less or more.
soak: pkttop %D%/send %D%/bench/mktrace
	$(AM_V_at)SOAK=$${SOAK:-500000000} $(test_environment) $(SHELL) $(srcdir)/%D%/check-soak.sh

pictures: pkttop
	$(AM_V_at)$(test_environment) $(SHELL) $(srcdir)/%D%/screens/pictures.sh $(srcdir)/man/pictures

# The share of lines in src/dissect that the unit tests and the corpora cover.
coverage:
	$(AM_V_at)$(MKDIR_P) coverage
	$(AM_V_at)cd coverage && { test -f Makefile || $(abs_srcdir)/configure -q CC=gcc \
	    CFLAGS='-O0 -g --coverage' --disable-hardening; }
	$(AM_V_at)find coverage -name '*.gcda' -exec rm -f {} +
	$(AM_V_at)cd coverage && $(MAKE) check TESTS='$(unit_tests) %D%/check-fuzz.sh' >coverage.log
	$(AM_V_at)cd coverage && gcov -n src/dissect/*.o 2>>coverage.log | $(AWK) '/^File/ { ours = /src\/dissect\// } \
	    ours && /^Lines/ { split($$2, part, /[:%]/); lines += $$4; run += part[2] * $$4 / 100; ours = 0 } \
	    END { printf "%.1f %% of %d lines of src/dissect\n", 100 * run / lines, lines }'

.PHONY: check-units bless soak pictures coverage

CLEANFILES += %D%/page/*.png
EXTRA_DIST += $(checks) $(cases) %D%/cases %D%/page/browser.mjs %D%/page/check.mjs %D%/screens %D%/fuzz/corpus \
	%D%/added.py %D%/bless.sh %D%/check-apps.py %D%/check-mmdb.py %D%/check-bpf.py %D%/check-cases.py %D%/check-circles.py \
	%D%/check-columns.py \
	%D%/check-corpus.py %D%/check-events.py %D%/event_captures.py %D%/event_frames.py %D%/check-faults.py %D%/check-fleet.py %D%/check-flowlog.py %D%/check-load.py %D%/check-outputs.py %D%/check-places.py %D%/check-resolver.py %D%/check-time.py \
	%D%/check-owners.py %D%/check-same.py %D%/check-sandbox.py %D%/corpus-differences.txt %D%/lsan.supp \
	%D%/checks.sh %D%/namespace.sh %D%/probe.c %D%/run-case.sh %D%/servers.sh %D%/soak.py %D%/tap-cases.sh
