#include "config.h"

#include "control/prompt.h"

#include <assert.h>
#include <string.h>

#include "control/cmd.h"
#include "control/keymap.h"
#include "util/attr.h"

/* What Enter does with the text.  False if it is wrong: st->error says why, and the prompt stays
 * open. */
typedef bool accept_fn(struct state *st, unsigned *requests);

static accept_fn prompt_accept_show, prompt_accept_capture, prompt_accept_command,
    prompt_accept_delay, prompt_accept_mark;

static const struct {
	const char *label, *hint;
	accept_fn *accept;
} prompts[PROMPTS] = {
	[PROMPT_SHOW] = { "show: ", "word, COLUMN > VALUE, host, net, port; and or not",
	    prompt_accept_show },
	[PROMPT_CAPTURE] = { "capture: ", "pcap-filter(7); empty captures all",
	    prompt_accept_capture },
	[PROMPT_COMMAND] = { ":", "Tab completes; h lists the commands", prompt_accept_command },
	[PROMPT_DELAY] = { "refresh interval in seconds: ", "0.1 to 3600", prompt_accept_delay },
	[PROMPT_MARK] = { "note of the mark: ", "may be empty; Esc sets no mark",
	    prompt_accept_mark },
};

const char *
prompt_label(enum prompt kind)
{
	return prompts[kind].label;
}

/* Shows the arguments of the command that is being typed. */
const char *
prompt_hint(const struct state *st)
{
	const struct command *c = NULL;

	if (st->prompt == PROMPT_COMMAND && strchr(st->typed, ' ') != NULL)
		c = command_find(st->typed, strcspn(st->typed, " "));
	return c != NULL ? c->args : prompts[st->prompt].hint;
}

static void
prompt_remember(struct prompt_history *h, const char *line)
{
	if (line[0] == '\0' || (h->n > 0 && strcmp(h->line[0], line) == 0))
		return;
	memmove(h->line[1], h->line[0], sizeof(h->line) - sizeof(h->line[0]));
	strlcpy(h->line[0], line, sizeof(h->line[0]));
	if (h->n < PROMPT_HISTORY)
		h->n++;
}

static bool
prompt_accept_show(struct state *st, unsigned *requests)
{
	*requests = REQ_RANK;
	return state_apply_filter(st, st->typed);
}

static bool
prompt_accept_capture(struct state *st, unsigned *requests)
{
	strlcpy(st->capture_filter, st->typed, sizeof(st->capture_filter));
	*requests = REQ_CAPTURE_FILTER;
	return true;
}

/* The offset of word n of the line; the line's length if it has fewer words. */
static size_t
prompt_word_at(const char *line, int n)
{
	const char *s = line + strspn(line, " ");

	for (; n > 0 && *s != '\0'; n--) {
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	return (size_t)(s - line);
}

/* A line with a bad word stays in the prompt to be corrected. */
static bool
prompt_accept_command(struct state *st, unsigned *requests)
{
	*requests = command_run(st, st->typed);
	if (st->bad_word < 0 || st->message.len == 0)
		return true;
	buf_setf(&st->error, "%s", st->message.s);
	st->error_at = prompt_word_at(st->typed, st->bad_word);
	buf_clear(&st->message);
	return false;
}

static bool
prompt_accept_delay(struct state *st, unsigned *requests)
{
	if (st->typed_len == 0)
		return true;
	if (command_parse_delay(st->typed, &st->delay)) {
		*requests = REQ_DELAY;
		return true;
	}
	buf_setf(&st->error, "must be a number of seconds from 0.1 to 3600");
	st->error_at = 0;
	return false;
}

static bool
prompt_accept_mark(struct state *st, unsigned *requests)
{
	*requests = history_mark(st, st->past.noting, st->typed);
	return true;
}

static unsigned
prompt_enter(struct state *st)
{
	enum prompt kind = st->prompt;
	unsigned requests = 0;

	prompt_remember(&st->history[kind], st->typed);
	st->prompt = PROMPT_NONE; /* a command may open another one */
	if (!prompts[kind].accept(st, &requests))
		st->prompt = kind;
	return requests;
}

/* clang-format off */
static const struct {
	uint32_t key;
	unsigned (*fn)(struct state *st);
} acts[] = {
	{ KEYC_ENTER, prompt_enter },
	{ KEYC_TAB, completion_next },
	{ KEYC_BACKTAB, completion_previous },
};
/* clang-format on */

unsigned
prompt_key(struct state *st, uint32_t key)
{
	unsigned requests = 0;

	assert(st->prompt != PROMPT_NONE && st->prompt < PROMPTS);
	if (key != KEYC_TAB && key != KEYC_BACKTAB)
		st->complete.active = false;
	for (size_t i = 0; i < NITEMS(acts); i++)
		if (acts[i].key == key)
			return acts[i].fn(st);
	if (prompt_line_edit(st, key, &requests))
		return requests;
	/* Keys for quit, suspend and redraw must always work. */
	if (key < ' ' && key_bindings_command(&st->bindings, key) != NULL)
		return command_run(st, key_bindings_command(&st->bindings, key));
	return 0;
}
