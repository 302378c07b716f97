/* Owners of sockets: the kernel's answers, and this process as owner of its own sockets. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifdef __linux__
#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include "core/flow.h"
#include "platform/privilege.h"
#include "platform/process_owner.h"
#include "util/attr.h"

static void
links_of_sockets_are_read(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t inode;
	} rows[] = {
		{ "socket:[1234]", true, 1234 },
		{ "socket:[4294967295]", true, UINT32_MAX },
		{ "socket:[4294967296]", false, 0 },
		{ "socket:[99999999999999999999999999]", false, 0 },
		{ "socket:[]", false, 0 },
		{ "socket:[", false, 0 },
		{ "socket:[12", false, 0 },
		{ "socket:[12]x", false, 0 },
		{ "socket:[-1]", false, 0 },
		{ "pipe:[1234]", false, 0 },
		{ "/dev/null", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		uint32_t inode = 0;

		assert_int_equal(
		    owners_link(rows[i].text, strlen(rows[i].text), &inode), rows[i].ok);
		if (rows[i].ok)
			assert_int_equal(inode, rows[i].inode);
	}
}

static void
control_groups_are_read(void **state)
{
#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	static const struct {
		const char *path, *unit, *runtime, *id;
	} rows[] = {
		{ "/\n", "", "", "" },
		{ "/system.slice/nginx.service\n", "nginx.service", "", "" },
		{ "/user.slice/user-1000.slice/user@1000.service/app.slice/a.scope", "a.scope", "",
		    "" },
		{ "/system.slice/docker-" ID ".scope\n", "docker-" ID ".scope", "docker", ID },
		{ "/docker/" ID, "", "docker", ID },
		{ "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope", "podman",
		    ID },
		{ "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope",
		    "cri-containerd-" ID ".scope", "containerd", ID },
		{ "/kubepods/besteffort/pod1/crio-" ID, "", "crio", ID },
		{ "/kubepods/besteffort/pod1/" ID, "", "container", ID },
		{ "/lxc.payload.web/init.scope", "init.scope", "lxc", "web" },
		{ "/lxc/web", "", "lxc", "web" },
		{ "/machine.slice/machine-web.scope", "machine-web.scope", "machine", "web" },
		{ "/docker/short", "", "", "" },
		{ "/evil\033[2J.service", "evil\\x1b[2J.service", "", "" },
	};
	struct cgroup_facts f;

	(void)state;
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		cgroup_parse(rows[i].path, &f);
		assert_memory_equal(f.unit, rows[i].unit,
		    strlen(rows[i].unit) < sizeof(f.unit) - 1 ? strlen(rows[i].unit)
							      : sizeof(f.unit) - 2);
		assert_string_equal(f.runtime, rows[i].runtime);
		assert_string_equal(f.id, rows[i].id);
	}
#undef ID
}

static void
names_of_containers_are_read(void **state)
{
	static const struct {
		const char *json, *value; /* NULL: none */
	} rows[] = {
		{ "{\"A\":1,\"Name\":\"/web-1\"}", "/web-1" },
		{ "{\"Name\" : \"x\"}", "x" },
		{ "{\"Name\":7}", NULL },
		{ "{\"Name\":\"cut", NULL },
		{ "{\"Name\"", NULL },
		{ "{\"Other\":\"x\"}", NULL },
		{ "{\"Name\":\"\033[2J\"}", "\\x1b[2J" },
		{ "", NULL },
	};
	char array[64];
	struct buf b;

	(void)state;
	buf_init(&b, array, sizeof(array));
	for (unsigned i = 0; i < NITEMS(rows); i++) {
		assert_int_equal(json_find_string(rows[i].json, "Name", &b), rows[i].value != NULL);
		if (rows[i].value != NULL)
			assert_string_equal(b.s, rows[i].value);
	}
}

