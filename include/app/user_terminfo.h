/*
 * A terminal description of the user's own ($TERMINFO, ~/.terminfo).  A pkttop that has become
 * another user cannot read it, so it is read through the file helper and given to curses in the
 * environment.
 */
#ifndef APP_USER_TERMINFO_H
#define APP_USER_TERMINFO_H

#define USER_TERMINFO_PATHS 4
#define USER_TERMINFO_PATH  1024

struct user_terminfo {
	char path[USER_TERMINFO_PATHS][USER_TERMINFO_PATH]; /* candidates, see term(5) */
	unsigned n;
};

void user_terminfo_find(struct user_terminfo *t);

/* Reads it through the file helper and sets TERMINFO to it.  Does nothing if there is none. */
void user_terminfo_import(const struct user_terminfo *t);

#endif
