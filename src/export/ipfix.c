/* The elements of each template, and the messages. Numbers are those of IANA's IPFIX registry. */
#include "config.h"

#include "export/ipfix.h"

#include <assert.h>
#include <string.h>

#include "dissect/dissect.h"
#include "util/attr.h"

#define MS UINT64_C(1000000)

#define VERSION_NETFLOW9 9
#define VERSION_IPFIX    10

#define SET_HEADER        4
#define FIRST_DATA        256 /* template IDs from here on are data sets */
#define ENTERPRISE        0x8000
#define REVERSE_PEN       29305 /* RFC 5103 */
#define VARIABLE          0xffff
#define TEXT_NETFLOW9     16 /* bytes of each text, which has a fixed length there */
#define UPTIME_BEFORE_NS  (UINT64_C(86400000) * MS) /* flows may be older than the first message */
#define LAYER2_SEGMENT(n) ((uint64_t)(n) << 56)     /* the type of a layer2SegmentId (RFC 8045) */

/* Where an element is used. */
enum {
	ON_IP4 = 1 << 0,
	ON_IP6 = 1 << 1,
	ON_MAC = 1 << 2,
	ON_IP = ON_IP4 | ON_IP6,
	ON_ANY = ON_IP | ON_MAC,
	IN_TUNNEL = 1 << 3,   /* only if the flow has a VLAN within a VLAN, or a tunnel */
	REVERSE = 1 << 4,     /* of the other direction; only in a biflow */
	FOR_BIFLOW = 1 << 5,  /* only in a biflow */
	FOR_NETFLOW9 = 1 << 6 /* only there */
};

/* One direction of a flow, or both. */
struct ipfix_source {
	const struct ipfix_report *report;
	const struct ipfix_status *status;
	const struct ipfix *x;
	int way;
	unsigned interface; /* of a row of interface names */
};

struct element {
	uint16_t id;
	uint8_t size; /* bytes; 0: text of variable length */
	uint8_t when;
	/* One of these; bytes() returns size bytes. */
	uint64_t (*number)(const struct ipfix_source *s);
	const void *(*bytes)(const struct ipfix_source *s);
	const char *(*text)(const struct ipfix_source *s);
};

static const struct flowkey *
ipfix_key(const struct ipfix_source *s)
{
	return &s->report->flow->key;
}

static const void *
ipfix_source_address(const struct ipfix_source *s)
{
	return s->way == 0 ? ipfix_key(s)->a.b : ipfix_key(s)->b.b;
}

static const void *
ipfix_destination_address(const struct ipfix_source *s)
{
	return s->way == 0 ? ipfix_key(s)->b.b : ipfix_key(s)->a.b;
}

static uint64_t
ipfix_source_port(const struct ipfix_source *s)
{
	return s->way == 0 ? ipfix_key(s)->a_port : ipfix_key(s)->b_port;
}

static uint64_t
ipfix_destination_port(const struct ipfix_source *s)
{
	return s->way == 0 ? ipfix_key(s)->b_port : ipfix_key(s)->a_port;
}

static uint64_t
ipfix_protocol(const struct ipfix_source *s)
{
	return ipfix_key(s)->proto;
}

static uint64_t
ipfix_ip_version(const struct ipfix_source *s)
{
	return ipfix_key(s)->kind == ADDR_IP4 ? 4 : 6;
}

/* Numbers of interfaces begin at 1; 0 would be "none". */
static uint64_t
ipfix_flow_interface(const struct ipfix_source *s)
{
	return s->report->flow->source + 1u;
}

static uint64_t
ipfix_packets(const struct ipfix_source *s)
{
	return s->report->portion->t[s->way].packets;
}

static uint64_t
ipfix_frame_bytes(const struct ipfix_source *s)
{
	return s->report->portion->t[s->way].bytes;
}

static uint64_t
ipfix_octets(const struct ipfix_source *s)
{
	return s->x->config.ip_bytes ? s->report->portion->ip_bytes[s->way] : ipfix_frame_bytes(s);
}

