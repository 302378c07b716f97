/* The line of keys that are useful now. */
#include "config.h"

#include <string.h>

#include "control/history.h"
#include "control/keymap.h"
#include "screen/paint.h"
#include "util/attr.h"

#define HINTS 8

struct key_hint {
	const char *command, *hint;
	const char *label; /* of a key that has this meaning only in that mode; NULL: the key of the
			      command */
};

struct key_hint_mode {
	bool (*is)(const struct state *st);
	struct key_hint hints[HINTS]; /* the most useful first */
};

static bool
key_hints_is_manual(const struct state *st)
{
	return st->help && st->manual;
}

static bool
key_hints_is_help(const struct state *st)
{
	return st->help;
}

static bool
key_hints_is_frozen(const struct state *st)
{
	return st->frozen;
}

static bool
key_hints_is_graph(const struct state *st)
{
	return views[st->view]->is_graph;
}

static bool
key_hints_is_tree(const struct state *st)
{
	return strcmp(views[st->view]->name, "protocols") == 0;
}

static bool
key_hints_is_filtered(const struct state *st)
{
	return st->filter_text[0] != '\0';
}

/* The first mode that applies wins; if none does, the keys with a hint in keys[] are shown. */
/* clang-format off */
static const struct key_hint_mode key_hint_modes[] = {
	{ key_hints_is_manual, {
		{ "back", "the keys", NULL }, { "select page-down", "next page", NULL },
		{ "select page-up", "previous page", NULL }, { "select bottom", "end", NULL } } },
	{ key_hints_is_help, {
		{ "back", "back", NULL }, { "help manual", "manual", HELP_MANUAL_LABEL }, { "select down", "scroll", NULL },
		{ "select page-down", "next page", NULL } } },
	{ history_is_shown, {
		{ "time back", "second back", NULL }, { "time forward", "forward", NULL },
		{ "time back-minute", "minute back", NULL }, { "time forward-minute", "forward", NULL },
		{ "end", "now", NULL }, { "prompt mark", "mark", NULL }, { "time mark", "go to mark", NULL },
		{ "help", "help", NULL } } },
	{ key_hints_is_frozen, {
		{ "freeze", "resume", NULL }, { "open", "detail", NULL }, { "time back", "second back", NULL },
		{ "prompt mark", "mark", NULL }, { "prompt show", "filter", NULL }, { "menu sort", "sort", NULL },
		{ "help", "help", NULL } } },
	{ key_hints_is_graph, {
		{ "span longer", "longer", NULL }, { "span shorter", "shorter", NULL }, { "graph next", "packets", NULL },
		{ "freeze", "freeze", NULL }, { "view next", "next view", NULL }, { "help", "help", NULL },
		{ "leave", "quit", NULL } } },
	{ key_hints_is_tree, {
		{ "fold", "fold", NULL }, { "unfold", "unfold", NULL }, { "fold all", "all", NULL }, { "open", "detail", NULL },
		{ "prompt show", "filter", NULL }, { "freeze", "freeze", NULL }, { "help", "help", NULL },
		{ "leave", "quit", NULL } } },
	{ key_hints_is_filtered, {
		{ "back", "all rows", NULL }, { "drop", "drop term", NULL }, { "prompt show", "filter", NULL },
		{ "open", "detail", NULL }, { "menu sort", "sort", NULL }, { "freeze", "freeze", NULL },
		{ "help", "help", NULL } } },
};
/* clang-format on */

/* Adds the keys of a command and of the other half of its pair. */
static bool
key_hints_add_label(const struct state *st, struct buf *b, unsigned i)
{
	const struct key *k = &keys[i];
	bool any = key_bindings_label(&st->bindings, k->command, b);

	if (key_entry(i) == 1 || strcmp(k[0].command, k[1].command) == 0)
		return any;
	if (any)
		buf_addc(b, ' ');
	return key_bindings_label(&st->bindings, k[1].command, b) || any;
}

static void
key_hints_paint_usual(const struct painter *p, struct pen *pen)
{
	char label[64];
	struct buf b;

	for (unsigned i = 0; i < n_keys; i++) {
		int from = pen->x;

		if (keys[i].hint == NULL)
			continue;
		buf_init(&b, label, sizeof(label));
		if (key_hints_add_label(p->st, &b, i))
			pen_key(pen, label, keys[i].hint);
		canvas_zone(p->c, from, pen->y, pen->x - from, keys[i].command);
	}
}

static void
key_hints_paint_hint(const struct painter *p, struct pen *pen, const struct key_hint *h)
{
	int from = pen->x;

	if (h->label == NULL) {
		pen_command(pen, &p->st->bindings, h->command, h->hint);
		return;
	}
	pen_key(pen, h->label, h->hint);
	canvas_zone(p->c, from, pen->y, pen->x - from, h->command);
}

void
key_hints_paint(const struct painter *p)
{
	struct pen pen = pen_at(p->c, 1, p->lo.keys, p->c->cols);

	for (size_t i = 0; i < NITEMS(key_hint_modes); i++) {
		if (!key_hint_modes[i].is(p->st))
			continue;
		for (size_t k = 0; k < HINTS && key_hint_modes[i].hints[k].command != NULL; k++)
			key_hints_paint_hint(p, &pen, &key_hint_modes[i].hints[k]);
		return;
	}
	key_hints_paint_usual(p, &pen);
}
