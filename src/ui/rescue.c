#include "config.h"

#include "ui/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "util/attr.h"

#define WAIT_MS     200   /* for a terminal that is behind */
#define STACK_BYTES 65536 /* a frame with all vector registers takes up to 11 KiB */

static const int faults[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

static struct {
	volatile sig_atomic_t armed;
	pid_t pid; /* a forked child that dies leaves the terminal to its parent */
	struct tty tty;
	char text[256];
	size_t len;
	bool set; /* the handlers are in place */
	struct sigaction before[NITEMS(faults)];
	stack_t stack_before;
} rescue;

/* The fault may have been a stack that is used up. */
static char stack[STACK_BYTES] ATTR_ALIGNED(64);

static void
on_fault(int sig)
{
	if (rescue.armed && getpid() == rescue.pid) {
		tty_wait(&rescue.tty, WAIT_MS);
		/* Whatever it answers, there is nothing more that could be done. */
		if (write(rescue.tty.out, rescue.text, rescue.len) < 0)
			errno = 0;
		if (rescue.tty.flags >= 0)
			fcntl(rescue.tty.out, F_SETFL, rescue.tty.flags);
		tcsetattr(rescue.tty.in, TCSANOW, &rescue.tty.found);
	}
	/* SA_RESETHAND has put the default back. */
	raise(sig);
}

static void
set_handlers(void)
{
	const stack_t s = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction act = { .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER) };
	unsigned i;

	act.sa_handler = on_fault;
	sigemptyset(&act.sa_mask);
	/* Should tcsetattr() be called in the background, it must not stop us half-way. */
	sigaddset(&act.sa_mask, SIGTTOU);
	sigaltstack(&s, &rescue.stack_before);
	for (i = 0; i < NITEMS(faults); i++)
		sigaction(faults[i], &act, &rescue.before[i]);
	rescue.set = true;
}

void
rescue_arm(const struct tty *tty, const char *text)
{
	rescue.armed = 0;
	rescue.pid = getpid();
	rescue.tty = *tty;
	rescue.len = strlcpy(rescue.text, text, sizeof rescue.text);
	if (rescue.len >= sizeof rescue.text)
		rescue.len = sizeof rescue.text - 1;
	if (!rescue.set)
		set_handlers();
	rescue.armed = 1;
}

void
rescue_disarm(void)
{
	rescue.armed = 0;
}

void
rescue_fini(void)
{
	unsigned i;

	rescue.armed = 0;
	if (!rescue.set)
		return;
	for (i = 0; i < NITEMS(faults); i++)
		sigaction(faults[i], &rescue.before[i], NULL);
	sigaltstack(&rescue.stack_before, NULL);
	rescue.set = false;
}
