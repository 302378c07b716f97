/*
 * Puts the terminal right when the program dies of a signal, and lets it die of
 * that same signal afterwards; of a fault (SEGV, BUS, ABRT ...) a line says
 * where it was.  A signal handler can be told nothing, so what it needs is the
 * one thing kept outside of main.
 */
#ifndef UI_CRASH_RESTORE_H
#define UI_CRASH_RESTORE_H

#include "ui/tty.h"

/* Faults are said from now on, though there is no terminal to put right. */
void crash_restore_init(void);

/* The same, and the terminal.  text is what makes it as it was; a copy is kept, 256 bytes at most.
 */
void crash_restore_arm(const struct tty *tty, const char *text);

/* The terminal has been put right by other means. */
void crash_restore_disarm(void);

/* Takes the handlers away. */
void crash_restore_fini(void);

#endif
