#include "config.h"

#include "app/actions.h"

#include <stdio.h>
#include <string.h>

#include "feed/link_topology.h"
#include "platform/net.h"

static bool
iface_action_is_captured(struct feed *f, const char *name)
{
	const struct feed_source *s = feed_find_interface(f, name);

	return s != NULL && !s->deselected;
}

/* Reads a line of devices_list(): the name, blanks, a description. */
static void
iface_action_add_line(struct iface_list *t, struct feed *f, const char *line, size_t n)
{
	struct iface_choice *tap = &t->iface[t->n];
	size_t name = strcspn(line, " "), about = name + strspn(line + name, " ");

	if (t->n == IFACE_LIST_MAX || name >= sizeof(tap->name) || about > n)
		return;
	snprintf(tap->name, sizeof(tap->name), "%.*s", (int)name, line);
	snprintf(
	    tap->description, sizeof(tap->description), "%.*s", (int)(n - about), line + about);
	tap->captured = iface_action_is_captured(f, tap->name);
	t->n++;
}

bool
iface_action_list(struct iface_list *t, struct feed *f, struct buf *err)
{
	struct buf list;
	const char *end;
	bool ok;

	buf_new(&list);
	ok = devices_list(&list, err);
	t->n = 0;
	for (const char *s = list.s; ok && (end = strchr(s, '\n')) != NULL; s = end + 1)
		iface_action_add_line(t, f, s, (size_t)(end - s));
	buf_del(&list);
	return ok;
}

/* Files and made-up traffic allow no other source. */
static bool
iface_action_check_live(const struct feed *f, const char *name, struct buf *err)
{
	for (unsigned i = 0; i < f->n; i++) {
		enum source_kind kind = f->source[i].config.kind;

		if (kind == SOURCE_LIVE)
			continue;
		buf_setf(err, "%s; to capture, start with -i %s",
		    kind == SOURCE_DEMO ? "this is synthetic traffic" : "a file is being read",
		    name);
		return false;
	}
	return true;
}

static unsigned
iface_action_count_captured(const struct feed *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		n += !f->source[i].deselected;
	return n;
}

static bool
iface_action_remove(struct feed *f, const char *name, struct buf *err)
{
	if (!iface_action_is_captured(f, name))
		buf_setf(err, "%s is not captured on", name);
	else if (iface_action_count_captured(f) == 1)
		buf_setf(err, "%s is the only interface and cannot be removed", name);
	else
		feed_remove_interface(f, feed_find_interface(f, name));
	return err->len == 0;
}

/*
 * An interface that is being added. If one interface sees all packets of the other, only the first
 * one is kept.
 */
struct addition {
	struct feed *feed;
	const char *name;
	struct link links[TOPOLOGY_LINKS];
	unsigned n;
};

/* The first captured interface that sees all packets of the new one. */
static bool
iface_action_is_covered(const struct addition *a, struct buf *err)
{
	const struct feed *f = a->feed;

	for (unsigned i = 0; i < f->n; i++) {
		const char *other = f->source[i].config.name;

		if (f->source[i].deselected || strcmp(other, a->name) == 0 ||
		    topology_overlap(a->name, other, a->links, a->n) != OVERLAP_WHOLE)
			continue;
		topology_overlap_text(err, OVERLAP_WHOLE, a->name, other);
		return true;
	}
	return false;
}

static void
iface_action_say(struct buf *b, enum topology_overlap overlap, const char *name, const char *other)
{
	if (b->len == 0)
		topology_overlap_text(b, overlap, name, other);
}

static void
iface_action_settle_overlap(const struct addition *a, struct feed_source *s, struct buf *said)
{
	const char *other = s->config.name;
	enum topology_overlap overlap = topology_overlap(other, a->name, a->links, a->n);

	if (overlap == OVERLAP_NONE) {
		overlap = topology_overlap(a->name, other, a->links, a->n);
		if (overlap != OVERLAP_NONE)
			iface_action_say(said, overlap, a->name, other);
		return;
	}
	iface_action_say(said, overlap, other, a->name);
	if (overlap == OVERLAP_WHOLE)
		feed_remove_interface(a->feed, s);
}

static bool
iface_action_join(struct feed *f, const char *name, struct buf *err)
{
	static struct addition a;

	a.feed = f;
	a.name = name;
	a.n = links_list(a.links, TOPOLOGY_LINKS);
	if (iface_action_is_covered(&a, err) || !feed_add_interface(f, name, err))
		return false;
	for (unsigned i = 0; i < f->n; i++)
		if (!f->source[i].deselected && strcmp(f->source[i].config.name, name) != 0)
			iface_action_settle_overlap(&a, &f->source[i], err);
	return true;
}

bool
iface_action_switch(struct feed *f, const char *wanted, struct buf *err)
{
	const char *name = wanted + (*wanted == '+' || *wanted == '-');

	if (!iface_action_check_live(f, name, err))
		return false;
	if (*wanted == '-')
		return iface_action_remove(f, name, err);
	if (*wanted == '+')
		return iface_action_join(f, name, err);
	if (!feed_add_interface(f, name, err))
		return false;
	for (unsigned i = 0; i < f->n; i++)
		if (!f->source[i].deselected && strcmp(f->source[i].config.name, name) != 0)
			feed_remove_interface(f, &f->source[i]);
	return true;
}
