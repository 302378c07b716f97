#include "config.h"

#include "feed/feed.h"
#include "platform/clock.h"

bool
feed_is_live(const struct feed *f)
{
	return f->live || f->live_pipe;
}

bool
feed_is_offline(const struct feed *f)
{
	return !feed_is_live(f) && f->opts->replay <= 0;
}

uint64_t
feed_record_time(const struct feed *f)
{
	return f->live ? clock_wall() : f->ledger->totals.last;
}
