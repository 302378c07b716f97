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

/* Of a paste, a prompt takes the first line, without running it; everything else ignores it. */
static unsigned
input_paste_key(struct state *st, uint32_t key)
{
	if (key == KEYC_PASTE_END) {
		st->pasting = false;
		return REQ_PAINT;
	}
	if (st->prompt != PROMPT_NONE && (key == KEYC_ENTER || key == '\n'))
		st->paste_taken = true;
	if (st->prompt == PROMPT_NONE || st->paste_taken || key < ' ')
		return 0;
	return prompt_key(st, key) | REQ_PAINT;
}

static unsigned
input_start_paste(struct state *st)
{
	st->pasting = true;
	st->paste_taken = false;
	if (st->prompt == PROMPT_NONE)
		status_message(
		    st, false, "the pasted text is ignored; open a prompt for it, with / or :");
	return REQ_PAINT;
}

static unsigned
input_dispatch_key(struct state *st, uint32_t key)
{
	const char *command;

	if (key == '\n')
		key = KEYC_ENTER;
	else if (key == KEYC_CTRL('h'))
		key = KEYC_BACKSPACE;
	/* A paste that the terminal did not end must not hold the keys. */
	if (st->pasting && key != KEYC_CTRL('c'))
		return input_paste_key(st, key);
	st->pasting = false;
	buf_clear(&st->message);
	st->message_until = 0;
	if (key == KEYC_PASTE)
		return input_start_paste(st);
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
