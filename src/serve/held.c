/* Requests that wait for a job, a password, or a moment. */
#include "config.h"

#include <string.h>

#include "serve/private.h"

void
held_remove(struct server *s, const struct http_connection *c)
{
	for (unsigned i = 0; i < s->n_held; i++)
		if (s->held[i] == c)
			s->held[i--] = s->held[--s->n_held];
}

void
held_add(struct server *s, struct http_connection *c)
{
	held_remove(s, c);
	s->held[s->n_held++] = c;
}

/* Those that still have to wait come back at once. */
void
held_wake(struct server *s)
{
	unsigned n = s->n_held;
	struct http_connection *held[NITEMS(s->held)];

	memcpy(held, s->held, n * sizeof(held[0]));
	s->n_held = 0;
	s->held_at = s->now;
	for (unsigned i = 0; i < n; i++)
		http_server_wake(held[i]);
}
