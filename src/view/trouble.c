/* Which cells of a table show trouble. */
#include "config.h"

#include "view/columns.h"
#include "view/row_filter.h"

static enum trouble
trouble_of_flow(const struct view *v, const struct table_row *row)
{
	const struct value *problem = row_find_cell(v, row, "problem");

	return problem->type == V_TEXT ? flow_problem_trouble(problem->text) : TROUBLE_NONE;
}

static enum trouble
trouble_of_retransmissions(const struct view *v, const struct table_row *row)
{
	const struct value *n = row_find_cell(v, row, "retransmissions"),
			   *packets = row_find_cell(v, row, "packets");

	if (n->type != V_COUNT || packets->type != V_COUNT)
		return TROUBLE_NONE;
	return retransmissions_are_many(n->n, packets->n) ? TROUBLE_WARN : TROUBLE_NONE;
}

enum trouble
trouble_of_cell(const struct view *v, const struct table_row *row, unsigned column)
{
	const struct value *cell = &row->cell[column];
	bool any = cell->type == V_COUNT && cell->n > 0;

	switch ((enum trouble_rule)v->cols[column].trouble) {
	case TROUBLE_IF_ANY:
		return any ? TROUBLE_BAD : TROUBLE_NONE;
	case TROUBLE_IF_RESET:
		return any ? TROUBLE_WARN : TROUBLE_NONE;
	case TROUBLE_IF_MANY:
		return trouble_of_retransmissions(v, row);
	case TROUBLE_OF_FLOW:
		return trouble_of_flow(v, row);
	case TROUBLE_NEVER:
		break;
	}
	return TROUBLE_NONE;
}
