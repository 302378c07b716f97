/* Places: the hosts by country, or by autonomous system. */
#include "config.h"

#include <string.h>

#include "util/attr.h"
#include "util/buf.h"
#include "view/columns.h"
#include "view/private.h"
#include "view/row_filter.h"

static struct tally
v_places_count(const struct scope *s, const void *row, int way)
{
	return scope_class_count(s, ((const struct place_row *)row)->meter, way);
}

static struct tally
v_places_interval(const struct scope *s, const void *row, int way)
{
	return scope_class_interval(s, ((const struct place_row *)row)->meter, way);
}

static struct value
v_places_window(const struct scope *s, const void *row, enum meter_window w)
{
	return scope_class_window(s, ((const struct place_row *)row)->meter, w);
}

static struct value
v_places_peak(const struct scope *s, const void *row)
{
	const struct place_row *r = row;

	return r->other ? value_none() : scope_class_peak(s, r->meter, &r->peak);
}

static const struct row_traffic v_places_traffic = {
	.count = v_places_count,
	.interval = v_places_interval,
	.window = v_places_window,
	.peak = v_places_peak,
};

static struct value
v_places_get_country(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct place_row *r = row;
	char text[sizeof(r->key) + 1] = "";

	if (r->other || r->key == 0 || r->group != PLACES_BY_COUNTRY)
		return value_none();
	memcpy(text, &r->key, sizeof(r->key));
	return value_textf("%s", text);
}

static struct value
v_places_get_asn(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct place_row *r = row;

	return r->other || r->key == 0 || r->group != PLACES_BY_AS ? value_none()
								   : value_n(V_ID, r->key);
}

static struct value
v_places_get_as_name(const struct scope *s, const void *row)
{
	const struct place_row *r = row;

	if (v_places_get_asn(s, row).type == V_NONE)
		return value_none();
	return value_place(s, PLACE_AS_NAME, r->example_kind, &r->example);
}

static struct value
v_places_get_place(const struct scope *s, const void *row)
{
	const struct place_row *r = row;

	if (r->other)
		return value_textf(OTHER_TEXT);
	if (r->key == 0)
		return value_textf("(unknown)");
	return r->group == PLACES_BY_AS ? value_textf("AS%lu", (unsigned long)r->key)
					: v_places_get_country(s, row);
}

static struct value
v_places_get_hosts(const struct scope *s ATTR_UNUSED, const void *row)
{
	const struct place_row *r = row;

	return r->other ? value_none() : value_n(V_COUNT, r->hosts);
}

static struct value
v_places_get_flows(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_n(V_COUNT, ((const struct place_row *)row)->flows);
}

static struct value
v_places_get_first(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct place_row *)row)->first);
}

static struct value
v_places_get_last(const struct scope *s ATTR_UNUSED, const void *row)
{
	return value_time(((const struct place_row *)row)->last);
}

