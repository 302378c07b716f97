/* Databases of places: of several makers, missing, damaged. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ext/geoip.h"
#include "util/attr.h"

/* Types of the format, https://maxmind.github.io/MaxMind-DB/ */
enum { T_TEXT = 2, T_UINT16 = 5, T_UINT32 = 6, T_MAP = 7, T_UINT64 = 9, T_ARRAY = 11 };

struct out {
	uint8_t b[1024];
	size_t n;
};

static void
put(struct out *o, const void *bytes, size_t n)
{
	assert_true(o->n + n <= sizeof(o->b));
	memcpy(o->b + o->n, bytes, n);
	o->n += n;
}

static void
put_byte(struct out *o, unsigned byte)
{
	put(o, &(uint8_t){ (uint8_t)byte }, 1);
}

static void
put_type(struct out *o, unsigned type, size_t size)
{
	size_t more = size < 29 ? 0 : size - 29;

	put_byte(o, (type > 7 ? 0 : type) << 5 | (unsigned)(more > 0 ? 29 : size));
	if (type > 7)
		put_byte(o, type - 7);
	if (more > 0)
		put_byte(o, (unsigned)more);
}

static void
put_text(struct out *o, const char *s)
{
	put_type(o, T_TEXT, strlen(s));
	put(o, s, strlen(s));
}

static void
put_number(struct out *o, unsigned type, uint32_t n)
{
	put_type(o, type, 4);
	for (int shift = 24; shift >= 0; shift -= 8)
		put_byte(o, n >> shift);
}

static void
put_metadata(struct out *o, unsigned nodes)
{
	put(o, "\xab\xcd\xefMaxMind.com", 14);
	put_type(o, T_MAP, 9);
	put_text(o, "node_count");
	put_number(o, T_UINT32, nodes);
	put_text(o, "record_size");
	put_type(o, T_UINT16, 1);
	put_byte(o, 24);
	put_text(o, "ip_version");
	put_type(o, T_UINT16, 1);
	put_byte(o, 4);
	put_text(o, "database_type");
	put_text(o, "Test");
	put_text(o, "languages");
	put_type(o, T_ARRAY, 1);
	put_text(o, "en");
	put_text(o, "binary_format_major_version");
	put_type(o, T_UINT16, 1);
	put_byte(o, 2);
	put_text(o, "binary_format_minor_version");
	put_type(o, T_UINT16, 1);
	put_byte(o, 0);
	put_text(o, "build_epoch");
	put_type(o, T_UINT64, 1);
	put_byte(o, 1);
	put_text(o, "description");
	put_type(o, T_MAP, 1);
	put_text(o, "en");
	put_text(o, "Test");
}

/* A database in which 192.0.2.0/24 has that entry. */
static void
make_database(struct out *o, const struct out *entry)
{
	static const uint8_t net[] = { 192, 0, 2 };
	const unsigned nodes = 24;

	o->n = 0;
	for (unsigned bit = 0; bit < nodes; bit++) {
		unsigned next = bit + 1 < nodes ? bit + 1 : nodes + 16;

		for (unsigned side = 0; side < 2; side++) {
			bool ours = ((net[bit / 8] >> (7 - bit % 8)) & 1u) == side;
			unsigned record = ours ? next : nodes;

			put_byte(o, record >> 16);
			put_byte(o, record >> 8);
			put_byte(o, record);
		}
	}
	put(o, (uint8_t[16]){ 0 }, 16);
	put(o, entry->b, entry->n);
	put_metadata(o, nodes);
}

struct fixture {
	char path[64];
	struct geoip *g;
	char text[512];
	struct buf err;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	if (!geoip_is_available()) {
		print_message("built without libmaxminddb\n");
		free(f);
		return 0;
	}
	strlcpy(f->path, "/tmp/pkttop-geoip.XXXXXX", sizeof(f->path));
	close(mkstemp(f->path));
	f->g = geoip_new();
	buf_init(&f->err, f->text, sizeof(f->text));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	if (f == NULL)
		return 0;
	unlink(f->path);
	geoip_del(f->g);
	free(f);
	return 0;
}

static void
save(const struct fixture *f, const void *bytes, size_t n)
{
	char fresh[80];
	FILE *file;

	snprintf(fresh, sizeof(fresh), "%s.new", f->path);
	file = fopen(fresh, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename(fresh, f->path), 0);
}

static void
save_entry(const struct fixture *f, const struct out *entry)
{
	struct out o;

	make_database(&o, entry);
	save(f, o.b, o.n);
}

static struct place
find(const struct fixture *f, const char *text)
{
	struct place p;
	struct addr a;
	enum addr_kind kind;

	assert_true(addr_parse(text, &kind, &a));
	place_find(geoip_places(f->g), (uint8_t)kind, &a, &p);
	return p;
}

