/* Packets: the newest ones, one by one. */
#include "config.h"

#include <inttypes.h>

#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/own_session.h"

#define IP_PROTO_ICMP   1
#define IP_PROTO_TCP    6
#define IP_PROTO_ICMPV6 58

#define ANY_CODE 0xff

#define NS_PER_DAY (UINT64_C(1000000000) * 86400)

static bool
v_packets_is_ip(const struct logged_packet *p)
{
	return p->kind == ADDR_IP4 || p->kind == ADDR_IP6;
}

static bool
v_packets_is_tcp(const struct logged_packet *p)
{
	return v_packets_is_ip(p) && p->proto == IP_PROTO_TCP && (p->flags & PKT_PORTS);
}

static struct value
v_packets_get_time(const struct scope *s, const void *row)
{
	struct value v = value_packet_time(s, ((const struct logged_packet *)row)->ts);
	const struct totals *t = &s->ledger->totals;

	v.kind = t->first / NS_PER_DAY == t->last / NS_PER_DAY ? VALUE_TIME_OF_DAY : VALUE_DAY_TIME;
	return v;
}

static struct value
v_packets_get_source(const struct scope *s, const void *row)
{
	return value_textf(
	    "%s", s->ledger->source[((const struct logged_packet *)row)->source].name);
}

static struct value
v_packets_get_protocol(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;
	char scratch[FLOW_PROTO_NAME];

	(void)s;
	return value_textf("%s", flow_proto_name(p->kind, p->proto, scratch));
}

static struct value
v_packets_get_a(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return value_addr(p->kind, &p->src);
}

static struct value
v_packets_get_b(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return value_addr(p->kind, &p->dst);
}

static struct value
v_packets_get_a_name(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	return value_name(scope_host_name(s, p->kind, &p->src));
}

static struct value
v_packets_get_b_name(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	return value_name(scope_host_name(s, p->kind, &p->dst));
}

/* The lower port may have a service name, as the flow is not known here. */
static struct value
v_packets_port(const struct logged_packet *p, uint16_t n, uint16_t other)
{
	struct value v;

	if (!(p->flags & PKT_PORTS))
		return value_none();
	v = value_n(V_PORT, n);
	v.kind = n <= other ? port_space(p->kind, p->proto) : SPACE_END;
	return v;
}

static struct value
v_packets_get_a_port(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return v_packets_port(p, p->sport, p->dport);
}

static struct value
v_packets_get_b_port(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return v_packets_port(p, p->dport, p->sport);
}

static struct value
v_packets_get_flags(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;
	struct value v = value_textf("%s", "");
	struct buf b;

	(void)s;
	if (!v_packets_is_tcp(p))
		return value_none();
	buf_init(&b, v.text, sizeof(v.text));
	tcp_flags_text(&b, p->tcp_flags);
	return v;
}

static struct value
v_packets_get_ttl(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return v_packets_is_ip(p) ? value_n(V_ID, p->ttl) : value_none();
}

static struct value
v_packets_get_context(const struct scope *s, const void *row)
{
	char text[CONTEXT_TEXT];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	ledger_context_text(&b, s->ledger, ((const struct logged_packet *)row)->context_id);
	return b.len > 0 ? value_textf("%s", text) : value_none();
}

static struct value
v_packets_get_length(const struct scope *s, const void *row)
{
	(void)s;
	return value_n(V_ID, ((const struct logged_packet *)row)->len);
}

static struct value
v_packets_get_app(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;

	(void)s;
	return p->app != PROTO_NONE ? value_textf("%s", proto_name(p->app)) : value_none();
}

