#include "config.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "feed/feed.h"
#include "feed/recording.h"
#include "platform/clock.h"
#include "platform/file_ops.h"
#include "util/die.h"

#define S         UINT64_C(1000000000)
#define STATUS_NS (60 * S)
#define PATIENCE  (5 * S) /* without any progress */
#define WAIT_MS   100

/* The next message of that stream in the queue, or NULL. */
static const void *
flow_export_find_queued(const struct flow_target *t, const struct ipfix *x)
{
	const void *m;
	unsigned i = 0;

	while ((m = collector_queued(&t->collector, i)) != NULL && !ipfix_is_own(x, m))
		i++;
	return m;
}

/* A new connection knows no templates. */
static size_t
flow_export_greet(void *arg, void *bytes, size_t size)
{
	struct flow_target *t = arg;
	uint64_t now = feed_record_time(t->owner->feed);
	size_t n = ipfix_template_message(
	    &t->flows, flow_export_find_queued(t, &t->flows), now, bytes, size);

	return n +
	    ipfix_template_message(&t->status, flow_export_find_queued(t, &t->status), now,
		(char *)bytes + n, size - n);
}

/* Waits until a message can be added, or all are sent; as long as some are sent. */
static void
flow_export_wait(struct flow_target *t, bool all)
{
	struct collector *c = &t->collector;
	uint64_t now = clock_monotonic(), since = now, before = c->sent_bytes;

	while ((all ? !collector_is_idle(c) : !collector_has_room(c)) && now - since < PATIENCE) {
		struct pollfd p = collector_pollfd(c);
		int ms = collector_timeout(c, now);

		fd_poll(&p, 1, ms >= 0 && ms < WAIT_MS ? ms : WAIT_MS);
		now = clock_monotonic();
		collector_service(c, now, &t->owner->said);
		if (c->sent_bytes != before)
			since = now;
		before = c->sent_bytes;
	}
}

/* A file is read as fast as the collector takes its records. */
static void
flow_export_send(void *arg, const void *bytes, size_t n, unsigned records)
{
	struct flow_target *t = arg;

	if (!t->owner->feed->live)
		flow_export_wait(t, false);
	collector_add(&t->collector, bytes, n, records);
}

static void
flow_export_open_target(struct flow_export *x, const struct export_to *to)
{
	struct flow_target *t = &x->target[x->n++];
	const char *port = to->netflow9 ? "2055" : "4739";
	struct ipfix_config c = { .netflow9 = to->netflow9,
		.biflow = x->o->biflow,
		.ip_bytes = x->o->ip_bytes,
		.domain = (uint32_t)x->o->export_domain };
	char text[256];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	t->owner = x;
	if (!collector_open(&t->collector, to->where, port, clock_monotonic(), &err))
		die("--%s: %s", to->netflow9 ? "netflow9" : "ipfix", err.s);
	if (err.len > 0)
		warn_line("%s", err.s);
	ipfix_init(&t->flows, &c, flow_export_send, t);
	c.status = true;
	ipfix_init(&t->status, &c, flow_export_send, t);
	if (t->collector.tcp)
		collector_set_greeting(&t->collector, flow_export_greet, t);
}

void
flow_export_open(struct flow_export *x, const struct options *o)
{
	*x = (struct flow_export){ .o = o };
	buf_init(&x->said, x->said_text, sizeof(x->said_text));
	for (unsigned i = 0; i < o->n_exports; i++)
		flow_export_open_target(x, &o->export_to[i]);
}

static uint64_t
flow_export_time(const struct flow_export *x)
{
	return feed_record_time(x->feed);
}

static void
flow_export_portion(
    void *arg, const struct flow *f, const struct flow_portion *p, enum flow_end end)
{
	struct flow_export *x = arg;
	struct ipfix_report report = {
		.ledger = x->feed->ledger, .flow = f, .portion = p, .end = end
	};

	for (unsigned i = 0; i < x->n; i++)
		ipfix_add_flow(&x->target[i].flows, &report, flow_export_time(x));
}

void
flow_export_start(struct flow_export *x, struct feed *f)
{
	if (x->n == 0)
		return;
	x->feed = f;
	flow_portions_init(&x->portions, f->ledger, flow_export_portion, x);
	x->portions.active_ns = (uint64_t)x->o->active_timeout * S;
	x->portions.inactive_ns = (uint64_t)x->o->inactive_timeout * S;
}

static void
flow_export_status(struct flow_export *x, uint64_t now)
{
	for (unsigned i = 0; i < x->n; i++) {
		struct flow_target *t = &x->target[i];
		struct ipfix_status s = { .ledger = x->feed->ledger,
			.flows = &t->flows,
			.dropped = x->feed->drops,
			.unsent = t->collector.dropped_records };

		ipfix_add_status(&t->status, &s, now);
		ipfix_flush(&t->status, now);
	}
	x->status_at = now + STATUS_NS;
}

