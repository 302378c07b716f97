#include "config.h"

#include "feed.h"

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "dissect/hello.h"
#include "ext/crypto.h"
#include "members.h"
#include "platform/netif.h"
#include "records.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

/* Frames taken before anything else has its turn, by all sources together; a source has a few. */
#define TURN       4096
#define TURN_LEAST 256

#define NS        UINT64_C(1000000000)
#define RETRY_MAX 30

static void
flush(struct feed *f)
{
	ledger_count(f->ledger, f->batch, f->n_batch);
	if (f->records != NULL)
		records_batch(f->records, f->batch, f->n_batch);
	f->n_batch = f->n_said = 0;
}

static void
on_frame(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct pkt *p = &f->batch[f->n_batch++];

	if (UNLIKELY(frame->len > f->longest))
		audit_long(f, frame);
	dissect_said(f->dissector, frame, p, &f->said[f->n_said]);
	f->n_said += p->said != NULL;
	if (UNLIKELY(f->records != NULL && records_want_frames(f->records)))
		records_frame(f->records, frame);
	if (f->n_batch == LEDGER_BATCH)
		flush(f);
}

/* Of a source that hears the same packets more than once. */
static void
on_frame_of_stack(const struct frame *frame, void *arg)
{
	struct feed *f = arg;
	struct frame as;

	if (members_take(f, f->reading, frame, &as))
		on_frame(&as, f);
	else
		f->skipped++;
}

/* While all is stopped. */
static void
on_passing(const struct frame *frame ATTR_UNUSED, void *arg)
{
	struct feed *f = arg;

	f->skipped++;
}

static const char *
shown_name(const struct source_config *c)
{
	const char *slash;

	if (c->kind == SOURCE_DEMO)
		return "demo";
	if (c->kind == SOURCE_LIVE)
		return c->name;
	if (strcmp(c->name, "-") == 0)
		return "standard input";
	slash = strrchr(c->name, '/');
	return slash != NULL && slash[1] != '\0' ? slash + 1 : c->name;
}

#define ETHERNET 1 /* DLT_EN10MB */

/* A filter that no link would take is a wrong command line; all else is the world's doing. */
static void
give_up(const struct source_config *c, const char *why)
{
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (*c->filter != '\0' && !capture_filter_check(c->filter, ETHERNET, false, &err))
		die_usage("%s", why);
	die("%s", why);
}

/* "trace.pcapng:eth0"; a long name of the file leaves half of the room to the interface. */
static void
join_names(char name[LEDGER_NAME], const char *file, const char *interface)
{
	char half[LEDGER_NAME / 2];
	struct buf b;

	buf_init(&b, half, sizeof(half));
	buf_adds(&b, file);
	buf_init(&b, name, LEDGER_NAME);
	buf_addf(&b, "%s:%s", half, interface);
}

/*
 * A file with one interface is one source and has its own name.  Of a file with several each is a
 * source; a flow that is seen on two of them is one flow all the same.
 */
static uint16_t
add_interface(void *arg, const char *interface)
{
	struct feed_source *s = arg;
	struct ledger *l = s->feed->ledger;
	uint16_t base = s->config.number;
	char name[LEDGER_NAME];
	int number;

	if (s->interfaces++ == 0) {
		strlcpy(s->first, interface, sizeof(s->first));
		return s->last = base;
	}
	join_names(name, s->name, interface);
	number = ledger_find_source(l, name, l->source[base].domain);
	if (number < 0)
		number =
		    ledger_add_source(l, name, l->source[base].linktype, l->source[base].domain);
	if (number < 0 && s->last != base)
		join_names(l->source[s->last].name, s->name, "other interfaces");
	if (number < 0)
		return s->last;
	if (s->last == base)
		join_names(l->source[base].name, s->name, s->first);
	return s->last = (uint16_t)number;
}

static void
add_source(struct feed *f, struct source_config c)
{
	struct feed_source *s = &f->source[f->n];
	char text[512];
	struct buf err, name;
	int number;

	buf_init(&err, text, sizeof(text));
	c.number = (uint16_t)f->n;
	c.interface = add_interface;
	c.interface_arg = s;
	s->feed = f;
	s->config = c;
	s->source = source_open(&c, &err);
	if (s->source == NULL)
		give_up(&c, err.s);
	buf_init(&name, s->name, sizeof(s->name));
	text_clean(&name, shown_name(&c), strlen(shown_name(&c)));
	number = ledger_add_source(f->ledger, s->name, source_linktype(s->source), (uint8_t)f->n);
	if (number != (int)f->n)
		die("%s: too many sources, %d are the most", s->name, LEDGER_SOURCES);
	f->n++;
	audit_begin(f, s);
	members_begin(s);
}

