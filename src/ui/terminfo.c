#include "config.h"

#include "ui/terminfo.h"

#include <stdlib.h>
#include <string.h>
#include <term.h>

#include "ui/mouse.h"
#include "util/attr.h"
#include "util/text.h"

/* The capability, or NULL. */
static const char *
capability(const char *name)
{
	const char *s = tigetstr(name);

	return s == NULL || s == (const char *)-1 ? NULL : s;
}

/* Adds the capability, without the pauses ("$<50/>") that slow printing terminals once needed. */
static void
add_capability(struct buf *b, const char *name)
{
	const char *s = capability(name);
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

/* What puts the terminal right, made ready while there is nothing wrong yet. */
static void
make_rescue(struct terminfo *ti)
{
	static const char *const names[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	struct buf text;
	unsigned i;

	buf_init(&text, ti->rescue, sizeof ti->rescue);
	for (i = 0; i < NITEMS(names); i++)
		add_capability(&text, names[i]);
	if (ti->mouse)
		buf_adds(&text, MOUSE_OFF);
	if (capability("rmcup") == NULL)
		buf_adds(&text, "\r\n");
}

/* A size that the description gives, or another. */
static int
number(const char *name, int otherwise)
{
	int n = tigetnum(name);

	return n > 0 ? n : otherwise;
}

/* Names the terminal type and what is wrong with it. */
static bool
bad_type(struct buf *err, const char *type, const char *wrong)
{
	buf_setf(err, "TERM=");
	text_clean(err, type, strlen(type));
	buf_addf(err, ": %s; try TERM=xterm-256color, or -b for reports", wrong);
	return false;
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
		return bad_type(err, type, "unknown terminal type");
	/* newterm() would take it, and paint nonsense. */
	usable = capability("cup") != NULL && capability("clear") != NULL;
	ti->cols = number("cols", 80);
	ti->rows = number("lines", 24);
	ti->mouse = capability("kmous") != NULL;
	make_rescue(ti);
	del_curterm(cur_term);
	return usable || bad_type(err, type, "this terminal cannot place the cursor");
}
