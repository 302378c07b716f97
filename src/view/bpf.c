#include "config.h"

#include "view/row_filter.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ledger.h"
#include "core/size_histogram.h"
#include "dissect/bpf_gaps.h"
#include "dissect/dissect.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"

#define VLANS_MAX     3
#define LABELS_MAX    2
#define ENCAP_MAX     (VLANS_MAX + 1 + LABELS_MAX)
#define EUI64_BYTES   8
#define IP_PROTO_TCP  6
#define LINK_ETHERNET 1 /* DLT_ */
#define ETHERTYPE_MIN 0x600

/* Multicast listener reports follow a hop-by-hop options header, RFC 3810, 5. */
#define ICMP6 "(icmp6 or (ip6[6] = 0 and ip6[40] = 58))"

/* The tags that were seen around IP, outermost first. */
struct bpf_encap {
	const char *keyword[ENCAP_MAX];
	unsigned n;
	bool has_llc;  /* frames with a length instead of an ethertype, IEEE 802.3 */
	bool is_mixed; /* the tags of some frames are not a prefix of the others' */
};

static bool
bpf_fail(struct buf *why, const char *text)
{
	if (why != NULL)
		buf_setf(why, "%s", text);
	return false;
}

static void bpf_add_term(struct buf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Terms are joined by "and", which binds no closer than "or". */
static void
bpf_add_term(struct buf *b, const char *fmt, ...)
{
	char text[BPF_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_addf(b, "%s%s", b->len > 0 ? " and " : "", text);
}

/* The tags of a stack of layers below IP. */
struct bpf_tag_count {
	unsigned vlans;
	bool pppoe, mpls;
};

/* Counts the tags above node i of the protocol tree; false if it is inside IP. */
static bool
bpf_count_tags(const struct proto_tree *ps, uint16_t i, struct bpf_tag_count *n)
{
	*n = (struct bpf_tag_count){ 0 };
	for (; i != PROTO_TREE_MAX; i = ps->node[i].parent) {
		uint8_t proto = ps->node[i].proto;

		if (proto == PROTO_IP || proto == PROTO_IPV6)
			return false;
		n->vlans += proto == PROTO_VLAN;
		n->pppoe |= proto == PROTO_PPPOES;
		n->mpls |= proto == PROTO_MPLS;
	}
	return true;
}

/* MPLS labels are looked for twice; no more are seen, see dissect/bpf_gaps.h. */
static struct bpf_encap
bpf_make_encap(unsigned vlans, bool pppoe, bool mpls)
{
	struct bpf_encap w = { .n = 0 };

	for (unsigned i = 0; i < vlans && i < VLANS_MAX; i++)
		w.keyword[w.n++] = "vlan";
	if (pppoe)
		w.keyword[w.n++] = "pppoes";
	for (unsigned i = 0; mpls && i < LABELS_MAX; i++)
		w.keyword[w.n++] = "mpls";
	return w;
}

/* The tags to look behind; the language knows tags on Ethernet only. */
static struct bpf_encap
bpf_find_encap(const struct proto_tree *ps)
{
	struct bpf_tag_count n, most = { 0 };
	struct bpf_encap w;
	bool llc = false, forked = false;

	for (uint16_t i = 0; i < ps->used; i++) {
		if (!bpf_count_tags(ps, i, &n))
			continue;
		llc |= ps->node[i].proto == PROTO_LLC;
		most.vlans = n.vlans > most.vlans ? n.vlans : most.vlans;
		most.pppoe |= n.pppoe;
		most.mpls |= n.mpls;
	}
	for (uint16_t i = 0; i < ps->used; i++)
		if (bpf_count_tags(ps, i, &n) && (n.pppoe || n.mpls))
			forked |= n.vlans != most.vlans || n.pppoe != most.pppoe;
	w = bpf_make_encap(most.vlans, most.pppoe, most.mpls);
	w.has_llc = llc;
	w.is_mixed = forked;
	return w;
}

/*
 * "X or (vlan and X)": also behind each tag.  The keyword shifts all later offsets, so the untagged
 * case comes first.
 */
static void
bpf_add_with_encap(struct buf *b, const char *what, const struct bpf_encap *w, unsigned from)
{
	bool joined = strstr(what, " and ") != NULL, more = from + 1 < w->n;

	if (from >= w->n) {
		buf_adds(b, what);
		return;
	}
	buf_addf(b, joined ? "(%s)" : "%s", what);
	buf_addf(b, " or (%s and %s", w->keyword[from], more ? "(" : "");
	bpf_add_with_encap(b, what, w, from + 1);
	buf_adds(b, more ? "))" : ")");
}

static void
bpf_add_not_ip(struct buf *b, const struct bpf_encap *w)
{
	char text[BPF_MAX];
	struct buf ip;

	buf_init(&ip, text, sizeof(text));
	bpf_add_with_encap(&ip, w->n > 0 ? "(ip or ip6)" : "ip or ip6", w, 0);
	bpf_add_term(b, "not (%s)", text);
}

/* Protocols over IP with a keyword of their own, and the address family of the keyword. */
static void
bpf_add_proto(struct buf *b, uint16_t proto, uint8_t kind)
{
	static const struct {
		uint16_t proto;
		const char *word;
		uint8_t kind;
	} words[] = {
		{ 1, "icmp", ADDR_IP4 },
		{ 2, "igmp", ADDR_IP4 },
		{ 6, "tcp", ADDR_NONE },
		{ 17, "udp", ADDR_NONE },
		{ 50, "esp", ADDR_NONE },
		{ 51, "ah", ADDR_NONE },
		{ 58, ICMP6, ADDR_IP6 },
		{ 132, "sctp", ADDR_NONE },
	};
	const char *front = "";

	for (size_t i = 0; i < NITEMS(words); i++) {
		if (words[i].proto == proto &&
		    (words[i].kind == ADDR_NONE || kind == ADDR_NONE || words[i].kind == kind)) {
			bpf_add_term(b, "%s", words[i].word);
			return;
		}
	}
	if (kind == ADDR_IP4)
		front = "ip ";
	else if (kind == ADDR_IP6)
		front = "ip6 ";
	bpf_add_term(b, "%sproto %u", front, proto);
}

/* True if the language can match the ports of this protocol. */
static bool
bpf_can_match_ports(const struct bpf_query *w)
{
	return w->proto == 6 || w->proto == 17 || w->proto == 132 ||
	    (!w->one_port && w->a_port == 0 && w->b_port == 0);
}

static void
bpf_add_ports(struct buf *b, const struct bpf_query *w)
{
	if (w->one_port) {
		buf_addf(b, " port %u", w->a_port);
	} else if (w->ports && (w->a_port == w->b_port || w->one_way)) {
		bpf_add_term(b, "src port %u", w->a_port);
		bpf_add_term(b, "dst port %u", w->b_port);
	} else if (w->ports) {
		buf_addf(b, " port %u", w->a_port);
		bpf_add_term(b, "port %u", w->b_port);
	}
}

/* An ethertype, also in SNAP if such frames were seen; or an LLC SAP. */
static void
bpf_add_ethertype(struct buf *b, uint16_t proto, bool llc)
{
	if (proto < ETHERTYPE_MIN) {
		bpf_add_term(b, "llc");
		bpf_add_term(b, "ether[14] = 0x%02x", proto);
	} else if (llc) {
		bpf_add_term(b,
		    "(ether proto 0x%04x or (ether[14:2] = 0xaaaa and ether[20:2] = 0x%04x))",
		    proto, proto);
	} else {
		bpf_add_term(b, "ether proto 0x%04x", proto);
	}
}

/* False for an address that the language has no way to write. */
static bool
bpf_add_address(struct buf *b, const char *front, const struct value *v)
{
	static const struct units exact = { .numeric = true };
	char text[64];
	struct buf address;

	if (!addr_is_present(v->kind, &v->addr) ||
	    (v->kind == ADDR_MAC && v->addr.b[8] == EUI64_BYTES))
		return false;
	buf_init(&address, text, sizeof(text));
	value_text(&address, v, &exact);
	bpf_add_term(b, "%s%s %s", front, v->bits != 0 ? "net" : "host", text);
	return true;
}

/* False for an address that is not there: on some links there is no sender. */
static bool
bpf_is_named(const struct value *v)
{
	return v->kind == ADDR_NONE || addr_is_present(v->kind, &v->addr);
}

/* "host" alone would also match ARP about that address. */
static bool
bpf_add_ends(struct buf *b, const struct bpf_query *w)
{
	bool mac = w->kind == ADDR_MAC;

	if (w->end != NULL)
		return bpf_add_address(b,
		    mac                                             ? "ether "
			: w->end->kind == ADDR_IP4 && !w->has_proto ? "ip "
								    : "",
		    w->end);
	if (w->a == NULL)
		return true;
	if (addr_equal(&w->a->addr, &w->b->addr) || (w->one_way && !mac))
		return bpf_add_address(b, mac ? "ether src " : "src ", w->a) &&
		    bpf_add_address(b, mac ? "ether dst " : "dst ", w->b);
	return (!bpf_is_named(w->a) || bpf_add_address(b, mac ? "ether " : "", w->a)) &&
	    (!bpf_is_named(w->b) || bpf_add_address(b, mac ? "ether " : "", w->b));
}

/* The terms without tags. */
static bool
bpf_add_terms(struct buf *b, const struct bpf_query *w, const struct bpf_encap *wraps)
{
	bool ip = w->kind == ADDR_IP4 || w->kind == ADDR_IP6;

	if (!bpf_add_ends(b, w))
		return false;
	if (!ip && w->has_proto && w->proto != 0)
		bpf_add_ethertype(b, w->proto, wraps->has_llc);
	else if (!ip)
		bpf_add_not_ip(b, wraps);
	if (ip && w->has_proto) {
		bpf_add_proto(b, w->proto, w->end != NULL || w->a != NULL ? w->kind : ADDR_NONE);
		bpf_add_ports(b, w);
	}
	return true;
}

/* A term that excludes IP already looks behind all tags; only IP follows MPLS. */
static void
bpf_trim_encap(const struct bpf_query *w, struct bpf_encap *wraps)
{
	while (w->kind == ADDR_MAC && wraps->n > 0 &&
	    (!w->has_proto || w->proto == 0 || strcmp(wraps->keyword[wraps->n - 1], "vlan") != 0))
		wraps->n--;
}

#define TAGS_MAX 4

/* The tags of one context, outermost first. */
struct bpf_tags {
	struct bpf_tag {
		const char *word, *number;
	} tag[TAGS_MAX];
	unsigned n, vlans;
	char text[CONTEXT_TEXT];
};

/* False if the language has no keyword for a tag, or if the order of several kinds is not known. */
static bool
bpf_read_tags(struct bpf_tags *t, const char *context, size_t len)
{
	static const struct {
		const char *fact, *word;
	} words[] = { { "vlan", "vlan" }, { "session", "pppoes" }, { "label", "mpls" } };
	char *rest = t->text, *fact;
	size_t i;

	*t = (struct bpf_tags){ .n = 0 };
	if (context[0] == '-')
		return true;
	snprintf(t->text, sizeof(t->text), "%.*s", (int)len, context);
	while ((fact = strsep(&rest, " ")) != NULL && fact[0] != '\0') {
		struct bpf_tag *tag = &t->tag[t->n];

		for (i = 0; i < NITEMS(words) && strcmp(words[i].fact, fact) != 0; i++)
			;
		if (i == NITEMS(words) || t->n == TAGS_MAX)
			return false;
		*tag = (struct bpf_tag){ words[i].word, strsep(&rest, " ") };
		t->n++;
		t->vlans += i == 0;
	}
	return t->n < t->vlans + 2;
}

/* The most VLAN tags that were seen. */
static unsigned
bpf_count_vlans(const struct bpf_encap *w)
{
	unsigned n = 0;

	while (n < w->n && strcmp(w->keyword[n], "vlan") == 0)
		n++;
	return n;
}

/*
 * Adds the tags of one context before the terms: "vlan 10 and mpls 17 and".  A label, and the
 * innermost of three VLAN tags, may be at two depths: each keyword looks one deeper.
 */
static bool
bpf_add_in_context(
    struct buf *b, const char *context, size_t len, const char *terms, const struct bpf_encap *w)
{
	struct bpf_tags t;
	const struct bpf_tag *last;

	if (!bpf_read_tags(&t, context, len))
		return false;
	for (unsigned i = 0; i + 1 < t.n; i++)
		buf_addf(b, "%s %s and ", t.tag[i].word, t.tag[i].number);
	if (t.n == 0) {
		buf_adds(b, terms);
		return true;
	}
	last = &t.tag[t.n - 1];
	if (strcmp(last->word, "mpls") == 0 || (t.vlans == 2 && bpf_count_vlans(w) > 2))
		buf_addf(b, "((%s %s and %s) or (%s %s and %s))", last->word, last->number, terms,
		    last->word, last->number, terms);
	else
		buf_addf(b, "%s %s and %s", last->word, last->number, terms);
	return true;
}

/* The terms of one direction. */
static bool
bpf_add_one_way(struct buf *b, const struct bpf_query *w, bool back, const struct bpf_encap *wraps)
{
	struct bpf_query one = *w;

	one.one_way = true;
	if (back) {
		one.a = w->b;
		one.b = w->a;
		one.a_port = w->b_port;
		one.b_port = w->a_port;
	}
	return bpf_add_terms(b, &one, wraps);
}

/* For different tags per direction.  Works only if one direction has none, as the first keyword
 * for a tag shifts all later offsets. */
static bool
bpf_add_both_ways(
    struct buf *b, const struct bpf_query *w, const char *slash, const struct bpf_encap *wraps)
{
	static const char between[] = " / ";
	const char *second = slash + strlen(between);
	bool first_plain = w->context[0] == '-', plain = first_plain || second[0] == '-';
	char text[2][BPF_MAX];
	struct buf terms[2];

	for (int way = 0; way < 2; way++) {
		buf_init(&terms[way], text[way], sizeof(text[way]));
		if (!plain || !bpf_add_one_way(&terms[way], w, way == 1, wraps))
			return false;
	}
	buf_addf(b, "(%s) or (", text[!first_plain]);
	if (!(first_plain ? bpf_add_in_context(b, second, strlen(second), text[1], wraps)
			  : bpf_add_in_context(
				b, w->context, (size_t)(slash - w->context), text[0], wraps)))
		return false;
	buf_adds(b, ")");
	return true;
}

static bool
bpf_add_query(struct buf *b, const struct bpf_query *w, struct bpf_encap wraps, struct buf *why)
{
	char text[BPF_MAX];
	struct buf terms;
	const char *slash;

	buf_init(&terms, text, sizeof(text));
	if (wraps.is_mixed && (w->context == NULL || w->kind == ADDR_MAC))
		return bpf_fail(why, "a capture filter cannot match behind this many tags");
	if (w->kind == ADDR_NONE || !bpf_add_terms(&terms, w, &wraps))
		return bpf_fail(why, "a capture filter cannot express these addresses");
	if (w->has_proto && w->kind != ADDR_MAC && !bpf_can_match_ports(w))
		return bpf_fail(why, "a capture filter cannot match ports of this protocol");
	if (w->context == NULL) {
		bpf_trim_encap(w, &wraps);
		bpf_add_with_encap(b, text, &wraps, 0);
		return true;
	}
	slash = strstr(w->context, " / ");
	if (slash != NULL ? bpf_add_both_ways(b, w, slash, &wraps)
			  : bpf_add_in_context(b, w->context, strlen(w->context), text, &wraps))
		return true;
	return bpf_fail(why, "a capture filter cannot match behind these tags");
}

static bool
bpf_try_exact(struct buf *b, const struct ledger *l, const struct view *v,
    const struct table_row *row, const struct bpf_query *w, struct buf *why)
{
	char text[BPF_MAX];
	struct buf expression;

	buf_init(&expression, text, sizeof(text));
	if (!bpf_add_query(&expression, w, bpf_find_encap(&l->proto_tree), why) ||
	    !bpf_exact_check(l, v, row, w, why))
		return false;
	if (expression.truncated)
		return bpf_fail(why, "the capture filter for this row would be too long");
	buf_adds(b, text);
	return true;
}

/* Tries the filter without the context, then with it if another row has the same ends. */
static bool
bpf_add_exact(struct buf *b, const struct ledger *l, const struct view *v,
    const struct table_row *row, struct bpf_query *w, struct buf *why)
{
	const struct value *context = row_find_cell(v, row, "context");

	if (bpf_try_exact(b, l, v, row, w, why))
		return true;
	if (w->context != NULL || context == NULL)
		return false;
	w->context = context->type == V_TEXT ? context->text : "";
	return bpf_try_exact(b, l, v, row, w, why);
}

static uint64_t
bpf_key_get(const struct row_key *k, unsigned at, unsigned bytes)
{
	uint64_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | k->b[at++];
	return n;
}

/* The number of a protocol from its text in a view. */
static bool
bpf_read_proto(const char *name, uint8_t kind, uint16_t *proto)
{
	bool ip = kind == ADDR_IP4 || kind == ADDR_IP6;
	static const char unnamed[] = "ip-";

	if (proto_id_by_name(name, ip ? SPACE_IP : SPACE_ETHER, proto))
		return true;
	if (ip && strncmp(name, unnamed, strlen(unnamed)) == 0)
		*proto = (uint16_t)strtoul(name + strlen(unnamed), NULL, 10);
	else if (!ip && strncmp(name, "0x", 2) == 0)
		*proto = (uint16_t)strtoul(name, NULL, 16);
	else
		return false;
	return true;
}

static uint16_t
bpf_cell_number(const struct view *v, const struct table_row *row, const char *name)
{
	const struct value *cell = row_find_cell(v, row, name);

	return cell != NULL && (cell->type == V_PORT || cell->type == V_ID) ? (uint16_t)cell->n : 0;
}

/* A row with both ends: a flow, whose key has the number of its protocol, or a packet. */
static void
bpf_query_ends(struct bpf_query *w, const struct view *v, const struct table_row *row)
{
	const struct value *name = row_find_cell(v, row, "protocol");
	const struct value *context = row_find_cell(v, row, "context");

	w->a = row_find_cell(v, row, "a");
	w->b = row_find_cell(v, row, "b");
	w->kind = w->a->kind;
	w->ports = row_find_cell(v, row, "a_port")->type == V_PORT;
	w->a_port = bpf_cell_number(v, row, "a_port");
	w->b_port = bpf_cell_number(v, row, "b_port");
	w->context = context != NULL && context->type == V_TEXT ? context->text : "";
	w->has_proto = true;
	if (v == &view_flows)
		w->proto = (uint16_t)bpf_key_get(&row->key, FLOW_KEY_PROTO, 2);
	else
		w->has_proto = bpf_read_proto(name->text, w->kind, &w->proto);
}

/* False for link-layer traffic without a number. */
static bool
bpf_query_service(struct bpf_query *w, const struct table_row *row)
{
	w->kind = row->key.b[0];
	w->proto = (uint16_t)bpf_key_get(&row->key, 1, 2);
	w->one_port = row->key.b[3];
	w->a_port = (uint16_t)bpf_key_get(&row->key, 4, 2);
	w->has_proto = true;
	return w->kind != ADDR_MAC || w->proto != 0;
}

static bool
bpf_query_row(struct bpf_query *w, const struct view *v, const struct table_row *row)
{
	if (v == &view_ports)
		return bpf_query_service(w, row);
	if (view_find_column(v, "a") != NULL) {
		bpf_query_ends(w, v, row);
		return true;
	}
	if (v == &view_pairs) {
		w->a = row_find_cell(v, row, "address");
		w->b = row_find_cell(v, row, "peer");
		w->kind = w->a->kind;
		return true;
	}
	w->end = row_find_cell(v, row, v == &view_networks ? "network" : "address");
	if (w->end == NULL)
		return false;
	w->kind = w->end->kind;
	w->has_proto = v == &view_health;
	w->proto = IP_PROTO_TCP;
	return true;
}

/* "ether" needs Ethernet: cooked captures, as of any, have at most the sender's address. */
static bool
bpf_has_ethernet(const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].linktype == LINK_ETHERNET)
			return true;
	return false;
}

