/*
 * The traffic of the synthetic network: who talks to whom, how often, and how much.
 */
#include "config.h"

#include "capture/demo/session.h"
#include "util/attr.h"

#define MS  1000u
#define S   (1000 * MS)
#define KIB 1024u
#define MIB (1024 * KIB)
#define ONCE                                                                                       \
	{                                                                                          \
		1, 1                                                                               \
	}

/* clang-format off */
const struct demo_kind demo_kinds[] = {
	{ /* a heavy download */
		.first = demo_tcp_open, .make = demo_http, .port = 80, .sessions = 1,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_MIRROR, .bits = DEMO_WAVES,
		.turns = ONCE, .ask = { 0, 0 }, .answer = { 12 * MIB, 20 * MIB },
		.think = { 1 * MS, 2 * MS }, .pause = { 1 * S, 4 * S }, .rtt_us = 14 * MS, .gap_us = 3800,
	},
	{ /* a video: a segment every few seconds */
		.first = demo_tcp_open, .make = demo_tls, .port = 443, .sessions = 1, .six = 100,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_VIDEO,
		.bits = DEMO_WAVES | DEMO_TLS,
		.turns = { 20, 60 }, .ask = { 180, 420 }, .answer = { 300 * KIB, 700 * KIB },
		.think = { 1500 * MS, 3 * S }, .pause = { 2 * S, 6 * S }, .rtt_us = 9 * MS, .gap_us = 1100,
	},
	{ /* web pages */
		.first = demo_tcp_open, .make = demo_tls, .port = 443, .sessions = 20, .six = 36,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_ANY,
		.bits = DEMO_WAVES | DEMO_TLS, .resets = 6,
		.turns = { 2, 6 }, .ask = { 120, 700 }, .answer = { 2 * KIB, 36 * KIB },
		.think = { 30 * MS, 900 * MS }, .pause = { 200 * MS, 5 * S }, .rtt_us = 22 * MS, .gap_us = 700,
	},
	{ /* old web pages */
		.first = demo_tcp_open, .make = demo_http, .port = 80, .sessions = 4, .six = 10,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_ANY, .bits = DEMO_WAVES,
		.turns = { 1, 4 }, .ask = { 0, 0 }, .answer = { 1 * KIB, 24 * KIB },
		.think = { 40 * MS, 400 * MS }, .pause = { 500 * MS, 6 * S }, .rtt_us = 31 * MS, .gap_us = 900,
	},
	{ /* newer web pages */
		.first = demo_exchange, .make = demo_quic, .port = 443, .sessions = 2, .six = 50,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_ANY, .bits = DEMO_WAVES,
		.turns = { 6, 40 }, .answer = { 1, 12 },
		.think = { 10 * MS, 600 * MS }, .pause = { 500 * MS, 4 * S }, .rtt_us = 18 * MS, .gap_us = 900,
	},
	{ /* interactive shells */
		.first = demo_tcp_open, .make = demo_ssh, .port = 22, .sessions = 4, .six = 40,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_SHELL, .bits = DEMO_SERVER_FIRST,
		.turns = { 100, 900 }, .ask = { 36, 52 }, .answer = { 36, 420 },
		.think = { 60 * MS, 450 * MS }, .pause = { 500 * MS, 9 * S }, .rtt_us = 27 * MS, .gap_us = 400,
	},
	{ /* the shop queries its database */
		.first = demo_tcp_open, .make = demo_pgsql, .port = 5432, .sessions = 3,
		.client = PLACE_CLIENTS, .server = PLACE_DATABASE, .site = SITE_ANY, .bits = DEMO_WAVES,
		.turns = { 60, 400 }, .ask = { 0, 0 }, .answer = { 90, 9 * KIB },
		.think = { 40 * MS, 220 * MS }, .pause = { 200 * MS, 4 * S }, .rtt_us = 900, .gap_us = 90,
	},
	{ /* incoming mail */
		.first = demo_tcp_open, .make = demo_smtp, .port = 25, .sessions = 2,
		.client = PLACE_SITE, .server = PLACE_MAIL, .site = SITE_MAIL, .bits = DEMO_SERVER_FIRST,
		.turns = { 7, 7 }, .ask = { 3 * KIB, 90 * KIB }, .answer = { 40, 60 },
		.think = { 10 * MS, 60 * MS }, .pause = { 2 * S, 12 * S }, .rtt_us = 24 * MS, .gap_us = 1500,
	},
	{ /* reading mail */
		.first = demo_tcp_open, .make = demo_tls, .port = 993, .sessions = 3, .six = 60,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_MAIL, .bits = DEMO_TLS,
		.turns = { 4, 20 }, .ask = { 60, 160 }, .answer = { 120, 12 * KIB },
		.think = { 80 * MS, 3 * S }, .pause = { 1 * S, 9 * S }, .rtt_us = 21 * MS, .gap_us = 600,
	},
	{ /* an outgoing backup */
		.first = demo_tcp_open, .make = demo_tls, .port = 8443, .sessions = 1,
		.client = PLACE_MAIL, .server = PLACE_SITE, .site = SITE_BACKUP, .bits = DEMO_TLS,
		.turns = { 2, 5 }, .ask = { 200 * KIB, 600 * KIB }, .answer = { 60, 90 },
		.think = { 300 * MS, 1 * S }, .pause = { 10 * S, 25 * S }, .rtt_us = 8 * MS, .gap_us = 900,
	},
	{ /* two calls, a packet every 20 ms in each direction */
		.first = demo_exchange, .make = demo_rtp, .port = 16384, .sessions = 2, .vlan = 20,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_VOICE, .bits = DEMO_SAME_PORT,
		.turns = { 600, 2600 }, .answer = ONCE,
		.think = { 9900, 10100 }, .pause = { 1 * S, 9 * S }, .rtt_us = 10 * MS,
	},
	{ /* keep-alives between telephones and their exchange */
		.first = demo_exchange, .make = demo_sip, .port = 5060, .sessions = 2, .vlan = 20,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_VOICE, .bits = DEMO_SAME_PORT,
		.turns = ONCE, .answer = ONCE, .pause = { 2 * S, 8 * S }, .rtt_us = 19 * MS,
	},
	{ /* DNS queries to the local resolver */
		.first = demo_exchange, .make = demo_dns, .port = 53, .sessions = 6, .six = 25,
		.client = PLACE_CLIENTS, .server = PLACE_RESOLVER, .site = SITE_ANY, .bits = DEMO_WAVES,
		.turns = { 1, 2 }, .answer = ONCE, .think = { 1 * MS, 9 * MS },
		.pause = { 100 * MS, 1500 * MS }, .rtt_us = 600,
	},
	{ /* its own queries to other servers */
		.first = demo_exchange, .make = demo_dns, .port = 53, .sessions = 2, .six = 25,
		.client = PLACE_RESOLVER, .server = PLACE_SITE, .site = SITE_NAMES,
		.turns = ONCE, .answer = ONCE, .pause = { 100 * MS, 1500 * MS }, .rtt_us = 17 * MS,
	},
	{ /* the time */
		.first = demo_exchange, .make = demo_ntp, .port = 123, .sessions = 2, .six = 25,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_TIME, .bits = DEMO_SAME_PORT,
		.turns = ONCE, .answer = ONCE, .pause = { 1 * S, 8 * S }, .rtt_us = 12 * MS,
	},
	{ /* service discovery */
		.first = demo_exchange, .make = demo_mdns, .port = 5353, .sessions = 2, .six = 50,
		.client = PLACE_CLIENTS, .server = PLACE_MDNS, .site = SITE_ANY, .bits = DEMO_SAME_PORT,
		.turns = { 1, 3 }, .answer = { 0, 0 }, .think = { 1 * S, 3 * S }, .pause = { 3 * S, 12 * S },
	},
	{ /* DHCP renewals */
		.first = demo_exchange, .make = demo_dhcp, .port = 67, .sessions = 1,
		.client = PLACE_CLIENTS, .server = PLACE_ROUTER, .site = SITE_ANY,
		.turns = ONCE, .answer = ONCE, .pause = { 4 * S, 15 * S }, .rtt_us = 1500,
	},
	{ /* pings */
		.first = demo_exchange, .make = demo_echo, .sessions = 2, .six = 40,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_ANY,
		.turns = { 4, 30 }, .answer = ONCE, .think = { 999 * MS, 1001 * MS },
		.pause = { 1 * S, 12 * S }, .rtt_us = 25 * MS,
	},
	{ /* IGMP reports */
		.first = demo_exchange, .make = demo_igmp, .sessions = 1,
		.client = PLACE_CLIENTS, .server = PLACE_MDNS, .site = SITE_ANY,
		.turns = ONCE, .answer = { 0, 0 }, .pause = { 3 * S, 11 * S },
	},
	{ /* ARP */
		.first = demo_exchange, .make = demo_arp, .sessions = 3,
		.client = PLACE_CLIENTS, .server = PLACE_ROUTER, .site = SITE_ANY,
		.turns = ONCE, .answer = { 0, 1 }, .pause = { 500 * MS, 3 * S }, .rtt_us = 350,
	},
	{ /* IPv6 neighbour discovery */
		.first = demo_exchange, .make = demo_neighbour, .sessions = 3, .six = 100,
		.client = PLACE_CLIENTS, .server = PLACE_ROUTER, .site = SITE_ANY,
		.turns = ONCE, .answer = { 0, 1 }, .pause = { 500 * MS, 4 * S }, .rtt_us = 400,
	},
	{ /* a service that is down */
		.first = demo_tcp_probe, .port = 8080, .sessions = 1, .six = 30,
		.client = PLACE_CLIENTS, .server = PLACE_SITE, .site = SITE_ANY, .resets = 85,
		.turns = { 1, 3 }, .think = { 500 * MS, 1 * S }, .pause = { 1 * S, 6 * S }, .rtt_us = 16 * MS,
	},
	{ /* a port scan */
		.first = demo_tcp_probe, .sessions = 1, .client = PLACE_SCANNER, .server = PLACE_CLIENTS,
		.site = SITE_ANY, .bits = DEMO_SWEEPS, .resets = 70,
		.turns = { 120, 400 }, .think = { 5 * MS, 40 * MS }, .pause = { 20 * S, 40 * S }, .rtt_us = 700,
	},
};
/* clang-format on */

const unsigned n_demo_kinds = NITEMS(demo_kinds);
