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
struct help_page {
	struct canvas *c;
	int y, rows; /* where on the canvas it is seen */
	int top;     /* line that is seen first */
	int line;    /* the next one */
};

/* A line of the key help: a key, or a heading. */
struct help_entry {
	unsigned key;
	bool heading;
};

static void
help_page_put(const struct help_page *p, int line, int x, int width, enum style st, const char *s)
{
	if (line >= p->top && line < p->top + p->rows)
		canvas_put(p->c, x, p->y + line - p->top, width, st, s);
}

/* Keys for one view only, by the start of their command. */
/* clang-format off */
static const struct {
	const char *command, *view;
} help_special_keys[] = {
	{ "span ", "traffic" },
	{ "graph ", "traffic" },
	{ "fold", "protocols" },
};
/* clang-format on */

static bool
help_key_is_of_view(const struct key *k, const struct view *v)
{
	for (size_t i = 0; i < NITEMS(help_special_keys); i++)
		if (strncmp(help_special_keys[i].command, k->command,
			strlen(help_special_keys[i].command)) == 0)
			return strcmp(help_special_keys[i].view, v->name) == 0;
	return true;
}

static unsigned
help_list_entries(struct help_entry *e, const struct view *v)
{
	const char *group = "";
	unsigned n = 0;

	for (unsigned i = 0; i < n_keys && n + 1 < ENTRIES; i += key_entry(i)) {
		if (!help_key_is_of_view(&keys[i], v))
			continue;
		if (strcmp(group, keys[i].group) != 0)
			e[n++] = (struct help_entry){ .key = i, .heading = true };
		group = keys[i].group;
		e[n++] = (struct help_entry){ .key = i };
	}
	return n;
}

/* The start of the second column: the heading that gives the shortest longer column. */
static unsigned
help_find_split(const struct help_entry *e, unsigned n)
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
help_put_entry(const struct help_page *p, int line, int x, int width, const struct help_entry *e)
{
	const struct key *k = &keys[e->key];
	char label[64];
	struct buf b;

	if (e->heading) {
		help_page_put(p, line, x, width, STYLE_STRONG, k->group);
		return;
	}
	buf_init(&b, label, sizeof(label));
	buf_adds(&b, k->label);
	for (unsigned i = 1; i < key_entry(e->key); i++)
		buf_addf(&b, " %s", k[i].label);
	help_page_put(p, line, x + 1, LABELS - 1, STYLE_KEY, label);
	help_page_put(p, line, x + LABELS, width - LABELS, STYLE_PLAIN, k->help);
}

static void
help_put_keys(struct help_page *p, int cols, const struct view *v)
{
	struct help_entry e[ENTRIES];
	unsigned n = help_list_entries(e, v),
		 first = cols >= TWO_COLUMNS ? help_find_split(e, n) : n;
	int half = cols / 2;

	for (unsigned i = 0; i < first; i++)
		help_put_entry(p, p->line + (int)i, 0, first < n ? half - 1 : cols, &e[i]);
	for (unsigned i = first; i < n; i++)
		help_put_entry(p, p->line + (int)(i - first), half, cols - half, &e[i]);
	p->line += (int)(first > n - first ? first : n - first);
}

/* Keys that the user has bound. */
static void
help_put_bound(struct help_page *p, const struct key_bindings *b)
{
	for (unsigned i = 0; i < b->n; i++) {
		const char *command = b->entry[i].command;
		char label[32];
		struct buf key;

		buf_init(&key, label, sizeof(label));
		key_label(b->entry[i].code, &key);
		if (i == 0)
			help_page_put(p, p->line++, 0, p->c->cols, STYLE_STRONG, "Bound by you");
		help_page_put(p, p->line, 1, LABELS - 1, STYLE_KEY, label);
		help_page_put(p, p->line++, LABELS, p->c->cols - LABELS, STYLE_PLAIN,
		    command[0] != '\0' ? command : "nothing");
	}
}

static void
help_put_heading(struct help_page *p, const char *s)
{
	p->line++;
	help_page_put(p, p->line++, 0, p->c->cols, STYLE_STRONG, s);
}

/* The bytes of s that fit `cells` cells, cut at a blank if possible. */
static int
help_line_length(const char *s, int cells)
{
	int n = (int)strlen(s), at = cells;

	if (n <= cells)
		return n;
	while (at > 0 && s[at] != ' ')
		at--;
	if (at > 0)
		return at;
	return cells > 0 ? cells : n;
}

