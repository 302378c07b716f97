#include "config.h"

#include "platform/privilege.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PROCESS_NAME "pkttop-files"

/* The client's side. */

void
file_helper_ask(int helper, const struct file_request *r, struct file_reply *reply)
{
	int pair[2], fd = -1;
	ssize_t n = -1;

	*reply = (struct file_reply){ .error = EPIPE, .fd = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) {
		reply->error = errno;
		return;
	}
	if (fd_send(helper, r, sizeof(*r), pair[1])) {
		close(pair[1]);
		pair[1] = -1;
		n = fd_receive(pair[0], reply, sizeof(*reply), &fd);
	}
	if (n != (ssize_t)sizeof(*reply))
		*reply = (struct file_reply){ .error = EPIPE };
	reply->fd = fd;
	close(pair[0]);
	if (pair[1] != -1)
		close(pair[1]);
}

/* The helper's side. */

static bool
file_helper_path_is_listed(const char *path, const char *const *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(path, list[i]) == 0)
			return true;
	return false;
}

static bool
file_helper_is_plain_name(const char *s)
{
	return *s != '\0' && strchr(s, '/') == NULL && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

/* True if all texts end within their fields, and the required ones are not empty. */
static bool
file_helper_check_request(const struct file_request *r)
{
	const bool in_folder = r->op > FILE_MAKE;
	const bool has_target = r->op == FILE_RENAME || r->op == FILE_REPLACE;

	return r->op < FILE_OPS && memchr(r->path, '\0', sizeof(r->path)) != NULL &&
	    memchr(r->sub, '\0', sizeof(r->sub)) != NULL &&
	    memchr(r->name, '\0', sizeof(r->name)) != NULL &&
	    memchr(r->to, '\0', sizeof(r->to)) != NULL &&
	    (!in_folder || file_helper_is_plain_name(r->name)) &&
	    (!has_target || file_helper_is_plain_name(r->to)) &&
	    (r->sub[0] == '\0' || file_helper_is_plain_name(r->sub));
}

/* A file may be read if it is listed, or if its directory is. */
static bool
file_helper_may_read(const struct file_helper_config *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[FILE_PATH_MAX];

	if (file_helper_path_is_listed(path, c->files, c->n_files))
		return true;
	if (slash == NULL || slash == path || !file_helper_is_plain_name(slash + 1))
		return false;
	strlcpy(folder, path, (size_t)(slash - path) + 1);
	return file_helper_path_is_listed(folder, c->files, c->n_files);
}

static bool
file_helper_may_perform(const struct file_helper_config *c, const struct file_request *r)
{
	if (!file_helper_check_request(r))
		return false;
	if (r->op < FILE_FOLDER)
		return file_helper_may_read(c, r->path);
	if (r->op == FILE_FOLDER && file_helper_path_is_listed(r->path, c->files, c->n_files))
		return true;
	if (r->op == FILE_READ && strncmp(r->sub, FILE_SNAPSHOT, strlen(FILE_SNAPSHOT)) != 0)
		return r->sub[0] == '\0' &&
		    file_helper_path_is_listed(r->path, c->files, c->n_files);
	return file_helper_path_is_listed(r->path, c->folders, c->n_folders);
}

/* If any user may rename any file in the directory, names in it are not safe. */
static bool
file_helper_dir_is_safe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (!(st.st_mode & S_IWOTH) || (st.st_mode & S_ISVTX));
}

/* The directory that names are relative to; -1 with errno. */
static int
file_helper_open_dir(const struct file_request *r)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd = open(r->path, flags), sub;
	struct stat st;

	if (fd != -1 && !file_helper_dir_is_safe(fd)) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	if (fd == -1 || r->sub[0] == '\0')
		return fd;
	sub = openat(fd, r->sub, flags | O_NOFOLLOW);
	close(fd);
	if (sub != -1 && (fstat(sub, &st) == -1 || st.st_uid != geteuid())) {
		close(sub);
		errno = EPERM;
		return -1;
	}
	return sub;
}

static void
file_helper_perform(
    const struct file_helper_config *c, const struct file_request *r, struct file_reply *reply)
{
	int place = -1;

	*reply = (struct file_reply){ .error = EPERM, .fd = -1 };
	if (!file_helper_may_perform(c, r))
		return;
	if (r->op > FILE_MAKE) {
		place = file_helper_open_dir(r);
		if (place == -1) {
			reply->error = errno;
			return;
		}
	}
	file_ops_perform(place, r, reply);
	if (place != -1)
		close(place);
}

/* If the client no longer waits, the reply is dropped. */
static void
file_helper_reply(const struct file_helper_config *c, const struct file_request *r, int to)
{
	struct file_reply reply;
	int fd;

	file_helper_perform(c, r, &reply);
	fd = reply.fd;
	reply.fd = -1;
	fd_send(to, &reply, sizeof(reply), fd);
	if (fd != -1)
		close(fd);
}

static void
file_helper_serve(const struct file_helper_config *c, int socket)
{
	struct file_request r;
	ssize_t n;
	int to;

	while ((n = fd_receive(socket, &r, sizeof(r), &to)) > 0) {
		if (n == (ssize_t)sizeof(r) && to != -1)
			file_helper_reply(c, &r, to);
		if (to != -1)
			close(to);
	}
}

static bool
file_helper_confine(void *arg)
{
	const struct file_helper_config *c = arg;

	return c->confine == NULL || c->confine(c->arg);
}

/* Runs until all clients have closed. */
static void
file_helper_run(void *arg, const int *fds)
{
	file_helper_serve(arg, fds[0]);
}

bool
file_helper_needed(const struct identity *id)
{
	return id->changes && id->uid != id->invoker;
}

bool
file_helper_start(struct file_helper *h, const struct identity *id,
    const struct file_helper_config *c, struct buf *err)
{
	struct file_helper_config config = *c;
	struct helper_process p = { .name = PROCESS_NAME,
		.n_fds = 1,
		.confine = file_helper_confine,
		.run = file_helper_run,
		.arg = &config };
	int pair[2];

	helper_process_be_invoker(&p, id);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1 ||
	    (h->pid = helper_process_start(&p, &pair[1])) == -1) {
		buf_setf(
		    err, "cannot start the helper process that opens files: %s", strerror(errno));
		return false;
	}
	close(pair[1]);
	h->fd = pair[0];
	return true;
}

void
file_helper_stop(struct file_helper *h)
{
	close(h->fd);
	while (waitpid(h->pid, NULL, 0) == -1 && errno == EINTR)
		;
}
