# Completions of shells, generated from the program's tables; not in a cross build.

if COMPLETIONS
noinst_PROGRAMS += %D%/rows
completions_rows_LDADD = $(all_libs)
bashcompletion_DATA = %D%/bash/pkttop
zshcompletion_DATA = %D%/zsh/_pkttop
fishcompletion_DATA = %D%/fish/pkttop.fish
endif

tables_awk = $(srcdir)/%D%/tables.awk
complete = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(AWK) -f $(tables_awk)
%D%/rows.txt: %D%/rows$(EXEEXT)
	$(AM_V_GEN)%D%/rows$(EXEEXT) >$@
%D%/bash/pkttop: %D%/rows.txt $(tables_awk) $(srcdir)/%D%/bash.awk
	$(complete) -f $(srcdir)/%D%/bash.awk %D%/rows.txt >$@
%D%/zsh/_pkttop: %D%/rows.txt $(tables_awk) $(srcdir)/%D%/zsh.awk
	$(complete) -f $(srcdir)/%D%/zsh.awk %D%/rows.txt >$@
%D%/fish/pkttop.fish: %D%/rows.txt $(tables_awk) $(srcdir)/%D%/fish.awk
	$(complete) -f $(srcdir)/%D%/fish.awk %D%/rows.txt >$@

CLEANFILES += %D%/rows.txt $(bashcompletion_DATA) $(zshcompletion_DATA) $(fishcompletion_DATA)
EXTRA_DIST += %D%/bash.awk %D%/fish.awk %D%/tables.awk %D%/zsh.awk
