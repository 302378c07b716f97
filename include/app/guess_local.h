/*
 * --local=auto: guesses the local networks of a file. For each IP version it is the network (/24 or
 * /64) that takes part in most packets.
 */
#ifndef APP_GUESS_LOCAL_H
#define APP_GUESS_LOCAL_H

struct options;

/* Reads the files of *o once, and sets their networks as --local would. */
void guess_local(struct options *o);

#endif