/* True if a link type adds a pseudo header. */
static bool
bpf_has_pseudo_header(const struct ledger *l)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (proto_is_pseudo(proto_find(SPACE_LINK, l->source[i].linktype)))
			return true;
	return false;
}

/* Cases in which a filter sees other layers than we do. */
#define PATH_BLIND_SPOTS                                                                           \
	(BPF_GAP_ALL | BPF_GAP_PROTO | BPF_GAP_PORTS | BPF_WRONG_ADDRS | BPF_WRONG_PROTO)

/* Layers below IP.  The language knows tags on Ethernet only. */
static const struct bpf_layer_word {
	const char *layer, *word;
	bool tag;
	bool last; /* nothing behind it can be matched */
} bpf_layer_words[] = {
	{ "eth", "", false, false },
	{ "sll", "", false, false },
	{ "sll2", "", false, false },
	{ "ppp", "", false, false },
	{ "vlan", "vlan", true, false },
	{ "pppoes", "pppoes", true, false },
	{ "mpls", "mpls", true, true },
	{ "llc", "llc", true, true },
	{ "ip", "ip", false, false },
	{ "ipv6", "ip6", false, false },
	{ "arp", "(arp or rarp)", false, true },
};

/* Progress within a path. */
struct bpf_path_state {
	bool tags; /* are known */
	bool ip, end;
};

