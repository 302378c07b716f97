/*
 * Frames as capture files hold them: pcap with stamps in ns
 * (draft-ietf-opsawg-pcap), and pcapng with what is known of the interfaces
 * (draft-ietf-opsawg-pcapng).  Little-endian everywhere, so that the same
 * packets make the same file.
 */
#ifndef EXPORT_PCAP_WRITER_H
#define EXPORT_PCAP_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/frame.h"
#include "util/buf.h"

#define PCAP_WRITER_COMMENT 4096   /* bytes of any text at most; the rest is cut off */
#define PCAP_WRITER_SNAPLEN 262144 /* likewise, of a frame */

/* Texts may be "". */
struct pcap_writer_interface {
	const char *name, *description, *comment, *filter;
	uint32_t snaplen;  /* 0: PCAP_WRITER_SNAPLEN */
	uint16_t linktype; /* LINKTYPE_ value */
};

/* What an interface counted since the capture began. */
struct pcap_writer_counts {
	uint64_t ts; /* ns since the epoch: when it did */
	uint64_t received, captured;
	uint64_t kernel_dropped, interface_dropped;
	bool drops_known;
};

/* True for a path that asks for pcapng by its end. */
bool pcap_writer_is_ng(const char *path);

/* Adds what a pcap file begins with: one LINKTYPE_ value for all of it. */
void pcap_writer_header(struct buf *b, uint16_t linktype);

/* Adds what a pcapng file begins with; "": no comment. */
void pcap_writer_section(struct buf *b, const char *comment);

/* Adds an interface to pcapng; they are numbered in the order of being added. */
void pcap_writer_interface(struct buf *b, const struct pcap_writer_interface *i);

/* Adds what the interface of that number counted. */
void pcap_writer_counts(struct buf *b, uint32_t interface, const struct pcap_writer_counts *c);

/* Adds the record of a frame. */
void pcap_writer_frame(struct buf *b, const struct frame *f);
void pcap_writer_ng_frame(struct buf *b, uint32_t interface, const struct frame *f);

#endif
