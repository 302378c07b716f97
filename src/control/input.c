/* What a key does. */
#include "config.h"

#include "control/command.h"
#include "control/keymap.h"
#include "control/prompt.h"

/* The answer to a question: y confirms, any other key does not. */
static unsigned
answer(struct state *st, uint32_t key)
{
	const char *command = st->asked;

	st->asked = NULL;
	if (key == 'y' || key == 'Y')
		return command_run(st, command) | WISH_PAINT;
	state_say(st, false, "nothing was changed");
	return WISH_PAINT;
}

/* Runs the command of a menu item, which may have moved the items. */
static unsigned
run_menu(struct state *st)
{
	unsigned wishes = command_run_then(st);

	if (st->menu.kind != MENU_NONE)
		menu_follow(st);
	return wishes;
}

static unsigned
act(struct state *st, uint32_t key)
{
	const char *command;

	if (key == '\n')
		key = KEYC_ENTER;
	else if (key == KEYC_CTRL('h'))
		key = KEYC_BACKSPACE;
	buf_clear(&st->message);
	st->message_until = 0;
	if (st->prompt != PROMPT_NONE)
		return prompt_key(st, key) | WISH_PAINT;
	if (st->asked != NULL)
		return answer(st, key);
	if (st->help && key == HELP_MANUAL)
		return command_run(st, "help manual") | WISH_PAINT;
	if (st->menu.kind != MENU_NONE && menu_key(st, key))
		return run_menu(st) | WISH_PAINT;
	command = bind_command(&st->bindings, key);
	if (command != NULL)
		return command_run(st, command) | WISH_PAINT;
	if (key != KEYC_RESIZE)
		state_say(st, false, "this key does nothing; h shows the ones that do");
	return WISH_PAINT;
}

unsigned
state_key(struct state *st, uint32_t key)
{
	struct rowkey before = st->per[st->view].selected;
	unsigned view = st->view, wishes = act(st, key);

	return wishes | detail_follow(st, view, &before);
}
