#include "config.h"

#include "control/settings.h"

#include <string.h>

#include "control/cmd.h"
#include "util/text.h"

static void
add_switch(struct buf *b, const char *name, bool on)
{
	buf_addf(b, "%s %s\n", name, on ? "on" : "off");
}

static void
add_units(const struct state *st, struct buf *b)
{
	buf_addf(b, "units %s\n", st->units.bytes ? "bytes" : "bits");
	buf_addf(b, "units %s\n", st->units.scale == FMT_IEC ? "iec" : "si");
}

static void
add_delay(const struct state *st, struct buf *b)
{
	buf_addf(b, "delay %g\n", st->delay);
}

static void
add_numeric(const struct state *st, struct buf *b)
{
	add_switch(b, "numeric", st->units.numeric);
}

static void
add_prefix(const struct state *st, struct buf *b)
{
	if (st->prefix4 == NETWORKS_AUTO)
		buf_adds(b, "prefix auto\n");
	else
		buf_addf(b, "prefix 4 %u\nprefix 6 %u\n", st->prefix4, st->prefix6);
}

static void
add_names(const struct state *st, struct buf *b)
{
	buf_addf(b, "names %s\n", naming_name(st));
}

static void
add_own(const struct state *st, struct buf *b)
{
	add_switch(b, "own", st->own.shown);
}

static void
add_pane(const struct state *st, struct buf *b)
{
	add_switch(b, "pane", st->pane_shown);
}

static void
add_theme(const struct state *st, struct buf *b)
{
	buf_addf(b, "theme %s\n", theme_names[st->theme]);
}

static void
add_mouse(const struct state *st, struct buf *b)
{
	add_switch(b, "mouse", st->mouse);
}

static void
add_bindings(const struct state *st, struct buf *b)
{
	bind_text(&st->bindings, b);
}

/* Columns and order of one view; nothing if they are the default. */
static void
add_view(const struct state *st, unsigned view, struct buf *b)
{
	const struct state_view *p = &st->per[view];
	char text[4096];
	struct buf own;

	buf_init(&own, text, sizeof(text));
	arrange_text(&st->arrange[view], views[view], &own);
	if (p->chosen)
		buf_addf(&own, "sort %s %s\n", views[view]->cols[p->sort].name,
		    p->desc ? "desc" : "asc");
	if (own.len > 0)
		buf_addf(b, "view %s\n%s", views[view]->name, own.s);
}

/* The view shown comes last, so that it is shown after loading. */
static void
add_views(const struct state *st, struct buf *b)
{
	for (unsigned i = 0; i < n_views; i++)
		add_view(st, i, b);
	buf_addf(b, "view %s\n", views[st->view]->name);
}

/*
 * The commands that are settings, and how they are saved.  What hides traffic is not saved, as
 * nobody would expect traffic to be missing later.
 */
/* clang-format off */
static const struct {
	const char *name;
	void (*add)(const struct state *st, struct buf *b); /* NULL: nothing, or another row does */
} settings[] = {
	{ "units", add_units },
	{ "delay", add_delay },
	{ "numeric", add_numeric },
	{ "prefix", add_prefix },
	{ "names", add_names },
	{ "own", add_own },
	{ "pane", add_pane },
	{ "theme", add_theme },
	{ "mouse", add_mouse },
	{ "bind", add_bindings },
	{ "unbind", NULL },
	{ "columns", NULL },
	{ "column", NULL },
	{ "sort", NULL },
	{ "view", add_views },
	{ "average", NULL },
	{ "graph", NULL },
	{ "hold", NULL },
	{ "inner", NULL },
	{ "show", NULL },
	{ "span", NULL },
	{ "toggle", NULL },
};
/* clang-format on */

void
settings_text(const struct state *st, struct buf *text)
{
	buf_adds(text,
	    "# Settings of pkttop: commands as its : prompt takes them.\n"
	    "# The command write (key W) replaces this file.\n");
	for (size_t i = 0; i < NITEMS(settings); i++)
		if (settings[i].add != NULL)
			settings[i].add(st, text);
}

static bool
is_setting(const char *line)
{
	size_t n = strcspn(line, " \t");

	for (size_t i = 0; i < NITEMS(settings); i++)
		if (strlen(settings[i].name) == n && strncmp(settings[i].name, line, n) == 0)
			return true;
	return false;
}

/* Runs one line.  An error is left in st->message. */
static unsigned
run_line(struct state *st, const char *line)
{
	buf_clear(&st->message);
	st->message_bad = false;
	if (*line == '\0' || *line == '#')
		return 0;
	if (!text_is_clean(line)) {
		state_say(st, true, "this is no text");
		return 0;
	}
	if (command_exists(line) && !is_setting(line)) {
		state_say(st, true, "\"%.*s\" is no setting", (int)strcspn(line, " "), line);
		return 0;
	}
	return command_run(st, line);
}

/* Copies n bytes without surrounding blanks; tabs become blanks; a longer line is cut. */
static void
take_line(char *line, size_t size, const char *s, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n && len + 1 < size; i++) {
		char c = s[i] == '\t' || s[i] == '\r' ? ' ' : s[i];

		if (c != ' ' || len > 0)
			line[len++] = c;
	}
	while (len > 0 && line[len - 1] == ' ')
		len--;
	line[len] = '\0';
}

unsigned
settings_run(struct state *st, const char *name, const char *text, struct buf *said)
{
	char line[FILTER_MAX + 128]; /* longer than any command may be */
	unsigned wishes = 0, number = 1;

	for (const char *s = text; *s != '\0'; number++) {
		size_t n = strcspn(s, "\n");

		take_line(line, sizeof(line), s, n);
		wishes |= run_line(st, line);
		if (st->message_bad)
			buf_addf(said, "%s:%u: %s\n", name, number, st->message.s);
		s += n + (s[n] == '\n');
	}
	buf_clear(&st->message);
	st->message_bad = false;
	return wishes;
}
