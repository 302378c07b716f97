/* What the formats of reports share. */
#include "config.h"

#include "core/ledger.h"
#include "export/private.h"
#include "export/report.h"

const struct report_section report_section[REPORT_SECTIONS] = {
	{ "talkers", false },
	{ "flows", false },
	{ "protocols", true },
	{ "ports", false },
};

const char *
report_source_state(const struct source_stats *src)
{
	return source_state_name(src->state);
}

bool
report_has_time(const struct report *r, const struct ledger *l)
{
	return r->now != 0 || l->totals.last != 0;
}

struct tally
report_delta(const struct scope *s)
{
	struct tally sum = { 0, 0 };

	for (int w = 0; w < SERIES_WAYS; w++) {
		struct tally t = scope_rate_tally(s, &s->ledger->way[w], 0);

		tally_add(&sum, t.packets, t.bytes);
	}
	return sum;
}
