/*
 * A small ledger for tests of dissection, which cannot include core/packet.h because of its
 * packet names.
 */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

struct pkt;

void counted_begin(void);
void counted_add(struct pkt *p);
void counted_end(void);

#endif
