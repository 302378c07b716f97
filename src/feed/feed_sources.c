#include "config.h"

#include "feed/feed.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dissect/hello_reassembly.h"
#include "ext/crypto.h"
#include "feed/link_topology.h"
#include "feed/private.h"
#include "platform/file_ops.h"
#include "platform/memory.h"
#include "platform/net.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

#define ETHERNET         1 /* DLT_EN10MB */
#define LINKTYPE_UNKNOWN ETHERNET

/* A command in the same pipeline has started by then. */
#define FIRST_BYTE_MS 300

#define NAME_WAIT_SAID 1 /* s: a longer wait for a name server is said */

/* A filter that is invalid for every link type is a usage error; any other failure is a runtime
 * error. */
static void
feed_fail_open(const struct source_config *c, const char *why)
{
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (*c->filter != '\0' && !capture_filter_check(c->filter, ETHERNET, false, &err))
		die_usage("%s", why);
	die("%s", why);
}

/* The screen appears before the first byte of standard input. A pipe that gives one soon is opened
 * at once, so that an error ends the program before the screen, and a compressed one can be read.
 */
static bool
feed_must_wait(const struct feed *f, const struct source_config *c)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	if (!f->has_screen || c->kind != SOURCE_FILE || strcmp(c->name, "-") != 0 ||
	    isatty(STDIN_FILENO))
		return false;
	return fd_poll(&p, 1, FIRST_BYTE_MS) == 0;
}

static void
feed_add_source(struct feed *f, struct source_config c)
{
	struct feed_source *s = &f->source[f->n];
	char text[512];
	struct buf err;
	uint16_t linktype;
	int number;

	buf_init(&err, text, sizeof(text));
	c.number = (uint16_t)f->n;
	feed_source_init(f, s, &c);
	if (feed_must_wait(f, &c))
		f->waiting = s;
	else if ((s->source = feed_source_open(s, &err)) == NULL)
		feed_fail_open(&c, err.s);
	linktype = s->source != NULL ? source_linktype(s->source) : LINKTYPE_UNKNOWN;
	number = ledger_add_source(f->ledger, s->name, linktype, (uint8_t)f->n);
	if (number != (int)f->n)
		die("%s: too many sources (maximum %d)", s->name, LEDGER_SOURCES);
	f->n++;
	if (f->waiting == s) {
		feed_source_set_state(f, s, SOURCE_WAITING);
		return;
	}
	capture_loss_begin(f, s);
	any_device_open(s);
}

/* One source in the feed stands for several interfaces, each with its own source in the ledger
 * if there is room. */
static void
feed_add_file_sources(struct feed *f, struct source_config c)
{
	struct feed_source *s = &f->source[f->n++];
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	feed_files_init(f, s, &c);
	s->source = feed_source_open(s, &err);
	if (s->source == NULL)
		feed_fail_open(&c, err.s);
	feed_files_name_shared(f);
}

static void
feed_add_default_source(struct feed *f, struct source_config c)
{
	static char name[LEDGER_NAME];

	if (!netif_default(name, sizeof(name)))
		die("no interface to capture on; try --demo, or read a file with -r FILE");
	c.name = name;
	feed_add_source(f, c);
}

static struct source_config
feed_source_config(const struct feed *f, enum source_kind kind)
{
	const struct options *o = f->opts;

	return (struct source_config){
		.kind = kind,
		.filter = f->filter,
		.snaplen = o->snaplen,
		.buffer_mib = o->buffer_mib,
		.promiscuous = !o->no_promiscuous,
		.replay = o->replay,
		.demo_endless = f->demo_endless,
	};
}

/* A quarter of the memory, for files that need it; 0: the tables do not grow. */
static size_t
feed_memory_limit(const struct options *o)
{
	struct rlimit limit;

	if (!o->memory_auto || o->n_files == 0 || o->n_interfaces > 0)
		return 0;
	/* The limit includes reserved memory, touched or not. */
	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		return 0;
	return (size_t)(memory_of_machine() / 4);
}

/*
 * Skips an interface whose packets are all seen at another captured one; of a veth pair, the
 * second. Warns about packets that are counted twice.
 */
