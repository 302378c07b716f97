#include "config.h"

#include "ui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ui/private.h"
#include "util/attr.h"

#define WAIT_MS     200   /* for a slow terminal */
#define STACK_BYTES 65536 /* a frame with all vector registers takes up to 11 KiB */
#define SIGNALS     128   /* more than on any system */

/* Signals whose default action ends a program; the loop handles INT, TERM and similar ones. */
static const struct ending {
	int number;
	const char *name;
	bool fault;  /* a fault: its address is printed */
	bool repeat; /* returning to the faulting instruction raises it again */
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
	pid_t pid; /* a forked child that dies does not touch the terminal */
	struct tty tty;
	char text[256];
	size_t len;
	bool set;           /* handlers are installed */
	bool ours[SIGNALS]; /* for these */
	struct sigaction before[SIGNALS];
	stack_t stack_before;
} crash_restore;

/* The fault may be a stack overflow. */
static char stack[STACK_BYTES] ATTR_ALIGNED(64);

static void
crash_restore_write(int fd, const char *text, size_t len)
{
	/* An error here has no remedy. */
	if (write(fd, text, len) < 0)
		errno = 0;
}

static void
crash_restore_terminal(void)
{
	if (!crash_restore.armed || getpid() != crash_restore.pid)
		return;
	tty_wait(&crash_restore.tty, WAIT_MS);
	crash_restore_write(crash_restore.tty.out, crash_restore.text, crash_restore.len);
	if (crash_restore.tty.flags >= 0)
		fcntl(crash_restore.tty.out, F_SETFL, crash_restore.tty.flags);
	tcsetattr(crash_restore.tty.in, TCSANOW, &crash_restore.tty.found);
}

/* NULL: a real-time signal, which has no name. */
static const struct ending *
crash_restore_find_signal(int sig)
{
	for (unsigned i = 0; i < NITEMS(endings); i++)
		if (endings[i].number == sig)
			return &endings[i];
	return NULL;
}

static void
crash_restore_print_place(const char *name, const siginfo_t *info, const void *context)
{
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	crash_text(&b, name, info, context);
	crash_restore_write(STDERR_FILENO, b.s, b.len);
}

/*
 * The program dies of the same signal. A fault is raised again at its instruction, for a core file
 * or an earlier handler.
 */
static void
crash_restore_on_signal(int sig, siginfo_t *info, void *context)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	const struct ending *e = crash_restore_find_signal(sig);

	crash_restore_terminal();
	if (e != NULL && e->fault)
		crash_restore_print_place(e->name, info, context);
	if (e != NULL && e->repeat && info->si_code > 0) {
		sigaction(sig, &crash_restore.before[sig], NULL);
		return;
	}
	sigaction(sig, &by_default, NULL);
	raise(sig);
}

/* A signal that was ignored at the start stays so, as under nohup(1). */
static void
crash_restore_set_handler(int sig)
{
	struct sigaction act = { .sa_flags = (int)(SA_ONSTACK | SA_NODEFER | SA_SIGINFO) };
	struct sigaction *before = &crash_restore.before[sig];

	if (sigaction(sig, NULL, before) != 0 || before->sa_handler == SIG_IGN)
		return;
	act.sa_sigaction = crash_restore_on_signal;
	sigemptyset(&act.sa_mask);
	/* tcsetattr() in the background must not stop us here. */
	sigaddset(&act.sa_mask, SIGTTOU);
	crash_restore.ours[sig] = sigaction(sig, &act, NULL) == 0;
}

void
crash_restore_init(void)
{
	const stack_t s = { .ss_sp = stack, .ss_size = sizeof stack };

	if (crash_restore.set)
		return;
	crash_init();
	sigaltstack(&s, &crash_restore.stack_before);
	for (unsigned i = 0; i < NITEMS(endings); i++)
		crash_restore_set_handler(endings[i].number);
#ifdef SIGRTMIN
	for (int sig = SIGRTMIN; sig <= SIGRTMAX && sig < SIGNALS; sig++)
		crash_restore_set_handler(sig);
#endif
	crash_restore.set = true;
}

void
crash_restore_arm(const struct tty *tty, const char *text)
{
	crash_restore.armed = 0;
	crash_restore.pid = getpid();
	crash_restore.tty = *tty;
	crash_restore.len = strlcpy(crash_restore.text, text, sizeof crash_restore.text);
	if (crash_restore.len >= sizeof crash_restore.text)
		crash_restore.len = sizeof crash_restore.text - 1;
	crash_restore_init();
	crash_restore.armed = 1;
}

void
crash_restore_disarm(void)
{
	crash_restore.armed = 0;
}

/* Handlers that other code has installed since then stay. */
void
crash_restore_fini(void)
{
	struct sigaction now;

	crash_restore.armed = 0;
	if (!crash_restore.set)
		return;
	for (int sig = 1; sig < SIGNALS; sig++)
		if (crash_restore.ours[sig] && sigaction(sig, NULL, &now) == 0 &&
		    (now.sa_flags & (int)SA_SIGINFO) != 0 &&
		    now.sa_sigaction == crash_restore_on_signal)
			sigaction(sig, &crash_restore.before[sig], NULL);
	sigaltstack(&crash_restore.stack_before, NULL);
	crash_restore.set = false;
}
