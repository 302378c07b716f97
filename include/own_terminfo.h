/*
 * The description of a terminal that a user has made (in $TERMINFO, or below ~/.terminfo), for a
 * pkttop that has become another user and cannot read it: curses takes it out of the environment.
 */
#ifndef OWN_TERMINFO_H
#define OWN_TERMINFO_H

#define OWN_TERMINFO_PATHS 4
#define OWN_TERMINFO_PATH  1024

struct own_terminfo {
	char path[OWN_TERMINFO_PATHS][OWN_TERMINFO_PATH]; /* where it would be: term(5) */
	unsigned n;
};

void own_terminfo_find(struct own_terminfo *t);

/* Reads it through the file helper, and puts it into TERMINFO.  Does nothing if there is none. */
void own_terminfo_import(const struct own_terminfo *t);

#endif
