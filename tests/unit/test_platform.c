#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <grp.h>
#include <net/if.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/capability.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "platform/child.h"
#include "platform/net.h"
#include "platform/privilege.h"
#include "util/attr.h"

/* privilege */

/* A child's report after the drop. */
struct outcome {
	bool dropped;
	char err[256];
	uid_t uid, euid, invoker;
	gid_t gid, egid;
	int groups;
	bool can_return, no_new_privs;
	uint64_t effective, permitted, bounding;
};

struct run {
	const char *user;                            /* -Z */
	unsigned needs;                              /* enum privilege_need */
	const char *sudo_uid, *sudo_gid, *sudo_user; /* NULL: not set */
	const char *doas_user, *pkexec_uid;          /* likewise */
	uid_t become;                                /* 0: starts as the test's user */
};

static void
set_or_unset(const char *name, const char *value)
{
	if (value == NULL)
		unsetenv(name);
	else
		setenv(name, value, 1);
}

#ifdef __linux__
#define KEPT (UINT64_C(1) << CAP_NET_RAW)

static void
look_at_capabilities(struct outcome *o)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct c[2] = { { 0 }, { 0 } };

	syscall(SYS_capget, &header, c);
	o->effective = (uint64_t)c[1].effective << 32 | c[0].effective;
	o->permitted = (uint64_t)c[1].permitted << 32 | c[0].permitted;
	for (unsigned cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
			o->bounding |= UINT64_C(1) << cap;
	o->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}
#else
#define KEPT UINT64_C(0)

static void
look_at_capabilities(struct outcome *o)
{
	o->no_new_privs = true;
}
#endif

static void
drop_and_look(const struct run *run, struct outcome *o)
{
	static const gid_t groups[] = { 1, 2, 3 };
	struct identity id;
	struct buf err;

	set_or_unset("DOAS_USER", run->doas_user);
	set_or_unset("PKEXEC_UID", run->pkexec_uid);
	set_or_unset("SUDO_UID", run->sudo_uid);
	set_or_unset("SUDO_GID", run->sudo_gid);
	set_or_unset("SUDO_USER", run->sudo_user);
	/* Not every root has supplementary groups to drop. */
	if (geteuid() == 0 && setgroups(NITEMS(groups), groups) != 0)
		_exit(1);
	if (run->become != 0 && setuid(run->become) != 0)
		_exit(1);
	buf_init(&err, o->err, sizeof(o->err));
	o->dropped = identity_choose(&id, run->user, &err) && privilege_drop(&id, run->needs, &err);
	o->invoker = id.invoker;
	o->uid = getuid();
	o->euid = geteuid();
	o->gid = getgid();
	o->egid = getegid();
	o->groups = getgroups(0, NULL);
	look_at_capabilities(o);
	o->can_return = setuid(0) == 0;
}

/* In a child, because the drop is irreversible. */
static struct outcome
run_child(struct run run)
{
	struct outcome o = { 0 };
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		drop_and_look(&run, &o);
		_exit(write(fds[1], &o, sizeof(o)) == (ssize_t)sizeof(o) ? 0 : 1);
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &o, sizeof(o)), sizeof(o));
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return o;
}

/* Any unprivileged account that every system has. */
static const struct passwd *
need_root_and_nobody(void)
{
	const struct passwd *pw = getpwnam("nobody");

	if (geteuid() != 0 || pw == NULL || pw->pw_uid == 0) {
		print_message("needs root and a user nobody\n");
		skip();
	}
	return pw;
}

static const char *
number(unsigned long n)
{
	static char text[2][24];
	static unsigned turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), "%lu", n);
	return text[turn];
}

static void
assert_became(const struct outcome *o, const struct passwd *pw)
{
	assert_string_equal(o->err, "");
	assert_true(o->dropped);
	assert_int_equal(o->uid, pw->pw_uid);
	assert_int_equal(o->euid, pw->pw_uid);
	assert_int_equal(o->gid, pw->pw_gid);
	assert_int_equal(o->egid, pw->pw_gid);
	assert_int_equal(o->groups, 0);
	assert_false(o->can_return);
	assert_true(o->no_new_privs);
}

/* A child has none of the parent's signal handlers, is not ended by errors of writing, and has
 * no privileges. */
