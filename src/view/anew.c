#include "config.h"

#include "view/anew.h"

#include <string.h>

#include "view/command.h"

/* Pressed again, it begins at zero again: who wants the other counts back has to say so. */
unsigned
anew_zero(struct state *st, int argc, char **argv)
{
	bool off = argc > 1 && strcmp(argv[1], "off") == 0;

	if (argc > 1 && !off && strcmp(argv[1], "on") != 0)
		return command_refuse(st, argv, 1, "on or off");
	st->zero = !off;
	order_clear(&st->order);
	if (off)
		state_say(st, false, "all that was counted since the start is shown");
	else
		state_say(st, false, "counts are shown from now on; :zero off brings all back");
	return WISH_ZERO | WISH_RANK;
}

/* What takes more away than one key should is asked for first. */
unsigned
anew_restart(struct state *st, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "now") != 0)
		return command_refuse(st, argv, 1, "now, or nothing more");
	if (argc > 1) {
		st->zero = false;
		state_say(st, false, "all begins anew");
		return WISH_RESTART | WISH_RANK;
	}
	st->asked = "restart now";
	state_say(st, true, "forget all that was counted, and begin anew? y: yes, else no");
	return 0;
}
