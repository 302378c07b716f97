#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "control/keymap.h"
#include "control/prompt.h"
#include "control/state.h"
#include "screen/paint.h"
#include "util/text.h"
#include "view/columns.h"

#define BITS_PER_BYTE 8
#define MESSAGE_LINES 6 /* at most */
#define VERDICT_TEXT  600

static bool
footer_has_message(const struct painter *p)
{
	const struct state *st = p->st;

	return st->message.len != 0 &&
	    (st->message_until == 0 || p->f->monotonic < st->message_until);
}

/* "own ssh hidden 3.1kb/s", if there is some. */
static void
footer_item_own(const struct painter *p, struct pen *pen)
{
	const struct scope *s = &p->st->scope;
	const struct own_session_share *part = &s->own;
	const struct tally *t = s->whole_time ? part->counted : part->delta;
	const struct units *u = &p->st->units;
	double seconds, bytes;
	char array[32];
	struct buf b;

	/* In the past it is not known. */
	if (history_is_shown(p->st) || part->session == NULL || part->flows == 0 ||
	    !views[p->st->view]->hides_own_session)
		return;
	buf_init(&b, array, sizeof(array));
	seconds = scope_seconds(s);
	bytes = (double)(t[OWN_SENT].bytes + t[OWN_RECEIVED].bytes) / (seconds > 0 ? seconds : 1);
	fmt_scaled(&b, u->bytes_per_second ? bytes : bytes * BITS_PER_BYTE, u->scale);
	pen_item(
	    pen, STYLE_DIM, "own ssh hidden %5s%s", array, u->bytes_per_second ? "B/s" : "b/s");
}

/* How many rows are above and below those on the screen. */
static void
footer_paint_more(const struct painter *p, struct pen *pen)
{
	const struct state *st = p->st;
	uint32_t count = state_row_count(st), top = st->per_view[st->view].top;
	uint64_t all = count, below, shown = (uint64_t)p->lo.n_table;

	if (row_list_n_matched(st->list) > all && !st->order.is_tree)
		all = row_list_n_matched(st->list);
	below = all > top + shown ? all - top - shown : 0;
	if (below > 0)
		pen_put(pen, STYLE_DIM, "%s %" PRIu64 " more row%s", p->c->ascii ? "..." : "…",
		    below, below == 1 ? "" : "s");
	if (top > 0)
		pen_item(pen, STYLE_DIM, "%" PRIu32 " above", top);
	if (st->order.is_tree && row_list_count(st->list) > count)
		pen_item(pen, STYLE_DIM, "%" PRIu32 " folded", row_list_count(st->list) - count);
	if (follow_n_newer(st, p->l) > 0)
		pen_item(pen, follow_is_paused(st) ? STYLE_WARN : STYLE_DIM,
		    "%" PRIu64 " newer, %s", follow_n_newer(st, p->l),
		    follow_is_paused(st) ? "F follows" : "shown soon");
	footer_item_own(p, pen);
}

/* The candidates side by side, scrolled so that the inserted one is visible. */
static void
footer_paint_candidates(const struct painter *p)
{
	struct pen pen = pen_at(p->c, 1, p->lo.status, p->c->cols);
	unsigned at = p->st->complete.index, from = 0;
	struct completion_list c;
	int room = p->c->cols - 4;

	completion_find(p->st, &c);
	for (unsigned i = 0, used = 0; i <= at && i < c.n; i++) {
		used += (unsigned)text_width(c.word[i]) + 2;
		while ((int)used > room && from < i)
			used -= (unsigned)text_width(c.word[from++]) + 2;
	}
	if (from > 0)
		pen_put(&pen, STYLE_DIM, "<");
	for (unsigned i = from; i < c.n; i++)
		pen_item(&pen, i == at ? STYLE_SELECTED : STYLE_PLAIN, "%s", c.word[i]);
}

/* What is wrong now, unless the view shows it anyway. */
static void
footer_item_verdict(const struct painter *p, struct pen *pen)
{
	char text[VERDICT_TEXT];
	struct buf b;

	if (views[p->st->view] == &view_events)
		return;
	buf_init(&b, text, sizeof(text));
	events_verdict(&b, detect_events(p->l->detect), p->l->now, NULL);
	if (b.len > 0)
		pen_put(pen, STYLE_WARN, "%s%s", pen->has_text ? "  " : "", text);
}

/* Rows that are not on the screen, then the verdict. */
static void
footer_paint_facts(const struct painter *p)
{
	struct pen pen = pen_at(p->c, 2, p->lo.status, p->c->cols);

	if (p->lo.n_table > 0 && !views[p->st->view]->is_graph)
		footer_paint_more(p, &pen);
	footer_item_verdict(p, &pen);
}

/* The bytes of text that fit into a line: up to a blank, if there is one. */
static size_t
footer_line_len(const char *text, int width)
{
	size_t n = 0, blank = 0;
	int cells = 0;
	uint32_t cp;

	while (text[n] != '\0') {
		size_t bytes = text_decode(text + n, &cp);

		cells += text_cell_width(cp);
		if (cells > width)
			return blank > 0 ? blank : n;
		if (text[n] == ' ')
			blank = n;
		n += bytes;
	}
	return n;
}

