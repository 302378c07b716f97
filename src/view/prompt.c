#include "config.h"

#include "view/prompt.h"

#include <assert.h>
#include <string.h>

#include "util/attr.h"
#include "util/text.h"
#include "view/cmd.h"
#include "view/key.h"

/* What Enter does with the text.  False: it is wrong, st->error says why, and the prompt stays. */
typedef bool accept_fn(struct state *st, unsigned *wishes);

static accept_fn accept_show, accept_capture, accept_command, accept_delay;

static const struct {
	const char *label, *hint;
	accept_fn *accept;
} prompts[PROMPTS] = {
	[PROMPT_SHOW] = { "show: ", "word, COLUMN > VALUE, host, net, port; and or not",
	    accept_show },
	[PROMPT_CAPTURE] = { "capture: ", "pcap-filter(7); empty captures all", accept_capture },
	[PROMPT_COMMAND] = { ":", "Tab completes; h lists the commands", accept_command },
	[PROMPT_DELAY] = { "seconds between pictures: ", "0.1 to 3600", accept_delay },
};

const char *
prompt_label(enum prompt kind)
{
	return prompts[kind].label;
}

/* Of a command that is typed its arguments. */
const char *
prompt_hint(const struct state *st)
{
	const struct command *c = NULL;

	if (st->prompt == PROMPT_COMMAND && strchr(st->typed, ' ') != NULL)
		c = command_find(st->typed, strcspn(st->typed, " "));
	return c != NULL ? c->args : prompts[st->prompt].hint;
}

static void
set_typed(struct state *st, const char *s)
{
	st->typed_len = (unsigned)strlcpy(st->typed, s, sizeof(st->typed));
	assert(st->typed_len < sizeof(st->typed));
	st->typed_at = st->typed_len;
}

void
prompt_open(struct state *st, enum prompt kind)
{
	st->prompt = kind;
	st->help = false;
	st->recalled = 0;
	st->complete.on = false;
	strlcpy(st->before, st->show, sizeof(st->before));
	set_typed(st,
	    kind == PROMPT_SHOW          ? st->show
		: kind == PROMPT_CAPTURE ? st->capture_filter
					 : "");
	buf_clear(&st->error);
}

static void
close_prompt(struct state *st)
{
	st->prompt = PROMPT_NONE;
	buf_clear(&st->error);
}

/* The text has changed: a display filter is tried at once. */
static unsigned
changed(struct state *st)
{
	buf_clear(&st->error);
	if (st->prompt == PROMPT_SHOW && state_show(st, st->typed))
		return WISH_RANK;
	return 0;
}

unsigned
prompt_replace(struct state *st, unsigned from, const char *word)
{
	char rest[FILTER_MAX + 1];
	size_t n = strlen(word);

	strlcpy(rest, st->typed + st->typed_at, sizeof(rest));
	if (from + n + strlen(rest) > FILTER_MAX)
		return 0;
	st->typed_at = from + (unsigned)n;
	st->typed_len = st->typed_at + (unsigned)strlen(rest);
	memcpy(st->typed + from, word, n);
	strlcpy(st->typed + st->typed_at, rest, sizeof(st->typed) - st->typed_at);
	return changed(st);
}

/* Where the character before (after) the cursor begins (ends). */
static unsigned
before(const struct state *st)
{
	unsigned at = st->typed_at;

	while (at > 0 && ((unsigned char)st->typed[--at] & 0xc0) == 0x80)
		;
	return at;
}

static unsigned
after(const struct state *st)
{
	unsigned at = st->typed_at;
	uint32_t cp;

	return at < st->typed_len ? at + (unsigned)text_decode(st->typed + at, &cp) : at;
}

/* Takes out what lies from `from` up to `to`; the cursor stands there then. */
static unsigned
cut(struct state *st, unsigned from, unsigned to)
{
	memmove(st->typed + from, st->typed + to, st->typed_len + 1 - to);
	st->typed_len -= to - from;
	st->typed_at = from;
	return changed(st);
}

static unsigned
insert(struct state *st, uint32_t cp)
{
	char utf8[5] = { 0 };
	unsigned n = (unsigned)text_encode(cp, utf8);
	uint32_t shown;

	text_decode(utf8, &shown);
	if (shown != cp || !text_is_clean(utf8) || st->typed_len + n > FILTER_MAX)
		return 0;
	memmove(st->typed + st->typed_at + n, st->typed + st->typed_at,
	    st->typed_len + 1 - st->typed_at);
	memcpy(st->typed + st->typed_at, utf8, n);
	st->typed_len += n;
	st->typed_at += n;
	return changed(st);
}

static unsigned
edit_left(struct state *st)
{
	st->typed_at = before(st);
	return 0;
}

static unsigned
edit_right(struct state *st)
{
	st->typed_at = after(st);
	return 0;
}

static unsigned
edit_home(struct state *st)
{
	st->typed_at = 0;
	return 0;
}

static unsigned
edit_end(struct state *st)
{
	st->typed_at = st->typed_len;
	return 0;
}

/* In an empty line it leaves the prompt, as less does. */
static unsigned
edit_backspace(struct state *st)
{
	if (st->typed_len == 0) {
		close_prompt(st);
		return 0;
	}
	return cut(st, before(st), st->typed_at);
}

static unsigned
edit_delete(struct state *st)
{
	return cut(st, st->typed_at, after(st));
}

static unsigned
edit_cut_line(struct state *st)
{
	return cut(st, 0, st->typed_at);
}

static unsigned
edit_cut_rest(struct state *st)
{
	return cut(st, st->typed_at, st->typed_len);
}

