/*
 * Applications and risks of flows, found by their first packets with payload.
 *
 *	struct dpi *d = dpi_new();			NULL: see dpi_is_available()
 *	void *flow = calloc(1, dpi_flow_size(d));
 *	dpi_look(d, flow, &packet, payload, n, &found);	for its first packets
 *	dpi_finish(d, flow, &found);			then it is all zeros again
 *
 * The library gets packets with headers of our own making, so that it cannot read a wrong length:
 * never bytes behind the packet, fragments, or packets of another flow.  Nothing is read from disk.
 */
#ifndef EXT_DPI_H
#define EXT_DPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/use.h"
#include "dissect/pkt.h"

#define DPI_PAYLOAD 4096 /* bytes of a payload that it looks at */

struct dpi;

/* False if built without the library, or if the installed one differs from the one built with. */
bool dpi_is_available(void);

/* NULL if it is not available, or cannot start. */
struct dpi *dpi_new(void);
void dpi_del(struct dpi *d);

/* Valid as long as d. */
const struct app_db *dpi_apps(const struct dpi *d);

/* Bytes that it keeps of a flow. */
size_t dpi_flow_size(const struct dpi *d);

/* Looks at a packet of TCP or UDP with n (> 0) bytes of payload, and updates *found.  False if it
 * needs no more packets. */
bool dpi_look(struct dpi *d, void *flow, const struct pkt *p, const uint8_t *payload, size_t n,
    struct flow_found *found);

/* No more packets will come: it may guess the application of *found.  Frees what it has kept. */
void dpi_finish(struct dpi *d, void *flow, struct flow_found *found);

#endif
