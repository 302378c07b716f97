/* The only file that uses libseccomp. */
#include "config.h"

#include "ext/seccomp.h"

#include <stddef.h>

#ifdef HAVE_LIBSECCOMP

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>

#include "util/attr.h"

#define ALWAYS 0

/* Calls that are allowed with any arguments, one group per line. Names unknown on this
 * architecture are skipped. */
static const struct {
	unsigned needs; /* ALWAYS, or any of these */
	const char *names;
} calls[] = {
	{ ALWAYS, "read readv pread64 write writev pwrite64 lseek _llseek close close_range" },
	{ ALWAYS,
	    "fcntl fcntl64 dup dup2 dup3 pipe pipe2 poll ppoll ppoll_time64 select _newselect" },
	{ ALWAYS,
	    "open openat stat stat64 lstat lstat64 fstat fstat64 newfstatat fstatat64 statx" },
	{ ALWAYS, "access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd" },
	{ ALWAYS, "fstatfs fstatfs64 statfs statfs64 fadvise64 fadvise64_64 umask" },
	{ ALWAYS, "mkdir mkdirat rename renameat renameat2 unlink unlinkat rmdir fsync fdatasync" },
	{ ALWAYS, "ftruncate ftruncate64" },
	{ ALWAYS, "mmap mmap2 munmap mremap mprotect madvise brk" },
	{ ALWAYS, "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending sigaltstack sigreturn" },
	{ ALWAYS, "clock_gettime clock_gettime64 clock_getres gettimeofday time nanosleep" },
	{ ALWAYS, "clock_nanosleep clock_nanosleep_time64 restart_syscall" },
	{ ALWAYS,
	    "getpid getppid gettid getuid geteuid getgid getegid getuid32 geteuid32 getgid32" },
	{ ALWAYS, "getegid32 getgroups getgroups32 getpgrp getpgid getsid setsid capget capset" },
	{ ALWAYS, "fork wait4 waitpid waitid kill tgkill exit exit_group" },
	{ ALWAYS, "futex futex_time64 set_robust_list set_tid_address rseq arch_prctl getrandom" },
	{ ALWAYS, "uname sysinfo getrlimit ugetrlimit prlimit64 getrusage sched_getaffinity" },
	{ ALWAYS, "sched_yield recvmsg sendmsg socketcall alarm setitimer" },
	{ SECCOMP_CAPTURE | SECCOMP_RESOLVE | SECCOMP_OWNERS,
	    "bind getsockname getsockopt setsockopt" },
	{ SECCOMP_CAPTURE | SECCOMP_RESOLVE | SECCOMP_OWNERS, "recvfrom recv sendto send" },
	{ SECCOMP_CAPTURE, "eventfd2" },
	{ SECCOMP_CONNECT, "connect getsockopt" },
	{ SECCOMP_HTTP, "setsockopt getsockname getpeername sendto send recvfrom recv eventfd2" },
	{ SECCOMP_RESOLVE, "connect getpeername shutdown sendmmsg" },
	/* The sockets were opened before; libmicrohttpd has an epoll descriptor and an eventfd. */
	{ SECCOMP_SERVE,
	    "accept accept4 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait" },
	{ SECCOMP_SERVE,
	    "epoll_pwait2 eventfd2 shutdown getsockname getpeername getsockopt setsockopt" },
	{ SECCOMP_SERVE, "recvfrom recv sendto send sendfile sendfile64" },
	/* Without epoll. */
	{ SECCOMP_SERVE, "pselect6 pselect6_time64" },
	{ SECCOMP_UNPACK, "execve vfork" },
	/* SQLite sets the modes of its log; pkttop locks the database. */
	{ SECCOMP_DATABASE, "flock fchmod fallocate" },
};

/* Calls that are allowed only with certain values of an argument, under a mask if there is one. */
static const struct {
	unsigned needs;
	const char *name;
	unsigned argument;
	uint64_t mask, value; /* mask 0: the whole argument */
} values[] = {
	{ ALWAYS, "socketpair", 0, 0, AF_UNIX },
	{ SECCOMP_PACKETS | SECCOMP_ANSWER, "socket", 0, 0, AF_PACKET },
	{ SECCOMP_CAPTURE, "socket", 0, 0, AF_UNIX },
	{ SECCOMP_CAPTURE | SECCOMP_OWNERS, "socket", 0, 0, AF_NETLINK },
	{ SECCOMP_CAPTURE | SECCOMP_RESOLVE | SECCOMP_CONNECT, "socket", 0, 0, AF_INET },
	{ SECCOMP_CAPTURE | SECCOMP_RESOLVE | SECCOMP_CONNECT, "socket", 0, 0, AF_INET6 },
	{ SECCOMP_OWNERS, "setns", 1, 0, CLONE_NEWNET },
#ifdef SECCOMP_IOCTL_NOTIF_ADDFD
	{ SECCOMP_ANSWER, "ioctl", 1, 0, SECCOMP_IOCTL_NOTIF_RECV },
	{ SECCOMP_ANSWER, "ioctl", 1, 0, SECCOMP_IOCTL_NOTIF_SEND },
	{ SECCOMP_ANSWER, "ioctl", 1, 0, SECCOMP_IOCTL_NOTIF_ADDFD },
#endif
	/* No new namespaces, which would give more privileges. */
	{ ALWAYS, "clone", 0,
	    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
		CLONE_NEWPID | CLONE_NEWNET,
	    0 },
	{ ALWAYS, "prctl", 0, 0, PR_SET_NAME }, { ALWAYS, "prctl", 0, 0, PR_SET_PDEATHSIG },
	{ ALWAYS, "prctl", 0, 0, PR_CAPBSET_READ },
	/* isatty(3) queries the type of a descriptor. */
	{ ALWAYS, "ioctl", 1, 0, TCGETS }, { ALWAYS, "ioctl", 1, 0, FIONREAD },
	{ SECCOMP_SCREEN, "ioctl", 1, 0, TCSETS }, { SECCOMP_SCREEN, "ioctl", 1, 0, TCSETSW },
	{ SECCOMP_SCREEN, "ioctl", 1, 0, TCSETSF }, { SECCOMP_SCREEN, "ioctl", 1, 0, TIOCGWINSZ },
	{ SECCOMP_SCREEN, "ioctl", 1, 0, TIOCGPGRP }, { SECCOMP_SCREEN, "ioctl", 1, 0, TIOCGSID },
	{ SECCOMP_CAPTURE | SECCOMP_RESOLVE | SECCOMP_HTTP, "ioctl", 1, 0, FIONBIO },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCETHTOOL },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFADDR },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFBRDADDR },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFCONF },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFDSTADDR },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFFLAGS },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFHWADDR },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFINDEX },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFMTU },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFNAME },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFNETMASK },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, SIOCGIFTXQLEN },
	{ SECCOMP_CAPTURE, "ioctl", 1, 0, 0x8b01 }, /* SIOCGIWNAME: is it wireless? */
};

