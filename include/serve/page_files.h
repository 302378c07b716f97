/*
 * The files of the page, compressed and built into the program. The table is generated.
 */
#ifndef SERVE_PAGE_FILES_H
#define SERVE_PAGE_FILES_H

#include <stddef.h>

struct page_file {
	const char *path;         /* "/", "/app.js": as in the URL */
	const char *content_type; /* "text/html; charset=utf-8" */
	const char *etag;         /* with its quotes */
	const unsigned char *gzip;
	size_t size;
};

extern const struct page_file page_files[];
extern const unsigned n_page_files;

#endif
