#include "config.h"

#include "control/state.h"

#include "control/cmd.h"
#include "util/attr.h"
#include "view/row_filter.h"

/* Each page of a passing log is shown for so long: for the reader, and for a slow line, which
 * has to carry all of its cells. */
#define PAGE_NS 4e9

static bool
follow_is_log(const struct state *st)
{
	return views[st->view]->is_log;
}

static unsigned
follow_newest(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];

	if (p->stays_on_top && !p->sort_chosen) {
		p->stays_on_top = false;
		status_message(st, false, "scrolling paused; press F to follow");
		return 0;
	}
	/* The newest packet is on top only if sorted by time. */
	p->sort_chosen = false;
	p->stays_on_top = true;
	detail_close(st);
	status_message(st, false, "following newest packets");
	return REQ_RANK;
}

unsigned
cmd_follow(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	struct state_view *p = &st->per_view[st->view];
	const struct table_row *row = state_row(st, p->cursor);
	char text[FILTER_MAX + 1];
	struct buf b;

	if (follow_is_log(st))
		return follow_newest(st);
	if (p->follows_row) {
		p->follows_row = false;
		status_message(st, false, "following stopped");
		return 0;
	}
	buf_init(&b, text, sizeof(text));
	if (row == NULL || !row_filter_row(&b, views[st->view], row)) {
		status_message(st, false, "no row here to follow");
		return 0;
	}
	p->follows_row = true;
	p->stays_on_top = false;
	status_message(st, false, "followed: %s", text);
	return 0;
}

bool
follow_is_paused(const struct state *st)
{
	return follow_is_log(st) && !st->per_view[st->view].stays_on_top &&
	    st->listed_view == (int)st->view && state_row_count(st) > 0;
}

void
follow_update_summary(struct state *st, const struct ledger *l)
{
	struct scope s = state_scope(st, l);

	summary_update(&st->summary, &s, (unsigned)st->cols);
}

/* A log that was cleared has fewer packets. */
static uint64_t
follow_logged_since(const struct state *st, const struct ledger *l)
{
	return l->packet_log.n_logged > st->logged_at_rank
	    ? l->packet_log.n_logged - st->logged_at_rank
	    : 0;
}

uint64_t
follow_n_newer(const struct state *st, const struct ledger *l)
{
	return follow_is_paused(st) || (st->log_is_held_back && !st->frozen)
	    ? follow_logged_since(st, l)
	    : 0;
}

/* The part of the page that would be new, if as many packets pass the filter as before. */
static double
follow_new_page_part(const struct state *st, const struct ledger *l)
{
	uint64_t room = (uint64_t)l->packet_log.mask + 1, looked;
	double rows = (double)follow_logged_since(st, l), page = state_page_rows(st);

	looked = st->logged_at_rank < room ? st->logged_at_rank : room;
	if (looked > 0)
		rows *= (double)row_list_n_matched(st->list) / (double)looked;
	return rows < page ? rows / page : 1;
}

bool
follow_is_held_back(struct state *st, const struct ledger *l, uint64_t age_ns)
{
	double late = st->delay * 1e9 / 2; /* how late the next screen may come */

	st->log_is_held_back = follow_is_log(st) && st->listed_view == (int)st->view &&
	    state_row_count(st) > 0 &&
	    (double)age_ns + late < follow_new_page_part(st, l) * PAGE_NS;
	return st->log_is_held_back;
}

void
follow_row_lost(struct state *st)
{
	struct state_view *p = &st->per_view[st->view];

	if (!p->follows_row)
		return;
	p->follows_row = false;
	status_message(st, true, "the followed row is no longer listed");
}

const char *
follow_label(const struct state *st)
{
	if (follow_is_log(st))
		return st->per_view[st->view].stays_on_top ? "follow" : "scrolled";
	return st->per_view[st->view].follows_row ? "follow" : NULL;
}
