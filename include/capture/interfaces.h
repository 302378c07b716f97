/*
 * The interfaces of a pcapng file, which libpcap hides: it walks through the same bytes that
 * libpcap reads and remembers of which interface each packet is.  A file in another format has
 * none, and all of its packets are of interface 0.
 *
 *	is = interfaces_new();
 *	interfaces_see(is, bytes, n);	before libpcap gets them
 *	i = interfaces_take(is);	for every packet that libpcap hands over
 *	interfaces_del(is);
 *
 * Private to src/capture/.
 */
#ifndef CAPTURE_INTERFACES_H
#define CAPTURE_INTERFACES_H

#include <stddef.h>

#define INTERFACES_MOST  64           /* the last one stands for all that come after it, too */
#define INTERFACES_CHUNK (64 * 1024) /* bytes that may be seen before their packets are taken */
#define INTERFACES_NAME  32           /* bytes of a name, with the NUL */

struct interfaces;

/* Dies when there is no memory. */
struct interfaces *interfaces_new(void);
void interfaces_del(struct interfaces *is);

void interfaces_see(struct interfaces *is, const void *bytes, size_t n);

/* The interface of the next packet: its place among all that the file describes. */
unsigned interfaces_take(struct interfaces *is);

/* "eth0", "interface 1" where it has no name, "eth0 #2" where an earlier one has the same; clean.
 */
const char *interfaces_name(const struct interfaces *is, unsigned i);

#endif
