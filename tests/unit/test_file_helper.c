#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/privilege.h"
#include "util/attr.h"

/* A helper that stays root, and a client process that has become nobody. */
struct stage {
	char top[64], in[96], out[96], open[96], file[128];
	const char *files[2], *folders[3];
	struct file_helper h;
	int helper;
};

static void
make_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
set_up(void **state)
{
	const struct passwd *pw = getpwnam("nobody");
	struct identity id = { .changes = true };
	struct file_helper_config c;
	struct stage *s = calloc(1, sizeof(*s));
	char text[256];
	struct buf err;

	*state = s;
	s->helper = -1;
	if (geteuid() != 0 || pw == NULL)
		return 0;
	strlcpy(s->top, "/tmp/pkttop-helper.XXXXXX", sizeof(s->top));
	assert_non_null(mkdtemp(s->top));
	snprintf(s->in, sizeof(s->in), "%s/in", s->top);
	snprintf(s->out, sizeof(s->out), "%s/out", s->top);
	snprintf(s->open, sizeof(s->open), "%s/open", s->top);
	snprintf(s->file, sizeof(s->file), "%s/a.pcap", s->in);
	assert_int_equal(mkdir(s->in, 0700) + mkdir(s->out, 0700) + mkdir(s->open, 0777), 0);
	assert_int_equal(chmod(s->open, 0777), 0);
	make_file(s->file, "capture");
	s->files[0] = s->file;
	s->files[1] = s->in;
	s->folders[0] = s->out;
	s->folders[1] = s->open;
	c = (struct file_helper_config){
		.files = s->files, .n_files = 2, .folders = s->folders, .n_folders = 2
	};
	id.uid = pw->pw_uid;
	id.gid = pw->pw_gid;
	buf_init(&err, text, sizeof(text));
	assert_true(file_helper_needed(&id));
	assert_true(file_helper_start(&s->h, &id, &c, &err));
	s->helper = s->h.fd;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;
	char command[128];

	if (s->helper != -1) {
		file_helper_stop(&s->h);
		snprintf(command, sizeof(command), "rm -rf %s", s->top);
		assert_int_equal(system(command), 0);
	}
	free(s);
	return 0;
}

static struct stage *
need_helper(void **state)
{
	struct stage *s = *state;

	if (s->helper == -1) {
		print_message("needs root and a user nobody\n");
		skip();
	}
	return s;
}

static struct file_reply
ask(const struct stage *s, enum file_op op, const char *path, const char *name, const char *to)
{
	struct file_request r = { .op = (uint8_t)op };
	struct file_reply reply;

	strlcpy(r.path, path, sizeof(r.path));
	strlcpy(r.name, name, sizeof(r.name));
	strlcpy(r.to, to, sizeof(r.to));
	file_helper_ask(s->helper, &r, &reply);
	return reply;
}

static void
refuses(const struct stage *s, enum file_op op, const char *path, const char *name, const char *to)
{
	struct file_reply reply = ask(s, op, path, name, to);

	assert_int_equal(reply.error, EPERM);
	assert_int_equal(reply.fd, -1);
}

static void
succeeds(const struct stage *s, enum file_op op, const char *name, const char *to)
{
	struct file_reply reply = ask(s, op, s->out, name, to);

	assert_int_equal(reply.error, 0);
	if (reply.fd != -1)
		close(reply.fd);
}

static void
it_opens_what_was_named(void **state)
{
	struct stage *s = need_helper(state);
	struct file_reply reply = ask(s, FILE_OPEN, s->file, "", "");
	char text[16] = "", other[160];

	assert_int_equal(reply.error, 0);
	assert_int_equal(read(reply.fd, text, sizeof(text)), 7);
	assert_string_equal(text, "capture");
	assert_int_equal(write(reply.fd, "x", 1), -1);
	close(reply.fd);
	/* A file in a named directory. */
	snprintf(other, sizeof(other), "%s/none.pcap", s->in);
	assert_int_equal(ask(s, FILE_OPEN, other, "", "").error, ENOENT);
	assert_int_equal(ask(s, FILE_READ, s->in, "none.pcap", "").error, ENOENT);
	refuses(s, FILE_READ, s->in, "../none.pcap", "");
	reply = ask(s, FILE_FOLDER, s->in, "", "");
	assert_int_equal(reply.error, 0);
	close(reply.fd);
}

static void
it_opens_nothing_else(void **state)
{
	struct stage *s = need_helper(state);
	char path[160];

	refuses(s, FILE_OPEN, "/etc/shadow", "", "");
	refuses(s, FILE_LOOK, "/etc/shadow", "", "");
	refuses(s, FILE_FOLDER, "/etc", "", "");
	snprintf(path, sizeof(path), "%s/..", s->in);
	refuses(s, FILE_OPEN, path, "", "");
	snprintf(path, sizeof(path), "%s/../in/a.pcap", s->in);
	refuses(s, FILE_OPEN, path, "", "");
	snprintf(path, sizeof(path), "%s/x", s->out);
	refuses(s, FILE_OPEN, path, "", "");
	refuses(s, FILE_OPEN, "", "", "");
}

