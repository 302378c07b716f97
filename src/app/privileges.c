#include "config.h"

#include "app/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/source.h"
#include "ext/resolver.h"
#include "ext/seccomp.h"
#include "platform/file_ops.h"
#include "platform/privilege.h"
#include "util/buf.h"
#include "util/die.h"
#include "view/columns.h"

static struct landlock_paths
privileges_paths(const struct privileges *p, bool helper, bool live)
{
	return (struct landlock_paths){
		.readable = p->named.file,
		.n_readable = p->named.n_files,
		.writable = p->named.dir,
		.n_writable = p->named.n_dirs,
		.makes_folders = helper,
		.runs_programs = !helper && source_was_unpacked(),
		.asks_dns = live && !p->o->batch && resolver_is_available(),
	};
}

static bool
privileges_enter_landlock(
    const struct privileges *p, bool live, const struct exports *exports, struct buf *err)
{
	struct landlock_paths paths = privileges_paths(p, false, live);
	uint16_t ports[EXPORTS_PORTS];

	paths.tcp_port = ports;
	paths.n_tcp_ports = exports_tcp_ports(exports, ports);
	return landlock_enter(&paths, err);
}

static bool
privileges_enter_bsd(const struct privileges *p, bool live, struct buf *err)
{
	const struct landlock_paths paths = privileges_paths(p, false, live);
	const struct sandbox_needs needs = {
		.capture = live,
		.screen = options_has_screen(p->o),
		.network = (p->o->n_exports + p->o->n_listen > 0 || p->o->influx != NULL ||
		    (!p->o->batch && resolver_is_available())),
	};

	return bsd_sandbox_enter(&paths, &needs, err);
}

/* The sandbox of a helper process: these files (NULL: all), and these system calls. */
static bool
privileges_confine_process(
    const struct options *o, const struct landlock_paths *paths, unsigned calls)
{
	const struct sandbox_needs none = { .capture = false };
	bool paths_are_limited = true, calls_are_limited;
	char unsaid[256];
	struct buf err;

	if (o->no_sandbox || !SANDBOX_WANTED)
		return true;
	buf_init(&err, unsaid, sizeof(unsaid));
	if (bsd_sandbox_is_available())
		return paths == NULL || bsd_sandbox_enter(paths, &none, &err) || !o->sandbox_strict;
	if (paths != NULL)
		paths_are_limited = landlock_enter(paths, &err);
	calls_are_limited = seccomp_enter(calls, NULL, &err);
	return (paths_are_limited && calls_are_limited) || !o->sandbox_strict;
}

/* It can open files, and nothing else. */
static bool
privileges_confine_helper(void *arg)
{
	const struct privileges *p = arg;
	const struct landlock_paths paths = privileges_paths(p, true, false);

	return privileges_confine_process(p->o, &paths, 0);
}

static void
privileges_start_helper(struct privileges *p)
{
	struct file_helper_config c = {
		.files = p->named.file,
		.n_files = p->named.n_files,
		.folders = p->named.dir,
		.n_folders = p->named.n_dirs,
		.confine = privileges_confine_helper,
		.arg = p,
	};
	char text[512];
	struct buf err;

	if (!file_helper_needed(&p->id))
		return;
	buf_init(&err, text, sizeof(text));
	p->helped = file_helper_start(&p->helper, &p->id, &c, &err);
	if (!p->helped)
		die("%s", err.s);
	file_ops_set_helper(file_helper_ask, p->helper.fd);
}

/* The process that records or reads: it can write files in the directory of the recording, as
 * readers of SQLite need to lock it too. */
struct record_start {
	const struct options *o;
	const char *named; /* on the command line */
	bool reads;
	char dir[ROTATING_FILE_PATH];
	char path[ROTATING_FILE_PATH + FILE_NAME_MAX];
};

static bool
privileges_confine_recording(void *arg)
{
	const struct record_start *start = arg;
	const char *dir = start->dir;
	const struct landlock_paths paths = { .writable = &dir, .n_writable = 1 };

	return privileges_confine_process(start->o, &paths, SECCOMP_DATABASE);
}

static void
privileges_run_recording(void *arg, const int *fds)
{
	const struct record_start *start = arg;
	const struct record_process_config c = {
		.path = start->path,
		.limits = start->o->record_limits,
	};

	if (start->reads)
		record_process_answer(&c, fds);
	else
		record_process_run(&c, fds);
}

