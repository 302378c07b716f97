#include "config.h"

#include "control/settings.h"

#include <string.h>

#include "control/cmd.h"
#include "util/text.h"

static void
settings_add_switch(struct buf *b, const char *name, bool on)
{
	buf_addf(b, "%s %s\n", name, on ? "on" : "off");
}

static void
settings_add_units(const struct state *st, struct buf *b)
{
	buf_addf(b, "units %s\n", st->units.bytes_per_second ? "bytes" : "bits");
	buf_addf(b, "units %s\n", st->units.scale == FMT_IEC ? "iec" : "si");
}

static void
settings_add_delay(const struct state *st, struct buf *b)
{
	buf_addf(b, "delay %g\n", st->delay);
}

static void
settings_add_numeric(const struct state *st, struct buf *b)
{
	settings_add_switch(b, "numeric", st->units.numeric);
}

static void
settings_add_prefix(const struct state *st, struct buf *b)
{
	if (st->prefix4 == NETWORKS_AUTO)
		buf_adds(b, "prefix auto\n");
	else
		buf_addf(b, "prefix 4 %u\nprefix 6 %u\n", st->prefix4, st->prefix6);
}

static void
settings_add_names(const struct state *st, struct buf *b)
{
	buf_addf(b, "names %s\n", cmd_display_names_mode(st));
}

static void
settings_add_own(const struct state *st, struct buf *b)
{
	settings_add_switch(b, "own", st->own.shown);
}

static void
settings_add_panel(const struct state *st, struct buf *b)
{
	settings_add_switch(b, "pane", st->panel_shown);
}

static void
settings_add_theme(const struct state *st, struct buf *b)
{
	buf_addf(b, "theme %s\n", theme_names[st->theme]);
}

static void
settings_add_mouse(const struct state *st, struct buf *b)
{
	settings_add_switch(b, "mouse", st->mouse);
}

static void
settings_add_events(const struct state *st, struct buf *b)
{
	for (unsigned i = 0; i < EVENT_RULES; i++)
		if (st->event_limits.given[i])
			buf_addf(b, "event %s %u\n", event_rules[i].name, st->event_limits.n[i]);
}

static void
settings_add_bindings(const struct state *st, struct buf *b)
{
	key_bindings_commands(&st->bindings, b);
}

/* Columns and order of one view; nothing if they are the default. */
static void
settings_add_view(const struct state *st, unsigned view, struct buf *b)
{
	const struct state_view *p = &st->per_view[view];
	char text[4096];
	struct buf own;

	buf_init(&own, text, sizeof(text));
	column_prefs_commands(&st->column_prefs[view], views[view], &own);
	if (p->sort_chosen)
		buf_addf(&own, "sort %s %s\n", views[view]->cols[p->sort_column].name,
		    p->sort_desc ? "desc" : "asc");
	if (p->group > 0)
		buf_addf(&own, "group %s\n", views[view]->groups[p->group]);
	if (own.len > 0)
		buf_addf(b, "view %s\n%s", views[view]->name, own.s);
}

/* The view shown comes last, so that it is shown after loading. */
static void
settings_add_views(const struct state *st, struct buf *b)
{
	for (unsigned i = 0; i < n_views; i++)
		settings_add_view(st, i, b);
	buf_addf(b, "view %s\n", views[st->view]->name);
}

/*
 * The commands that are settings, and how they are saved.  Settings that hide traffic are not
 * saved, because a user would not expect traffic to be missing later.
 */
/* clang-format off */
static const struct {
	const char *name;
	void (*add)(const struct state *st, struct buf *b); /* NULL: nothing, or another row does */
} settings[] = {
	{ "units", settings_add_units },
	{ "delay", settings_add_delay },
	{ "numeric", settings_add_numeric },
	{ "prefix", settings_add_prefix },
	{ "names", settings_add_names },
	{ "own", settings_add_own },
	{ "pane", settings_add_panel },
	{ "theme", settings_add_theme },
	{ "mouse", settings_add_mouse },
	{ "event", settings_add_events },
	{ "bind", settings_add_bindings },
	{ "unbind", NULL },
	{ "columns", NULL },
	{ "column", NULL },
	{ "sort", NULL },
	{ "group", NULL },
	{ "view", settings_add_views },
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
settings_is_known(const char *line)
{
	size_t n = strcspn(line, " \t");

	for (size_t i = 0; i < NITEMS(settings); i++)
		if (strlen(settings[i].name) == n && strncmp(settings[i].name, line, n) == 0)
			return true;
	return false;
}

/* Runs one line.  An error is left in st->message. */
static unsigned
settings_run_line(struct state *st, const char *line)
{
	buf_clear(&st->message);
	st->message_bad = false;
	if (*line == '\0' || *line == '#')
		return 0;
	if (!text_is_clean(line)) {
		status_message(st, true, "not text");
		return 0;
	}
	if (command_exists(line) && !settings_is_known(line)) {
		status_message(
		    st, true, "\"%.*s\" is not a setting", (int)strcspn(line, " "), line);
		return 0;
	}
	return command_run(st, line);
}

/* Copies n bytes without surrounding blanks; tabs become blanks; a longer line is cut. */
static void
settings_copy_line(char *line, size_t size, const char *s, size_t n)
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
	unsigned requests = 0, number = 1;

	for (const char *s = text; *s != '\0'; number++) {
		size_t n = strcspn(s, "\n");

		settings_copy_line(line, sizeof(line), s, n);
		requests |= settings_run_line(st, line);
		if (st->message_bad)
			buf_addf(said, "%s:%u: %s\n", name, number, st->message.s);
		s += n + (s[n] == '\n');
	}
	buf_clear(&st->message);
	st->message_bad = false;
	return requests;
}
