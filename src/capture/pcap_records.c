/* The format: draft-ietf-opsawg-pcap, and pcap-savefile(5). */
#include "config.h"

#include "capture/pcap_records.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/alloc.h"

#define FILE_HEADER 24
#define MAJOR       2
#define MINOR       4

/* True for formats whose records libpcap returns unchanged, in either byte order. */
static bool
pcap_records_keeps_bytes(int linktype)
{
	return linktype == DLT_EN10MB || linktype == DLT_RAW;
}

/* ns per unit: the magic numbers of micro- and nanoseconds in the file's byte order. */
static uint32_t
pcap_records_time_unit(uint32_t magic)
{
	if (magic == UINT32_C(0xa1b2c3d4))
		return 1000;
	return magic == UINT32_C(0xa1b23c4d) ? 1 : 0;
}

/*
 *	magic (4)  major (2)  minor (2)  zone (4)  accuracy (4)  snap length (4)  link type (4)
 */
static bool
pcap_records_read_header(struct pcap_records *k, uint64_t at)
{
	uint8_t header[FILE_HEADER];
	ssize_t n = pread(k->fd, header, sizeof(header), (off_t)at);

	if (n != FILE_HEADER)
		return false;
	k->unit = pcap_records_time_unit(pcap_records_word(k, header));
	if (k->unit == 0) {
		k->swapped = true;
		k->unit = pcap_records_time_unit(pcap_records_word(k, header));
	}
	return k->unit != 0;
}

struct pcap_records *
pcap_records_new(int fd, pcap_t *pcap)
{
	off_t at = ftello(pcap_file(pcap));
	int snap = pcap_snapshot(pcap);
	struct pcap_records *k;

	if (at < FILE_HEADER || snap <= 0 || !pcap_records_keeps_bytes(pcap_datalink(pcap)) ||
	    pcap_major_version(pcap) != MAJOR || pcap_minor_version(pcap) != MINOR)
		return NULL;
	k = xcalloc(1, sizeof(*k));
	k->fd = fd;
	k->longest = (uint32_t)snap;
	k->read = (uint64_t)at;
	if (pcap_records_read_header(k, k->read - FILE_HEADER))
		return k;
	free(k);
	return NULL;
}

/* Moves the incomplete record at the end of the buffer to its front. */
bool
pcap_records_fill(struct pcap_records *k)
{
	uint32_t left = k->end - k->next;
	ssize_t n;

	memmove(k->buffer, k->buffer + k->next, left);
	k->next = 0;
	k->end = left;
	do
		n = pread(k->fd, k->buffer + left, PCAP_RECORDS_BUFFER - left, (off_t)k->read);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	k->read += (uint64_t)n;
	k->end += (uint32_t)n;
	return true;
}