static void
test_maxmind(void **state)
{
	struct fixture *f = *state;
	struct out e = { .n = 0 };
	struct place p;

	if (f == NULL)
		skip();
	put_type(&e, T_MAP, 4);
	put_text(&e, "country");
	put_type(&e, T_MAP, 1);
	put_text(&e, "iso_code");
	put_text(&e, "DE");
	put_text(&e, "city");
	put_type(&e, T_MAP, 1);
	put_text(&e, "names");
	put_type(&e, T_MAP, 1);
	put_text(&e, "en");
	put_text(&e, "Ber\x1blin");
	put_text(&e, "autonomous_system_number");
	put_number(&e, T_UINT32, 4200000000);
	put_text(&e, "autonomous_system_organization");
	put_text(&e, "Example");
	save_entry(f, &e);
	assert_true(geoip_add(f->g, f->path, &f->err));
	p = find(f, "192.0.2.255");
	assert_string_equal(p.country, "DE");
	assert_string_equal(p.city, "Ber\\x1blin");
	assert_string_equal(p.as_name, "Example");
	assert_int_equal(p.asn, 4200000000);
	p = find(f, "192.0.3.0");
	assert_string_equal(p.country, "");
	assert_int_equal(p.asn, 0);
	p = find(f, "2001:db8::1");
	assert_string_equal(p.country, "");
}

static void
test_ipinfo(void **state)
{
	struct fixture *f = *state;
	struct out e = { .n = 0 };
	struct place p;

	if (f == NULL)
		skip();
	put_type(&e, T_MAP, 4);
	put_text(&e, "country");
	put_text(&e, "Germany");
	put_text(&e, "country_code");
	put_text(&e, "DE");
	put_text(&e, "asn");
	put_text(&e, "AS64500");
	put_text(&e, "as_name");
	put_text(&e, "Example");
	save_entry(f, &e);
	assert_true(geoip_add(f->g, f->path, &f->err));
	p = find(f, "192.0.2.0");
	assert_string_equal(p.country, "DE");
	assert_int_equal(p.asn, 64500);
	assert_string_equal(p.as_name, "Example");
}

static void
save_country(const struct fixture *f, const char *code)
{
	struct out e = { .n = 0 };

	put_type(&e, T_MAP, 1);
	put_text(&e, "country_code");
	put_text(&e, code);
	save_entry(f, &e);
}

/* Of a file that was replaced, the new content is read; a damaged one is not. */
static void
test_reopened(void **state)
{
	struct fixture *f = *state;

	if (f == NULL)
		skip();
	save_country(f, "DE");
	assert_true(geoip_add(f->g, f->path, &f->err));
	save_country(f, "FR");
	assert_string_equal(find(f, "192.0.2.1").country, "DE");
	geoip_reopen(f->g);
	assert_string_equal(find(f, "192.0.2.1").country, "FR");
	save(f, "x", 1);
	geoip_reopen(f->g);
	assert_string_equal(find(f, "192.0.2.1").country, "FR");
}

static void
test_refused(void **state)
{
	struct fixture *f = *state;

	if (f == NULL)
		skip();
	assert_false(geoip_add(f->g, f->path, &f->err));
	assert_non_null(strstr(f->err.s, f->path));
	assert_null(geoip_places(f->g));
	assert_false(geoip_add(f->g, "/nonexistent", &f->err));
	assert_non_null(strstr(f->err.s, "No such file"));
	save_country(f, "DE");
	for (unsigned i = 0; i < GEOIP_FILES; i++)
		assert_true(geoip_add(f->g, f->path, &f->err));
	assert_false(geoip_add(f->g, f->path, &f->err));
	assert_non_null(strstr(f->err.s, "maximum 8"));
}

/* Each byte changed, and each length: right, refused or not known, and never longer than it may be.
 */
static void
test_damaged(void **state)
{
	struct fixture *f = *state;
	struct out e = { .n = 0 }, o;

	if (f == NULL)
		skip();
	put_type(&e, T_MAP, 2);
	put_text(&e, "country_code");
	put_text(&e, "DE");
	put_text(&e, "as_name");
	put_text(&e, "Example of a longer name, with more than 29 bytes");
	make_database(&o, &e);
	for (size_t i = 0; i < 3 * o.n; i++) {
		struct out bad = o;
		struct place p;

		if (i < 2 * o.n)
			bad.b[i % o.n] = (uint8_t)(i < o.n ? ~bad.b[i] : bad.b[i % o.n] + 1);
		else
			bad.n = i - 2 * o.n;
		save(f, bad.b, bad.n);
		geoip_del(f->g);
		f->g = geoip_new();
		if (!geoip_add(f->g, f->path, &f->err))
			continue;
		p = find(f, "192.0.2.1");
		assert_true(text_is_clean(p.country) && text_is_clean(p.as_name));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_maxmind, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ipinfo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reopened, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
