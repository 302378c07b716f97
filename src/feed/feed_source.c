#include "config.h"

#include "feed/private.h"

#include <string.h>

#include "feed/recording.h"
#include "platform/net.h"
#include "util/buf.h"
#include "util/text.h"

#define NS UINT64_C(1000000000)
#define MS UINT64_C(1000000) /* ns */

#define DRAIN_MOST (2 * NS) /* a renamed interface may give packets for ever */

static const char *
feed_display_name(const struct source_config *c)
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

/* "trace.pcapng:eth0"; a long file name is cut to half of the room. */
static void
feed_interface_title(char name[LEDGER_NAME], const char *file, const char *interface)
{
	char half[LEDGER_NAME / 2];
	struct buf b;

	buf_init(&b, half, sizeof(half));
	buf_adds(&b, file);
	buf_init(&b, name, LEDGER_NAME);
	buf_addf(&b, "%s:%s", half, interface);
}

/*
 * A file with one interface is one source with the file's name. Each of several interfaces is a
 * source of its own; a flow that is seen on two of them stays one flow.
 */
static uint16_t
feed_on_interface(void *arg, const struct source_interface *interface)
{
	struct feed_source *s = arg;
	struct ledger *l = s->feed->ledger;
	uint16_t base = s->config.number;
	char name[LEDGER_NAME];
	int number;

	if (s->interfaces++ == 0) {
		strlcpy(s->first, interface->name, sizeof(s->first));
		l->source[base].linktype = interface->linktype;
		return s->last = base;
	}
	feed_interface_title(name, s->name, interface->name);
	number = ledger_find_source(l, name, l->source[base].domain);
	if (number < 0)
		number = ledger_add_source(l, name, interface->linktype, l->source[base].domain);
	if (number < 0 && s->last != base)
		feed_interface_title(l->source[s->last].name, s->name, "other interfaces");
	if (number < 0)
		return s->last;
	if (s->last == base)
		feed_interface_title(l->source[base].name, s->name, s->first);
	return s->last = (uint16_t)number;
}

/* A name in a file is used like a captured DNS answer. */
static void
feed_on_name(void *arg, const uint8_t *address, unsigned bytes, const char *name)
{
	struct feed_source *s = arg;
	struct ledger *l = s->feed->ledger;
	struct addr a = { .b = { 0 } };
	char text[TEXT_MAX + 1];
	struct buf clean;

	buf_init(&clean, text, sizeof(text));
	text_clean(&clean, name, strlen(name));
	feed_keep_name(s->feed, address, bytes, name);
	memcpy(a.b, address, bytes);
	name_cache_learn(&l->host_names, bytes == 4 ? ADDR_IP4 : ADDR_IP6, &a, NAME_DNS, text,
	    (uint32_t)(l->totals.last / NS));
}

void
feed_source_init(struct feed *f, struct feed_source *s, const struct source_config *c)
{
	struct buf name;

	s->feed = f;
	s->config = *c;
	s->config.interface = feed_on_interface;
	s->config.name_found = feed_on_name;
	s->config.arg = s;
	buf_init(&name, s->name, sizeof(s->name));
	text_clean(&name, feed_display_name(c), strlen(feed_display_name(c)));
}

struct source *
feed_source_open(struct feed_source *s, struct buf *err)
{
	struct link l;

	/* Read the index before opening: if the name is reused meanwhile, the index differs. */
	if (s->config.kind == SOURCE_LIVE && links_find(s->config.name, &l))
		s->index = l.index;
	s->config.filter = feed_source_filter(s);
	return s->open != NULL ? s->open(s, err) : source_open(&s->config, err);
}

void
feed_update_local(struct feed *f)
{
	struct net nets[LEDGER_LOCALS];
	const char *names[OPTIONS_SOURCES];
	unsigned n = 0, n_names = 0;

	if (f->opts->n_local > 0) {
		ledger_set_local(f->ledger, f->opts->local, f->opts->n_local);
		f->ledger->local_guessed = f->opts->local_auto;
		return;
	}
	for (unsigned i = 0; i < f->n; i++)
		if (f->source[i].config.kind == SOURCE_LIVE && !f->source[i].deselected)
			names[n_names++] = f->source[i].config.name;
	if (f->opts->demo)
		n = net_parse("192.0.2.0/24", &nets[0]) + net_parse("2001:db8::/64", &nets[1]);
	else if (n_names > 0)
		n = netif_addresses(names, n_names, nets, LEDGER_LOCALS);
	if (n != f->ledger->n_local || memcmp(nets, f->ledger->local, n * sizeof(nets[0])) != 0)
		ledger_set_local(f->ledger, nets, n);
}

static void
feed_housekeep_by(struct feed *f, uint64_t at)
{
	if (at < f->housekeep_at)
		f->housekeep_at = at;
}

void
feed_source_drain(struct feed *f, struct feed_source *s, uint64_t monotonic)
{
	if (s->close_at != 0)
		return;
	s->close_at = monotonic + source_lag(s->source) * MS;
	feed_housekeep_by(f, s->close_at);
}

bool
feed_source_is_drained(struct feed *f, const struct feed_source *s, uint64_t monotonic)
{
	if (monotonic < s->close_at)
		return false;
	if (s->empty || monotonic >= s->close_at + DRAIN_MOST)
		return true;
	feed_housekeep_by(f, monotonic + source_lag(s->source) * MS);
	return false;
}

/* The interfaces of a file have their own drop counters. */
static void
feed_save_counts(struct feed *f, const struct feed_source *s)
{
	for (unsigned i = 0; i < f->ledger->n_sources; i++) {
		struct source_counts c;

		source_counts(s->source, (uint16_t)i, &c);
		source_counts_add(&f->closed_counts[i], &c);
	}
}

void
feed_source_set_state(struct feed *f, const struct feed_source *s, enum source_state state)
{
	struct ledger *l = f->ledger;

	/* Each file has a state of its own. */
	for (unsigned i = 0; i < l->n_sources && s->open == NULL; i++)
		if (l->source[i].domain == l->source[s->config.number].domain)
			l->source[i].state = (uint8_t)state;
}

void
feed_source_ended(struct feed *f, struct feed_source *s, enum source_state state)
{
	uint64_t done;

	feed_save_counts(f, s);
	source_progress(s->source, &done, &s->size);
	source_del(s->source);
	s->source = NULL;
	s->close_at = 0;
	capture_loss_end(f, s);
	feed_source_set_state(f, s, state);
	if (s->config.kind == SOURCE_FILE && s->config.folder == NULL && state != SOURCE_ENDED)
		f->failed = true;
}

enum source_state
feed_source_state_after(enum source_outcome end)
{
	static const enum source_state after[] = {
		[SOURCE_DONE] = SOURCE_ENDED,
		[SOURCE_SHORT] = SOURCE_CUT,
		[SOURCE_ERROR] = SOURCE_FAILED,
	};

	return after[end];
}

void
feed_source_started(struct feed *f, struct feed_source *s)
{
	struct source_stats *st = &f->ledger->source[s->config.number];

	feed_source_set_state(f, s, SOURCE_RUNNING);
	st->linktype = source_linktype(s->source);
	capture_loss_begin(f, s);
	any_device_open(s);
}
