/*
 * A service: messages to its manager (sd_notify(3), sd-daemon(3)), and its PID file.
 */
#ifndef PLATFORM_SERVICE_H
#define PLATFORM_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/attr.h"
#include "util/buf.h"

/* Before the sandbox: finds the manager, and where log lines go. */
void service_open(void);

/* "READY=1", "STOPPING=1": nothing without a manager. */
void service_notify(const char *state);
void service_notify_reloading(uint64_t monotonic);

enum service_priority { SERVICE_ERROR = 3, SERVICE_WARNING = 4, SERVICE_INFO = 6 };

/* A line on standard error; if that is the journal, with its priority. */
void service_log(enum service_priority priority, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Writes the process ID into a new file, or into one that only has such a number. False with one
 * sentence in err. */
bool service_write_pid(const char *path, struct buf *err);

#endif
