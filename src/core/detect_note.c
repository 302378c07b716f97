/* Hands what happened to the rules that want to know. */
#include "config.h"

#include <assert.h>

#include "core/event.h"
#include "core/private.h"
#include "util/attr.h"

static const struct {
	unsigned what; /* enum detect_what */
	detect_fn *fn;
} detectors[] = {
	{ DETECT_NEW_FLOW, detect_flood_new },
	{ DETECT_NEW_FLOW, detect_scan_new },
	{ DETECT_NEW_FLOW, detect_beacon_new },
	{ DETECT_TCP_STATE, detect_flood_state },
	{ DETECT_TCP_STATE, detect_scan_state },
	{ DETECT_TCP_STATE, detect_login_state },
	{ DETECT_TCP_STATE, detect_health_state },
	{ DETECT_TCP_EVENT, detect_health_event },
	{ DETECT_ANSWER, detect_scan_answer },
	{ DETECT_ANSWER, detect_flood_answer },
	{ DETECT_ANSWER, detect_dns_answer },
	{ DETECT_ICMP, detect_scan_icmp },
	{ DETECT_META, detect_login_meta },
	{ DETECT_META, detect_dns_meta },
	{ DETECT_META, detect_lan_meta },
};

void
detect_note(struct detect *d, const struct detect_note *n)
{
	assert(n->f != NULL && n->p != NULL);
	assert(n->way < 2);
	detect_advance(d, n->now);
	for (unsigned i = 0; i < NITEMS(detectors); i++)
		if (detectors[i].what & n->what)
			detectors[i].fn(d, n);
}
