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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/meter.h"
#include "core/traffic_class.h"
#include "dissect/addr.h"
#include "util/table.h"
#include "util/text.h"

struct baseline;
struct baseline_meters;
struct ledger;
struct host;
struct network_delta;

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

/*
 * What the hosts of each country, and of each autonomous system, sent and received, folded together
 * with the hosts. t[0] of a meter is out (sent from the place), t[1] is in.
 *
 *	place_table_count_host(t, db, row, h, &delta, &intervals)	for all traffic of a host
 *
 * A host counts in one row of each group, so the sum of a group's rows and of its "(other)" equals
 * that of the hosts.  It is looked up once, with its first packet.
 */

#define PLACE_ROWS_MAX 2048

enum place_group { PLACES_BY_COUNTRY, PLACES_BY_AS, PLACE_GROUPS };

struct place_row {
	struct meter meter[CLASSES]; /* by enum traffic_class */
	struct peak peak;            /* over all classes */
	uint64_t first, last;
	uint64_t flows;      /* ends of flows of its hosts */
	uint64_t hosts;      /* seen in it */
	struct addr example; /* of one of its hosts */
	uint32_t key;        /* letters of the country, number of the system; 0: not known */
	uint32_t id;         /* differs from those of earlier places in this row */
	uint32_t score_time; /* see util/table.h */
	uint8_t example_kind;
	uint8_t group; /* enum place_group */
	bool other;    /* the row "(other)" of its group */
};

struct place_table {
	struct place_row *row;
	struct table table;
	struct place_ids { /* of the rows of a host */
		uint32_t id[PLACE_GROUPS];
	} * host;       /* by row of the host */
	uint32_t hosts; /* rows of the table of hosts at most */
	struct place_row other[PLACE_GROUPS];
	struct overflow_sums other_sums[PLACE_GROUPS][CLASSES];
	struct baseline *baseline; /* is notified of evictions; may be NULL */
};

void place_table_init(struct place_table *t, const struct table_room *room);
void place_table_fini(struct place_table *t);
unsigned place_table_meters(struct ledger *l, struct baseline_meters *of);
void place_table_clear(struct place_table *t);

/* Counts new traffic of the host in that row of the table of hosts. */
void place_table_count_host(struct place_table *t, const struct place_db *db, uint32_t row,
    const struct host *h, const struct network_delta *m, const struct intervals *b);

#endif
