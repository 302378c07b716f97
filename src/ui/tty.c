#include "config.h"

#include "ui/private.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Opens the terminal again, so that the flags of the descriptor that the shell and other programs
 * share do not change.
 */
static int
tty_reopen(void)
{
	const char *name = ttyname(STDOUT_FILENO);
	int fd = -1;

	if (name != NULL)
		fd = open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	/* After su(1) the device still belongs to the previous user, and in a container it may
	 * have no name. The controlling terminal can be opened all the same. */
	if (fd < 0 && tcgetsid(STDOUT_FILENO) == getsid(0))
		fd = open("/dev/tty", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && !isatty(fd)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Keys arrive immediately and untranslated, and flow control is off, so that Ctrl-S is a key.
 * Ctrl-C, Ctrl-Z and Ctrl-\ stay signals, because they must always work; they no longer discard
 * pending output. */
static struct termios
tty_raw_mode(const struct termios *found)
{
	struct termios m = *found;

	m.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR | ISTRIP | PARMRK);
	m.c_oflag &= ~(tcflag_t)OPOST;
	m.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
	m.c_lflag |= ISIG | NOFLSH;
	m.c_cc[VMIN] = 1;
	m.c_cc[VTIME] = 0;
	return m;
}

bool
tty_open(struct tty *tty, struct buf *err)
{
	*tty = (struct tty){ .in = -1, .out = -1, .flags = -1 };
	if (!isatty(STDOUT_FILENO)) {
		buf_setf(err, "standard output is not a terminal; try -b for reports");
		return false;
	}
	tty->out = tty_reopen();
	if (tty->out < 0) {
		/* Only the shared descriptor is left: it is non-blocking only while we use the
		 * terminal. */
		tty->flags = fcntl(STDOUT_FILENO, F_GETFL);
		tty->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	}
	if (tty->out < 0) {
		buf_setf(err, "cannot open the terminal: %s", strerror(errno));
		return false;
	}
	tty->in = isatty(STDIN_FILENO) ? STDIN_FILENO : tty->out;
	if (tcgetattr(tty->in, &tty->found) != 0) {
		buf_setf(err, "cannot read the mode of the terminal: %s", strerror(errno));
		tty_close(tty);
		return false;
	}
	return true;
}

void
tty_close(struct tty *tty)
{
	if (tty->out >= 0)
		close(tty->out);
	tty->in = tty->out = -1;
}

bool
tty_foreground(const struct tty *tty)
{
	pid_t group = tcgetpgrp(tty->in);

	/* A terminal that is not our controlling one has no background for us. */
	return group < 0 || group == getpgrp();
}

/* Not TCSADRAIN, which blocks while the terminal is not read. */
static void
tty_set_mode(const struct tty *tty, const struct termios *mode)
{
	while (tcsetattr(tty->in, TCSANOW, mode) != 0 && errno == EINTR)
		;
}

void
tty_set_raw(struct tty *tty)
{
	if (!tty->taken && tcgetattr(tty->in, &tty->found) == 0)
		tty->ours = tty_raw_mode(&tty->found);
	if (tty->flags >= 0)
		fcntl(tty->out, F_SETFL, tty->flags | O_NONBLOCK);
	tty_set_mode(tty, &tty->ours);
	tty->taken = true;
}

void
tty_restore(struct tty *tty)
{
	if (!tty->taken)
		return;
	tty->taken = false;
	if (tty->flags >= 0)
		fcntl(tty->out, F_SETFL, tty->flags);
	/* In the background the shell has set its own mode, and setting ours would stop us. */
	if (tty_foreground(tty))
		tty_set_mode(tty, &tty->found);
}

bool
tty_size(const struct tty *tty, int *cols, int *rows)
{
	struct winsize w = { .ws_col = 0 };

	if (ioctl(tty->out, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0)
		return false;
	*cols = w.ws_col;
	*rows = w.ws_row;
	return true;
}

ssize_t
tty_write(const struct tty *tty, const void *bytes, size_t n)
{
	ssize_t taken;

	do
		taken = write(tty->out, bytes, n);
	while (taken < 0 && errno == EINTR);
	if (taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	return taken;
}

bool
tty_hung_up(const struct tty *tty)
{
	struct pollfd p = { .fd = tty->in, .events = POLLIN };
	int bytes = 0;

	if (poll(&p, 1, 0) <= 0)
		return false;
	if ((p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		return true;
	/* Some systems report only "readable", which means the end here. */
	return (p.revents & POLLIN) != 0 && (ioctl(tty->in, FIONREAD, &bytes) != 0 || bytes == 0);
}

bool
tty_lacks_files(int fd, struct buf *err)
{
	int another = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (another < 0)
		buf_setf(err, "the screen: %s; try ulimit -n 64", strerror(errno));
	else
		close(another);
	return another < 0;
}

void
tty_wait(const struct tty *tty, int ms)
{
	struct pollfd p = { .fd = tty->out, .events = POLLOUT };

	(void)poll(&p, 1, ms);
}
