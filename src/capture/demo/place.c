/*
 * The endpoints of synthetic sessions: 192.0.2.0/24 and 2001:db8::/64 are local, everything else is
 * behind the router. All addresses are reserved for documentation: RFC 5737, RFC 3849, and RFC 9542
 * for Ethernet.
 */
#include "config.h"

#include <string.h>

#include "capture/demo/session.h"
#include "util/attr.h"

#define CLIENTS      100
#define SITE_HOSTS   10
#define SCANNER_HOST 246   /* no site has it */
#define EPHEMERAL    32768 /* the first ephemeral port */

static const char *const names[SITES] = {
	[SITE_VIDEO] = "video.example.com",
	[SITE_MIRROR] = "mirror.example.org",
	[SITE_MAIL] = "mail.example.net",
	[SITE_TIME] = "time.example.net",
	[SITE_SHELL] = "shell.example.org",
	[SITE_VOICE] = "voice.example.net",
	[SITE_BACKUP] = "backup.example.org",
	[SITE_NAMES] = "ns1.example.net",
	[SITE_WEB] = "www.example.com",
	"cdn.example.net",
	"images.example.com",
	"news.example.org",
	"api.example.com",
	"search.example.com",
	"maps.example.com",
	"weather.example.net",
	"shop.example.com",
	"docs.example.org",
	"forum.example.org",
	"login.example.com",
	"ads.example.net",
	"fonts.example.net",
	"git.example.org",
	"wiki.example.org",
};

const char *
demo_site_name(unsigned site)
{
	return names[site];
}

static void
demo_set_mac(struct demo_end *e, unsigned host)
{
	static const uint8_t mac[6] = { 0x00, 0x00, 0x5e, 0x00, 0x53, 0x00 };

	memcpy(e->mac, mac, sizeof(mac));
	e->mac[5] = (uint8_t)host;
}

/* 2001:db8:SITE::HOST; site 0 is the local network. */
static void
demo_set_ip6(struct demo_end *e, unsigned site, unsigned host)
{
	static const uint8_t prefix[16] = { 0x20, 0x01, 0x0d, 0xb8 };

	memcpy(e->ip, prefix, sizeof(prefix));
	e->ip[5] = (uint8_t)site;
	e->ip[15] = (uint8_t)host;
}

static void
demo_set_ip4(struct demo_end *e, uint8_t a, uint8_t b, uint8_t c, unsigned host)
{
	const uint8_t ip[4] = { a, b, c, (uint8_t)host };

	memcpy(e->ip, ip, sizeof(ip));
}

void
demo_local(struct demo_end *e, unsigned host, bool six)
{
	demo_set_mac(e, host);
	e->ttl = 64;
	if (six)
		demo_set_ip6(e, 0, host);
	else
		demo_set_ip4(e, 192, 0, 2, host);
}

void
demo_remote(struct demo_end *e, unsigned site, unsigned host, bool six)
{
	demo_set_mac(e, PLACE_ROUTER);
	e->ttl = (uint8_t)(64 - 5 - site % 12);
	if (six)
		demo_set_ip6(e, 1 + site, 1 + host);
	else if (host < SITE_HOSTS / 2)
		demo_set_ip4(e, 198, 51, 100, 1 + site * SITE_HOSTS + host);
	else
		demo_set_ip4(e, 203, 0, 113, 1 + site * SITE_HOSTS + host);
}

/* RFC 1112, 6.4 and RFC 2464, 7: the MAC address of a group is derived from its IP address. */
void
demo_group(struct demo_end *e, const uint8_t *ip, bool six)
{
	static const uint8_t mac4[3] = { 0x01, 0x00, 0x5e }, mac6[2] = { 0x33, 0x33 };

	memcpy(e->ip, ip, six ? 16 : 4);
	if (six) {
		memcpy(e->mac, mac6, sizeof(mac6));
		memcpy(e->mac + 2, ip + 12, 4);
	} else {
		memcpy(e->mac, mac4, sizeof(mac4));
		memcpy(e->mac + 3, ip + 1, 3);
		e->mac[3] &= 0x7f;
	}
}

static void
demo_place_end(struct demo *d, const struct demo_session *s, struct demo_end *e, unsigned where)
{
	static const uint8_t mdns4[4] = { 224, 0, 0, 251 };
	static const uint8_t mdns6[16] = { 0xff, 0x02, [15] = 0xfb };

	switch (where) {
	case PLACE_CLIENTS:
		demo_local(e,
		    (s->kind->vlan != 0 ? PLACE_PHONES : PLACE_CLIENTS) +
			demo_random(d, 1 + demo_random(d, CLIENTS)),
		    s->six);
		break;
	case PLACE_SITE:
		demo_remote(e, s->site, demo_random(d, SITE_HOSTS), s->six);
		break;
	case PLACE_SCANNER:
		demo_remote(e, 0, SCANNER_HOST - 1, s->six);
		break;
	case PLACE_MDNS:
		demo_group(e, s->six ? mdns6 : mdns4, s->six);
		break;
	default:
		demo_local(e, where, s->six);
	}
}

/* Sites at the top of the list are chosen more often. */
static uint8_t
demo_choose_site(struct demo *d)
{
	return (uint8_t)(SITE_WEB + demo_random(d, 1 + demo_random(d, SITES - SITE_WEB)));
}

void
demo_place_session(struct demo *d, struct demo_session *s)
{
	const struct demo_kind *k = s->kind;

	s->six = demo_random(d, 100) < k->six;
	s->site = k->site == SITE_ANY ? demo_choose_site(d) : k->site;
	memset(s->end, 0, sizeof(s->end));
	demo_place_end(d, s, &s->end[0], k->client);
	demo_place_end(d, s, &s->end[1], k->server);
	s->end[1].port = k->port;
	s->end[0].port = (uint16_t)(EPHEMERAL + demo_random(d, 28000));
	if ((k->bits & DEMO_SAME_PORT) != 0)
		s->end[0].port = k->port;
}
