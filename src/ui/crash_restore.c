#include "config.h"

#include "ui/crash_restore.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ui/crash.h"
#include "util/attr.h"

#define WAIT_MS     200   /* for a terminal that is behind */
#define STACK_BYTES 65536 /* a frame with all vector registers takes up to 11 KiB */
#define SIGNALS     128   /* more than any system has */

/* What ends a program by default; INT, TERM and their like are the loop's. */
static const struct ending {
	int number;
	const char *name;
	bool fault;  /* our own: it is said where */
	bool repeat; /* the instruction that caused it causes it again */
} endings[] = {
	{ SIGSEGV, "SIGSEGV", true, true },
	{ SIGBUS, "SIGBUS", true, true },
	{ SIGFPE, "SIGFPE", true, true },
	{ SIGILL, "SIGILL", true, true },
	{ SIGABRT, "SIGABRT", true, false },
	{ SIGTRAP, "SIGTRAP", true, false },
	{ SIGSYS, "SIGSYS", true, false },
	{ SIGUSR1, "SIGUSR1", false, false },
	{ SIGUSR2, "SIGUSR2", false, false },
	{ SIGALRM, "SIGALRM", false, false },
	{ SIGVTALRM, "SIGVTALRM", false, false },
	{ SIGPROF, "SIGPROF", false, false },
	{ SIGXCPU, "SIGXCPU", false, false },
#ifdef SIGIO
	{ SIGIO, "SIGIO", false, false },
#endif
#ifdef SIGPWR
	{ SIGPWR, "SIGPWR", false, false },
#endif
#ifdef SIGSTKFLT
	{ SIGSTKFLT, "SIGSTKFLT", false, false },
#endif
#ifdef SIGEMT
	{ SIGEMT, "SIGEMT", true, false },
#endif
};

static struct {
	volatile sig_atomic_t armed;
	pid_t pid; /* a forked child that dies leaves the terminal to its parent */
	struct tty tty;
	char text[256];
	size_t len;
	bool set;           /* the handlers are in place */
	bool ours[SIGNALS]; /* which */
	struct sigaction before[SIGNALS];
	stack_t stack_before;
} rescue;

/* The fault may have been a stack that is used up. */
static char stack[STACK_BYTES] ATTR_ALIGNED(64);

static void
put(int fd, const char *text, size_t len)
{
	/* Whatever it answers, there is nothing more that could be done. */
	if (write(fd, text, len) < 0)
		errno = 0;
}

static void
restore_terminal(void)
{
	if (!rescue.armed || getpid() != rescue.pid)
		return;
	tty_wait(&rescue.tty, WAIT_MS);
	put(rescue.tty.out, rescue.text, rescue.len);
	if (rescue.tty.flags >= 0)
		fcntl(rescue.tty.out, F_SETFL, rescue.tty.flags);
	tcsetattr(rescue.tty.in, TCSANOW, &rescue.tty.found);
}

/* NULL: one of the real-time signals, which have no names. */
static const struct ending *
ending_of(int sig)
{
	for (unsigned i = 0; i < NITEMS(endings); i++)
		if (endings[i].number == sig)
			return &endings[i];
	return NULL;
}

static void
say_where(const char *name, const siginfo_t *info, const void *context)
{
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	crash_text(&b, name, info, context);
	put(STDERR_FILENO, b.s, b.len);
}

/*
 * The program dies of that same signal.  A fault comes again by itself, in its own place, so that a
 * core file or whoever else had a handler sees it there.
 */
static void
on_ending(int sig, siginfo_t *info, void *context)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	const struct ending *e = ending_of(sig);

	restore_terminal();
	if (e != NULL && e->fault)
		say_where(e->name, info, context);
	if (e != NULL && e->repeat && info->si_code > 0) {
		sigaction(sig, &rescue.before[sig], NULL);
		return;
	}
	sigaction(sig, &by_default, NULL);
	raise(sig);
}

/* One that was ignored at the start stays so, as under nohup(1). */
static void
set_handler(int sig)
{
	struct sigaction act = { .sa_flags = (int)(SA_ONSTACK | SA_NODEFER | SA_SIGINFO) };
	struct sigaction *before = &rescue.before[sig];

	if (sigaction(sig, NULL, before) != 0 || before->sa_handler == SIG_IGN)
		return;
	act.sa_sigaction = on_ending;
	sigemptyset(&act.sa_mask);
	/* Should tcsetattr() be called in the background, it must not stop us half-way. */
	sigaddset(&act.sa_mask, SIGTTOU);
	rescue.ours[sig] = sigaction(sig, &act, NULL) == 0;
}

void
rescue_init(void)
{
	const stack_t s = { .ss_sp = stack, .ss_size = sizeof stack };

	if (rescue.set)
		return;
	crash_init();
	sigaltstack(&s, &rescue.stack_before);
	for (unsigned i = 0; i < NITEMS(endings); i++)
		set_handler(endings[i].number);
#ifdef SIGRTMIN
	for (int sig = SIGRTMIN; sig <= SIGRTMAX && sig < SIGNALS; sig++)
		set_handler(sig);
#endif
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
	rescue_init();
	rescue.armed = 1;
}

void
rescue_disarm(void)
{
	rescue.armed = 0;
}

/* Signals that somebody else handles since then stay theirs. */
void
rescue_fini(void)
{
	struct sigaction now;

	rescue.armed = 0;
	if (!rescue.set)
		return;
	for (int sig = 1; sig < SIGNALS; sig++)
		if (rescue.ours[sig] && sigaction(sig, NULL, &now) == 0 &&
		    (now.sa_flags & (int)SA_SIGINFO) != 0 && now.sa_sigaction == on_ending)
			sigaction(sig, &rescue.before[sig], NULL);
	sigaltstack(&rescue.stack_before, NULL);
	rescue.set = false;
}
