/*
 * A streaming JSON writer (RFC 8259) into a struct buf: no tree, no heap except the text, integers
 * exact to 64 bits.
 */
#ifndef EXPORT_JSON_H
#define EXPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

struct value;

struct json {
	struct buf *b;
	bool comma; /* an element precedes at this depth */
};

void json_init(struct json *j, struct buf *b);

/* key NULL: an element of an array, or the root. */
void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket);                 /* '}' or ']' */
void json_str(struct json *j, const char *key, const char *s);
void json_u64(struct json *j, const char *key, uint64_t n);
void json_fixed(struct json *j, const char *key, uint64_t n, int decimals); /* n / 10^decimals */
void json_num(struct json *j, const char *key, double x); /* omitted if not finite */
void json_bool(struct json *j, const char *key, bool b);
void json_value(struct json *j, const char *key, const struct value *v); /* omitted if none */

#endif
