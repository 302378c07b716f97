/*
 * Writes frames in capture file formats: pcap with stamps in ns (draft-ietf-opsawg-pcap), and
 * pcapng with descriptions of the interfaces (draft-ietf-opsawg-pcapng). Always little-endian, so
 * that the same packets give the same file.
 */
#ifndef EXPORT_PCAP_WRITER_H
#define EXPORT_PCAP_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "util/buf.h"

#define PCAP_WRITER_COMMENT 4096   /* maximum bytes of a text; the rest is cut off */
#define PCAP_WRITER_SNAPLEN 262144 /* likewise, of a frame */

/* Texts may be "". */
struct pcap_writer_interface {
	const char *name, *description, *comment, *filter;
	uint32_t snaplen;  /* 0: PCAP_WRITER_SNAPLEN */
	uint16_t linktype; /* LINKTYPE_ value */
};

/* Counters of an interface since the start of the capture. */
struct pcap_writer_counts {
	uint64_t ts; /* ns since the epoch: that start */
	uint64_t received, captured;
	uint64_t kernel_dropped, interface_dropped;
	bool drops_known;
};

/* True if the path's suffix selects pcapng. */
bool pcap_writer_is_ng(const char *path);

/* Appends the header of a pcap file: one LINKTYPE_ value for the whole file. */
void pcap_writer_header(struct buf *b, uint16_t linktype);

/* Appends a section header of pcapng; "": no comment. */
void pcap_writer_section(struct buf *b, const char *comment);

/* Appends an interface to pcapng; interfaces are numbered in this order. */
void pcap_writer_interface(struct buf *b, const struct pcap_writer_interface *i);

/* Appends the counters of the interface with that number. */
void pcap_writer_counts(struct buf *b, uint32_t interface, const struct pcap_writer_counts *c);

/* Appends the record of a frame. */
void pcap_writer_frame(struct buf *b, const struct frame *f);
void pcap_writer_ng_frame(struct buf *b, uint32_t interface, const struct frame *f);

#endif