static void
test_what_a_child_has(void **state ATTR_UNUSED)
{
	static const struct {
		int number;
		void (*handler)(int);
	} rows[] = {
		{ SIGPIPE, SIG_IGN },
		{ SIGXFSZ, SIG_IGN },
		{ SIGTERM, SIG_DFL },
		{ SIGHUP, SIG_DFL },
		{ SIGUSR1, SIG_DFL },
	};
	void (*before[NITEMS(rows)])(int);
	struct outcome o = { 0 };
	struct sigaction sa;
	int status;
	pid_t pid;

	for (size_t i = 0; i < NITEMS(rows); i++)
		before[i] = signal(rows[i].number, rows[i].handler == SIG_DFL ? SIG_IGN : SIG_DFL);
	pid = child_fork(CHILD_ALONE);
	for (size_t i = 0; i < NITEMS(rows) && pid == 0; i++)
		if (sigaction(rows[i].number, NULL, &sa) != 0 || sa.sa_handler != rows[i].handler)
			_exit(rows[i].number);
	if (pid == 0) {
		look_at_capabilities(&o);
		_exit(o.effective != 0 || o.permitted != 0);
	}
	for (size_t i = 0; i < NITEMS(rows); i++)
		signal(rows[i].number, before[i]);
	status = child_reap(pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_drop_to_named_user(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	struct outcome o = run_child((struct run){ .user = "nobody" });

	assert_became(&o, pw);
	assert_int_equal(o.effective, 0);
	assert_int_equal(o.permitted, 0);
}

static void
test_drop_to_sudo_user(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	struct outcome o = run_child((struct run){
	    .sudo_uid = number(pw->pw_uid),
	    .sudo_gid = number(pw->pw_gid),
	    .sudo_user = "nobody",
	});

	assert_became(&o, pw);
	assert_int_equal(o.effective, 0);
}

static void
test_named_user_goes_before_sudo(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	struct outcome o = run_child((struct run){
	    .user = "nobody",
	    .sudo_uid = "not a number",
	});

	assert_became(&o, pw);
}

/* Root itself, or root that used sudo, does not need to be root. */
static void
test_root_becomes_powerless(void **state ATTR_UNUSED)
{
	const struct passwd *pw = getpwnam("pkttop"), *nobody = need_root_and_nobody();
	struct outcome o = run_child((struct run){ .user = NULL });

	assert_became(&o, pw != NULL ? pw : nobody);
	assert_int_equal(o.invoker, 0);
	assert_int_equal(o.effective, 0);
	assert_int_equal(o.permitted, 0);

	o = run_child((struct run){ .sudo_uid = "0", .sudo_gid = "0", .sudo_user = "root" });
	assert_became(&o, pw != NULL ? pw : nobody);
}

static void
test_root_may_ask_to_stay_root(void **state ATTR_UNUSED)
{
	struct outcome o;

	need_root_and_nobody();
	o = run_child((struct run){ .user = "root" });
	assert_true(o.dropped);
	assert_int_equal(o.euid, 0);
	assert_true(o.no_new_privs);
	assert_int_equal(o.effective, 0);
	assert_int_equal(o.permitted, 0);
}

/* A user of sudo must not become root through pkttop. */
static void
test_nobody_stays_root_for_others(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	const char *uid = number(pw->pw_uid), *gid = number(pw->pw_gid);
	const struct run rows[] = {
		{ .user = "root", .sudo_uid = uid, .sudo_gid = gid, .sudo_user = "nobody" },
		{ .user = "root", .sudo_uid = "not a number" },
		{ .user = "root", .doas_user = "nobody" },
		{ .user = "root", .pkexec_uid = uid },
	};

	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct outcome o = run_child(rows[i]);

		assert_false(o.dropped);
		assert_non_null(strstr(o.err, "-Z root"));
	}
}

static void
test_doas_and_pkexec_name_the_invoker(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	struct outcome o = run_child((struct run){ .doas_user = "nobody" });

	assert_became(&o, pw);
	assert_int_equal(o.invoker, pw->pw_uid);
	o = run_child((struct run){ .pkexec_uid = number(pw->pw_uid) });
	assert_became(&o, pw);
	assert_int_equal(o.invoker, pw->pw_uid);

	o = run_child((struct run){ .doas_user = "no such user" });
	assert_false(o.dropped);
	assert_non_null(strstr(o.err, "DOAS_USER"));
	o = run_child((struct run){ .pkexec_uid = "1x" });
	assert_false(o.dropped);
	assert_non_null(strstr(o.err, "PKEXEC_UID"));
}

static void
test_needs_keep_their_capabilities(void **state ATTR_UNUSED)
{
#ifndef __linux__
	print_message("needs capabilities\n");
	skip();
#else
	const uint64_t raw = UINT64_C(1) << CAP_NET_RAW,
		       search = UINT64_C(1) << CAP_DAC_READ_SEARCH;
	const struct {
		unsigned needs;
		uint64_t kept;
	} rows[] = {
		{ 0, 0 },
		{ PRIVILEGE_CAPTURE, raw },
		{ PRIVILEGE_PROCESSES, UINT64_C(1) << CAP_SYS_PTRACE | search },
		{ PRIVILEGE_FILES, UINT64_C(1) << CAP_DAC_OVERRIDE | search },
		{ PRIVILEGE_CAPTURE | PRIVILEGE_PROCESSES,
		    raw | UINT64_C(1) << CAP_SYS_PTRACE | search },
	};
	static const char *const users[] = { "nobody", "root" };
	struct outcome now = { 0 };

	need_root_and_nobody();
	look_at_capabilities(&now);
	for (size_t i = 0; i < NITEMS(rows) * NITEMS(users); i++) {
		const size_t row = i / NITEMS(users);
		struct outcome o = run_child(
		    (struct run){ .user = users[i % NITEMS(users)], .needs = rows[row].needs });

		assert_true(o.dropped);
		assert_int_equal(o.effective, now.permitted & rows[row].kept);
		assert_int_equal(o.permitted, now.permitted & rows[row].kept);
		if ((now.effective & UINT64_C(1) << CAP_SETPCAP) != 0)
			assert_int_equal(o.bounding, 0);
	}
#endif
}

static void
test_sudo_must_be_true(void **state ATTR_UNUSED)
{
	const struct passwd *pw = need_root_and_nobody();
	const char *uid = number(pw->pw_uid), *gid = number(pw->pw_gid);
	const struct {
		const char *uid, *gid, *user, *says;
	} rows[] = {
		{ "", gid, "nobody", "SUDO_UID" },
		{ "-1", gid, "nobody", "SUDO_UID" },
		{ " 1", gid, "nobody", "SUDO_UID" },
		{ "1x", gid, "nobody", "SUDO_UID" },
		{ "4294967295", gid, "nobody", "SUDO_UID" },
		{ "4294967296", gid, "nobody", "SUDO_UID" },
		{ "99999999999999999999", gid, "nobody", "SUDO_UID" },
		{ "4294967290", gid, "nobody", "SUDO_USER" },
		{ uid, NULL, "nobody", "SUDO_GID" },
		{ uid, "4294967295", "nobody", "SUDO_GID" },
		{ uid, "0", "nobody", "SUDO_GID" },
		{ uid, gid, "root", "SUDO_USER" },
		{ uid, gid, NULL, "SUDO_USER" },
		{ "0", gid, "nobody", "SUDO_USER" },
	};

	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct outcome o = run_child((struct run){
		    .sudo_uid = rows[i].uid,
		    .sudo_gid = rows[i].gid,
		    .sudo_user = rows[i].user,
		});

		assert_false(o.dropped);
		assert_non_null(strstr(o.err, rows[i].says));
		assert_non_null(strstr(o.err, "-Z"));
	}
}

