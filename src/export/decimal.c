#include "config.h"

#include "export/csv_json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"

void
decimal_fixed(struct buf *b, uint64_t n, int decimals)
{
	uint64_t unit = 1;

	assert(decimals >= 0 && decimals <= 18);
	for (int i = 0; i < decimals; i++)
		unit *= 10;
	buf_addu(b, n / unit);
	if (decimals > 0)
		buf_addf(b, ".%0*" PRIu64, decimals, n % unit);
}

uint64_t
decimal_average(uint64_t sum, uint64_t n)
{
	assert(n > 0);
	return sum / n * 100 + (sum % n * 100 + n / 2) / n;
}

/* Replaces the locale's decimal mark of printf(), of one byte or more, by a point. */
static void
decimal_add_with_point(struct buf *b, const char *s)
{
	size_t whole = strspn(s, "+-0123456789e");

	buf_add(b, s, whole);
	s += whole;
	if (*s == '\0')
		return;
	buf_addc(b, '.');
	buf_adds(b, s + strcspn(s, "0123456789"));
}

void
decimal_real(struct buf *b, double x)
{
	char s[40];

	assert(isfinite(x));
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(s, sizeof(s), "%.*g", digits, x);
		if (!(fabs(strtod(s, NULL) - x) > 0))
			break;
	}
	decimal_add_with_point(b, s);
}