static void
it_works_in_its_folders(void **state)
{
	struct stage *s = need_helper(state);
	struct file_reply reply;
	char path[160];
	struct stat st;

	succeeds(s, FILE_CREATE, "log.csv", "");
	assert_int_equal(ask(s, FILE_CREATE, s->out, "log.csv", "").error, EEXIST);
	succeeds(s, FILE_RENAME, "log.csv", "log-1.csv");
	succeeds(s, FILE_CREATE, "log.csv", "");
	assert_int_equal(ask(s, FILE_RENAME, s->out, "log.csv", "log-1.csv").error, EEXIST);
	reply = ask(s, FILE_STAT, s->out, "log.csv", "");
	snprintf(path, sizeof(path), "%s/log.csv", s->out);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(reply.ino, st.st_ino);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	succeeds(s, FILE_REPLACE, "log.csv", "log-1.csv");
	succeeds(s, FILE_UNLINK, "log-1.csv", "");
	succeeds(s, FILE_MKDIR, "snapshot", "");
	succeeds(s, FILE_RMDIR, "snapshot", "");
	assert_int_equal(ask(s, FILE_UNLINK, s->out, "log-1.csv", "").error, ENOENT);
}

static void
it_works_nowhere_else(void **state)
{
	static const char *const names[] = { "", ".", "..", "a/b", "/etc/passwd", "../x" };
	struct stage *s = need_helper(state);

	for (size_t i = 0; i < NITEMS(names); i++)
		for (unsigned op = FILE_CREATE; op < FILE_OPS; op++) {
			refuses(s, (enum file_op)op, s->out, names[i], "to");
			if (op == FILE_RENAME || op == FILE_REPLACE)
				refuses(s, (enum file_op)op, s->out, "from", names[i]);
		}
	for (unsigned op = FILE_CREATE; op < FILE_OPS; op++) {
		/* Files in a directory that was named may be read, see FILE_OPEN. */
		if (op != FILE_READ)
			refuses(s, (enum file_op)op, s->in, "x", "y");
		refuses(s, (enum file_op)op, "/etc", "x", "y");
		/* Any user could put a link there. */
		refuses(s, (enum file_op)op, s->open, "x", "y");
	}
	refuses(s, FILE_OPS, s->out, "x", "y");
}

static void
a_folder_in_a_folder_is_its_own(void **state)
{
	struct stage *s = need_helper(state);
	struct file_request r = { .op = FILE_CREATE, .name = "flows.csv", .sub = "made" };
	struct file_reply reply;
	char path[160];

	succeeds(s, FILE_MKDIR, "made", "");
	strlcpy(r.path, s->out, sizeof(r.path));
	file_helper_ask(s->helper, &r, &reply);
	assert_int_equal(reply.error, 0);
	close(reply.fd);

	strlcpy(r.sub, "link", sizeof(r.sub));
	snprintf(path, sizeof(path), "%s/link", s->out);
	assert_int_equal(symlink("/etc", path), 0);
	file_helper_ask(s->helper, &r, &reply);
	assert_int_not_equal(reply.error, 0);
	assert_int_equal(access("/etc/flows.csv", F_OK), -1);

	strlcpy(r.sub, "foreign", sizeof(r.sub));
	snprintf(path, sizeof(path), "%s/foreign", s->out);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(chown(path, 65534, 65534), 0);
	file_helper_ask(s->helper, &r, &reply);
	assert_int_equal(reply.error, EPERM);
}

/* It stays until the last writes after the terminal has gone. */
static void
it_outlives_the_terminal(void **state)
{
	struct stage *s = need_helper(state);

	succeeds(s, FILE_CREATE, "early.csv", ""); /* it has started */
	assert_int_equal(kill(s->h.pid, SIGHUP), 0);
	assert_int_equal(kill(s->h.pid, SIGPIPE), 0);
	succeeds(s, FILE_CREATE, "late.csv", "");
}

/* No message ends it, and invalid requests get no answer. */
static void
damaged_requests_are_left(void **state)
{
	struct stage *s = need_helper(state);
	struct file_request r;

	memset(&r, 'x', sizeof(r));
	r.op = FILE_OPEN;
	assert_int_equal(send(s->helper, "x", 1, 0), 1);
	assert_int_equal(send(s->helper, &r, sizeof(r), 0), sizeof(r));
	for (unsigned op = 0; op < 2 * FILE_OPS; op++) {
		struct file_reply reply;

		r.op = (uint8_t)op;
		file_helper_ask(s->helper, &r, &reply);
		assert_int_equal(reply.error, EPERM);
	}
	it_opens_what_was_named(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_opens_what_was_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_opens_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_works_in_its_folders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_works_nowhere_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_folder_in_a_folder_is_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_outlives_the_terminal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_requests_are_left, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
