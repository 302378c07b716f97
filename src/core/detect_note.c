/* Hands what happened to the rules that want to know. */
#include "config.h"

#include <assert.h>

#include "core/event.h"
#include "core/private.h"
#include "util/attr.h"

/* By bit of enum detect_what, in the order of their bits. */
static detect_fn *const detectors[][5] = {
	{ detect_flood_new, detect_scan_new, detect_beacon_new, detect_hosts_new },
	{ detect_flood_state, detect_scan_state, detect_login_state, detect_health_state,
	    detect_hosts_state },
	{ detect_health_event, detect_hosts_event },
	{ detect_scan_answer, detect_flood_answer, detect_dns_answer, detect_hosts_new },
	{ detect_scan_icmp },
	{ detect_login_meta, detect_dns_meta, detect_lan_meta },
};

void
detect_note(struct detect *d, const struct detect_note *n)
{
	assert(n->f != NULL && n->p != NULL);
	assert(n->way < 2);
	assert(n->what >> NITEMS(detectors) == 0);
	detect_advance(d, n->now);
	for (unsigned left = n->what; left != 0; left &= left - 1) {
		detect_fn *const *fn = detectors[__builtin_ctz(left)];

		for (unsigned i = 0; i < NITEMS(detectors[0]) && fn[i] != NULL; i++)
			fn[i](d, n);
	}
}
