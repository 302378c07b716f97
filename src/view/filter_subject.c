/* What a term of the display filter can be about, in pkttop's words, tcpdump's and Wireshark's. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "util/attr.h"
#include "view/private.h"

/* clang-format off */
static const struct subject_row {
	const char *word;
	uint8_t kind, end;
	const char *layer; /* of the row, too */
	const char *name;  /* of a column, or in a context */
	bool bare;         /* a value may follow at once */
	uint8_t op;        /* then */
} subjects[] = {
	{ "host", SUBJECT_ADDRESS, END_ANY, NULL, NULL, true, OP_EQ },
	{ "net", SUBJECT_ADDRESS, END_ANY, NULL, NULL, true, OP_EQ },
	{ "src", SUBJECT_ADDRESS, END_SOURCE, NULL, NULL, true, OP_EQ },
	{ "dst", SUBJECT_ADDRESS, END_DESTINATION, NULL, NULL, true, OP_EQ },
	{ "port", SUBJECT_PORT, END_ANY, NULL, NULL, true, OP_EQ },
	{ "portrange", SUBJECT_PORT, END_ANY, NULL, NULL, true, OP_EQ },
	{ "proto", SUBJECT_LAYER, END_ANY, NULL, NULL, true, OP_EQ },
	{ "protocol", SUBJECT_LAYER, END_ANY, NULL, NULL, true, OP_EQ },
	{ "context", SUBJECT_CONTEXT, END_ANY, NULL, NULL, true, OP_EQ },
	{ "vlan", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "vlan", true, OP_EQ },
	{ "vni", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "vni", true, OP_EQ },
	{ "gre_key", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "gre_key", true, OP_EQ },
	{ "teid", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "teid", true, OP_EQ },
	{ "label", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "label", true, OP_EQ },
	{ "mpls", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "label", true, OP_EQ },
	{ "session", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "session", true, OP_EQ },
	{ "pppoes", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "session", true, OP_EQ },
	{ "greater", SUBJECT_COLUMN, END_ANY, NULL, "length", true, OP_GE },
	{ "less", SUBJECT_COLUMN, END_ANY, NULL, "length", true, OP_LE },
	{ "ip", SUBJECT_ADDRESS, END_ANY, NULL, NULL, false, OP_EQ },
	{ "addr", SUBJECT_ADDRESS, END_ANY, NULL, NULL, false, OP_EQ },
	{ "src_ip", SUBJECT_ADDRESS, END_SOURCE, NULL, NULL, false, OP_EQ },
	{ "dst_ip", SUBJECT_ADDRESS, END_DESTINATION, NULL, NULL, false, OP_EQ },
	{ "src_port", SUBJECT_PORT, END_SOURCE, NULL, NULL, false, OP_EQ },
	{ "dst_port", SUBJECT_PORT, END_DESTINATION, NULL, NULL, false, OP_EQ },
	{ "sport", SUBJECT_PORT, END_SOURCE, NULL, NULL, true, OP_EQ },
	{ "dport", SUBJECT_PORT, END_DESTINATION, NULL, NULL, true, OP_EQ },
	{ "ip.addr", SUBJECT_ADDRESS, END_ANY, "ip", NULL, false, OP_EQ },
	{ "ip.host", SUBJECT_ADDRESS, END_ANY, "ip", NULL, false, OP_EQ },
	{ "ip.src", SUBJECT_ADDRESS, END_SOURCE, "ip", NULL, false, OP_EQ },
	{ "ip.dst", SUBJECT_ADDRESS, END_DESTINATION, "ip", NULL, false, OP_EQ },
	{ "ip.src_host", SUBJECT_ADDRESS, END_SOURCE, "ip", NULL, false, OP_EQ },
	{ "ip.dst_host", SUBJECT_ADDRESS, END_DESTINATION, "ip", NULL, false, OP_EQ },
	{ "ipv6.addr", SUBJECT_ADDRESS, END_ANY, "ip6", NULL, false, OP_EQ },
	{ "ipv6.host", SUBJECT_ADDRESS, END_ANY, "ip6", NULL, false, OP_EQ },
	{ "ipv6.src", SUBJECT_ADDRESS, END_SOURCE, "ip6", NULL, false, OP_EQ },
	{ "ipv6.dst", SUBJECT_ADDRESS, END_DESTINATION, "ip6", NULL, false, OP_EQ },
	{ "tcp.port", SUBJECT_PORT, END_ANY, "tcp", NULL, false, OP_EQ },
	{ "tcp.srcport", SUBJECT_PORT, END_SOURCE, "tcp", NULL, false, OP_EQ },
	{ "tcp.dstport", SUBJECT_PORT, END_DESTINATION, "tcp", NULL, false, OP_EQ },
	{ "udp.port", SUBJECT_PORT, END_ANY, "udp", NULL, false, OP_EQ },
	{ "udp.srcport", SUBJECT_PORT, END_SOURCE, "udp", NULL, false, OP_EQ },
	{ "udp.dstport", SUBJECT_PORT, END_DESTINATION, "udp", NULL, false, OP_EQ },
	{ "sctp.port", SUBJECT_PORT, END_ANY, "sctp", NULL, false, OP_EQ },
	{ "sctp.srcport", SUBJECT_PORT, END_SOURCE, "sctp", NULL, false, OP_EQ },
	{ "sctp.dstport", SUBJECT_PORT, END_DESTINATION, "sctp", NULL, false, OP_EQ },
	{ "ip.proto", SUBJECT_LAYER, END_ANY, "ip", NULL, false, OP_EQ },
	{ "ipv6.nxt", SUBJECT_LAYER, END_ANY, "ip6", NULL, false, OP_EQ },
	{ "frame.protocols", SUBJECT_LAYER, END_ANY, NULL, NULL, false, OP_EQ },
	{ "frame.len", SUBJECT_COLUMN, END_ANY, NULL, "length", false, OP_EQ },
	{ "len", SUBJECT_COLUMN, END_ANY, NULL, "length", false, OP_EQ },
	{ "frame.time", SUBJECT_COLUMN, END_ANY, NULL, "time", false, OP_EQ },
	{ "frame.interface_name", SUBJECT_COLUMN, END_ANY, NULL, "source", false, OP_EQ },
	{ "ip.ttl", SUBJECT_COLUMN, END_ANY, "ip", "ttl", false, OP_EQ },
	{ "ipv6.hlim", SUBJECT_COLUMN, END_ANY, "ip6", "ttl", false, OP_EQ },
	{ "vlan.id", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "vlan", false, OP_EQ },
	{ "vxlan.vni", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "vni", false, OP_EQ },
	{ "gre.key", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "gre_key", false, OP_EQ },
	{ "gtp.teid", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "teid", false, OP_EQ },
	{ "mpls.label", SUBJECT_CONTEXT_NUMBER, END_ANY, NULL, "label", false, OP_EQ },
	{ "http.host", SUBJECT_COLUMN, END_ANY, NULL, "server_name", false, OP_EQ },
	{ "sni", SUBJECT_COLUMN, END_ANY, NULL, "server_name", false, OP_EQ },
	{ "tls.handshake.extensions_server_name", SUBJECT_COLUMN, END_ANY, NULL, "server_name", false, OP_EQ },
};

