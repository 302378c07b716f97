#include "config.h"

#include "dissect/arphrd.h"

#include "util/attr.h"

const struct hardware hardware[] = {
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

const unsigned n_hardware = NITEMS(hardware);

unsigned
hardware_header(uint16_t number)
{
	for (unsigned i = 0; i < n_hardware; i++)
		if (hardware[i].number == number)
			return hardware[i].header;
	return 0;
}