/* A biflow has the times of both directions together. */
static uint64_t
ipfix_start(const struct ipfix_source *s)
{
	const struct flow_portion *p = s->report->portion;
	uint64_t start = p->first[s->way];

	if (s->x->config.biflow && p->t[!s->way].packets > 0 &&
	    (p->t[s->way].packets == 0 || p->first[!s->way] < start))
		start = p->first[!s->way];
	return start;
}

static uint64_t
ipfix_end(const struct ipfix_source *s)
{
	const struct flow_portion *p = s->report->portion;
	uint64_t end = p->last[s->way];

	return s->x->config.biflow && p->last[!s->way] > end ? p->last[!s->way] : end;
}

static uint64_t
ipfix_start_ms(const struct ipfix_source *s)
{
	return ipfix_start(s) / MS;
}

static uint64_t
ipfix_end_ms(const struct ipfix_source *s)
{
	return ipfix_end(s) / MS;
}

/* Uptimes have 32 bits, and wrap after 49 days. */
static uint64_t
ipfix_start_uptime(const struct ipfix_source *s)
{
	return (uint32_t)((ipfix_start(s) - s->x->boot) / MS);
}

static uint64_t
ipfix_end_uptime(const struct ipfix_source *s)
{
	return (uint32_t)((ipfix_end(s) - s->x->boot) / MS);
}

static uint64_t
ipfix_end_reason(const struct ipfix_source *s)
{
	enum { IDLE = 1, ACTIVE, ENDED, FORCED, NO_RESOURCES };
	static const uint8_t reasons[] = {
		[FLOW_END_CLOSED] = ENDED,
		[FLOW_END_RESET] = ENDED,
		[FLOW_END_IDLE] = IDLE,
		[FLOW_END_REUSED] = ENDED,
		[FLOW_END_EVICTED] = NO_RESOURCES,
		[FLOW_END_EXIT] = FORCED,
		[FLOW_END_ACTIVE] = ACTIVE,
		[FLOW_END_INACTIVE] = IDLE,
	};

	return reasons[s->report->end];
}

static uint64_t
ipfix_tcp_flags(const struct ipfix_source *s)
{
	return s->report->portion->flags[s->way];
}

/* Known if a SYN was seen: a is its sender. */
static uint64_t
ipfix_biflow_direction(const struct ipfix_source *s)
{
	enum { ARBITRARY, INITIATOR };

	return s->report->flow->bits & FLOW_SYN_SEEN ? INITIATOR : ARBITRARY;
}

static uint32_t
ipfix_fact(const struct ipfix_source *s, enum context_field which)
{
	uint32_t n = 0;

	return flow_context_field(s->report->ledger, s->report->flow, which, &n) ? n : 0;
}

static uint64_t
ipfix_vlan(const struct ipfix_source *s)
{
	return ipfix_fact(s, CONTEXT_VLAN);
}

static uint64_t
ipfix_inner_vlan(const struct ipfix_source *s)
{
	return ipfix_fact(s, CONTEXT_INNER_VLAN);
}

static uint64_t
ipfix_segment(const struct ipfix_source *s)
{
	enum { VXLAN = 1, GRE };
	uint32_t vni = ipfix_fact(s, CONTEXT_VNI), key = ipfix_fact(s, CONTEXT_GRE_KEY);

	if (vni != 0)
		return LAYER2_SEGMENT(VXLAN) | vni;
	return key != 0 ? LAYER2_SEGMENT(GRE) | key : 0;
}

static uint64_t
ipfix_teid(const struct ipfix_source *s)
{
	return ipfix_fact(s, CONTEXT_TEID);
}

static uint64_t
ipfix_isid(const struct ipfix_source *s)
{
	return ipfix_fact(s, CONTEXT_ISID);
}

static const char *
ipfix_application(const struct ipfix_source *s)
{
	uint8_t app = s->report->flow->app;

	return app != PROTO_NONE ? proto_name(app) : "";
}

