#include "config.h"

#include "feed/private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source.h"
#include "feed/feed.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/die.h"
#include "util/text.h"

#define NAMED 3 /* skipped files of a directory that are named */

static void
feed_files_append(struct feed *f, const char *path)
{
	f->path = xreallocarray(f->path, f->n_files + 1, sizeof(*f->path));
	f->path[f->n_files++] = xstrdup(path);
}

/* Opens a directory of captures; NULL: not a directory, or it cannot be read. */
static DIR *
feed_files_open_dir(const char *path)
{
	struct file_request r = { .op = FILE_FOLDER };
	struct file_reply reply;

	if (strlcpy(r.path, path, sizeof(r.path)) >= sizeof(r.path) ||
	    !file_ops_do(AT_FDCWD, &r, &reply))
		return NULL;
	return fdopendir(reply.fd);
}

static int
feed_files_compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted names in a directory; free(3) each name and the list. */
static char **
feed_files_read_dir(DIR *d, unsigned *n)
{
	const struct dirent *e;
	char **name = NULL;

	*n = 0;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		name = xreallocarray(name, *n + 1, sizeof(*name));
		name[(*n)++] = xstrdup(e->d_name);
	}
	if (*n > 0)
		qsort(name, *n, sizeof(*name), feed_files_compare_names);
	return name;
}

/* "x.txt, y.txt and 3 more"; the names are not sanitised. */
static void
feed_files_skipped_text(struct buf *b, unsigned n, const char *name)
{
	char text[TEXT_MAX + 1];
	struct buf clean;

	if (n >= NAMED)
		return;
	buf_init(&clean, text, sizeof(text));
	text_clean(&clean, name, strlen(name));
	buf_addf(b, "%s%s", n > 0 ? ", " : "", text);
}

static void
feed_files_print_skipped(const char *folder, const struct buf *names, unsigned n)
{
	if (n > NAMED)
		warn_line(
		    "%s: skipped, not capture files: %s and %u more", folder, names->s, n - NAMED);
	else if (n > 0)
		warn_line("%s: skipped, not capture files: %s", folder, names->s);
}

/* Reports why a file cannot be read. Other files are still read, but the run has failed. */
static bool
feed_files_check_readable(struct feed *f, const char *path)
{
	const struct source_config c = { .kind = SOURCE_FILE, .name = path };
	char text[512];
	struct source *s;
	struct buf err;

	buf_init(&err, text, sizeof(text));
	s = source_open(&c, &err);
	if (s == NULL) {
		warn_line("%s; skipped", text);
		f->failed = true;
	}
	source_del(s);
	return s != NULL;
}

/* A pipe cannot be probed and read again. */
static bool
feed_files_is_pipe(const char *path)
{
	int fd = strcmp(path, "-") != 0 ? file_ops_open_dir(path) : STDIN_FILENO;
	struct stat st;
	bool pipe = fd == STDIN_FILENO || (fd != -1 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode));

	if (fd > STDIN_FILENO)
		close(fd);
	return pipe;
}

static void
feed_files_add_path(struct feed *f, const char *path)
{
	/* A single file is opened right away, and reports its own errors. */
	if (f->opts->n_files == 1 || feed_files_is_pipe(path) || feed_files_check_readable(f, path))
		feed_files_append(f, path);
}

static void
feed_files_add_dir(struct feed *f, const char *folder, DIR *d)
{
	unsigned n, skipped = 0, before = f->n_files;
	char **name = feed_files_read_dir(d, &n), skipped_text[512];
	struct buf path, names;

	buf_new(&path);
	buf_init(&names, skipped_text, sizeof(skipped_text));
	for (unsigned i = 0; i < n; i++) {
		buf_setf(&path, "%s/%s", folder, name[i]);
		if (!file_is_capture(path.s))
			feed_files_skipped_text(&names, skipped++, name[i]);
		else if (feed_files_check_readable(f, path.s))
			feed_files_append(f, path.s);
		free(name[i]);
	}
	feed_files_print_skipped(folder, &names, skipped);
	free(name);
	buf_del(&path);
	if (f->n_files == before)
		die("%s: no capture files in this directory", folder);
}

void
feed_files_list(struct feed *f)
{
	for (unsigned i = 0; i < f->opts->n_files; i++) {
		const char *path = f->opts->file[i];
		DIR *d = strcmp(path, "-") != 0 ? feed_files_open_dir(path) : NULL;

		if (d != NULL) {
			feed_files_add_dir(f, path, d);
			closedir(d);
		} else {
			feed_files_add_path(f, path);
		}
	}
	if (f->opts->n_files > 0 && f->n_files == 0)
		die("none of the files can be read");
}

void
feed_files_fini(struct feed *f)
{
	for (unsigned i = 0; i < f->n_files; i++)
		free((void *)(uintptr_t)f->path[i]);
	free(f->path);
}

/* If there are more files than the ledger has sources, these are shared: one per link type. */
#define SHARED 4

#define SHARED_DOMAIN                                                                              \
	UINT8_C(0x80) /* first domain of shared sources; a source of its own has the file's */

