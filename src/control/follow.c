#include "config.h"

#include "control/follow.h"

#include "control/cmd.h"
#include "util/attr.h"
#include "view/row_filter.h"

/* Each page of a passing log is shown for so long: for the reader, and for a slow line, which
 * has to carry all of its cells. */
#define PAGE_NS 4e9

static bool
is_log(const struct state *st)
{
	return views[st->view]->log;
}

static unsigned
follow_newest(struct state *st)
{
	struct state_view *p = &st->per[st->view];

	if (p->at_top && !p->chosen) {
		p->at_top = false;
		state_say(st, false, "the log stands still; F goes on with the newest");
		return 0;
	}
	/* The newest packet is on top only if sorted by time. */
	p->chosen = false;
	p->at_top = true;
	detail_shut(st);
	state_say(st, false, "the newest is followed");
	return WISH_RANK;
}

unsigned
cmd_follow(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	struct state_view *p = &st->per[st->view];
	const struct list_row *row = state_row(st, p->at);
	char text[FILTER_MAX + 1];
	struct buf b;

	if (is_log(st))
		return follow_newest(st);
	if (p->follow) {
		p->follow = false;
		state_say(st, false, "no row is followed any more");
		return 0;
	}
	buf_init(&b, text, sizeof(text));
	if (row == NULL || !rowterm_row(&b, views[st->view], row)) {
		state_say(st, false, "there is no row here to be followed");
		return 0;
	}
	p->follow = true;
	p->at_top = false;
	state_say(st, false, "followed: %s", text);
	return 0;
}

bool
follow_stands(const struct state *st)
{
	return is_log(st) && !st->per[st->view].at_top && st->listed == (int)st->view &&
	    state_count(st) > 0;
}

void
follow_glance(struct state *st, const struct ledger *l)
{
	struct scope s = state_scope(st, l);

	summary_take(&st->summary, &s, (unsigned)st->cols);
}

/* A log that was cleared has fewer packets. */
static uint64_t
logged_since(const struct state *st, const struct ledger *l)
{
	return l->packet_log.n_logged > st->logged ? l->packet_log.n_logged - st->logged : 0;
}

uint64_t
follow_newer(const struct state *st, const struct ledger *l)
{
	return follow_stands(st) || (st->log_waits && !st->frozen) ? logged_since(st, l) : 0;
}

/* The part of the page that would be new, if as many packets pass the filter as before. */
static double
new_part(const struct state *st, const struct ledger *l)
{
	uint64_t room = (uint64_t)l->packet_log.mask + 1, looked;
	double rows = (double)logged_since(st, l), page = state_page(st);

	looked = st->logged < room ? st->logged : room;
	if (looked > 0)
		rows *= (double)list_matched(st->list) / (double)looked;
	return rows < page ? rows / page : 1;
}

bool
follow_waits(struct state *st, const struct ledger *l, uint64_t age_ns)
{
	double late = st->delay * 1e9 / 2; /* how late the next screen may come */

	st->log_waits = is_log(st) && st->listed == (int)st->view && state_count(st) > 0 &&
	    (double)age_ns + late < new_part(st, l) * PAGE_NS;
	return st->log_waits;
}

void
follow_lost(struct state *st)
{
	struct state_view *p = &st->per[st->view];

	if (!p->follow)
		return;
	p->follow = false;
	state_say(st, true, "the row that was followed is not among these any more");
}

const char *
follow_chip(const struct state *st)
{
	if (is_log(st))
		return st->per[st->view].at_top ? "follow" : "scrolled";
	return st->per[st->view].follow ? "follow" : NULL;
}