static unsigned
edit_cut_word(struct state *st)
{
	unsigned at = st->typed_at;

	while (at > 0 && st->typed[at - 1] == ' ')
		at--;
	while (at > 0 && st->typed[at - 1] != ' ')
		at--;
	return cut(st, at, st->typed_at);
}

/* Shows line n of the history, 1 being the newest and 0 what was typed. */
static unsigned
recall(struct state *st, unsigned n)
{
	if (st->recalled == 0)
		strlcpy(st->draft, st->typed, sizeof(st->draft));
	st->recalled = n;
	set_typed(st, n == 0 ? st->draft : st->history[st->prompt].line[n - 1]);
	return changed(st);
}

static unsigned
edit_older(struct state *st)
{
	const struct history *h = &st->history[st->prompt];
	unsigned n = st->recalled + 1;

	/* The text in force, with which a prompt opens, is the newest line too. */
	if (n == 1 && n <= h->n && strcmp(h->line[0], st->typed) == 0)
		n = 2;
	return n <= h->n ? recall(st, n) : 0;
}

static unsigned
edit_newer(struct state *st)
{
	return st->recalled > 0 ? recall(st, st->recalled - 1) : 0;
}

static unsigned
edit_cancel(struct state *st)
{
	bool filtered = st->prompt == PROMPT_SHOW && strcmp(st->show, st->before) != 0;

	close_prompt(st);
	if (!filtered)
		return 0;
	state_set_show(st, st->before);
	return WISH_RANK;
}

static void
remember(struct history *h, const char *line)
{
	if (line[0] == '\0' || (h->n > 0 && strcmp(h->line[0], line) == 0))
		return;
	memmove(h->line[1], h->line[0], sizeof(h->line) - sizeof(h->line[0]));
	strlcpy(h->line[0], line, sizeof(h->line[0]));
	if (h->n < PROMPT_HISTORY)
		h->n++;
}

static bool
accept_show(struct state *st, unsigned *wishes)
{
	*wishes = WISH_RANK;
	return state_show(st, st->typed);
}

static bool
accept_capture(struct state *st, unsigned *wishes)
{
	strlcpy(st->capture_filter, st->typed, sizeof(st->capture_filter));
	*wishes = WISH_CAPTURE;
	return true;
}

/* The byte where word n of the line begins; its end where there are fewer. */
static size_t
word_at(const char *line, int n)
{
	const char *s = line + strspn(line, " ");

	for (; n > 0 && *s != '\0'; n--) {
		s += strcspn(s, " ");
		s += strspn(s, " ");
	}
	return (size_t)(s - line);
}

/* What could not be read stays on the line to be mended. */
static bool
accept_command(struct state *st, unsigned *wishes)
{
	*wishes = command_run(st, st->typed);
	if (st->refused < 0 || st->message.len == 0)
		return true;
	buf_setf(&st->error, "%s", st->message.s);
	st->error_at = word_at(st->typed, st->refused);
	buf_clear(&st->message);
	return false;
}

static bool
accept_delay(struct state *st, unsigned *wishes)
{
	if (st->typed_len == 0)
		return true;
	if (command_delay(st->typed, &st->delay)) {
		*wishes = WISH_DELAY;
		return true;
	}
	buf_setf(&st->error, "not a number of seconds from 0.1 to 3600");
	st->error_at = 0;
	return false;
}

static unsigned
edit_enter(struct state *st)
{
	enum prompt kind = st->prompt;
	unsigned wishes = 0;

	remember(&st->history[kind], st->typed);
	st->prompt = PROMPT_NONE; /* a command may open another one */
	if (!prompts[kind].accept(st, &wishes))
		st->prompt = kind;
	return wishes;
}

/* clang-format off */
static const struct {
	uint32_t key;
	unsigned (*fn)(struct state *st);
} edits[] = {
	{ KEYC_ENTER, edit_enter },
	{ KEYC_ESC, edit_cancel },
	{ KEYC_LEFT, edit_left },
	{ KEYC_RIGHT, edit_right },
	{ KEYC_CTRL('b'), edit_left },
	{ KEYC_CTRL('f'), edit_right },
	{ KEYC_HOME, edit_home },
	{ KEYC_END, edit_end },
	{ KEYC_CTRL('a'), edit_home },
	{ KEYC_CTRL('e'), edit_end },
	{ KEYC_BACKSPACE, edit_backspace },
	{ KEYC_DELETE, edit_delete },
	{ KEYC_CTRL('d'), edit_delete },
	{ KEYC_CTRL('u'), edit_cut_line },
	{ KEYC_CTRL('k'), edit_cut_rest },
	{ KEYC_CTRL('w'), edit_cut_word },
	{ KEYC_TAB, complete_next },
	{ KEYC_BACKTAB, complete_previous },
	{ KEYC_UP, edit_older },
	{ KEYC_DOWN, edit_newer },
	{ KEYC_CTRL('p'), edit_older },
	{ KEYC_CTRL('n'), edit_newer },
};
/* clang-format on */

unsigned
prompt_key(struct state *st, uint32_t key)
{
	assert(st->prompt != PROMPT_NONE && st->prompt < PROMPTS);
	if (key != KEYC_TAB && key != KEYC_BACKTAB)
		st->complete.on = false;
	for (size_t i = 0; i < NITEMS(edits); i++)
		if (edits[i].key == key)
			return edits[i].fn(st);
	if (key >= ' ' && key < KEYC_FIRST)
		return insert(st, key);
	/* Quitting, suspending and painting anew must always work. */
	if (key < ' ' && bind_command(&st->bindings, key) != NULL)
		return command_run(st, bind_command(&st->bindings, key));
	return 0;
}
