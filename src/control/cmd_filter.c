/* Commands: which rows are shown. */
#include "config.h"

#include <string.h>

#include "control/cmd.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/row_filter.h"

/* IPv4 alone, IPv6 alone, both. */
static unsigned
cmd_filter_toggle_family(struct state *st)
{
	if (st->ip4 && st->ip6) {
		st->ip6 = false;
	} else if (st->ip4) {
		st->ip4 = false;
		st->ip6 = true;
	} else {
		st->ip4 = true;
	}
	return REQ_RANK;
}

unsigned
cmd_toggle(struct state *st, int argc, char **argv)
{
	static const char *const names[CLASSES] = {
		[CLASS_TCP] = "tcp",
		[CLASS_UDP] = "udp",
		[CLASS_ICMP] = "icmp",
		[CLASS_OTHER] = "other",
	};

	if (argc > 1 && strcmp(argv[1], "family") == 0)
		return cmd_filter_toggle_family(st);
	for (unsigned i = 0; argc > 1 && i < CLASSES; i++) {
		if (strcmp(names[i], argv[1]) == 0) {
			st->classes ^= 1u << i;
			return REQ_RANK;
		}
	}
	return command_error(st, argv, 1, "tcp, udp, icmp, other or family");
}

unsigned
cmd_show(struct state *st, int argc, char **argv)
{
	if (!state_apply_filter(st, argc > 1 ? argv[1] : "")) {
		status_message(st, true, "%s", st->error.s);
		buf_clear(&st->error);
		st->bad_word = 1;
		return 0;
	}
	st->help = false;
	return REQ_RANK;
}

unsigned
cmd_active(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!command_parse_on_off(st, argv, &st->active_only))
		return 0;
	state_set_filter_text(st, st->filter_text);
	status_message(st, false,
	    st->active_only ? "idle rows and ended connections are hidden" : "all rows are shown");
	return REQ_RANK;
}

/* The last term of the current filter, without the "and" or "or" before it. */
static const char *
cmd_filter_last_term(const struct state *st)
{
	const char *const joints[] = { "and ", "or ", "&&", "||" };
	bool either;
	const char *s =
	    st->filter_text + filter_last_term_start(views[st->view], st->filter_text, &either);

	s += strspn(s, " ");
	for (size_t i = 0; i < NITEMS(joints); i++) {
		size_t n = strlen(joints[i]);

		if (s != st->filter_text && strncmp(s, joints[i], n) == 0)
			return s + n + strspn(s + n, " ");
	}
	return s;
}

/* Adds a term to the current filter. */
static unsigned
cmd_filter_add_term(struct state *st, const char *term)
{
	char text[FILTER_MAX + 1];
	struct buf b;
	bool either;

	filter_last_term_start(views[st->view], st->filter_text, &either);
	if (!either && strcmp(cmd_filter_last_term(st), term) == 0) {
		status_message(
		    st, false, "the filter already contains this term; X removes the last term");
		return 0;
	}
	buf_init(&b, text, sizeof(text));
	if (st->filter_text[0] != '\0')
		buf_addf(&b, either ? "(%s) and " : "%s and ", st->filter_text);
	buf_adds(&b, term);
	if (b.truncated) {
		status_message(
		    st, true, "the filter would be too long (maximum %d bytes)", FILTER_MAX);
		return 0;
	}
	if (!state_set_filter(st, text)) {
		status_message(st, true, "%s", st->error.s);
		buf_clear(&st->error);
		return 0;
	}
	return REQ_RANK;
}

/* "term", or "!(term)". */
static unsigned
cmd_filter_add_cell(struct state *st, const char *front, const char *back)
{
	const struct table_row *row = drilldown_row(st);
	char text[FILTER_MAX + 1];
	unsigned column;
	struct buf b;
	bool desc;

	column = state_get_sort(st, &desc);
	buf_init(&b, text, sizeof(text));
	buf_adds(&b, front);
	if (row == NULL || !row_filter_cell(&b, views[st->view], row, column)) {
		status_message(st, false, "no row here to filter by");
		return 0;
	}
	buf_adds(&b, back);
	return cmd_filter_add_term(st, text);
}

unsigned
cmd_only(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return cmd_filter_add_cell(st, "", "");
}

unsigned
cmd_exclude(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	return cmd_filter_add_cell(st, "!(", ")");
}

unsigned
cmd_drop(struct state *st, int argc ATTR_UNUSED, char **argv ATTR_UNUSED)
{
	char text[FILTER_MAX + 1];
	bool either;

	if (st->filter_text[0] == '\0') {
		status_message(st, false, "no display filter");
		return 0;
	}
	strlcpy(text, st->filter_text,
	    filter_last_term_start(views[st->view], st->filter_text, &either) + 1);
	state_set_filter_text(st, text);
	if (text[0] == '\0')
		status_message(st, false, "display filter removed");
	return REQ_RANK;
}
