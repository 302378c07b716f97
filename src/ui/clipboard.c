#include "config.h"

#include "ui/term.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/attr.h"
#include "util/buf.h"

#define SCREEN_MAX 512 /* bytes in one of screen's strings; its limit is 768 */

/* RFC 4648, 4. */
static void
clipboard_add_base64(struct buf *b, const char *text)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t n = (uint32_t)(uint8_t)text[i] << 16;

		if (left > 1)
			n |= (uint32_t)(uint8_t)text[i + 1] << 8;
		if (left > 2)
			n |= (uint8_t)text[i + 2];
		buf_addc(b, digits[n >> 18]);
		buf_addc(b, digits[n >> 12 & 63]);
		buf_addc(b, left > 1 ? digits[n >> 6 & 63] : '=');
		buf_addc(b, left > 2 ? digits[n & 63] : '=');
	}
}

static bool
clipboard_starts_with(const char *s, const char *front)
{
	return strncmp(s, front, strlen(front)) == 0;
}

/* Terminals that print the sequence as text. */
static bool
clipboard_has_no_osc(const char *type)
{
	static const char *const fronts[] = { "linux", "vt", "ansi", "cons", "dumb", "sun", "wsvt",
		"pcvt", "hurd" };

	for (size_t i = 0; i < NITEMS(fronts); i++)
		if (clipboard_starts_with(type, fronts[i]))
			return true;
	return *type == '\0';
}

/* For tmux: every ESC is doubled. */
static void
clipboard_wrap_tmux(struct buf *b, const char *sequence)
{
	buf_adds(b, "\033Ptmux;");
	for (; *sequence != '\0'; sequence++) {
		if (*sequence == '\033')
			buf_addc(b, '\033');
		buf_addc(b, *sequence);
	}
	buf_adds(b, "\033\\");
}

static void
clipboard_wrap_screen(struct buf *b, const char *sequence)
{
	size_t len = strlen(sequence);

	for (size_t i = 0; i < len; i += SCREEN_MAX) {
		size_t n = len - i < SCREEN_MAX ? len - i : SCREEN_MAX;

		buf_adds(b, "\033P");
		buf_add(b, sequence + i, n);
		buf_adds(b, "\033\\");
	}
}

bool
clipboard_sequence(struct buf *b, const char *type, bool tmux, const char *text)
{
	char array[CLIPBOARD_MAX * 4 / 3 + 32];
	struct buf sequence;

	if (strlen(text) > CLIPBOARD_MAX || (!tmux && clipboard_has_no_osc(type)))
		return false;
	buf_init(&sequence, array, sizeof(array));
	buf_adds(&sequence, "\033]52;c;");
	clipboard_add_base64(&sequence, text);
	buf_addc(&sequence, '\a');
	/*
	 * tmux handles it, passes it on, or ignores it, as configured. Under sudo it looks like
	 * screen, which ignores unwrapped sequences.
	 */
	buf_adds(b, array);
	if (tmux || clipboard_starts_with(type, "tmux"))
		clipboard_wrap_tmux(b, array);
	else if (clipboard_starts_with(type, "screen"))
		clipboard_wrap_screen(b, array);
	return true;
}