/* What ICMP (RFC 792) and ICMPv6 (RFC 4443, 4861) messages say; the first row that fits. */
/* clang-format off */
static const struct {
	uint8_t proto, type, code;
	const char *text;
} icmp_texts[] = {
	{ IP_PROTO_ICMP, 0, ANY_CODE, "echo reply" },
	{ IP_PROTO_ICMP, 3, 0, "network unreachable" },
	{ IP_PROTO_ICMP, 3, 1, "host unreachable" },
	{ IP_PROTO_ICMP, 3, 2, "protocol unreachable" },
	{ IP_PROTO_ICMP, 3, 3, "port unreachable" },
	{ IP_PROTO_ICMP, 3, 4, "fragmentation needed" },
	{ IP_PROTO_ICMP, 3, 13, "prohibited" },
	{ IP_PROTO_ICMP, 3, ANY_CODE, "unreachable" },
	{ IP_PROTO_ICMP, 5, ANY_CODE, "redirect" },
	{ IP_PROTO_ICMP, 8, ANY_CODE, "echo request" },
	{ IP_PROTO_ICMP, 11, ANY_CODE, "time exceeded" },
	{ IP_PROTO_ICMP, 12, ANY_CODE, "parameter problem" },
	{ IP_PROTO_ICMPV6, 1, 0, "no route" },
	{ IP_PROTO_ICMPV6, 1, 1, "prohibited" },
	{ IP_PROTO_ICMPV6, 1, 3, "address unreachable" },
	{ IP_PROTO_ICMPV6, 1, 4, "port unreachable" },
	{ IP_PROTO_ICMPV6, 1, ANY_CODE, "unreachable" },
	{ IP_PROTO_ICMPV6, 2, ANY_CODE, "packet too big" },
	{ IP_PROTO_ICMPV6, 3, ANY_CODE, "time exceeded" },
	{ IP_PROTO_ICMPV6, 4, ANY_CODE, "parameter problem" },
	{ IP_PROTO_ICMPV6, 128, ANY_CODE, "echo request" },
	{ IP_PROTO_ICMPV6, 129, ANY_CODE, "echo reply" },
	{ IP_PROTO_ICMPV6, 133, ANY_CODE, "router solicitation" },
	{ IP_PROTO_ICMPV6, 134, ANY_CODE, "router advertisement" },
	{ IP_PROTO_ICMPV6, 135, ANY_CODE, "neighbour solicitation" },
	{ IP_PROTO_ICMPV6, 136, ANY_CODE, "neighbour advertisement" },
	{ IP_PROTO_ICMPV6, 137, ANY_CODE, "redirect" },
};
/* clang-format on */

static void
v_packets_add_icmp(struct buf *b, const struct logged_packet *p)
{
	for (unsigned i = 0; i < NITEMS(icmp_texts); i++) {
		if (icmp_texts[i].proto == p->proto && icmp_texts[i].type == p->icmp_type &&
		    (icmp_texts[i].code == ANY_CODE || icmp_texts[i].code == p->icmp_code)) {
			buf_adds(b, icmp_texts[i].text);
			return;
		}
	}
	buf_addf(b, "type %u code %u", p->icmp_type, p->icmp_code);
}

static void
v_packets_add_tcp(struct buf *b, const struct logged_packet *p)
{
	if (p->payload > 0)
		buf_addf(b, "data %" PRIu32 " ", p->payload);
	buf_addf(b, "win %u seq %" PRIu32, p->window, p->seq);
	if (p->tcp_flags & TCP_ACK)
		buf_addf(b, " ack %" PRIu32, p->ack);
}

