/* The line that is being typed, and the keys that edit it. */
#include "config.h"

#include "control/prompt.h"

#include <assert.h>
#include <string.h>

#include "control/keymap.h"
#include "util/attr.h"
#include "util/text.h"

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

/* The text has changed: a display filter is applied at once. */
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

/* The start of the character before the cursor; the end of the one after it. */
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

/* Deletes the bytes from `from` to `to` and moves the cursor there. */
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

/* On an empty line it closes the prompt, as in less. */
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

	/* A prompt opens with the current text, which is the newest line too. */
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

/* clang-format off */
static const struct {
	uint32_t key;
	unsigned (*fn)(struct state *st);
} edits[] = {
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
	{ KEYC_UP, edit_older },
	{ KEYC_DOWN, edit_newer },
	{ KEYC_CTRL('p'), edit_older },
	{ KEYC_CTRL('n'), edit_newer },
};
/* clang-format on */

bool
prompt_edit(struct state *st, uint32_t key, unsigned *wishes)
{
	bool is_text = key >= ' ' && key < KEYC_FIRST;

	for (size_t i = 0; i < NITEMS(edits); i++) {
		if (edits[i].key == key) {
			*wishes = edits[i].fn(st);
			return true;
		}
	}
	if (is_text)
		*wishes = insert(st, key);
	return is_text;
}