static bool
feed_files_is_shared(const struct source_stats *s)
{
	return s->domain >= SHARED_DOMAIN;
}

static bool
feed_files_count_shared(const struct ledger *l)
{
	return l->n_sources > 0 && feed_files_is_shared(&l->source[l->n_sources - 1]);
}

/* The shared source for that link type, created if there is room, else any. */
static int
feed_files_shared_source(struct ledger *l, uint16_t linktype)
{
	for (unsigned i = 0; i < l->n_sources; i++)
		if (feed_files_is_shared(&l->source[i]) && l->source[i].linktype == linktype)
			return (int)i;
	if (l->n_sources < LEDGER_SOURCES)
		return ledger_add_source(
		    l, "other files", linktype, (uint8_t)(SHARED_DOMAIN + l->n_sources));
	return LEDGER_SOURCES - 1;
}

static void
feed_files_on_opened(void *arg, unsigned i, uint16_t linktype)
{
	struct feed *f = arg;
	struct ledger *l = f->ledger;
	struct feed_source *file = &f->file[i];
	unsigned room = LEDGER_SOURCES - l->n_sources;
	int number;

	/* The file is read again. */
	if (file->config.number != UINT16_MAX)
		return;
	if (room > SHARED || (room >= f->n_files - i && !feed_files_count_shared(l)))
		number = ledger_add_source(l, file->name, linktype, (uint8_t)l->n_sources);
	else
		number = feed_files_shared_source(l, linktype);
	file->config.number = f->file_config[i].number = (uint16_t)number;
	ledger_join_points(l, (unsigned)number, f->file[0].config.number);
}

/* The state of files that share a source: running if one is, else the worst. */
static enum source_state
feed_files_combined_state(const struct feed *f, uint16_t number)
{
	enum source_state state = SOURCE_ENDED;

	for (unsigned i = 0; i < f->n_files; i++) {
		const struct feed_source *file = &f->file[i];

		if (file->config.number != number)
			continue;
		if (file->state == SOURCE_RUNNING)
			return SOURCE_RUNNING;
		if (file->state > state)
			state = (enum source_state)file->state;
	}
	return state;
}

static void
feed_files_on_ended(void *arg, unsigned i, enum source_outcome how)
{
	struct feed *f = arg;
	struct feed_source *file = &f->file[i];

	file->state = (uint8_t)feed_source_state_after(how);
	f->failed |= how != SOURCE_DONE;
	feed_source_set_state(f, file, feed_files_combined_state(f, file->config.number));
}

/* "a.pcap and 3 more". */
static void
feed_files_set_title(struct feed_source *s, unsigned n)
{
	char first[LEDGER_NAME / 2];
	struct buf b;

	strlcpy(first, s->name, sizeof(first));
	buf_init(&b, s->name, sizeof(s->name));
	buf_addf(&b, "%s and %u more", first, n - 1);
}

/* Opens the one source for all files.  NULL with one sentence in err. */
static struct source *
feed_files_open(struct feed_source *s, struct buf *err)
{
	struct feed *f = s->feed;
	struct merge_config m = {
		.file = f->file_config,
		.n = f->n_files,
		.filter = f->filter,
		.replay = s->config.replay,
		.opened = feed_files_on_opened,
		.ended = feed_files_on_ended,
		.arg = f,
	};
	struct source *source = merge_open(&m, err);

	s->config.number = f->file[0].config.number;
	return source;
}

void
feed_files_init(struct feed *f, struct feed_source *s, const struct source_config *c)
{
	unsigned n = f->n_files;

	feed_source_init(f, s, c);
	feed_files_set_title(s, n);
	s->open = feed_files_open;
	f->file = xcalloc(n, sizeof(*f->file));
	f->file_config = xcalloc(n, sizeof(*f->file_config));
	for (unsigned i = 0; i < n; i++) {
		struct source_config each = *c;

		each.name = f->path[i];
		each.number = UINT16_MAX;
		feed_source_init(f, &f->file[i], &each);
		f->file_config[i] = f->file[i].config;
	}
}

void
feed_files_name_shared(struct feed *f)
{
	struct ledger *l = f->ledger;

	for (unsigned k = 0; k < l->n_sources; k++) {
		struct source_stats *st = &l->source[k];
		unsigned n = 0;
		struct buf b;

		if (!feed_files_is_shared(st))
			continue;
		for (unsigned i = 0; i < f->n_files; i++)
			n += f->file[i].config.number == k;
		buf_init(&b, st->name, sizeof(st->name));
		buf_addf(&b, "%u more files", n);
	}
}

bool
feed_files_can_restart(const struct feed *f)
{
	for (unsigned i = 0; i < f->n_files; i++)
		if (strcmp(f->path[i], "-") == 0)
			return false;
	return true;
}

void
feed_files_restart(struct feed *f)
{
	for (unsigned i = 0; i < f->n_files; i++) {
		struct feed_source *file = &f->file[i];

		file->interfaces = 0;
		file->state = SOURCE_RUNNING;
		feed_source_set_state(f, file, SOURCE_RUNNING);
	}
}
