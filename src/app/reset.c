#include "config.h"

#include "app/reset.h"

#include "feed/recording.h"

static void
enter(struct fresh *f, enum fresh_stage stage)
{
	f->stage = stage;
	feed_hold(f->feed, stage == FRESH_LAST || stage == FRESH_LEDGER);
}

void
fresh_zero(struct fresh *f, bool on)
{
	/* Who restarts begins at zero anyway. */
	if (f->stage != FRESH_NOTHING && f->stage != FRESH_ZERO)
		return;
	if (!on) {
		ledger_set_baseline(f->feed->ledger, false);
		enter(f, FRESH_NOTHING);
	} else if (f->stage == FRESH_NOTHING) {
		ledger_baseline_begin(f->feed->ledger);
		enter(f, FRESH_ZERO);
	}
}

void
fresh_restart(struct fresh *f)
{
	fresh_zero(f, false);
	if (f->stage != FRESH_NOTHING)
		return;
	records_part(f->feed->records);
	enter(f, FRESH_RECORDS);
}

bool
fresh_begins(struct fresh *f, struct buf *err)
{
	if (records_parting(f->feed->records))
		return false;
	if (f->stage == FRESH_RECORDS) {
		enter(f, FRESH_LAST);
		records_part(f->feed->records);
	}
	if (f->stage != FRESH_LAST || records_parting(f->feed->records))
		return false;
	feed_restart(f->feed, err);
	ledger_reset_begin(f->feed->ledger);
	enter(f, FRESH_LEDGER);
	return true;
}

bool
fresh_works(const struct fresh *f)
{
	return f->stage == FRESH_LEDGER || f->stage == FRESH_ZERO;
}

bool
fresh_hurries(const struct fresh *f)
{
	return (f->stage == FRESH_RECORDS || f->stage == FRESH_LAST) &&
	    !records_parting(f->feed->records);
}

bool
fresh_step(struct fresh *f, unsigned steps)
{
	struct ledger *l = f->feed->ledger;

	feed_hold(f->feed, true);
	if (f->stage == FRESH_LEDGER ? ledger_reset_step(l, steps) : ledger_baseline_step(l, steps))
		return true;
	enter(f, FRESH_NOTHING);
	return false;
}
