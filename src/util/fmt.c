#include "config.h"

#include "util/text.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>

#include "util/attr.h"
#include "util/buf.h"

#define NS_PER_MS  UINT64_C(1000000)
#define NS_PER_S   UINT64_C(1000000000)
#define S_PER_MIN  UINT64_C(60)
#define S_PER_HOUR UINT64_C(3600)
#define S_PER_DAY  UINT64_C(86400)

/*
 * All numbers are printed as integers, because the decimal point of printf() depends on the locale.
 */

static const char *const fmt_si_prefix[] = { "", "k", "M", "G", "T", "P", "E", "Z", "Y" };
static const char *const fmt_iec_prefix[] = { "", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi" };

/* The largest relative rounding error after a few divisions and one product. */
#define FMT_ROUNDING_ERROR (16 * DBL_EPSILON)

uint64_t
fmt_rounded(double x)
{
	double whole = floor(x);

	/* Above about 10^13 the absolute error is limited to 0.1. */
	return (uint64_t)whole + (x - whole >= 0.5 - fmin(x * FMT_ROUNDING_ERROR, 0.1));
}

/* x, below 1024 and at least about 1, with three significant digits. */
static void
fmt_add_three_digits(struct buf *b, double x)
{
	unsigned hundredths = (unsigned)fmt_rounded(x * 100);
	unsigned tenths = (unsigned)fmt_rounded(x * 10);

	if (hundredths < 1000)
		buf_addf(b, "%u.%02u", hundredths / 100, hundredths % 100);
	else if (tenths < 1000)
		buf_addf(b, "%u.%u", tenths / 10, tenths % 10);
	else
		buf_addu(b, fmt_rounded(x));
}

void
fmt_scaled(struct buf *b, double n, enum fmt_units units)
{
	const char *const *prefix = units == FMT_IEC ? fmt_iec_prefix : fmt_si_prefix;
	const double base = units == FMT_IEC ? 1024 : 1000;
	const double end = base - 0.5; /* from here on it would round up to the base */
	unsigned power = 0;

	if (!(n > 0)) /* also NaN */
		n = 0;
	for (; n >= end && power < NITEMS(fmt_si_prefix) - 1; power++)
		n /= base;
	if (n >= end)
		n = base - 1;
	if (power == 0)
		buf_addu(b, fmt_rounded(n));
	else
		fmt_add_three_digits(b, n);
	buf_adds(b, prefix[power]);
}

void
fmt_grouped(struct buf *b, uint64_t n)
{
	uint64_t group = 1;

	while (n / group >= 1000)
		group *= 1000;
	buf_addu(b, n / group);
	for (group /= 1000; group > 0; group /= 1000)
		buf_addf(b, " %03u", (unsigned)(n / group % 1000));
}

void
fmt_span(struct buf *b, uint64_t ns)
{
	const uint64_t ms = ns / NS_PER_MS, s = ns / NS_PER_S;
	const uint64_t min = s / S_PER_MIN, h = s / S_PER_HOUR, d = s / S_PER_DAY;

	if (ns == 0)
		buf_adds(b, "0s");
	else if (ms < 10)
		buf_addf(b, "%" PRIu64 ".%" PRIu64 "ms", ms, ns / (NS_PER_MS / 10) % 10);
	else if (s < 1)
		buf_addf(b, "%" PRIu64 "ms", ms);
	else if (s < 10)
		buf_addf(b, "%" PRIu64 ".%" PRIu64 "s", s, ns / (NS_PER_S / 10) % 10);
	else if (min < 1)
		buf_addf(b, "%" PRIu64 "s", s);
	else if (h < 1)
		buf_addf(b, "%" PRIu64 "m%02" PRIu64, min, s % S_PER_MIN);
	else if (d < 1)
		buf_addf(b, "%" PRIu64 "h%02" PRIu64, h, min % 60);
	else if (d < 100)
		buf_addf(b, "%" PRIu64 "d%02" PRIu64, d, h % 24);
	else
		buf_addf(b, "%" PRIu64 "d", d);
}

void
fmt_clock(struct buf *b, uint64_t ns)
{
	const uint64_t s = ns / NS_PER_S;

	if (s >= S_PER_DAY)
		buf_addf(b, "%" PRIu64 "d ", s / S_PER_DAY);
	buf_addf(b, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / S_PER_HOUR % 24,
	    s / S_PER_MIN % 60, s % 60);
}

/*
 * The date of a day since 1970-01-01 (E. Reingold and N. Dershowitz, "Calendrical
 * Calculations").  Years are counted from 1 March, so that the leap day ends
 * them, in eras of 400 years, which all have 146097 days; 719468 days lie between
 * 0000-03-01 and 1970-01-01.  gmtime() would fail in 2038 where time_t is small.
 */
static void
fmt_add_date(struct buf *b, uint64_t days)
{
	const uint64_t since = days + 719468;
	const uint64_t era = since / 146097, of_era = since % 146097;
	const uint64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	const uint64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	const uint64_t m = (5 * of_year + 2) / 153; /* 0: March */
	const uint64_t day = of_year - (153 * m + 2) / 5 + 1;
	const uint64_t month = m < 10 ? m + 3 : m - 9;
	const uint64_t year = era * 400 + y + (month <= 2);

	buf_addf(b, "%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64, year, month, day);
}

void
fmt_rfc3339(struct buf *b, uint64_t ns, int decimals)
{
	const uint64_t s = ns / NS_PER_S;
	uint64_t fraction = ns % NS_PER_S;
	int left;

	if (decimals < 0)
		decimals = 0;
	if (decimals > 9)
		decimals = 9;
	fmt_add_date(b, s / S_PER_DAY);
	buf_addf(b, "T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / S_PER_HOUR % 24,
	    s / S_PER_MIN % 60, s % 60);
	for (left = 9 - decimals; left > 0; left--)
		fraction /= 10;
	if (decimals > 0)
		buf_addf(b, ".%0*" PRIu64, decimals, fraction);
	buf_addc(b, 'Z');
}
