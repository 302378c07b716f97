/*
 * Capture filters, compiled by libpcap. It may ask DNS for names, and long filters take seconds;
 * hence the limits.
 */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/private.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/die.h"

#define FILTER_MAX 1024 /* bytes */
#define QUOTED_MAX 60   /* bytes of a filter that are quoted in a sentence */
#define WORD_MAX   64   /* no address is longer */

/* The words of pcap-filter(7) that are not names to look up; sorted for a binary search. */
/* clang-format off */
static const char *const keywords[] = {
	"aarp", "action", "addr1", "addr2", "addr3", "addr4", "ah", "ala", "and", "arp", "atalk",
	"bcc", "broadcast", "byte", "carp", "clnp", "connectmsg", "csnp", "decnet", "dir", "direction",
	"dpc", "dst", "es-is", "esis", "esp", "ether", "fddi", "fisu", "gateway", "geneve", "greater",
	"hdpc", "hfisu", "hlssu", "hmsu", "hopc", "host", "hsio", "hsls", "icmp", "icmp-echo",
	"icmp-echoreply", "icmp-ireq", "icmp-ireqreply", "icmp-maskreply", "icmp-maskreq",
	"icmp-paramprob", "icmp-redirect", "icmp-routeradvert", "icmp-routersolicit",
	"icmp-sourcequench", "icmp-timxceed", "icmp-tstamp", "icmp-tstampreply", "icmp-unreach",
	"icmp6", "icmp6-destinationrunreach", "icmp6-echo", "icmp6-echoreply",
	"icmp6-homeagentdiscoveryreply", "icmp6-homeagentdiscoveryrequest", "icmp6-inversenbradvert",
	"icmp6-inversenbrsolicit", "icmp6-mobileprefixadvert", "icmp6-mobileprefixsolicit",
	"icmp6-multicastlistenerdone", "icmp6-multicastlistenerquery",
	"icmp6-multicastlistenerreportv1", "icmp6-multicastlistenerreportv2",
	"icmp6-multicastrouteradvert", "icmp6-multicastroutersolicit",
	"icmp6-multicastrouterterm", "icmp6-neighboradvert", "icmp6-neighborsolicit",
	"icmp6-nodeinformationquery", "icmp6-nodeinformationresponse", "icmp6-packettoobig",
	"icmp6-parameterproblem", "icmp6-redirect", "icmp6-routeradvert", "icmp6-routerrenum",
	"icmp6-routersolicit", "icmp6-timeexceeded", "icmp6code", "icmp6type", "icmpcode",
	"icmptype", "ifindex", "ifname", "igmp", "igrp", "iih", "inbound", "ip", "ip6", "ipx",
	"is-is", "isis", "iso", "l1", "l2", "lane", "lat", "len", "less", "link", "llc", "ls",
	"lsp", "lssu", "mask", "metac", "metaconnect", "mopdl", "moprc", "mpls", "msu", "multicast",
	"net", "netbeui", "not", "oam", "oamf4", "oamf4ec", "oamf4sc", "on", "opc", "or",
	"outbound", "pf", "pim", "port", "portrange", "ppp", "pppoed", "pppoes", "proto",
	"protochain", "psnp", "ra", "radio", "rarp", "reason", "rnr", "rset", "rulenum",
	"ruleset", "sc", "sca", "sctp", "sio", "slip", "sls", "snp", "src", "srnr", "stp",
	"subrulenum", "subtype", "ta", "tcp", "tcp-ack", "tcp-cwr", "tcp-ece", "tcp-fin",
	"tcp-push", "tcp-rst", "tcp-syn", "tcp-urg", "tcpflags", "tr", "type", "udp", "vci",
	"vlan", "vpi", "vrrp", "wlan",
};
/* clang-format on */

