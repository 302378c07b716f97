# The page of the server: its files become a table in C, see assemble.sh.

page_sources = \
	%D%/api.js %D%/app.js %D%/chart.js %D%/details.js %D%/dom.js %D%/format.js %D%/icon.svg \
	%D%/index.html %D%/missing.html %D%/package-lock.json %D%/package.json %D%/rows.js \
	%D%/stored.js %D%/streams.js %D%/style.css %D%/summary.js %D%/table.js %D%/theme.js \
	%D%/traffic.js %D%/views.js %D%/assemble.sh
EXTRA_DIST += $(page_sources)

%D%/page_files.c: $(page_sources)
	$(AM_V_GEN)$(SHELL) $(srcdir)/%D%/assemble.sh $(srcdir)/%D% %D% $@

# Tries again to get uPlot.
page:
	$(AM_V_at)rm -f %D%/page_files.c
	$(AM_V_at)$(MAKE) all

# A release has uPlot, so that it can be built without npm.
dist-hook: %D%/page_files.c
	$(AM_V_at)uplot=$(srcdir)/%D%/uplot; test -f $$uplot/LICENSE || uplot=%D%/fetched; \
	    test -f $$uplot/LICENSE || { echo 'make dist: no uPlot; install npm, then: make page' >&2; exit 1; }; \
	    $(MKDIR_P) $(distdir)/%D%/uplot && \
	    cp $$uplot/uPlot.iife.min.js $$uplot/uPlot.min.css $$uplot/LICENSE $(distdir)/%D%/uplot

distclean-local:
	$(AM_V_at)rm -rf %D%/fetched

nodist_libpkttop_a_SOURCES = %D%/page_files.c
CLEANFILES += %D%/page_files.c
.PHONY: page
