/* The only file that uses libndpi. */
#include "config.h"

#include "ext/dpi.h"

#ifdef HAVE_NDPI

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ndpi_api.h>

#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/text.h"

#define IP4_HEADER  20
#define IP6_HEADER  40
#define TCP_HEADER  20
#define UDP_HEADER  8
#define HEADERS_MAX (IP6_HEADER + TCP_HEADER)
#define SPARE       64 /* zeros behind the packet, for readers that go too far */
#define NS_PER_MS   1000000

struct dpi {
	struct app_db apps;
	struct ndpi_detection_module_struct *module;
	_Alignas(16) uint8_t packet[HEADERS_MAX + DPI_PAYLOAD + SPARE];
};

/* Categories; what is not here is USE_OTHER. */
static const uint8_t kinds[NDPI_PROTOCOL_NUM_CATEGORIES] = {
	[NDPI_PROTOCOL_CATEGORY_MEDIA] = USE_STREAMING,
	[NDPI_PROTOCOL_CATEGORY_STREAMING] = USE_STREAMING,
	[NDPI_PROTOCOL_CATEGORY_MUSIC] = USE_STREAMING,
	[NDPI_PROTOCOL_CATEGORY_VIDEO] = USE_STREAMING,
	[NDPI_PROTOCOL_CATEGORY_VPN] = USE_VPN,
	[NDPI_PROTOCOL_CATEGORY_MAIL] = USE_MAIL,
	[NDPI_PROTOCOL_CATEGORY_DATA_TRANSFER] = USE_FILES,
	[NDPI_PROTOCOL_CATEGORY_DOWNLOAD_FT] = USE_FILES,
	[NDPI_PROTOCOL_CATEGORY_FILE_SHARING] = USE_FILES,
	[NDPI_PROTOCOL_CATEGORY_WEB] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_CLOUD] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_SOCIAL_NETWORK] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_SHOPPING] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_PRODUCTIVITY] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_COLLABORATIVE] = USE_BROWSING,
	[NDPI_PROTOCOL_CATEGORY_GAME] = USE_GAMES,
	[NDPI_PROTOCOL_CATEGORY_CHAT] = USE_CALLS,
	[NDPI_PROTOCOL_CATEGORY_VOIP] = USE_CALLS,
	[NDPI_PROTOCOL_CATEGORY_REMOTE_ACCESS] = USE_REMOTE,
	[NDPI_PROTOCOL_CATEGORY_SW_UPDATE] = USE_UPDATES,
	[NDPI_PROTOCOL_CATEGORY_NETWORK] = USE_NETWORK,
	[NDPI_PROTOCOL_CATEGORY_SYSTEM_OS] = USE_NETWORK,
	[NDPI_PROTOCOL_CATEGORY_RPC] = USE_NETWORK,
	[NDPI_PROTOCOL_CATEGORY_CONNECTIVITY_CHECK] = USE_NETWORK,
};

/* Names that our tables spell otherwise. */
static const struct {
	const char *theirs, *ours;
} spellings[] = {
	{ "AFP", "DSI" },
	{ "AmazonVideo", "Prime Video" },
	{ "AppleiCloud", "iCloud" },
	{ "AppleStore", "Apple updates" },
	{ "CiscoSkinny", "Skinny" },
	{ "DCE_RPC", "DCERPC" },
	{ "DisneyPlus", "Disney+" },
	{ "FTP_CONTROL", "FTP" },
	{ "GTP_U", "GTP" },
	{ "H323", "H225" },
	{ "IAX", "IAX2" },
	{ "IMAPS", "mail" },
	{ "IPsec", "ISAKMP" },
	{ "Jabber", "XMPP" },
	{ "MS_OneDrive", "OneDrive" },
	{ "MsSQL-TDS", "TDS" },
	{ "NetBIOS", "NBNS" },
	{ "NetFlow", "CFLOW" },
	{ "POP3", "POP" },
	{ "POPS", "mail" },
	{ "PostgreSQL", "PGSQL" },
	{ "Radius", "RADIUS" },
	{ "RTMP", "RTMPT" },
	{ "SMBv1", "SMB" },
	{ "SMBv23", "SMB2" },
	{ "SMTPS", "mail" },
	{ "WireGuard", "WG" },
	{ "WindowsUpdate", "Windows updates" },
	{ "WSD", "WS-Discovery" },
	{ "Whois-DAS", "WHOIS" },
};

