#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"
#include "view/private.h"

#define NS_PER_S      1e9L
#define BITS_PER_BYTE 8

/*
 * Some implementations of regcomp() expand repetitions, so nested ones need unbounded time and
 * memory.
 */
#define REGEX_REPEAT 256

struct filter_unit {
	const char *name;
	long double factor;
};

static const struct filter_unit prefixes[] = {
	{ "", 1 },
	{ "k", 1e3L },
	{ "M", 1e6L },
	{ "G", 1e9L },
	{ "T", 1e12L },
	{ "Ki", 1024 },
	{ "Mi", 1048576 },
	{ "Gi", 1073741824 },
	{ "Ti", 1099511627776 },
	{ NULL, 0 },
};

static const struct filter_unit spans[] = {
	{ "", 1e9L },
	{ "ns", 1 },
	{ "us", 1e3L },
	{ "ms", 1e6L },
	{ "s", 1e9L },
	{ "m", 60e9L },
	{ "h", 3600e9L },
	{ "d", 86400e9L },
	{ NULL, 0 },
};

static const struct filter_unit shares[] = { { "", 1 }, { "%", 0.01L }, { NULL, 0 } };
static const struct filter_unit plain[] = { { "", 1 }, { NULL, 0 } };

bool
filter_fail(struct filter_error *e, size_t at, const char *fmt, ...)
{
	char sentence[TEXT_MAX + 1];
	va_list ap;

	if (e->set)
		return false;
	e->set = true;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	if (e->text != NULL) {
		buf_clear(e->text);
		text_clean(e->text, sentence, strlen(sentence));
	}
	if (e->at != NULL)
		*e->at = at;
	return false;
}

/* Digits with an optional decimal point.  Returns the end, or NULL. strtod() would use the
 * locale. */
static const char *
filter_value_read_decimal(const char *s, long double *x)
{
	const char *start = s;
	long double unit = 1;

	for (*x = 0; *s >= '0' && *s <= '9'; s++)
		*x = *x * 10 + (*s - '0');
	if (s == start)
		return NULL;
	if (*s != '.')
		return s;
	for (start = ++s; *s >= '0' && *s <= '9'; s++) {
		unit *= 10;
		*x += (*s - '0') / unit;
	}
	return s == start ? NULL : s;
}

static bool
filter_value_read_time(const char *s, long double *ns)
{
	static const char *const formats[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S",
		"%Y-%m-%dT%H:%M", "%Y-%m-%d" };

	for (unsigned i = 0; i < NITEMS(formats); i++) {
		struct tm tm = { .tm_mday = 1 };
		const char *end = strptime(s, formats[i], &tm);

		if (end == NULL || *end != '\0')
			continue;
		*ns = (long double)timegm(&tm) * NS_PER_S;
		return true;
	}
	return false;
}

bool
filter_value_number(const char *s, enum value_type type, long double *x)
{
	const struct filter_unit *u = prefixes;

	if (type == V_TIME)
		return filter_value_read_time(s, x);
	if (type == V_DURATION)
		u = spans;
	else if (type == V_SHARE)
		u = shares;
	else if (type == V_PORT || type == V_ID)
		u = plain;
	s = filter_value_read_decimal(s, x);
	if (s == NULL)
		return false;
	while (u->name != NULL && strcasecmp(u->name, s) != 0)
		u++;
	*x *= u->factor;
	if (type == V_BYTE_RATE)
		*x /= BITS_PER_BYTE;
	return u->name != NULL;
}

/* The repeat count of the braces whose content starts at s. */
static unsigned long
filter_value_repeat_count(const char *s)
{
	char *end;
	unsigned long least = strtoul(s, &end, 10);
	unsigned long most = *end == ',' ? strtoul(end + 1, NULL, 10) : 0;
	unsigned long n = most > least ? most : least;

	if (n > REGEX_REPEAT)
		return REGEX_REPEAT + 1;
	return n > 0 ? n : 1;
}

const char *
filter_value_regex_error(const char *s)
{
	unsigned long repeat = 1;

	if (strlen(s) > FILTER_REGEX_MAX)
		return "the regular expression is too long";
	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] >= '1' && s[1] <= '9')
			return "back-references are not supported";
		if (*s == '\\' && s[1] != '\0')
			s++;
		else if (*s == '+')
			repeat *= 2;
		else if (*s == '{')
			repeat *= filter_value_repeat_count(s + 1);
		if (repeat > REGEX_REPEAT)
			return "the regular expression repeats too much";
	}
	return NULL;
}
