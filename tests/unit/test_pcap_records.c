/* A capture file that is read in place gives the same frames and errors as libpcap. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include <cmocka.h>

#include "capture/pcap_records.h"
#include "capture/source.h"
#include "util/attr.h"

#define PACKETS   5000
#define MOST      2000 /* captured bytes of a packet here */
#define SNAP      4000
#define MICRO     0xa1b2c3d4
#define NANO      0xa1b23c4d
#define KUZNETZOV 0xa1b2cd34

/* The damage to the record `at`. */
enum harm { HARM_NONE, HARM_LONG, HARM_HUGE, HARM_CUT_HEADER, HARM_CUT_BYTES, HARM_STAMP };

struct kind {
	const char *name;
	uint32_t magic, minor, snap, linktype;
	bool big;
	enum harm harm;
	unsigned at;
	bool skimmed;
};

static const struct kind kinds[] = {
	{ "little, us", MICRO, 4, SNAP, 1, false, HARM_NONE, 0, true },
	{ "little, ns", NANO, 4, SNAP, 1, false, HARM_NONE, 0, true },
	{ "big, us", MICRO, 4, SNAP, 1, true, HARM_NONE, 0, true },
	{ "big, ns", NANO, 4, SNAP, 1, true, HARM_NONE, 0, true },
	{ "raw IP", MICRO, 4, SNAP, 101, true, HARM_NONE, 0, true },
	{ "snap length 0", MICRO, 4, 0, 1, false, HARM_NONE, 0, true },
	{ "snap length past all", MICRO, 4, UINT32_MAX, 1, false, HARM_NONE, 0, true },
	{ "an old minor version", MICRO, 2, SNAP, 1, false, HARM_NONE, 0, false },
	{ "a patched format", KUZNETZOV, 4, SNAP, 1, false, HARM_CUT_HEADER, 0, false },
	{ "another link", MICRO, 4, SNAP, 113, true, HARM_NONE, 0, false },
	{ "longer than the snap length", MICRO, 4, 1000, 1, false, HARM_NONE, 0, true },
	{ "one is too long", MICRO, 4, SNAP, 1, false, HARM_LONG, 1700, true },
	{ "one is far too long", NANO, 4, SNAP, 1, true, HARM_HUGE, 3000, true },
	{ "the first is", MICRO, 4, SNAP, 1, false, HARM_HUGE, 0, true },
	{ "cut in a header", MICRO, 4, SNAP, 1, false, HARM_CUT_HEADER, 4321, true },
	{ "cut in a packet", MICRO, 4, SNAP, 1, true, HARM_CUT_BYTES, 4321, true },
	{ "cut in the first", MICRO, 4, SNAP, 1, true, HARM_CUT_BYTES, 0, true },
	{ "an impossible stamp", MICRO, 4, SNAP, 1, false, HARM_STAMP, 7, true },
	{ "one of ns", NANO, 4, SNAP, 1, true, HARM_STAMP, 7, true },
};

static void
put(FILE *f, const struct kind *k, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		fputc((int)(v >> 8 * (k->big ? bytes - 1 - i : i) & 0xff), f);
}

static void
put_header(FILE *f, const struct kind *k)
{
	put(f, k, k->magic, 4);
	put(f, k, 2, 2);
	put(f, k, k->minor, 2);
	put(f, k, 0, 4);
	put(f, k, 0, 4);
	put(f, k, k->snap, 4);
	put(f, k, k->linktype, 4);
}

/* False after a record that ends the file. */
static bool
put_record(FILE *f, const struct kind *k, unsigned i, uint32_t *dice)
{
	enum harm harm = i == k->at ? k->harm : HARM_NONE;
	uint32_t caplen, claimed;

	*dice = *dice * 1664525 + 1013904223;
	caplen = i % 97 == 0 ? 0 : (*dice >> 8) % MOST;
	if (harm == HARM_LONG)
		caplen = SNAP + 100;
	claimed = harm == HARM_HUGE ? UINT32_C(0x7fffff00) : caplen;
	put(f, k, i == 4990 ? UINT32_C(0x80000001) : 1700000000 + i, 4);
	put(f, k, harm == HARM_STAMP ? UINT32_C(0xfffffff0) : i % 1000, 4);
	if (harm == HARM_CUT_HEADER)
		return false;
	put(f, k, claimed, 4);
	put(f, k, claimed + i % 5, 4);
	for (uint32_t j = 0; j < caplen; j++)
		fputc((int)((i + j) & 0xff), f);
	if (harm == HARM_CUT_BYTES)
		fflush(f);
	return harm != HARM_CUT_BYTES || ftruncate(fileno(f), ftello(f) - caplen / 2 - 1) != 0;
}