/* A term and its meaning, on as many lines as needed. */
static void
help_put_term(struct help_page *p, const char *name, const char *help)
{
	int x = 1 + (int)text_width(name) + 2, n;
	char line[256];

	if (x < 1 + NAMES)
		x = 1 + NAMES;
	help_page_put(p, p->line, 1, p->c->cols - 1, STYLE_KEY, name);
	do {
		n = help_line_length(help, p->c->cols - x);
		snprintf(line, sizeof(line), "%.*s", n, help);
		help_page_put(p, p->line++, x, p->c->cols - x, STYLE_PLAIN, line);
		help += n + (help[n] == ' ');
		x = 1 + NAMES;
	} while (*help != '\0' && p->c->cols > x);
}

static void
help_put_columns(struct help_page *p, const struct view *v)
{
	char heading[128];
	struct buf b;

	buf_init(&b, heading, sizeof(heading));
	buf_addf(&b, "%s: columns for sorting and filtering", v->title);
	help_put_heading(p, b.s);
	for (unsigned i = 0; i < v->n_cols; i++)
		help_put_term(p, v->cols[i].name, v->cols[i].help);
}

static void
help_put_filters(struct help_page *p)
{
	help_put_heading(p, "Display filter");
	help_put_term(p, "WORD", "Some text of the row contains this word.");
	help_put_term(
	    p, "COLUMN > 1M", "Compares: = != > >= < <=; numbers may have k M G Ki Mi Gi.");
	help_put_term(p, "COLUMN ~ REGEX", "Matches a regular expression.");
	help_put_term(p, "host, net NET", "An address of the row is this one, or in this network.");
	help_put_term(p, "port N", "A port of the row is N; also tcp udp icmp arp ip ip6.");
	help_put_term(p, "and or not ( )", "Combines terms; adjacent terms must both match.");
}

static void
help_put_commands(struct help_page *p)
{
	char line[160];
	struct buf b;

	help_put_heading(p, "Commands");
	for (unsigned i = 0; i < n_commands; i++) {
		buf_init(&b, line, sizeof(line));
		buf_addf(&b, "%s %s", commands[i].name, commands[i].args);
		help_put_term(p, b.s, commands[i].help);
	}
}

static void
help_put_views(struct help_page *p)
{
	help_put_heading(p, "Views");
	for (unsigned i = 0; i < n_views; i++)
		help_put_term(p, views[i]->name, views[i]->help);
}

static void
help_put_page(struct help_page *p, const struct state *st)
{
	if (!st->manual) {
		help_put_bound(p, &st->bindings);
		help_put_keys(p, p->c->cols, views[st->view]);
		return;
	}
	help_page_put(p, p->line++, 0, p->c->cols, STYLE_PLAIN, "The whole manual: man pkttop");
	help_put_columns(p, views[st->view]);
	help_put_filters(p);
	help_put_commands(p);
	help_put_views(p);
}

/* The current settings in one line. */
static void
help_paint_title(const struct painter *p)
{
	const struct state *st = p->st;
	const struct view *v = views[st->view];
	struct pen pen = pen_at(p->c, 1, 0, p->c->cols);
	bool desc;
	unsigned sorted = state_get_sort(st, &desc);

	canvas_style(p->c, 0, 0, p->c->cols, STYLE_TITLE);
	pen_put(&pen, STYLE_TITLE, "%s by %s%s", v->title, v->cols[sorted].name,
	    desc ? ", descending" : ", ascending");
	pen_item(&pen, STYLE_TITLE, "every %g s", st->delay);
	pen_item(&pen, STYLE_TITLE, "%s%s", st->units.bytes_per_second ? "bytes" : "bits",
	    st->units.scale == FMT_IEC ? " by 1024" : "");
	pen_item(&pen, STYLE_TITLE, "%s", st->whole_time ? "whole time" : "last interval");
	if (st->frozen)
		pen_item(&pen, STYLE_WARN, "frozen");
	if (st->filter_text[0] != '\0')
		pen_put(&pen, STYLE_TITLE, "  show: %s", st->filter_text);
}

void
help_paint(const struct painter *p)
{
	int bottom = p->lo.status >= 0 ? p->lo.status : p->c->rows;
	struct help_page page = { .c = p->c, .y = 1 };
	int last;

	/* Painting to a page without rows only measures its length. */
	help_put_page(&page, p->st);
	/* While there is no message its line is used too, so that all keys fit. */
	if (p->lo.keys >= 0 && p->st->message.len == 0)
		bottom = p->lo.keys;
	page.rows = bottom > 1 ? bottom - 1 : 0;
	last = page.line > page.rows ? page.line - page.rows : 0;
	if (p->st->help_top > (unsigned)last)
		p->st->help_top = (unsigned)last;
	page.top = (int)p->st->help_top;
	page.line = 0;
	help_put_page(&page, p->st);
	help_paint_title(p);
}
