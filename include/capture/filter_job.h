/*
 * Compiles a capture filter in a child process, because libpcap asks name servers for the names in
 * a filter, and some filters take long.
 *
 *	job = filter_job_new(sources, n, text, seconds, err);
 *	poll() filter_job_fd(job) for POLLIN
 *	filter_job_read(job, err);	when it is readable, until it is not FILTER_WAITS
 *	source_set_filter(s, text, err);	quick: the programs are kept
 *	filter_job_del(job);
 */
#ifndef CAPTURE_FILTER_JOB_H
#define CAPTURE_FILTER_JOB_H

#include "capture/source.h"

#define FILTER_JOB_SECONDS 3 /* time limit */

enum filter_job_state { FILTER_WAITS, FILTER_READY, FILTER_REFUSED };

struct filter_job;

/* Starts to compile the filter for the links of these sources. NULL with one sentence in err.
 * seconds: the limit; 0: none. */
struct filter_job *filter_job_new(
    struct source *const *sources, unsigned n, const char *text, unsigned seconds, struct buf *err);
void filter_job_del(struct filter_job *job); /* NULL does nothing */

int filter_job_fd(const struct filter_job *job);

/* FILTER_REFUSED with one sentence in err. */
enum filter_job_state filter_job_read(struct filter_job *job, struct buf *err);

const char *filter_job_text(const struct filter_job *job);

#endif
