#include "config.h"

#include "dissect/said.h"

#include "util/buf.h"

bool
said_name(struct said *s, enum said_what what, const void *bytes, size_t n)
{
	struct buf b;

	buf_init(&b, s->name, sizeof(s->name));
	text_clean(&b, bytes, n);
	if (b.len == 0)
		return false;
	s->what = (uint8_t)what;
	return true;
}