static bool
seccomp_is_needed(unsigned row, unsigned needs)
{
	return row == ALWAYS || (row & needs) != 0;
}

/* 0 or a negative errno, like libseccomp. */
static int
seccomp_add_rule(
    scmp_filter_ctx filter, uint32_t action, const char *name, const struct scmp_arg_cmp *condition)
{
	int number = seccomp_syscall_resolve_name(name), error;

	if (number == __NR_SCMP_ERROR)
		return 0;
	error = seccomp_rule_add_array(filter, action, number, condition != NULL, condition);
	/* The call has another name on this architecture. */
	return error == -EDOM || error == -EEXIST ? 0 : error;
}

static int
seccomp_allow_calls(scmp_filter_ctx filter, const char *names)
{
	char name[32];
	int error = 0;

	while (*names != '\0' && error == 0) {
		size_t n = strcspn(names, " ");

		strlcpy(name, names, n + 1 < sizeof(name) ? n + 1 : sizeof(name));
		error = seccomp_add_rule(filter, SCMP_ACT_ALLOW, name, NULL);
		names += n + (names[n] == ' ');
	}
	return error;
}

static int
seccomp_allow_value(scmp_filter_ctx filter, unsigned i)
{
	uint64_t mask = values[i].mask != 0 ? values[i].mask : UINT64_MAX;
	struct scmp_arg_cmp condition =
	    SCMP_CMP(values[i].argument, SCMP_CMP_MASKED_EQ, mask, values[i].value);

	return seccomp_add_rule(filter, SCMP_ACT_ALLOW, values[i].name, &condition);
}

/* Reports Bluetooth as unsupported: if its socket fails in another way, libpcap lists no
 * interfaces. */
static int
seccomp_deny_bluetooth(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp condition =
	    SCMP_CMP(0, SCMP_CMP_MASKED_EQ, UINT64_MAX, AF_BLUETOOTH);

	return seccomp_add_rule(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", &condition);
}

#ifdef SCMP_ACT_NOTIFY

/* Level 5 of libseccomp and of the kernel. */
#define LISTEN_LEVEL 5

static int
seccomp_ask_for_packet_sockets(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp condition =
	    SCMP_CMP(0, SCMP_CMP_MASKED_EQ, UINT64_MAX, AF_PACKET);

	return seccomp_add_rule(filter, SCMP_ACT_NOTIFY, "socket", &condition);
}

bool
seccomp_can_listen(void)
{
	return seccomp_api_get() >= LISTEN_LEVEL;
}

#else

static int
seccomp_ask_for_packet_sockets(scmp_filter_ctx filter)
{
	(void)filter;
	return -EOPNOTSUPP;
}

static int
seccomp_notify_fd(scmp_filter_ctx filter)
{
	(void)filter;
	return -1;
}

bool
seccomp_can_listen(void)
{
	return false;
}

#endif

static int
seccomp_add_rows(scmp_filter_ctx filter, unsigned needs)
{
	int error = seccomp_deny_bluetooth(filter);

	for (unsigned i = 0; i < NITEMS(calls) && error == 0; i++)
		if (seccomp_is_needed(calls[i].needs, needs))
			error = seccomp_allow_calls(filter, calls[i].names);
	for (unsigned i = 0; i < NITEMS(values) && error == 0; i++)
		if (seccomp_is_needed(values[i].needs, needs))
			error = seccomp_allow_value(filter, i);
	return error;
}

bool
seccomp_enter(unsigned needs, int *listener, struct buf *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int error = filter == NULL ? -ENOMEM : seccomp_add_rows(filter, needs);

	if (error == 0 && listener != NULL)
		error = seccomp_ask_for_packet_sockets(filter);
	/* A binary tree of comparisons instead of a list, if libseccomp supports it. */
	if (error == 0)
		(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (error == 0)
		error = seccomp_load(filter);
	if (error == 0 && listener != NULL)
		*listener = seccomp_notify_fd(filter);
	if (error != 0)
		buf_setf(err, "seccomp: %s", strerror(-error));
	seccomp_release(filter);
	return error == 0;
}

bool
seccomp_is_available(void)
{
	return true;
}

#else

bool
seccomp_enter(unsigned needs, int *listener, struct buf *err)
{
	(void)needs;
	(void)listener;
	buf_setf(err, "seccomp: built without libseccomp");
	return false;
}

bool
seccomp_can_listen(void)
{
	return false;
}

bool
seccomp_is_available(void)
{
	return false;
}

#endif