/* clang-format off */
static const struct element flow_elements[] = {
	{ 8, 4, ON_IP4, .bytes = ipfix_source_address },        /* sourceIPv4Address */
	{ 12, 4, ON_IP4, .bytes = ipfix_destination_address },  /* destinationIPv4Address */
	{ 27, 16, ON_IP6, .bytes = ipfix_source_address },      /* sourceIPv6Address */
	{ 28, 16, ON_IP6, .bytes = ipfix_destination_address }, /* destinationIPv6Address */
	{ 56, 6, ON_MAC, .bytes = ipfix_source_address },       /* sourceMacAddress */
	{ 80, 6, ON_MAC, .bytes = ipfix_destination_address },  /* destinationMacAddress */
	{ 7, 2, ON_IP, .number = ipfix_source_port },           /* sourceTransportPort */
	{ 11, 2, ON_IP, .number = ipfix_destination_port },     /* destinationTransportPort */
	{ 4, 1, ON_IP, .number = ipfix_protocol },              /* protocolIdentifier */
	{ 60, 1, ON_IP, .number = ipfix_ip_version },           /* ipVersion */
	{ 256, 2, ON_MAC, .number = ipfix_protocol },           /* ethernetType */
	{ 10, 4, ON_ANY, .number = ipfix_flow_interface },      /* ingressInterface */
	{ 2, 8, ON_ANY, .number = ipfix_packets },              /* packetDeltaCount */
	{ 1, 8, ON_ANY, .number = ipfix_octets },               /* octetDeltaCount */
	{ 352, 8, ON_ANY, .number = ipfix_frame_bytes },        /* layer2OctetDeltaCount */
	{ 152, 8, ON_ANY, .number = ipfix_start_ms },           /* flowStartMilliseconds */
	{ 153, 8, ON_ANY, .number = ipfix_end_ms },             /* flowEndMilliseconds */
	{ 22, 4, ON_ANY | FOR_NETFLOW9, .number = ipfix_start_uptime }, /* flowStartSysUpTime */
	{ 21, 4, ON_ANY | FOR_NETFLOW9, .number = ipfix_end_uptime },   /* flowEndSysUpTime */
	{ 136, 1, ON_ANY, .number = ipfix_end_reason },         /* flowEndReason */
	{ 6, 1, ON_IP, .number = ipfix_tcp_flags },             /* tcpControlBits */
	{ 58, 2, ON_ANY, .number = ipfix_vlan },                /* vlanId */
	{ 245, 2, ON_ANY | IN_TUNNEL, .number = ipfix_inner_vlan }, /* dot1qCustomerVlanId */
	{ 351, 8, ON_ANY | IN_TUNNEL, .number = ipfix_segment },    /* layer2SegmentId */
	{ 507, 4, ON_ANY | IN_TUNNEL, .number = ipfix_teid },       /* gtpuTEid */
	{ 412, 4, ON_ANY | IN_TUNNEL, .number = ipfix_isid },       /* dot1qServiceInstanceId */
	{ 239, 1, ON_ANY | FOR_BIFLOW, .number = ipfix_biflow_direction }, /* biflowDirection */
	{ 2, 8, ON_ANY | REVERSE, .number = ipfix_packets },
	{ 1, 8, ON_ANY | REVERSE, .number = ipfix_octets },
	{ 352, 8, ON_ANY | REVERSE, .number = ipfix_frame_bytes },
	{ 6, 1, ON_IP | REVERSE, .number = ipfix_tcp_flags },
	{ 96, 0, ON_ANY, .text = ipfix_application },           /* applicationName */
};
/* clang-format on */

static uint64_t
ipfix_domain(const struct ipfix_source *s)
{
	return s->x->config.domain;
}

static uint64_t
ipfix_sent_messages(const struct ipfix_source *s)
{
	return s->status->flows->sent_messages;
}

static uint64_t
ipfix_sent_flows(const struct ipfix_source *s)
{
	return s->status->flows->sent_flows;
}