/* SQLite refuses links in any part of a path, so the directory is spelled without. */
static bool
privileges_spell_recording(struct record_start *start, struct buf *err)
{
	const char *path = start->named, *slash = strrchr(path, '/');
	char dir[ROTATING_FILE_PATH] = ".";
	char *real;

	if (slash != NULL && (size_t)(slash - path) + 2 <= sizeof(dir))
		strlcpy(dir, path, (size_t)(slash - path) + 2);
	real = realpath(dir, NULL);
	if (real == NULL || strlcpy(start->dir, real, sizeof(start->dir)) >= sizeof(start->dir)) {
		buf_setf(
		    err, "%s: %s: %s", path, dir, strerror(real == NULL ? errno : ENAMETOOLONG));
		free(real);
		return false;
	}
	free(real);
	snprintf(start->path, sizeof(start->path), "%s/%s", start->dir,
	    slash != NULL ? slash + 1 : path);
	return true;
}

static bool
privileges_fork_recording(struct privileges *p, struct record_start *start)
{
	struct helper_process process = { .name = "pkttop-record",
		.n_fds = 2,
		.confine = privileges_confine_recording,
		.run = privileges_run_recording,
		.arg = start };
	int down[2], up[2];

	if (pipe2(down, O_CLOEXEC) == -1 || pipe2(up, O_CLOEXEC) == -1)
		return false;
	helper_process_be_invoker(&process, &p->id);
	p->recording.pid = helper_process_start(&process, (const int[]){ down[0], up[1] });
	close(down[0]);
	close(up[1]);
	p->recording.to = down[1];
	p->recording.from = up[0];
	return p->recording.pid > 0;
}

/* A recording is read alone, and recognised by its content. */
static bool
privileges_find_recording(const struct options *o, const char **path)
{
	bool found = o->n_files == 1 && record_process_can_read(o->file[0]);

	if (!found && (o->from != NULL || o->to != NULL || o->at != NULL))
		die_usage("--from, --to and --at: require a recording, made by --record");
	if (!found)
		return false;
	if (o->record != NULL)
		die_usage("--record: a recording cannot be recorded again");
	*path = o->file[0];
	return true;
}

void
privileges_start_recording(struct privileges *p)
{
	struct record_start start = { .o = p->o, .named = p->o->record };
	char text[1024];
	struct buf err;

	p->recording.pid = 0;
	start.reads = privileges_find_recording(p->o, &start.named);
	p->recording.reads = start.reads;
	if (start.named == NULL)
		return;
	buf_init(&err, text, sizeof(text));
	if (!privileges_spell_recording(&start, &err))
		die("%s", err.s);
	if (!privileges_fork_recording(p, &start))
		die("--record: fork failed: %s", strerror(errno));
	if (!record_process_wait(&p->recording, &err))
		die("%s", err.s);
}

/* Landlock would hide the descriptors of other processes. */
static bool
privileges_confine_owners(void *arg)
{
	const struct privileges *p = arg;

	return privileges_confine_process(p->o, NULL, SECCOMP_OWNERS);
}

static bool
privileges_reports_processes(const struct options *o)
{
	return o->view != NULL && strcmp(o->view, view_processes.name) == 0;
}

/* A screen shows processes; reports only if they are asked for. */
static void
privileges_start_owners(struct privileges *p)
{
	const struct options *o = p->o;
	const struct owners_config c = { .identity = &p->id,
		.namespaces = o->processes,
		.confine = privileges_confine_owners,
		.arg = p };
	char text[256];
	struct buf err;

	p->owners = (struct owners){ .fd = -1 };
	if (!options_are_live(o) || !(o->processes || !o->batch || privileges_reports_processes(o)))
		return;
	buf_init(&err, text, sizeof(text));
	if (!owners_start(&p->owners, &c, &err) && o->processes)
		die("--processes: %s", err.s);
}

static bool
privileges_confine_sockets(void *arg)
{
	const struct landlock_paths none = { .n_readable = 0 };
	const struct privileges *p = arg;

	return privileges_confine_process(p->o, &none, SECCOMP_ANSWER);
}

