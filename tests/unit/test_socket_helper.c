/* A process without capabilities gets packet sockets from its helper; its children do not. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/if_packet.h>
#include <net/ethernet.h>
#endif

#include "ext/seccomp.h"
#include "platform/privilege.h"

#ifdef __linux__

/* What a process saw; it is shared with the test. */
struct outcome {
	char err[256];
	bool started, listens, has_capability;
	int own_error, child_error; /* of socket(2): 0 or errno */
	bool is_packet_socket, closes_on_exec;
	int after_error; /* once the helper has exited */
};

static int
try_packet_socket(int type, int *fd)
{
	*fd = socket(AF_PACKET, type, 0);
	return *fd == -1 ? errno : 0;
}

static void
look_at_socket(struct outcome *o, int fd)
{
	struct sockaddr_ll a;
	socklen_t size = sizeof(a);

	o->is_packet_socket =
	    getsockname(fd, (struct sockaddr *)&a, &size) == 0 && a.sll_family == AF_PACKET;
	o->closes_on_exec = (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static int
try_in_child(void)
{
	int status, fd;
	pid_t pid = fork();

	if (pid == 0)
		_exit(try_packet_socket(SOCK_RAW, &fd));
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
enter_filter(struct outcome *o, const struct socket_helper *h, struct buf *err)
{
	int listener;

	if (!seccomp_enter(SECCOMP_CAPTURE, &listener, err))
		return false;
	o->listens = socket_helper_listen(h, listener);
	close(listener);
	privilege_drop_all();
	return true;
}

static void
run(struct outcome *o)
{
	const struct identity same = { .uid = getuid(), .gid = getgid() };
	const struct socket_helper_config c = { .identity = &same };
	struct socket_helper h;
	struct buf err;
	int fd;

	buf_init(&err, o->err, sizeof(o->err));
	o->started = socket_helper_start(&h, &c, &err);
	if (!o->started || !enter_filter(o, &h, &err))
		_exit(1);
	o->has_capability = privilege_has(PRIVILEGE_CAPTURE);
	o->own_error = try_packet_socket(SOCK_RAW | SOCK_CLOEXEC, &fd);
	look_at_socket(o, fd);
	o->child_error = try_in_child();
	socket_helper_stop(&h);
	o->after_error = try_packet_socket(SOCK_RAW, &fd);
	_exit(0);
}

static struct outcome *
run_in_child(void)
{
	struct outcome *o =
	    mmap(NULL, sizeof(*o), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	assert_true(o != MAP_FAILED);
	pid = fork();
	if (pid == 0)
		run(o);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_string_equal(o->err, "");
	assert_int_equal(status, 0);
	return o;
}

/* The kernel may be too old to pass sockets, or the test have no capability to pass on. */
static void
test_gives_packet_sockets_to_its_parent_only(void **state)
{
	struct outcome *o;

	(void)state;
	if (!privilege_has(PRIVILEGE_CAPTURE) || !seccomp_can_listen())
		skip();
	o = run_in_child();
	assert_true(o->started);
	if (!o->listens)
		skip();
	assert_false(o->has_capability);
	assert_int_equal(o->own_error, 0);
	assert_true(o->is_packet_socket);
	assert_true(o->closes_on_exec);
	assert_int_equal(o->child_error, EPERM);
	assert_int_equal(o->after_error, ENOSYS);
	munmap(o, sizeof(*o));
}

#else

static void
test_gives_packet_sockets_to_its_parent_only(void **state)
{
	(void)state;
	skip();
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_packet_sockets_to_its_parent_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