/* A long text takes lines of the table for as long as it is shown; its last line is at y. */
static void
footer_paint_text(const struct painter *p, int y, enum style style, const char *text)
{
	int width = p->c->cols - 2, lines = 0;
	const char *s = text;

	for (; *s != '\0' && lines < MESSAGE_LINES; lines++) {
		s += footer_line_len(s, width);
		s += strspn(s, " ");
	}
	for (int i = lines - 1; i >= 0 && y - i >= 0; i--) {
		size_t n = footer_line_len(text, width);
		struct pen pen = pen_at(p->c, 1, y - i, p->c->cols);

		for (int x = 0; lines > 1 && x < p->c->cols; x++)
			canvas_put(p->c, x, y - i, 1, STYLE_PLAIN, " ");
		pen_put(&pen, style, "%.*s", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
	if (*text != '\0')
		canvas_put(p->c, p->c->cols - 1, y, 1, style, p->c->ascii ? ">" : "…");
}

static void
footer_paint_status(const struct painter *p)
{
	const struct state *st = p->st;
	bool says = footer_has_message(p) ||
	    (st->prompt != PROMPT_NONE && (st->error.len != 0 || st->complete.active));

	if (p->lo.status < p->lo.table + p->lo.n_table) {
		if (!says)
			return;
		for (int x = 0; x < p->c->cols; x++)
			canvas_put(p->c, x, p->lo.status, 1, STYLE_PLAIN, " ");
	}
	if (st->prompt != PROMPT_NONE && st->complete.active)
		footer_paint_candidates(p);
	else if (st->prompt != PROMPT_NONE && st->error.len != 0)
		footer_paint_text(p, p->lo.status, STYLE_ERROR, st->error.s);
	else if (footer_has_message(p))
		footer_paint_text(
		    p, p->lo.status, st->message_bad ? STYLE_ERROR : STYLE_PLAIN, st->message.s);
	else if (!st->help && st->menu.kind == MENU_NONE)
		footer_paint_facts(p);
}

/* The offset of the first typed byte to show, so that the cursor is within `room` cells. */
static unsigned
footer_first_shown(const struct state *st, int room)
{
	unsigned first = 0;
	int cells = 0;
	uint32_t cp;

	for (unsigned at = 0; at < st->cursor_at;) {
		at += (unsigned)text_decode(st->typed + at, &cp);
		cells += text_cell_width(cp);
	}
	while (cells >= room && first < st->cursor_at) {
		first += (unsigned)text_decode(st->typed + first, &cp);
		cells -= text_cell_width(cp);
	}
	return first;
}

/* Paints the typed text, marks the error in it, and places the cursor. */
static void
footer_paint_typed(const struct painter *p, struct pen *pen)
{
	const struct state *st = p->st;
	unsigned at = footer_first_shown(st, pen->end - pen->x);

	p->c->cursor_y = pen->y;
	p->c->cursor_x = pen->x;
	while (at < st->typed_len) {
		bool bad = st->error.len != 0 && at == st->error_at;
		uint32_t cp;
		size_t n = text_decode(st->typed + at, &cp);

		pen_put(pen, bad ? STYLE_ERROR : STYLE_PLAIN, "%.*s", (int)n, st->typed + at);
		at += (unsigned)n;
		if (at <= st->cursor_at)
			p->c->cursor_x = pen->x;
	}
	if (p->c->cursor_x >= p->c->cols)
		p->c->cursor_x = p->c->cols - 1;
}

static void
footer_paint_prompt(const struct painter *p)
{
	const struct state *st = p->st;
	int y = p->lo.prompt, cols = p->c->cols;
	struct pen pen = pen_at(p->c, 0, y, cols);

	for (int x = 0; x < cols; x++)
		canvas_put(p->c, x, y, 1, STYLE_PLAIN, " ");
	if (cols > (int)text_width(prompt_label(st->prompt)) + 8)
		pen_put(&pen, STYLE_KEY, "%s", prompt_label(st->prompt));
	footer_paint_typed(p, &pen);
	if (st->error.len != 0 && (p->lo.status < 0 || p->lo.status == y))
		pen_item(&pen, STYLE_ERROR, "%s", st->error.s);
	else
		pen_item(&pen, STYLE_DIM, "%s", prompt_hint(st));
}

void
footer_paint(const struct painter *p)
{
	if (p->lo.status >= 0)
		footer_paint_status(p);
	if (p->st->prompt != PROMPT_NONE)
		footer_paint_prompt(p);
	else if (p->lo.keys >= 0 && p->st->menu.kind != MENU_NONE && !p->st->help)
		menu_paint_keys(p);
	else if (p->lo.keys >= 0 && p->lo.detail >= 0 && !p->st->help)
		detail_paint_keys(p);
	else if (p->lo.keys >= 0)
		key_hints_paint(p);
}
