#include "config.h"

#include "view/prefix.h"

#include <stdlib.h>
#include <string.h>

#include "util/attr.h"
#include "view/columns.h"
#include "view/command.h"

#define MOST4 32
#define MOST6 128

/* Networks as they are usually given out: to a link, to a site; then single hosts; then as large as
 * each needs to be. */
static const struct {
	uint8_t bits4, bits6;
} usual[] = { { 24, 64 }, { 16, 48 }, { MOST4, MOST6 }, { NETWORKS_AUTO, NETWORKS_AUTO } };

/* Shows networks; where they are shown already, those of the next usual size. */
static void
choose_next(struct state *st)
{
	size_t next = 0;

	if (views[st->view] != &view_networks) {
		for (unsigned i = 0; i < n_views; i++)
			if (views[i] == &view_networks)
				state_view(st, i);
		return;
	}
	for (size_t i = 0; i < NITEMS(usual); i++)
		if (st->prefix4 == usual[i].bits4 && st->prefix6 == usual[i].bits6)
			next = (i + 1) % NITEMS(usual);
	st->prefix4 = usual[next].bits4;
	st->prefix6 = usual[next].bits6;
}

static bool
read_bits(struct state *st, char **argv, uint8_t *bits, int most)
{
	const char *wrong = "missing";
	int n = 0;

	if (argv[2] != NULL)
		n = (int)strtonum(argv[2], 1, most, &wrong);
	if (wrong != NULL) {
		command_refuse(st, argv, 2, most == MOST4 ? "1 to 32 bits" : "1 to 128 bits");
		return false;
	}
	if (st->prefix4 == NETWORKS_AUTO) {
		st->prefix4 = STATE_PREFIX4;
		st->prefix6 = STATE_PREFIX6;
	}
	*bits = (uint8_t)n;
	return true;
}

static bool
choose(struct state *st, char **argv)
{
	if (argv[1] != NULL && strcmp(argv[1], "next") == 0) {
		choose_next(st);
		return true;
	}
	if (argv[1] != NULL && strcmp(argv[1], "auto") == 0) {
		st->prefix4 = st->prefix6 = NETWORKS_AUTO;
		return true;
	}
	if (argv[1] != NULL && strcmp(argv[1], "4") == 0)
		return read_bits(st, argv, &st->prefix4, MOST4);
	if (argv[1] != NULL && strcmp(argv[1], "6") == 0)
		return read_bits(st, argv, &st->prefix6, MOST6);
	command_refuse(st, argv, 1, "4, 6, auto or next");
	return false;
}

unsigned
prefix_choose(struct state *st, int argc ATTR_UNUSED, char **argv)
{
	if (!choose(st, argv))
		return 0;
	order_clear(&st->order);
	if (st->prefix4 == NETWORKS_AUTO)
		state_say(st, false,
		    "networks are as small as can be with a %dth of all traffic in each",
		    ROLLUP_PARTS);
	else
		state_say(st, false, "networks are /%u of IPv4 and /%u of IPv6", st->prefix4,
		    st->prefix6);
	return WISH_RANK;
}
