#include "config.h"

#include "taps.h"

#include <stdio.h>
#include <string.h>

static bool
is_on(struct feed *f, const char *name)
{
	const struct feed_source *s = feed_find_live(f, name);

	return s != NULL && !s->left;
}

/* A line of interfaces_list(): the name, blanks, all the rest. */
static void
add(struct taps *t, struct feed *f, const char *line, size_t n)
{
	struct tap *tap = &t->of[t->n];
	size_t name = strcspn(line, " "), about = name + strspn(line + name, " ");

	if (t->n == TAPS || name >= sizeof(tap->name) || about > n)
		return;
	snprintf(tap->name, sizeof(tap->name), "%.*s", (int)name, line);
	snprintf(tap->about, sizeof(tap->about), "%.*s", (int)(n - about), line + about);
	tap->on = is_on(f, tap->name);
	t->n++;
}

bool
taps_list(struct taps *t, struct feed *f, struct buf *err)
{
	struct buf list;
	const char *end;
	bool ok;

	buf_new(&list);
	ok = interfaces_list(&list, err);
	t->n = 0;
	for (const char *s = list.s; ok && (end = strchr(s, '\n')) != NULL; s = end + 1)
		add(t, f, s, (size_t)(end - s));
	buf_del(&list);
	return ok;
}

/* What is read is all that there is to be seen, where it is no interface. */
static bool
is_all_live(const struct feed *f, const char *name, struct buf *err)
{
	for (unsigned i = 0; i < f->n; i++) {
		enum source_kind kind = f->source[i].config.kind;

		if (kind == SOURCE_LIVE)
			continue;
		buf_setf(err, "%s: to capture, start with -i %s",
		    kind == SOURCE_DEMO ? "this is made-up traffic" : "a file is being read", name);
		return false;
	}
	return true;
}

static unsigned
count_on(const struct feed *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		n += !f->source[i].left;
	return n;
}

static bool
drop(struct feed *f, const char *name, struct buf *err)
{
	if (!is_on(f, name))
		buf_setf(err, "%s is not captured on", name);
	else if (count_on(f) == 1)
		buf_setf(err, "%s is the only one: it stays", name);
	else
		feed_leave(f, feed_find_live(f, name));
	return err->len == 0;
}

bool
taps_switch(struct feed *f, const char *wanted, struct buf *err)
{
	const char *name = wanted + (*wanted == '+' || *wanted == '-');

	if (!is_all_live(f, name, err))
		return false;
	if (*wanted == '-')
		return drop(f, name, err);
	if (!feed_join(f, name, err))
		return false;
	for (unsigned i = 0; *wanted != '+' && i < f->n; i++)
		if (!f->source[i].left && strcmp(f->source[i].config.name, name) != 0)
			feed_leave(f, &f->source[i]);
	return true;
}
