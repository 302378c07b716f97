/* Growing files: created, whole records only, rotated, and restarted. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/file.h"
#include "export/writer.h"

#define S    UINT64_C(1000000000)
#define HEAD "name\n"

/* Replaces the C library's fsync(), and counts. */
static unsigned n_synced;

int
fsync(int fd)
{
	n_synced++;
	return fdatasync(fd);
}

/* Shared by a test and the writer that it has forked. */
static struct shared {
	time_t ahead;        /* s added to the clock */
	volatile bool waits; /* the writer blocks */
	pid_t parent;
} * shared;

/* These replace the C library's. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	int rc = (int)syscall(SYS_clock_gettime, id, t);

	if (shared != NULL)
		t->tv_sec += shared->ahead;
	return rc;
}

int
poll(struct pollfd *fds, nfds_t n, int ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	bool note = shared != NULL && shared->parent != getpid();
	int rc;

	if (note)
		shared->waits = true;
	rc = ppoll(fds, n, ms >= 0 ? &t : NULL, NULL);
	if (note)
		shared->waits = false;
	return rc;
}

struct fixture {
	char dir[64], path[512], content[65536], err_text[512];
	struct rotating_file file;
	struct file_rotation rotation;
	struct buf err;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strlcpy(f->dir, "/tmp/pkttop-writer.XXXXXX", sizeof(f->dir));
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/log.csv", f->dir);
	buf_init(&f->err, f->err_text, sizeof(f->err_text));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	struct dirent *e;
	DIR *d = opendir(f->dir);

	while (d != NULL && (e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	rmdir(f->dir);
	free(f);
	return 0;
}

/* A path in the directory; valid until the next call. */
static const char *
path_of(struct fixture *f, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	return path;
}

/* NULL if there is no such file. */
static const char *
content_of(struct fixture *f, const char *name)
{
	int fd = open(path_of(f, name), O_RDONLY);
	ssize_t n;

	if (fd == -1)
		return NULL;
	n = read(fd, f->content, sizeof(f->content) - 1);
	close(fd);
	f->content[n > 0 ? n : 0] = '\0';
	return f->content;
}

static bool
open_file(struct fixture *f)
{
	return rotating_file_open(&f->file, f->path, &f->rotation, HEAD, strlen(HEAD), S, &f->err);
}

static int
put(struct fixture *f, const char *record, uint64_t now)
{
	return rotating_file_write(&f->file, record, strlen(record), now);
}

