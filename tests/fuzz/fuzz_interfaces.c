/* The interfaces of a pcapng file: in whatever pieces it comes, it says the same, in clean names.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/interfaces.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct interfaces *
see(const uint8_t *data, size_t size, size_t piece)
{
	struct interfaces *is = interfaces_new();

	for (size_t at = 0; at < size; at += piece)
		interfaces_see(is, data + at, size - at < piece ? size - at : piece);
	return is;
}

/* The first byte says how long the pieces are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct interfaces *whole, *pieces;

	if (size == 0 || size > INTERFACES_CHUNK)
		return 0;
	whole = see(data + 1, size - 1, size);
	pieces = see(data + 1, size - 1, (size_t)data[0] + 1);
	for (size_t i = 0; i < size / 12 + 1; i++)
		if (interfaces_take(whole) != interfaces_take(pieces))
			abort();
	for (unsigned i = 0; i < INTERFACES_MOST; i++) {
		const char *name = interfaces_name(whole, i);

		if (*name == '\0' || strlen(name) >= INTERFACES_NAME || !text_is_clean(name) ||
		    strcmp(name, interfaces_name(pieces, i)) != 0)
			abort();
	}
	interfaces_del(whole);
	interfaces_del(pieces);
	return 0;
}
