# A pseudo-terminal, with libvterm as the terminal.

if PTY_TESTS
pty_tests = %D%/test_pkttop %D%/test_line %D%/test_tty
check_PROGRAMS += $(pty_tests) %D%/term_demo
tests_libsupport_a_SOURCES += %D%/cases.c %D%/cases.h %D%/pty.c %D%/pty.h
LDADD += $(VTERM_LIBS) $(PTY_LIBS)
endif
