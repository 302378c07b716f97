/*
 * Privileges: users, dropping rights, and the helper that opens files.
 */
#ifndef PLATFORM_PRIVILEGE_H
#define PLATFORM_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "platform/file_ops.h"
#include "util/buf.h"

/*
 * The user that runs pkttop, and the user that it becomes after its interfaces are open.
 *
 *	invoked by           becomes
 *	root itself          the user of -Z, else "pkttop" if there is one, else "nobody"
 *	sudo, doas, pkexec   the user of -Z, else the user who ran it
 *	any other user itself: only the capabilities are dropped
 *
 * -Z root is refused if sudo, doas or pkexec gave pkttop its root privileges.
 */

struct identity {
	uid_t uid, invoker; /* the user to become, and the user that runs pkttop */
	gid_t gid, invoker_gid;
	bool changes; /* from effective uid 0 to uid; else only capabilities change */
};

/*
 * user: of -Z, or NULL. False with one sentence in err: the user is unknown or not allowed, or the
 * variables of sudo, doas or pkexec contradict the user database.
 */
bool identity_choose(struct identity *id, const char *user, struct buf *err);

/*
 * Drops privileges that are not needed after the interfaces are open.
 *
 * The process becomes the identity that identity_choose() chose, without supplementary groups if
 * that is another user. It keeps only the capabilities for the given needs, as far as it has them.
 * It sets no_new_privs if the system supports it.
 */

enum privilege_need {                  /* reasons to keep capabilities: capabilities(7) */
	PRIVILEGE_CAPTURE = 1 << 0,    /* CAP_NET_RAW: to reopen an interface */
	PRIVILEGE_PROCESSES = 1 << 1,  /* CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH: to see which
					  process of another user owns a socket */
	PRIVILEGE_NAMESPACES = 1 << 3, /* CAP_SYS_ADMIN: to enter network namespaces */
	PRIVILEGE_FILES = 1 << 2,      /* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: to open files
					  as root does; see file_helper_start() */
};

/*
 * Call it once, before the first thread is created. False with one sentence in err: then read no
 * external input; some privileges may already be dropped.
 */
bool privilege_drop(const struct identity *id, unsigned needs, struct buf *err);

/* For a forked child: drops all remaining capabilities. */
void privilege_drop_all(void);

/* True if the process has all capabilities for these needs. */
bool privilege_has(unsigned needs);

/* "libcap-ng", or "system calls": for --version. */
const char *privilege_means(void);

/*
 * Restricts which files this process and its children can access: landlock(7), irreversibly.
 *
 * It also hides the descriptors (/proc/PID/fd) of all processes outside of the domain, so owners of
 * sockets cannot be found.
 */

struct landlock_paths {
	const char *const *readable; /* files, or directories with everything below them */
	unsigned n_readable;
	const char *const
	    *writable; /* directories in which files are created, renamed and removed */
	unsigned n_writable;
	bool makes_folders;       /* creates missing directories: allows it in the nearest parent */
	bool runs_programs;       /* system programs may be executed */
	bool asks_dns;            /* TCP connections to port 53 are allowed */
	const uint16_t *tcp_port; /* and to these ports */
	unsigned n_tcp_ports;
};

/* Skips paths that do not exist; files that system libraries read are always readable. False
 * with one sentence in err. */
bool landlock_enter(const struct landlock_paths *p, struct buf *err);

/*
 * The same for OpenBSD, where it also restricts the system calls: unveil(2) and pledge(2). On
 * FreeBSD it limits the rights of the standard descriptors: capsicum(4).
 */

struct sandbox_needs {
	bool capture; /* live capturing */
	bool screen;  /* a terminal */
	bool network; /* queries to name servers, records to collectors, answers to browsers */
};

/* Irreversible. False with one sentence in err. */
bool bsd_sandbox_enter(
    const struct landlock_paths *p, const struct sandbox_needs *needs, struct buf *err);

/* False on other systems. */
bool bsd_sandbox_is_available(void);

/*
 * Forks a process that becomes a user, keeps the capabilities for its needs, enters its sandbox,
 * and runs until run() returns. It has only the descriptors in fds, which may have new numbers
 * (those beyond n_fds are -1 there), and ignores SIGHUP. -1 with errno.
 */
struct helper_process {
	struct identity identity; /* which it becomes */
	unsigned needs;           /* enum privilege_need */
	const char *name;         /* as ps(1) shows it */
	unsigned n_fds;
	bool (*confine)(void *arg); /* false: it exits; or NULL */
	void (*run)(void *arg, const int *fds);
	void *arg;
};

pid_t helper_process_start(const struct helper_process *p, const int *fds);

/* Lets it open files as the user who ran pkttop: sets identity and needs. */
void helper_process_be_invoker(struct helper_process *p, const struct identity *id);

/*
 * A process that keeps the identity of the user who ran pkttop, after pkttop itself has become
 * another one. It opens the files and directories on the command line, performs the operations of
 * platform/file_ops.h in those directories, and nothing else:
 *
 *	- a path must be one of the configuration's, byte for byte;
 *	- a name has no slash, and is neither "." nor "..";
 *	- a subdirectory must belong to the helper's user, and must not be a link.
 *
 * It reads requests from a socket, each with a socket for the reply, so that forked children of
 * pkttop can use it too. It exits when all of them have exited.
 */

struct file_helper_config {
	const char *const *files; /* readable; so are files in one of the output directories */
	unsigned n_files;
	const char *const *folders; /* writable */
	unsigned n_folders;
	bool (*confine)(void *arg); /* enters a sandbox, false: the helper exits; or NULL */
	void *arg;
};

/* True if pkttop will not be the owner of the files. */
bool file_helper_needed(const struct identity *id);

struct file_helper {
	int fd; /* for requests */
	pid_t pid;
};

/* Starts it; call it before privileges are dropped.  False with one sentence in err. */
bool file_helper_start(struct file_helper *h, const struct identity *id,
    const struct file_helper_config *c, struct buf *err);

/* No more requests: waits until it has exited. */
void file_helper_stop(struct file_helper *h);

/* Sends the request to the helper. */
file_ask_fn file_helper_ask;

/*
 * A process that keeps CAP_NET_RAW, and opens packet sockets for pkttop, which has no capability
 * then.
 *
 *	socket_helper_start(&h, &config, &err)	before privileges are dropped
 *	socket_helper_listen(&h, listener)	once the filter of system calls is in force
 *	socket_helper_stop(&h)
 *
 * The filter of pkttop (seccomp_enter() of ext/seccomp.h) suspends each socket(2) call for a packet
 * socket, and the helper answers it with a socket that it opened: seccomp_unotify(2). Interfaces
 * are opened as before, and neither libpcap nor its callers notice. Calls of forked children are
 * refused. Linux 5.14 or later.
 */

struct socket_helper_config {
	const struct identity *identity; /* which it becomes */
	bool (*confine)(void *arg);      /* enters a sandbox, false: it exits; or NULL */
	void *arg;
};

struct socket_helper {
	int fd; /* -1: none */
	pid_t pid;
};

/* False with one sentence in err. */
bool socket_helper_start(
    struct socket_helper *h, const struct socket_helper_config *c, struct buf *err);

/*
 * Hands over the listener of the filter. True if the helper opens packet sockets from now on.
 * False: the kernel cannot pass them, and the calls go on in pkttop itself, with its own
 * capabilities.
 */
bool socket_helper_listen(const struct socket_helper *h, int listener);

/* Waits until it has exited. */
void socket_helper_stop(struct socket_helper *h);

#endif