static uint64_t
ipfix_sent_octets(const struct ipfix_source *s)
{
	return s->status->flows->sent_octets;
}

static uint64_t
ipfix_ignored_packets(const struct ipfix_source *s)
{
	return s->status->dropped;
}

static uint64_t
ipfix_unsent_flows(const struct ipfix_source *s)
{
	return s->status->unsent;
}

/* Every packet is counted. */
static uint64_t
ipfix_sampling_interval(const struct ipfix_source *s)
{
	(void)s;
	return 1;
}

static uint64_t
ipfix_sampling_algorithm(const struct ipfix_source *s)
{
	enum { DETERMINISTIC = 1 };

	(void)s;
	return DETERMINISTIC;
}

static uint64_t
ipfix_interface(const struct ipfix_source *s)
{
	return s->interface + 1u;
}

static const char *
ipfix_interface_name(const struct ipfix_source *s)
{
	return s->status->ledger->source[s->interface].name;
}

/* Of options, the first element is the scope. */
static const struct element status_elements[] = {
	{ 149, 4, 0, .number = ipfix_domain },            /* observationDomainId */
	{ 41, 8, 0, .number = ipfix_sent_messages },      /* exportedMessageTotalCount */
	{ 42, 8, 0, .number = ipfix_sent_flows },         /* exportedFlowRecordTotalCount */
	{ 40, 8, 0, .number = ipfix_sent_octets },        /* exportedOctetTotalCount */
	{ 164, 8, 0, .number = ipfix_ignored_packets },   /* ignoredPacketTotalCount */
	{ 166, 8, 0, .number = ipfix_unsent_flows },      /* notSentFlowTotalCount */
	{ 34, 4, 0, .number = ipfix_sampling_interval },  /* samplingInterval */
	{ 35, 1, 0, .number = ipfix_sampling_algorithm }, /* samplingAlgorithm */
};
static const struct element interface_elements[] = {
	{ 10, 4, 0, .number = ipfix_interface },    /* ingressInterface */
	{ 82, 0, 0, .text = ipfix_interface_name }, /* interfaceName */
};

/* The templates, whose numbers begin at FIRST_DATA. */
static const struct template
{
	const struct element *element;
	uint8_t n;
	uint8_t when;      /* of flow templates; 0: options */
	uint8_t scope_id9; /* of options: NetFlow 9 numbers scopes otherwise */
}
templates[] = {
	{ flow_elements, NITEMS(flow_elements), ON_IP4, 0 },
	{ flow_elements, NITEMS(flow_elements), ON_IP4 | IN_TUNNEL, 0 },
	{ flow_elements, NITEMS(flow_elements), ON_IP6, 0 },
	{ flow_elements, NITEMS(flow_elements), ON_IP6 | IN_TUNNEL, 0 },
	{ flow_elements, NITEMS(flow_elements), ON_MAC, 0 },
	{ flow_elements, NITEMS(flow_elements), ON_MAC | IN_TUNNEL, 0 },
	{ status_elements, NITEMS(status_elements), 0, 1 },       /* of a system */
	{ interface_elements, NITEMS(interface_elements), 0, 2 }, /* of an interface */
};

enum { TEMPLATE_STATUS = 6, TEMPLATE_INTERFACE = 7 };

static_assert(NITEMS(templates) == IPFIX_TEMPLATES, "x->used has all of them");
static_assert(NITEMS(flow_elements) <= 32, "an element is a bit");

static bool
ipfix_uses_template(const struct ipfix *x, const struct template *t)
{
	return x->config.status == (t->when == 0);
}

static bool
ipfix_uses(const struct ipfix *x, const struct template *t, const struct element *e)
{
	if (t->when == 0)
		return true;
	if ((e->when & t->when & ON_ANY) == 0 || ((e->when & IN_TUNNEL) && !(t->when & IN_TUNNEL)))
		return false;
	if ((e->when & (REVERSE | FOR_BIFLOW)) && !x->config.biflow)
		return false;
	return !(e->when & FOR_NETFLOW9) || x->config.netflow9;
}

