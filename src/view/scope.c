/* What a scope shows, and what it counts: since the start, or since the baseline. */
#include "config.h"

#include "view/columns.h"
#include "view/own_session.h"

#define NS_PER_S 1e9

bool
scope_shows_all(const struct scope *s)
{
	return (s->classes & SCOPE_ALL) == SCOPE_ALL && s->ip4 && s->ip6;
}

bool
scope_shows_kind(const struct scope *s, uint8_t kind)
{
	if (kind == ADDR_IP4)
		return s->ip4;
	return kind != ADDR_IP6 || s->ip6;
}

bool
scope_shows(const struct scope *s, uint8_t kind, uint16_t proto)
{
	return (s->classes & (1u << traffic_class_of(kind, proto))) && scope_shows_kind(s, kind);
}

double
scope_seconds(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);
	const struct ledger *l = s->ledger;
	uint64_t first = z != NULL ? z->at : l->totals.first;

	if (!s->whole_time)
		return (double)l->interval_ns / NS_PER_S;
	return l->totals.last > first ? (double)(l->totals.last - first) / NS_PER_S : 0;
}

struct tally
scope_rate_tally(const struct scope *s, const struct meter *m, int way)
{
	return s->whole_time ? scope_count(s, m, way)
			     : meter_last_delta(m, &s->ledger->intervals, way);
}

static uint64_t
scope_sent_bytes(const struct scope *s, const struct host *h)
{
	uint64_t bytes = 0;

	for (int c = 0; c < CLASSES; c++)
		if (s->classes & (1u << c))
			bytes += scope_rate_tally(s, &h->meter[c], 0).bytes;
	return bytes;
}

/*
 * All traffic is already counted by direction.  A part of it is what the hosts sent, as every
 * packet has one sender; evicted hosts are not known by address family.
 */
bool
scope_total_step(struct scope *s, uint32_t *at, uint32_t n)
{
	const struct hosts *hs = &s->ledger->hosts;

	if (*at == 0)
		s->share_total = 0;
	if (scope_shows_all(s)) {
		for (int w = 0; w < SERIES_WAYS; w++)
			s->share_total += scope_rate_tally(s, &s->ledger->way[w], 0).bytes;
		return false;
	}
	for (; n > 0 && *at < hs->table.used; n--, (*at)++)
		if (scope_shows_kind(s, hs->row[*at].kind))
			s->share_total += scope_sent_bytes(s, &hs->row[*at]);
	if (*at < hs->table.used)
		return true;
	if (s->ip4 && s->ip6)
		s->share_total += scope_sent_bytes(s, &hs->other);
	return false;
}

struct value
scope_rate(const struct scope *s, enum value_type type, uint64_t n)
{
	double seconds = scope_seconds(s);

	return seconds > 0 ? value_x(type, (double)n / seconds) : value_none();
}

/* Known for live traffic only, whose intervals are short compared to the window. */
struct value
scope_live_rate(const struct scope *s, double bytes)
{
	const struct ledger *l = s->ledger;

	return l->packet_time.is_live && l->intervals.elapsed > 0 ? value_x(V_BYTE_RATE, bytes)
								  : value_none();
}

struct value
scope_window(const struct scope *s, const struct meter *m, enum meter_window w)
{
	return scope_live_rate(s, meter_rate(m, &s->ledger->intervals, w));
}

struct value
scope_peak(const struct scope *s, const struct meter *m)
{
	return scope_live_rate(s, meter_peak(m, &s->ledger->intervals));
}

/* The sum over the classes shown. */
static struct tally
scope_class_sum(const struct scope *s, const struct meter meter[CLASSES], int way,
    struct tally (*of)(const struct scope *s, const struct meter *m, int way))
{
	struct tally sum = { 0, 0 }, t;

	for (int c = 0; c < CLASSES; c++) {
		if (!(s->classes & (1u << c)))
			continue;
		t = of(s, &meter[c], way);
		tally_add(&sum, t.packets, t.bytes);
	}
	return sum;
}

struct tally
scope_class_count(const struct scope *s, const struct meter meter[CLASSES], int way)
{
	return scope_class_sum(s, meter, way, scope_count);
}

struct tally
scope_class_interval(const struct scope *s, const struct meter meter[CLASSES], int way)
{
	return scope_class_sum(s, meter, way, scope_rate_tally);
}

struct value
scope_class_window(const struct scope *s, const struct meter meter[CLASSES], enum meter_window w)
{
	double bytes = 0;

	for (int c = 0; c < CLASSES; c++)
		if (s->classes & (1u << c))
			bytes += meter_rate(&meter[c], &s->ledger->intervals, w);
	return scope_live_rate(s, bytes);
}

struct value
scope_class_peak(const struct scope *s, const struct meter meter[CLASSES], const struct peak *all)
{
	if ((s->classes & SCOPE_ALL) == SCOPE_ALL)
		return scope_live_rate(s, peak_max_rate(all, &s->ledger->intervals));
	for (int c = 0; c < CLASSES; c++)
		if ((s->classes & SCOPE_ALL) == (1u << c))
			return scope_peak(s, &meter[c]);
	return value_none();
}