bool
dpi_is_available(void)
{
	return ndpi_get_api_version() == NDPI_API_VERSION;
}

static void
dpi_copy_name(char *to, size_t size, const char *name)
{
	struct buf b;

	buf_init(&b, to, size);
	if (name != NULL)
		text_clean(&b, name, strlen(name));
}

static const char *
dpi_our_spelling(const char *name)
{
	for (unsigned i = 0; i < NITEMS(spellings); i++)
		if (strcmp(spellings[i].theirs, name) == 0)
			return spellings[i].ours;
	return name;
}

static void
dpi_add_app(struct dpi *d, unsigned i, const ndpi_proto_defaults_t *of)
{
	struct app *a = &d->apps.app[i];

	if (of->protoName == NULL)
		return;
	dpi_copy_name(a->name, sizeof(a->name), of->protoName);
	a->kind = (unsigned)of->protoCategory < NITEMS(kinds) ? kinds[of->protoCategory]
							      : (uint8_t)USE_OTHER;
	a->service = (uint16_t)use_find_service(dpi_our_spelling(of->protoName));
	if (a->service == SERVICE_UNKNOWN)
		a->service = (uint16_t)(SERVICE_FOUND + i);
}

static void
dpi_name_all(struct dpi *d)
{
	const ndpi_proto_defaults_t *of = ndpi_get_proto_defaults(d->module);
	unsigned n = ndpi_get_num_supported_protocols(d->module);

	for (unsigned i = 1; i < n && i < USE_APPS; i++)
		dpi_add_app(d, i, &of[i]);
	for (unsigned i = 1; i < NDPI_MAX_RISK && i < USE_RISKS; i++) {
		if (ndpi_risk2severity((ndpi_risk_enum)i)->severity >= NDPI_RISK_HIGH)
			d->apps.serious |= UINT64_C(1) << i;
		dpi_copy_name(
		    d->apps.risk[i], sizeof(d->apps.risk[i]), ndpi_risk2str((ndpi_risk_enum)i));
	}
}

/* The library's own macro warns of a conversion. */
static void
dpi_deselect(NDPI_PROTOCOL_BITMASK *set, unsigned protocol)
{
	const unsigned bits = 8 * sizeof(set->fds_bits[0]);

	set->fds_bits[protocol / bits] &= ~((ndpi_ndpi_mask)1 << protocol % bits);
}

/* The readers of DTLS and tinc write behind their buffers before version 4.6. */
static void
dpi_select_protocols(struct ndpi_detection_module_struct *module)
{
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	dpi_deselect(&all, NDPI_PROTOCOL_DTLS);
	dpi_deselect(&all, NDPI_PROTOCOL_TINC);
	ndpi_set_protocol_detection_bitmask2(module, &all);
}

/* libgcrypt, which libndpi uses, aborts if it can open no file at its start. */
static bool
dpi_can_open_files(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return false;
	close(fd);
	return true;
}

struct dpi *
dpi_new(void)
{
	struct dpi *d;

	if (!dpi_is_available() || !dpi_can_open_files())
		return NULL;
	d = xcalloc(1, sizeof(*d));
	d->module = ndpi_init_detection_module(ndpi_dont_load_tor_hosts);
	if (d->module == NULL) {
		free(d);
		return NULL;
	}
	dpi_select_protocols(d->module);
	ndpi_finalize_initialization(d->module);
	dpi_name_all(d);
	return d;
}

void
dpi_del(struct dpi *d)
{
	if (d == NULL)
		return;
	ndpi_exit_detection_module(d->module);
	free(d);
}

const struct app_db *
dpi_apps(const struct dpi *d)
{
	return &d->apps;
}

size_t
dpi_flow_size(const struct dpi *d ATTR_UNUSED)
{
	return ndpi_detection_get_sizeof_ndpi_flow_struct();
}

static uint8_t *
dpi_put(uint8_t *to, uint32_t n, unsigned bytes)
{
	while (bytes-- > 0)
		*to++ = (uint8_t)(n >> (8 * bytes));
	return to;
}