static void
add_default(struct feed *f, struct source_config c)
{
	static char name[LEDGER_NAME];

	if (!netif_default(name, sizeof(name)))
		die("no interface to capture on; try --demo, or read a file with -r FILE");
	c.name = name;
	add_source(f, c);
}

static void
set_locals(struct feed *f)
{
	struct net nets[LEDGER_LOCALS];
	const char *names[OPTS_SOURCES];
	unsigned n = 0, n_names = 0;

	if (f->opts->n_local > 0) {
		ledger_set_local(f->ledger, f->opts->local, f->opts->n_local);
		return;
	}
	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].config.kind == SOURCE_LIVE && !f->source[i].left)
			names[n_names++] = f->source[i].config.name;
	if (f->opts->demo)
		n = net_parse("192.0.2.0/24", &nets[0]) + net_parse("2001:db8::/64", &nets[1]);
	else if (n_names > 0)
		n = netif_addresses(names, n_names, nets, LEDGER_LOCALS);
	if (n != f->ledger->n_local || memcmp(nets, f->ledger->local, n * sizeof(nets[0])) != 0)
		ledger_set_local(f->ledger, nets, n);
}

void
feed_open(struct feed *f, const struct opts *o, bool demo_endless)
{
	struct ledger_config config = { .memory = o->memory };
	struct source_config c = {
		.filter = o->filter,
		.snaplen = o->snaplen,
		.buffer_mib = o->buffer_mib,
		.promiscuous = !o->no_promiscuous,
		.replay = o->replay,
		.demo_endless = demo_endless,
	};

	memset(f, 0, sizeof(*f));
	f->opts = o;
	f->left = o->count > 0 ? o->count : UINT64_MAX;
	f->longest = UINT32_MAX;
	f->live = o->n_files == 0 && (!o->demo || demo_endless);
	f->ledger = ledger_new(&config);
	f->dissector = dissector_new();
	dissector_set_inner(f->dissector, o->decap);
	f->cipher = crypto_new();
	f->hellos = xcalloc(1, sizeof(*f->hellos));
	hellos_init(f->hellos, f->cipher);
	for (unsigned i = 0; i < LEDGER_BATCH; i++)
		f->said[i].hellos = f->hellos;
	strlcpy(f->filter, o->filter, sizeof(f->filter));
	c.kind = SOURCE_LIVE;
	for (unsigned i = 0; i < o->n_interfaces; i++) {
		c.name = o->interface[i];
		add_source(f, c);
	}
	c.kind = SOURCE_FILE;
	for (unsigned i = 0; i < o->n_files; i++) {
		c.name = o->file[i];
		add_source(f, c);
	}
	c.kind = o->demo ? SOURCE_DEMO : SOURCE_LIVE;
	c.name = NULL;
	if (o->demo)
		add_source(f, c);
	else if (f->n == 0)
		add_default(f, c);
	f->live |= o->n_interfaces > 0;
	set_locals(f);
}

void
feed_close(struct feed *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		source_del(f->source[i].source);
		members_end(&f->source[i]);
	}
	dissector_del(f->dissector);
	free(f->hellos);
	crypto_del(f->cipher);
	ledger_del(f->ledger);
}

void
feed_names(const struct feed *f, struct buf *b)
{
	bool any = false;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->source[i].left)
			continue;
		buf_addf(b, "%s%s", any ? " " : "", f->source[i].name);
		any = true;
	}
}

/* Files that are read as fast as can be wait while all is stopped. */
static bool
waits(const struct feed *f)
{
	return f->stopped && feed_is_offline(f);
}

unsigned
feed_poll(const struct feed *f, struct pollfd *fds)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n && !waits(f); i++)
		if (f->source[i].source != NULL && source_fd(f->source[i].source) >= 0)
			fds[n++] = (struct pollfd){ .fd = source_fd(f->source[i].source),
				.events = POLLIN };
	return n;
}

int
feed_timeout(const struct feed *f)
{
	int least = -1;

	for (unsigned i = 0; i < f->n && !waits(f); i++) {
		int ms = f->source[i].source != NULL ? source_timeout(f->source[i].source) : -1;

		if (ms >= 0 && (least < 0 || ms < least))
			least = ms;
	}
	return least;
}

static void
keep_counts(struct feed_source *s)
{
	struct source_counts c = { 0 };

	source_counts(s->source, &c);
	s->gone.kernel_dropped += c.kernel_dropped;
	s->gone.interface_dropped += c.interface_dropped;
}

/* All that the ledger knows as sources of its own within this one share its fate. */
static void
set_state(struct feed *f, const struct feed_source *s, enum source_state state)
{
	struct ledger *l = f->ledger;

	for (unsigned i = 0; i < l->n_sources; i++)
		if (l->source[i].domain == l->source[s->config.number].domain)
			l->source[i].state = (uint8_t)state;
}

