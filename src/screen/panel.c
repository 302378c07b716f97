/* The sections of the side panel, from top to bottom as they fit. */
#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "control/layout.h"
#include "screen/canvas.h"
#include "screen/paint.h"
#include "util/attr.h"
#include "util/text.h"

#define NAME_CELLS  9 /* of what has a share */
#define SHARE_CELLS 4
#define HALVES      2 /* bars use half cells: eighths would change too often */
#define US          1000
#define FULL_LINK   0.9  /* link usage from which on it is marked */
#define HURTS       0.02 /* part of segments from which on it is marked */

/* A part of the screen that is filled line by line. */
struct panel_strip {
	const struct painter *p;
	const struct panel *pane;
	int x, y, cells, lines;
};

static struct pen
panel_next_line(struct panel_strip *s)
{
	s->lines--;
	return pen_at(s->p->c, s->x, s->y++, s->x + s->cells);
}

static void
panel_share_text(char text[static 8], double share)
{
	struct buf b;
	unsigned percent = share < 1 ? (unsigned)fmt_rounded(share * 100) : 100;

	buf_init(&b, text, 8);
	if (share > 0 && percent == 0)
		buf_adds(&b, "<1%");
	else
		buf_addf(&b, "%u%%", percent);
}

/* "tcp        71% ██████▌". */
static void
panel_paint_share(struct panel_strip *s, const char *name, double share)
{
	int bar = s->cells - NAME_CELLS - SHARE_CELLS - 2, y = s->y;
	double steps = (double)bar * HALVES;
	struct canvas *c = s->p->c;
	char text[8];

	panel_share_text(text, share);
	panel_next_line(s);
	canvas_put(c, s->x, y, NAME_CELLS, STYLE_PLAIN, name);
	canvas_put_right(c, s->x + NAME_CELLS + 1, y, SHARE_CELLS, STYLE_PLAIN, text);
	graph_bar(c, s->x + s->cells - bar, y, bar, round(round(share * 100) / 100 * steps) / steps,
	    STYLE_BAR);
}

static int
panel_protocols_lines(const struct panel *p)
{
	return CLASSES + (int)p->n_protos;
}

static void
panel_paint_protocols(struct panel_strip *s)
{
	static const char *const names[CLASSES] = {
		[CLASS_TCP] = "TCP",
		[CLASS_UDP] = "UDP",
		[CLASS_ICMP] = "ICMP",
		[CLASS_OTHER] = "other",
	};

	for (unsigned i = 0; i < CLASSES; i++)
		panel_paint_share(s, names[i], s->pane->class[i]);
	for (unsigned i = 0; i < s->pane->n_protos && s->lines > 0; i++)
		panel_paint_share(s, s->pane->proto[i].name, s->pane->proto[i].share);
}

static bool
panel_has_duplicates(const struct panel *p)
{
	return p->tcp[TCP_STATS_DUPLICATES] > 0;
}

static int
panel_tcp_lines(const struct panel *p)
{
	return p->has_tcp ? 3 + p->has_rtt + panel_has_duplicates(p) : 0;
}

static void
panel_add_tenths(struct buf *b, uint64_t tenths)
{
	buf_addu(b, tenths / 10);
	buf_addf(b, ".%u", (unsigned)(tenths % 10));
}

/* A rate per second of fixed width. */
static void
panel_put_rate(struct pen *pen, const char *what, double x)
{
	uint64_t tenths = fmt_rounded(x * 10);
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	if (x > 0 && tenths < 100)
		panel_add_tenths(&b, tenths);
	else
		fmt_scaled(&b, x, FMT_SI);
	pen_item(pen, STYLE_PLAIN, "%-9s%6s/s", what, text);
}

/* A part of the segments, to tenths of a percent. */
static void
panel_put_part(struct pen *pen, const struct panel *p, const char *what, enum tcp_stats_kind kind)
{
	double all = p->tcp[TCP_STATS_SEGMENTS], part = all > 0 ? p->tcp[kind] / all : 0;
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	panel_add_tenths(&b, fmt_rounded(part * 1000));
	pen_item(pen, part > HURTS ? STYLE_BAD : STYLE_PLAIN, "%-9s%6s%% ", what, text);
}

static void
panel_put_trip(struct pen *pen, const char *what, uint32_t us)
{
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	fmt_span(&b, (uint64_t)us * US);
	pen_item(pen, STYLE_PLAIN, "%-9s%6s  ", what, text);
}

