/*
 * Replays captures unchanged, cut to short snap lengths, and damaged: mutate MUTATIONS CAPTURE...
 *
 * Each packet is counted in the tables. It must not take longer than SLOW_MS of CPU time, and the
 * memory of the process must not grow with the number of captures. A mutation is determined by its
 * number, so that a failure can be reproduced.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "capture/source.h"
#include "core/ledger.h"
#include "dissect/dissect.h"
#include "dissect/hello_reassembly.h"
#include "ext/crypto.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"

#define SLOW_MS       50
#define GROWTH_KIB    65536 /* maximum growth in the second half of all mutations */
#define PACKETS_MOST  1000  /* of a mutated capture */
#define SNAP_CAPTURES 50
#define SNAP_PACKETS  40
#define SNAP_MOST     200
#define FILE_MOST     (1 << 20)
#define NS_PER_MS     1000000u

struct replay {
	struct dissector *d;
	struct ledger *l;
	struct hello_buffers hellos;
	const char *name;
	long mutation;    /* -1: none */
	uint64_t random;  /* state of the generator */
	uint32_t snaplen; /* of this replay */
	unsigned left;    /* packets still to be replayed */
	bool mutates;     /* damages each packet */
	uint64_t packets, slowest_ns;
	bool failed;
};

/* xorshift64*: Marsaglia, "Xorshift RNGs", 2003; below n. */
static uint32_t
random_below(struct replay *r, uint32_t n)
{
	r->random ^= r->random >> 12;
	r->random ^= r->random << 25;
	r->random ^= r->random >> 27;
	return (uint32_t)(r->random * UINT64_C(0x2545f4914f6cdd1d) >> 33) % n;
}

static uint64_t
processor_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void
note_time(struct replay *r, uint64_t ns)
{
	r->packets++;
	if (ns > r->slowest_ns)
		r->slowest_ns = ns;
	if (ns <= SLOW_MS * NS_PER_MS)
		return;
	printf("%s: mutation %ld: a packet took %" PRIu64 " ms\n", r->name, r->mutation,
	    ns / NS_PER_MS);
	r->failed = true;
}

static void
count(struct replay *r, const struct frame *f)
{
	struct pkt_meta said = { .hello_buffers = &r->hellos };
	uint64_t begun = processor_ns();
	struct pkt p;

	dissect_with_meta(r->d, f, &p, &said);
	ledger_count(r->l, &p, 1);
	note_time(r, processor_ns() - begun);
}

/* Headers are changed more often than payload. */
static void
damage(struct replay *r, uint8_t *bytes, uint32_t n)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff };

	for (unsigned times = random_below(r, 4); times > 0 && n > 0; times--) {
		uint32_t at = random_below(r, random_below(r, 2) && n > 64 ? 64 : n);

		if (random_below(r, 2))
			bytes[at] = edges[random_below(r, NITEMS(edges))];
		else
			bytes[at] ^= (uint8_t)(1 << random_below(r, 8));
	}
}

static uint16_t
other_link(struct replay *r)
{
	uint16_t link;

	do
		link = (uint16_t)random_below(r, 300);
	while (!dissector_knows_link(r->d, link));
	return link;
}

static void
mutate_frame(struct replay *r, struct frame *f, uint8_t *bytes)
{
	damage(r, bytes, f->caplen);
	if (random_below(r, 8) == 0 && f->caplen > 0)
		f->caplen = random_below(r, f->caplen);
	if (random_below(r, 16) == 0)
		f->len = f->caplen + random_below(r, 2000);
	if (random_below(r, 32) == 0)
		f->linktype = other_link(r);
}

/* A copy of exactly the frame's size, so that a sanitizer detects reads past its end. */
static void
on_frame(const struct frame *given, void *arg)
{
	struct replay *r = arg;
	struct frame f = *given;
	uint8_t *copy;

	if (r->left == 0)
		return;
	r->left--;
	f.source = 0;
	f.stamp_offset = 0;
	if (f.caplen > r->snaplen)
		f.caplen = r->snaplen;
	copy = xcalloc(f.caplen + 1, 1);
	memcpy(copy + 1, f.data, f.caplen);
	if (r->mutates)
		mutate_frame(r, &f, copy + 1);
	f.data = copy + 1;
	count(r, &f);
	free(copy);
}

