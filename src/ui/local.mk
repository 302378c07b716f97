libpkttop_a_SOURCES += \
	%D%/ansi.c \
	%D%/clipboard.c %D%/crash.c %D%/crash_restore.c \
	%D%/mouse.c \
	%D%/output_pipe.c \
	%D%/term.c %D%/terminfo.c %D%/theme.c %D%/tty.c
