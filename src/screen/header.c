#include "config.h"

#include <string.h>
#include <time.h>

#include "control/keymap.h"
#include "control/state.h"
#include "screen/paint.h"
#include "util/text.h"
#include "view/columns.h"

#define NS_PER_S      UINT64_C(1000000000)
#define NS_PER_DAY    (NS_PER_S * 86400)
#define BITS_PER_BYTE 8

#define WITH_DATE    80 /* columns at which the clock has a date if it is not today's */
#define WITH_CLOCK   60 /* and at which it is shown */
#define WITH_ELAPSED 36 /* and the running time */
#define WITH_LOCAL   80 /* and whose view the arrows are of */
#define WITH_TABS    48 /* and the views that are not shown now */
#define CHIP_CELLS   10 /* what the longest chip takes */
#define NUMBERED     10 /* views that have a digit as their key, and so always a tab */

/* A number of fixed width, so that its neighbours do not move. */
static void
header_add_number(struct buf *b, double n, enum fmt_units scale)
{
	char array[16];
	struct buf text;

	buf_init(&text, array, sizeof(array));
	fmt_scaled(&text, n, scale);
	buf_addf(b, "%*s", scale == FMT_IEC ? 6 : 5, array);
}

/* The whole screen is in UTC, as reports and filters are. */
static void
header_add_clock(struct buf *b, uint64_t ns, bool dated)
{
	time_t t = (time_t)(ns / NS_PER_S);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		return;
	if (dated)
		buf_addf(b, "%04d-%02d-%02d ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	buf_addf(b, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Of another day than the clock, which has its date if it is not today's. */
static bool
header_needs_date(const struct painter *p, uint64_t ns)
{
	return ns / NS_PER_DAY != p->f->now / NS_PER_DAY;
}

static void
header_add_frozen_age(struct buf *b, const struct painter *p)
{
	uint64_t behind = p->l->now > p->st->ranked_at ? p->l->now - p->st->ranked_at : 0;

	buf_adds(b, "FROZEN ");
	fmt_span(b, behind - behind % NS_PER_S);
	buf_adds(b, " behind");
}

/* How long ago the moment shown is, and its time of day. */
static void
header_add_past(struct buf *b, const struct painter *p)
{
	uint64_t at;

	history_ago_text(b, p->st, p->l->now);
	if (p->f->now == 0 || p->c->cols < WITH_CLOCK)
		return;
	at = ledger_wall_time(p->l, p->st->past.shown_at);
	buf_adds(b, "  at ");
	header_add_clock(b, at, header_needs_date(p, at));
}

/* Members of "any" may come and go without a warning. */
static bool
header_is_gone(const struct source_stats *s)
{
	return (s->state == SOURCE_GONE || s->state == SOURCE_FAILED) && s->counted_text[0] == '\0';
}

static bool
header_is_down(const struct source_stats *s)
{
	return s->state == SOURCE_DOWN && s->counted_text[0] == '\0';
}

/* "  1 gone  2 down", or nothing. */
static void
header_add_troubles(struct buf *b, const struct ledger *l)
{
	unsigned gone = 0, down = 0;

	for (unsigned i = 0; i < l->n_sources; i++) {
		gone += header_is_gone(&l->source[i]);
		down += header_is_down(&l->source[i]);
	}
	if (gone > 0)
		buf_addf(b, "  %u gone", gone);
	if (down > 0)
		buf_addf(b, "  %u down", down);
}

/* "LIVE, every 1s" */
static void
header_add_mode(struct buf *b, const struct painter *p)
{
	buf_adds(b, p->f->mode);
	if (p->c->cols >= WITH_CLOCK && !p->f->stopped)
		buf_addf(b, ", every %gs", p->st->delay);
}

/* The rate to the terminal, or that redraws are slowed down for it. */
static void
header_item_terminal(const struct painter *p, struct pen *pen)
{
	const struct screen_info *f = p->f;

	if (f->redraw_delay > 0)
		pen_item(pen, STYLE_WARN, "slow terminal: redrawn every %u s", f->redraw_delay);
	else if (f->tty_rate_known)
		pen_item(pen, STYLE_TITLE, "tty %4.1f kB/s", f->tty_rate / 1000);
}

static void
header_paint_title(const struct painter *p)
{
	char mode_text[64], times_text[64], source_text[256], troubles_text[64];
	struct buf mode, times, source, troubles;
	int y = p->lo.title, cols = p->c->cols, x;
	struct pen pen;

	buf_init(&mode, mode_text, sizeof(mode_text));
	buf_init(&times, times_text, sizeof(times_text));
	buf_init(&source, source_text, sizeof(source_text));
	buf_init(&troubles, troubles_text, sizeof(troubles_text));
	header_add_troubles(&troubles, p->l);
	if (history_is_shown(p->st))
		header_add_past(&mode, p);
	else if (p->st->frozen)
		header_add_frozen_age(&mode, p);
	else
		header_add_mode(&mode, p);
	if (p->f->recording != NULL && *p->f->recording != '\0')
		buf_addf(&mode, " [%s]", p->f->recording);
	if (cols >= WITH_ELAPSED) {
		buf_adds(&times, "  ");
		fmt_clock(&times, p->f->elapsed - p->f->elapsed % NS_PER_S);
	}
	if (cols >= WITH_CLOCK && p->f->now != 0) {
		buf_adds(&times, "  ");
		header_add_clock(&times, p->f->now, p->f->dated && cols >= WITH_DATE);
		buf_adds(&times, " UTC");
	}
	x = cols - 1 - (int)text_width(times.s) - (int)text_width(mode.s);

	canvas_style(p->c, 0, y, cols, STYLE_TITLE);
	pen = pen_at(p->c, 1, y, x - 2);
	pen_put(&pen, STYLE_TITLE, "pkttop  ");
	text_shorten(&source, p->f->source, pen.end - pen.x - (int)text_width(troubles.s));
	pen_put(&pen, STYLE_TITLE, "%s", source.s);
	pen_put(&pen, STYLE_BAD, "%s", troubles.s);
	header_item_terminal(p, &pen);
	pen = pen_at(p->c, x, y, cols);
	pen_put(&pen, p->st->frozen || history_is_shown(p->st) ? STYLE_WARN : STYLE_TITLE, "%s",
	    mode.s);
	pen_put(&pen, STYLE_TITLE, "%s", times.s);
}

static struct scope_losses
header_losses(const struct painter *p)
{
	struct scope s = state_scope(p->st, p->l);

	return scope_losses_get(&s);
}

/* "since 02:12:13" if counts are since a baseline. */
static void
header_item_since(const struct painter *p, struct pen *pen)
{
	uint64_t since = p->st->summary.since;
	char array[32];
	struct buf b;

	if (since == 0)
		return;
	since = ledger_wall_time(p->l, since);
	buf_init(&b, array, sizeof(array));
	buf_adds(&b, "since ");
	header_add_clock(&b, since, p->f->now != 0 && header_needs_date(p, since));
	pen_item(pen, STYLE_WARN, "%s", b.s);
}

/* A count as one word of at most five cells. */
static const char *
header_short_count(char array[static 16], uint64_t n)
{
	struct buf b;

	buf_init(&b, array, 16);
	fmt_scaled(&b, (double)n, FMT_SI);
	return array;
}

static void
header_item_dropped(const struct painter *p, struct pen *pen)
{
	char n[16];

	if (!ledger_knows_drops(p->l))
		return;
	pen_item(pen, p->f->loss_growing ? STYLE_BAD : STYLE_PLAIN, "dropped %s",
	    header_short_count(n, header_losses(p).dropped));
}

static uint64_t
header_n_dropped(const struct ledger *l)
{
	return scope_losses_get(&(struct scope){ .ledger = l }).dropped;
}

/* The coverage of all sources since the start; nothing if it is unknown for one of them. */
static void
header_item_coverage(const struct painter *p, struct pen *pen)
{
	struct coverage w = { .known = true };
	unsigned percent;

	/* A source that has ended no longer counts. */
	for (unsigned i = 0; i < p->l->n_sources; i++)
		if (p->l->source[i].state != SOURCE_ENDED)
			w = coverage_sum(w, p->l->source[i].coverage);
	if (!w.known || w.counted == 0)
		return;
	percent = coverage_percent(w);
	pen_item(pen, percent < 100 || header_n_dropped(p->l) != 0 ? STYLE_WARN : STYLE_PLAIN,
	    "saw %s%3u %%", w.estimated ? "~" : "", percent);
}

/* A rate with its unit, in a fixed width. */
static void
header_add_rate(struct buf *b, const struct units *u, double bytes)
{
	header_add_number(b, u->bytes_per_second ? bytes : bytes * BITS_PER_BYTE, u->scale);
	buf_adds(b, u->bytes_per_second ? "B/s" : "b/s");
}

/* The highest rate over 10 ms. */
static void
header_item_burst(const struct painter *p, struct pen *pen)
{
	double bytes = p->st->summary.burst_rate;
	char array[32];
	struct buf b;

	if (bytes <= 0)
		return;
	buf_init(&b, array, sizeof(array));
	header_add_rate(&b, &p->st->units, bytes);
	pen_item(pen, STYLE_PLAIN, "10 ms peak %s", b.s);
}

/* "▼  847Mb/s", or "▼   -  b/s" while it is not known. */
static void
header_item_rate(const struct painter *p, struct pen *pen, const char *what, double bytes)
{
	const struct units *u = &p->st->units;
	char array[32];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	if (p->st->summary.rates_known)
		header_add_rate(&b, u, bytes);
	else
		buf_addf(&b, "%*s%s", u->scale == FMT_IEC ? 6 : 5, "-",
		    u->bytes_per_second ? "B/s" : "b/s");
	pen_item(pen, STYLE_STRONG, "%s %s", what, b.s);
}

static void
header_item_past(const struct painter *p, struct pen *pen)
{
	char text[32];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	history_ago_text(&b, p->st, p->l->now);
	pen_item(pen, STYLE_WARN, "%s", text);
}

static void
header_paint_rates(const struct painter *p)
{
	const struct summary *m = &p->st->summary;
	struct pen pen = pen_at(p->c, p->c->cols > 20 ? 1 : 0, p->lo.rates, p->c->cols);
	char array[16];
	struct buf b;

	/* Warnings come first if their own line does not fit. */
	if (p->lo.totals < 0 && header_losses(p).dropped != 0)
		header_item_dropped(p, &pen);
	if (p->lo.totals < 0)
		header_item_since(p, &pen);
	if (p->lo.title < 0 && history_is_shown(p->st))
		header_item_past(p, &pen);
	else if (p->lo.title < 0 && p->st->frozen)
		pen_item(&pen, STYLE_WARN, "FROZEN");
	if (m->has_direction) {
		if (p->c->cols >= WITH_LOCAL)
			pen_put(&pen, STYLE_DIM, "local");
		header_item_rate(p, &pen, "▼", m->byte_rate[WAY_IN]);
		header_item_rate(p, &pen, "▲", m->byte_rate[WAY_OUT]);
		if (m->has_other)
			header_item_rate(p, &pen, "other", m->byte_rate[WAY_OTHER]);
	} else {
		header_item_rate(p, &pen, "rate", summary_total_rate(m));
	}
	buf_init(&b, array, sizeof(array));
	if (m->rates_known)
		header_add_number(&b, m->packet_rate, FMT_SI);
	else
		buf_adds(&b, "    -");
	pen_item(&pen, STYLE_STRONG, "%s packets/s", b.s);
	if (p->st->whole_time)
		pen_item(&pen, STYLE_DIM, "on average");
	header_item_burst(p, &pen);
}

static void
header_item_count(struct pen *pen, enum style st, const char *what, uint64_t n)
{
	char array[16];

	if (n != 0)
		pen_item(pen, st, "%s %s", what, header_short_count(array, n));
}

static void
header_item_duplicates(const struct painter *p, struct pen *pen, uint64_t n)
{
	char array[16];

	for (unsigned i = 0; n != 0 && i < p->l->n_sources; i++)
		if (source_sees_duplicates(&p->l->source[i])) {
			pen_item(pen, STYLE_WARN, "%s sees packets twice: %s", p->l->source[i].name,
			    header_short_count(array, n));
			return;
		}
	header_item_count(pen, STYLE_WARN, "seen twice", n);
}

static void
header_paint_totals(const struct painter *p)
{
	const struct tally *all = &p->st->summary.total;
	struct pen pen = pen_at(p->c, 1, p->lo.totals, p->c->cols);
	struct scope_losses m = header_losses(p);
	char array[64];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	header_add_number(&b, (double)all->packets, FMT_SI);
	buf_adds(&b, " packets  ");
	header_add_number(&b, (double)all->bytes, p->st->units.scale);
	pen_put(&pen, STYLE_PLAIN, "total %sB", b.s);
	header_item_since(p, &pen);
	header_item_coverage(p, &pen);
	header_item_dropped(p, &pen);
	header_item_count(&pen, STYLE_WARN, "malformed", m.malformed);
	header_item_count(&pen, STYLE_WARN, "truncated", m.truncated);
	header_item_count(&pen, STYLE_WARN, "evicted", m.evicted);
	header_item_duplicates(p, &pen, m.duplicates);
	if (p->f->merged_sizes)
		pen_item(&pen, STYLE_DIM, "sizes after GRO/LRO");
	if (p->st->capture_filter[0] != '\0') {
		pen_item(&pen, STYLE_DIM, "capture:");
		pen_put(&pen, STYLE_STRONG, " %s", p->st->capture_filter);
	}
}

enum tab_titles { TABS_WHOLE, TABS_SHORT, TABS_KEYS };

/* Without room for whole titles, views without a digit are only their key. */
static const char *
header_tab_title(const struct painter *p, unsigned view, enum tab_titles form)
{
	const struct view *v = views[view];

	if (form == TABS_WHOLE || view == p->st->view)
		return v->title;
	if (form == TABS_KEYS || view >= NUMBERED)
		return "";
	return v->short_title != NULL ? v->short_title : v->title;
}

/* Views without a digit have a tab if they are in use, or else if there is room for whole titles.
 */
static bool
header_has_tab(const struct painter *p, unsigned view, enum tab_titles form)
{
	if (view < NUMBERED || view == p->st->view)
		return true;
	if (views[view]->is_in_use != NULL)
		return views[view]->is_in_use(p->l);
	return form == TABS_WHOLE;
}

/*
 * A view with its key.  Brackets instead of the blanks between tabs mark the current one; after: it
 * was the one before.
 */
static void
header_paint_tab(
    const struct painter *p, struct pen *pen, unsigned view, enum tab_titles form, bool after)
{
	bool now = view == p->st->view;
	char command[64], key[16];
	struct buf b, label;
	const char *after_mark = after ? "]" : " ", *title = header_tab_title(p, view, form);
	bool has_key;
	int from = pen->x;

	buf_init(&b, command, sizeof(command));
	buf_addf(&b, "view %s", views[view]->name);
	buf_init(&label, key, sizeof(key));
	has_key = key_bindings_label(&p->st->bindings, command, &label);
	pen_put(pen, now || after ? STYLE_STRONG : STYLE_PLAIN, "%s", now ? "[" : after_mark);
	pen_put(pen, STYLE_KEY, "%s", key);
	pen_put(pen, now ? STYLE_STRONG : STYLE_PLAIN, "%s%s", has_key && *title != '\0' ? " " : "",
	    title);
	canvas_zone(p->c, from, pen->y, pen->x - from, command);
}

static int
header_tabs_width(const struct painter *p, enum tab_titles form)
{
	int width = 1;

	for (unsigned i = 0; i < n_views; i++) {
		const char *title = header_tab_title(p, i, form);

		if (header_has_tab(p, i, form))
			width += 2 + (*title != '\0') + (int)strlen(title);
	}
	return width;
}

/* The longest titles that fit. */
static enum tab_titles
header_tab_titles(const struct painter *p)
{
	const struct state *st = p->st;
	bool chips = st->filter_text[0] != '\0' || st->active_only || st->classes != SCOPE_ALL ||
	    !st->ip4 || !st->ip6;
	enum tab_titles form = TABS_WHOLE;
	int room = p->c->cols;

	if (chips)
		room /= 2;
	else if (follow_label(st))
		room -= CHIP_CELLS;
	while (form < TABS_KEYS && header_tabs_width(p, form) > room)
		form++;
	return form;
}

/* The hidden traffic, and settings that differ from the default. */
static void
header_paint_chips(const struct state *st, struct pen *pen)
{
	static const char *const hidden[CLASSES] = {
		[CLASS_TCP] = "-TCP",
		[CLASS_UDP] = "-UDP",
		[CLASS_ICMP] = "-ICMP",
		[CLASS_OTHER] = "-other",
	};

	for (unsigned i = 0; i < CLASSES; i++)
		if ((st->classes & 1u << i) == 0)
			pen_item(pen, STYLE_CHIP_OFF, "%s", hidden[i]);
	if (!st->ip4)
		pen_item(pen, STYLE_CHIP_OFF, "-IPv4");
	if (!st->ip6)
		pen_item(pen, STYLE_CHIP_OFF, "-IPv6");
	if (st->active_only)
		pen_item(pen, STYLE_CHIP_OFF, "-idle");
	if (st->order_held)
		pen_item(pen, STYLE_WARN, "held");
	if (follow_label(st) != NULL)
		pen_item(pen, STYLE_STRONG, "%s", follow_label(st));
	if (st->inner)
		pen_item(pen, STYLE_STRONG, "inner");
}

static void
header_paint_tabs(const struct painter *p)
{
	const struct state *st = p->st;
	const struct state_view *per = &st->per_view[st->view];
	struct pen pen = pen_at(p->c, 0, p->lo.tabs, p->c->cols);
	enum tab_titles form = header_tab_titles(p);
	char text[FILTER_MAX + 8];
	struct buf show;
	int last = -1;

	for (unsigned i = 0; i < n_views; i++) {
		if (i != st->view && (p->c->cols < WITH_TABS || !header_has_tab(p, i, form)))
			continue;
		header_paint_tab(p, &pen, i, form, last == (int)st->view);
		last = (int)i;
	}
	if (last == (int)st->view)
		pen_put(&pen, STYLE_STRONG, "]");
	header_paint_chips(st, &pen);
	if (st->filter_text[0] == '\0')
		return;
	if (per->filter_compiled && per->filter_invalid)
		pen_item(&pen, STYLE_ERROR, "not for this view:");
	pen_item(&pen, STYLE_DIM, "show:");
	buf_init(&show, text, sizeof(text));
	text_shorten(&show, st->filter_text, pen.end - pen.x - 1);
	pen_put(&pen, STYLE_STRONG, " %s", show.s);
}

void
header_paint(const struct painter *p)
{
	header_paint_rates(p);
	if (p->lo.title >= 0)
		header_paint_title(p);
	if (p->lo.totals >= 0)
		header_paint_totals(p);
	if (p->lo.sparkline >= 0)
		sparkline_paint(p);
	if (p->lo.tabs >= 0)
		header_paint_tabs(p);
}
