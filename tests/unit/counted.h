/*
 * A small ledger for tests of dissection, whose packets are others than core/packet_log.h has.
 */
#ifndef TESTS_COUNTED_H
#define TESTS_COUNTED_H

struct pkt;

void counted_begin(void);
void counted_add(struct pkt *p);
void counted_end(void);

#endif
