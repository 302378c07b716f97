/*
 * A terminal description of the user's own ($TERMINFO, ~/.terminfo).  A pkttop that has become
 * another user cannot read it, so it is read through the file helper and given to curses in the
 * environment.
 */
#ifndef APP_USER_TERMINFO_H
#define APP_USER_TERMINFO_H

#define OWN_TERMINFO_PATHS 4
#define OWN_TERMINFO_PATH  1024

struct own_terminfo {
	char path[OWN_TERMINFO_PATHS][OWN_TERMINFO_PATH]; /* where it would be: term(5) */
	unsigned n;
};

void own_terminfo_find(struct own_terminfo *t);

/* Reads it through the file helper and sets TERMINFO to it.  Does nothing if there is none. */
void own_terminfo_import(const struct own_terminfo *t);

#endif