/* If it does not start, this process keeps the capability that is needed to reopen interfaces. */
static void
privileges_start_sockets(struct privileges *p)
{
	const struct options *o = p->o;
	const struct socket_helper_config c = {
		.identity = &p->id, .confine = privileges_confine_sockets, .arg = p
	};
	char unsaid[256];
	struct buf err;

	p->sockets = (struct socket_helper){ .fd = -1 };
	if (o->no_sandbox || !SANDBOX_WANTED || !options_are_live(o) || !seccomp_can_listen() ||
	    !privilege_has(PRIVILEGE_CAPTURE))
		return;
	buf_init(&err, unsaid, sizeof(unsaid));
	(void)socket_helper_start(&p->sockets, &c, &err);
}

void
privileges_choose(struct privileges *p, const struct options *o)
{
	char text[512];
	struct buf err;

	p->helped = false;
	p->o = o;
	named_files_collect(&p->named, o);
	buf_init(&err, text, sizeof(text));
	if (!identity_choose(&p->id, o->user, &err))
		die("%s", err.s);
	privileges_start_owners(p);
	privileges_start_sockets(p);
	privileges_start_helper(p);
}

void
privileges_drop(const struct privileges *p, bool live)
{
	unsigned needs = 0;
	char text[512];
	struct buf err;

	if (live)
		needs |= PRIVILEGE_CAPTURE;
	buf_init(&err, text, sizeof(text));
	if (!privilege_drop(&p->id, needs, &err))
		die("%s", err.s);
	if (p->helped)
		user_terminfo_import(&p->named.terminfo);
}

static unsigned
privileges_needed_calls(const struct privileges *p, bool live, const struct exports *exports)
{
	const struct options *o = p->o;
	uint16_t ports[EXPORTS_PORTS];
	unsigned needs = 0;

	if (exports_tcp_ports(exports, ports) > 0)
		needs |= SECCOMP_CONNECT;
	if (exports->influx.http != NULL)
		needs |= SECCOMP_HTTP;

	if (live)
		needs |= SECCOMP_CAPTURE;
	if (live && p->sockets.fd < 0)
		needs |= SECCOMP_PACKETS;
	if (!o->batch && resolver_is_available())
		needs |= SECCOMP_RESOLVE;
	if (options_has_screen(o))
		needs |= SECCOMP_SCREEN;
	if (o->n_listen > 0)
		needs |= SECCOMP_SERVE;
	/* A file that is read twice is decompressed twice. */
	if (source_was_unpacked())
		needs |= SECCOMP_UNPACK;
	return needs;
}

/* If one part of the sandbox fails, the other one is still entered. */
static void
privileges_sandbox_failed(const struct options *o, const char *why)
{
	if (o->sandbox_strict)
		die("cannot enter the sandbox: %s; --no-sandbox runs without it", why);
	if (seccomp_is_available() || bsd_sandbox_is_available())
		warn_line("running without sandbox: %s; --no-sandbox hides this message", why);
}

/* Once another process opens the packet sockets, no capability is needed. */
static bool
privileges_filter_calls(
    const struct privileges *p, bool live, const struct exports *exports, struct buf *err)
{
	bool asks = live && p->sockets.fd >= 0;
	int listener = -1;

	if (!seccomp_enter(privileges_needed_calls(p, live, exports), asks ? &listener : NULL, err))
		return false;
	if (asks && socket_helper_listen(&p->sockets, listener))
		privilege_drop_all();
	if (asks)
		close(listener);
	return true;
}

void
privileges_confine(const struct privileges *p, bool live, const struct exports *exports)
{
	const struct options *o = p->o;
	char text[256];
	struct buf err;

	if (o->no_sandbox || !SANDBOX_WANTED)
		return;
	buf_init(&err, text, sizeof(text));
	if (bsd_sandbox_is_available()) {
		if (!privileges_enter_bsd(p, live, &err))
			privileges_sandbox_failed(o, err.s);
		return;
	}
	if (!privileges_enter_landlock(p, live, exports, &err))
		privileges_sandbox_failed(o, err.s);
	if (!privileges_filter_calls(p, live, exports, &err))
		privileges_sandbox_failed(o, err.s);
}

void
privileges_end(struct privileges *p)
{
	owners_stop(&p->owners);
	socket_helper_stop(&p->sockets);
	named_files_fini(&p->named);
	if (p->recording.reads)
		record_process_stop(&p->recording);
	if (!p->helped)
		return;
	file_ops_set_helper(NULL, -1);
	file_helper_stop(&p->helper);
}
