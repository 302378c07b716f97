/*
 * The interfaces that can be captured on, as the main loop has listed them for the menu.
 */
#ifndef CONTROL_IFACE_LIST_H
#define CONTROL_IFACE_LIST_H

#include <stdbool.h>

#define TAPS      64
#define TAP_NAME  40
#define TAP_ABOUT 96

struct tap {
	char name[TAP_NAME];
	char about[TAP_ABOUT]; /* addresses, state, description; clean */
	bool on;               /* it is captured on */
};

struct taps {
	struct tap of[TAPS];
	unsigned n;
	char wanted[TAP_NAME + 1]; /* "NAME" only, or "+NAME", or "-NAME"; see WISH_TAP */
};

#endif
