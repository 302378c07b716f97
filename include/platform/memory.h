/*
 * How much memory there is.
 */
#ifndef PLATFORM_MEMORY_H
#define PLATFORM_MEMORY_H

#include <stdint.h>

/* Bytes that the process may use: the machine's, or what its control groups leave of them.  0:
 * nobody says.  Reads files. */
uint64_t memory_of_machine(void);

/*
 * The least limit of the control groups that a file like /proc/self/cgroup names, and of those
 * around them, whose hierarchies are mounted in the folder root; UINT64_MAX: there is none.
 */
uint64_t memory_group_limit(const char *groups, const char *root);

#endif
