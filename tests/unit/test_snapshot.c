/* Snapshots: the files' content, and that they appear complete, under a new name, or not at all. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/ledger.h"
#include "dissect/dissect.h"
#include "export/draw.h"
#include "export/file.h"
#include "export/private.h"
#include "export/snapshot.h"
#include "platform/child.h"

#define S    UINT64_C(1000000000)
#define T0   (UINT64_C(1700000000) * S)
#define NAME "pkttop-20231114-221320" /* of T0, in UTC */

static const struct hashkey fixed_key = { 1, 2 };

/* These replace the C library's. */
static unsigned n_synced, sync_fails; /* the call that fails; 0: none */
static uid_t maker;                   /* owner of a new directory; 0: its creator */
static const char *warning;           /* of a library, on standard error; NULL: none */
static bool spins;                    /* as a library does that gets no memory */

int
fsync(int fd)
{
	if (++n_synced == sync_fails) {
		errno = EIO;
		return -1;
	}
	return fdatasync(fd);
}

/* If the child has its limit of processor time, uses it up: a second is enough. */
static void
spin_within_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CPU, &limit) == -1 || limit.rlim_cur != CHILD_CPU_SECONDS)
		return;
	limit.rlim_cur = 1;
	if (setrlimit(RLIMIT_CPU, &limit) == 0)
		for (;;)
			;
}

int
mkdirat(int fd, const char *name, mode_t mode)
{
	int rc = (int)syscall(SYS_mkdirat, fd, name, mode);

	if (spins)
		spin_within_limit();
	for (unsigned i = 0; warning != NULL && i < 20; i++)
		dprintf(STDERR_FILENO, "%s\n", warning);
	if (rc == 0 && maker != 0)
		rc = fchownat(fd, name, maker, (gid_t)-1, AT_SYMLINK_NOFOLLOW);
	return rc;
}

struct fixture {
	char dir[64];
	int fd;
	struct ledger *ledger;
	struct snapshot snapshot;
	struct buf said;
	char said_text[512];
	char content[65536];
};

static struct pkt
udp(uint8_t src, uint8_t dst, uint32_t len, uint64_t ts)
{
	return (struct pkt){
		.src = { .b = { 192, 0, 2, src } },
		.dst = { .b = { 192, 0, 2, dst } },
		.ts = ts,
		.len = len,
		.sport = 40000,
		.dport = 53,
		.proto = 17,
		.kind = ADDR_IP4,
		.flags = PKT_PORTS,
		.depth = 3,
		.stack = { PROTO_ETH, PROTO_IP, PROTO_UDP },
	};
}

static int
setup(void **state)
{
	struct ledger_config c = { .memory = LEDGER_MEMORY_MIN, .key = &fixed_key };
	struct fixture *f = calloc(1, sizeof(*f));
	struct pkt p = udp(1, 7, 80, T0),
		   nameless = { .ts = T0 + S, .len = 60, .depth = 1, .stack = { PROTO_ETH } };

	setenv("TZ", "UTC0", 1);
	tzset();
	strlcpy(f->dir, "/tmp/test_snapshot.XXXXXX", sizeof(f->dir));
	assert_non_null(mkdtemp(f->dir));
	f->fd = open(f->dir, O_RDONLY | O_DIRECTORY);
	f->ledger = ledger_new(&c);
	ledger_add_source(f->ledger, "=1+2,x", 1, 0);
	f->ledger->source[0].drops_known = true;
	f->ledger->source[0].kernel_dropped = 4;
	ledger_count(f->ledger, &p, 1);
	ledger_count(f->ledger, &nameless, 1);
	ledger_flush(f->ledger);
	buf_init(&f->said, f->said_text, sizeof(f->said_text));
	snapshot_init(&f->snapshot);
	*state = f;
	return 0;
}

