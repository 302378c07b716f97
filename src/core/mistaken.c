#include "config.h"

#include "core/packet.h"

#include <string.h>

void
mistaken_add(struct mistaken *m, const struct frame *f)
{
	struct seen s;

	if (m->more)
		return;
	bpf_gaps_seen(f, &s);
	for (unsigned i = 0; i < m->n; i++)
		if (memcmp(&m->of[i], &s, sizeof(s)) == 0)
			return;
	if (m->n < MISTAKEN_MOST)
		m->of[m->n++] = s;
	else
		m->more = true;
}