/* The first packets of connections, and what is none. */
static void
first_packets_are_read(void **state)
{
	uint8_t p4[40] = { 0x45, [9] = 6, [12] = 10, [16] = 192, [19] = 9, [20] = 0x12, [21] = 0x34,
		[22] = 0, [23] = 80, [33] = 0x02 };
	uint8_t p6[60] = {
		0x60, [6] = 6, [8] = 0x20, [24] = 0x20, [39] = 7, [41] = 1, [43] = 2, [53] = 0x02
	};
	struct flowkey k;

	(void)state;
	assert_true(owner_births_parse(p4, sizeof(p4), &k));
	assert_int_equal(k.kind, ADDR_IP4);
	assert_int_equal(k.a.b[0], 10);
	assert_int_equal(k.b.b[3], 9);
	assert_int_equal(k.a_port, 0x1234);
	assert_int_equal(k.b_port, 80);
	assert_true(owner_births_parse(p4, 34, &k));
	assert_false(owner_births_parse(p4, 33, &k));
	p4[33] = 0x12; /* an answer */
	assert_false(owner_births_parse(p4, sizeof(p4), &k));
	p4[33] = 0x02;
	p4[7] = 1; /* a fragment */
	assert_false(owner_births_parse(p4, sizeof(p4), &k));
	p4[7] = 0;
	p4[0] = 0x44; /* an impossible header */
	assert_false(owner_births_parse(p4, sizeof(p4), &k));
	p4[0] = 0x45;
	p4[9] = 17;
	assert_false(owner_births_parse(p4, sizeof(p4), &k));
	p4[23] = 53;
	assert_true(owner_births_parse(p4, 24, &k));
	assert_false(owner_births_parse(p4, 23, &k));
	assert_true(owner_births_parse(p6, sizeof(p6), &k));
	assert_int_equal(k.kind, ADDR_IP6);
	assert_int_equal(k.b.b[15], 7);
	assert_int_equal(k.b_port, 2);
	assert_false(owner_births_parse(p6, 39, &k));
	assert_false(owner_births_parse(p6, 0, &k));
}

static struct addr
quad(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct addr){ .b = { a, b, c, d } };
}

static void
only_the_flows_own_socket_matches(void **state)
{
	const struct socket_ends flow = { quad(10, 0, 0, 1), quad(10, 0, 0, 2), 5000, 53,
		ADDR_IP4 };
	struct socket_ends s = flow;

	(void)state;
	assert_true(inet_diag_match(&s, &flow, true));
	s.remote_port = 54;
	assert_false(inet_diag_match(&s, &flow, true));
	assert_false(inet_diag_match(&s, &flow, false));
	s.remote_port = 0;
	s.remote = quad(0, 0, 0, 0);
	assert_false(inet_diag_match(&s, &flow, true));
	assert_true(inet_diag_match(&s, &flow, false));
	s.local = quad(0, 0, 0, 0);
	s.kind = ADDR_IP6; /* for all addresses of both kinds */
	assert_true(inet_diag_match(&s, &flow, false));
	s.local_port++;
	assert_false(inet_diag_match(&s, &flow, false));
	s = flow;
	s.local = quad(10, 0, 0, 3);
	assert_false(inet_diag_match(&s, &flow, false));
}

#ifdef __linux__

struct answer {
	struct nlmsghdr head;
	struct inet_diag_msg m;
};

static struct answer
good(void)
{
	return (struct answer){
		.head = { .nlmsg_len = sizeof(struct answer),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_seq = 5 },
		.m = { .idiag_family = AF_INET,
		    .idiag_state = 1,
		    .id = { .idiag_sport = htons(5000),
			.idiag_dport = htons(80),
			.idiag_src = { htonl(0x0a000001) },
			.idiag_dst = { htonl(0x0a000002) } },
		    .idiag_uid = 1000,
		    .idiag_inode = 77 },
	};
}