static void
test_ordinary_user_stays_itself(void **state ATTR_UNUSED)
{
	const struct passwd *pw = getpwnam("nobody");
	const uid_t uid = geteuid() != 0 || pw == NULL ? geteuid() : pw->pw_uid;
	struct outcome now = { 0 }, o;

	if (uid == 0) {
		print_message("needs an ordinary user\n");
		skip();
	}
	/* Variables of sudo are ignored for a user who is not root. */
	o = run_child((struct run){ .become = geteuid() == 0 ? uid : 0,
	    .needs = PRIVILEGE_CAPTURE,
	    .sudo_uid = "12345",
	    .sudo_gid = "12345",
	    .sudo_user = "nobody" });
	assert_string_equal(o.err, "");
	assert_true(o.dropped);
	assert_int_equal(o.uid, uid);
	assert_int_equal(o.euid, uid);
	assert_false(o.can_return);
	assert_true(o.no_new_privs);
	/* A file or the service manager may have given it capabilities; one of them is kept. */
	look_at_capabilities(&now);
	assert_int_equal(o.permitted, geteuid() == 0 ? 0 : now.permitted & KEPT);

	o = run_child((struct run){ .become = geteuid() == 0 ? uid : 0, .user = "root" });
	assert_false(o.dropped);
	assert_int_equal(o.euid, uid);
	assert_non_null(strstr(o.err, "only root"));
}

