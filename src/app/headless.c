/* Headless mode: counts, and answers who asks. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "app/loop.h"
#include "app/run.h"
#include "ext/geoip.h"
#include "platform/clock.h"
#include "platform/service.h"
#include "serve/server.h"
#include "util/buf.h"
#include "util/die.h"

#define NS 1e9

struct headless {
	const struct options *o;
	struct feed *feed;
	struct geoip *places;
	struct loop loop;
	uint64_t next, end; /* ns, monotonic: the next tick; the end, 0: none */
	bool folding;       /* a tick is being folded */
	struct buf err;
	char err_text[512];
};

static void
headless_log_errors(struct headless *h)
{
	char *rest = h->err.s;

	if (h->err.len == 0)
		return;
	while (rest != NULL)
		service_log(SERVICE_WARNING, "%s", strsep(&rest, "\n"));
	buf_clear(&h->err);
}

static void
headless_reload(struct headless *h)
{
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	service_notify_reloading(h->loop.monotonic);
	geoip_reopen(h->places);
	if (server_reload(h->loop.server, &err))
		service_log(
		    SERVICE_INFO, "secrets, settings and databases of places were read again");
	else
		service_log(SERVICE_ERROR, "%s; the old ones stay", err.s);
	service_notify("READY=1");
}

static void
headless_log_status(const struct headless *h)
{
	const struct totals *t = &h->feed->ledger->totals;

	service_log(SERVICE_INFO, "%llu packets, %llu bytes, %llu dropped",
	    (unsigned long long)t->all.packets, (unsigned long long)t->all.bytes,
	    (unsigned long long)h->feed->drops);
}

static void
headless_tick(struct headless *h)
{
	struct ledger *l = h->feed->ledger;
	uint64_t delay = (uint64_t)(h->o->delay * NS);

	feed_tick(h->feed, h->loop.monotonic);
	ledger_tick(l, feed_is_offline(h->feed) ? ledger_time(l) : h->loop.wall);
	h->folding = true;
	while (h->next <= h->loop.monotonic)
		h->next += delay;
}

/* The tables that HTTP clients ask for are kept. */
static void
headless_fold(struct headless *h)
{
	struct ledger *l = h->feed->ledger;

	h->folding = ledger_fold(l, LOOP_STEPS);
	if (h->folding)
		return;
	h->folding = ledger_enable(
	    l, LEDGER_NETWORKS | server_extras(h->loop.server), STATE_PREFIX4, STATE_PREFIX6);
	if (h->folding)
		return;
	server_tick(h->loop.server);
	recording_take_picture(h->feed->recorder);
}

/* False at the end. */
static bool
headless_turn(struct headless *h)
{
	bool gone;
	unsigned got = loop_turn(&h->loop, h->next, h->folding, &gone);

	if ((got & GOT_QUIT) || (h->end > 0 && h->loop.monotonic >= h->end))
		return false;
	if (got & GOT_RELOAD)
		headless_reload(h);
	if (got & GOT_INFO)
		headless_log_status(h);
	headless_log_errors(h);
	if (h->folding)
		headless_fold(h);
	else if (h->loop.monotonic >= h->next)
		headless_tick(h);
	return true;
}

int
headless_run(const struct options *o, struct feed *f, struct server *server, struct geoip *places)
{
	struct headless h = { .o = o, .feed = f, .places = places };

	buf_init(&h.err, h.err_text, sizeof(h.err_text));
	loop_init(&h.loop, f, NULL, NULL, &h.err);
	h.loop.server = server;
	h.loop.reloads = true;
	h.next = h.loop.monotonic + (uint64_t)(o->delay * NS);
	h.end = o->duration > 0 ? h.loop.monotonic + (uint64_t)(o->duration * NS) : 0;
	f->ledger->started = feed_is_offline(f) ? 0 : h.loop.wall;
	service_notify("READY=1");
	while (headless_turn(&h))
		;
	service_notify("STOPPING=1");
	headless_log_errors(&h);
	return feed_has_failed(f) ? EXIT_FAILED : EXIT_DONE;
}