static void
an_answer_is_read(void **state)
{
	struct addr a = quad(10, 0, 0, 1), b = quad(10, 0, 0, 2);
	struct answer x = good();
	struct socket_owner s;

	(void)state;
	assert_true(inet_diag_answer(&x, sizeof(x), 5, &s));
	assert_int_equal(s.inode, 77);
	assert_int_equal(s.uid, 1000);
	assert_false(s.listens);
	assert_int_equal(s.ends.kind, ADDR_IP4);
	assert_int_equal(s.ends.local_port, 5000);
	assert_int_equal(s.ends.remote_port, 80);
	assert_true(addr_equal(&s.ends.local, &a));
	assert_true(addr_equal(&s.ends.remote, &b));
	/* An IPv6 socket with IPv4 traffic. */
	x.m.idiag_family = AF_INET6;
	x.m.id.idiag_src[3] = x.m.id.idiag_src[0];
	x.m.id.idiag_dst[3] = x.m.id.idiag_dst[0];
	x.m.id.idiag_src[0] = x.m.id.idiag_dst[0] = 0;
	x.m.id.idiag_src[2] = x.m.id.idiag_dst[2] = htonl(0xffff);
	x.m.idiag_state = 10;
	assert_true(inet_diag_answer(&x, sizeof(x), 5, &s));
	assert_true(s.listens);
	assert_int_equal(s.ends.kind, ADDR_IP4);
	assert_true(addr_equal(&s.ends.local, &a));
	assert_true(addr_equal(&s.ends.remote, &b));
}

/* An answer with an attribute of that length, and n bytes of it. */
static bool
figures_of(uint16_t type, uint16_t length, size_t n, struct kernel_tcp *k)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_msg m;
		struct nlattr a;
		char data[64];
	} answer = { .m = { .idiag_rqueue = 5, .idiag_wqueue = 7 },
		.a = { .nla_type = type, .nla_len = length } };

	memset(answer.data, 'x', sizeof(answer.data));
	return inet_diag_figures(&answer, n, k);
}

static void
figures_are_read(void **state)
{
	const size_t head = sizeof(struct nlmsghdr) + sizeof(struct inet_diag_msg);
	struct kernel_tcp k;

	(void)state;
	assert_true(figures_of(INET_DIAG_INFO, 4 + 60, head + 64, &k));
	assert_int_equal(k.recv_queue, 5);
	assert_int_equal(k.send_queue, 7);
	assert_int_equal(k.cwnd, 0); /* an old kernel's structure ends before */
	assert_false(figures_of(INET_DIAG_INFO, 4 + 60, head + 63, &k));
	assert_false(figures_of(INET_DIAG_INFO, 3, head + 64, &k));
	assert_false(figures_of(INET_DIAG_INFO, 0, head + 64, &k));
	assert_false(figures_of(INET_DIAG_INFO, UINT16_MAX, head + 64, &k));
	assert_false(figures_of(INET_DIAG_CONG, 4 + 60, head + 64, &k));
	assert_string_equal(k.congestion, "xxxxxxxxxxxxx");
	assert_false(figures_of(INET_DIAG_INFO, 4 + 60, head - 1, &k));
	assert_false(figures_of(INET_DIAG_INFO, 4 + 60, 0, &k));
}

static void
damaged_answers_are_none(void **state)
{
	struct socket_owner s;
	struct answer x = good();

	(void)state;
	for (size_t n = 0; n < sizeof(x); n++)
		assert_false(inet_diag_answer(&x, n, 5, &s));
	assert_false(inet_diag_answer(&x, sizeof(x), 6, &s));
	x.head.nlmsg_len = sizeof(x) + 1;
	assert_false(inet_diag_answer(&x, sizeof(x), 5, &s));
	x.head.nlmsg_len = sizeof(x) - 1;
	assert_false(inet_diag_answer(&x, sizeof(x), 5, &s));
	x.head.nlmsg_len = 0;
	assert_false(inet_diag_answer(&x, sizeof(x), 5, &s));
	x = good();
	x.head.nlmsg_type = NLMSG_ERROR;
	assert_false(inet_diag_answer(&x, sizeof(x), 5, &s));
	x = good();
	x.m.idiag_family = AF_UNIX;
	assert_false(inet_diag_answer(&x, sizeof(x), 5, &s));
}

/* A socket on a loopback port: IPv4, or IPv6 for both. */
static int
bound(int family, int type, uint16_t *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	bool v4 = family == AF_INET;
	socklen_t n = v4 ? sizeof(in) : sizeof(in6);
	int fd = socket(family, type, 0), off = 0;

	if (fd < 0)
		return -1;
	if (!v4)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, v4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6, n) != 0) {
		close(fd);
		return -1;
	}
	getsockname(fd, v4 ? (struct sockaddr *)&in : (struct sockaddr *)&in6, &n);
	*port = ntohs(v4 ? in.sin_port : in6.sin6_port);
	return fd;
}

