/* The tcpdump command that shows a row's packets. */
#include "config.h"

#include <string.h>

#include "core/ledger.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/columns.h"
#include "view/row_filter.h"

/* The interface of the row; else the only source; else "any". */
static const char *
tcpdump_interface(const struct ledger *l, const struct view *v, const struct table_row *row)
{
	const struct value *own = row_find_cell(v, row, v == &view_sources ? "name" : "source");

	if (own != NULL && own->type == V_TEXT)
		return own->text;
	return l->n_sources == 1 ? l->source[0].name : "any";
}

bool
tcpdump_command(struct buf *b, const struct ledger *l, const struct view *v,
    const struct table_row *row, const char *file, struct buf *why)
{
	char text[BPF_MAX];
	struct buf expression;

	buf_init(&expression, text, sizeof(text));
	if (!bpf_text(&expression, l, v, row, why))
		return false;
	buf_adds(b, file != NULL ? "tcpdump -nr " : "tcpdump -ni ");
	shell_quote_word(b, file != NULL ? file : tcpdump_interface(l, v, row));
	if (text[0] == '\0')
		return true;
	buf_addc(b, ' ');
	shell_quote_word(b, text);
	return true;
}

/* Text with control characters, as $'...' with octal escapes. */
static void
tcpdump_add_octal(struct buf *b, const char *s)
{
	buf_adds(b, "$'");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c >= 0x7f || c == '\'' || c == '\\')
			buf_addf(b, "\\%03o", c);
		else
			buf_addc(b, *s);
	}
	buf_addc(b, '\'');
}

void
shell_quote_word(struct buf *b, const char *s)
{
	if (*s != '\0' && *s != '-' &&
	    s[strspn(s,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"._:/@%+-")] == '\0') {
		buf_adds(b, s);
		return;
	}
	if (!text_is_clean(s)) {
		tcpdump_add_octal(b, s);
		return;
	}
	buf_addc(b, '\'');
	for (; *s != '\0'; s++)
		if (*s == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, *s);
	buf_addc(b, '\'');
}
