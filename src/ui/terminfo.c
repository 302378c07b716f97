#include "config.h"

#include "ui/private.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#ifdef HAVE_GETAUXVAL
#include <sys/auxv.h>
#endif

#include "util/alloc.h"
#include "util/attr.h"
#include "util/text.h"

/* The capability, or NULL. */
static const char *
terminfo_capability(const char *name)
{
	const char *s = tigetstr(name);

	return s == NULL || s == (const char *)-1 ? NULL : s;
}

/* Appends the capability without the delays ("$<50/>") of old printing terminals. */
static void
terminfo_add_capability(struct buf *b, const char *name)
{
	const char *s = terminfo_capability(name);
	const char *end;

	if (s == NULL)
		return;
	while (*s != '\0') {
		if (s[0] == '$' && s[1] == '<' && (end = strchr(s, '>')) != NULL)
			s = end + 1;
		else
			buf_addc(b, *s++);
	}
}

/* Prepares the restoring sequence while the terminal still works. */
static void
terminfo_make_restore(struct terminfo *ti)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	struct buf text;
	unsigned i;

	buf_init(&text, ti->restore, sizeof ti->restore);
	for (i = 0; i < NITEMS(names); i++)
		terminfo_add_capability(&text, names[i]);
	if (ti->mouse)
		buf_adds(&text, SYNC_END PASTE_OFF MOUSE_OFF);
	if (terminfo_capability("rmcup") == NULL)
		buf_adds(&text, "\r\n");
}

/* A size from the description, or the default. */
static int
terminfo_number_or(const char *name, int otherwise)
{
	int n = tigetnum(name);

	return n > 0 ? n : otherwise;
}

/* An error sentence that names the terminal type. */
static bool
terminfo_type_error(struct buf *err, const char *type, const char *wrong)
{
	buf_setf(err, "TERM=");
	text_clean(err, type, strlen(type));
	buf_addf(err, ": %s; try TERM=xterm-256color, or -b for reports", wrong);
	return false;
}

static char *home; /* while HOME is hidden */

static bool
terminfo_has_extended(void)
{
#if defined(HAVE_GETAUXVAL)
	return getauxval(AT_SECURE) != 0;
#elif defined(HAVE_ISSETUGID)
	return issetugid() != 0;
#else
	return getuid() != geteuid() || getgid() != getegid();
#endif
}

void
terminfo_init(void)
{
	static const char *const names[] = { "TERMINFO", "TERMINFO_DIRS", "TERMCAP", "TERMPATH",
		"HOME" };

	if (!terminfo_has_extended())
		return;
	if (getenv("HOME") != NULL)
		home = xstrdup(getenv("HOME"));
	for (unsigned i = 0; i < NITEMS(names); i++)
		unsetenv(names[i]);
}

void
terminfo_fini(void)
{
	if (home != NULL)
		setenv("HOME", home, 1);
	free(home);
	home = NULL;
}

bool
terminfo_read(struct terminfo *ti, int fd, struct buf *err)
{
	const char *type = getenv("TERM");
	int status = 0;
	bool usable;

	if (type == NULL || type[0] == '\0') {
		buf_setf(err, "TERM is not set; try TERM=xterm-256color, or -b for reports");
		return false;
	}
	if (setupterm(type, fd, &status) != 0)
		return !tty_lacks_files(fd, err) &&
		    terminfo_type_error(err, type, "unknown terminal type");
	/* newterm() would accept it and draw garbage. */
	usable = terminfo_capability("cup") != NULL && terminfo_capability("clear") != NULL;
	ti->cols = terminfo_number_or("cols", 80);
	ti->rows = terminfo_number_or("lines", 24);
	ti->mouse = terminfo_capability("kmous") != NULL;
	terminfo_make_restore(ti);
	del_curterm(cur_term);
	return usable || terminfo_type_error(err, type, "this terminal cannot place the cursor");
}
