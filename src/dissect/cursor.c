#include "config.h"

#include "dissect/cursor.h"

bool
cur_fail(struct cursor *c, size_t n)
{
	if (!c->bad)
		c->wrong = n > cur_rest(c);
	c->bad = true;
	c->p = c->end;
	return false;
}
