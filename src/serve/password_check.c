/* Checks a password in a child: hashes of passwords are made to be slow. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ext/crypto.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "serve/private.h"

#define CREDENTIALS 512
#define HASH        256

static bool
password_check_matches(const struct access *a, const char *credentials)
{
	/* An unknown name takes as long as a wrong password. */
	static const char nobody[] = "$6$saltsaltsaltsalt$";
	char decoded[CREDENTIALS], hash[HASH] = "";
	const char *found;
	char *colon;
	size_t n;

	if (!secrets_decode_basic(credentials, decoded, sizeof(decoded)))
		return false;
	colon = strchr(decoded, ':');
	*colon = '\0';
	found = secrets_find_hash(a, decoded, &n);
	if (found != NULL && n < sizeof(hash))
		memcpy(hash, found, n);
	return password_matches(colon + 1, *hash != '\0' ? hash : nobody);
}

bool
password_check_start(struct server *s, struct http_request *q, const char *credentials)
{
	struct access *a = &s->access;
	int ends[2];
	pid_t pid;

	if (a->check.fd != -1 || pipe2(ends, O_CLOEXEC) == -1)
		return false;
	pid = child_fork(CHILD_ALONE);
	if (pid == 0) {
		int fd = ends[1];
		char answer = password_check_matches(a, credentials) ? '+' : '-';

		_exit(child_keep(&fd, 1) && fd_write_all(fd, &answer, 1, NULL) == 0 ? 0 : 1);
	}
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return false;
	}
	a->check.pid = pid;
	a->check.fd = ends[0];
	a->check.q = q;
	return true;
}

static void
password_check_remember(struct access *a, const char *credentials)
{
	if (a->n_known == ACCESS_KNOWN) {
		memmove(a->known, a->known + 1, (ACCESS_KNOWN - 1) * sizeof(a->known[0]));
		a->n_known--;
	}
	a->known[a->n_known++] = hash_bytes(&a->key, credentials, strlen(credentials));
}

void
password_check_finish(struct server *s)
{
	struct access *a = &s->access;
	struct http_request *q = a->check.q;
	char answer = '-';

	if (fd_read(a->check.fd, &answer, 1) != 1)
		answer = '-';
	close(a->check.fd);
	child_reap(a->check.pid);
	a->check.fd = -1;
	a->check.pid = 0;
	if (q != NULL && answer == '+')
		password_check_remember(a, q->header[HTTP_AUTHORIZATION] + strlen("Basic "));
	if (q != NULL)
		q->stage = answer == '+' ? ACCESS_NEW : ACCESS_REFUSED;
	a->check.q = NULL;
	held_wake(s);
}

void
password_check_forget(struct access *a, const struct http_request *q)
{
	if (a->check.q == q)
		a->check.q = NULL;
}