static void
flow_export_flush_messages(struct flow_export *x)
{
	for (unsigned i = 0; i < x->n; i++)
		ipfix_flush(&x->target[i].flows, flow_export_time(x));
	x->unflushed = false;
}

void
flow_export_tick(struct flow_export *x)
{
	uint64_t now;

	if (x->feed == NULL)
		return;
	now = flow_export_time(x);
	flow_portions_tick(&x->portions, now);
	if (now >= x->status_at)
		flow_export_status(x, now);
	x->unflushed = true;
}

/* A collector that cannot be reached does not delay the others. */
static bool
flow_export_has_room(const struct flow_export *x)
{
	for (unsigned i = 0; i < x->n; i++)
		if (x->target[i].collector.state == COLLECTOR_UP &&
		    !collector_has_room(&x->target[i].collector))
			return false;
	return true;
}

bool
flow_export_step(struct flow_export *x, uint32_t steps)
{
	if (x->feed == NULL || !flow_export_has_room(x))
		return false;
	if (flow_portions_step(&x->portions, steps))
		return true;
	if (x->unflushed)
		flow_export_flush_messages(x);
	return false;
}

void
flow_export_flush_flows(struct flow_export *x)
{
	if (x->feed == NULL)
		return;
	flow_portions_flush(&x->portions, flow_export_time(x));
	x->unflushed = true;
}

bool
flow_export_is_flushing(const struct flow_export *x)
{
	return x->feed != NULL && x->portions.walk.flushing;
}

unsigned
flow_export_poll_fds(const struct flow_export *x, struct pollfd *fds)
{
	for (unsigned i = 0; i < x->n; i++)
		fds[i] = collector_pollfd(&x->target[i].collector);
	return x->n;
}

int
flow_export_timeout(const struct flow_export *x, uint64_t now)
{
	int least = -1;

	for (unsigned i = 0; i < x->n; i++) {
		int ms = collector_timeout(&x->target[i].collector, now);

		if (ms >= 0 && (least < 0 || ms < least))
			least = ms;
	}
	return least;
}

void
flow_export_service(struct flow_export *x, uint64_t now, struct buf *said)
{
	for (unsigned i = 0; i < x->n; i++)
		collector_service(&x->target[i].collector, now, &x->said);
	if (x->said.len > 0)
		buf_addf(said, "%s%s", said->len > 0 ? "\n" : "", x->said.s);
	buf_clear(&x->said);
}

void
flow_export_text(struct buf *b, const struct flow_export *x)
{
	bool down = false;
	uint64_t lost = 0;

	if (x->n == 0)
		return;
	for (unsigned i = 0; i < x->n; i++) {
		down |= x->target[i].collector.state != COLLECTOR_UP;
		lost += x->target[i].collector.dropped_records;
	}
	buf_addf(b, "%sexport%s", b->len > 0 ? " " : "", down ? " down" : "");
	if (lost > 0)
		buf_addf(b, " %" PRIu64 " lost", lost);
}

/* Closes the connection, and prints what was not sent. False if there is any. */
static bool
flow_export_close(struct flow_target *t)
{
	struct collector *c = &t->collector;

	flow_export_wait(t, true);
	collector_close(c);
	if (c->dropped_records > 0)
		warn_line(
		    "%s: %" PRIu64 " flow records were not sent", c->name, c->dropped_records);
	else if (c->refused > 0)
		warn_line("%s: %" PRIu64 " messages were refused: no collector is there", c->name,
		    c->refused);
	return c->dropped_records == 0 && c->refused == 0;
}

bool
flow_export_end(struct flow_export *x)
{
	bool all = true;

	if (x->feed == NULL)
		return true;
	flow_portions_end(&x->portions, flow_export_time(x));
	while (flow_portions_step(&x->portions, UINT32_MAX))
		;
	flow_export_status(x, flow_export_time(x));
	flow_export_flush_messages(x);
	flow_portions_fini(&x->portions);
	for (unsigned i = 0; i < x->n; i++)
		all &= flow_export_close(&x->target[i]);
	warn_lines(x->said.s);
	x->feed = NULL;
	x->n = 0;
	return all;
}

unsigned
flow_export_tcp_ports(const struct flow_export *x, uint16_t *ports)
{
	unsigned n = 0;

	for (unsigned i = 0; i < x->n; i++) {
		const struct sockaddr_storage *a = &x->target[i].collector.address;
		const void *p = a;

		if (!x->target[i].collector.tcp)
			continue;
		ports[n++] =
		    ntohs(a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)p)->sin6_port
						   : ((const struct sockaddr_in *)p)->sin_port);
	}
	return n;
}
