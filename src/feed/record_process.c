/* The process that writes a recording, and may wait for the disk. */
#include "config.h"

#include "feed/recording.h"

#include <string.h>
#include <sys/stat.h>

#include "export/writer.h"
#include "platform/file_ops.h"

#define REPLY_MAX 1024

static int
record_process_store(void *arg, const void *moments, size_t n)
{
	return record_db_store(arg, moments, n);
}

/* Replies with a byte, or with the error. */
static void
record_process_reply(int to, const struct buf *err)
{
	const char *text = err->len > 0 ? err->s : "";

	(void)fd_write_all(to, text, strlen(text) + 1, NULL);
}

void
record_process_run(const struct record_process_config *c, const int *fds)
{
	char text[REPLY_MAX];
	struct buf err;
	struct record_db *db;

	buf_init(&err, text, sizeof(text));
	umask(077);
	db = record_db_create(c->path, &c->limits, &err);
	record_process_reply(fds[1], &err);
	if (db == NULL)
		return;
	async_writer_serve(fds[0], fds[1], record_process_store, db);
	record_db_close(db);
}

bool
record_process_wait(const struct record_process *p, struct buf *err)
{
	char reply[REPLY_MAX];
	bool ended = false;
	size_t n = 0;

	while (n < sizeof(reply) && !ended && fd_read(p->from, &reply[n], 1) == 1)
		ended = reply[n++] == '\0';
	if (!ended)
		buf_setf(err, "the process that records could not start");
	else if (n > 1)
		buf_setf(err, "%s", reply);
	return ended && n == 1;
}
