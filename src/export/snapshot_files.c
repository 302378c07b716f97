/* The content of a snapshot: the files and their columns. */
#include "config.h"

#include "dissect/dissect.h"
#include "export/private.h"
#include "export/snapshot.h"
#include "util/attr.h"
#include "view/columns.h"

static void
snapshot_put_tally(struct csv *c, struct tally t)
{
	csv_u64(c, t.packets);
	csv_u64(c, t.bytes);
}

static void
snapshot_put_drops(struct csv *c, bool known, uint64_t n)
{
	if (known)
		csv_u64(c, n);
	else
		csv_empty(c);
}

static void
snapshot_put_metrics(struct csv *c, const struct source_stats *src)
{
	const struct totals *t = &src->totals;

	csv_str(c, src->name);
	snapshot_put_tally(c, t->all);
	if (t->all.packets > 0) {
		csv_u64(c, t->smallest);
		csv_u64(c, t->largest);
	} else {
		csv_empty(c);
		csv_empty(c);
	}
	csv_average(c, t->all.bytes, t->all.packets);
	snapshot_put_drops(c, src->drops_known, src->kernel_dropped);
	snapshot_put_drops(c, src->drops_known, src->interface_dropped);
	csv_time(c, t->first);
	csv_time(c, t->last);
	csv_end_line(c);
}

static void
snapshot_write_metrics(struct csv *c, const struct ledger *l)
{
	struct source_stats total = {
		.name = "total", .totals = l->totals, .drops_known = ledger_knows_drops(l)
	};

	for (unsigned i = 0; i < l->n_sources; i++) {
		snapshot_put_metrics(c, &l->source[i]);
		total.kernel_dropped += l->source[i].kernel_dropped;
		total.interface_dropped += l->source[i].interface_dropped;
	}
	snapshot_put_metrics(c, &total);
}

/* The last part of a protocol's path; its column on the screen is indented. */
static void
snapshot_put_protocol_name(void *out, const struct field *f ATTR_UNUSED, const void *row)
{
	csv_str(out, proto_name((enum proto)((const struct proto_node *)row)->proto));
}

static const struct field flow_fields[] = {
	{ .key = "source", .column = "a" },
	{ .key = "source_port", .column = "a_port" },
	{ .key = "destination", .column = "b" },
	{ .key = "destination_port", .column = "b_port" },
	{ .key = "protocol" },
	{ .key = "packets_to_destination", .column = "packets_ab" },
	{ .key = "bytes_to_destination", .column = "bytes_ab" },
	{ .key = "packets_to_source", .column = "packets_ba" },
	{ .key = "bytes_to_source", .column = "bytes_ba" },
};
static const struct field host_fields[] = {
	{ .key = "address" },
	{ .key = "packets_out" },
	{ .key = "bytes_out" },
	{ .key = "packets_in" },
	{ .key = "bytes_in" },
	{ .key = "flows" },
};
static const struct field protocol_fields[] = {
	{ .key = "path" },
	{ .key = "protocol", .put = snapshot_put_protocol_name },
	{ .key = "packets" },
	{ .key = "bytes" },
};

static void
snapshot_put_cell(
    struct csv *c, const struct column *column, const struct scope *s, const void *row)
{
	struct field_cell cell;

	if (!field_cell_get(&cell, column, s, row))
		csv_empty(c);
	else if (cell.is_text)
		csv_str(c, cell.text);
	else
		csv_value(c, &cell.value);
}

static void
snapshot_put_row(struct csv *c, const struct fields *fs, const struct scope *s, const void *row)
{
	for (unsigned i = 0; i < fs->n; i++) {
		const struct output_field *f = &fs->at[i];

		if (f->column != NULL)
			snapshot_put_cell(c, f->column, s, row);
		else
			f->own->put(c, f->own, row);
	}
	csv_end_line(c);
}

/* Of evicted rows: the first cell says so, and only counts are known. */
static void
snapshot_put_other(struct csv *c, const struct fields *fs, const struct scope *s, const void *row)
{
	csv_str(c, OTHER_TEXT);
	for (unsigned i = 1; i < fs->n; i++) {
		const struct column *column = fs->at[i].column;

		if (column != NULL && column->type != V_TEXT)
			snapshot_put_cell(c, column, s, row);
		else
			csv_empty(c);
	}
	csv_end_line(c);
}

