#include "config.h"

#include "capture/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pcap/pcap.h>

#include "capture/private.h"
#include "platform/child.h"
#include "platform/file_ops.h"
#include "util/alloc.h"
#include "util/attr.h"
#include "util/die.h"

#define INSTRUCTIONS_MOST 65536

struct filter_job {
	char *text;
	pid_t pid;
	int fd;
	struct buf came;
};

/* The child writes one for each link; the program's instructions or a sentence follow. */
struct result {
	struct filter_key key;
	uint32_t instructions; /* 0: not compiled; the sentence has the reason */
	uint32_t sentence;     /* bytes of it */
};

struct compiling {
	const char *text;
	int fd;
	bool failed;
};

/* Links of the same kind share a program: only the first one is compiled. */
static void
filter_job_compile(struct pcap *p, void *arg)
{
	struct compiling *c = arg;
	char why[512];
	struct buf err;
	struct bpf_program *program;
	struct result r = { .key = filter_key(p) };

	if (c->failed)
		return;
	buf_init(&err, why, sizeof(why));
	program = filter_compile(p, c->text, &err);
	r.instructions = program != NULL ? program->bf_len : 0;
	r.sentence = program != NULL ? 0 : (uint32_t)err.len;
	c->failed = fd_write_all(c->fd, &r, sizeof(r), NULL) != 0 || program == NULL;
	if (program == NULL)
		fd_write_all(c->fd, err.s, err.len, NULL);
	else
		fd_write_all(
		    c->fd, program->bf_insns, r.instructions * sizeof(struct bpf_insn), NULL);
	filter_free(program);
}

static void ATTR_NORETURN
filter_job_in_child(
    struct source *const *sources, unsigned n, const char *text, unsigned seconds, int fd)
{
	struct compiling c = { .text = text };

	if (!child_keep(&fd, 1))
		_exit(EXIT_FAILED);
	c.fd = fd;
	alarm(seconds);
	for (unsigned i = 0; i < n; i++)
		source_handles(sources[i], filter_job_compile, &c);
	_exit(EXIT_DONE);
}

struct filter_job *
filter_job_new(
    struct source *const *sources, unsigned n, const char *text, unsigned seconds, struct buf *err)
{
	struct filter_job *job;
	int ends[2];
	pid_t pid;

	if (!filter_is_short(text, err))
		return NULL;
	if (pipe2(ends, O_CLOEXEC) == -1) {
		buf_setf(err, "capture filter: cannot create a pipe: %s", strerror(errno));
		return NULL;
	}
	pid = child_fork(CHILD_ALONE);
	if (pid == 0)
		filter_job_in_child(sources, n, text, seconds, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		buf_setf(err, "capture filter: fork failed: %s", strerror(errno));
		close(ends[0]);
		return NULL;
	}
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	job = xcalloc(1, sizeof(*job));
	job->text = xstrdup(text);
	job->pid = pid;
	job->fd = ends[0];
	buf_new(&job->came);
	return job;
}

void
filter_job_del(struct filter_job *job)
{
	if (job == NULL)
		return;
	if (job->pid > 0) {
		kill(job->pid, SIGKILL);
		child_reap(job->pid);
	}
	close(job->fd);
	buf_del(&job->came);
	free(job->text);
	free(job);
}

int
filter_job_fd(const struct filter_job *job)
{
	return job->fd;
}

const char *
filter_job_text(const struct filter_job *job)
{
	return job->text;
}

/* Caches one received program. Returns its bytes; 0: refused, with one sentence in err. */
static size_t
filter_job_store_result(const struct filter_job *job, size_t at, struct buf *err)
{
	size_t left = job->came.len - at, size;
	struct bpf_program program;
	struct result r;

	if (left < sizeof(r))
		return 0;
	memcpy(&r, job->came.s + at, sizeof(r));
	left -= sizeof(r);
	size = r.instructions * sizeof(struct bpf_insn);
	if (r.instructions > INSTRUCTIONS_MOST || size > left)
		return 0;
	if (r.instructions == 0) {
		buf_clear(err);
		buf_add(err, job->came.s + at + sizeof(r), r.sentence < left ? r.sentence : left);
		return 0;
	}
	program.bf_len = r.instructions;
	program.bf_insns = xcalloc(r.instructions, sizeof(struct bpf_insn));
	memcpy(program.bf_insns, job->came.s + at + sizeof(r), size);
	filter_cache_program(&r.key, job->text, &program);
	return sizeof(r) + size;
}

static enum filter_job_state
filter_job_finish(struct filter_job *job, struct buf *err)
{
	int status = child_reap(job->pid);
	size_t n = 0;

	job->pid = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		buf_setf(err,
		    "capture filter not compiled within %d s: it is too complex, or a name server "
		    "does not answer",
		    FILTER_JOB_SECONDS);
		return FILTER_REFUSED;
	}
	buf_setf(err, "capture filter: the compiling process was killed");
	for (size_t at = 0; at < job->came.len; at += n)
		if ((n = filter_job_store_result(job, at, err)) == 0)
			return FILTER_REFUSED;
	if (job->came.len == 0 && status != 0)
		return FILTER_REFUSED;
	buf_clear(err);
	return FILTER_READY;
}

enum filter_job_state
filter_job_read(struct filter_job *job, struct buf *err)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(job->fd, bytes, sizeof(bytes))) > 0)
		buf_add(&job->came, bytes, (size_t)n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return FILTER_WAITS;
	return filter_job_finish(job, err);
}