static void
test_unknown_user(void **state ATTR_UNUSED)
{
	struct outcome o = run_child((struct run){ .user = "no-such-user\033[2J" });

	assert_false(o.dropped);
	assert_int_equal(o.euid, geteuid());
	assert_non_null(strstr(o.err, "-Z no-such-user\\x1b[2J: no such user"));
}

/* netif */

static void
test_route4(void **state ATTR_UNUSED)
{
	static const struct {
		const char *line, *name;
		uint32_t metric;
	} rows[] = {
		{ "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU", NULL,
		    0 },
		{ "eth0\t00000000\t0102000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "eth0", 100 },
		{ "wwan0\t00000000\t00000000\t0001\t0\t0\t4294967295\t00000000\t0\t0\t0\n", "wwan0",
		    UINT32_MAX },
		{ "enx001122334455\t00000000\t0\t3\t0\t0\t0\t00000000", "enx001122334455", 0 },
		{ "eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", NULL, 0 },
		{ "tun0\t00000000\t0102000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n", NULL, 0 },
		{ "eth0\t00000000\t0102000A\t0002\t0\t0\t0\t00000000\t0\t0\t0\n", NULL, 0 },
		{ "*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n", NULL, 0 },
		{ "a/b\t00000000\t00000000\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL, 0 },
		{ "\033c\t00000000\t00000000\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", NULL, 0 },
		{ "averyveryverylongname\t00000000\t0\t3\t0\t0\t0\t00000000", NULL, 0 },
		{ "eth0\t00000000\t0102000A\t0003\t0\t0\t100", NULL, 0 },
		{ "", NULL, 0 },
	};

	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct netif_route r;

		assert_int_equal(netif_route4(rows[i].line, &r), rows[i].name != NULL);
		if (rows[i].name == NULL)
			continue;
		assert_string_equal(r.name, rows[i].name);
		assert_int_equal(r.metric, rows[i].metric);
	}
}

#define ZEROS    "00000000000000000000000000000000"
#define DOC_NET  "20010db8000000000000000000000000"
#define LINK_HOP "fe800000000000000000000000000001"

static void
test_route6(void **state ATTR_UNUSED)
{
	static const struct {
		const char *line, *name;
		uint32_t metric;
	} rows[] = {
		{ ZEROS " 00 " ZEROS " 00 " LINK_HOP
			" 00000400 00000002 00000000 00000003     eth0\n",
		    "eth0", 1024 },
		{ ZEROS " 00 " ZEROS " 00 " ZEROS " ffffffff 00000001 00000000 00200200       lo\n",
		    NULL, 0 },
		{ DOC_NET " 40 " ZEROS " 00 " ZEROS " 00000100 00000001 00000000 00000001 eth0\n",
		    NULL, 0 },
		{ ZEROS " 60 " ZEROS " 00 " ZEROS " 00000100 00000001 00000000 00000001 eth0\n",
		    NULL, 0 },
		{ ZEROS " 00 " ZEROS " 00 " LINK_HOP " 00000400 00000002 00000000 00000003", NULL,
		    0 },
		{ "", NULL, 0 },
	};

	for (size_t i = 0; i < NITEMS(rows); i++) {
		struct netif_route r;

		assert_int_equal(netif_route6(rows[i].line, &r), rows[i].name != NULL);
		if (rows[i].name == NULL)
			continue;
		assert_string_equal(r.name, rows[i].name);
		assert_int_equal(r.metric, rows[i].metric);
	}
}

static bool
has_address(
    const struct net *nets, unsigned n, uint8_t kind, uint8_t bits, const uint8_t *b, size_t size)
{
	for (unsigned i = 0; i < n; i++)
		if (nets[i].kind == kind && nets[i].bits == bits &&
		    memcmp(nets[i].addr.b, b, size) == 0)
			return true;
	return false;
}

static const char *
need_loopback(void)
{
	const char *name = if_nametoindex("lo") != 0 ? "lo" : "lo0";

	if (if_nametoindex(name) == 0) {
		print_message("needs a loopback interface\n");
		skip();
	}
	return name;
}

static void
test_addresses(void **state ATTR_UNUSED)
{
	static const uint8_t localhost[] = { 127, 0, 0, 1 }, no_mac[16] = { 0 };
	const char *lo = need_loopback();
	const char *const any[] = { "no-such-if", "any" }, *const nowhere[] = { "l", "no-such-if" };
	struct net nets[256], few[1];
	unsigned n = netif_addresses(&lo, 1, nets, NITEMS(nets)), all;

	assert_true(has_address(nets, n, ADDR_IP4, 32, localhost, sizeof(localhost)));
	assert_false(has_address(nets, n, ADDR_MAC, 48, no_mac, sizeof(no_mac)));
	assert_int_equal(netif_addresses(&lo, 1, few, 1), 1);
	assert_int_equal(netif_addresses(&lo, 1, NULL, 0), 0);
	assert_int_equal(netif_addresses(nowhere, 2, nets, NITEMS(nets)), 0);
	all = netif_addresses(NULL, 0, nets, NITEMS(nets));
	assert_true(all >= n);
	assert_int_equal(netif_addresses(any, 2, nets, NITEMS(nets)), all);
	for (unsigned i = 0; i < all; i++)
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(&nets[i], &nets[j], sizeof(nets[i]));
}

static void
test_default(void **state ATTR_UNUSED)
{
	char name[NETIF_NAME], tiny[1];

	need_loopback();
	assert_true(netif_default(name, sizeof(name)));
	assert_true(if_nametoindex(name) != 0);
	/* A truncated name would be another interface's. */
	assert_false(netif_default(tiny, sizeof(tiny)));
}

static void
test_link_facts(void **state ATTR_UNUSED)
{
	static const char *const wrong[] = { "", ".", "..", "../net/lo", "lo/", "no-such-if",
		"an-interface-name-that-is-much-too-long-for-one", "\033[2J" };

	assert_true(netif_mtu(need_loopback()) >= 576);
	assert_int_equal(netif_speed(need_loopback()), 0);
	for (size_t i = 0; i < NITEMS(wrong); i++) {
		assert_int_equal(netif_mtu(wrong[i]), 0);
		assert_int_equal(netif_speed(wrong[i]), 0);
	}
}

/* "ip address add" sets no broadcast address by default. */
static void
test_broadcast_that_is_not_set(void **state ATTR_UNUSED)
{
#ifdef CLONE_NEWNET
	static const uint8_t last[] = { 192, 0, 2, 255 };
	const char *name = "cast-a";
	struct net nets[64];
	unsigned n, all = 0;

	if (unshare(CLONE_NEWNET) != 0 ||
	    system("ip link add cast-a type veth peer name cast-b &&"
		   "ip addr add 192.0.2.5/24 dev cast-a &&"
		   "ip addr add 198.51.100.0/31 dev cast-a &&"
		   "ip addr add 203.0.113.9/32 dev cast-a") != 0)
		skip();
	n = netif_addresses(&name, 1, nets, NITEMS(nets));
	assert_true(has_address(nets, n, ADDR_IP4, 32, last, sizeof(last)));
	for (unsigned i = 0; i < n; i++)
		all += nets[i].is_broadcast;
	assert_int_equal(all, 1);
#else
	skip();
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_child_has), cmocka_unit_test(test_drop_to_named_user),
		cmocka_unit_test(test_drop_to_sudo_user),
		cmocka_unit_test(test_named_user_goes_before_sudo),
		cmocka_unit_test(test_root_becomes_powerless),
		cmocka_unit_test(test_root_may_ask_to_stay_root),
		cmocka_unit_test(test_nobody_stays_root_for_others),
		cmocka_unit_test(test_doas_and_pkexec_name_the_invoker),
		cmocka_unit_test(test_needs_keep_their_capabilities),
		cmocka_unit_test(test_sudo_must_be_true),
		cmocka_unit_test(test_ordinary_user_stays_itself),
		cmocka_unit_test(test_unknown_user), cmocka_unit_test(test_route4),
		cmocka_unit_test(test_route6), cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_default), cmocka_unit_test(test_link_facts),
		cmocka_unit_test(
		    test_broadcast_that_is_not_set), /* the last: it leaves the network namespace */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
