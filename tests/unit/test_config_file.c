/* The configuration file: its required owner, and its atomic replacement. */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/options.h"

/* Replaces the C library's fsync(). */
static bool cannot_sync;

int
fsync(int fd)
{
	errno = EIO;
	return cannot_sync ? -1 : fdatasync(fd);
}

struct stage {
	char folder[64], path[128];
	struct buf text, err;
	char err_text[512];
};

static int
set_up(void **state)
{
	static struct stage s;

	strlcpy(s.folder, "/tmp/test_rcfile.XXXXXX", sizeof(s.folder));
	assert_non_null(mkdtemp(s.folder));
	snprintf(s.path, sizeof(s.path), "%s/a/b/pkttoprc", s.folder);
	buf_new(&s.text);
	buf_init(&s.err, s.err_text, sizeof(s.err_text));
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct stage *s = *state;
	char line[128];

	buf_del(&s->text);
	snprintf(line, sizeof(line), "rm -rf '%s'", s->folder);
	return system(line);
}

static void
what_was_written_is_read(void **state)
{
	struct stage *s = *state;
	struct stat st;

	assert_true(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "");
	assert_true(config_file_write(s->path, "units bytes\n", &s->err));
	assert_int_equal(stat(s->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(config_file_write(s->path, "units bits\n", &s->err));
	assert_true(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "units bits\n");
}

static void
refused(struct stage *s, const char *why)
{
	buf_clear(&s->text);
	assert_false(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "");
	if (strstr(s->err.s, why) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", why, s->err.s);
}

static void
what_others_may_have_written_is_left_aside(void **state)
{
	struct stage *s = *state;

	assert_true(config_file_write(s->path, "x\n", &s->err));
	assert_int_equal(chmod(s->path, 0620), 0);
	refused(s, "writable by others");
	assert_int_equal(chmod(s->path, 0602), 0);
	refused(s, "writable by others");
	assert_int_equal(chmod(s->path, 0644), 0);
	assert_true(config_file_read(s->path, &s->text, &s->err));
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(s->path, 12345, 0), 0);
	refused(s, "not owned by you");
}

static void
what_is_no_text_is_left_aside(void **state)
{
	struct stage *s = *state;
	FILE *f;

	assert_true(config_file_write(s->path, "", &s->err));
	f = fopen(s->path, "w");
	fwrite("a\0b", 1, 3, f);
	fclose(f);
	refused(s, "not a text file");
	unlink(s->path);
	assert_int_equal(mkfifo(s->path, 0600), 0);
	refused(s, "not a regular file");
	unlink(s->path);
	assert_int_equal(mkdir(s->path, 0700), 0);
	refused(s, "not a regular file");
	assert_false(config_file_write(s->path, "x", &s->err));
}

/* A symbolic link, as with dotfile managers. */
static void
a_link_stays_a_link(void **state)
{
	struct stage *s = *state;
	char other[128];
	struct stat st;

	snprintf(other, sizeof(other), "%s/other", s->folder);
	assert_true(config_file_write(other, "old\n", &s->err));
	assert_true(config_file_write(s->path, "", &s->err));
	unlink(s->path);
	assert_int_equal(symlink(other, s->path), 0);
	assert_true(config_file_write(s->path, "new\n", &s->err));
	assert_int_equal(lstat(s->path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_true(config_file_read(other, &s->text, &s->err));
	assert_string_equal(s->text.s, "new\n");
}

static void
a_failure_leaves_the_old_one(void **state)
{
	struct stage *s = *state;
	char below[160];

	assert_true(config_file_write(s->path, "old\n", &s->err));
	snprintf(below, sizeof(below), "%s/below", s->path);
	assert_false(config_file_write(below, "new\n", &s->err));
	assert_non_null(strstr(s->err.s, below));
	assert_true(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "old\n");
}

/* Its temporary file is removed, too. */
static void
a_failing_disk_leaves_the_old_one(void **state)
{
	struct stage *s = *state;
	unsigned entries = 0;
	DIR *d;

	assert_true(config_file_write(s->path, "old\n", &s->err));
	cannot_sync = true;
	assert_false(config_file_write(s->path, "new\n", &s->err));
	cannot_sync = false;
	assert_non_null(strstr(s->err.s, strerror(EIO)));
	assert_true(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "old\n");
	*strrchr(s->path, '/') = '\0';
	d = opendir(s->path);
	while (readdir(d) != NULL)
		entries++;
	closedir(d);
	s->path[strlen(s->path)] = '/';
	assert_int_equal(entries, 3); /* itself, the parent, and the file */
}

static void
the_first_time_is_once(void **state)
{
	struct stage *s = *state;

	assert_true(config_file_is_first_run(s->path));
	assert_false(config_file_is_first_run(s->path));
	assert_true(config_file_read(s->path, &s->text, &s->err));
	assert_string_equal(s->text.s, "");
	assert_false(config_file_is_first_run("/dev/null/pkttop/pkttoprc"));
}

static void
the_path_follows_the_environment(void **state)
{
	char text[CONFIG_FILE_PATH];
	struct buf path;

	(void)state;
	buf_init(&path, text, sizeof(text));
	setenv("XDG_CONFIG_HOME", "/x", 1);
	assert_true(config_file_path(&path, CONFIG_SETTINGS));
	assert_string_equal(text, "/x/pkttop/pkttoprc");
	/* Relative paths must be ignored. */
	setenv("XDG_CONFIG_HOME", "x", 1);
	setenv("HOME", "/h", 1);
	unsetenv("SUDO_UID");
	assert_true(config_file_path(&path, CONFIG_SETTINGS));
	assert_string_equal(text, "/h/.config/pkttop/pkttoprc");
	unsetenv("XDG_CONFIG_HOME");
	setenv("SUDO_UID", "0", 1);
	assert_true(config_file_path(&path, CONFIG_SETTINGS));
	assert_null(strstr(text, "/h/"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_written_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_others_may_have_written_is_left_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_text_is_left_aside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_link_stays_a_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failure_leaves_the_old_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_failing_disk_leaves_the_old_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_time_is_once, set_up, tear_down),
		cmocka_unit_test(the_path_follows_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
