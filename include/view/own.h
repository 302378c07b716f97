/*
 * One's own session of SSH, kept out of the tables unless it is asked for; see core/own.h.
 */
#ifndef VIEW_OWN_H
#define VIEW_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/own.h"

struct host;
struct host_health;
struct network;
struct scope;
struct value;

/* True when a TCP connection between these is not to be shown. */
bool own_hides(const struct scope *s, uint16_t proto, uint8_t kind, const struct addr *a,
    uint16_t a_port, const struct addr *b, uint16_t b_port);

/* True when an end of what is hidden is that host. */
bool own_ends_at(const struct scope *s, const struct host *h);

/* What a host has of it: since the start or within scope_tally()'s time; way 0 is out. */
struct tally own_of_host(const struct scope *s, const struct host *h, int way, bool moved);

/* How many of its ends are in that network, and what these have of it. */
unsigned own_ends_in(const struct scope *s, const struct network *n);
struct tally own_of_network(const struct scope *s, const struct network *n, int way, bool moved);

/* A host's troubles without those of what is hidden. */
void own_less_health(const struct scope *s, const struct host *h, struct host_health *health);

/* t without what is hidden. */
struct tally own_less(struct tally t, struct tally hidden);

#endif
