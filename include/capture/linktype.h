/* Some link types have another number in files than in libpcap: pcap-linktype(7). */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <stdint.h>

uint16_t linktype_from_file(uint16_t linktype); /* the DLT_ value */
uint16_t linktype_in_file(uint16_t dlt);        /* the LINKTYPE_ value */

#endif
