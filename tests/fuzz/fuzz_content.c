/*
 * Arbitrary payload of TCP or UDP between arbitrary ports: dissects it for its application and
 * names, and counts it. The first five bytes are the transport (bit 0), the bytes cut by the snap
 * length (the rest of that byte) and both ports.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "fuzz.h"

#define CHOICE  5
#define PAYLOAD 2048
#define IP      20
#define TCP     20
#define UDP     8
#define RAW_IP  228 /* DLT_IPV4 */

static struct dissector *dissector;
static struct ledger *ledger;

static void
begin(void)
{
	static const struct hashkey key = { 1, 2 };

	dissector = dissector_new();
	ledger = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN, .key = &key });
	ledger_add_source(ledger, "fuzz", RAW_IP, 0);
}

static void
check(const struct pkt *p)
{
	require(proto_name(p->app) != NULL && p->app_confidence <= APP_BY_CONTENT);
	require(p->app != PROTO_NONE || p->app_confidence == APP_UNKNOWN);
	check_said(p);
}

/* Writes the headers before a payload of n bytes; returns the payload's offset. */
static size_t
put_headers(uint8_t *b, const uint8_t *choice, size_t n)
{
	bool udp = choice[0] & 1;
	size_t transport = udp ? UDP : TCP, all = IP + transport + n;

	memset(b, 0, IP + transport);
	b[0] = 0x45;
	b[2] = (uint8_t)(all >> 8);
	b[3] = (uint8_t)all;
	b[9] = udp ? 17 : 6;
	memcpy(b + IP, choice + 1, 4);
	if (udp) {
		b[IP + 4] = (uint8_t)((UDP + n) >> 8);
		b[IP + 5] = (uint8_t)(UDP + n);
	} else {
		b[IP + 12] = TCP / 4 << 4;
	}
	return IP + transport;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame f = { .linktype = RAW_IP };
	struct pkt_meta said = { .hello_buffers = NULL };
	size_t at, cut, n;
	struct pkt p;
	uint8_t *b;

	if (dissector == NULL)
		begin();
	if (size < CHOICE || size > CHOICE + PAYLOAD)
		return 0;
	n = size - CHOICE;
	cut = data[0] >> 1 < n ? data[0] >> 1 : n;
	/* On the heap and of the exact size, so that a sanitizer detects a read past the end. */
	b = malloc(IP + TCP + n);
	if (b == NULL)
		return 0;
	at = put_headers(b, data, n);
	memcpy(b + at, data + CHOICE, n);
	f.len = (uint32_t)(at + n);
	f.caplen = (uint32_t)(f.len - cut);
	f.data = b + IP + TCP + n - f.caplen;
	memmove(b + IP + TCP + n - f.caplen, b, f.caplen);
	dissect_with_meta(dissector, &f, &p, &said);
	check(&p);
	ledger_count(ledger, &p, 1);
	free(b);
	return 0;
}
