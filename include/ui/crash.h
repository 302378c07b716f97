/*
 * What is said of a fault, made without anything that a signal handler may not
 * call: the version, the build, and where it was.
 */
#ifndef UI_CRASH_H
#define UI_CRASH_H

#include <signal.h>

#include "util/buf.h"

/* Looks where the program lies, and which build it is.  Before any handler runs. */
void crash_init(void);

/* "pkttop 0.1.0: SIGSEGV at pkttop+0x12ab, address 0x0, build 5687f62e" and a newline. */
void crash_text(struct buf *b, const char *signal, const siginfo_t *info, const void *context);

#endif