static int
filter_compare_word(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool
filter_is_keyword(const char *word)
{
	return bsearch(word, keywords, NITEMS(keywords), sizeof(keywords[0]),
		   filter_compare_word) != NULL;
}

static bool
filter_is_only(const char *s, const char *set)
{
	return *s != '\0' && s[strspn(s, set)] == '\0';
}

/* 80, 0x50, 10.1, 192.0.2.7: at most four groups, none of them empty. */
static bool
filter_is_number(const char *word)
{
	unsigned dots = 0;

	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
		return filter_is_only(word + 2, "0123456789abcdefABCDEF");
	if (!filter_is_only(word, "0123456789."))
		return false;
	for (const char *p = word; *p != '\0'; p++) {
		if (*p != '.')
			continue;
		dots++;
		if (p == word || p[1] == '.' || p[1] == '\0')
			return false;
	}
	return dots <= 3;
}

/* 00:11:22:33:44:55 */
static bool
filter_is_mac(const char *word)
{
	unsigned colons = 0;

	for (const char *p = word; *p != '\0'; p++) {
		size_t digits = strspn(p, "0123456789abcdefABCDEF");

		p += digits;
		if (digits < 1 || digits > 2)
			return false;
		if (*p == '\0')
			return colons == 5;
		if (*p != ':')
			return false;
		colons++;
	}
	return false;
}

/* 80-90 is not a name only after "portrange". */
static bool
filter_is_range(const char *word)
{
	size_t first = strspn(word, "0123456789");

	return first > 0 && word[first] == '-' && filter_is_only(word + first + 1, "0123456789");
}

static bool
filter_is_plain_word(const char *word, bool after_portrange)
{
	struct in6_addr a;

	return filter_is_keyword(word) || filter_is_number(word) || filter_is_mac(word) ||
	    inet_pton(AF_INET6, word, &a) == 1 || (after_portrange && filter_is_range(word));
}

/* Bytes of the word at p; within brackets a colon separates two numbers. */
static size_t
filter_word_length(const char *p, bool bracket)
{
	size_t n = 0;

	/* A minus in front is arithmetic. */
	if (*p == '-')
		return 0;
	while (isalnum((unsigned char)p[n]) || (p[n] != '\0' && strchr("_.-", p[n]) != NULL) ||
	    (p[n] == ':' && !bracket))
		n++;
	return n;
}

size_t
filter_find_name(const char *text, const char **at)
{
	char word[WORD_MAX];
	bool bracket = false, after_portrange = false;
	size_t n;

	for (const char *p = text; *p != '\0'; p += n > 0 ? n : 1) {
		n = filter_word_length(p, bracket);
		if (*p == '[' || *p == ']')
			bracket = *p == '[';
		if (n == 0)
			continue;
		*at = p;
		if (n >= sizeof(word))
			return n;
		strlcpy(word, p, n + 1);
		if (!filter_is_plain_word(word, after_portrange))
			return n;
		after_portrange = strcmp(word, "portrange") == 0;
	}
	return 0;
}

static struct text_clean_copy
filter_quote(const char *text)
{
	char part[QUOTED_MAX + 4];

	if (strlcpy(part, text, sizeof(part)) >= sizeof(part))
		memcpy(part + QUOTED_MAX, "...", 4);
	return text_clean_copy(part);
}

bool
filter_is_short(const char *text, struct buf *err)
{
	size_t n = strlen(text);

	if (n > FILTER_MAX)
		buf_setf(err, "capture filter too long: %zu bytes (maximum %d)", n, FILTER_MAX);
	return n <= FILTER_MAX;
}

#define KEPT_MOST 16

/* The programs of the newest filter. */
static struct {
	char text[FILTER_MAX + 1];
	unsigned n;
	struct {
		struct filter_key key;
		struct bpf_program program;
	} of[KEPT_MOST];
} kept;

/* For a handle without an interface some versions of libpcap return descriptor 0. */
struct filter_key
filter_key(struct pcap *p)
{
	return (struct filter_key){ .linktype = pcap_datalink(p),
		.snaplen = pcap_snapshot(p),
		.live = pcap_fileno(p) > STDIN_FILENO };
}

static void
filter_drop_cached(void)
{
	while (kept.n > 0)
		free(kept.of[--kept.n].program.bf_insns);
}

void
filter_cache_program(const struct filter_key *k, const char *text, struct bpf_program *program)
{
	if (strcmp(kept.text, text) != 0 || kept.n == KEPT_MOST)
		filter_drop_cached();
	strlcpy(kept.text, text, sizeof(kept.text));
	kept.of[kept.n].key = *k;
	kept.of[kept.n++].program = *program;
}

static struct bpf_program *
filter_copy(const struct bpf_program *from)
{
	struct bpf_program *f = xcalloc(1, sizeof(*f));

	f->bf_len = from->bf_len;
	f->bf_insns = xcalloc(from->bf_len, sizeof(*f->bf_insns));
	memcpy(f->bf_insns, from->bf_insns, from->bf_len * sizeof(*f->bf_insns));
	return f;
}

static const struct bpf_program *
filter_find_cached(const struct filter_key *k, const char *text)
{
	for (unsigned i = 0; i < kept.n && strcmp(kept.text, text) == 0; i++)
		if (kept.of[i].key.linktype == k->linktype &&
		    kept.of[i].key.snaplen == k->snaplen && kept.of[i].key.live == k->live)
			return &kept.of[i].program;
	return NULL;
}

struct bpf_program *
filter_compile(struct pcap *p, const char *text, struct buf *err)
{
	const struct filter_key k = filter_key(p);
	struct bpf_program f;

	if (!filter_is_short(text, err))
		return NULL;
	if (filter_find_cached(&k, text) != NULL)
		return filter_copy(filter_find_cached(&k, text));
	if (pcap_compile(p, &f, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		buf_setf(err, "capture filter \"%s\": %s; see pcap-filter(7)", filter_quote(text).s,
		    text_clean_copy(pcap_geterr(p)).s);
		return NULL;
	}
	filter_cache_program(&k, text, &f);
	return filter_copy(filter_find_cached(&k, text));
}

void
filter_free(struct bpf_program *f)
{
	if (f == NULL)
		return;
	free(f->bf_insns);
	free(f);
}

static bool
filter_is_numeric(const char *text, struct buf *err)
{
	const char *at;
	size_t n = filter_find_name(text, &at);
	char name[WORD_MAX];

	if (n == 0)
		return true;
	strlcpy(name, at, n < sizeof(name) ? n + 1 : sizeof(name));
	buf_setf(err, "capture filter \"%s\": \"%s\" is a name; only numbers are allowed here",
	    filter_quote(text).s, text_clean_copy(name).s);
	return false;
}

bool
capture_filter_check(const char *filter, uint16_t linktype, bool numeric, struct buf *err)
{
	struct bpf_program *f = NULL;
	pcap_t *p;

	if (!filter_is_short(filter, err) || (numeric && !filter_is_numeric(filter, err)))
		return false;
	p = pcap_open_dead(linktype, UINT16_MAX);
	if (p == NULL)
		die("not enough memory for a capture filter");
	f = filter_compile(p, filter, err);
	filter_free(f);
	pcap_close(p);
	return f != NULL;
}

bool
capture_is_filter_word(const char *word)
{
	const char *at;

	return filter_find_name(word, &at) == 0;
}

bool
capture_begins_with_name(const char *filter)
{
	const char *at;

	return filter_find_name(filter, &at) > 0 && at == filter;
}
