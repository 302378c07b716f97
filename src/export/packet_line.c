#include "config.h"

#include "export/flow_log.h"

#include <string.h>
#include <time.h>

#include "dissect/dissect.h"
#include "export/csv_json.h"
#include "util/text.h"
#include "view/columns.h"
#include "view/value.h"

#define NS UINT64_C(1000000000)

const char packet_columns[] =
    "time,interface,protocol,source,source_port,destination,destination_port,"
    "tcp_flags,ttl,length,payload,info" CSV_EOL;

void
packet_lines_init(
    struct packet_lines *pl, const struct ledger *l, enum packet_format format, bool ascii)
{
	*pl = (struct packet_lines){
		.ledger = l,
		.format = format,
		.arrow = ascii ? " -> " : " \xe2\x86\x92 ",
		.second = UINT64_MAX,
	};
}

/* For people: in local time. */
static void
packet_line_update_stamp(struct packet_lines *pl, uint64_t second)
{
	time_t t = (time_t)second;
	struct buf b;
	struct tm tm;

	pl->second = second;
	buf_init(&b, pl->stamp, sizeof(pl->stamp));
	if (pl->format == PACKET_CSV) {
		fmt_rfc3339(&b, second * NS, 0);
		b.s[--b.len] = '\0'; /* the Z comes after the fraction */
	} else if (localtime_r(&t, &tm) != NULL) {
		strftime(pl->stamp, sizeof(pl->stamp), "%Y-%m-%d %H:%M:%S", &tm);
	}
}

static void
packet_line_add_time(struct packet_lines *pl, struct buf *b, uint64_t ns)
{
	char digits[] = ".000000000Z";
	uint64_t fraction = ns % NS;

	if (ns / NS != pl->second)
		packet_line_update_stamp(pl, ns / NS);
	buf_adds(b, pl->stamp);
	if (pl->format != PACKET_CSV)
		return;
	for (int i = 9; fraction > 0; i--, fraction /= 10)
		digits[i] = (char)('0' + fraction % 10);
	buf_add(b, digits, sizeof(digits) - 1);
}

static bool
packet_line_has_ip(const struct pkt *p)
{
	return p->kind == ADDR_IP4 || p->kind == ADDR_IP6;
}

static const char *
packet_line_protocol(struct packet_lines *pl, const struct pkt *p, char *scratch)
{
	const char **known = &pl->name[p->proto & 0xff];
	const char *name;

	if (packet_line_has_ip(p) && *known != NULL)
		return *known;
	name = flow_proto_name(p->kind, p->proto, scratch);
	if (packet_line_has_ip(p) && name != scratch)
		*known = name;
	return name;
}

/* The content of a segment or datagram; "" if it has no payload. */
static const char *
packet_line_payload_kind(const struct pkt *p)
{
	if (p->payload == 0 || !(p->flags & PKT_PORTS))
		return "";
	return p->app != PROTO_NONE ? proto_name(p->app) : "data";
}

static void
packet_line_add_fact(struct buf *b, const char *name, uint64_t n)
{
	buf_adds(b, b->len > 0 ? " " : "");
	buf_adds(b, name);
	buf_addc(b, ' ');
	buf_addu(b, n);
}

static void
packet_line_add_word(struct buf *b, const char *word)
{
	buf_adds(b, b->len > 0 ? " " : "");
	buf_adds(b, word);
}

static bool
packet_line_is_icmp(const struct pkt *p)
{
	return (p->kind == ADDR_IP4 && p->proto == 1) || (p->kind == ADDR_IP6 && p->proto == 58);
}

static void
packet_line_add_info(struct buf *b, const struct pkt *p)
{
	if (p->proto == 6 && (p->flags & PKT_PORTS)) {
		packet_line_add_fact(b, "seq", p->seq);
		if (p->tcp_flags & TCP_ACK)
			packet_line_add_fact(b, "ack", p->ack);
		packet_line_add_fact(b, "win", p->window);
		packet_line_add_fact(b, "payload", p->payload);
	} else if (packet_line_is_icmp(p) &&
	    !(p->flags & (PKT_LATER_FRAGMENT | PKT_MALFORMED | PKT_TRUNCATED))) {
		packet_line_add_fact(b, "type", p->icmp_type);
		packet_line_add_fact(b, "code", p->icmp_code);
	}
	context_text(b, &p->context);
	if (p->flags & PKT_FRAGMENT)
		packet_line_add_fact(b, "fragment", p->frag_id);
	if (p->flags & PKT_TUNNEL)
		packet_line_add_word(b, "tunnel");
	if (p->flags & PKT_MALFORMED)
		packet_line_add_word(b, "malformed");
	if (p->flags & PKT_TRUNCATED)
		packet_line_add_word(b, "truncated");
}

