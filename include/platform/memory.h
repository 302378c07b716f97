/*
 * The amount of memory.
 */
#ifndef PLATFORM_MEMORY_H
#define PLATFORM_MEMORY_H

#include <stdint.h>

/* Bytes that the process may use: the machine's memory, or what its control groups allow. 0:
 * unknown. Reads files. */
uint64_t memory_of_machine(void);

/*
 * The lowest limit of the control groups in a file like /proc/self/cgroup, and of their parents,
 * whose hierarchies are mounted in the directory root; UINT64_MAX: none.
 */
uint64_t memory_group_limit(const char *groups, const char *root);

#endif