static void
panel_paint_tcp(struct panel_strip *s)
{
	static const struct {
		const char *name[2];
		enum tcp_stats_kind kind[2];
		void (*put)(struct pen *pen, const struct panel *p, const char *what,
		    enum tcp_stats_kind kind);
	} lines[] = {
		{ { "retrans", "reordered" }, { TCP_STATS_RETRANSMITTED, TCP_STATS_OUT_OF_ORDER },
		    panel_put_part },
		{ { "SYN", "answered" }, { TCP_STATS_OPENED, TCP_STATS_ANSWERED }, NULL },
		{ { "resets", "0 window" }, { TCP_STATS_RESETS, TCP_STATS_ZERO_WINDOWS }, NULL },
		{ { "duplicate", "segments" }, { TCP_STATS_DUPLICATES, TCP_STATS_SEGMENTS }, NULL },
	};
	unsigned n = NITEMS(lines) - !panel_has_duplicates(s->pane);
	struct pen pen;

	for (unsigned i = 0; i < n && s->lines > 0; i++) {
		pen = panel_next_line(s);
		for (int k = 0; k < 2; k++) {
			if (lines[i].put != NULL)
				lines[i].put(&pen, s->pane, lines[i].name[k], lines[i].kind[k]);
			else
				panel_put_rate(
				    &pen, lines[i].name[k], s->pane->tcp[lines[i].kind[k]]);
		}
	}
	if (!s->pane->has_rtt || s->lines == 0)
		return;
	pen = panel_next_line(s);
	panel_put_trip(&pen, "handshake", s->pane->rtt_median_us);
	panel_put_trip(&pen, "p95", s->pane->rtt_p95_us);
}

static int
panel_sources_lines(const struct panel *p)
{
	return (int)p->n_sources;
}

static void
panel_paint_source(struct panel_strip *s, const struct panel_source *src)
{
	const struct units *u = &s->p->st->units;
	struct pen pen = panel_next_line(s);
	char text[16];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	pen_put(&pen, STYLE_PLAIN, "%-10.10s", src->name);
	if (src->state == SOURCE_GONE || src->state == SOURCE_FAILED || src->state == SOURCE_DOWN) {
		pen_item(&pen, STYLE_BAD, "%s", source_state_name(src->state));
	} else if (src->byte_rate >= 0) {
		fmt_scaled(&b, src->byte_rate * (u->bytes_per_second ? 1 : 8), u->scale);
		pen_put(&pen, STYLE_PLAIN, " %*s%s", u->scale == FMT_IEC ? 6 : 5, text,
		    u->bytes_per_second ? "B/s" : "b/s");
	}
	if (src->link_share >= 0) {
		panel_share_text(text, src->link_share);
		pen_item(&pen, src->link_share > FULL_LINK ? STYLE_WARN : STYLE_PLAIN,
		    "%3s of link", text);
	}
	if (!src->drops_known)
		return;
	buf_clear(&b);
	fmt_scaled(&b, (double)src->dropped, FMT_SI);
	pen_item(&pen, src->dropped > 0 ? STYLE_BAD : STYLE_DIM, "dropped %s", text);
}

static void
panel_paint_sources(struct panel_strip *s)
{
	const struct panel *p = s->pane;
	unsigned n = p->n_sources < PANEL_SOURCES ? p->n_sources : PANEL_SOURCES, more;
	struct pen pen;

	if (p->n_sources > (unsigned)s->lines || p->n_sources > PANEL_SOURCES)
		n = n < (unsigned)s->lines ? n : (unsigned)s->lines - 1;
	for (unsigned i = 0; i < n; i++)
		panel_paint_source(s, &p->source[i]);
	more = p->n_sources - n;
	if (more == 0 || s->lines == 0)
		return;
	pen = panel_next_line(s);
	pen_put(&pen, STYLE_DIM, "%s %u more", s->p->c->ascii ? "..." : "…", more);
}

static int
panel_sizes_lines(const struct panel *p)
{
	int n = 0;

	for (unsigned i = 0; i < PANEL_SIZES; i++)
		n += p->size[i] > 0;
	return n;
}

static void
panel_paint_sizes(struct panel_strip *s)
{
	char text[16];
	struct buf b;

	for (unsigned i = 0; i < n_size_ranges && i < PANEL_SIZES && s->lines > 0; i++) {
		const struct size_range *r = &size_ranges[i];

		if (s->pane->size[i] <= 0)
			continue;
		buf_init(&b, text, sizeof(text));
		if (r->to == UINT32_MAX)
			buf_addf(&b, "%" PRIu32 "+", r->from);
		else
			buf_addf(&b, "%s%" PRIu32, s->p->c->ascii ? "to " : "≤", r->to);
		panel_paint_share(s, text, s->pane->size[i]);
	}
}

