/*
 * Synthetic datagrams, one complete frame each: names, time, voice, video.
 */
#include "config.h"

#include <string.h>

#include "capture/demo/demo.h"
#include "capture/demo/session.h"
#include "util/buf.h"

#define CLIENT       0
#define SERVER       1
#define NS_PER_S     UINT64_C(1000000000)
#define NTP_TO_UNIX  UINT64_C(2208988800) /* s from 1900 to 1970 (RFC 5905) */
#define VOICE        160                  /* bytes of G.711 in 20 ms */
#define DNS_A        1
#define DNS_AAAA     28
#define DNS_PTR      12
#define DNS_IN       1
#define QUIC_INITIAL 1200 /* minimum bytes (RFC 9000, 14.1) */

static void
demo_send_datagram(struct demo *d, const struct demo_session *s)
{
	struct demo_route r = demo_route(s, s->from);

	wire_udp(&d->wire, &r);
}

/* RFC 1035, 4.1.1 */
static void
demo_put_dns_header(struct wire *w, unsigned id, unsigned flags, unsigned answers)
{
	wire_u16(w, id);
	wire_u16(w, flags);
	wire_u16(w, 1);
	wire_u16(w, answers);
	wire_u16(w, 0);
	wire_u16(w, 0);
}

/* "www.example.com" as labels, then the type and class of the question */
static void
demo_put_dns_question(struct wire *w, const char *name, unsigned type)
{
	size_t n;

	for (;;) {
		n = strcspn(name, ".");
		wire_u8(w, (unsigned)n);
		wire_bytes(w, name, n);
		if (name[n] == '\0')
			break;
		name += n + 1;
	}
	wire_u8(w, 0);
	wire_u16(w, type);
	wire_u16(w, DNS_IN);
}

/* Returns one host of the site; the name is that of the question, at byte 12. */
static void
demo_put_dns_address(struct wire *w, unsigned site, unsigned host, bool six)
{
	struct demo_end e;

	demo_remote(&e, site, host, six);
	wire_u16(w, 0xc00c);
	wire_u16(w, six ? DNS_AAAA : DNS_A);
	wire_u16(w, DNS_IN);
	wire_u32(w, 300);
	wire_u16(w, six ? 16 : 4);
	wire_bytes(w, e.ip, six ? 16 : 4);
}

/* Asks for IPv4 and IPv6 in turn; the identifier selects the site. */
void
demo_dns(struct demo *d, struct demo_session *s)
{
	unsigned id = (s->seq[0] + s->turn) & 0xffff, site = (s->seq[0] >> 16) % SITES;
	bool six = (s->turn & 1) != 0;

	demo_put_dns_header(
	    &d->wire, id, s->from == CLIENT ? 0x0100 : 0x8180, s->from == CLIENT ? 0 : 2);
	demo_put_dns_question(&d->wire, demo_site_name(site), six ? DNS_AAAA : DNS_A);
	if (s->from == SERVER) {
		demo_put_dns_address(&d->wire, site, id % 5, six);
		demo_put_dns_address(&d->wire, site, id % 5 + 5, six);
	}
	demo_send_datagram(d, s);
}

/* RFC 6762: to the group with a hop limit of 255. */
void
demo_mdns(struct demo *d, struct demo_session *s)
{
	s->end[CLIENT].ttl = 255;
	demo_put_dns_header(&d->wire, 0, 0, 0);
	demo_put_dns_question(&d->wire, "_ipp._tcp.local", DNS_PTR);
	demo_send_datagram(d, s);
}

/* RFC 5905, 6 */
static void
demo_put_ntp_time(struct wire *w, uint64_t ns)
{
	wire_u32(w, (uint32_t)(ns / NS_PER_S + NTP_TO_UNIX));
	wire_u32(w, (uint32_t)((ns % NS_PER_S << 32) / NS_PER_S));
}

void
demo_ntp(struct demo *d, struct demo_session *s)
{
	struct wire *w = &d->wire;
	uint64_t asked = d->now - s->kind->rtt_us * UINT64_C(1000);

	if (s->from == CLIENT) {
		wire_u32(w, 0x230006ec); /* version 4, client */
		wire_zeros(w, 36);
	} else {
		wire_u32(w, 0x240206ec); /* version 4, server, stratum 2 */
		wire_u32(w, 0x00000120);
		wire_u32(w, 0x00000340);
		wire_bytes(w, "\xc0\x00\x02\x01", 4);
		demo_put_ntp_time(w, asked - 9 * NS_PER_S);
		demo_put_ntp_time(w, asked);
		demo_put_ntp_time(w, d->now);
	}
	demo_put_ntp_time(w, d->now);
	demo_send_datagram(d, s);
}

/* RFC 3550, 5.1: version 2, G.711 u-law */
void
demo_rtp(struct demo *d, struct demo_session *s)
{
	struct wire *w = &d->wire;

	wire_u16(w, 0x8000);
	wire_u16(w, (s->seq[s->from] + s->turn) & 0xffff);
	wire_u32(w, s->turn * VOICE);
	wire_u32(w, s->seq[s->from]);
	wire_bytes(w, d->pool + s->turn % 1000, VOICE);
	demo_send_datagram(d, s);
}

/* RFC 3261, 11: the telephone asks for the exchange's capabilities, as a keep-alive. */
void
demo_sip(struct demo *d, struct demo_session *s)
{
	static const char *const first[2] = { "OPTIONS sip:voice.example.net SIP/2.0\r\n",
		"SIP/2.0 200 OK\r\n" };
	const uint8_t *ip = s->end[CLIENT].ip;
	char text[512];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	buf_adds(&b, first[s->from]);
	buf_addf(&b, "Via: SIP/2.0/UDP %u.%u.%u.%u:5060;branch=z9hG4bK%x\r\nMax-Forwards: 70\r\n",
	    ip[0], ip[1], ip[2], ip[3], (unsigned)s->seq[0]);
	buf_addf(&b,
	    "From: <sip:%u@example.net>;tag=%x\r\nTo: <sip:voice.example.net>\r\n"
	    "Call-ID: %x@example.net\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
	    100u + ip[3], (unsigned)s->seq[1], (unsigned)s->seq[1]);
	wire_text(&d->wire, text);
	demo_send_datagram(d, s);
}

/* RFC 9000, 17.2.2: an Initial packet, padded to its minimum size */
static void
demo_put_quic_initial(struct demo *d, const struct demo_session *s)
{
	struct wire *w = &d->wire;

	wire_u8(w, 0xc3);
	wire_u32(w, 1);
	wire_u8(w, 8);
	wire_u32(w, s->seq[!s->from]);
	wire_u32(w, s->seq[s->from]);
	wire_u8(w, 0);
	wire_u8(w, 0);
	wire_u16(w, 0x4000 | (QUIC_INITIAL - 18));
	wire_bytes(w, d->pool + (s->seq[0] + s->left) % 1000, QUIC_INITIAL - 18);
}

void
demo_quic(struct demo *d, struct demo_session *s)
{
	size_t n = s->from == CLIENT ? 40 + demo_random(d, 60) : 1000 + demo_random(d, 250);

	if (s->turn == 0) {
		demo_put_quic_initial(d, s);
	} else {
		wire_u8(&d->wire, 0x40);
		wire_bytes(&d->wire, d->pool + demo_random(d, 1000), n);
	}
	demo_send_datagram(d, s);
}
