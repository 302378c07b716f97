/* Times in recordings, as people write them. */
#include "config.h"

#include "feed/recording.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/attr.h"

#define DAY UINT64_C(86400)

/* Further than any recording. */
#define TIME_MOST 1000000

static bool
record_time_parse_span(const char *text, uint64_t end, uint64_t *at)
{
	static const struct {
		const char *unit;
		uint64_t seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", DAY } };
	char *rest;
	unsigned long n;

	if (*text != '-' || text[1] < '0' || text[1] > '9')
		return false;
	n = strtoul(text + 1, &rest, 10);
	for (size_t i = 0; i < NITEMS(units); i++) {
		uint64_t back = n * units[i].seconds;

		if (strcmp(rest, units[i].unit) != 0 || n > TIME_MOST)
			continue;
		*at = end > back ? end - back : 0;
		return true;
	}
	return false;
}

static bool
record_time_parse_day(const char *text, uint64_t end, uint64_t *at)
{
	/* The end is past the last moment. */
	uint64_t last = end > 0 ? end - 1 : 0, today = last - last % DAY;

	if (strcmp(text, "today") == 0)
		*at = today;
	else if (strcmp(text, "yesterday") == 0)
		*at = today >= DAY ? today - DAY : 0;
	else
		return false;
	return true;
}

static bool
record_time_parse_date(const char *text, uint64_t *at)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S" };

	for (size_t i = 0; i < NITEMS(forms); i++) {
		struct tm tm = { .tm_mday = 1 };
		const char *rest = strptime(text, forms[i], &tm);
		time_t t;

		if (rest == NULL || (*rest != '\0' && strcmp(rest, "Z") != 0))
			continue;
		t = timegm(&tm);
		*at = t > 0 ? (uint64_t)t : 0;
		return true;
	}
	return false;
}

/* The last such time that is not after the end. */
static bool
record_time_parse_clock(const char *text, uint64_t end, uint64_t *at)
{
	static const char *const forms[] = { "%H:%M", "%H:%M:%S" };

	for (size_t i = 0; i < NITEMS(forms); i++) {
		struct tm tm = { .tm_hour = 0 };
		const char *rest = strptime(text, forms[i], &tm);
		uint64_t second = (uint64_t)(tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);

		if (rest == NULL || *rest != '\0')
			continue;
		*at = end - end % DAY + second;
		if (*at > end && *at >= DAY)
			*at -= DAY;
		return true;
	}
	return false;
}

bool
record_parse_time(const char *text, uint64_t end, uint64_t *at)
{
	return record_time_parse_span(text, end, at) || record_time_parse_day(text, end, at) ||
	    record_time_parse_date(text, at) || record_time_parse_clock(text, end, at);
}