static void
make(struct fixture *f, const char *name, const char *content)
{
	FILE *file = fopen(path_of(f, name), "w");

	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void
test_it_has_the_head_and_nobody_else_reads_it(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_true(open_file(f));
	assert_int_equal(put(f, "one\n", S), 0);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(rotating_file_close(&f->file), 0);
	assert_string_equal(content_of(f, "log.csv"), HEAD "one\n");
}

static void
test_nothing_is_overwritten(void **state)
{
	struct fixture *f = *state;

	make(f, "victim", "precious");
	make(f, "log.csv", "old");
	assert_false(open_file(f));
	assert_non_null(strstr(f->err.s, "log.csv: already exists"));
	assert_string_equal(content_of(f, "log.csv"), "old");
	unlink(f->path);
	assert_int_equal(symlink("victim", f->path), 0);
	assert_false(open_file(f));
	unlink(f->path);
	assert_int_equal(symlink("nowhere", f->path), 0);
	assert_false(open_file(f));
	unlink(f->path);
	assert_int_equal(mkfifo(f->path, 0600), 0);
	assert_false(open_file(f)); /* and does not wait for a reader */
	assert_string_equal(content_of(f, "victim"), "precious");
	assert_null(content_of(f, "nowhere"));
}

static void
test_where_it_cannot_be(void **state)
{
	struct fixture *f = *state;

	snprintf(f->path, sizeof(f->path), "%s/none/log.csv", f->dir);
	assert_false(open_file(f));
	assert_non_null(strstr(f->err.s, "none/log.csv"));
	snprintf(f->path, sizeof(f->path), "%s/", f->dir);
	assert_false(open_file(f));
	chmod(f->dir, 0777);
	snprintf(f->path, sizeof(f->path), "%s/log.csv", f->dir);
	assert_false(open_file(f));
	assert_non_null(strstr(f->err.s, "sticky"));
	assert_null(content_of(f, "log.csv"));
}

static void
test_rotation_by_size_keeps_what_it_shall(void **state)
{
	struct fixture *f = *state;

	make(f, "log-2.csv", "of another");
	f->rotation = (struct file_rotation){ .bytes = 13, .keep = 2 };
	assert_true(open_file(f));
	/* Two records fit after the head, the third does not. */
	for (const char *p = "1234567890"; *p != '\0'; p++)
		assert_int_equal(put(f, (char[]){ 'r', 'e', *p, '\n', '\0' }, S), 0);
	rotating_file_close(&f->file);
	assert_string_equal(content_of(f, "log.csv"), HEAD "re9\nre0\n");
	assert_string_equal(content_of(f, "log-5.csv"), HEAD "re7\nre8\n");
	assert_string_equal(content_of(f, "log-4.csv"), HEAD "re5\nre6\n");
	assert_null(content_of(f, "log-3.csv"));
	assert_null(content_of(f, "log-1.csv"));
	assert_string_equal(content_of(f, "log-2.csv"), "of another");
}

/* The size limit includes the file's tail. */
static void
test_the_tail_counts(void **state)
{
	struct fixture *f = *state;

	f->rotation = (struct file_rotation){ .bytes = 17 };
	assert_true(open_file(f));
	f->file.tail = "end\n";
	f->file.tail_size = 4;
	assert_int_equal(put(f, "one\n", S), 0);
	assert_int_equal(put(f, "two\n", S), 0);
	assert_int_equal(put(f, "3\n", S), 0);
	rotating_file_close(&f->file);
	assert_string_equal(content_of(f, "log-1.csv"), HEAD "one\ntwo\nend\n");
	assert_string_equal(content_of(f, "log.csv"), HEAD "3\nend\n");
}

static void
test_rotation_by_time(void **state)
{
	struct fixture *f = *state;

	f->rotation = (struct file_rotation){ .ns = 60 * S };
	assert_true(open_file(f));
	put(f, "one\n", 60 * S);
	n_synced = 0;
	put(f, "two\n", 61 * S);
	assert_int_equal(n_synced, 1); /* the closed file is synced */
	put(f, "three\n", 62 * S);
	rotating_file_close(&f->file);
	assert_string_equal(content_of(f, "log-1.csv"), HEAD "one\n");
	assert_string_equal(content_of(f, "log.csv"), HEAD "two\nthree\n");
}

/* A partial record is truncated, and written after there is room. */
static void
test_full(void **state)
{
	struct fixture *f = *state;
	struct rlimit was, small;

	signal(SIGXFSZ, SIG_IGN);
	assert_true(open_file(f));
	put(f, "one\n", S);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 12;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(put(f, "too long\n", S), EFBIG);
	assert_string_equal(content_of(f, "log.csv"), HEAD "one\n");
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(put(f, "two\n", S), 0);
	rotating_file_close(&f->file);
	assert_string_equal(content_of(f, "log.csv"), HEAD "one\ntwo\n");
}

static void
test_removed_and_renamed(void **state)
{
	struct fixture *f = *state;
	char other[128];

	assert_true(open_file(f));
	put(f, "one\n", S);
	assert_false(rotating_file_is_gone(&f->file, 3 * S));
	unlink(f->path);
	assert_true(rotating_file_is_gone(&f->file, 5 * S));
	assert_int_equal(put(f, "two\n", 5 * S), 0);
	assert_string_equal(content_of(f, "log.csv"), HEAD "two\n");
	strlcpy(other, path_of(f, "moved"), sizeof(other));
	rename(f->path, other);
	assert_false(rotating_file_is_gone(&f->file, 7 * S));
	assert_int_equal(put(f, "three\n", 7 * S), 0);
	rotating_file_close(&f->file);
	assert_string_equal(content_of(f, "moved"), HEAD "two\n");
	assert_string_equal(content_of(f, "log.csv"), HEAD "three\n");
}

/* Like logrotate: no hole remains, and the file begins with its head again. */
static void
test_copied_and_cut_off(void **state)
{
	struct fixture *f = *state;
	struct rlimit was, small;

	signal(SIGXFSZ, SIG_IGN);
	f->rotation = (struct file_rotation){ .bytes = 13 };
	assert_true(open_file(f));
	put(f, "one\n", S);
	assert_int_equal(truncate(f->path, 0), 0);
	put(f, "two\n", S);
	put(f, "thr\n", S);
	assert_string_equal(content_of(f, "log.csv"), HEAD "two\nthr\n");
	assert_int_equal(truncate(f->path, 0), 0);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 7;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(put(f, "four\n", S), EFBIG);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_string_equal(content_of(f, "log.csv"), HEAD);
	rotating_file_close(&f->file);
}

/* A name without room for a number. */
static void
name_longest(struct fixture *f)
{
	snprintf(f->path, sizeof(f->path), "%s/%0255d", f->dir, 0);
	f->rotation = (struct file_rotation){ .bytes = 9 };
}

static void
test_what_cannot_be_renamed_grows(void **state)
{
	struct fixture *f = *state;

	name_longest(f);
	assert_true(open_file(f));
	assert_int_equal(put(f, "one\n", S), 0);
	assert_int_equal(f->file.rotate_error, 0);
	assert_int_equal(put(f, "two\n", S), 0);
	assert_int_equal(f->file.rotate_error, ENAMETOOLONG);
	/* It is not retried with every record. */
	f->file.rotate_error = 0;
	assert_int_equal(put(f, "three\n", 31 * S - 1), 0);
	assert_int_equal(f->file.rotate_error, 0);
	assert_int_equal(put(f, "four\n", 31 * S), 0);
	assert_int_equal(f->file.rotate_error, ENAMETOOLONG);
	rotating_file_close(&f->file);
	assert_string_equal(
	    content_of(f, strrchr(f->path, '/') + 1), HEAD "one\ntwo\nthree\nfour\n");
}

static struct async_writer *
start(struct fixture *f, bool patient)
{
	struct async_writer_config c = { .what = "log",
		.path = f->path,
		.rotation = f->rotation,
		.head = HEAD,
		.head_size = strlen(HEAD),
		.patient = patient };
	struct async_writer *w = async_writer_new(&c, S, &f->err);

	assert_non_null(w);
	return w;
}

#define RECORDS 400000

/* More than the capacity of the queue and the pipe. */
static void
add_many(struct fixture *f, struct async_writer *w)
{
	char record[41];
	struct stat st;

	for (int i = 0; i < RECORDS; i++) {
		snprintf(record, sizeof(record), "%039d\n", i);
		async_writer_add(w, record, 40);
	}
	assert_true(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "400000 written"));
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_size, RECORDS * 40 + 5);
}