static void
packet_line_add_csv_end(struct buf *b, const struct pkt *p, const struct addr *a, uint16_t port)
{
	buf_addc(b, ',');
	if (addr_is_present(p->kind, a))
		addr_text(b, p->kind, a);
	buf_addc(b, ',');
	if (p->flags & PKT_PORTS)
		buf_addu(b, port);
}

static void
packet_line_add_csv(struct packet_lines *pl, struct buf *b, const struct pkt *p)
{
	char scratch[FLOW_PROTO_NAME], text[128];
	struct buf info;

	buf_init(&info, text, sizeof(text));
	packet_line_add_time(pl, b, p->ts);
	buf_addc(b, ',');
	value_quote_csv(b, pl->ledger->source[p->source].name);
	buf_addc(b, ',');
	buf_adds(b, packet_line_protocol(pl, p, scratch));
	packet_line_add_csv_end(b, p, &p->src, p->sport);
	packet_line_add_csv_end(b, p, &p->dst, p->dport);
	buf_addc(b, ',');
	tcp_flags_text(b, p->tcp_flags);
	buf_addc(b, ',');
	if (packet_line_has_ip(p))
		buf_addu(b, p->ttl);
	buf_addc(b, ',');
	buf_addu(b, p->len);
	buf_addc(b, ',');
	buf_adds(b, packet_line_payload_kind(p));
	buf_addc(b, ',');
	packet_line_add_info(&info, p);
	buf_add(b, info.s, info.len);
	buf_adds(b, CSV_EOL);
}

/* An IPv6 address with a port is in brackets (RFC 3986). */
static void
packet_line_add_text_end(const struct packet_lines *pl, struct buf *b, const struct pkt *p,
    const struct addr *a, uint16_t port)
{
	const char *name = pl->names ? ledger_host_name(pl->ledger, p->kind, a, false).text : NULL;
	bool ports = (p->flags & PKT_PORTS) != 0;
	bool brackets = ports && p->kind == ADDR_IP6;

	if (brackets)
		buf_addc(b, '[');
	addr_text(b, p->kind, a);
	if (brackets)
		buf_addc(b, ']');
	if (ports) {
		buf_addc(b, ':');
		buf_addu(b, port);
	}
	if (name != NULL)
		buf_addf(b, " (%s)", name);
}

static void
packet_line_add_upper(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		buf_addc(b, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
}

/* Omits TCP fields that only programs use. */
static void
packet_line_add_text(struct packet_lines *pl, struct buf *b, const struct pkt *p)
{
	char scratch[FLOW_PROTO_NAME], text[128];
	struct pkt rest = *p;
	struct buf info;

	buf_init(&info, text, sizeof(text));
	buf_addc(b, '[');
	packet_line_add_time(pl, b, p->ts);
	buf_adds(b, "] ");
	packet_line_add_upper(b, packet_line_protocol(pl, p, scratch));
	buf_addc(b, ' ');
	packet_line_add_text_end(pl, b, p, &p->src, p->sport);
	buf_adds(b, pl->arrow);
	packet_line_add_text_end(pl, b, p, &p->dst, p->dport);
	if (p->tcp_flags != 0) {
		buf_adds(b, " flags ");
		tcp_flags_text(b, p->tcp_flags);
	}
	if (packet_line_has_ip(p))
		packet_line_add_fact(b, "ttl", p->ttl);
	packet_line_add_fact(b, "len", p->len);
	if (*packet_line_payload_kind(p) != '\0')
		packet_line_add_word(b, packet_line_payload_kind(p));
	rest.flags &= (uint8_t)~PKT_PORTS;
	packet_line_add_info(&info, &rest);
	if (info.len > 0)
		packet_line_add_word(b, text);
	buf_addc(b, '\n');
}

void
packet_line(struct packet_lines *pl, struct buf *b, const struct pkt *p)
{
	if (pl->format == PACKET_CSV)
		packet_line_add_csv(pl, b, p);
	else
		packet_line_add_text(pl, b, p);
}
