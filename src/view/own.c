#include "config.h"

#include "view/own.h"

#include "util/attr.h"
#include "view/columns.h"
#include "view/command.h"
#include "view/paint.h"

#define NUMBER_TCP    6
#define BITS_PER_BYTE 8

unsigned
own_command(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_switch(st, argv, &st->own.shown))
		return 0;
	state_say(st, false, "your own session of SSH is %s",
	    st->own.shown ? "shown" : "kept out of the tables, but counted in the totals");
	return WISH_RANK;
}

bool
own_hides(const struct scope *s, uint16_t proto, uint8_t kind, const struct addr *a,
    uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	const struct own *o = s->own.of;

	return o != NULL && proto == NUMBER_TCP && own_is(o, kind, a, a_port, b, b_port);
}

static bool
is_end(const struct own_part *part, const struct host *h, const struct addr *end)
{
	return !h->other && h->kind == part->of->kind && addr_equal(&h->addr, end);
}

bool
own_ends_at(const struct scope *s, const struct host *h)
{
	const struct own_part *part = &s->own;

	return part->of != NULL && part->flows != 0 &&
	    (is_end(part, h, &part->of->client) || is_end(part, h, &part->of->server));
}

struct tally
own_of_host(const struct scope *s, const struct host *h, int way, bool moved)
{
	const struct own_part *part = &s->own;
	const struct tally *t = moved && !s->average ? part->moved : part->counted;
	struct tally sum = { 0, 0 };

	if (!own_ends_at(s, h))
		return sum;
	if (is_end(part, h, &part->of->client))
		tally_add(&sum, t[way].packets, t[way].bytes);
	if (is_end(part, h, &part->of->server))
		tally_add(&sum, t[!way].packets, t[!way].bytes);
	return sum;
}

struct tally
own_less(struct tally t, struct tally hidden)
{
	t.packets -= hidden.packets < t.packets ? hidden.packets : t.packets;
	t.bytes -= hidden.bytes < t.bytes ? hidden.bytes : t.bytes;
	return t;
}

void
own_paint(const struct paint *p, struct pen *pen)
{
	const struct scope *s = &p->st->scope;
	const struct own_part *part = &s->own;
	const struct tally *t = s->average ? part->counted : part->moved;
	const struct units *u = &p->st->units;
	double seconds, bytes;
	char array[32];
	struct buf b;

	if (part->of == NULL || part->flows == 0 || !views[p->st->view]->without_own)
		return;
	buf_init(&b, array, sizeof(array));
	seconds = scope_seconds(s);
	bytes = (double)(t[OWN_SENT].bytes + t[OWN_BACK].bytes) / (seconds > 0 ? seconds : 1);
	fmt_scaled(&b, u->bytes ? bytes : bytes * BITS_PER_BYTE, u->scale);
	pen_item(pen, STYLE_DIM, "own ssh hidden %5s%s", array, u->bytes ? "B/s" : "b/s");
}