/* Errors of a packet come before its content. */
static struct value
v_packets_get_info(const struct scope *s, const void *row)
{
	const struct logged_packet *p = row;
	struct value v = value_textf("%s", "");
	struct buf b;

	(void)s;
	buf_init(&b, v.text, sizeof(v.text));
	if (p->flags & PKT_MALFORMED)
		buf_adds(&b, "malformed ");
	if (p->flags & PKT_TRUNCATED)
		buf_adds(&b, "truncated ");
	if (p->flags & PKT_FRAGMENT)
		buf_adds(&b, p->flags & PKT_LATER_FRAGMENT ? "later fragment " : "first fragment ");
	if (v_packets_is_tcp(p))
		v_packets_add_tcp(&b, p);
	else if (v_packets_is_ip(p) && (p->proto == IP_PROTO_ICMP || p->proto == IP_PROTO_ICMPV6) &&
	    !(p->flags & (PKT_MALFORMED | PKT_TRUNCATED | PKT_LATER_FRAGMENT)))
		v_packets_add_icmp(&b, p);
	else if (p->payload > 0)
		buf_addf(&b, "data %" PRIu32, p->payload);
	return b.len > 0 ? v : value_none();
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "time", .title = "TIME", .help = "Time of capture, in UTC.",
	  .type = V_TIME, .min = 15, .max = 21, .left = true, .desc = true, .drop = 1, .identifies = true, .get = v_packets_get_time },
	{ .name = "source", .title = "SOURCE", .help = "Interface or file.",
	  .type = V_TEXT, .min = 8, .max = 16, .drop = 9, .left = true, .get = v_packets_get_source },
	{ .name = "protocol", .title = "PROTO", .help = "IP protocol, or ethertype if not IP.",
	  .type = V_TEXT, .min = 5, .max = 7, .drop = 5, .left = true, .get = v_packets_get_protocol },
	{ .name = "a", .title = "FROM", .help = "Address of the sender.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_packets_get_a },
	{ .name = "a_port", .title = "PORT", .help = "Port of the sender.",
	  .type = V_PORT, .min = 5, .max = 9, .drop = 4, .left = true, .get = v_packets_get_a_port },
	{ .name = "b", .title = "TO", .help = "Destination address.",
	  .type = V_ADDR, .min = 15, .max = 39, .left = true, .identifies = true, .get = v_packets_get_b },
	{ .name = "b_port", .title = "PORT", .help = "Destination port.",
	  .type = V_PORT, .min = 5, .max = 9, .drop = 3, .left = true, .get = v_packets_get_b_port },
	{ .name = "length", .title = "BYTES", .help = "Length on the link.",
	  .type = V_ID, .min = 5, .max = 6, .drop = 1, .desc = true, .get = v_packets_get_length },
	{ .name = "flags", .title = "FLAGS",
	  .help = "TCP flags, as first letters of FIN SYN RST PSH ACK URG ECE CWR.",
	  .type = V_TEXT, .min = 5, .max = 8, .drop = 2, .left = true, .get = v_packets_get_flags },
	{ .name = "ttl", .title = "TTL", .help = "Time to live, or hop limit.",
	  .type = V_ID, .min = 4, .max = 4, .drop = 7, .get = v_packets_get_ttl },
	{ .name = "app", .title = "APP", .help = "Application protocol.",
	  .type = V_TEXT, .min = 6, .max = 8, .drop = 6, .left = true, .get = v_packets_get_app },
	{ .name = "info", .title = "INFO",
	  .help = "Sequence numbers of a TCP segment, or the ICMP message; length of the payload.",
	  .type = V_TEXT, .min = 24, .max = 60, .drop = 8, .left = true, .get = v_packets_get_info },
	{ .name = "context", .title = "CONTEXT",
	  .help = "Network of the addresses: VLANs, label, session, tunnel.",
	  .type = V_TEXT, .min = 8, .max = 24, .drop = DROP_DETAIL - 1, .when_used = true, .left = true, .get = v_packets_get_context },
	{ .name = "a_name", NAMES_OF("a", "FROM NAME", "Name of the sender."), .get = v_packets_get_a_name },
	{ .name = "b_name", NAMES_OF("b", "TO NAME", "Name of the destination."), .get = v_packets_get_b_name },
};
/* clang-format on */

static uint32_t
v_packets_slots(const struct ledger *l)
{
	return packet_log_used(&l->packet_log);
}

static const void *
v_packets_row(const struct scope *s, uint32_t i)
{
	const struct logged_packet *p = &s->ledger->packet_log.row[i];

	if (own_session_hides(s, p->proto, p->kind, &p->src, p->sport, &p->dst, p->dport))
		return NULL;
	return scope_shows(s, p->kind, p->proto) ? p : NULL;
}

/* There is no such row: the log has the newest packets only. */
static const void *
v_packets_other(const struct scope *s ATTR_UNUSED)
{
	return NULL;
}

/* Among packets with the same stamp the newest is the first. */
static void
v_packets_key(const void *row, struct row_key *k)
{
	*k = (struct row_key){ { 0 } };
	row_key_put(k, 0, UINT32_MAX - ((const struct logged_packet *)row)->number, 4);
}

const struct view view_packets = {
	.name = "packets",
	.title = "Packets",
	.short_title = "Pkt",
	.help = "The most recent packets; logged while this view is open.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "time",
	.sort_whole_time = "time",
	.slots = v_packets_slots,
	.row = v_packets_row,
	.other_row = v_packets_other,
	.row_key = v_packets_key,
	.hides_own_session = true,
	.is_log = true,
	.extras = LEDGER_PACKETS,
};