/* Removes the content of the open directory, one level deep. */
static void
empty(int dirfd)
{
	DIR *d = fdopendir(dup(dirfd));
	struct dirent *e;

	rewinddir(d);
	while ((e = readdir(d)) != NULL) {
		int fd;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd, e->d_name, 0) == 0)
			continue;
		fd = openat(dirfd, e->d_name, O_RDONLY | O_DIRECTORY);
		if (fd != -1) {
			empty(fd);
			close(fd);
		}
		unlinkat(dirfd, e->d_name, AT_REMOVEDIR);
	}
	closedir(d);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	empty(f->fd);
	close(f->fd);
	assert_int_equal(rmdir(f->dir), 0);
	ledger_del(f->ledger);
	free(f);
	return 0;
}

static unsigned
entries(int dirfd)
{
	DIR *d = fdopendir(dup(dirfd));
	unsigned n = 0;

	rewinddir(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static const char *
content(struct fixture *f, const char *path)
{
	int fd = openat(f->fd, path, O_RDONLY);
	ssize_t n;

	assert_true(fd != -1);
	n = read(fd, f->content, sizeof(f->content) - 1);
	close(fd);
	assert_true(n >= 0);
	f->content[n] = '\0';
	return f->content;
}

/* Takes a snapshot and waits; the result is in f->said. */
static bool
take(struct fixture *f, const char *dir)
{
	bool ok = false;

	if (!snapshot_start(&f->snapshot, f->ledger, dir, T0, &f->said))
		return false;
	assert_true(snapshot_wait(&f->snapshot, SNAPSHOT_WAIT_S, &f->said, &ok));
	assert_int_equal(f->snapshot.pid, 0);
	assert_int_equal(f->snapshot.fd, -1);
	return ok;
}

static void
test_files_say_what_is_counted(void **state)
{
	static const char flows[] =
	    "source,source_port,destination,destination_port,protocol,"
	    "packets_to_destination,bytes_to_destination,packets_to_source,bytes_to_source,"
	    "first,last,a_name,b_name\r\n"
	    "192.0.2.1,40000,192.0.2.7,53,udp,1,80,0,0,"
	    "2023-11-14T22:13:20.000000000Z,2023-11-14T22:13:20.000000000Z,,ns.example.org\r\n"
	    ",,,,";
	const struct addr named = { .b = { 192, 0, 2, 7 } };
	struct fixture *f = *state;

	name_cache_learn(&f->ledger->host_names, ADDR_IP4, &named, NAME_DNS, "ns.example.org", 0);
	assert_true(snapshot_write_files(
	    &(struct safe_dir){ .fd = f->fd, .path = "" }, f->ledger, &f->said));
	assert_string_equal(content(f, "packet_metrics.csv"),
	    "source,packets,bytes,smallest,largest,average,kernel_dropped,interface_dropped,"
	    "first,last\r\n"
	    "\"'=1+2,x\",2,140,60,80,70.00,4,0,2023-11-14T22:13:20.000000000Z,"
	    "2023-11-14T22:13:21.000000000Z\r\n"
	    "total,2,140,60,80,70.00,4,0,2023-11-14T22:13:20.000000000Z,"
	    "2023-11-14T22:13:21.000000000Z\r\n");
	assert_int_equal(strncmp(content(f, "packet_flows.csv"), flows, sizeof(flows) - 1), 0);
	assert_string_equal(content(f, "ip_flows.csv"),
	    "address,packets_out,bytes_out,packets_in,bytes_in,flows,name\r\n"
	    ",1,60,1,60,1,\r\n"
	    "192.0.2.1,1,80,0,0,1,\r\n"
	    "192.0.2.7,0,0,1,80,1,ns.example.org\r\n");
	assert_string_equal(content(f, "protocols.csv"),
	    "path,protocol,packets,bytes\r\n"
	    "eth,eth,2,140\r\n"
	    "eth/ip,ip,1,80\r\n"
	    "eth/ip/udp,udp,1,80\r\n");
}

static void
test_what_left_has_a_line(void **state)
{
	struct fixture *f = *state;

	tally_add(&f->ledger->flows.other.t[1], 2, 300);
	tally_add(&f->ledger->hosts.other.meter[CLASS_UDP].t[0], 3, 400);
	assert_true(snapshot_write_files(
	    &(struct safe_dir){ .fd = f->fd, .path = "" }, f->ledger, &f->said));
	assert_non_null(
	    strstr(content(f, "packet_flows.csv"), "\r\n(other),,,,,0,0,2,300,,,,\r\n"));
	assert_non_null(strstr(content(f, "ip_flows.csv"), "\r\n(other),3,400,0,0,0,\r\n"));
}

static void
test_appears_whole_and_private(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_true(take(f, f->dir));
	assert_non_null(strstr(f->said.s, "/" NAME));
	assert_int_equal(entries(f->fd), 1);
	assert_int_equal(fstatat(f->fd, NAME, &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(fstatat(f->fd, NAME "/protocols.csv", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_non_null(strstr(content(f, NAME "/packet_metrics.csv"), "\r\ntotal,2,140,"));
}

/* All files and their directory are synced before the rename, and its parent after it. */
static void
test_it_is_on_the_disk(void **state)
{
	struct fixture *f = *state;
	unsigned all = n_snapshot_files + 2;

	for (unsigned i = 0; i < n_snapshot_files; i++)
		all -= snapshot_file[i].form == DRAW_PNG && !draw_has_png();
	for (sync_fails = 1; sync_fails <= all; sync_fails++) {
		n_synced = 0;
		assert_false(snapshot_write(f->ledger, f->dir, T0, &f->said));
		assert_non_null(strstr(f->said.s, strerror(EIO)));
		assert_int_equal(n_synced, sync_fails);
		assert_int_equal(entries(f->fd), sync_fails == all);
	}
	sync_fails = 0;
}

/* Another user has replaced the new directory. */
static void
test_a_folder_of_somebody_else_is_not_used(void **state)
{
	struct fixture *f = *state;
	bool ok;

	if (geteuid() != 0) {
		print_message("needs root\n");
		skip();
	}
	maker = 1;
	ok = snapshot_write(f->ledger, f->dir, T0, &f->said);
	maker = 0;
	assert_false(ok);
	assert_non_null(strstr(f->said.s, strerror(EPERM)));
}

static void
test_taken_names_are_left_alone(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_int_equal(symlinkat("/nonexistent", f->fd, NAME), 0);
	assert_int_equal(mkdirat(f->fd, NAME "-2", 0700), 0);
	assert_int_equal(mkfifoat(f->fd, NAME "-3", 0600), 0);
	assert_true(take(f, f->dir));
	assert_non_null(strstr(f->said.s, "/" NAME "-4"));
	assert_int_equal(fstatat(f->fd, NAME, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlinkat(f->fd, NAME "-2", AT_REMOVEDIR), 0); /* still empty */
}

static void
test_planted_files_are_not_written_through(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(symlinkat("elsewhere", f->fd, "packet_metrics.csv"), 0);
	assert_false(snapshot_write_files(
	    &(struct safe_dir){ .fd = f->fd, .path = "" }, f->ledger, &f->said));
	assert_non_null(strstr(f->said.s, "packet_metrics.csv"));
	assert_int_equal(faccessat(f->fd, "elsewhere", F_OK, 0), -1);
}

static void
test_unsafe_and_missing_folders_are_refused(void **state)
{
	struct fixture *f = *state;
	char missing[128];

	assert_int_equal(fchmod(f->fd, 0777), 0);
	assert_false(take(f, f->dir));
	assert_non_null(strstr(f->said.s, f->dir));
	assert_non_null(strstr(f->said.s, "sticky"));
	assert_int_equal(entries(f->fd), 0);
	assert_int_equal(fchmod(f->fd, 01777), 0);
	assert_true(take(f, f->dir));
	snprintf(missing, sizeof(missing), "%s/\x1bnone", f->dir);
	assert_false(take(f, missing));
	assert_null(strchr(f->said.s, '\x1b'));
	assert_non_null(strstr(f->said.s, strerror(ENOENT)));
}

static void
test_a_full_disk_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct rlimit before, tiny;
	bool ok;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tiny = before;
	tiny.rlim_cur = 100;
	setrlimit(RLIMIT_FSIZE, &tiny);
	ok = take(f, f->dir);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_false(ok);
	assert_non_null(strstr(f->said.s, "cannot write packet_metrics.csv: "));
	assert_non_null(strstr(f->said.s, strerror(EFBIG)));
	assert_int_equal(entries(f->fd), 0);
}

/* Libraries may write warnings, even more than fit, and they may look like an answer. */
static void
test_warnings_of_libraries_are_dropped(void **state)
{
	struct fixture *f = *state;
	bool ok;

	warning = "-Fontconfig error: No writable cache directories";
	ok = take(f, f->dir);
	warning = NULL;
	assert_true(ok);
	assert_non_null(strstr(f->said.s, "/" NAME));
	assert_null(strstr(f->said.s, "Fontconfig"));
}

static void
start_child_that_sleeps(struct snapshot *s)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	s->fd = ends[0];
	s->pid = fork();
	if (s->pid == 0)
		for (;;)
			pause();
	close(ends[1]);
}

static void
test_a_child_that_sleeps_is_not_waited_for(void **state)
{
	struct fixture *f = *state;
	bool ok = true;

	start_child_that_sleeps(&f->snapshot);
	assert_true(snapshot_wait(&f->snapshot, 1, &f->said, &ok));
	assert_false(ok);
	assert_string_equal(f->said.s, "no snapshot: it was not written within 1 s");
}

static void
test_a_killed_child_is_told(void **state)
{
	struct fixture *f = *state;
	bool ok = true;

	start_child_that_sleeps(&f->snapshot);
	assert_false(snapshot_start(&f->snapshot, f->ledger, f->dir, T0, &f->said));
	assert_int_equal(kill(f->snapshot.pid, SIGKILL), 0);
	assert_true(snapshot_wait(&f->snapshot, SNAPSHOT_WAIT_S, &f->said, &ok));
	assert_false(ok);
	assert_string_equal(f->said.s, "no snapshot: the writer process was killed by signal 9");
	assert_false(snapshot_wait(&f->snapshot, SNAPSHOT_WAIT_S, &f->said, &ok));
}

static void
test_a_child_that_spins_is_killed(void **state)
{
	struct fixture *f = *state;
	bool ok;

	spins = true;
	ok = take(f, f->dir);
	spins = false;
	assert_false(ok);
	assert_string_equal(
	    f->said.s, "no snapshot: the writer process was killed after 120 s of processor time");
}

/* The parent's signal handlers do not run in the child. */
static void
leave_at_once(int signo)
{
	(void)signo;
	_exit(99);
}

static void
test_the_parent_is_left_in_peace(void **state)
{
	struct fixture *f = *state;
	struct sigaction sa = { .sa_handler = leave_at_once }, now;

	assert_int_equal(sigaction(SIGUSR1, &sa, NULL), 0);
	assert_true(take(f, f->dir));
	assert_int_equal(sigaction(SIGUSR1, NULL, &now), 0);
	assert_true(now.sa_handler == leave_at_once);
	sa.sa_handler = SIG_DFL;
	assert_int_equal(sigaction(SIGUSR1, &sa, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files_say_what_is_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_left_has_a_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_appears_whole_and_private, setup, teardown),
		cmocka_unit_test_setup_teardown(test_it_is_on_the_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_folder_of_somebody_else_is_not_used, setup, teardown),
		cmocka_unit_test_setup_teardown(test_taken_names_are_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_planted_files_are_not_written_through, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_unsafe_and_missing_folders_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_full_disk_leaves_nothing_behind, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_warnings_of_libraries_are_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_child_that_sleeps_is_not_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_killed_child_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_child_that_spins_is_killed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_parent_is_left_in_peace, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
