#include "config.h"

#include "view/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/host.h"
#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

#define REPLACEMENT   0xfffd
#define BITS_PER_BYTE 8

#define RATE_DECIMALS  3
#define SHARE_DECIMALS 6
#define SPAN_DECIMALS  9

struct value
value_none(void)
{
	return (struct value){ .type = V_NONE };
}

/* Removes an incomplete character at the end of a text that was cut. */
static void
value_drop_cut_char(char *s)
{
	uint32_t cp;
	size_t taken;

	for (; *s != '\0'; s += taken) {
		taken = text_decode(s, &cp);
		if (cp == REPLACEMENT && taken == 1) {
			*s = '\0';
			return;
		}
	}
}

struct value
value_textf(const char *fmt, ...)
{
	struct value v = { .type = V_TEXT };
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(v.text, sizeof(v.text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(v.text))
		value_drop_cut_char(v.text);
	return v;
}

struct value
value_n(enum value_type type, uint64_t n)
{
	return (struct value){ .type = (uint8_t)type, .n = n };
}

struct value
value_x(enum value_type type, double x)
{
	return isfinite(x) ? (struct value){ .type = (uint8_t)type, .x = x } : value_none();
}

struct value
value_addr(uint8_t kind, const struct addr *a)
{
	return (struct value){ .type = V_ADDR, .kind = kind, .addr = *a };
}

struct value
value_net(uint8_t kind, const struct addr *a, uint8_t bits)
{
	return (struct value){ .type = V_ADDR, .kind = kind, .bits = bits, .addr = *a };
}

static void
value_text_of_text(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	buf_adds(b, v->text);
	if (v->kind == NAME_UNKNOWN)
		return;
	if (v->bits > 0)
		buf_addf(b, "+%u", v->bits);
	buf_addc(b, '~');
	buf_addc(b, name_origin_letter((enum name_origin)v->kind));
}

static void
value_text_of_addr(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	addr_text(b, v->kind, &v->addr);
	if (v->bits != 0)
		buf_addf(b, "/%u", v->bits);
}

static void
value_text_of_port(struct buf *b, const struct value *v, const struct units *u)
{
	const char *name = NULL;

	if (!u->numeric && v->kind != SPACE_END)
		name = service_name(v->kind, (uint16_t)v->n);
	if (name != NULL)
		buf_adds(b, name);
	else
		buf_addu(b, v->n);
}

static void
value_text_of_count(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	fmt_scaled(b, (double)v->n, FMT_SI);
}

static void
value_text_of_bytes(struct buf *b, const struct value *v, const struct units *u)
{
	fmt_scaled(b, (double)v->n, u->scale);
}

static void
value_text_of_byte_rate(struct buf *b, const struct value *v, const struct units *u)
{
	if (v->kind == VALUE_APPROXIMATE)
		buf_addc(b, '~');
	fmt_scaled(b, u->bytes_per_second ? v->x : v->x * BITS_PER_BYTE, u->scale);
}

static void
value_text_of_packet_rate(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	fmt_scaled(b, v->x, FMT_SI);
}

static void
value_text_of_share(struct buf *b, const struct value *v, const struct units *u)
{
	unsigned thousandths = v->x < 1 ? (unsigned)fmt_rounded(v->x * 1000) : 1000;

	(void)u;
	if (v->x > 0 && thousandths == 0)
		buf_adds(b, "<0.1%");
	else if (thousandths == 1000)
		buf_adds(b, "100%");
	else
		buf_addf(b, "%u.%u%%", thousandths / 10, thousandths % 10);
}

static void
value_text_of_time(struct buf *b, const struct value *v, const struct units *u)
{
	char array[40];
	struct buf whole;

	(void)u;
	if (v->kind == 0) {
		fmt_rfc3339(b, v->n, 0);
		return;
	}
	/* 2026-11-21T02:12:13.123456Z */
	buf_init(&whole, array, sizeof(array));
	fmt_rfc3339(&whole, v->n, 6);
	if (v->kind == VALUE_DAY_TIME) {
		buf_add(b, array + 5, 5); /* the month and the day */
		buf_addc(b, ' ');
	}
	buf_add(b, strchr(array, 'T') + 1, 15);
}

static void
value_text_of_span(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	fmt_span(b, v->n);
}

static void
value_text_of_id(struct buf *b, const struct value *v, const struct units *u)
{
	(void)u;
	buf_addu(b, v->n);
}

/*
 * n / 10^decimals without trailing zeros. printf() would use the locale's decimal point.
 */
static void
value_add_fixed(struct buf *b, uint64_t n, int decimals)
{
	char digits[21];
	uint64_t unit = 1;
	int len = decimals;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_addu(b, n / unit);
	snprintf(digits, sizeof(digits), "%0*" PRIu64, decimals, n % unit);
	while (len > 0 && digits[len - 1] == '0')
		len--;
	if (len == 0)
		return;
	buf_addc(b, '.');
	buf_add(b, digits, (size_t)len);
}

/* x >= 0 with at most that many decimals; from 2^53 on a double has none. */
static void
value_add_decimal(struct buf *b, double x, int decimals)
{
	double unit = 1;

	for (int i = 0; i < decimals; i++)
		unit *= 10;
	if (x * unit < (double)(UINT64_C(1) << 53))
		value_add_fixed(b, fmt_rounded(x * unit), decimals);
	else
		buf_addf(b, "%.0f", x);
}

static void
value_number_of_n(struct buf *b, const struct value *v)
{
	buf_addu(b, v->n);
}

static void
value_number_of_byte_rate(struct buf *b, const struct value *v)
{
	value_add_decimal(b, v->x * BITS_PER_BYTE, RATE_DECIMALS);
}

static void
value_number_of_packet_rate(struct buf *b, const struct value *v)
{
	value_add_decimal(b, v->x, RATE_DECIMALS);
}

static void
value_number_of_share(struct buf *b, const struct value *v)
{
	value_add_decimal(b, v->x, SHARE_DECIMALS);
}

static void
value_number_of_span(struct buf *b, const struct value *v)
{
	value_add_fixed(b, v->n, SPAN_DECIMALS);
}

/* Each type: its storage, its text for people, and its number for machines; NULL: none. */
/* clang-format off */
static const struct {
	bool real; /* in x */
	void (*text)(struct buf *b, const struct value *v, const struct units *u);
	void (*number)(struct buf *b, const struct value *v);
} types[] = {
	[V_NONE]        = { false, NULL,                NULL },
	[V_TEXT]        = { false, value_text_of_text,        NULL },
	[V_ADDR]        = { false, value_text_of_addr,        NULL },
	[V_PORT]        = { false, value_text_of_port,        value_number_of_n },
	[V_COUNT]       = { false, value_text_of_count,       value_number_of_n },
	[V_BYTES]       = { false, value_text_of_bytes,       value_number_of_n },
	[V_BYTE_RATE]   = { true,  value_text_of_byte_rate,   value_number_of_byte_rate },
	[V_PACKET_RATE] = { true,  value_text_of_packet_rate, value_number_of_packet_rate },
	[V_SHARE]       = { true,  value_text_of_share,       value_number_of_share },
	[V_TIME]        = { false, value_text_of_time,        NULL },
	[V_DURATION]        = { false, value_text_of_span,        value_number_of_span },
	[V_ID]          = { false, value_text_of_id,          value_number_of_n },
};
/* clang-format on */

#define COMPARE(x, y) (((x) > (y)) - ((x) < (y)))

static int
value_compare_text(const struct value *x, const struct value *y)
{
	int c = strcmp(x->text, y->text);

	return COMPARE(c, 0);
}

static int
value_compare_addr(const struct value *x, const struct value *y)
{
	int c = addr_compare(&x->addr, &y->addr);

	if (x->kind != y->kind)
		return COMPARE(x->kind, y->kind);
	return c != 0 ? COMPARE(c, 0) : COMPARE(x->bits, y->bits);
}

int
value_compare(const struct value *x, const struct value *y)
{
	if (x->type != y->type)
		return COMPARE(x->type, y->type);
	if (x->type == V_NONE)
		return 0;
	if (x->type == V_TEXT)
		return value_compare_text(x, y);
	if (x->type == V_ADDR)
		return value_compare_addr(x, y);
	return types[x->type].real ? COMPARE(x->x, y->x) : COMPARE(x->n, y->n);
}

/* True for numbers of things, which can be added. */
static bool
value_is_amount(const struct value *v)
{
	return v->type == V_COUNT || v->type == V_BYTES || types[v->type].real;
}

void
value_add(struct value *sum, const struct value *v)
{
	if (sum->type == v->type && value_is_amount(v)) {
		if (types[v->type].real)
			sum->x += v->x;
		else
			sum->n += v->n;
		if (v->type == V_SHARE && sum->x > 1)
			sum->x = 1;
	} else if (value_compare(sum, v) != 0) {
		*sum = value_none();
	}
}

void
value_text(struct buf *b, const struct value *v, const struct units *u)
{
	if (types[v->type].text != NULL)
		types[v->type].text(b, v, u);
}

/* The text for machines of a value that is not a number; false if it is not known. */
static bool
value_machine_text(struct buf *b, const struct value *v)
{
	if (v->type == V_NONE || (v->type == V_ADDR && !addr_is_present(v->kind, &v->addr)))
		return false;
	if (v->type == V_TIME)
		fmt_rfc3339(b, v->n, SPAN_DECIMALS);
	else if (v->type == V_TEXT)
		buf_adds(b, v->text);
	else
		value_text(b, v, &(struct units){ .numeric = true });
	return true;
}

void
value_json(struct buf *b, const struct value *v)
{
	char array[VALUE_TEXT];
	struct buf text;

	buf_init(&text, array, sizeof(array));
	if (types[v->type].number != NULL)
		types[v->type].number(b, v);
	else if (value_machine_text(&text, v))
		value_quote_json(b, array);
	else
		buf_adds(b, "null");
}

void
value_csv(struct buf *b, const struct value *v)
{
	char array[VALUE_TEXT];
	struct buf text;

	buf_init(&text, array, sizeof(array));
	if (types[v->type].number != NULL)
		types[v->type].number(b, v);
	else if (value_machine_text(&text, v))
		value_quote_csv(b, array);
}

/* Adds the escape of a character that cannot stand in a JSON string. */
static void
value_json_escape(struct buf *b, uint32_t cp)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	const char *at = cp < 0x80 ? memchr(plain, (int)cp, sizeof(plain) - 1) : NULL;

	if (at != NULL) {
		buf_addc(b, '\\');
		buf_addc(b, letter[at - plain]);
	} else {
		buf_addf(b, "\\u%04x", (unsigned)cp);
	}
}