/* Even if a file is damaged, some of it must be readable. */
static void
replay_file(struct replay *r, const char *path, unsigned packets, uint32_t snaplen)
{
	struct source_config c = { .kind = SOURCE_FILE, .name = path, .filter = "" };
	struct source *s;
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	r->left = packets;
	r->snaplen = snaplen;
	s = source_open(&c, &err);
	if (s == NULL)
		return;
	while (r->left > 0 && source_read(s, 64, on_frame, r, NULL, &err) == SOURCE_READ)
		;
	source_del(s);
	ledger_tick(r->l, ledger_time(r->l));
	while (ledger_fold(r->l, UINT32_MAX))
		;
}

/* Damages a copy of the file itself. */
static void
replay_damaged_file(struct replay *r, const char *path)
{
	static uint8_t bytes[FILE_MOST];
	char copy[] = "/tmp/pkttop-mutate.XXXXXX";
	FILE *in = fopen(path, "rb");
	size_t n = in != NULL ? fread(bytes, 1, sizeof(bytes), in) : 0;
	int fd = mkstemp(copy);

	if (in == NULL || fd < 0)
		die("%s: cannot be copied to %s", path, copy);
	fclose(in);
	for (unsigned times = 1 + random_below(r, 8); times > 0; times--)
		damage(r, bytes, (uint32_t)n);
	if (write(fd, bytes, n) != (ssize_t)n)
		die("%s: cannot be written", copy);
	close(fd);
	replay_file(r, copy, PACKETS_MOST, UINT32_MAX);
	unlink(copy);
}

static void
replay_mutation(struct replay *r, long mutation)
{
	r->mutation = mutation;
	r->random = ((uint64_t)mutation + 1) * UINT64_C(0x9e3779b97f4a7c15);
	dissector_set_decap(r->d, random_below(r, 2));
	if (random_below(r, 4) == 0) {
		replay_damaged_file(r, r->name);
		return;
	}
	r->mutates = true;
	replay_file(r, r->name, PACKETS_MOST, UINT32_MAX);
	r->mutates = false;
}

static void
replay_snap_lengths(struct replay *r, char *const *path, int n)
{
	int step = n > SNAP_CAPTURES ? n / SNAP_CAPTURES : 1;

	for (int i = 0; i < n; i += step) {
		r->name = path[i];
		for (uint32_t snaplen = 0; snaplen <= SNAP_MOST; snaplen++)
			replay_file(r, path[i], SNAP_PACKETS, snaplen);
	}
}

static long
memory_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void
replay_mutations(struct replay *r, char *const *path, int n, long mutations)
{
	long half = 0;

	for (long i = 0; i < mutations; i++) {
		if (i == mutations / 2)
			half = memory_kib();
		r->name = path[i % n];
		replay_mutation(r, i);
	}
	if (memory_kib() - half > GROWTH_KIB && mutations > n) {
		printf("memory: %ld KiB after half of the mutations, %ld KiB after all\n", half,
		    memory_kib());
		r->failed = true;
	}
}

int
main(int argc, char **argv)
{
	static struct replay r = { .mutation = -1 };
	char *const *path = argv + 2;
	struct cipher *cipher = crypto_new();
	int n = argc - 2;

	if (n < 1)
		die_usage("usage: mutate MUTATIONS CAPTURE...");
	r.d = dissector_new();
	r.l = ledger_new(&(struct ledger_config){ .memory = LEDGER_MEMORY_MIN });
	ledger_add_source(r.l, "captures", 1, 0);
	hello_buffers_init(&r.hellos, cipher);
	for (int i = 0; i < n; i++) {
		r.name = path[i];
		replay_file(&r, path[i], UINT32_MAX, UINT32_MAX);
	}
	replay_snap_lengths(&r, path, n);
	replay_mutations(&r, path, n, strtol(argv[1], NULL, 10));
	printf("%" PRIu64 " packets, the slowest took %" PRIu64 " us; %ld KiB\n", r.packets,
	    r.slowest_ns / 1000, memory_kib());
	ledger_del(r.l);
	dissector_del(r.d);
	crypto_del(cipher);
	return r.failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
