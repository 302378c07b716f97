/*
 * Restores the terminal if a signal kills the program, and lets it die of that signal. For a fault
 * (SEGV, BUS, ABRT ...) a line has its address. A signal handler has no argument for state, so this
 * is the only state outside of main.
 */
#ifndef UI_CRASH_RESTORE_H
#define UI_CRASH_RESTORE_H

#include "ui/tty.h"

/* From now on faults are reported, even without a terminal to restore. */
void crash_restore_init(void);

/* The same, and restores the terminal. text restores it; up to 256 bytes are copied. */
void crash_restore_arm(const struct tty *tty, const char *text);

/* The terminal has been restored by other means. */
void crash_restore_disarm(void);

/* Removes the handlers. */
void crash_restore_fini(void);

#endif
