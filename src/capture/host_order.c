#include "config.h"

#include "capture/private.h"

#include <pcap/pcap.h>

#include "util/attr.h"

static void
host_order_swap_bytes(uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		uint8_t c = p[i];

		p[i] = p[n - 1 - i];
		p[n - 1 - i] = c;
	}
}

/* pcap/usb.h: offsets and sizes of the numbers; only the longer header has the last three. */
static const struct {
	uint8_t at, bytes;
} usb[] = {
	{ 0, 8 },  /* id */
	{ 12, 2 }, /* bus */
	{ 16, 8 }, /* seconds */
	{ 24, 4 }, /* microseconds */
	{ 28, 4 }, /* status */
	{ 32, 4 }, /* bytes of the transfer */
	{ 36, 4 }, /* bytes that follow */
	{ 48, 4 }, /* interval */
	{ 52, 4 }, /* first frame */
	{ 56, 4 }, /* transfer's flags */
	{ 60, 4 }, /* descriptors */
};

#define USB_SHORT 48 /* bytes of the shorter header */

static void
host_order_swap_usb(uint8_t *frame, size_t n)
{
	for (size_t i = 0; i < NITEMS(usb); i++)
		if ((size_t)usb[i].at + usb[i].bytes <= n)
			host_order_swap_bytes(frame + usb[i].at, usb[i].bytes);
}

/*
 *	family (1)  version (1)  group (2)  then: length (2)  type (2)  value, padded to 4 bytes
 */
static void
host_order_swap_nflog(uint8_t *frame, size_t n)
{
	size_t at = 4, length;

	while (at + 4 <= n) {
		host_order_swap_bytes(frame + at, 2);
		host_order_swap_bytes(frame + at + 2, 2);
		length = host_is_big() ? (size_t)(frame[at] << 8 | frame[at + 1])
				       : (size_t)(frame[at + 1] << 8 | frame[at]);
		if (length < 4)
			return;
		at += (length + 3) / 4 * 4;
	}
}

void
host_order_swap(uint16_t linktype, uint8_t *frame, size_t n)
{
	if (linktype == DLT_NFLOG)
		host_order_swap_nflog(frame, n);
	else if (linktype == DLT_USB_LINUX)
		host_order_swap_usb(frame, n < USB_SHORT ? n : USB_SHORT);
	else if (linktype == DLT_USB_LINUX_MMAPPED)
		host_order_swap_usb(frame, n);
}
