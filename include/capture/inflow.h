/*
 * A capture that arrives bit by bit: through a pipe, a FIFO, a terminal line.
 *
 * libpcap reads a packet to its end and cannot come back to one later.  So we
 * read what has arrived, find where its packets end, and let libpcap read only
 * those that are whole.  It still waits where that cannot be known: for the
 * file header when it is opened, and in the rare variants of the format and
 * records of more than INFLOW_SIZE that are not understood here.
 */
#ifndef CAPTURE_INFLOW_H
#define CAPTURE_INFLOW_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#define INFLOW_SIZE (512 * 1024) /* bytes: two packets of the greatest snap length */
#define INFLOW_ALL  INT_MAX

struct inflow;
struct interfaces;

/* Takes the descriptor, which inflow_del() closes; shows to `is` what libpcap reads.  Dies when
 * there is no memory. */
struct inflow *inflow_new(int fd, struct interfaces *is);
void inflow_del(struct inflow *in);

/* For pcap_fopen_offline(); to be closed before inflow_del().  NULL with errno. */
FILE *inflow_file(struct inflow *in);

/* Whole packets that can be read without waiting; INFLOW_ALL: as many as there will ever be.
 * Reads what has arrived when there are none. */
int inflow_packets(struct inflow *in);

/* So many packets were read. */
void inflow_took(struct inflow *in, int packets);

/* The descriptor that tells when there is more; -1: something can be read now. */
int inflow_fd(const struct inflow *in);

#endif
