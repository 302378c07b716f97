/*
 * Puts the terminal right when the program dies of a fault (SEGV, BUS, ABRT,
 * FPE, ILL), and lets it die of that same signal afterwards.  A signal handler
 * can be told nothing, so what it needs is the one thing kept outside of main.
 */
#ifndef UI_RESCUE_H
#define UI_RESCUE_H

#include "ui/tty.h"

/* From now on.  text is what makes the terminal as it was; a copy is kept, 256 bytes at most. */
void rescue_arm(const struct tty *tty, const char *text);

/* The terminal has been put right by other means. */
void rescue_disarm(void);

/* Takes the handlers away. */
void rescue_fini(void);

#endif