static void
write_file(const char *path, const struct kind *k)
{
	uint32_t dice = 1;
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	put_header(f, k);
	for (unsigned i = 0; i < PACKETS && put_record(f, k, i, &dice); i++)
		continue;
	assert_int_equal(fclose(f), 0);
}

/* A digest of everything that a reader returns, in order. */
struct digest {
	uint64_t hash;
	unsigned n;
};

static void
digest_add(struct digest *d, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < n; i++)
		d->hash = (d->hash ^ b[i]) * UINT64_C(0x100000001b3);
}

static void
digest_packet(struct digest *d, uint64_t ts, uint32_t caplen, uint32_t len, const uint8_t *data)
{
	digest_add(d, &ts, sizeof(ts));
	digest_add(d, &caplen, sizeof(caplen));
	digest_add(d, &len, sizeof(len));
	digest_add(d, data, caplen);
	d->n++;
}

static void
on_frame(const struct frame *f, void *arg)
{
	digest_packet(arg, f->ts + f->stamp_offset, f->caplen, f->len, f->data);
}

/* The parts of a stamp are unsigned, and a fraction stays within its second. */
static void
on_packet(u_char *arg, const struct pcap_pkthdr *h, const u_char *data)
{
	bool is_whole = h->ts.tv_usec < 0 || h->ts.tv_usec > 999999999;
	uint64_t ts = (uint32_t)h->ts.tv_sec * UINT64_C(1000000000) +
	    (is_whole ? 999999999 : (uint64_t)h->ts.tv_usec);

	digest_packet((struct digest *)(void *)arg, ts, h->caplen, h->len, data);
}

/* The result: 0, or the error. */
static const char *
read_with_libpcap(const char *path, struct digest *d)
{
	static char why[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);

	*d = (struct digest){ 0 };
	if (p == NULL)
		return "not opened";
	why[0] = '\0';
	if (pcap_loop(p, -1, on_packet, (u_char *)d) != 0)
		strlcpy(why, pcap_geterr(p), sizeof(why));
	pcap_close(p);
	return why;
}

/* The sentences on truncation differ. */
static enum source_outcome
outcome_of(const char *why)
{
	if (*why == '\0')
		return SOURCE_DONE;
	return strstr(why, "truncated") != NULL ? SOURCE_SHORT : SOURCE_ERROR;
}

static enum source_outcome
read_as_source(const char *path, unsigned max, struct digest *d, struct buf *err)
{
	struct source_config c = { .kind = SOURCE_FILE, .name = path };
	struct source *s = source_open(&c, err);
	enum source_outcome o = SOURCE_READ;
	uint64_t before = 0, done, all;

	*d = (struct digest){ 0 };
	assert_non_null(s);
	while (o == SOURCE_READ) {
		o = source_read(s, max, on_frame, d, NULL, err);
		source_progress(s, &done, &all);
		assert_true(done >= before && done <= all);
		before = done;
	}
	source_del(s);
	return o;
}

static bool
is_skimmed(const char *path)
{
	char why[PCAP_ERRBUF_SIZE];
	FILE *f = fopen(path, "rb");
	pcap_t *p = pcap_fopen_offline(f, why);
	struct pcap_records *k = pcap_records_new(fileno(f), p);
	bool is = k != NULL;

	free(k);
	pcap_close(p);
	return is;
}

static void
check_kind(const char *path, const struct kind *k)
{
	char text[512];
	struct buf err;
	struct digest want, got;
	enum source_outcome how;
	static const unsigned max[] = { 1, 7, 4096 };

	write_file(path, k);
	how = outcome_of(read_with_libpcap(path, &want));
	for (unsigned i = 0; i < NITEMS(max); i++) {
		buf_init(&err, text, sizeof(text));
		if (read_as_source(path, max[i], &got, &err) != how)
			fail_msg("%s: it ends otherwise than libpcap says: %s", k->name, text);
		if (got.n != want.n || got.hash != want.hash)
			fail_msg("%s: %u packets of %u, or other ones", k->name, got.n, want.n);
	}
	if (is_skimmed(path) != k->skimmed)
		fail_msg("%s: skimmed, or not, against all expectation", k->name);
}

static void
test_it_gives_what_libpcap_gives(void **state)
{
	char folder[] = "/tmp/test_skim.XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.pcap", folder);
	for (unsigned i = 0; i < NITEMS(kinds); i++)
		check_kind(path, &kinds[i]);
	unlink(path);
	rmdir(folder);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_gives_what_libpcap_gives),
	};

	return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
