/*
 * Writes capture files without libpcap, byte for byte the same on every machine.
 *
 *	pcapfile_begin(file, linktype, snaplen);
 *	pcapfile_packet(file, ns, data, caplen, len);		as often as there are packets
 */
#ifndef TESTS_PCAPFILE_H
#define TESTS_PCAPFILE_H

#include <stdint.h>
#include <stdio.h>

/* The file's header: big-endian, stamps in ns. For errors see ferror(3). */
void pcapfile_begin(FILE *file, uint32_t linktype, uint32_t snaplen);

/* A packet of len bytes on the link; caplen of them are in data. */
void pcapfile_packet(FILE *file, uint64_t ns, const uint8_t *data, uint32_t caplen, uint32_t len);

/* Stores the low `bytes` bytes of n at p, big-endian. */
void pcapfile_put(uint8_t *p, uint64_t n, unsigned bytes);

#endif
