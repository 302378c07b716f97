#include "config.h"

#include "capture/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/private.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"

/* If there are more files, those whose time has not come are closed: each needs buffers. */
#define OPEN_MOST 128

/* Filtered frames that are read before other work is done. */
#define SKIPPED 4096

#define LONGEST 262144 /* bytes of a frame, for filters */
#define NUMBERS 64     /* values of frame.source at most */

struct merge_member {
	struct source_config *config;
	struct source *source; /* NULL: not opened yet, or ended */
	struct frame next;
	bool has_next;
	bool ended;
	uint64_t order; /* the stamp of `next`, or a lower bound */
	uint64_t size;  /* bytes of the file */
};

struct merge {
	struct source source;
	struct merge_config config;
	char *filter;
	struct merge_member *member;
	unsigned *heap; /* indices of members, a heap by order */
	unsigned n;     /* members that have not ended */
	struct replay_clock clock;
	bool waits;                         /* the first one has no frame yet */
	struct source_counts gone[NUMBERS]; /* counts of files that have ended */
	struct buf comment;                 /* of all files, as lines */
};

static struct merge *
merge_as_merge(const struct source *s)
{
	return (struct merge *)(uintptr_t)s;
}

static bool
merge_is_before(const struct merge *m, unsigned a, unsigned b)
{
	const struct merge_member *x = &m->member[a], *y = &m->member[b];

	return x->order != y->order ? x->order < y->order : a < b;
}

/* Moves the member at place i down the heap after its order has increased. */
static void
merge_sift_down(struct merge *m, unsigned i)
{
	unsigned moved = m->heap[i], child;

	for (; (child = 2 * i + 1) < m->n; i = child) {
		if (child + 1 < m->n && merge_is_before(m, m->heap[child + 1], m->heap[child]))
			child++;
		if (!merge_is_before(m, m->heap[child], moved))
			break;
		m->heap[i] = m->heap[child];
	}
	m->heap[i] = moved;
}

static void
merge_make_heap(struct merge *m)
{
	for (unsigned i = 0; i < m->n; i++)
		m->heap[i] = i;
	for (unsigned i = m->n / 2; i-- > 0;)
		merge_sift_down(m, i);
}

static bool
merge_open_member(struct merge *m, struct merge_member *f, struct buf *err)
{
	struct source_config c = *f->config;

	c.filter = m->filter;
	c.replay = 0;
	f->source = source_open(&c, err);
	return f->source != NULL;
}

static void
merge_on_next(const struct frame *frame, void *arg)
{
	struct merge_member *f = arg;

	f->next = *frame;
	f->order = frame->ts;
	f->has_next = true;
}

/* A pipe cannot be probed and read again. */
static bool
merge_is_regular(const struct source_config *c, uint64_t *size)
{
	int fd = strcmp(c->name, "-") != 0 ? file_ops_open_dir(c->name) : -1;
	struct stat st;
	bool regular = fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);

	if (fd != -1)
		close(fd);
	if (regular)
		*size = (uint64_t)st.st_size;
	return regular;
}

/* Sets the member's order to its first stamp. */
static bool
merge_peek(struct merge_member *f, struct buf *err)
{
	struct source_config c = *f->config;
	struct source *s;

	c.filter = "";
	c.replay = 0;
	c.interface = NULL;
	c.name_found = NULL;
	s = source_open(&c, err);
	if (s == NULL)
		return false;
	source_read(s, 1, merge_on_next, f, NULL, err);
	/* Its bytes are freed with the source. Errors are reported when the file is read. */
	f->has_next = false;
	buf_clear(err);
	source_del(s);
	return true;
}

static void
merge_add_comment(struct merge *m, const char *comment)
{
	if (*comment != '\0')
		buf_addf(&m->comment, "%s%s", m->comment.len > 0 ? "\n" : "", comment);
}