static void
test_a_patient_writer_misses_nothing(void **state)
{
	add_many(*state, start(*state, true));
}

/* async_writer_has_room() keeps a reserve for other callers; in the end add() waits. */
static void
test_room(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w = start(f, false);
	unsigned n = 0;

	for (; async_writer_has_room(w); n++)
		async_writer_add(w, "one\n", 4);
	for (unsigned i = 0; i < n; i++)
		async_writer_add(w, "two\n", 4);
	assert_int_equal(async_writer_missed(w), 0);
	assert_false(async_writer_has_room(w));
	while (async_writer_flush(w)) {
		struct pollfd p = { .fd = async_writer_pipe_fd(w), .events = POLLOUT };

		assert_int_equal(poll(&p, 1, 5000), 1);
	}
	assert_true(async_writer_has_room(w));
	assert_true(async_writer_del(w, &f->err));
	assert_int_equal(unlink(f->path), 0);
	w = start(f, false);
	async_writer_wait(w);
	add_many(f, w);
}

/* An addition to the head is written once to each file, even if files follow each other. */
static void
test_an_addition_to_the_head(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w;

	f->rotation.bytes = 16;
	w = start(f, true);
	async_writer_add(w, "one\n", 4);
	async_writer_add_head(w, "more\n", 5);
	for (int i = 0; i < 2; i++) {
		async_writer_flush(w);
		async_writer_add(w, "two\n", 4);
	}
	async_writer_count_missed(w);
	assert_false(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "3 written, 1 lost"));
	assert_string_equal(content_of(f, "log-1.csv"), HEAD "one\nmore\n");
	assert_string_equal(content_of(f, "log-2.csv"), HEAD "more\ntwo\n");
	assert_string_equal(content_of(f, "log.csv"), HEAD "more\ntwo\n");
}

/* The loop continues while a stopped writer syncs its file. */
static void
test_an_end_that_nobody_waits_for(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w = start(f, false);

	async_writer_add(w, "one\n", 4);
	async_writer_end(w);
	while (!async_writer_has_ended(w)) {
		struct pollfd p = { .fd = async_writer_fd(w), .events = POLLIN };

		assert_int_equal(poll(&p, 1, 5000), 1);
		async_writer_read_notes(w, &f->err);
	}
	assert_true(async_writer_del(w, &f->err));
	assert_string_equal(content_of(f, "log.csv"), HEAD "one\n");
}

static void
listen(struct async_writer *w, struct buf *said)
{
	struct pollfd p = { .fd = async_writer_fd(w), .events = POLLIN };

	assert_int_equal(poll(&p, 1, 5000), 1);
	async_writer_read_notes(w, said);
}

/* Writes a record, and waits until the writer has processed it. */
static void
hand(struct async_writer *w, const char *record)
{
	int left = 1;

	async_writer_add(w, record, strlen(record));
	async_writer_flush(w);
	for (int i = 0; i < 10000 && (left > 0 || !shared->waits); i++) {
		assert_int_equal(ioctl(async_writer_pipe_fd(w), FIONREAD, &left), 0);
		usleep(1000);
	}
}