static void
ipfix_put(struct buf *b, uint64_t n, unsigned size)
{
	uint8_t c[8];

	for (unsigned i = 0; i < sizeof(c); i++)
		c[i] = (uint8_t)(n >> (56 - 8 * i));
	buf_add(b, c + sizeof(c) - size, size);
}

static void
ipfix_patch16(struct buf *b, size_t at, size_t n)
{
	b->s[at] = (char)(n >> 8);
	b->s[at + 1] = (char)n;
}

/* IPFIX: the length and the text; NetFlow 9: the beginning, padded with zeros. */
static void
ipfix_put_text(const struct ipfix *x, struct buf *b, const char *text)
{
	static const char zeros[TEXT_NETFLOW9];
	size_t most = x->config.netflow9 ? TEXT_NETFLOW9 : 254, n = strnlen(text, most);

	if (!x->config.netflow9)
		ipfix_put(b, n, 1);
	buf_add(b, text, n);
	if (x->config.netflow9)
		buf_add(b, zeros, TEXT_NETFLOW9 - n);
}

static void
ipfix_put_element(const struct element *e, struct buf *b, const struct ipfix_source *s)
{
	if (e->number != NULL)
		ipfix_put(b, e->number(s), e->size);
	else if (e->bytes != NULL)
		buf_add(b, e->bytes(s), e->size);
	else
		ipfix_put_text(s->x, b, e->text(s));
}

static unsigned
ipfix_text_size(const struct ipfix *x)
{
	return x->config.netflow9 ? TEXT_NETFLOW9 : VARIABLE;
}

static void
ipfix_put_specifier(const struct ipfix *x, struct buf *b, const struct element *e, unsigned id)
{
	ipfix_put(b, id | (e->when & REVERSE ? ENTERPRISE : 0), 2);
	ipfix_put(b, e->size != 0 ? e->size : ipfix_text_size(x), 2);
	if (e->when & REVERSE)
		ipfix_put(b, REVERSE_PEN, 4);
}

/* The fields between the ID and the elements: their number, and how many are scopes. */
static void
ipfix_put_template_head(
    const struct ipfix *x, struct buf *b, const struct template *t, unsigned n, size_t scope)
{
	if (t->when == 0 && x->config.netflow9) {
		ipfix_put(b, scope, 2);
		ipfix_put(b, 4 * n - scope, 2);
		return;
	}
	ipfix_put(b, n, 2);
	if (t->when == 0)
		ipfix_put(b, 1, 2);
}

static void
ipfix_put_template(const struct ipfix *x, struct buf *b, unsigned number)
{
	const struct template *t = &templates[number];
	unsigned n = 0;

	for (unsigned i = 0; i < t->n; i++)
		n += ipfix_uses(x, t, &t->element[i]);
	ipfix_put(b, FIRST_DATA + number, 2);
	ipfix_put_template_head(x, b, t, n, 4);
	for (unsigned i = 0; i < t->n; i++) {
		bool scope9 = x->config.netflow9 && t->when == 0 && i == 0;

		if (ipfix_uses(x, t, &t->element[i]))
			ipfix_put_specifier(
			    x, b, &t->element[i], scope9 ? t->scope_id9 : t->element[i].id);
	}
}

static uint32_t
ipfix_stream_domain(const struct ipfix *x)
{
	return x->config.status ? 0 : x->config.domain;
}

/* Fields that are known at the end are filled in then. */
static void
ipfix_begin_message(struct ipfix *x)
{
	bool nine = x->config.netflow9;

	buf_clear(&x->message);
	x->set = 0;
	x->records = x->all = x->flows = 0;
	ipfix_put(&x->message, nine ? VERSION_NETFLOW9 : VERSION_IPFIX, 2);
	ipfix_put(&x->message, 0, 2); /* the number of records, or the length */
	if (nine)
		ipfix_put(&x->message, (x->now - x->boot) / MS, 4);
	ipfix_put(&x->message, x->now / (1000 * MS), 4);
	ipfix_put(&x->message, x->sequence, 4);
	ipfix_put(&x->message, ipfix_stream_domain(x), 4);
}

