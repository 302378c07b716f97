/*
 * What every program on a terminal owes to it, as cases that are run against
 * the demo of ui/term.h and against pkttop.
 */
#ifndef TESTS_PTY_CASES_H
#define TESTS_PTY_CASES_H

#include <stdbool.h>

#include "pty.h"

#define SOON 2000 /* ms; a machine that is busy besides may need them */

struct subject {
	const char *const *argv; /* as a user starts it */
	const char *const *busy; /* so that it paints as much and as often as it can */
	const char *first;       /* text of the first screen */
	const char *key;         /* a key */
	const char *answer;      /* and the text that it makes appear */
	const char *leave;       /* a key that leaves */
};

/* The program at rest on its first screen. */
struct pty *started(const struct subject *s);

/* Status 0, and the terminal is as it was. */
void assert_left(struct pty *p, int ms);

/* The terminal is as before the program. */
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