/* Fields that are true for a row. */
static const struct {
	const char *word, *column;
} flags[] = {
	{ "tcp.analysis.retransmission", "retransmissions" },
	{ "tcp.analysis.fast_retransmission", "retransmissions" },
	{ "tcp.analysis.out_of_order", "out_of_order" },
	{ "tcp.analysis.duplicate_ack", "duplicate_acks" },
	{ "tcp.analysis.zero_window", "zero_windows" },
};

/* Words that start a condition elsewhere, and the front parts of fields, which a dot follows. */
static const struct {
	const char *word;
	bool is_field;
	const char *hint;
} foreign[] = {
	{ "tcp.flags", true, "the flags are one column: write flags ~ S" },
	{ "ether", false, "link addresses of IP packets are not kept: use the capture filter (key f)" },
	{ "eth", true, "link addresses of IP packets are not kept: use the capture filter (key f)" },
	{ "wlan", true, "WLAN addresses are not kept: use the capture filter (key f)" },
	{ "frame", true, "packets are not searched: quote the word to search the rows" },
	{ "ip", true, "not a field here; the columns (key c) and \"host\" can be compared" },
	{ "ipv6", true, "not a field here; the columns (key c) and \"host\" can be compared" },
	{ "tcp", true, "not a field here; the columns (key c) and \"port\" can be compared" },
	{ "udp", true, "not a field here; the columns (key c) and \"port\" can be compared" },
	{ "icmp", true, "not a field here; the columns (key c) can be compared" },
	{ "inbound", false, "write bps_in > 0 in a view with that column" },
	{ "outbound", false, "write bps_out > 0 in a view with that column" },
	{ "gateway", false, "link addresses of IP packets are not kept: use the capture filter (key f)" },
	{ "frame", false, "packets are not searched: quote the word to search the rows" },
	{ "order", false, "S selects the column that rows are sorted by; quote the word to search for it" },
	{ "limit", false, "all rows can be scrolled to; quote the word to search for it" },
	{ "+", false, "write and" },
	{ "where", false, "leave out \"where\": write the condition alone" },
	{ "select", false, "write the condition alone; o selects columns" },
};
/* clang-format on */

static const struct subject_row *
filter_subject_find_row(const struct filter_word *w)
{
	for (unsigned i = 0; i < NITEMS(subjects); i++)
		if (filter_word_is(w, subjects[i].word))
			return &subjects[i];
	return NULL;
}

/* The column of that name or title; if v is NULL, that of the first view that has one. */
static const struct column *
filter_subject_find_column(const struct view *v, const char *word, bool by_title)
{
	const struct column *(*find)(const struct view *, const char *) =
	    by_title ? view_find_title : view_find_column;
	const struct column *col = NULL;

	if (v != NULL)
		return find(v, word);
	for (unsigned i = 0; col == NULL && i < n_views; i++)
		col = find(views[i], word);
	return col;
}