static int
panel_room_lines(const struct panel *p)
{
	return p->flows.max > 0 ? 2 : 0;
}

static void
panel_paint_room(struct panel_strip *s)
{
	const struct {
		const char *name;
		const struct panel_table *r;
	} rooms[] = { { "flows", &s->pane->flows }, { "hosts", &s->pane->hosts } };

	for (unsigned i = 0; i < NITEMS(rooms) && s->lines > 0; i++) {
		struct pen pen = panel_next_line(s);
		char used[16], max[16], left[16];
		struct buf b;

		buf_init(&b, used, sizeof(used));
		fmt_scaled(&b, rooms[i].r->used, FMT_SI);
		buf_init(&b, max, sizeof(max));
		fmt_scaled(&b, rooms[i].r->max, FMT_SI);
		buf_init(&b, left, sizeof(left));
		fmt_scaled(&b, (double)rooms[i].r->evicted, FMT_SI);
		pen_put(&pen, STYLE_PLAIN, "%-9s%5s of %5s", rooms[i].name, used, max);
		if (rooms[i].r->evicted > 0)
			pen_item(&pen, STYLE_WARN, "%s evicted", left);
	}
}

static const struct panel_section {
	const char *title;
	int least; /* least lines below its title, else it is not shown */
	int (*want)(const struct panel *p);
	void (*paint)(struct panel_strip *s); /* in at most s->lines lines */
} panel_sections[] = {
	{ "PROTOCOLS", CLASSES, panel_protocols_lines, panel_paint_protocols },
	{ "TCP", 3, panel_tcp_lines, panel_paint_tcp },
	{ "SOURCES", 1, panel_sources_lines, panel_paint_sources },
	{ "PACKETS BY SIZE", 3, panel_sizes_lines, panel_paint_sizes },
	{ "TABLE USE", 2, panel_room_lines, panel_paint_room },
};

/* Distributes `room` lines: first the least of each section, then the rest. */
static void
panel_share_lines(const struct panel *p, int room, int lines[static NITEMS(panel_sections)])
{
	int want[NITEMS(panel_sections)];

	for (unsigned i = 0; i < NITEMS(panel_sections); i++) {
		int least;

		want[i] = panel_sections[i].want(p);
		least = want[i] < panel_sections[i].least ? want[i] : panel_sections[i].least;
		lines[i] = want[i] > 0 && room >= least + 1 ? least : 0;
		room -= lines[i] > 0 ? lines[i] + 1 : 0;
	}
	for (unsigned i = 0; i < NITEMS(panel_sections); i++) {
		int more = want[i] - lines[i];

		if (lines[i] == 0)
			continue;
		lines[i] += more < room ? more : room;
		room -= more < room ? more : room;
	}
}

static void
panel_paint_title(struct panel_strip *s, const char *title, bool first)
{
	struct canvas *c = s->p->c;
	int x = s->x - 1;

	if (first) {
		canvas_style(c, x, s->y, s->cells + 1, STYLE_TITLE);
		canvas_put(c, s->x, s->y++, s->cells, STYLE_TITLE, title);
		return;
	}
	canvas_put(c, x, s->y, 1, STYLE_DIM, "├");
	x += 1 + canvas_put(c, s->x, s->y, s->cells, STYLE_STRONG, title);
	for (x++; x < s->x + s->cells; x++)
		canvas_put(c, x, s->y, 1, STYLE_DIM, "─");
	s->y++;
}

void
panel_paint(const struct painter *p)
{
	int cells = panel_width(p->st), left = p->c->cols - cells, lines[NITEMS(panel_sections)];
	struct panel_strip s = { p, &p->st->panel, left + 2, p->lo.heads, cells - 2, 0 };
	bool first = true;

	if (cells == 0 || p->lo.heads < 0)
		return;
	for (int y = p->lo.heads; y < p->lo.table + p->lo.n_table; y++) {
		for (int x = left; x < p->c->cols; x++)
			canvas_put(p->c, x, y, 1, STYLE_PLAIN, " ");
		canvas_put(p->c, left + 1, y, 1, STYLE_DIM, "│");
	}
	panel_share_lines(&p->st->panel, p->lo.n_table + 1, lines);
	for (unsigned i = 0; i < NITEMS(panel_sections); i++) {
		if (lines[i] == 0)
			continue;
		panel_paint_title(&s, panel_sections[i].title, first);
		first = false;
		s.lines = lines[i];
		panel_sections[i].paint(&s);
	}
}
