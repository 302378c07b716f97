/* Converts link types that have different numbers in files and in libpcap: pcap-linktype(7). */
#ifndef CAPTURE_LINKTYPE_H
#define CAPTURE_LINKTYPE_H

#include <stdint.h>

uint16_t linktype_from_file(uint16_t linktype); /* the DLT_ value */
uint16_t linktype_in_file(uint16_t dlt);        /* the LINKTYPE_ value */

/* "EN10MB"; "147" if there is no name. */
const char *linktype_name(uint16_t linktype);

#endif
