#include "config.h"

#include "view/view.h"

#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"

#define NS_PER_S 1e9

const struct view *const views[] = {
	&view_talkers,
	&view_flows,
	&view_protocols,
	&view_ports,
	&view_packets,
	&view_sizes,
	&view_sources,
	&view_health,
	&view_networks,
	&view_traffic,
};
const unsigned n_views = NITEMS(views);

const struct view *
view_find(const char *name)
{
	for (unsigned i = 0; i < n_views; i++)
		if (strcmp(views[i]->name, name) == 0)
			return views[i];
	return NULL;
}

const struct column *
view_column(const struct view *v, const char *name)
{
	for (unsigned i = 0; i < v->n_cols; i++)
		if (strcmp(v->cols[i].name, name) == 0)
			return &v->cols[i];
	return NULL;
}

bool
scope_all(const struct scope *s)
{
	return (s->classes & SCOPE_ALL) == SCOPE_ALL && s->ip4 && s->ip6;
}

bool
scope_shows_kind(const struct scope *s, uint8_t kind)
{
	return kind == ADDR_IP4 ? s->ip4 : kind == ADDR_IP6 ? s->ip6 : true;
}

bool
scope_shows(const struct scope *s, uint8_t kind, uint16_t proto)
{
	return (s->classes & (1u << class_of(kind, proto))) && scope_shows_kind(s, kind);
}

double
scope_seconds(const struct scope *s)
{
	const struct baseline *z = scope_baseline(s);
	const struct ledger *l = s->ledger;
	uint64_t first = z != NULL ? z->at : l->totals.first;

	if (!s->average)
		return (double)l->closed_ns / NS_PER_S;
	return l->totals.last > first ? (double)(l->totals.last - first) / NS_PER_S : 0;
}

struct tally
scope_tally(const struct scope *s, const struct meter *m, int way)
{
	return s->average ? scope_counted(s, m, way) : meter_moved(m, &s->ledger->beats, way);
}

static uint64_t
sent_in_scope(const struct scope *s, const struct host *h)
{
	uint64_t bytes = 0;

	for (int c = 0; c < CLASSES; c++)
		if (s->classes & (1u << c))
			bytes += scope_tally(s, &h->meter[c], 0).bytes;
	return bytes;
}

/*
 * All traffic is counted by its ways already.  A part of it is what the hosts sent, since every
 * packet has one sender; who has left is not known by address family.
 */
bool
scope_weigh(struct scope *s, uint32_t *at, uint32_t n)
{
	const struct hosts *hs = &s->ledger->hosts;

	if (*at == 0)
		s->whole = 0;
	if (scope_all(s)) {
		for (int w = 0; w < SERIES_WAYS; w++)
			s->whole += scope_tally(s, &s->ledger->way[w], 0).bytes;
		return false;
	}
	for (; n > 0 && *at < hs->used; n--, (*at)++)
		if (scope_shows_kind(s, hs->row[*at].kind))
			s->whole += sent_in_scope(s, &hs->row[*at]);
	if (*at < hs->used)
		return true;
	if (s->ip4 && s->ip6)
		s->whole += sent_in_scope(s, &hs->other);
	return false;
}

struct value
scope_rate(const struct scope *s, enum vtype type, uint64_t n)
{
	double seconds = scope_seconds(s);

	return seconds > 0 ? value_x(type, (double)n / seconds) : value_none();
}

/* Only the present is cut into intervals that are short beside a window. */
struct value
scope_bytes_rate(const struct scope *s, double bytes)
{
	const struct ledger *l = s->ledger;

	return l->clock.told && l->beats.elapsed > 0 ? value_x(V_BYTE_RATE, bytes) : value_none();
}

struct value
scope_window(const struct scope *s, const struct meter *m, enum meter_window w)
{
	return scope_bytes_rate(s, meter_rate(m, &s->ledger->beats, w));
}

struct value
scope_peak(const struct scope *s, const struct meter *m)
{
	return scope_bytes_rate(s, meter_peak(m, &s->ledger->beats));
}

struct value
scope_class_window(const struct scope *s, const struct meter meter[CLASSES], enum meter_window w)
{
	double bytes = 0;

	for (int c = 0; c < CLASSES; c++)
		if (s->classes & (1u << c))
			bytes += meter_rate(&meter[c], &s->ledger->beats, w);
	return scope_bytes_rate(s, bytes);
}

struct value
scope_class_peak(const struct scope *s, const struct meter meter[CLASSES], const struct peak *all)
{
	if ((s->classes & SCOPE_ALL) == SCOPE_ALL)
		return scope_bytes_rate(s, peak_most(all, &s->ledger->beats));
	for (int c = 0; c < CLASSES; c++)
		if ((s->classes & SCOPE_ALL) == (1u << c))
			return scope_peak(s, &meter[c]);
	return value_none();
}

/* Never above 1: a host that talks to itself is both ends of the same bytes. */
struct value
scope_share(const struct scope *s, uint64_t bytes)
{
	return value_part(bytes, s->whole);
}

struct value
value_mean(enum vtype type, uint64_t sum, uint64_t n)
{
	return n != 0 ? value_n(type, sum / n + (sum % n >= n - n / 2)) : value_none();
}

struct value
value_part(uint64_t part, uint64_t all)
{
	if (all == 0)
		return value_none();
	return value_x(V_SHARE, part < all ? (double)part / (double)all : 1);
}

struct value
value_time(uint64_t ns)
{
	return ns == 0 ? value_none() : value_n(V_TIME, ns);
}

struct value
value_stamp(const struct scope *s, uint64_t ns)
{
	return s->ledger->totals.last == 0 ? value_none() : value_n(V_TIME, ns);
}

uint8_t
port_space(uint8_t kind, uint16_t proto)
{
	static const struct {
		uint8_t proto, space;
	} spaces[] = { { 6, SPACE_TCP }, { 17, SPACE_UDP }, { 132, SPACE_SCTP },
		{ 136, SPACE_UDP } };

	if (kind != ADDR_IP4 && kind != ADDR_IP6)
		return SPACE_END;
	for (unsigned i = 0; i < NITEMS(spaces); i++)
		if (spaces[i].proto == proto)
			return spaces[i].space;
	return SPACE_END;
}

unsigned
key_put(struct rowkey *k, unsigned at, uint64_t n, unsigned bytes)
{
	while (bytes-- > 0)
		k->b[at++] = (uint8_t)(n >> (8 * bytes));
	return at;
}

unsigned
key_put_addr(struct rowkey *k, unsigned at, const struct addr *a)
{
	memcpy(k->b + at, a->b, sizeof(a->b));
	return at + (unsigned)sizeof(a->b);
}

/* Hosts of one address in several networks stand in the order in which they came. */
void
key_put_host(struct rowkey *k, const struct host *h)
{
	unsigned at;

	*k = (struct rowkey){ { 0 } };
	at = key_put_addr(k, key_put(k, 0, h->kind, 1), &h->addr);
	if (host_context(h) == 0)
		return;
	at = key_put(k, at, h->first, 8);
	key_put(k, at, h->context, 4);
}

struct value
host_context_value(const struct ledger *l, const struct host *h)
{
	char text[CONTEXT_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	host_context_text(&b, l, h);
	return b.len > 0 ? value_textf("%s", text) : value_none();
}

void
tcp_flags_text(struct buf *b, uint8_t flags)
{
	static const char letters[] = "FSRPAUEC"; /* from bit 0 on */

	for (unsigned i = 0; letters[i] != '\0'; i++)
		if (flags & (1u << i))
			buf_addc(b, letters[i]);
}
