#include "config.h"

#include "view/naming.h"

#include <string.h>

#include "util/attr.h"
#include "view/columns.h"
#include "view/command.h"

static const struct {
	const char *name, *words;
	enum arranged column; /* of names: whoever asks for them wants to see them */
} namings[NAMINGS] = {
	[NAMING_LEARNED] = { "learned", "names that the traffic told", ARRANGED_BY_ROOM },
	[NAMING_ASKED] = { "dns", "names that the traffic told, else those of reverse DNS",
	    ARRANGED_SHOWN },
	[NAMING_OFF] = { "off", NULL, ARRANGED_HIDDEN },
};

static const char cannot[] = "reverse DNS needs c-ares, which this pkttop was built without";

/* From none to those that cost nothing, and on to those that are asked for. */
static unsigned
next_of(const struct state *st)
{
	switch (st->naming.mode) {
	case NAMING_OFF:
		return NAMING_LEARNED;
	case NAMING_LEARNED:
		return st->naming.can_ask ? NAMING_ASKED : NAMING_OFF;
	default:
		return NAMING_OFF;
	}
}

static void
arrange_names(struct state *st)
{
	for (unsigned i = 0; i < n_views; i++) {
		const struct column *c = view_column(views[i], "name");

		if (views[i] == &view_talkers && c != NULL)
			st->arrange[i].shown[c - views[i]->cols] =
			    (uint8_t)namings[st->naming.mode].column;
	}
}

unsigned
naming_command(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	const char *wanted = argv[1] != NULL ? argv[1] : "next";
	unsigned mode = 0;

	if (strcmp(wanted, "next") == 0)
		mode = next_of(st);
	else
		while (mode < NAMINGS && strcmp(namings[mode].name, wanted) != 0)
			mode++;
	if (mode == NAMINGS)
		return command_refuse(st, argv, 1, "off, learned, dns or next");
	if (mode == NAMING_ASKED && !st->naming.can_ask) {
		state_say(st, true, "%s", cannot);
		return 0;
	}
	st->naming.mode = (uint8_t)mode;
	arrange_names(st);
	if (mode == NAMING_OFF)
		state_say(st, false, "no names of hosts%s%s", st->naming.can_ask ? "" : "; ",
		    st->naming.can_ask ? "" : cannot);
	else
		state_say(st, false, "%s", namings[mode].words);
	return WISH_RANK;
}

const char *
naming_name(const struct state *st)
{
	return namings[st->naming.mode].name;
}
