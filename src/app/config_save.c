#include "config.h"

#include "app/actions.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control/settings.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/attr.h"

void
config_save_init(struct config_save *s)
{
	s->pid = 0;
	s->fd = -1;
}

/* Reports nothing on success. */
static ATTR_NORETURN void
config_save_in_child(const char *path, const char *text, int fd)
{
	char why[CONFIG_FILE_PATH + 128];
	struct buf err;
	ssize_t n = 0;

	buf_init(&err, why, sizeof(why));
	if (!child_keep(&fd, 1))
		_exit(1);
	if (!config_file_write(path, text, &err))
		n = write(fd, err.s, err.len);
	_exit(n < 0);
}

static bool
config_save_fork(struct config_save *s, const struct state *st)
{
	struct buf text;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return false;
	buf_new(&text);
	settings_text(st, &text);
	s->pid = child_fork(CHILD_ALONE);
	if (s->pid == 0)
		config_save_in_child(s->path, text.s, ends[1]);
	buf_del(&text);
	close(ends[1]);
	s->fd = ends[0];
	if (s->pid != -1)
		return true;
	close(ends[0]);
	config_save_init(s);
	return false;
}

void
config_save_start(struct config_save *s, struct state *st)
{
	struct buf path;

	if (s->pid != 0) {
		status_message(st, true, "the settings are still being saved");
		return;
	}
	buf_init(&path, s->path, sizeof(s->path));
	if (!config_file_path(&path, CONFIG_SETTINGS))
		status_message(
		    st, true, "cannot save the settings: cannot determine the home directory");
	else if (!config_save_fork(s, st))
		status_message(st, true, "cannot save the settings: %s", strerror(errno));
	else
		status_message(st, false, "saving the settings ...");
}

void
config_save_finish(struct config_save *s, struct state *st)
{
	char why[CONFIG_FILE_PATH + 128];
	ssize_t n;
	int status;

	if (s->pid == 0)
		return;
	n = fd_read(s->fd, why, sizeof(why) - 1);
	why[n > 0 ? n : 0] = '\0';
	status = child_reap(s->pid);
	close(s->fd);
	config_save_init(s);
	if (n > 0)
		status_message(st, true, "%s", why);
	else if (status != 0)
		status_message(st, true, "cannot save the settings: the writer process died");
	else
		status_message(st, false, "settings saved in %s", s->path);
}