/* clang-format off */
static const struct column columns[] = {
	{ .name = "place", .title = "PLACE", .help = "Country (ISO 3166), or number of the autonomous system.",
	  .type = V_TEXT, .min = 12, .max = 12, .left = true, .identifies = true, .get = v_places_get_place },
	{ .name = "as_name", .title = "OWNER", .help = "Name of the autonomous system.",
	  .type = V_TEXT, .min = 12, .max = 40, .drop = 1, .when_used = true, .left = true, .get = v_places_get_as_name },
	{ .name = "hosts", .title = "HOSTS", .help = "Hosts seen there; an evicted host that returns is counted again.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 4, .desc = true, .get = v_places_get_hosts },
	{ TRAFFIC_BPS_IN(v_places_traffic), .drop = 2, .help = "Bits per second received there." },
	{ TRAFFIC_BPS_OUT(v_places_traffic), .drop = 2, .help = "Bits per second sent from there." },
	{ TRAFFIC_BPS(v_places_traffic), .help = "Bits per second, both directions." },
	TRAFFIC_WINDOWS(v_places_traffic, ", both directions"),
	{ TRAFFIC_PPS(v_places_traffic), .drop = 8, .help = "Packets per second, both directions." },
	{ TRAFFIC_BYTES_IN(v_places_traffic), .drop = 9, .help = "Bytes received there." },
	{ TRAFFIC_BYTES_OUT(v_places_traffic), .drop = 9, .help = "Bytes sent from there." },
	{ TRAFFIC_BYTES(v_places_traffic), .drop = 3, .help = "Bytes sent and received; traffic between two hosts there is both." },
	{ TRAFFIC_PACKETS_IN(v_places_traffic), .drop = 10, .help = "Packets received there." },
	{ TRAFFIC_PACKETS_OUT(v_places_traffic), .drop = 10, .help = "Packets sent from there." },
	{ TRAFFIC_PACKETS(v_places_traffic), .drop = 7, .help = "Packets sent and received." },
	{ TRAFFIC_SHARE(v_places_traffic, 6), .drop = 5, .help = "Share of all traffic that its hosts send or receive." },
	{ .name = "flows", .title = "FLOWS", .help = "Ends of flows there, of any class.",
	  .type = V_COUNT, .min = 6, .max = 6, .drop = 6, .desc = true, .get = v_places_get_flows },
	{ .name = "first", .title = "FIRST SEEN", .help = "Time of the first packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 12, .get = v_places_get_first },
	{ .name = "last", .title = "LAST SEEN", .help = "Time of the most recent packet.",
	  .type = V_TIME, .min = 20, .max = 20, .drop = 11, .desc = true, .get = v_places_get_last },
	{ .name = "country", .title = "COUNTRY", .help = "Country, if the rows are countries.",
	  .type = V_TEXT, .min = 7, .max = 7, .drop = DROP_DETAIL + 6, .when_used = true, .left = true, .get = v_places_get_country },
	{ .name = "asn", .title = "ASN", .help = "Number of the autonomous system, if the rows are these.",
	  .type = V_ID, .min = 6, .max = 10, .drop = DROP_DETAIL + 6, .when_used = true, .get = v_places_get_asn },
};
/* clang-format on */

static uint32_t
v_places_slots(const struct ledger *l)
{
	return l->place_table.table.used;
}

/* A place has addresses of both families. */
static const void *
v_places_row(const struct scope *s, uint32_t i)
{
	const struct place_row *r = &s->ledger->place_table.row[i];

	return r->group == s->group && traffic_count(&v_places_traffic, s, r).packets > 0 ? r
											  : NULL;
}

static const void *
v_places_other(const struct scope *s)
{
	const struct place_row *r;

	if (s->group >= PLACE_GROUPS)
		return NULL;
	r = &s->ledger->place_table.other[s->group];
	return traffic_count(&v_places_traffic, s, r).packets > 0 ? r : NULL;
}

static void
v_places_key(const void *row, struct row_key *k)
{
	const struct place_row *r = row;

	*k = (struct row_key){ { 0 } };
	row_key_put(k, row_key_put(k, 0, r->group, 1), r->key, 4);
}

static const char *const v_places_groups[] = {
	[PLACES_BY_COUNTRY] = "country",
	[PLACES_BY_AS] = "as",
	[PLACE_GROUPS] = NULL,
};

/* Hosts of an unknown place have a cell without any letter. */
static bool
v_places_hosts_filter(struct buf *b, const struct view *v, const struct table_row *row)
{
	const struct value *country = row_find_cell(v, row, "country"),
			   *asn = row_find_cell(v, row, "asn");
	bool by_as = row->key.b[0] == PLACES_BY_AS;

	if (row->other)
		return false;
	if (asn->type == V_ID)
		buf_addf(b, "asn = %lu", (unsigned long)asn->n);
	else if (country->type == V_TEXT)
		return row_filter_add_text(b, "country", country->text);
	else
		buf_addf(b, "%s !~ .", by_as ? "asn" : "country");
	return true;
}

static bool
v_places_is_in_use(const struct ledger *l)
{
	return l->places != NULL;
}

static const char *
v_places_why_empty(const struct ledger *l)
{
	return l->places == NULL ? "no database of places: see --geoip in the manual" : NULL;
}

const struct view view_places = {
	.name = "places",
	.title = "Places",
	.help = "Countries of the hosts; a shows their autonomous systems.",
	.cols = columns,
	.n_cols = NITEMS(columns),
	.sort = "bps",
	.sort_whole_time = "bytes",
	.slots = v_places_slots,
	.row = v_places_row,
	.other_row = v_places_other,
	.row_key = v_places_key,
	.groups = v_places_groups,
	.leads_to = &view_talkers,
	.leads_to_filter = v_places_hosts_filter,
	.is_in_use = v_places_is_in_use,
	.why_empty = v_places_why_empty,
};
