#include "config.h"

#include "dissect/cursor.h"

bool
cur_fail(struct cursor *c, size_t n)
{
	if (!c->overrun)
		c->impossible = n > cur_reported(c);
	c->overrun = true;
	c->p = c->end;
	return false;
}