void
value_quote_json(struct buf *b, const char *s)
{
	size_t taken;
	uint32_t cp;

	buf_addc(b, '"');
	for (; *s != '\0'; s += taken) {
		taken = text_decode(s, &cp);
		if (cp < ' ' || cp == '"' || cp == '\\' || (cp >= 0x7f && cp < 0xa0) ||
		    (cp == REPLACEMENT && taken == 1))
			value_json_escape(b, cp);
		else
			buf_add(b, s, taken);
	}
	buf_addc(b, '"');
}

/* True for characters that start a formula in a spreadsheet, also in their full-width forms. */
static bool
value_begins_formula(uint32_t cp)
{
	static const uint32_t begins[] = { '=', '+', '-', '@', '\t', '\r', 0xff1d, 0xff0b, 0xff0d,
		0xff20 };

	for (size_t i = 0; i < NITEMS(begins); i++)
		if (begins[i] == cp)
			return true;
	return false;
}

/* True if a cell that starts at s could be taken for a formula.  Semicolons may separate cells
 * too. */
static bool
value_is_formula_cell(const char *s)
{
	uint32_t cp;

	s += strspn(s, " \"");
	if (*s == '\0')
		return false;
	text_decode(s, &cp);
	return value_begins_formula(cp);
}

void
value_quote_csv(struct buf *b, const char *s)
{
	bool quoted =
	    strpbrk(s, ",\"\r\n") != NULL || *s == ' ' || (*s != '\0' && s[strlen(s) - 1] == ' ');

	if (quoted)
		buf_addc(b, '"');
	if (value_is_formula_cell(s))
		buf_addc(b, '\'');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			buf_addc(b, '"');
		buf_addc(b, *s);
		if (*s == ';' && value_is_formula_cell(s + 1))
			buf_addc(b, '\'');
	}
	if (quoted)
		buf_addc(b, '"');
}
