/*
 * A capture that arrives bit by bit: through a pipe, a FIFO, a terminal line.
 *
 * libpcap reads a packet to its end and cannot come back to one later.  So we
 * read what has arrived, find where its packets end, and let libpcap read only
 * those that are whole.  It still waits where that cannot be known: for the
 * file header when it is opened, and in the rare variants of the format and
 * records of more than INFLOW_SIZE that are not understood here.
 */
#ifndef CAPTURE_PCAP_STREAM_H
#define CAPTURE_PCAP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define INFLOW_SIZE (512 * 1024) /* bytes: two packets of the greatest snap length */

struct pcap_stream;

/* The descriptor stays the caller's; n bytes of it were read already, into head.  Dies when there
 * is no memory. */
struct pcap_stream *pcap_stream_new(int fd, const void *head, size_t n);
void pcap_stream_del(struct pcap_stream *in);

/* For pcap_fopen_offline(); to be closed before pcap_stream_del().  NULL with errno. */
FILE *pcap_stream_file(struct pcap_stream *in);

/* True when a packet, or the end, can be read without waiting.  Reads what has arrived. */
bool pcap_stream_ready(struct pcap_stream *in);

/* A packet was read. */
void pcap_stream_consumed(struct pcap_stream *in);

/* The descriptor that tells when there is more; -1: something can be read now. */
int pcap_stream_fd(const struct pcap_stream *in);

#endif