/* NetFlow 9 pads sets to 4 bytes. */
static void
ipfix_end_set(struct ipfix *x)
{
	if (x->set == 0)
		return;
	while (x->config.netflow9 && (x->message.len - x->set) % 4 != 0)
		buf_addc(&x->message, '\0');
	ipfix_patch16(&x->message, x->set + 2, x->message.len - x->set);
	x->set = 0;
}

static void
ipfix_begin_set(struct ipfix *x, unsigned id)
{
	ipfix_end_set(x);
	x->set = x->message.len;
	x->set_id = (uint16_t)id;
	ipfix_put(&x->message, id, 2);
	ipfix_put(&x->message, 0, 2);
}

static void
ipfix_end_message(struct ipfix *x)
{
	ipfix_end_set(x);
	ipfix_patch16(&x->message, 2, x->config.netflow9 ? x->all : x->message.len);
}

static void
ipfix_put_templates(struct ipfix *x)
{
	enum { TEMPLATES9 = 0, OPTIONS9 = 1, TEMPLATES = 2, OPTIONS = 3 };
	unsigned flows = x->config.netflow9 ? TEMPLATES9 : TEMPLATES;
	unsigned options = x->config.netflow9 ? OPTIONS9 : OPTIONS;

	for (unsigned i = 0; i < NITEMS(templates); i++) {
		unsigned set = templates[i].when != 0 ? flows : options;

		if (!ipfix_uses_template(x, &templates[i]))
			continue;
		/* Options in sets of their own: readers take padding, or a second one, for an
		 * error.
		 */
		if (x->set == 0 || x->set_id != set || set == options)
			ipfix_begin_set(x, set);
		ipfix_put_template(x, &x->message, i);
		x->all++;
	}
	ipfix_end_set(x);
}

static void
ipfix_send_message(struct ipfix *x)
{
	if (x->all == 0)
		return;
	ipfix_end_message(x);
	x->sent_messages++;
	x->sent_flows += x->flows;
	x->sent_octets += x->message.len;
	x->messages++;
	x->sequence += x->config.netflow9 ? 1 : x->records;
	x->send(x->arg, x->message.s, x->message.len, x->flows);
	buf_clear(&x->message);
	x->all = x->records = x->flows = 0;
}

static void
ipfix_need_message(struct ipfix *x)
{
	if (x->all > 0)
		return;
	ipfix_begin_message(x);
	if (x->templates_at != 0 && x->now < x->templates_at + IPFIX_TEMPLATE_NS &&
	    x->messages < IPFIX_TEMPLATE_MESSAGES)
		return;
	x->templates_at = x->now;
	x->messages = 0;
	ipfix_put_templates(x);
}

static void
ipfix_set_time(struct ipfix *x, uint64_t now)
{
	x->now = now;
	if (x->boot == 0)
		x->boot = now > UPTIME_BEFORE_NS ? now - UPTIME_BEFORE_NS : 0;
}

static struct ipfix_source
ipfix_reversed(const struct ipfix_source *s)
{
	struct ipfix_source other = *s;

	other.way = !s->way;
	return other;
}

static void
ipfix_add_record(struct ipfix *x, unsigned number, const struct ipfix_source *s)
{
	const struct template *t = &templates[number];
	const struct ipfix_source ways[2] = { *s, ipfix_reversed(s) };
	char text[IPFIX_RECORD];
	struct buf record;

	buf_init(&record, text, sizeof(text));
	for (uint32_t left = x->used[number]; left != 0; left &= left - 1) {
		const struct element *e = &t->element[__builtin_ctz(left)];

		ipfix_put_element(e, &record, &ways[(e->when & REVERSE) != 0]);
	}
	ipfix_need_message(x);
	if (x->message.len + SET_HEADER + record.len + 3 > IPFIX_MESSAGE) {
		ipfix_send_message(x);
		ipfix_need_message(x);
	}
	if (x->set == 0 || x->set_id != FIRST_DATA + number)
		ipfix_begin_set(x, FIRST_DATA + number);
	buf_add(&x->message, record.s, record.len);
	x->records++;
	x->flows += t->when != 0;
	x->all++;
}

