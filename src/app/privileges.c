#include "config.h"

#include "app/run.h"

#include "capture/source.h"
#include "ext/resolver.h"
#include "ext/seccomp.h"
#include "platform/file_ops.h"
#include "platform/privilege.h"
#include "util/buf.h"
#include "util/die.h"

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
privileges_enter_landlock(const struct privileges *p, bool helper, bool live,
    const struct exports *exports, struct buf *err)
{
	struct landlock_paths paths = privileges_paths(p, helper, live);
	uint16_t ports[EXPORTS_PORTS];

	paths.tcp_port = ports;
	paths.n_tcp_ports = exports != NULL ? exports_tcp_ports(exports, ports) : 0;
	return landlock_enter(&paths, err);
}

static bool
privileges_enter_bsd(const struct privileges *p, bool helper, bool live, struct buf *err)
{
	const struct landlock_paths paths = privileges_paths(p, helper, live);
	const struct sandbox_needs needs = {
		.capture = !helper && live,
		.screen = !helper && options_has_screen(p->o),
		.network = !helper &&
		    (p->o->n_exports + p->o->n_listen > 0 || p->o->influx != NULL ||
			(!p->o->batch && resolver_is_available())),
	};

	return bsd_sandbox_enter(&paths, &needs, err);
}

/* The helper's sandbox: it can open files, and nothing else. */
static bool
privileges_confine_helper(void *arg)
{
	const struct privileges *p = arg;
	char unsaid[256];
	struct buf err;
	bool files, calls;

	buf_init(&err, unsaid, sizeof(unsaid));
	if (p->o->no_sandbox || !SANDBOX_WANTED)
		return true;
	if (bsd_sandbox_is_available())
		return privileges_enter_bsd(p, true, false, &err) || !p->o->sandbox_strict;
	files = privileges_enter_landlock(p, true, false, NULL, &err);
	calls = seccomp_enter(0, &err);
	return (files && calls) || !p->o->sandbox_strict;
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
	privileges_start_helper(p);
}

void
privileges_drop(const struct privileges *p, bool live)
{
	unsigned needs = 0;
	char text[512];
	struct buf err;

	if (live)
		needs |= PRIVILEGE_CAPTURE | (p->o->processes ? PRIVILEGE_PROCESSES : 0);
	buf_init(&err, text, sizeof(text));
	if (!privilege_drop(&p->id, needs, &err))
		die("%s", err.s);
	if (p->helped)
		user_terminfo_import(&p->named.terminfo);
}

static unsigned
privileges_needed_calls(const struct options *o, bool live, const struct exports *exports)
{
	uint16_t ports[EXPORTS_PORTS];
	unsigned needs = 0;

	if (exports_tcp_ports(exports, ports) > 0)
		needs |= SECCOMP_CONNECT;
	if (exports->influx.http != NULL)
		needs |= SECCOMP_HTTP;

	if (live)
		needs |= SECCOMP_CAPTURE | SECCOMP_LIST;
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

/*
 * True if socket owners can be looked up, which a Landlock domain would prevent. With keys, any
 * user may look up own processes.
 */
static bool
privileges_may_ask_owners(const struct privileges *p, bool live)
{
	const struct options *o = p->o;

	return live && (o->processes || (!p->helped && !o->batch && !o->sandbox_strict));
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
		if (!privileges_enter_bsd(p, false, live, &err))
			privileges_sandbox_failed(o, err.s);
		return;
	}
	if (!privileges_may_ask_owners(p, live) &&
	    !privileges_enter_landlock(p, false, live, exports, &err))
		privileges_sandbox_failed(o, err.s);
	if (!seccomp_enter(privileges_needed_calls(o, live, exports), &err))
		privileges_sandbox_failed(o, err.s);
}

void
privileges_end(struct privileges *p)
{
	named_files_fini(&p->named);
	if (!p->helped)
		return;
	file_ops_set_helper(NULL, -1);
	file_helper_stop(&p->helper);
}