/* A fact that a view has of both ends: "country" is a_country or b_country. */
static void
filter_subject_find_ends(struct filter_subject *s, const struct view *v, const char *word)
{
	char name[72];

	snprintf(name, sizeof(name), "a_%s", word);
	s->col = filter_subject_find_column(v, name, false);
	snprintf(name, sizeof(name), "b_%s", word);
	s->twin = filter_subject_find_column(v, name, false);
}

static void
filter_subject_from_row(
    struct filter_subject *s, const struct view *v, const struct subject_row *row)
{
	s->kind = row->kind;
	s->end = row->end;
	s->op = row->op;
	s->layer = row->layer;
	s->name = row->name;
	if (row->kind == SUBJECT_COLUMN)
		s->col = filter_subject_find_column(v, row->name, false);
}

bool
filter_subject_find(const struct view *v, const struct filter_word *w, struct filter_subject *s)
{
	const struct subject_row *row = filter_subject_find_row(w);
	char word[64];

	*s = (struct filter_subject){ .kind = SUBJECT_COLUMN, .word = *w };
	if (!filter_word_copy(w, word, sizeof(word)))
		return false;
	for (char *c = word; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	s->col = filter_subject_find_column(v, word, false);
	if (s->col == NULL && row == NULL)
		s->col = filter_subject_find_column(v, word, true);
	if (s->col == NULL && row == NULL)
		filter_subject_find_ends(s, v, word);
	if (s->col != NULL || row == NULL)
		return s->col != NULL;
	filter_subject_from_row(s, v, row);
	return true;
}

bool
filter_subject_find_keyword(
    const struct view *v, const struct filter_word *w, struct filter_subject *s)
{
	const struct subject_row *row = filter_subject_find_row(w);

	if (row == NULL || !row->bare)
		return false;
	*s = (struct filter_subject){ .word = *w };
	filter_subject_from_row(s, v, row);
	return true;
}

bool
filter_subject_find_flag(
    const struct view *v, const struct filter_word *w, struct filter_subject *s)
{
	for (unsigned i = 0; i < NITEMS(flags); i++) {
		if (!filter_word_is(w, flags[i].word))
			continue;
		*s = (struct filter_subject){ .kind = SUBJECT_COLUMN,
			.op = OP_PRESENT,
			.name = flags[i].column,
			.col = filter_subject_find_column(v, flags[i].column, false),
			.word = *w };
		return true;
	}
	return false;
}

/* The first view with a column of that name. */
static const struct view *
filter_subject_find_view(const char *name)
{
	for (unsigned i = 0; i < n_views; i++)
		if (view_find_column(views[i], name) != NULL)
			return views[i];
	return NULL;
}

bool
filter_subject_fail(const struct view *v, const struct filter_word *w, struct filter_error *e)
{
	const struct view *other;
	char name[32];

	if (filter_value_is_address(w))
		return filter_fail(e, w->at, "write src %.*s and dst with the other address",
		    (int)(w->len < 40 ? w->len : 40), w->s);
	snprintf(name, sizeof(name), "%.*s", (int)(w->len < 31 ? w->len : 31), w->s);
	for (char *c = name; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c |= 0x20;
	other = filter_subject_find_view(name);
	if (other != NULL)
		return filter_fail(
		    e, w->at, "view %s has no column \"%s\": see %s", v->name, name, other->name);
	return filter_fail(e, w->at, "view %s has no column \"%s\"", v->name, name);
}

/* Forms of other languages: options, "tcp[13]", "tcp,udp". */
static bool
filter_subject_is_foreign_form(const struct filter_word *w, struct filter_error *e)
{
	const char *comma = memchr(w->s, ',', w->len);
	struct filter_word first = *w;

	if (w->len > 1 && *w->s == '-' && w->s[1] != '>') {
		filter_fail(
		    e, w->at, "options are not part of a filter: quote the text to search for it");
		return true;
	}
	if (*w->s >= 'a' && *w->s <= 'z' && memchr(w->s, '[', w->len) != NULL) {
		filter_fail(
		    e, w->at, "bytes of packets are not kept: use the capture filter (key f)");
		return true;
	}
	first.len = comma != NULL ? (size_t)(comma - w->s) : 0;
	if (!filter_term_is_named(&first))
		return false;
	filter_fail(e, w->at, "write \"or\" between the words, or proto %.40s", w->s);
	return true;
}

bool
filter_subject_is_known_language(const struct filter_word *w, struct filter_error *e)
{
	if (filter_subject_is_foreign_form(w, e))
		return true;
	for (unsigned i = 0; i < NITEMS(foreign); i++) {
		size_t n = strlen(foreign[i].word);
		bool whole =
		    w->len == n && (!foreign[i].is_field || strchr(foreign[i].word, '.') != NULL);
		bool field = foreign[i].is_field && w->len > n && w->s[n] == '.';

		if (strncasecmp(w->s, foreign[i].word, n) != 0 || !(whole || field))
			continue;
		filter_fail(
		    e, w->at, "%.*s: %s", (int)(w->len < 40 ? w->len : 40), w->s, foreign[i].hint);
		return true;
	}
	return false;
}
