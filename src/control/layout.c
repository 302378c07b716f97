#include "config.h"

#include "control/layout.h"

/* Least heights of the screen, in lines, at which each part is shown. */
#define WITH_STATUS 2
#define WITH_TABLE  5
#define STATUS_LINE 8 /* from here on messages have a line of their own */
#define WITH_TABS   12
#define WITH_TITLE  12
#define WITH_KEYS   14
#define WITH_TOTALS 16
#define WITH_SPARK  20
#define SPARK_3     36
#define SPARK_5     48
#define SPARK_7     56

#define TABLE_LEAST  5 /* minimum rows of the table above a detail */
#define DETAIL_LEAST 3 /* least lines of a detail, else it takes the whole table */

/* Takes n lines from the top, if the part is shown. */
static int
layout_take_lines(int *top, int n, int present)
{
	int at = *top;

	if (!present)
		return -1;
	*top += n;
	return at;
}

/* Places the detail below the table, or instead of it. */
static void
layout_place_detail(struct layout *lo, int wanted)
{
	int room = lo->n_table - TABLE_LEAST;

	if (wanted == 0 || lo->n_table == 0)
		return;
	if (room < DETAIL_LEAST) {
		lo->detail = lo->heads;
		lo->n_detail = lo->n_table + 1;
		lo->heads = -1;
		lo->n_table = 0;
		return;
	}
	lo->n_detail = wanted < room ? wanted : room;
	lo->n_table -= lo->n_detail;
	lo->detail = lo->table + lo->n_table;
}

struct layout
layout_make(int rows, int detail)
{
	struct layout lo = { 0 };
	int top = 0, bottom = rows;

	lo.n_sparkline = rows >= SPARK_7 ? 7 : rows >= SPARK_5 ? 5 : rows >= SPARK_3 ? 3 : 1;
	lo.title = layout_take_lines(&top, 1, rows >= WITH_TITLE);
	lo.rates = layout_take_lines(&top, 1, 1);
	lo.totals = layout_take_lines(&top, 1, rows >= WITH_TOTALS);
	lo.sparkline = layout_take_lines(&top, lo.n_sparkline, rows >= WITH_SPARK);
	lo.tabs = layout_take_lines(&top, 1, rows >= WITH_TABS);
	lo.heads = layout_take_lines(&top, 1, rows >= WITH_TABLE);
	lo.keys = rows >= WITH_KEYS ? --bottom : -1;
	lo.status = rows >= WITH_STATUS ? --bottom : -1;
	lo.table = rows >= WITH_TABLE ? top : -1;
	lo.n_table = rows >= WITH_TABLE ? bottom - top : 0;
	if (rows >= WITH_TABLE && rows < STATUS_LINE)
		lo.n_table++;
	lo.prompt = rows - 1;
	lo.own = -1;
	lo.detail = -1;
	layout_place_detail(&lo, detail);
	return lo;
}