static bool
feed_is_seen_elsewhere(const struct options *o, unsigned i, const struct link *links, unsigned n)
{
	const char *name = o->interface[i];
	char text[256];
	struct buf b;

	for (unsigned k = 0; k < o->n_interfaces; k++) {
		const char *other = o->interface[k];
		enum topology_overlap overlap = topology_overlap(name, other, links, n);
		bool both = topology_overlap(other, name, links, n) == OVERLAP_WHOLE;

		if (k == i || overlap == OVERLAP_NONE || (both && k > i))
			continue;
		buf_init(&b, text, sizeof(text));
		topology_overlap_text(&b, overlap, name, other);
		fprintf(stderr, "pkttop: %s\n", text);
		if (overlap == OVERLAP_WHOLE)
			return true;
	}
	return false;
}

static void
feed_add_live_sources(struct feed *f, struct source_config c)
{
	static struct link links[TOPOLOGY_LINKS];
	const struct options *o = f->opts;
	unsigned n = o->n_interfaces > 1 ? links_list(links, TOPOLOGY_LINKS) : 0;

	for (unsigned i = 0; i < o->n_interfaces; i++) {
		c.name = o->interface[i];
		if (!feed_is_seen_elsewhere(o, i, links, n))
			feed_add_source(f, c);
	}
}

void
feed_open_live(struct feed *f, const struct options *o, bool has_screen)
{
	struct ledger_config config = { .memory = o->memory, .memory_max = feed_memory_limit(o) };
	struct source_config c;

	memset(f, 0, sizeof(*f));
	f->opts = o;
	f->has_screen = f->demo_endless = has_screen;
	f->packets_left = o->count > 0 ? o->count : UINT64_MAX;
	f->longest = UINT32_MAX;
	f->live = o->n_interfaces > 0 || (o->n_files == 0 && (!o->demo || has_screen));
	buf_new(&f->names);
	f->ledger = ledger_new(&config);
	detect_set_limits(f->ledger->detect, &o->events);
	f->ledger->packet_time.is_replay = !f->live && o->replay > 0;
	f->dissector = dissector_new();
	dissector_set_decap(f->dissector, o->decap);
	f->cipher = crypto_new();
	f->hello_buffers = xcalloc(1, sizeof(*f->hello_buffers));
	hello_buffers_init(f->hello_buffers, f->cipher);
	for (unsigned i = 0; i < LEDGER_BATCH; i++)
		f->meta[i].hello_buffers = f->hello_buffers;
	c = feed_source_config(f, SOURCE_LIVE);
	feed_add_live_sources(f, c);
	if (f->n == 0 && o->n_files == 0 && !o->demo && !o->headless)
		feed_add_default_source(f, c);
}

/* The error must not quote the text: it may be of any file that the invoking user can read. */
static void
feed_read_filter_file(struct feed *f, const char *path)
{
	char text[sizeof(f->filter)], unsaid[512];
	struct buf err;
	int fd = file_ops_open(path);
	ssize_t n = fd != -1 ? read(fd, text, sizeof(text) - 1) : -1;

	if (n == -1)
		die_usage("--filter-file: %s: %s", path, file_ops_error(errno));
	close(fd);
	text[n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if (text[i] == '\n' || text[i] == '\r')
			text[i] = ' ';
	buf_init(&err, unsaid, sizeof(unsaid));
	if (!capture_filter_check(text, ETHERNET, false, &err))
		die_usage(
		    "--filter-file: %s: not a capture filter; the language is in pcap-filter(7)",
		    path);
	strlcpy(f->filter, text, sizeof(f->filter));
}

static void
feed_say_name_wait(int number ATTR_UNUSED)
{
	static const char text[] =
	    "pkttop: waiting for a name server, because of the capture filter; Ctrl-C exits\n";
	ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)n; /* it is said as well as can be */
}

/* libpcap looks up the names of a filter, and returns only when the name servers have answered. */
static bool
feed_set_filter_or_say(struct feed *f, const char *filter, struct buf *err)
{
	struct sigaction say = { .sa_handler = feed_say_name_wait, .sa_flags = SA_RESTART }, before;
	bool ok;

	sigaction(SIGALRM, &say, &before);
	alarm(NAME_WAIT_SAID);
	ok = feed_set_filter(f, filter, err);
	alarm(0);
	sigaction(SIGALRM, &before, NULL);
	return ok;
}

