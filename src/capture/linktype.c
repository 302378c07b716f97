#include "config.h"

#include "capture/source.h"

#include <stdio.h>

#include <pcap/pcap.h>

#include "util/attr.h"

static const struct {
	uint16_t in_file, dlt;
} table[] = {
	{ 100, DLT_ATM_RFC1483 },
	{ 101, DLT_RAW },
	{ 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },
	{ 106, DLT_ATM_CLIP },
	{ 109, DLT_ENC },
	{ 246, DLT_PFSYNC },
};

uint16_t
linktype_from_file(uint16_t linktype)
{
	for (unsigned i = 0; i < NITEMS(table); i++)
		if (table[i].in_file == linktype)
			return table[i].dlt;
	return linktype;
}

uint16_t
linktype_in_file(uint16_t dlt)
{
	for (unsigned i = 0; i < NITEMS(table); i++)
		if (table[i].dlt == dlt)
			return table[i].in_file;
	return dlt;
}

const char *
linktype_name(uint16_t linktype)
{
	static char number[8];
	const char *name = pcap_datalink_val_to_name(linktype);

	if (name != NULL)
		return name;
	snprintf(number, sizeof(number), "%u", linktype);
	return number;
}
