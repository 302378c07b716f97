/*
 * Compares each row of a capture with the packets that match its filter: bpf_rows [-d] CAPTURE...
 *
 * libpcap compiles the filter, as in tcpdump, and runs it over the packets of the capture. The
 * number of matches must be the row's number of packets. -d: with the inner ends of tunnels.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/row_filter.h"
#include "view/row_list.h"

#define ROWS_MOST    24     /* of a view */
#define PACKETS_MOST 200000 /* of a capture */
#define MEMORY       ((size_t)64 << 20)
#define IP_PROTO_TCP 6

struct capture {
	const char *path;
	pcap_t *pcap;
	struct ledger *l;
	struct frame frame[PACKETS_MOST];
	struct pkt pkt[PACKETS_MOST];
	unsigned n;
};

/* Of all captures. */
static unsigned rows, told, wrong, read_whole, passed_over;

static void
take(struct capture *c, const struct dissector *d, const struct pcap_pkthdr *h, const uint8_t *data)
{
	struct frame *f = &c->frame[c->n];
	uint8_t *copy = xcalloc(h->caplen + 1, 1);

	memcpy(copy, data, h->caplen);
	*f = (struct frame){
		.ts = (uint64_t)h->ts.tv_sec * 1000000000 + (uint64_t)h->ts.tv_usec * 1000,
		.data = copy,
		.caplen = h->caplen,
		.len = h->len,
		.linktype = (uint16_t)pcap_datalink(c->pcap),
	};
	dissect(d, f, &c->pkt[c->n]);
	if (c->pkt[c->n].bpf_gaps & BPF_WRONG_ADDRS)
		mistaken_add(&c->l->mistaken, &c->frame[c->n]);
	ledger_count(c->l, &c->pkt[c->n], 1);
	c->n++;
}

/* For some links tcpdump supports no filters, not even the empty one. */
static bool
has_filters(pcap_t *pcap)
{
	struct bpf_program all;

	if (pcap_compile(pcap, &all, "", 1, PCAP_NETMASK_UNKNOWN) != 0)
		return false;
	pcap_freecode(&all);
	return true;
}

/* False if tcpdump does not read the capture to its end. */
static bool
read_all(struct capture *c, const struct dissector *d)
{
	struct pcap_pkthdr *h;
	const uint8_t *data;
	int got = 1;

	ledger_add_source(c->l, "capture", (uint16_t)pcap_datalink(c->pcap), 0);
	ledger_enable(c->l, LEDGER_NETWORKS, 24, 64);
	while (c->n < PACKETS_MOST && (got = pcap_next_ex(c->pcap, &h, &data)) == 1)
		take(c, d, h, data);
	ledger_flush(c->l);
	return got == PCAP_ERROR_BREAK && c->n > 0 && has_filters(c->pcap);
}

static unsigned
ends_in(const struct pkt *p, const struct value *end)
{
	struct net net = { .addr = end->addr, .kind = end->kind, .bits = end->bits };
	const struct addr *ends[] = { &p->src, &p->dst };
	unsigned n = 0;

	if (end->kind == ADDR_NONE) /* of the networks: all non-IP traffic */
		return 2;
	for (int i = 0; i < 2; i++)
		n += end->bits != 0 ? net_contains(&net, p->kind, ends[i])
				    : p->kind == end->kind && addr_equal(ends[i], &end->addr);
	return n;
}

/* A host's or a network's packets are those that it sent, and those that it received; a filter
 * that takes a packet of others takes one too many. */
static unsigned
weight(const struct view *v, const struct table_row *row, const struct pkt *p)
{
	const struct value *end = row_find_cell(v, row, "address");

	if (end == NULL)
		end = row_find_cell(v, row, "network");
	if (end == NULL || end->type != V_ADDR)
		return 1;
	return ends_in(p, end) > 0 ? ends_in(p, end) : 1;
}

/* Number of packets that match the filter; -1: libpcap does not compile it. */
static long
taken(const struct capture *c, const struct view *v, const struct table_row *row, const char *text)
{
	struct bpf_program program;
	long n = 0;

	if (pcap_compile(c->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return -1;
	for (unsigned i = 0; i < c->n; i++) {
		struct pcap_pkthdr h = { .caplen = c->frame[i].caplen, .len = c->frame[i].len };

		if (pcap_offline_filter(&program, &h, c->frame[i].data) != 0)
			n += weight(v, row, &c->pkt[i]);
	}
	pcap_freecode(&program);
	return n;
}

static void
check_row(const struct capture *c, const struct view *v, const struct table_row *row)
{
	const struct value *packets = row_find_cell(v, row, "packets");
	char text[BPF_MAX];
	struct buf b;
	long n;

	rows++;
	buf_init(&b, text, sizeof(text));
	if (packets == NULL || !bpf_text(&b, c->l, v, row, NULL))
		return;
	told++;
	n = taken(c, v, row, text);
	if (n == (long)packets->n)
		return;
	wrong++;
	printf("%s: %s: %s: takes %ld packets, the row has %ld%s%s\n", c->path, v->name, text, n,
	    (long)packets->n, n < 0 ? ": " : "", n < 0 ? pcap_geterr(c->pcap) : "");
}

static void
check_view(const struct capture *c, const struct view *v)
{
	struct scope s = { .ledger = c->l, .classes = SCOPE_ALL, .ip4 = true, .ip6 = true };
	struct row_list *list = row_list_new();

	row_list_begin(list, v, 0, false, NULL, &s, 0);
	while (row_list_step(list, 1000))
		;
	for (uint32_t i = 0; i < row_list_count(list) && i < ROWS_MOST; i++)
		if (!row_list_get(list, i)->other)
			check_row(c, v, row_list_get(list, i));
	row_list_del(list);
}

static void
check_capture(const struct dissector *d, const char *path)
{
	static const struct view *const checked[] = { &view_flows, &view_talkers, &view_ports,
		&view_networks, &view_protocols, &view_sizes, &view_sources, &view_health };
	static struct capture c;
	char err[PCAP_ERRBUF_SIZE];

	c.path = path;
	c.n = 0;
	c.pcap = pcap_open_offline(path, err);
	c.l = ledger_new(&(struct ledger_config){ .memory = MEMORY });
	if (c.pcap == NULL || !read_all(&c, d))
		passed_over++;
	else
		for (size_t i = 0; i < NITEMS(checked); i++)
			check_view(&c, checked[i]);
	read_whole++;
	for (unsigned i = 0; i < c.n; i++)
		free((void *)(uintptr_t)c.frame[i].data);
	ledger_del(c.l);
	if (c.pcap != NULL)
		pcap_close(c.pcap);
}

int
main(int argc, char **argv)
{
	struct dissector *d = dissector_new();
	int first = argc > 1 && strcmp(argv[1], "-d") == 0 ? 2 : 1;

	dissector_set_decap(d, first == 2);
	for (int i = first; i < argc; i++)
		check_capture(d, argv[i]);
	dissector_del(d);
	printf("%u captures (%u that tcpdump cannot read were passed over), %u rows, %u filters, "
	       "%u are not exact\n",
	    read_whole, passed_over, rows, told, wrong);
	return wrong > 0 ? 1 : 0;
}
