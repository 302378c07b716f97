/*
 * Foreign text in CSV and JSON: writes a row of it, and reads it with the small parsers below.
 * Cells are pairs of a length and so many bytes.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "export/csv_json.h"
#include "fuzz.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/value.h"

#define CELLS 8

/* True if a spreadsheet treats the cell as a formula, also after blanks. */
static bool
is_formula(const char *cell)
{
	cell += strspn(cell, " ");
	return *cell != '\0' && strchr("=+-@\t\r", *cell) != NULL;
}

/* Parses a cell (RFC 4180) into cell. Returns the rest. */
static const char *
read_csv(const char *s, struct buf *cell)
{
	bool quoted = *s == '"';

	buf_clear(cell);
	for (s += quoted; *s != '\0'; s++) {
		if (quoted && *s == '"' && *++s != '"')
			return s;
		if (!quoted && *s == ',')
			return s;
		require(quoted || strchr("\"\r\n", *s) == NULL);
		buf_addc(cell, *s);
	}
	require(!quoted);
	return s;
}

/* The cell has the written text, except for the apostrophes that disarm it. */
static void
check_csv(const char *cell, const char *written)
{
	require(!is_formula(cell));
	for (; *cell != '\0'; cell++)
		if (*cell == *written)
			written++;
		else
			require(*cell == '\'');
	require(*written == '\0');
}

static uint32_t
read_hex(const char *s)
{
	char digits[5] = "", *end;
	unsigned long n;

	for (unsigned i = 0; i < 4 && s[i] != '\0'; i++)
		digits[i] = s[i];
	n = strtoul(digits, &end, 16);
	require(end == digits + 4);
	return (uint32_t)n;
}

/* Parses the escape after a backslash (RFC 8259, 7); returns its end. */
static const char *
read_escape(const char *s, struct buf *text)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name = strchr(names, *s);
	char utf8[4];

	require(*s != '\0' && (name != NULL || *s == 'u'));
	if (name != NULL) {
		buf_addc(text, meant[name - names]);
		return s + 1;
	}
	buf_add(text, utf8, text_encode(read_hex(s + 1), utf8));
	return s + 5;
}

static const char *
read_json(const char *s, struct buf *text)
{
	buf_clear(text);
	require(*s++ == '"');
	while (*s != '"') {
		require((unsigned char)*s >= ' ');
		if (*s == '\\')
			s = read_escape(s + 1, text);
		else
			buf_addc(text, *s++);
	}
	return s + 1;
}

/* A row of cells, and the same as an array. */
static void
write_row(char *const *cell, unsigned n, struct buf *csv, struct buf *json)
{
	struct json j;

	json_init(&j, json);
	json_open(&j, NULL, '[');
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(csv, ',');
		value_quote_csv(csv, cell[i]);
		json_str(&j, NULL, cell[i]);
	}
	json_close(&j, ']');
}

static void
read_row(char *const *cell, unsigned n, const char *csv, const char *json)
{
	struct buf text;

	buf_new(&text);
	require(*json++ == '[');
	for (unsigned i = 0; i < n; i++) {
		require(i == 0 || (*csv++ == ',' && *json++ == ','));
		csv = read_csv(csv, &text);
		check_csv(text.s, cell[i]);
		json = read_json(json, &text);
		require(strcmp(text.s, cell[i]) == 0);
	}
	require(*csv == '\0' && strcmp(json, "]") == 0);
	buf_del(&text);
}

/* Foreign text is sanitised before it is stored. */
static char *
clean(char *foreign, size_t n)
{
	char text[TEXT_MAX + 1];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	text_clean(&b, foreign, n);
	free(foreign);
	return strdup(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	char *cell[CELLS];
	struct buf csv, json;
	unsigned n;

	for (n = 0; n < CELLS && in.left > 0; n++) {
		size_t length = input_byte(&in);

		length = length < in.left ? length : in.left;
		cell[n] = clean(input_text(&in, length), length);
		require(cell[n] != NULL);
	}
	buf_new(&csv);
	buf_new(&json);
	write_row(cell, n, &csv, &json);
	read_row(cell, n, csv.s, json.s);
	buf_del(&csv);
	buf_del(&json);
	while (n > 0)
		free(cell[--n]);
	return 0;
}
