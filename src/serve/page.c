/* The files of the page, and what takes their place in a program without it. */
#include "config.h"

#include <string.h>

#include "serve/private.h"

static const struct page_file *
page_find(const char *path)
{
	for (unsigned i = 0; i < n_page_files; i++)
		if (strcmp(page_files[i].path, path) == 0)
			return &page_files[i];
	return NULL;
}

static bool
page_is_cached(const struct exchange *x, const struct page_file *f)
{
	const char *known = x->q->header[HTTP_IF_NONE_MATCH];

	return known != NULL && strstr(known, f->etag) != NULL;
}

static bool
page_accepts_gzip(const struct exchange *x)
{
	const char *accepted = x->q->header[HTTP_ACCEPT_ENCODING];

	return accepted != NULL && strstr(accepted, "gzip") != NULL;
}

void
serve_page(struct exchange *x)
{
	const struct page_file *f = page_find(x->q->path);

	if (f == NULL) {
		exchange_fail(x, 404,
		    "this program was built without the page; /openapi.json "
		    "lists what it answers");
		return;
	}
	if (!page_is_cached(x, f) && !page_accepts_gzip(x)) {
		exchange_fail(x, 406, "the page is sent to clients that accept gzip");
		return;
	}
	x->a->status = page_is_cached(x, f) ? 304 : 200;
	x->a->type = f->content_type;
	x->a->constant = f->gzip;
	x->a->constant_size = x->a->status == 304 ? 0 : f->size;
	http_answer_add_header(x->a, "ETag", f->etag);
	http_answer_add_header(x->a, "Cache-Control", "no-cache");
	if (x->a->status == 200)
		http_answer_add_header(x->a, "Content-Encoding", "gzip");
}

bool
page_has(const char *path)
{
	return page_find(path) != NULL;
}
