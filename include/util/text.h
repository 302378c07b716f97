/*
 * Text: bounded and clean, and numbers as text.
 */
#ifndef UTIL_TEXT_H
#define UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Sanitising of foreign text, and the width of text in terminal cells.  Every byte from outside
 * passes text_clean() before it is stored or shown.
 */

#define TEXT_MAX 255 /* bytes of a cleaned name, without the NUL */

/*
 * Adds n foreign bytes as at most TEXT_MAX bytes of valid UTF-8 that cannot control a terminal: C0,
 * DEL, C1 and invalid UTF-8 become \xHH, bidirectional controls (U+200E, 200F, 061C, 202A-202E,
 * 2066-2069), line and paragraph separators and other unprintable characters become '?'.
 * Independent of the locale.  The backslash itself stays as it is.
 */
void text_clean(struct buf *b, const void *bytes, size_t n);

/* A cleaned copy of a string, to be quoted in a message. */
struct text_clean_copy {
	char s[TEXT_MAX + 1];
};
struct text_clean_copy text_clean_copy(const char *text);

/* The same for a whole message of any length. */
void text_clean_line(struct buf *b, const char *line);

/* True if the n bytes at word are one of the words, which are separated by blanks. */
bool text_has_word(const char *words, const char *word, size_t n);

/* True if text_clean() would not change s, whatever its length. */
bool text_is_clean(const char *s);

/*
 * Decodes one character of valid or invalid UTF-8 at s (not at its NUL).
 * Returns the bytes taken (1 to 4); *cp is U+FFFD for an invalid byte.
 */
size_t text_decode(const char *s, uint32_t *cp);

/* Encodes cp at out (room for 4) and returns the bytes written. */
size_t text_encode(uint32_t cp, char *out);

/* Terminal cells of cp: 0 (combining), 1 or 2 (wide). */
int text_cell_width(uint32_t cp);

/* Cells that s takes. */
size_t text_width(const char *s);

/* Adds s, shortened to `cells` cells with an ellipsis in the middle, or at the end. */
void text_shorten(struct buf *b, const char *s, int cells);
void text_cut(struct buf *b, const char *s, int cells);

/*
 * Formats numbers and times for people, in a stable width.
 */

enum fmt_units { FMT_SI, FMT_IEC }; /* 1000: k M G; 1024: Ki Mi Gi */

/* Rounds x, which is from 0 to below 2^53, to the nearest integer.  Halves round up as in
 * decimal: 1.005 * 100 counts as 100.5, although its binary fraction is slightly less. */
uint64_t fmt_rounded(double x);

/*
 * n in at most 5 cells (SI) or 6 (IEC) with a prefix: "0", "7", "999", "1.20k", "12.3k", "123k",
 * "1.23M". Three significant digits once a prefix is used; whole below 1000.
 */
void fmt_scaled(struct buf *b, double n, enum fmt_units units);

/* n with its digits in groups of three: "1 234 567". */
void fmt_grouped(struct buf *b, uint64_t n);

/* A duration in ns: "0.4ms", "12s", "3m02", "20m41", "5h07", "12d03". */
void fmt_span(struct buf *b, uint64_t ns);

/* Running time as "00:04:11", past a day as "3d 04:11:09". */
void fmt_clock(struct buf *b, uint64_t ns);

/* RFC 3339 in UTC, with the given number of decimals (0 to 9): "2026-11-21T02:12:13.123456Z". */
void fmt_rfc3339(struct buf *b, uint64_t ns, int decimals);

#endif