/* A view's rows, most bytes first. */
static void
snapshot_write_rows(struct csv *c, const struct snapshot_file *file, const struct ledger *l)
{
	const struct view *v = view_by_name(file->view);
	struct scope s = scope_of_all(l, true);
	struct report_table t;
	struct fields fs;

	fields_init(&fs, v, file->fields, file->n_fields, IN_SNAPSHOT);
	fields_add_names(&c->b, &fs);
	buf_adds(&c->b, CSV_EOL);
	report_table_init_by_bytes(&t, v, 0, NULL, &s);
	for (uint32_t i = 0; i < t.rank.n; i++)
		snapshot_put_row(c, &fs, &s, t.rank.row[i].row);
	if (t.other != NULL)
		snapshot_put_other(c, &fs, &s, t.other);
	report_table_fini(&t);
}

/* The newest first. */
static void
snapshot_write_events(struct csv *c, const struct ledger *l)
{
	const struct events *es = detect_events(l->detect);

	buf_adds(&c->b, event_csv_titles);
	for (uint32_t i = 0; i < events_used(es); i++)
		event_csv(&c->b, events_newest(es, i));
}

/* clang-format off */
#define TABLE(name_, columns_, write_) { .name = name_, .columns = columns_, .write = write_ }
#define ROWS(name_, view_, fields_)    { .name = name_, .view = view_, .fields = fields_, .n_fields = NITEMS(fields_) }
#define PICTURE(name_, form_, draw_)   { .name = name_, .form = form_, .draw = draw_ }

const struct snapshot_file snapshot_file[] = {
	TABLE("packet_metrics.csv",
	    "source,packets,bytes,smallest,largest,average,"
	    "kernel_dropped,interface_dropped,first,last",
	    snapshot_write_metrics),
	ROWS("packet_flows.csv", "flows", flow_fields),
	ROWS("ip_flows.csv", "talkers", host_fields),
	ROWS("protocols.csv", "protocols", protocol_fields),
	TABLE("packet_size_distribution.csv", "from,to,packets", charts_sizes_csv),
	PICTURE("packet_size_distribution.svg", DRAW_SVG, charts_sizes),
	PICTURE("packet_size_distribution.png", DRAW_PNG, charts_sizes),
	TABLE("events.csv", NULL, snapshot_write_events),
	TABLE("traffic_over_time.csv",
	    "time,seconds,packets_in,bytes_in,packets_out,bytes_out,packets_other,bytes_other",
	    charts_traffic_csv),
	PICTURE("traffic_over_time.svg", DRAW_SVG, charts_traffic),
	PICTURE("traffic_over_time.png", DRAW_PNG, charts_traffic),
};
/* clang-format on */
const unsigned n_snapshot_files = NITEMS(snapshot_file);

/* Appends to the file's text; must be called first. */
static bool
snapshot_draw_chart(const struct snapshot_file *file, const struct ledger *l, struct buf *out)
{
	struct drawing s;

	if (!draw_init(&s, file->form, CHART_WIDTH, CHART_HEIGHT, out))
		return false;
	file->draw(&s, l);
	return draw_fini(&s);
}

static bool
snapshot_write_content(const struct snapshot_file *file, const struct ledger *l, struct csv *c)
{
	if (file->draw != NULL)
		return snapshot_draw_chart(file, l, &c->b);
	if (file->write != NULL)
		file->write(c, l);
	else
		snapshot_write_rows(c, file, l);
	return true;
}

static bool
snapshot_write_file(const struct safe_dir *folder, const struct snapshot_file *file,
    const struct ledger *l, struct buf *err)
{
	struct csv c;
	bool enough;

	csv_open(&c, folder, file->name, file->columns);
	enough = snapshot_write_content(file, l, &c);
	if (!csv_close(&c, err))
		return false;
	if (!enough)
		buf_setf(err, "cannot write %s: not enough memory", file->name);
	return enough;
}

bool
snapshot_write_files(const struct safe_dir *folder, const struct ledger *l, struct buf *err)
{
	for (unsigned i = 0; i < n_snapshot_files; i++)
		if ((snapshot_file[i].form != DRAW_PNG || draw_has_png()) &&
		    !snapshot_write_file(folder, &snapshot_file[i], l, err))
			return false;
	return true;
}

const char *
snapshot_file_name(unsigned i)
{
	return i < n_snapshot_files ? snapshot_file[i].name : NULL;
}
