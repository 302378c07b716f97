#include "config.h"

#include <stdio.h>
#include <string.h>

#include "control/command.h"
#include "control/keymap.h"
#include "screen/paint.h"
#include "util/text.h"

#define LABELS      15 /* cells of the column of key labels */
#define NAMES       15 /* cells of column names and commands */
#define TWO_COLUMNS 78 /* cells that two columns of keys need */
#define ENTRIES     96

/* A page that is scrolled: line numbers are relative to the page. */
struct page {
	struct canvas *c;
	int y, rows; /* where on the canvas it is seen */
	int top;     /* line that is seen first */
	int line;    /* the next one */
};

/* A line of the key help: a key, or a heading. */
struct entry {
	unsigned key;
	bool heading;
};

static void
page_put(const struct page *p, int line, int x, int width, enum style st, const char *s)
{
	if (line >= p->top && line < p->top + p->rows)
		canvas_put(p->c, x, p->y + line - p->top, width, st, s);
}

/* Keys for one view only, by the start of their command. */
/* clang-format off */
static const struct {
	const char *command, *view;
} special[] = {
	{ "span ", "traffic" },
	{ "graph ", "traffic" },
	{ "fold", "protocols" },
};
/* clang-format on */

static bool
is_of(const struct key *k, const struct view *v)
{
	for (size_t i = 0; i < NITEMS(special); i++)
		if (strncmp(special[i].command, k->command, strlen(special[i].command)) == 0)
			return strcmp(special[i].view, v->name) == 0;
	return true;
}

static unsigned
list_entries(struct entry *e, const struct view *v)
{
	const char *group = "";
	unsigned n = 0;

	for (unsigned i = 0; i < n_keys && n + 1 < ENTRIES; i += key_entry(i)) {
		if (!is_of(&keys[i], v))
			continue;
		if (strcmp(group, keys[i].group) != 0)
			e[n++] = (struct entry){ .key = i, .heading = true };
		group = keys[i].group;
		e[n++] = (struct entry){ .key = i };
	}
	return n;
}

/* The start of the second column: the heading that gives the shortest longer column. */
static unsigned
split(const struct entry *e, unsigned n)
{
	unsigned best = n, longest = n;

	for (unsigned i = 1; i < n; i++) {
		unsigned longer = i > n - i ? i : n - i;

		if (e[i].heading && longer < longest) {
			longest = longer;
			best = i;
		}
	}
	return best;
}

static void
put_entry(const struct page *p, int line, int x, int width, const struct entry *e)
{
	const struct key *k = &keys[e->key];
	char label[64];
	struct buf b;

	if (e->heading) {
		page_put(p, line, x, width, STYLE_STRONG, k->group);
		return;
	}
	buf_init(&b, label, sizeof(label));
	buf_adds(&b, k->label);
	for (unsigned i = 1; i < key_entry(e->key); i++)
		buf_addf(&b, " %s", k[i].label);
	page_put(p, line, x + 1, LABELS - 1, STYLE_KEY, label);
	page_put(p, line, x + LABELS, width - LABELS, STYLE_PLAIN, k->help);
}

static void
put_keys(struct page *p, int cols, const struct view *v)
{
	struct entry e[ENTRIES];
	unsigned n = list_entries(e, v), first = cols >= TWO_COLUMNS ? split(e, n) : n;
	int half = cols / 2;

	for (unsigned i = 0; i < first; i++)
		put_entry(p, p->line + (int)i, 0, first < n ? half - 1 : cols, &e[i]);
	for (unsigned i = first; i < n; i++)
		put_entry(p, p->line + (int)(i - first), half, cols - half, &e[i]);
	p->line += (int)(first > n - first ? first : n - first);
}

/* Keys that the user has bound. */
static void
put_bound(struct page *p, const struct bindings *b)
{
	for (unsigned i = 0; i < b->n; i++) {
		const char *command = b->of[i].command;
		char label[32];
		struct buf key;

		buf_init(&key, label, sizeof(label));
		key_label(b->of[i].code, &key);
		if (i == 0)
			page_put(p, p->line++, 0, p->c->cols, STYLE_STRONG, "Bound by you");
		page_put(p, p->line, 1, LABELS - 1, STYLE_KEY, label);
		page_put(p, p->line++, LABELS, p->c->cols - LABELS, STYLE_PLAIN,
		    command[0] != '\0' ? command : "nothing");
	}
}

static void
put_heading(struct page *p, const char *s)
{
	p->line++;
	page_put(p, p->line++, 0, p->c->cols, STYLE_STRONG, s);
}

/* The bytes of s that fit `cells` cells, cut at a blank if possible. */
static int
line_of(const char *s, int cells)
{
	int n = (int)strlen(s), at = cells;

	if (n <= cells)
		return n;
	while (at > 0 && s[at] != ' ')
		at--;
	return at > 0 ? at : cells > 0 ? cells : n;
}