static bool
merge_open_turn(struct merge *m, unsigned i, struct buf *err)
{
	struct merge_member *f = &m->member[i];
	bool regular = merge_is_regular(f->config, &f->size);
	uint16_t linktype;

	if (regular && !merge_peek(f, err))
		return false;
	if (!merge_open_member(m, f, err))
		return false;
	linktype = source_linktype(f->source);
	if (i == 0)
		m->source.linktype = linktype;
	merge_add_comment(m, source_comment(f->source));
	/* Open it with the current configuration. */
	m->config.opened(m->config.arg, i, linktype);
	f->source->number = f->config->number;
	if (regular && m->n > OPEN_MOST) {
		source_del(f->source);
		f->source = NULL;
	}
	return true;
}

static void
merge_close_member(struct merge *m, struct merge_member *f, enum source_outcome how)
{
	for (uint16_t i = 0; i < NUMBERS && f->source != NULL; i++) {
		struct source_counts c;

		source_counts(f->source, i, &c);
		source_counts_add(&m->gone[i], &c);
	}
	source_del(f->source);
	f->source = NULL;
	f->ended = true;
	m->heap[0] = m->heap[--m->n];
	if (m->n > 0)
		merge_sift_down(m, 0);
	m->config.ended(m->config.arg, (unsigned)(f - m->member), how);
}

/*
 * Reads the next frame, or the end, of the file whose turn it is. False if the merge must wait, or
 * must report something first.
 */
static bool
merge_read_member(struct merge *m, struct merge_member *f, unsigned *budget, struct buf *err)
{
	enum source_outcome o;
	unsigned given;

	if (f->source == NULL && !merge_open_member(m, f, err)) {
		merge_close_member(m, f, SOURCE_ERROR);
		return false;
	}
	o = source_read(f->source, 1, merge_on_next, f, &given, err);
	if (given > 0) {
		merge_sift_down(m, 0);
	} else if (o != SOURCE_READ) {
		merge_close_member(m, f, o);
		return o == SOURCE_DONE;
	} else if (source_fd(f->source) >= 0 || --*budget == 0) {
		m->waits = *budget > 0;
		return false;
	}
	return true;
}

static bool
merge_is_due(struct merge *m, const struct frame *frame)
{
	return m->config.replay <= 0 ||
	    replay_clock_wait(&m->clock, frame->ts, replay_clock_now()) == 0;
}

static enum source_outcome
merge_read(struct source *s, unsigned max, struct buf *err)
{
	struct merge *m = merge_as_merge(s);
	unsigned budget = SKIPPED;

	m->waits = false;
	while (m->n > 0 && s->delivered < max) {
		struct merge_member *f = &m->member[m->heap[0]];

		if (!f->has_next) {
			if (!merge_read_member(m, f, &budget, err))
				return SOURCE_READ;
			continue;
		}
		if (!merge_is_due(m, &f->next))
			return SOURCE_READ;
		f->has_next = false;
		s->delivered++;
		s->fn(&f->next, s->arg);
	}
	return m->n > 0 ? SOURCE_READ : SOURCE_DONE;
}

static int
merge_fd(const struct source *s)
{
	const struct merge *m = merge_as_merge(s);

	return m->n > 0 && m->waits ? source_fd(m->member[m->heap[0]].source) : -1;
}

static int
merge_timeout(const struct source *s)
{
	struct merge *m = merge_as_merge(s);
	const struct merge_member *f;

	if (m->n == 0)
		return -1;
	if (m->waits)
		return source_timeout(m->member[m->heap[0]].source);
	f = &m->member[m->heap[0]];
	if (m->config.replay <= 0 || !f->has_next)
		return 0;
	return replay_clock_timeout(replay_clock_wait(&m->clock, f->next.ts, replay_clock_now()));
}

static void
merge_progress(const struct source *s, uint64_t *done, uint64_t *all)
{
	const struct merge *m = merge_as_merge(s);

	for (unsigned i = 0; i < m->config.n; i++) {
		const struct merge_member *f = &m->member[i];
		uint64_t d = f->ended ? f->size : 0, a;

		if (f->source != NULL)
			source_progress(f->source, &d, &a);
		*done += d;
		*all += f->size;
	}
}

