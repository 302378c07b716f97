/* The clocks of the system. */
#ifndef PLATFORM_CLOCK_H
#define PLATFORM_CLOCK_H

#include <stdint.h>

uint64_t clock_monotonic(void); /* ns */
uint64_t clock_wall(void);      /* ns since the epoch */
uint64_t clock_processor(void); /* ns that the program has run; not those in which others did */

#endif