/* A source gives no more for now; interfaces are tried again. */
static void
close_source(struct feed *f, struct feed_source *s, enum source_state state)
{
	uint64_t done;

	keep_counts(s);
	source_progress(s->source, &done, &s->size);
	source_del(s->source);
	s->source = NULL;
	audit_end(f, s);
	s->retry_s = 1;
	s->retry_at = 0;
	set_state(f, s, state);
	if (state != SOURCE_ENDED)
		f->failed = true;
}

static void
read_one(struct feed *f, struct feed_source *s, struct buf *err)
{
	static const enum source_state after[] = {
		[SOURCE_DONE] = SOURCE_ENDED,
		[SOURCE_SHORT] = SOURCE_CUT,
		[SOURCE_LOST] = SOURCE_GONE,
		[SOURCE_ERROR] = SOURCE_FAILED,
	};
	struct tally *all = &f->ledger->source[s->config.number].totals.all, before = *all;
	unsigned max = TURN / f->n < TURN_LEAST ? TURN_LEAST : TURN / f->n, n = 0;
	source_fn *fn = s->stack != NULL ? on_frame_of_stack : on_frame;
	enum source_outcome o;

	if (f->left < max)
		max = (unsigned)f->left;
	f->reading = s;
	f->skipped = 0;
	o = source_read(s->source, max, f->stopped ? on_passing : fn, f, &n, err);
	flush(f);
	f->left -= n - f->skipped;
	tally_add(&s->taken, all->packets - before.packets, all->bytes - before.bytes);
	if (o != SOURCE_READ)
		close_source(f, s, after[o]);
}

bool
feed_read(struct feed *f, struct buf *err)
{
	bool more = f->stopped;

	if (waits(f))
		return true;
	for (unsigned i = 0; i < f->n && f->left > 0; i++) {
		struct feed_source *s = &f->source[i];

		if (s->source == NULL)
			continue;
		read_one(f, s, err);
		more |= s->source != NULL;
	}
	return more && f->left > 0;
}

static void
set_running(struct feed *f, struct feed_source *s)
{
	struct source_stats *st = &f->ledger->source[s->config.number];

	set_state(f, s, SOURCE_RUNNING);
	st->linktype = source_linktype(s->source);
	audit_begin(f, s);
	members_begin(s);
}

static void
reopen(struct feed *f, struct feed_source *s, uint64_t monotonic, struct buf *said)
{
	char text[512];
	struct buf err;

	if (s->retry_at == 0)
		s->retry_at = monotonic + s->retry_s * NS;
	if (monotonic < s->retry_at)
		return;
	buf_init(&err, text, sizeof(text));
	s->config.filter = f->filter;
	s->source = source_open(&s->config, &err);
	if (s->source == NULL) {
		s->retry_s = s->retry_s * 2 < RETRY_MAX ? s->retry_s * 2 : RETRY_MAX;
		s->retry_at = monotonic + s->retry_s * NS;
		return;
	}
	set_running(f, s);
	buf_setf(said, "%s is back", s->name);
}

static void
take_counts(struct feed *f, struct feed_source *s, uint64_t monotonic, uint64_t *drops)
{
	struct source_stats *st = &f->ledger->source[s->config.number];
	struct source_counts c = { 0 };

	if (s->source != NULL)
		source_counts(s->source, &c);
	st->kernel_dropped = s->gone.kernel_dropped + c.kernel_dropped;
	st->interface_dropped = s->gone.interface_dropped + c.interface_dropped;
	*drops += st->kernel_dropped + st->interface_dropped;
	if (s->config.kind == SOURCE_LIVE)
		st->link_bps = netif_speed(s->config.name);
	if (s->source != NULL)
		audit_tick(f, s, monotonic);
	members_tick(f, s, monotonic);
}

void
feed_tick(struct feed *f, uint64_t monotonic, struct buf *said)
{
	uint64_t drops = 0;

	for (unsigned i = 0; i < f->n; i++) {
		struct feed_source *s = &f->source[i];

		if (s->source == NULL && s->config.kind == SOURCE_LIVE && !s->left && !f->stopped)
			reopen(f, s, monotonic, said);
		take_counts(f, s, monotonic, &drops);
	}
	if (f->records != NULL)
		records_tick(f->records);
	f->drops_grow = drops > f->drops;
	f->drops = drops;
	if (f->live)
		set_locals(f);
}

/* What arrives through a pipe cannot come again, and an interface has no beginning. */
static bool
can_begin_again(const struct feed_source *s)
{
	return s->config.kind == SOURCE_DEMO ||
	    (s->config.kind == SOURCE_FILE && strcmp(s->config.name, "-") != 0);
}

