/* The table of routes, from which /openapi.json and the manual's test come too. */
#include "config.h"

#include "serve/private.h"

#define TABLE_PARAMS "sort top show"

/* clang-format off */
const struct route routes[] = {
	{ "GET", "/healthz", serve_health, "Whether the program runs.", NULL, ROUTE_OPEN, NULL },
	{ "GET", "/report", serve_report, "All counters, as --format=json.", "top show view sort", 0, NULL },
#define VIEW(name, key, label, help, path) { "GET", path, serve_table, "The view " #name ".", TABLE_PARAMS, ROUTE_TABLE, NULL },
#include "view/views.def"
#undef VIEW
	{ "GET", "/views", serve_views, "The tables and their columns.", NULL, 0, NULL },
	{ "GET", "/streams", serve_streams, "The streams: sources with statistics of their own.", NULL, 0, NULL },
	{ "POST", "/streams", stream_create, "Adds a stream of an interface or a file, and starts it.", NULL, 0, "name interface file filter" },
	{ "GET", "/streams/{name}", serve_stream, "A stream, with its busiest flow.", NULL, 0, NULL },
	{ "DELETE", "/streams/{name}", stream_remove, "Stops a stream, and takes it off the list.", NULL, 0, NULL },
	{ "POST", "/streams/{name}/start", stream_start, "Starts a stream; its counts stay.", NULL, 0, "" },
	{ "POST", "/streams/{name}/stop", stream_stop, "Stops a stream; its counts stay.", NULL, 0, "" },
	{ "POST", "/streams/{name}/restart", stream_restart, "Starts a stream with counts of zero, and a file from its beginning.", NULL, 0, "" },
	{ "GET", "/series", serve_series, "Traffic over time, as columns.", "span", 0, NULL },
	{ "GET", "/events", serve_events, "Server-sent events: a report after each interval.", NULL, 0, NULL },
	{ "POST", "/capture", serve_capture, "A pcapng file that is sent while it is captured.", NULL, 0, "stream show seconds packets" },
	{ "POST", "/snapshot", snapshot_create, "Writes a snapshot into --snapshot-dir.", NULL, 0, "" },
	{ "GET", "/snapshots", serve_snapshots, "The snapshots of this run.", NULL, 0, NULL },
	{ "GET", "/snapshots/{name}", serve_snapshot, "The files of a snapshot.", NULL, 0, NULL },
	{ "GET", "/snapshots/{name}/{file}", serve_snapshot_file, "A file of a snapshot.", NULL, 0, NULL },
	{ "GET", "/stored", serve_stored, "What was written to InfluxDB.", "span", 0, NULL },
	{ "GET", "/metrics", serve_metrics, "Counters for Prometheus (OpenMetrics).", NULL, 0, NULL },
	{ "GET", "/openapi.json", serve_openapi, "This table.", NULL, 0, NULL },
	{ "GET", "/", serve_page, "The page.", NULL, 0, NULL },
	{ "GET", "/start", serve_old_start, "Says which request replaces it.", NULL, ROUTE_ANY, NULL },
	{ "GET", "/stop", serve_old_stop, "Says which request replaces it.", NULL, ROUTE_ANY, NULL },
	{ "GET", "/status", serve_old_status, "Says which request replaces it.", NULL, ROUTE_ANY, NULL },
	{ "GET", "/{file}", serve_page, "A file of the page.", NULL, ROUTE_PAGE, NULL },
};
/* clang-format on */

const unsigned n_routes = NITEMS(routes);
_Static_assert(NITEMS(routes) <= STEPS_ROUTES, "each route has its longest step");
