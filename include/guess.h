/*
 * Whose a file is, where its reader asks for a guess: of each version of IP the network that takes
 * part in most packets, /24 or /64.
 */
#ifndef GUESS_H
#define GUESS_H

struct opts;

/* Reads the files of *o once for --local=auto, and notes their networks as if they had been given.
 */
void guess_local(struct opts *o);

#endif