static void
restart_one(struct feed *f, struct feed_source *s, struct buf *err)
{
	struct source_counts c = { 0 };
	struct source *again;

	if (s->source != NULL)
		source_counts(s->source, &c);
	/* What the kernel counts goes on; modulo 2^64 the sum is zero now. */
	s->gone.kernel_dropped = 0 - c.kernel_dropped;
	s->gone.interface_dropped = 0 - c.interface_dropped;
	if (!can_begin_again(s))
		return;
	s->config.filter = f->filter;
	again = source_open(&s->config, err);
	if (again == NULL)
		return;
	if (s->source != NULL)
		source_del(s->source);
	s->source = again;
	s->interfaces = 0;
	s->size = 0;
	set_state(f, s, SOURCE_RUNNING);
}

void
feed_restart(struct feed *f, struct buf *err)
{
	f->left = f->opts->count > 0 ? f->opts->count : UINT64_MAX;
	for (unsigned i = 0; i < f->n; i++)
		restart_one(f, &f->source[i], err);
}

void
feed_stop(struct feed *f, bool stop, struct buf *err)
{
	bool failed = f->failed;

	f->stopped = stop;
	for (unsigned i = 0; i < f->n; i++) {
		struct feed_source *s = &f->source[i];

		if (s->config.kind != SOURCE_LIVE || s->left)
			continue;
		if (stop && s->source != NULL) {
			close_source(f, s, SOURCE_STOPPED);
		} else if (!stop && s->source == NULL) {
			s->config.filter = f->filter;
			s->source = source_open(&s->config, err);
			set_state(f, s, SOURCE_GONE);
			if (s->source != NULL)
				set_running(f, s);
		}
	}
	f->failed = failed;
}

bool
feed_set_filter(struct feed *f, const char *filter, struct buf *err)
{
	unsigned i;

	for (i = 0; i < f->n; i++)
		if (f->source[i].source != NULL &&
		    !source_set_filter(f->source[i].source, filter, err))
			break;
	if (i == f->n) {
		strlcpy(f->filter, filter, sizeof(f->filter));
		for (i = 0; i < f->n; i++)
			if (f->source[i].source != NULL)
				audit_begin(f, &f->source[i]);
		return true;
	}
	/* The sources before this one go back to the filter that they had. */
	while (i-- > 0)
		if (f->source[i].source != NULL)
			source_set_filter(f->source[i].source, f->filter, NULL);
	return false;
}

/* A place for an interface that was never captured on, with all else as for the first source. */
static struct feed_source *
make_room(struct feed *f, const char *name, struct buf *err)
{
	struct feed_source *s = &f->source[f->n];

	if (f->n == OPTS_SOURCES || f->ledger->n_sources == LEDGER_SOURCES) {
		buf_setf(err, "%s: too many sources, %d are the most", name, OPTS_SOURCES);
		return NULL;
	}
	*s = (struct feed_source){ .feed = f, .config = f->source[0].config };
	strlcpy(s->device, name, sizeof(s->device));
	s->config.name = s->device;
	s->config.number = (uint16_t)f->ledger->n_sources;
	s->config.interface_arg = s;
	return s;
}

static void
add_to_ledger(struct feed *f, struct feed_source *s)
{
	struct buf clean;

	buf_init(&clean, s->name, sizeof(s->name));
	text_clean(&clean, s->device, strlen(s->device));
	ledger_add_source(f->ledger, s->name, source_linktype(s->source), (uint8_t)f->n);
	f->n++;
}

struct feed_source *
feed_find_live(struct feed *f, const char *name)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].config.kind == SOURCE_LIVE &&
		    strcmp(f->source[i].config.name, name) == 0)
			return &f->source[i];
	return NULL;
}

bool
feed_join(struct feed *f, const char *name, struct buf *err)
{
	struct feed_source *s = feed_find_live(f, name);
	bool fresh = s == NULL;

	if (!fresh && s->source != NULL)
		return true;
	if (fresh && (s = make_room(f, name, err)) == NULL)
		return false;
	s->config.filter = f->filter;
	if ((s->source = source_open(&s->config, err)) == NULL)
		return false;
	s->left = false;
	if (fresh)
		add_to_ledger(f, s);
	set_running(f, s);
	set_locals(f);
	return true;
}

void
feed_leave(struct feed *f, struct feed_source *s)
{
	if (s->source != NULL)
		close_source(f, s, SOURCE_ENDED);
	set_state(f, s, SOURCE_ENDED);
	s->left = true;
	set_locals(f);
}

bool
feed_is_offline(const struct feed *f)
{
	return !f->live && f->opts->replay <= 0;
}

void
feed_progress(const struct feed *f, uint64_t *done, uint64_t *all)
{
	*done = *all = 0;
	for (unsigned i = 0; i < f->n; i++) {
		uint64_t d = f->source[i].size, a = d;

		if (f->source[i].source != NULL)
			source_progress(f->source[i].source, &d, &a);
		*done += d;
		*all += a;
	}
}
