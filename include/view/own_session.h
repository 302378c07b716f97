/*
 * The SSH session that displays pkttop, hidden from the tables by default; see core/own_session.h.
 */
#ifndef VIEW_OWN_SESSION_H
#define VIEW_OWN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/own_session.h"

struct host;
struct host_errors;
struct network;
struct pair;
struct scope;
struct value;

/* True if a connection between these is hidden. */
bool own_session_hides(const struct scope *s, uint16_t proto, uint8_t kind, const struct addr *a,
    uint16_t a_port, const struct addr *b, uint16_t b_port);

/* True if that host is an end of the hidden session. */
bool own_session_has_host(const struct scope *s, const struct host *h);

/* The hidden traffic of a host, since the start or in scope_rate_tally()'s time; way 0 is out. */
struct tally own_session_of_host(const struct scope *s, const struct host *h, int way, bool moved);

/* The number of its ends in that network, and their hidden traffic. */
unsigned own_session_n_ends_in(const struct scope *s, const struct network *n);
struct tally own_session_of_network(
    const struct scope *s, const struct network *n, int way, bool moved);

/* The same for the pair that its ends are; way 0 is sent by the first host. */
bool own_session_has_pair(const struct scope *s, const struct pair *p);
struct tally own_session_of_pair(const struct scope *s, const struct pair *p, int way, bool moved);

/* Subtracts the errors of the hidden session from those of a host. */
void own_session_subtract_errors(
    const struct scope *s, const struct host *h, struct host_errors *health);

/* t without the hidden traffic. */
struct tally tally_subtract(struct tally t, struct tally hidden);

#endif