/* Never above 1: a host that talks to itself counts its bytes at both ends. */
struct value
scope_share(const struct scope *s, uint64_t bytes)
{
	return value_share(bytes, s->share_total);
}

const struct baseline *
scope_baseline(const struct scope *s)
{
	return s->since_baseline ? s->ledger->baseline : NULL;
}

struct tally
scope_count(const struct scope *s, const struct meter *m, int way)
{
	return tally_minus(m->t[way], &baseline_of(scope_baseline(s), m)[way]);
}

struct tally
scope_count_both(const struct scope *s, const struct meter *m)
{
	struct tally sum = scope_count(s, m, 0), back = scope_count(s, m, 1);

	tally_add(&sum, back.packets, back.bytes);
	return sum;
}

struct tally
scope_all_traffic(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);

	return z != NULL ? tally_minus(s->ledger->totals.all, &z->totals.all)
			 : s->ledger->totals.all;
}

uint64_t
scope_packets_of_size(const struct scope *s, const struct size_range *r)
{
	const struct baseline *z = scope_baseline(s);

	return sizes_in(&s->ledger->sizes, r) - (z != NULL ? sizes_in(&z->sizes, r) : 0);
}

struct baseline_source
scope_source_counts(const struct scope *s, const struct source_stats *src)
{
	const struct baseline *z = scope_baseline(s);
	struct baseline_source was = { .kernel_dropped = 0 };

	if (z != NULL)
		was = z->source[src->number];
	return (struct baseline_source){
		.captured = tally_minus(src->totals.all, &was.captured),
		.duplicates = src->totals.duplicates - was.duplicates,
		.kernel_dropped = src->kernel_dropped - was.kernel_dropped,
		.interface_dropped = src->interface_dropped - was.interface_dropped,
	};
}

struct host_errors
scope_host_errors(const struct scope *s, const struct host *h)
{
	struct host_errors was = baseline_host_errors(scope_baseline(s), h);
	struct host_errors now = {
		.retransmissions = h->errors.retransmissions - was.retransmissions,
		.out_of_order = h->errors.out_of_order - was.out_of_order,
		.duplicate_acks = h->errors.duplicate_acks - was.duplicate_acks,
		.zero_windows = h->errors.zero_windows - was.zero_windows,
		.resets = h->errors.resets - was.resets,
		.duplicates = h->errors.duplicates - was.duplicates,
		/* Late answers reduce the count, so it may be below that of the baseline. */
		.unanswered = h->errors.unanswered > was.unanswered
		    ? h->errors.unanswered - was.unanswered
		    : 0,
		.refused = h->errors.refused - was.refused,
		.unreachable = h->errors.unreachable - was.unreachable,
		.no_such_name = h->errors.no_such_name - was.no_such_name,
		.dns_failures = h->errors.dns_failures - was.dns_failures,
		.not_answering = h->errors.not_answering > was.not_answering
		    ? h->errors.not_answering - was.not_answering
		    : 0,
		.refusing = h->errors.refusing - was.refusing,
		.risks = (uint16_t)(h->errors.risks - was.risks),
	};

	own_session_subtract_errors(s, h, &now);
	return now;
}

struct baseline_tcp
scope_tcp_counts(const struct scope *s, const struct flow *f)
{
	struct baseline_tcp was = baseline_tcp(scope_baseline(s), f);
	struct baseline_tcp now = {
		.duplicates = f->duplicates - was.duplicates,
		.resets = f->resets - was.resets,
	};

	for (int end = 0; end < 2; end++) {
		const struct tcp_counts *c = &f->tcp[end], *w = &was.end[end];

		now.end[end] = (struct tcp_counts){
			.retransmissions = c->retransmissions - w->retransmissions,
			.out_of_order = c->out_of_order - w->out_of_order,
			.duplicate_acks = c->duplicate_acks - w->duplicate_acks,
			.zero_windows = c->zero_windows - w->zero_windows,
		};
	}
	return now;
}

struct scope_losses
scope_losses_get(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);
	const struct ledger *l = s->ledger;
	struct scope_losses m = {
		.malformed = l->totals.malformed,
		.truncated = l->totals.truncated,
		.duplicates = l->totals.duplicates,
		.evicted = l->flows.table.evicted,
	};

	for (unsigned i = 0; i < l->n_sources; i++) {
		struct baseline_source src = scope_source_counts(s, &l->source[i]);

		m.dropped += src.kernel_dropped + src.interface_dropped;
	}
	if (z == NULL)
		return m;
	m.malformed -= z->totals.malformed;
	m.truncated -= z->totals.truncated;
	m.duplicates -= z->totals.duplicates;
	m.evicted -= z->evicted;
	return m;
}

struct host_name
scope_host_name(const struct scope *s, uint8_t kind, const struct addr *a)
{
	if (s->name_mode == NAMES_OFF)
		return (struct host_name){ .text = NULL };
	return ledger_host_name(s->ledger, kind, a, s->name_mode == NAMES_DNS);
}

struct host_name
scope_flow_name(const struct scope *s, const struct flow *f, int end)
{
	if (s->name_mode == NAMES_OFF)
		return (struct host_name){ .text = NULL };
	return flow_host_name(s->ledger, f, end, s->name_mode == NAMES_DNS);
}
