/*
 * A capture that arrives through a pipe, a FIFO or a serial line.
 *
 * libpcap blocks until a packet is complete. So this module reads the available bytes, finds the
 * packet boundaries, and gives libpcap complete packets only. libpcap still blocks on the file
 * header when it is opened, and on rare variants of the format and records of more than
 * INFLOW_SIZE, which are not parsed here.
 */
#ifndef CAPTURE_PCAP_STREAM_H
#define CAPTURE_PCAP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define INFLOW_SIZE (512 * 1024) /* bytes: two packets of the maximum snap length */

struct pcap_stream;

/* The descriptor still belongs to the caller; n bytes of it were already read into head. Exits
 * if there is no memory. */
struct pcap_stream *pcap_stream_new(int fd, const void *head, size_t n);
void pcap_stream_del(struct pcap_stream *in);

/* For pcap_fopen_offline(); close it before pcap_stream_del(). NULL with errno. */
FILE *pcap_stream_file(struct pcap_stream *in);

/* True if a packet, or the end, can be read without blocking. Reads the available bytes. */
bool pcap_stream_ready(struct pcap_stream *in);

/* Call it after a packet was read. */
void pcap_stream_consumed(struct pcap_stream *in);

/* The descriptor to poll for more; -1: something can be read now. */
int pcap_stream_fd(const struct pcap_stream *in);

#endif