static void
merge_counts(struct source *s, uint16_t number, struct source_counts *sum)
{
	const struct merge *m = merge_as_merge(s);

	*sum = m->gone[number];
	for (unsigned i = 0; i < m->config.n; i++) {
		struct source_counts c = { 0 };

		if (m->member[i].source != NULL)
			source_counts(m->member[i].source, number, &c);
		source_counts_add(sum, &c);
	}
}

static const struct source_interface *
merge_interface(const struct source *s, uint16_t number)
{
	const struct merge *m = merge_as_merge(s);
	const struct source_interface *found = NULL;

	for (unsigned i = 0; i < m->config.n && found == NULL; i++)
		if (m->member[i].source != NULL)
			found = source_interface(m->member[i].source, number);
	return found;
}

static const char *
merge_comment(const struct source *s)
{
	return merge_as_merge(s)->comment.s;
}

/* Restores the old filter on the files before the one that refused it. */
static bool
merge_filter(struct source *s, const char *filter, struct buf *err)
{
	struct merge *m = merge_as_merge(s);
	unsigned i, n = m->config.n;

	for (i = 0; i < n; i++)
		if (m->member[i].source != NULL &&
		    !source_set_filter(m->member[i].source, filter, err))
			break;
	if (i == n) {
		free(m->filter);
		m->filter = xstrdup(filter);
		return true;
	}
	while (i-- > 0)
		if (m->member[i].source != NULL)
			source_set_filter(m->member[i].source, m->filter, NULL);
	return false;
}

static void
merge_handles(struct source *s, void (*fn)(struct pcap *p, void *arg), void *arg)
{
	struct merge *m = merge_as_merge(s);

	for (unsigned i = 0; i < m->config.n; i++)
		if (m->member[i].source != NULL)
			source_handles(m->member[i].source, fn, arg);
}

static void
merge_del(struct source *s)
{
	struct merge *m = merge_as_merge(s);

	for (unsigned i = 0; i < m->config.n; i++)
		source_del(m->member[i].source);
	free(m->member);
	free(m->heap);
	free(m->filter);
	buf_del(&m->comment);
	free(m);
}

static uint64_t
merge_replay_time(const struct source *s, uint64_t now)
{
	const struct merge *m = merge_as_merge(s);
	bool waits = m->n > 0 && !m->waits && m->member[m->heap[0]].has_next;

	return waits ? replay_clock_time(&m->clock, now) : 0;
}

static const struct source_ops merge_ops = {
	.read = merge_read,
	.timeout = merge_timeout,
	.del = merge_del,
	.fd = merge_fd,
	.progress = merge_progress,
	.counts = merge_counts,
	.interface = merge_interface,
	.handles = merge_handles,
	.comment = merge_comment,
	.replay_time = merge_replay_time,
	.filter = merge_filter,
};

/* Overlapping files are open at the same time, and there may be many. */
static void
merge_allow_descriptors(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= r.rlim_max)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

struct source *
merge_open(const struct merge_config *c, struct buf *err)
{
	struct merge *m = xcalloc(1, sizeof(*m));

	if (c->n > OPEN_MOST)
		merge_allow_descriptors();
	m->source.ops = &merge_ops;
	m->source.kind = SOURCE_FILE;
	m->source.name = xstrdup("files");
	m->config = *c;
	buf_new(&m->comment);
	m->filter = xstrdup(c->filter != NULL ? c->filter : "");
	m->member = xcalloc(c->n, sizeof(*m->member));
	m->heap = xcalloc(c->n, sizeof(*m->heap));
	m->n = c->n;
	replay_clock_init(&m->clock, c->replay);
	for (unsigned i = 0; i < c->n; i++)
		m->member[i].config = &c->file[i];
	m->source.pcap = pcap_open_dead(DLT_EN10MB, LONGEST);
	for (unsigned i = 0; i < c->n; i++) {
		if (merge_open_turn(m, i, err))
			continue;
		source_del(&m->source);
		return NULL;
	}
	merge_make_heap(m);
	return &m->source;
}
