/*
 * The interfaces that can be captured on, as the main loop has listed them for the menu.
 */
#ifndef CONTROL_IFACE_LIST_H
#define CONTROL_IFACE_LIST_H

#include <stdbool.h>

#define IFACE_LIST_MAX        64
#define IFACE_NAME_LEN        40
#define IFACE_DESCRIPTION_LEN 96

struct iface_choice {
	char name[IFACE_NAME_LEN];
	char description[IFACE_DESCRIPTION_LEN]; /* addresses, state, description; clean */
	bool captured;                           /* it is captured on */
};

struct iface_list {
	struct iface_choice iface[IFACE_LIST_MAX];
	unsigned n;
	char request[IFACE_NAME_LEN +
	    1]; /* "NAME" only, or "+NAME", or "-NAME"; see REQ_CAPTURE_ON */
};

#endif
