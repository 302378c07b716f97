/* The line that is being typed, and the keys that edit it. */
#include "config.h"

#include "control/prompt.h"

#include <assert.h>
#include <string.h>

#include "control/keymap.h"
#include "util/attr.h"
#include "util/text.h"

static void
prompt_line_set_text(struct state *st, const char *s)
{
	st->typed_len = (unsigned)strlcpy(st->typed, s, sizeof(st->typed));
	assert(st->typed_len < sizeof(st->typed));
	st->cursor_at = st->typed_len;
}

void
prompt_line_open(struct state *st, enum prompt kind)
{
	const char *const start[PROMPTS] = {
		[PROMPT_SHOW] = st->filter_text, [PROMPT_CAPTURE] = st->capture_filter
	};

	st->prompt = kind;
	st->help = false;
	st->history_line = 0;
	st->complete.active = false;
	strlcpy(st->filter_before, st->filter_text, sizeof(st->filter_before));
	prompt_line_set_text(st, start[kind] != NULL ? start[kind] : "");
	buf_clear(&st->error);
}

static void
prompt_line_close(struct state *st)
{
	st->prompt = PROMPT_NONE;
	buf_clear(&st->error);
}

/* The text has changed: a display filter is applied at once. */
static unsigned
prompt_line_on_change(struct state *st)
{
	buf_clear(&st->error);
	if (st->prompt == PROMPT_SHOW && state_set_filter(st, st->typed))
		return REQ_RANK;
	return 0;
}

unsigned
prompt_line_replace(struct state *st, unsigned from, const char *word)
{
	char rest[FILTER_MAX + 1];
	size_t n = strlen(word);

	strlcpy(rest, st->typed + st->cursor_at, sizeof(rest));
	if (from + n + strlen(rest) > FILTER_MAX)
		return 0;
	st->cursor_at = from + (unsigned)n;
	st->typed_len = st->cursor_at + (unsigned)strlen(rest);
	memcpy(st->typed + from, word, n);
	strlcpy(st->typed + st->cursor_at, rest, sizeof(st->typed) - st->cursor_at);
	return prompt_line_on_change(st);
}

/* The start of the character before the cursor; the end of the one after it. */
static unsigned
prompt_line_previous_char(const struct state *st)
{
	unsigned at = st->cursor_at;

	while (at > 0 && ((unsigned char)st->typed[--at] & 0xc0) == 0x80)
		;
	return at;
}

static unsigned
prompt_line_next_char(const struct state *st)
{
	unsigned at = st->cursor_at;
	uint32_t cp;

	return at < st->typed_len ? at + (unsigned)text_decode(st->typed + at, &cp) : at;
}

/* Deletes the bytes from `from` to `to` and moves the cursor there. */
static unsigned
prompt_line_delete(struct state *st, unsigned from, unsigned to)
{
	memmove(st->typed + from, st->typed + to, st->typed_len + 1 - to);
	st->typed_len -= to - from;
	st->cursor_at = from;
	return prompt_line_on_change(st);
}

static unsigned
prompt_line_insert(struct state *st, uint32_t cp)
{
	char utf8[5] = { 0 };
	unsigned n = (unsigned)text_encode(cp, utf8);
	uint32_t shown;

	text_decode(utf8, &shown);
	if (shown != cp || !text_is_clean(utf8) || st->typed_len + n > FILTER_MAX)
		return 0;
	memmove(st->typed + st->cursor_at + n, st->typed + st->cursor_at,
	    st->typed_len + 1 - st->cursor_at);
	memcpy(st->typed + st->cursor_at, utf8, n);
	st->typed_len += n;
	st->cursor_at += n;
	return prompt_line_on_change(st);
}

static unsigned
prompt_line_edit_left(struct state *st)
{
	st->cursor_at = prompt_line_previous_char(st);
	return 0;
}

static unsigned
prompt_line_edit_right(struct state *st)
{
	st->cursor_at = prompt_line_next_char(st);
	return 0;
}

static unsigned
prompt_line_edit_home(struct state *st)
{
	st->cursor_at = 0;
	return 0;
}

static unsigned
prompt_line_edit_end(struct state *st)
{
	st->cursor_at = st->typed_len;
	return 0;
}

/* On an empty line it closes the prompt, as in less. */
static unsigned
prompt_line_edit_backspace(struct state *st)
{
	if (st->typed_len == 0) {
		prompt_line_close(st);
		return 0;
	}
	return prompt_line_delete(st, prompt_line_previous_char(st), st->cursor_at);
}

static unsigned
prompt_line_edit_delete(struct state *st)
{
	return prompt_line_delete(st, st->cursor_at, prompt_line_next_char(st));
}

static unsigned
prompt_line_edit_cut_line(struct state *st)
{
	return prompt_line_delete(st, 0, st->cursor_at);
}