/* The interfaces were opened without a filter: it is parsed only after privileges were dropped. */
static void
feed_set_first_filter(struct feed *f)
{
	const struct options *o = f->opts;
	const struct source_config c = { .filter = f->filter };
	char text[512], filter[sizeof(f->filter)];
	struct buf err;

	if (o->filter_file != NULL)
		feed_read_filter_file(f, o->filter_file);
	if (f->filter[0] != '\0' && o->filter[0] != '\0')
		strlcat(f->filter, " ", sizeof(f->filter));
	if (strlcat(f->filter, o->filter, sizeof(f->filter)) >= sizeof(f->filter))
		die_usage("the capture filter is longer than %zu bytes", sizeof(f->filter) - 1);
	strlcpy(filter, f->filter, sizeof(filter));
	buf_init(&err, text, sizeof(text));
	if (!feed_set_filter_or_say(f, filter, &err))
		feed_fail_open(&c, err.s);
}

static bool
feed_is_pipe(const char *path)
{
	struct stat st;
	int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(path, &st);

	return failed == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

void
feed_open_files(struct feed *f)
{
	const struct options *o = f->opts;
	struct source_config c = feed_source_config(f, SOURCE_FILE);

	feed_set_first_filter(f);
	if (o->recording != NULL)
		return;
	feed_files_list(f);
	c.name = f->n_files > 0 ? f->path[0] : NULL;
	if (f->n_files == 1) {
		f->pipe_is_new = o->replay <= 0 && !f->live && feed_is_pipe(c.name);
		feed_add_source(f, c);
	} else if (f->n_files > 1)
		feed_add_file_sources(f, c);
	if (o->demo)
		feed_add_source(f, feed_source_config(f, SOURCE_DEMO));
	feed_update_local(f);
}

void
feed_close(struct feed *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		feed_forget_stream(f, &f->source[i]);
		source_del(f->source[i].source);
		any_device_close(&f->source[i]);
	}
	feed_files_fini(f);
	buf_del(&f->names);
	free(f->file);
	free(f->file_config);
	dissector_del(f->dissector);
	free(f->hello_buffers);
	crypto_del(f->cipher);
	flow_apps_del(f->apps);
	ledger_del(f->ledger);
}

void
feed_names(const struct feed *f, struct buf *b)
{
	bool any = false;

	for (unsigned i = 0; i < f->n; i++) {
		if (f->source[i].deselected)
			continue;
		buf_addf(b, "%s%s", any ? " " : "", f->source[i].name);
		any = true;
	}
}

struct feed_source *
feed_alloc_source(struct feed *f, enum source_kind kind, const char *name, struct buf *err)
{
	struct feed_source *s = &f->source[f->n];
	struct source_config c;

	if (f->n == OPTIONS_SOURCES || f->ledger->n_sources == LEDGER_SOURCES) {
		buf_setf(err, "%s: too many sources (maximum %d)", name, OPTIONS_SOURCES);
		return NULL;
	}
	c = feed_source_config(f, kind);
	c.name = name;
	c.folder = kind == SOURCE_FILE ? f->opts->file_streams : NULL;
	*s = (struct feed_source){ .feed = f };
	feed_source_init(f, s, &c);
	strlcpy(s->chosen, name, sizeof(s->chosen));
	s->config.name = s->chosen;
	s->config.number = (uint16_t)f->ledger->n_sources;
	return s;
}

void
feed_register_source(struct feed *f, struct feed_source *s)
{
	struct buf clean;

	buf_init(&clean, s->name, sizeof(s->name));
	text_clean(&clean, s->chosen, strlen(s->chosen));
	ledger_add_source(f->ledger, s->name, source_linktype(s->source), (uint8_t)f->n);
	f->n++;
}

struct feed_source *
feed_find_interface(struct feed *f, const char *name)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].config.kind == SOURCE_LIVE &&
		    strcmp(f->source[i].config.name, name) == 0)
			return &f->source[i];
	return NULL;
}

bool
feed_add_interface(struct feed *f, const char *name, struct buf *err)
{
	struct feed_source *s = feed_find_interface(f, name);
	bool fresh = s == NULL;

	if (!fresh && s->source != NULL)
		return true;
	if (fresh && (s = feed_alloc_source(f, SOURCE_LIVE, name, err)) == NULL)
		return false;
	if ((s->source = feed_source_open(s, err)) == NULL)
		return false;
	s->deselected = false;
	if (fresh)
		feed_register_source(f, s);
	feed_source_started(f, s);
	feed_update_local(f);
	return true;
}

void
feed_remove_interface(struct feed *f, struct feed_source *s)
{
	if (s->source != NULL)
		feed_source_ended(f, s, SOURCE_ENDED);
	feed_source_set_state(f, s, SOURCE_ENDED);
	s->deselected = true;
	feed_update_local(f);
}
