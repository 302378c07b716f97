#include "config.h"

#include "export/report.h"

#include "export/private.h"

bool
report_write(struct buf *b, const struct report *r, const struct scope *s, struct buf *err)
{
	static bool (*const formats[])(
	    struct buf *, const struct report *, const struct scope *, struct buf *) = {
		[REPORT_TEXT] = report_text,
		[REPORT_JSON] = report_json,
		[REPORT_CSV] = report_csv,
	};
	size_t before = b->len;

	if (formats[r->format](b, r, s, err))
		return true;
	b->len = before;
	b->s[before] = '\0';
	return false;
}