/* Adds a layer of a path: its tag, family or protocol.  False if the language has no term for it.
 */
static bool
bpf_add_layer(struct buf *b, const char *name, struct bpf_path_state *at)
{
	uint16_t proto;

	if (at->end)
		return false;
	for (size_t i = 0; !at->ip && i < NITEMS(bpf_layer_words); i++) {
		const struct bpf_layer_word *w = &bpf_layer_words[i];

		if (strcmp(w->layer, name) != 0)
			continue;
		if (w->word[0] != '\0')
			bpf_add_term(b, "%s", w->word);
		at->ip = name[0] == 'i';
		at->end = w->last;
		return at->tags || !w->tag;
	}
	at->end = true;
	if (!bpf_read_proto(name, at->ip ? ADDR_IP4 : ADDR_MAC, &proto))
		return false;
	if (at->ip)
		bpf_add_proto(b, proto, ADDR_NONE);
	else
		bpf_add_ethertype(b, proto, false);
	return at->ip || at->tags;
}

static bool
bpf_add_path(struct buf *b, const char *path, bool ethernet, struct buf *why)
{
	struct bpf_path_state at = { .tags = ethernet };
	char text[VALUE_TEXT], *rest = text, *name;

	strlcpy(text, path, sizeof(text));
	while ((name = strsep(&rest, "/")) != NULL) {
		if (bpf_add_layer(b, name, &at))
			continue;
		if (why != NULL)
			buf_setf(why, "a capture filter cannot match %s", name);
		return false;
	}
	return true;
}