static uint8_t *
dpi_put_ip4(uint8_t *to, const struct pkt *p, size_t n)
{
	to = dpi_put(to, 0x45000000 | (uint32_t)(IP4_HEADER + n), 4);
	to = dpi_put(to, 0x4000, 4); /* not a fragment */
	to = dpi_put(to, (uint32_t)p->ttl << 24 | (uint32_t)p->proto << 16, 4);
	memcpy(to, p->src.b, 4);
	memcpy(to + 4, p->dst.b, 4);
	return to + 8;
}

static uint8_t *
dpi_put_ip6(uint8_t *to, const struct pkt *p, size_t n)
{
	to = dpi_put(to, 0x60000000, 4);
	to = dpi_put(to, (uint32_t)n << 16 | (uint32_t)p->proto << 8 | p->ttl, 4);
	memcpy(to, p->src.b, 16);
	memcpy(to + 16, p->dst.b, 16);
	return to + 32;
}

static uint8_t *
dpi_put_transport(uint8_t *to, const struct pkt *p, size_t n)
{
	to = dpi_put(to, (uint32_t)p->sport << 16 | p->dport, 4);
	if (p->proto == IPPROTO_UDP)
		return dpi_put(to, (uint32_t)(UDP_HEADER + n) << 16, 4);
	to = dpi_put(to, p->seq, 4);
	to = dpi_put(to, p->ack, 4);
	to = dpi_put(to, (uint32_t)TCP_HEADER << 26 | (uint32_t)p->tcp_flags << 16 | p->window, 4);
	return dpi_put(to, 0, 4);
}

/* Returns the bytes of the packet. */
static size_t
dpi_make_packet(struct dpi *d, const struct pkt *p, const uint8_t *payload, size_t n)
{
	size_t segment = n + (p->proto == IPPROTO_UDP ? UDP_HEADER : TCP_HEADER);
	uint8_t *to = p->kind == ADDR_IP4 ? dpi_put_ip4(d->packet, p, segment)
					  : dpi_put_ip6(d->packet, p, segment);

	to = dpi_put_transport(to, p, n);
	memcpy(to, payload, n);
	memset(to + n, 0, SPARE);
	return (size_t)(to + n - d->packet);
}

static void
dpi_take(const struct ndpi_flow_struct *flow, ndpi_protocol of, struct flow_found *found)
{
	unsigned app =
	    of.app_protocol != NDPI_PROTOCOL_UNKNOWN ? of.app_protocol : of.master_protocol;

	found->app = app < USE_APPS ? (uint16_t)app : 0;
	found->risks = flow->risk;
}

bool
dpi_look(struct dpi *d, void *flow, const struct pkt *p, const uint8_t *payload, size_t n,
    struct flow_found *found)
{
	size_t bytes;

	assert(n > 0 && n <= DPI_PAYLOAD);
	assert(p->proto == IPPROTO_TCP || p->proto == IPPROTO_UDP);
	bytes = dpi_make_packet(d, p, payload, n);
	dpi_take(flow,
	    ndpi_detection_process_packet(
		d->module, flow, d->packet, (unsigned short)bytes, p->ts / NS_PER_MS),
	    found);
	return found->app == 0 || ndpi_extra_dissection_possible(d->module, flow);
}

void
dpi_finish(struct dpi *d, void *flow, struct flow_found *found)
{
	uint8_t guessed = 0;

	if (found->app == 0) {
		dpi_take(flow, ndpi_detection_giveup(d->module, flow, 1, &guessed), found);
		found->guessed = guessed != 0;
	}
	ndpi_free_flow_data(flow);
	memset(flow, 0, dpi_flow_size(d));
}

#else

bool
dpi_is_available(void)
{
	return false;
}

struct dpi *
dpi_new(void)
{
	return NULL;
}

void
dpi_del(struct dpi *d)
{
	(void)d;
}

const struct app_db *
dpi_apps(const struct dpi *d)
{
	(void)d;
	return NULL;
}

size_t
dpi_flow_size(const struct dpi *d)
{
	(void)d;
	return 0;
}

bool
dpi_look(struct dpi *d, void *flow, const struct pkt *p, const uint8_t *payload, size_t n,
    struct flow_found *found)
{
	(void)d;
	(void)flow;
	(void)p;
	(void)payload;
	(void)n;
	(void)found;
	return false;
}

void
dpi_finish(struct dpi *d, void *flow, struct flow_found *found)
{
	(void)d;
	(void)flow;
	(void)found;
}

#endif
