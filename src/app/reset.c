#include "config.h"

#include "app/loop.h"

#include "feed/recording.h"

static void
reset_enter_stage(struct reset *f, enum reset_stage stage)
{
	f->stage = stage;
	feed_pause(f->feed, stage == RESET_LAST_RECORDS || stage == RESET_LEDGER);
}

void
reset_request_zero(struct reset *f, bool on)
{
	/* A restart sets the counters to zero anyway. */
	if (f->stage != RESET_IDLE && f->stage != RESET_BASELINE)
		return;
	if (!on) {
		ledger_set_baseline(f->feed->ledger, false);
		reset_enter_stage(f, RESET_IDLE);
	} else if (f->stage == RESET_IDLE) {
		ledger_baseline_begin(f->feed->ledger);
		reset_enter_stage(f, RESET_BASELINE);
	}
}

void
reset_request_restart(struct reset *f)
{
	reset_request_zero(f, false);
	if (f->stage != RESET_IDLE)
		return;
	recording_flush_flows(f->feed->recorder);
	reset_enter_stage(f, RESET_RECORDS);
}

bool
reset_start(struct reset *f, struct buf *err)
{
	if (recording_is_flushing(f->feed->recorder))
		return false;
	if (f->stage == RESET_RECORDS) {
		reset_enter_stage(f, RESET_LAST_RECORDS);
		recording_flush_flows(f->feed->recorder);
	}
	if (f->stage != RESET_LAST_RECORDS || recording_is_flushing(f->feed->recorder))
		return false;
	feed_restart(f->feed, err);
	ledger_reset_begin(f->feed->ledger);
	reset_enter_stage(f, RESET_LEDGER);
	return true;
}

bool
reset_is_running(const struct reset *f)
{
	return f->stage == RESET_LEDGER || f->stage == RESET_BASELINE;
}

bool
reset_is_pending(const struct reset *f)
{
	return (f->stage == RESET_RECORDS || f->stage == RESET_LAST_RECORDS) &&
	    !recording_is_flushing(f->feed->recorder);
}

bool
reset_step(struct reset *f, unsigned steps)
{
	struct ledger *l = f->feed->ledger;

	feed_pause(f->feed, true);
	if (f->stage == RESET_LEDGER ? ledger_reset_step(l, steps) : ledger_baseline_step(l, steps))
		return true;
	reset_enter_stage(f, RESET_IDLE);
	return false;
}
