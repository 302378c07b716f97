/* What a key does. */
#include "config.h"

#include "control/command.h"
#include "control/keymap.h"
#include "control/prompt.h"

/* The answer to a question: y confirms, any other key does not. */
static unsigned
input_confirm(struct state *st, uint32_t key)
{
	const char *command = st->confirm_command;

	st->confirm_command = NULL;
	if (key == 'y' || key == 'Y')
		return command_run(st, command) | REQ_PAINT;
	status_message(st, false, "nothing changed");
	return REQ_PAINT;
}

/* Runs the command of a menu item, which may have moved the items. */
static unsigned
input_run_menu_command(struct state *st)
{
	unsigned requests = command_run_next(st);

	if (st->menu.kind != MENU_NONE)
		menu_follow(st);
	return requests;
}

static unsigned
input_dispatch_key(struct state *st, uint32_t key)
{
	const char *command;

	if (key == '\n')
		key = KEYC_ENTER;
	else if (key == KEYC_CTRL('h'))
		key = KEYC_BACKSPACE;
	buf_clear(&st->message);
	st->message_until = 0;
	if (st->prompt != PROMPT_NONE)
		return prompt_key(st, key) | REQ_PAINT;
	if (st->confirm_command != NULL)
		return input_confirm(st, key);
	if (st->help && key == HELP_MANUAL)
		return command_run(st, "help manual") | REQ_PAINT;
	if (st->menu.kind != MENU_NONE && menu_key(st, key))
		return input_run_menu_command(st) | REQ_PAINT;
	command = key_bindings_command(&st->bindings, key);
	if (command != NULL)
		return command_run(st, command) | REQ_PAINT;
	if (key != KEYC_RESIZE)
		status_message(st, false, "unbound key; h for help");
	return REQ_PAINT;
}

unsigned
input_key(struct state *st, uint32_t key)
{
	struct row_key before = st->per_view[st->view].selected_key;
	unsigned view = st->view, requests = input_dispatch_key(st, key);

	return requests | drilldown_follow_cursor(st, view, &before);
}
