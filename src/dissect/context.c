#include "config.h"

#include "dissect/pkt.h"

#include <assert.h>

#include "util/attr.h"
#include "util/buf.h"

/* Each field's name in reports, and its word in texts and filters. */
static const struct {
	const char *name, *word;
	uint8_t tunnel; /* enum context_tunnel that the field identifies */
} context_fields[CONTEXT_FIELDS] = {
	[CONTEXT_VNI] = { "vni", "vni", TUNNEL_VNI },
	[CONTEXT_GRE_KEY] = { "gre_key", "gre_key", TUNNEL_GRE_KEY },
	[CONTEXT_TEID] = { "teid", "teid", TUNNEL_TEID },
	[CONTEXT_L2TP] = { "l2tp", "l2tp", TUNNEL_L2TP },
	[CONTEXT_ISID] = { "isid", "isid", TUNNEL_ISID },
	[CONTEXT_VLAN] = { "vlan", "vlan", TUNNEL_NONE },
	[CONTEXT_INNER_VLAN] = { "inner_vlan", "vlan", TUNNEL_NONE },
	[CONTEXT_LABEL] = { "label", "label", TUNNEL_NONE },
	[CONTEXT_SESSION] = { "session", "session", TUNNEL_NONE },
};

const char *
context_field_name(enum context_field fact)
{
	assert(fact < CONTEXT_FIELDS);
	return context_fields[fact].name;
}

bool
context_field(const struct context *c, enum context_field fact, uint32_t *n)
{
	assert(fact < CONTEXT_FIELDS);
	switch (fact) {
	case CONTEXT_VLAN:
		*n = c->vlan[0];
		break;
	case CONTEXT_INNER_VLAN:
		*n = c->vlan[1];
		break;
	case CONTEXT_LABEL:
		*n = c->label;
		break;
	case CONTEXT_SESSION:
		*n = c->session;
		break;
	default:
		*n = c->id;
		return c->tunnel == context_fields[fact].tunnel;
	}
	return *n != 0;
}

void
context_text(struct buf *b, const struct context *c)
{
	uint32_t n;

	for (unsigned i = 0; i < CONTEXT_FIELDS; i++)
		if (context_field(c, (enum context_field)i, &n))
			buf_addf(b, "%s%s %u", b->len > 0 ? " " : "", context_fields[i].word, n);
}
