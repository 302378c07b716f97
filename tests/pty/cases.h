/*
 * Test cases for any program on a terminal; they run with the demo of ui/term.h and with pkttop.
 */
#ifndef TESTS_PTY_CASES_H
#define TESTS_PTY_CASES_H

#include <stdbool.h>

#include "pty.h"

#define SOON 2000 /* ms; enough for a busy machine */

struct subject {
	const char *const *argv; /* as a user starts it */
	const char *const *busy; /* a command line with maximum output */
	const char *first;       /* text of the first screen */
	const char *key;         /* a key */
	const char *answer;      /* the text that it displays */
	const char *leave;       /* the key to quit */
};

/* Starts the program and waits for its first screen. */
struct pty *started(const struct subject *s);

/* Checks for exit status 0 and a restored terminal. */
void assert_left(struct pty *p, int ms);

/* Checks that the terminal is as before the program. */
void assert_restored(struct pty *p);

void case_first_screen(const struct subject *s);
void case_leaves(const struct subject *s);
void case_signal_leaves(const struct subject *s, int sig);
void case_fault(const struct subject *s, int sig);
void case_stop(const struct subject *s);
void case_background(const struct subject *s);
void case_resizes(const struct subject *s);
void case_sleeping_reader(const struct subject *s);
void case_leaves_unread(const struct subject *s);
void case_hang_up(const struct subject *s, bool ignore_hup);
void case_bad_type(const struct subject *s, const char *term, const char *said);
void case_no_terminal(const struct subject *s);

#endif
