/* Signals: handlers note them, and the loop takes them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "app/loop.h"
#include "util/attr.h"
#include "util/die.h"

static int signal_pipe[2] = { -1, -1 };

/* Handlers run one at a time: each sees the bits set by those before it. */
static void
signals_set_handler(int number, void (*fn)(int))
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = SA_RESTART };

	sigfillset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

static bool
signals_is_ignored(int number)
{
	struct sigaction sa;

	return sigaction(number, NULL, &sa) == 0 && sa.sa_handler == SIG_IGN;
}

enum without_screen { HANDLED, KEPT_IGNORED, NOT_HANDLED };

/* One row per signal: its bit, and its default without a screen. */
static const struct {
	int number;
	unsigned got;
	enum without_screen otherwise;
	unsigned undoes; /* the earlier signals that it cancels */
} signals[] = {
	{ SIGINT, GOT_QUIT, KEPT_IGNORED, 0 },
	{ SIGTERM, GOT_QUIT, HANDLED, 0 },
	{ SIGHUP, GOT_RELOAD, KEPT_IGNORED, 0 },
	{ SIGQUIT, GOT_QUIT, KEPT_IGNORED, 0 },
	{ SIGWINCH, GOT_RESIZE, NOT_HANDLED, 0 },
	{ SIGTSTP, GOT_STOP, NOT_HANDLED, 0 },
	{ SIGCONT, GOT_CONT, NOT_HANDLED, GOT_STOP },
	{ SIGUSR1, GOT_INFO, HANDLED, 0 },
#ifdef SIGINFO
	{ SIGINFO, GOT_INFO, HANDLED, 0 },
#endif
};

/* Signals that have arrived and were not yet returned. */
static atomic_uint arrived;

static void
signals_note(int number)
{
	for (unsigned i = 0; i < NITEMS(signals); i++)
		if (signals[i].number == number)
			arrived = (arrived & ~signals[i].undoes) | signals[i].got;
}

/* The pipe only ends the wait. If it is full or fails, the bits are still set. */
static void
signals_handle(int number)
{
	int saved = errno;
	ssize_t n;

	signals_note(number);
	n = write(signal_pipe[1], "", 1);
	(void)n;
	errno = saved;
}

static bool
signals_is_wanted(unsigned i, bool screen)
{
	if (screen || signals[i].otherwise == HANDLED)
		return true;
	return signals[i].otherwise == KEPT_IGNORED && !signals_is_ignored(signals[i].number);
}

void
signals_open(bool screen)
{
	if (pipe(signal_pipe) == -1)
		die("cannot create a pipe for signals: too many open files?");
	for (int i = 0; i < 2; i++) {
		fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
		fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
	}
	for (unsigned i = 0; i < NITEMS(signals); i++)
		if (signals_is_wanted(i, screen))
			signals_set_handler(signals[i].number, signals_handle);
	signals_set_handler(SIGPIPE, SIG_IGN);
	signals_set_handler(SIGXFSZ, SIG_IGN);
}

int
signals_fd(void)
{
	return signal_pipe[0];
}

unsigned
signals_take(void)
{
	char bytes[64];

	while (read(signal_pipe[0], bytes, sizeof(bytes)) > 0)
		;
	return atomic_exchange(&arrived, 0);
}

/* SIGCONT is blocked first: one that arrives before the process stops must not get lost. */
void
signals_stop_self(void)
{
	sigset_t cont, before, pending;

	sigemptyset(&cont);
	sigaddset(&cont, SIGCONT);
	sigprocmask(SIG_BLOCK, &cont, &before);
	sigpending(&pending);
	if ((arrived & GOT_CONT) == 0 && sigismember(&pending, SIGCONT) == 0)
		raise(SIGSTOP);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