static bool
bpf_add_range(struct buf *b, const struct size_range *r)
{
	if (r->from > 0)
		bpf_add_term(b, "len >= %u", (unsigned)r->from);
	if (r->to != UINT32_MAX)
		bpf_add_term(b, "len <= %u", (unsigned)r->to);
	return true;
}

bool
bpf_text(struct buf *b, const struct ledger *l, const struct view *v, const struct table_row *row,
    struct buf *why)
{
	struct bpf_encap wraps = bpf_find_encap(&l->proto_tree);
	struct bpf_query w = { .kind = ADDR_NONE };

	if (row->other)
		return bpf_fail(why, "evicted rows cannot be matched");
	if (v == &view_sources)
		return true;
	if (v == &view_sizes && bpf_has_pseudo_header(l))
		return bpf_fail(why, "a capture filter also counts bytes added by the capture");
	if (v == &view_sizes)
		return bpf_add_range(b, &size_ranges[row->key.b[0]]);
	if (v == &view_protocols && (l->bpf_gaps & PATH_BLIND_SPOTS))
		return bpf_fail(why, "a capture filter cannot see all layers of these packets");
	if (v == &view_protocols)
		return bpf_add_path(
		    b, row_find_cell(v, row, "path")->text, bpf_has_ethernet(l), why);
	if (!bpf_query_row(&w, v, row))
		return bpf_fail(why, "a capture filter cannot distinguish this row from others");
	if (v == &view_networks && w.kind == ADDR_NONE) {
		w.end = NULL;
		bpf_add_not_ip(b, &wraps);
		return !wraps.is_mixed && bpf_exact_check(l, v, row, &w, why);
	}
	if (w.kind == ADDR_MAC && !bpf_has_ethernet(l))
		return bpf_fail(why, "a capture filter cannot express these addresses");
	return bpf_add_exact(b, l, v, row, &w, why);
}
