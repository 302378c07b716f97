#include "config.h"

#include "app/loop.h"

#include <unistd.h>

#include "util/text.h"

#define NS    UINT64_C(1000000000)
#define FIRST NS       /* shorter reads show no line */
#define AGAIN (NS / 5) /* ns between two drawings */
#define CELLS 24       /* of the bar */

#define BEGIN_OF_LINE "\r\033[K" /* and the line is empty */

void
progress_init(struct progress *p, uint64_t monotonic)
{
	*p = (struct progress){
		.wanted = isatty(STDERR_FILENO) == 1,
		.started = monotonic,
		.next = monotonic + FIRST,
	};
}

static void
progress_add_bar(struct buf *b, double part)
{
	int full = (int)(part * CELLS + 0.5);

	buf_addc(b, '[');
	for (int i = 0; i < CELLS; i++)
		buf_addc(b, i < full ? '#' : '.');
	buf_addf(b, "] %d%%  ", (int)(part * 100));
}

void
progress_text(struct buf *b, uint64_t elapsed, uint64_t done, uint64_t all, uint64_t packets)
{
	double seconds = (double)elapsed / (double)NS;

	/* A file that is still being written may have grown. */
	if (done > all)
		done = all;
	if (all > 0)
		progress_add_bar(b, (double)done / (double)all);
	fmt_scaled(b, (double)packets, FMT_SI);
	buf_adds(b, " packets");
	if (elapsed > 0) {
		buf_adds(b, "  ");
		fmt_scaled(b, (double)packets / seconds, FMT_SI);
		buf_adds(b, "/s");
	}
	if (done > 0 && done < all) {
		buf_adds(b, "  ");
		fmt_clock(b, (uint64_t)((double)elapsed * ((double)(all - done) / (double)done)));
		buf_adds(b, " left");
	}
}

static void
progress_print(const struct buf *b)
{
	ssize_t n = write(STDERR_FILENO, b->s, b->len);

	(void)n; /* the line is optional */
}

void
progress_show(struct progress *p, uint64_t monotonic, uint64_t done, uint64_t all, uint64_t packets)
{
	char text[160];
	struct buf b;

	if (!p->wanted || monotonic < p->next)
		return;
	buf_init(&b, text, sizeof(text));
	buf_adds(&b, BEGIN_OF_LINE);
	progress_text(&b, monotonic - p->started, done, all, packets);
	progress_print(&b);
	p->shown = true;
	p->next = monotonic + AGAIN;
}

void
progress_end(struct progress *p)
{
	char text[] = BEGIN_OF_LINE;
	struct buf b = { .s = text, .len = sizeof(text) - 1 };

	if (p->shown)
		progress_print(&b);
	p->shown = false;
}
