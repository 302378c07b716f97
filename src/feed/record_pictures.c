/* The pictures of a recording that is read. */
#include "config.h"

#include "feed/recording.h"

static bool
record_pictures_find(void *arg, uint64_t at, uint64_t *found)
{
	const struct record_pictures *p = arg;

	return record_ask_find(p->process, RECORD_FIND_AT, at, history_picture_format(), found);
}

static bool
record_pictures_next(void *arg, uint64_t at, uint64_t *found)
{
	const struct record_pictures *p = arg;

	return record_ask_find(p->process, RECORD_FIND_NEXT, at, history_picture_format(), found);
}

static void
record_pictures_extent(void *arg, uint64_t *first, uint64_t *last)
{
	const struct record_pictures *p = arg;

	*first = *last = 0;
	(void)record_pictures_find(arg, 0, first);
	(void)record_ask_find(p->process, RECORD_FIND_LAST, 0, history_picture_format(), last);
}

static const uint8_t *
record_pictures_load(void *arg, uint64_t at, size_t *n)
{
	struct record_pictures *p = arg;

	return record_ask_picture(p->process, at, &p->moment, n);
}

struct history_store *
record_pictures_open(struct record_pictures *p, const struct record_process *process)
{
	p->process = process;
	p->source = (struct history_source){ record_pictures_find, record_pictures_next,
		record_pictures_extent, record_pictures_load, p };
	buf_new(&p->moment);
	return history_store_new_from(&p->source);
}

void
record_pictures_close(struct record_pictures *p)
{
	buf_del(&p->moment);
}