static void
join(int fd, uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_addr = { htonl(INADDR_LOOPBACK) },
		.sin_port = htons(port) };

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

/* Asks once, and waits for the answer. */
static bool
found(struct owners *o, const struct flowkey *k, struct owner_answer *a)
{
	const struct owner_ask ask = { .key = *k, .row = 7, .generation = 9, .figures = true };
	struct pollfd fd = { .fd = o->fd, .events = POLLIN };

	assert_true(owners_ask(o, &ask, 1));
	assert_int_equal(poll(&fd, 1, 60000), 1);
	assert_true(owners_read(o, a));
	assert_int_equal(a->row, 7);
	assert_int_equal(a->generation, 9);
	return a->known[0] || a->known[1];
}

/* This process talks to itself, over sockets of both kinds. */
static void
check_pair(int family, int type, const char *expected)
{
	struct flowkey k = { quad(127, 0, 0, 1), quad(127, 0, 0, 1), 0, 0, 6, ADDR_IP4, 0 };
	const struct identity me = { .uid = getuid(), .gid = getgid() };
	const struct owners_config c = { .identity = &me };
	int far = bound(family, type, &k.b_port), near = bound(AF_INET, type, &k.a_port), in = -1;
	struct owner_answer a;
	char array[256];
	struct owners o;
	struct buf err;

	buf_init(&err, array, sizeof(array));
	if (far < 0 || near < 0) {
		print_message("needs sockets of that kind\n");
		skip();
	}
	assert_true(owners_start(&o, &c, &err));
	if (type == SOCK_STREAM)
		assert_int_equal(listen(far, 1), 0);
	k.proto = type == SOCK_STREAM ? 6 : 17;
	join(near, k.b_port);
	if (type == SOCK_STREAM)
		in = accept(far, NULL, NULL);
	assert_true(found(&o, &k, &a));
	for (int end = 0; end < 2; end++) {
		assert_true(a.known[end]);
		assert_int_equal(a.facts[end].kind, PROCESS_OWNER);
		assert_int_equal(a.facts[end].pid, getpid());
		assert_string_equal(a.facts[end].command, expected);
	}
	assert_int_equal(a.has_figures, type == SOCK_STREAM);
	if (type == SOCK_STREAM) {
		assert_true(a.figures.cwnd > 0);
		assert_true(a.figures.rtt_us > 0);
		assert_true(strlen(a.figures.congestion) > 0);
	}
	/* Another port has no owner; the far end listens. */
	k.a_port = k.a_port == 1 ? 2 : 1;
	found(&o, &k, &a);
	assert_false(a.known[0]);
	assert_true(!a.known[1] || a.listens[1] || type == SOCK_DGRAM);
	/* An address of another machine has no socket here. */
	k.a = quad(240, 0, 0, 1);
	k.b = quad(240, 0, 0, 2);
	assert_false(found(&o, &k, &a));
	close(in);
	close(near);
	close(far);
	owners_stop(&o);
}

static void
own_sockets_are_found(void **state)
{
	char comm[32] = "";
	FILE *f = fopen("/proc/self/comm", "r");

	(void)state;
	assert_non_null(f);
	assert_non_null(fgets(comm, sizeof(comm), f));
	fclose(f);
	comm[strcspn(comm, "\n")] = '\0';
	check_pair(AF_INET, SOCK_STREAM, comm);
	check_pair(AF_INET, SOCK_DGRAM, comm);
	check_pair(AF_INET6, SOCK_STREAM, comm);
	check_pair(AF_INET6, SOCK_DGRAM, comm);
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_of_sockets_are_read),
		cmocka_unit_test(control_groups_are_read),
		cmocka_unit_test(names_of_containers_are_read),
		cmocka_unit_test(first_packets_are_read),
		cmocka_unit_test(only_the_flows_own_socket_matches),
#ifdef __linux__
		cmocka_unit_test(an_answer_is_read),
		cmocka_unit_test(damaged_answers_are_none),
		cmocka_unit_test(figures_are_read),
		cmocka_unit_test(own_sockets_are_found),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