/* The elements of a template that x uses, by bit. */
static uint32_t
ipfix_used_elements(const struct ipfix *x, const struct template *t)
{
	uint32_t used = 0;

	for (unsigned i = 0; i < t->n; i++)
		if (ipfix_uses(x, t, &t->element[i]))
			used |= UINT32_C(1) << i;
	return used;
}

void
ipfix_init(struct ipfix *x, const struct ipfix_config *c, ipfix_send_fn *send, void *arg)
{
	*x = (struct ipfix){ .config = *c, .send = send, .arg = arg };
	x->config.biflow = c->biflow && !c->netflow9;
	for (unsigned i = 0; i < NITEMS(templates); i++)
		x->used[i] = ipfix_used_elements(x, &templates[i]);
	buf_init(&x->message, x->array, sizeof(x->array));
}

static unsigned
ipfix_choose_template(const struct ipfix_source *s)
{
	static const uint8_t first[] = {
		[ADDR_NONE] = 4, [ADDR_IP4] = 0, [ADDR_IP6] = 2, [ADDR_MAC] = 4
	};
	bool tunnel = (s->report->flow->bits & FLOW_HAS_CONTEXT) &&
	    (ipfix_inner_vlan(s) | ipfix_segment(s) | ipfix_teid(s) | ipfix_isid(s)) != 0;

	return first[ipfix_key(s)->kind] + tunnel;
}

void
ipfix_add_flow(struct ipfix *x, const struct ipfix_report *r, uint64_t now)
{
	struct ipfix_source s = { .report = r, .x = x };
	unsigned number = ipfix_choose_template(&s);

	ipfix_set_time(x, now);
	if (x->config.biflow && r->portion->t[0].packets + r->portion->t[1].packets > 0)
		ipfix_add_record(x, number, &s);
	for (s.way = 0; s.way < 2 && !x->config.biflow; s.way++)
		if (r->portion->t[s.way].packets > 0)
			ipfix_add_record(x, number, &s);
}

void
ipfix_add_status(struct ipfix *x, const struct ipfix_status *status, uint64_t now)
{
	struct ipfix_source s = { .status = status, .x = x };

	ipfix_set_time(x, now);
	ipfix_add_record(x, TEMPLATE_STATUS, &s);
	for (; s.interface < status->ledger->n_sources; s.interface++)
		ipfix_add_record(x, TEMPLATE_INTERFACE, &s);
}

void
ipfix_flush(struct ipfix *x, uint64_t now)
{
	ipfix_set_time(x, now);
	ipfix_send_message(x);
}

size_t
ipfix_template_message(
    const struct ipfix *x, const void *following, uint64_t now, void *bytes, size_t size)
{
	enum { SEQUENCE_AT = 8, SEQUENCE_SIZE = 4 };
	struct ipfix t;

	ipfix_init(&t, &x->config, NULL, NULL);
	t.now = now;
	t.sequence = x->sequence;
	ipfix_begin_message(&t);
	ipfix_put_templates(&t);
	ipfix_end_message(&t);
	if (t.message.len > size)
		return 0;
	memcpy(bytes, t.message.s, t.message.len);
	if (following != NULL)
		memcpy((uint8_t *)bytes + SEQUENCE_AT, (const uint8_t *)following + SEQUENCE_AT,
		    SEQUENCE_SIZE);
	return t.message.len;
}

bool
ipfix_is_own(const struct ipfix *x, const void *message)
{
	enum { DOMAIN_AT = 12 };
	const uint8_t *p = (const uint8_t *)message + DOMAIN_AT;

	return ((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]) ==
	    ipfix_stream_domain(x);
}