static unsigned
prompt_line_edit_cut_rest(struct state *st)
{
	return prompt_line_delete(st, st->cursor_at, st->typed_len);
}

/* The start of the word before the cursor; the end of the one after it. */
static unsigned
prompt_line_previous_word(const struct state *st)
{
	unsigned at = st->cursor_at;

	while (at > 0 && st->typed[at - 1] == ' ')
		at--;
	while (at > 0 && st->typed[at - 1] != ' ')
		at--;
	return at;
}

static unsigned
prompt_line_next_word(const struct state *st)
{
	unsigned at = st->cursor_at;

	while (at < st->typed_len && st->typed[at] == ' ')
		at++;
	while (at < st->typed_len && st->typed[at] != ' ')
		at++;
	return at;
}

static unsigned
prompt_line_edit_cut_word(struct state *st)
{
	return prompt_line_delete(st, prompt_line_previous_word(st), st->cursor_at);
}

static unsigned
prompt_line_edit_cut_next_word(struct state *st)
{
	return prompt_line_delete(st, st->cursor_at, prompt_line_next_word(st));
}

static unsigned
prompt_line_edit_word_left(struct state *st)
{
	st->cursor_at = prompt_line_previous_word(st);
	return 0;
}

static unsigned
prompt_line_edit_word_right(struct state *st)
{
	st->cursor_at = prompt_line_next_word(st);
	return 0;
}

/* Shows line n of the history, 1 being the newest and 0 what was typed. */
static unsigned
prompt_line_recall(struct state *st, unsigned n)
{
	if (st->history_line == 0)
		strlcpy(st->draft, st->typed, sizeof(st->draft));
	st->history_line = n;
	prompt_line_set_text(st, n == 0 ? st->draft : st->history[st->prompt].line[n - 1]);
	return prompt_line_on_change(st);
}

static unsigned
prompt_line_edit_older(struct state *st)
{
	const struct prompt_history *h = &st->history[st->prompt];
	unsigned n = st->history_line + 1;

	/* A prompt opens with the current text, which is the newest line too. */
	if (n == 1 && n <= h->n && strcmp(h->line[0], st->typed) == 0)
		n = 2;
	return n <= h->n ? prompt_line_recall(st, n) : 0;
}

static unsigned
prompt_line_edit_newer(struct state *st)
{
	return st->history_line > 0 ? prompt_line_recall(st, st->history_line - 1) : 0;
}

static unsigned
prompt_line_edit_cancel(struct state *st)
{
	bool filtered =
	    st->prompt == PROMPT_SHOW && strcmp(st->filter_text, st->filter_before) != 0;

	prompt_line_close(st);
	if (!filtered)
		return 0;
	state_set_filter_text(st, st->filter_before);
	return REQ_RANK;
}

/* clang-format off */
static const struct {
	uint32_t key;
	unsigned (*fn)(struct state *st);
} edits[] = {
	{ KEYC_ESC, prompt_line_edit_cancel },
	{ KEYC_LEFT, prompt_line_edit_left },
	{ KEYC_RIGHT, prompt_line_edit_right },
	{ KEYC_CTRL('b'), prompt_line_edit_left },
	{ KEYC_CTRL('f'), prompt_line_edit_right },
	{ KEYC_HOME, prompt_line_edit_home },
	{ KEYC_END, prompt_line_edit_end },
	{ KEYC_CTRL('a'), prompt_line_edit_home },
	{ KEYC_CTRL('e'), prompt_line_edit_end },
	{ KEYC_BACKSPACE, prompt_line_edit_backspace },
	{ KEYC_DELETE, prompt_line_edit_delete },
	{ KEYC_CTRL('d'), prompt_line_edit_delete },
	{ KEYC_CTRL('u'), prompt_line_edit_cut_line },
	{ KEYC_CTRL('k'), prompt_line_edit_cut_rest },
	{ KEYC_CTRL('w'), prompt_line_edit_cut_word },
	{ KEYC_ALT_BACKSPACE, prompt_line_edit_cut_word },
	{ KEYC_ALT_D, prompt_line_edit_cut_next_word },
	{ KEYC_ALT_B, prompt_line_edit_word_left },
	{ KEYC_ALT_F, prompt_line_edit_word_right },
	{ KEYC_UP, prompt_line_edit_older },
	{ KEYC_DOWN, prompt_line_edit_newer },
	{ KEYC_CTRL('p'), prompt_line_edit_older },
	{ KEYC_CTRL('n'), prompt_line_edit_newer },
};
/* clang-format on */

bool
prompt_line_edit(struct state *st, uint32_t key, unsigned *requests)
{
	bool is_text = key >= ' ' && key < KEYC_FIRST;

	for (size_t i = 0; i < NITEMS(edits); i++) {
		if (edits[i].key == key) {
			*requests = edits[i].fn(st);
			return true;
		}
	}
	if (is_text)
		*requests = prompt_line_insert(st, key);
	return is_text;
}