/* A term and its meaning, on as many lines as needed. */
static void
put_term(struct page *p, const char *name, const char *help)
{
	int x = 1 + (int)text_width(name) + 2, n;
	char line[256];

	if (x < 1 + NAMES)
		x = 1 + NAMES;
	page_put(p, p->line, 1, p->c->cols - 1, STYLE_KEY, name);
	do {
		n = line_of(help, p->c->cols - x);
		snprintf(line, sizeof(line), "%.*s", n, help);
		page_put(p, p->line++, x, p->c->cols - x, STYLE_PLAIN, line);
		help += n + (help[n] == ' ');
		x = 1 + NAMES;
	} while (*help != '\0' && p->c->cols > x);
}

static void
put_columns(struct page *p, const struct view *v)
{
	char heading[128];
	struct buf b;

	buf_init(&b, heading, sizeof(heading));
	buf_addf(&b, "%s: columns to sort by and to filter with", v->title);
	put_heading(p, b.s);
	for (unsigned i = 0; i < v->n_cols; i++)
		put_term(p, v->cols[i].name, v->cols[i].help);
}

static void
put_filters(struct page *p)
{
	put_heading(p, "Display filter");
	put_term(p, "WORD", "Some text of the row contains it.");
	put_term(p, "COLUMN > 1M", "Compares: = != > >= < <=; numbers take k M G Ki Mi Gi.");
	put_term(p, "COLUMN ~ REGEX", "Matches a regular expression.");
	put_term(p, "host, net NET", "An address of the row is it, or is in it.");
	put_term(p, "port N", "A port of the row is it; also tcp udp icmp arp ip ip6.");
	put_term(p, "and or not ( )", "Joins them; two side by side must both be true.");
}

static void
put_commands(struct page *p)
{
	char line[160];
	struct buf b;

	put_heading(p, "Commands");
	for (unsigned i = 0; i < n_commands; i++) {
		buf_init(&b, line, sizeof(line));
		buf_addf(&b, "%s %s", commands[i].name, commands[i].args);
		put_term(p, b.s, commands[i].help);
	}
}

static void
put_views(struct page *p)
{
	put_heading(p, "Views");
	for (unsigned i = 0; i < n_views; i++)
		put_term(p, views[i]->name, views[i]->help);
}

static void
put_page(struct page *p, const struct state *st)
{
	if (!st->manual) {
		put_bound(p, &st->bindings);
		put_keys(p, p->c->cols, views[st->view]);
		return;
	}
	page_put(p, p->line++, 0, p->c->cols, STYLE_PLAIN, "The whole manual: man pkttop");
	put_columns(p, views[st->view]);
	put_filters(p);
	put_commands(p);
	put_views(p);
}

/* The current settings in one line. */
static void
paint_state(const struct paint *p)
{
	const struct state *st = p->st;
	const struct view *v = views[st->view];
	struct pen pen = pen_at(p->c, 1, 0, p->c->cols);
	bool desc;
	unsigned sorted = state_sort(st, &desc);

	canvas_style(p->c, 0, 0, p->c->cols, STYLE_TITLE);
	pen_put(&pen, STYLE_TITLE, "%s by %s%s", v->title, v->cols[sorted].name,
	    desc ? ", most first" : ", least first");
	pen_item(&pen, STYLE_TITLE, "every %g s", st->delay);
	pen_item(&pen, STYLE_TITLE, "%s%s", st->units.bytes ? "bytes" : "bits",
	    st->units.scale == FMT_IEC ? " by 1024" : "");
	pen_item(&pen, STYLE_TITLE, "%s", st->average ? "whole time" : "last interval");
	if (st->frozen)
		pen_item(&pen, STYLE_WARN, "frozen");
	if (st->show[0] != '\0')
		pen_put(&pen, STYLE_TITLE, "  show: %s", st->show);
}

void
help_paint(const struct paint *p)
{
	int bottom = p->lo.status >= 0 ? p->lo.status : p->c->rows;
	struct page page = { .c = p->c, .y = 1 };
	int last;

	/* Painting to a page without rows only measures its length. */
	put_page(&page, p->st);
	/* While there is no message its line is used too, so that all keys fit. */
	if (p->lo.keys >= 0 && p->st->message.len == 0)
		bottom = p->lo.keys;
	page.rows = bottom > 1 ? bottom - 1 : 0;
	last = page.line > page.rows ? page.line - page.rows : 0;
	if (p->st->help_top > (unsigned)last)
		p->st->help_top = (unsigned)last;
	page.top = (int)p->st->help_top;
	page.line = 0;
	put_page(&page, p->st);
	paint_state(p);
}
