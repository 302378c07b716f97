/*
 * Where an address is: its country, city and autonomous system, as a database of the caller knows.
 *
 *	struct place p;
 *	place_find(l->places, h->kind, &h->addr, &p);
 *
 * Nothing is asked of the network.
 */
#ifndef CORE_PLACE_H
#define CORE_PLACE_H

#include <stdint.h>

#include "dissect/addr.h"
#include "util/text.h"

struct place {
	char country[4];            /* ISO 3166-1 alpha-2, "": not known */
	uint32_t asn;               /* number of the autonomous system, 0: not known */
	char city[TEXT_MAX + 1];    /* clean text, "": not known */
	char as_name[TEXT_MAX + 1]; /* likewise, of the autonomous system */
};

struct place_db {
	/* Fills what it knows of an IP address; *p is empty before. */
	void (*find)(
	    const struct place_db *db, uint8_t kind, const struct addr *a, struct place *p);
};

/* db may be NULL; then, and for other addresses, *p is empty. */
static inline void
place_find(const struct place_db *db, uint8_t kind, const struct addr *a, struct place *p)
{
	*p = (struct place){ .asn = 0 };
	if (db != NULL && (kind == ADDR_IP4 || kind == ADDR_IP6))
		db->find(db, kind, a, p);
}

#endif
