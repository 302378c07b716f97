/* Integers of either byte order in a file's bytes. Private to src/capture/. */
#ifndef CAPTURE_BYTES_H
#define CAPTURE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

static inline uint16_t
bytes_16(const uint8_t *p, bool big)
{
	return (uint16_t)(big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t
bytes_32(const uint8_t *p, bool big)
{
	uint32_t first = bytes_16(p, big), second = bytes_16(p + 2, big);

	return big ? first << 16 | second : second << 16 | first;
}

static inline uint64_t
bytes_64(const uint8_t *p, bool big)
{
	uint64_t first = bytes_32(p, big), second = bytes_32(p + 4, big);

	return big ? first << 32 | second : second << 32 | first;
}

#endif
