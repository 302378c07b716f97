/*
 * The line about a fault: version, build and address. Uses only functions that are
 * async-signal-safe.
 */
#ifndef UI_CRASH_H
#define UI_CRASH_H

#include <signal.h>

#include "util/buf.h"

/* Finds the load address and the build ID of the program. Call it before any handler can run. */
void crash_init(void);

/* "pkttop 0.1.0: SIGSEGV at pkttop+0x12ab, address 0x0, build 5687f62e" and a newline. */
void crash_text(struct buf *b, const char *signal, const siginfo_t *info, const void *context);

#endif