/* A removed directory is noticed at once; it is retried 30 s later, and not sooner. */
static void
test_a_halted_writer_tries_again(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w;

	shared =
	    mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);
	shared->parent = getpid();
	w = start(f, false);
	hand(w, "one\n");
	unlink(f->path);
	assert_int_equal(rmdir(f->dir), 0);
	shared->ahead += 2;
	hand(w, "two\n");
	listen(w, &f->err);
	assert_non_null(strstr(f->err.s, "retrying every 30 s"));
	assert_int_equal(async_writer_state(w), WRITER_HALTED);
	assert_int_equal(mkdir(f->dir, 0700), 0);
	shared->ahead += 28;
	hand(w, "three\n");
	async_writer_read_notes(w, &f->err);
	assert_int_equal(async_writer_state(w), WRITER_HALTED);
	shared->ahead += 3;
	hand(w, "four\n");
	listen(w, &f->err);
	assert_int_equal(async_writer_state(w), WRITER_RUNS);
	assert_false(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "1 written, 3 lost"));
	assert_string_equal(content_of(f, "log.csv"), HEAD "four\n");
	munmap(shared, sizeof(*shared));
	shared = NULL;
}

/* Records that a full disk refuses are counted; whole records stay whole. */
static void
test_a_full_disk_is_said(void **state)
{
	struct fixture *f = *state;
	struct rlimit was, small;
	struct async_writer *w;

	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 12;
	setrlimit(RLIMIT_FSIZE, &small); /* inherited by the child */
	w = start(f, false);
	setrlimit(RLIMIT_FSIZE, &was);
	async_writer_add(w, "one\n", 4);
	async_writer_flush(w);
	async_writer_add(w, "too long\n", 9);
	async_writer_flush(w);
	listen(w, &f->err);
	assert_int_equal(async_writer_state(w), WRITER_HALTED);
	assert_non_null(strstr(f->err.s, "File too large"));
	async_writer_add(w, "three\n", 6);
	assert_false(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "1 written, 2 lost"));
	assert_string_equal(content_of(f, "log.csv"), HEAD "one\n");
}

static void
test_its_name_is_clean(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w;

	snprintf(f->path, sizeof(f->path), "%s/\033[2J.csv", f->dir);
	w = start(f, false);
	assert_true(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "/\\x1b[2J.csv: 0 written"));
	assert_false(open_file(f));
	assert_non_null(strstr(f->err.s, "/\\x1b[2J.csv: already exists"));
}

static void
test_a_file_that_cannot_be_rotated_is_said(void **state)
{
	struct fixture *f = *state;
	struct async_writer *w;

	name_longest(f);
	w = start(f, false);
	for (int i = 0; i < 2; i++) {
		async_writer_add(w, "one\n", 4);
		async_writer_flush(w);
	}
	listen(w, &f->err);
	assert_non_null(strstr(f->err.s, "cannot be rotated"));
	assert_int_equal(async_writer_state(w), WRITER_RUNS);
	assert_false(async_writer_del(w, &f->err));
	assert_non_null(strstr(f->err.s, "2 written; not rotated"));
}

/* A program that is killed leaves whole records, even if a piece was partly written. */
static void
test_the_program_dies(void **state)
{
	struct fixture *f = *state;
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		struct async_writer *w = start(f, false);

		close(ready[0]);
		async_writer_add(w, "one\n", 4);
		async_writer_flush(w);
		async_writer_add(w, "two\n", 4);
		if (write(async_writer_pipe_fd(w), "\5\0", 2) == 2) /* the start of a piece */
			raise(SIGKILL);
	}
	close(ready[1]);
	/* The writer's child has closed unneeded descriptors, and the program is dead. */
	assert_int_equal(read(ready[0], &c, 1), 0);
	close(ready[0]);
	for (int i = 0; i < 100; i++) {
		const char *s = content_of(f, "log.csv");

		if (s != NULL && strcmp(s, HEAD "one\n") == 0)
			return;
		usleep(20000);
	}
	fail_msg("what had reached the writer was not written: %s", f->content);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_it_has_the_head_and_nobody_else_reads_it, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_is_overwritten, setup, teardown),
		cmocka_unit_test_setup_teardown(test_where_it_cannot_be, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_rotation_by_size_keeps_what_it_shall, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_tail_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rotation_by_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_removed_and_renamed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_copied_and_cut_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_cannot_be_renamed_grows, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_patient_writer_misses_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_addition_to_the_head, setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_end_that_nobody_waits_for, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_halted_writer_tries_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_full_disk_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(test_its_name_is_clean, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_file_that_cannot_be_rotated_is_said, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_program_dies, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
