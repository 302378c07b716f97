#include "config.h"

#include "dissect/private.h"

#include "util/attr.h"

const struct arphrd arphrd[] = {
	{ 1, 14, "Ethernet" },
	{ 6, 14, "Token Ring" },
	{ 7, 3, "ARCNET" },
	{ 24, 10, "IEEE 1394" },
	{ 32, 4, "InfiniBand" },
	{ 513, 4, "Cisco HDLC" },
	{ 770, 4, "Frame Relay" },
	{ 772, 14, "loopback" },
	{ 774, 13, "FDDI" },
	{ 800, 14, "Token Ring" },
};

const unsigned n_arphrd = NITEMS(arphrd);

unsigned
arphrd_header_len(uint16_t number)
{
	for (unsigned i = 0; i < n_arphrd; i++)
		if (arphrd[i].number == number)
			return arphrd[i].header_len;
	return 0;
}
