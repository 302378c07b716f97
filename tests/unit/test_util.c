#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/alloc.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/hash.h"
#include "util/text.h"

/* buf */

static void
test_buf_borrowed(void **state ATTR_UNUSED)
{
	char array[8];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	assert_string_equal(b.s, "");
	buf_adds(&b, "abc");
	buf_addc(&b, 'd');
	buf_addu(&b, 567);
	assert_string_equal(b.s, "abcd567");
	assert_int_equal(b.len, 7);
	assert_false(b.truncated);
	buf_adds(&b, "");
	assert_false(b.truncated);
	buf_addc(&b, 'x');
	assert_true(b.truncated);
	assert_string_equal(b.s, "abcd567");
	buf_setf(&b, "%d-%s", 12, "ok");
	assert_string_equal(b.s, "12-ok");
	assert_false(b.truncated);
	buf_addf(&b, "%s", "longer");
	assert_string_equal(b.s, "12-oklo");
	assert_true(b.truncated);
}

/* A cut text ends in a complete character, and nothing is appended after the cut. */
static void
test_buf_cut_keeps_characters(void **state ATTR_UNUSED)
{
	static const char *const want[] = { "", "a", "a", "a", "a€" };
	char array[6];
	struct buf b;

	for (size_t room = 0; room < NITEMS(want); room++) {
		buf_init(&b, array, room + 1);
		buf_adds(&b, "a€é");
		assert_string_equal(b.s, want[room]);
		assert_true(b.truncated);
		buf_adds(&b, "z");
		buf_addf(&b, "%d", 1);
		assert_string_equal(b.s, want[room]);

		buf_clear(&b);
		buf_addf(&b, "%s", "a€é");
		assert_string_equal(b.s, want[room]);

		buf_clear(&b);
		for (const char *s = "a€é"; *s != '\0'; s++)
			buf_addc(&b, *s);
		assert_string_equal(b.s, want[room]);
	}
}

static void
test_buf_heap(void **state ATTR_UNUSED)
{
	struct buf b;

	buf_new(&b);
	for (unsigned i = 0; i < 1000; i++) {
		buf_addf(&b, "%04u", i);
		buf_add(&b, "\0", 1);
	}
	assert_int_equal(b.len, 5000);
	assert_false(b.truncated);
	assert_string_equal(b.s + 5 * 999, "0999");
	buf_setf(&b, "%0900d", 7);
	assert_int_equal(b.len, 900);
	assert_int_equal(b.s[899], '7');
	buf_del(&b);
	assert_null(b.s);

	/* One piece longer than the first buffer. */
	buf_new(&b);
	buf_addf(&b, "%0900d", 7);
	assert_int_equal(b.len, 900);
	assert_int_equal(strlen(b.s), 900);
	buf_del(&b);
}

static void
test_buf_addu(void **state ATTR_UNUSED)
{
	char array[64];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	buf_addu(&b, 0);
	buf_addc(&b, ' ');
	buf_addu(&b, UINT64_MAX);
	assert_string_equal(b.s, "0 18446744073709551615");
}

/* hash */

/*
 * The hash of the bytes 00 01 02 ... with the key 00 01 ... 0f, by an independent program that also
 * agrees with the SipHash-2-4 vector of the paper.
 */
static void
test_hash_vectors(void **state ATTR_UNUSED)
{
	static const struct {
		size_t n;
		uint64_t hash;
	} vectors[] = {
		{ 0, UINT64_C(0xabac0158050fc4dc) },
		{ 1, UINT64_C(0xc9f49bf37d57ca93) },
		{ 7, UINT64_C(0xd3927d989bb11140) },
		{ 8, UINT64_C(0x369095118d299a8e) },
		{ 9, UINT64_C(0x25a48eb36c063de4) },
		{ 15, UINT64_C(0xd320d86d2a519956) },
		{ 16, UINT64_C(0xcc4fdd1a7d908b66) },
		{ 40, UINT64_C(0xc1d2363299e41531) },
		{ 63, UINT64_C(0x9d199062b7bbb3a8) },
	};
	const struct hashkey key = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
	uint8_t bytes[64];
	uint64_t words[8];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (unsigned i = 0; i < 8; i++)
		words[i] = UINT64_C(0x0706050403020100) + i * UINT64_C(0x0808080808080808);
	for (size_t i = 0; i < NITEMS(vectors); i++) {
		assert_int_equal(hash_bytes(&key, bytes, vectors[i].n), vectors[i].hash);
		if (vectors[i].n % 8 == 0)
			assert_int_equal(
			    hash_words(&key, words, vectors[i].n / 8), vectors[i].hash);
	}
	/* Bytes that are not aligned. */
	memmove(bytes + 1, bytes, 40);
	assert_int_equal(hash_bytes(&key, bytes + 1, 40), UINT64_C(0xc1d2363299e41531));
}

static void
test_hash_random_keys(void **state ATTR_UNUSED)
{
	struct hashkey x = { 0, 0 }, y = { 0, 0 };

	hashkey_init(&x);
	hashkey_init(&y);
	assert_memory_not_equal(&x, &y, sizeof(x));
}

/* index */

#define ROWS 600

struct model {
	uint32_t hash[ROWS];
	bool in[ROWS];
};

static bool
index_has(const struct index *x, uint32_t hash, uint32_t wanted)
{
	uint32_t slot, row;

	for (slot = index_first(x, hash); (row = index_at(x, slot, hash)) != INDEX_NONE;
	     slot = index_next(x, slot))
		if (row == wanted)
			return true;
	return false;
}

static void
compare_with_model(const struct index *x, const struct model *m)
{
	uint32_t used = 0, taken = 0;

	for (uint32_t row = 0; row < ROWS; row++) {
		assert_int_equal(index_has(x, m->hash[row], row), m->in[row]);
		used += m->in[row];
	}
	for (uint32_t slot = 0; slot <= x->mask; slot++)
		taken += x->slots[slot].row != INDEX_NONE;
	assert_int_equal(x->used, used);
	assert_int_equal(taken, used);
}

/*
 * Random insertions and removals. spread is the number of different hashes: few make long runs;
 * those with all high bits set make runs that wrap around the end.
 */
static void
play_index(uint32_t spread, uint32_t or_bits)
{
	const struct hashkey key = { 1, spread };
	struct model m = { 0 };
	struct index x;

	index_init(&x, ROWS);
	for (uint64_t i = 0; i < 6000; i++) {
		uint64_t dice = hash_words(&key, &i, 1);
		uint32_t row = (uint32_t)(dice % ROWS);

		if (m.in[row]) {
			index_remove(&x, m.hash[row], row);
		} else {
			m.hash[row] = (uint32_t)(dice >> 32) % spread | or_bits;
			index_add(&x, m.hash[row], row);
		}
		m.in[row] = !m.in[row];
		if (i % 50 == 0)
			compare_with_model(&x, &m);
	}
	compare_with_model(&x, &m);
	index_fini(&x);
}

static void
test_index_against_model(void **state ATTR_UNUSED)
{
	play_index(UINT32_MAX, 0);
	play_index(1000, 0);
	play_index(7, 0);
	play_index(1u << 16, 0x7f0);
	play_index(1, UINT32_MAX);
}

static void
test_index_is_emptied_in_pieces(void **state ATTR_UNUSED)
{
	struct index x;

	index_reserve(&x, ROWS);
	for (unsigned round = 0; round < 3; round++) {
		for (uint32_t slot = 0; slot < index_slots(&x); slot += 2)
			index_clear_slots(&x, slot, 2);
		assert_int_equal(0, x.used);
		for (uint32_t row = 0; row < ROWS; row++) {
			assert_false(index_has(&x, row / 3 * round, row));
			index_add(&x, row / 3 * round, row);
		}
	}
	index_fini(&x);
}

static void
test_index_holds_what_was_asked(void **state ATTR_UNUSED)
{
	for (uint32_t rows = 0; rows < 70; rows++) {
		struct index x;

		index_init(&x, rows);
		assert_int_equal(index_memory(rows), (x.mask + 1) * sizeof(struct index_slot));
		assert_true(x.mask + 1 >= 2 * rows);
		for (uint32_t row = 0; row < rows; row++)
			index_add(&x, 5, row);
		for (uint32_t row = 0; row < rows; row++)
			assert_true(index_has(&x, 5, row));
		assert_int_equal(
		    index_at(&x, index_first(&x, 6), 6), rows > 1 ? INDEX_SKIP : INDEX_NONE);
		index_fini(&x);
	}
}

/* text */

static void
assert_cleaned(const char *bytes, size_t n, const char *want)
{
	char array[TEXT_MAX + 1];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	text_clean(&b, bytes, n);
	assert_string_equal(b.s, want);
	assert_false(b.truncated);
	assert_true(text_is_clean(b.s));
}

static void
test_text_clean(void **state ATTR_UNUSED)
{
	/* clang-format off */
	static const struct {
		const char *bytes, *want;
	} rows[] = {
		{ "www.example.net", "www.example.net" },
		{ "", "" },
		{ "back\\slash \\x41", "back\\slash \\x41" },
		{ "\033[2J", "\\x1b[2J" },
		{ "\033]0;owned\007", "\\x1b]0;owned\\x07" },
		{ "a\nb\r\tc\177", "a\\x0ab\\x0d\\x09c\\x7f" },
		{ "\302\233" "2J", "\\x9b2J" },              /* U+009B, the CSI of C1 */
		{ "\302\205\302\237\302\240", "\\x85\\x9f\302\240" },
		{ "\2332J", "\\x9b2J" },                       /* the same as a bare byte */
		{ "caf\303\251 \346\227\245\346\234\254", "caf\303\251 \346\227\245\346\234\254" },
		{ "\360\237\230\200", "\360\237\230\200" },
		{ "e\314\201", "e\314\201" },                  /* a combining mark */
		{ "\357\277\275", "\357\277\275" },            /* U+FFFD itself */
		{ "evil\342\200\256txt.exe", "evil?txt.exe" }, /* U+202E */
		{ "\342\200\216\342\200\217\330\234", "???" }, /* U+200E, 200F, 061C */
		{ "\342\200\252\342\201\246\342\201\251", "???" }, /* U+202A, 2066, 2069 */
		{ "\342\200\250\342\200\251", "??" },          /* U+2028, 2029 */
		{ "\342\200\213\357\273\277", "??" },          /* U+200B, FEFF */
		{ "\356\200\200\364\217\277\277", "??" },      /* private, noncharacter */
		{ "\363\240\201\201", "?" },                   /* a tag letter */
		{ "\377\376", "\\xff\\xfe" },
		{ "\300\257", "\\xc0\\xaf" },                  /* overlong "/" */
		{ "\340\200\257", "\\xe0\\x80\\xaf" },
		{ "\360\200\200\257", "\\xf0\\x80\\x80\\xaf" },
		{ "\355\240\200", "\\xed\\xa0\\x80" },         /* a surrogate */
		{ "\364\220\200\200", "\\xf4\\x90\\x80\\x80" }, /* past U+10FFFF */
		{ "\365\200\200\200", "\\xf5\\x80\\x80\\x80" },
		{ "\342\202", "\\xe2\\x82" },                  /* the end is missing */
		{ "\342\202z", "\\xe2\\x82z" },
		{ "\360\237\230", "\\xf0\\x9f\\x98" },
		{ "\303\303\251", "\\xc3\303\251" },
	};
	/* clang-format on */

	for (size_t i = 0; i < NITEMS(rows); i++) {
		assert_cleaned(rows[i].bytes, strlen(rows[i].bytes), rows[i].want);
		assert_int_equal(
		    text_is_clean(rows[i].bytes), strcmp(rows[i].bytes, rows[i].want) == 0);
	}
	assert_cleaned("a\0b", 3, "a\\x00b");
	/* The rest of the character is past the given bytes. */
	assert_cleaned("\342\202\254", 2, "\\xe2\\x82");
}

/* Each control character as its number, and nothing else of Latin-1 except the soft hyphen. */
static void
test_text_clean_controls(void **state ATTR_UNUSED)
{
	for (uint32_t cp = 0; cp < 0x100; cp++) {
		bool control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
		char bytes[5] = { 0 }, want[8];
		size_t n = text_encode(cp, bytes);

		if (control)
			snprintf(want, sizeof(want), "\\x%02x", cp);
		else
			snprintf(want, sizeof(want), "%s", cp == 0xad ? "?" : bytes);
		assert_cleaned(bytes, n, want);
		if (cp != 0)
			assert_int_equal(text_is_clean(bytes), !control && cp != 0xad);
	}
}

/* Every sequence of three bytes from a hostile alphabet is sanitised, and stays so. */
static void
test_text_clean_all_mixtures(void **state ATTR_UNUSED)
{
	static const uint8_t alphabet[] = { 0, 0x1b, 'a', 0x7f, 0x80, 0x8f, 0x90, 0x9b, 0xa0, 0xbf,
		0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff };
	const size_t n = NITEMS(alphabet);

	for (size_t i = 0; i < n * n * n; i++) {
		const uint8_t bytes[3] = { alphabet[i / n / n], alphabet[i / n % n],
			alphabet[i % n] };
		char once[32], twice[32];
		struct buf b, c;

		buf_init(&b, once, sizeof(once));
		buf_init(&c, twice, sizeof(twice));
		text_clean(&b, bytes, sizeof(bytes));
		text_clean(&c, b.s, b.len);
		assert_true(text_is_clean(b.s));
		assert_string_equal(once, twice);
	}
}

static void
test_text_clean_limit(void **state ATTR_UNUSED)
{
	static const struct {
		const char *unit;
		size_t want; /* bytes that are left of 300 */
	} rows[] = {
		{ "a", 255 },
		{ "\303\251", 254 },
		{ "\342\202\254", 255 },
		{ "\360\237\230\200", 252 },
		{ "\033", 252 },
	};

	for (size_t i = 0; i < NITEMS(rows); i++) {
		size_t unit = strlen(rows[i].unit);
		char bytes[300], array[400];
		struct buf b;

		for (size_t at = 0; at < sizeof(bytes); at += unit)
			memcpy(bytes + at, rows[i].unit, unit);
		buf_init(&b, array, sizeof(array));
		text_clean(&b, bytes, sizeof(bytes));
		assert_int_equal(b.len, rows[i].want);
		assert_true(text_is_clean(b.s));

		/* Text that the caller has added before does not count. */
		buf_setf(&b, "name ");
		text_clean(&b, bytes, sizeof(bytes));
		assert_int_equal(b.len, rows[i].want + 5);

		/* A shorter array cuts at a character, too. */
		buf_init(&b, array, 12);
		text_clean(&b, bytes, sizeof(bytes));
		assert_true(b.truncated);
		assert_true(text_is_clean(b.s));
	}
}

static void
test_text_codec(void **state ATTR_UNUSED)
{
	for (uint32_t cp = 1; cp <= 0x10ffff; cp += cp < 0x3000 ? 1 : 61) {
		bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
		char s[5] = "";
		uint32_t back = 0;
		size_t n = text_encode(cp, s);

		assert_int_equal(n, cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4);
		assert_int_equal(strlen(s), n);
		assert_int_equal(text_decode(s, &back), n);
		assert_int_equal(back, surrogate ? 0xfffd : cp);
	}
	{
		char s[5] = "";

		assert_int_equal(text_encode(0x110000, s), 3);
		assert_string_equal(s, "\357\277\275");
	}
	{
		uint32_t cp = 0;

		assert_int_equal(text_decode("\342", &cp), 1);
		assert_int_equal(cp, 0xfffd);
		assert_int_equal(text_decode("\200", &cp), 1);
		assert_int_equal(cp, 0xfffd);
	}
}

static void
test_text_width(void **state ATTR_UNUSED)
{
	/* clang-format off */
	static const struct {
		uint32_t cp;
		int cells;
	} rows[] = {
		{ 'a', 1 }, { 0xe9, 1 }, { 0x2ff, 1 }, { 0x300, 0 }, { 0x36f, 0 }, { 0x370, 1 },
		{ 0x489, 0 }, { 0x591, 0 }, { 0x5d0, 1 }, { 0x64b, 0 }, { 0x903, 1 },
		{ 0x1100, 2 }, { 0x115f, 2 }, { 0x1161, 0 }, { 0x11ff, 0 }, { 0x200d, 0 },
		{ 0x2014, 1 }, { 0x20ac, 1 }, { 0x231a, 2 }, { 0x2500, 1 }, { 0x2588, 1 },
		{ 0x26a0, 1 }, { 0x26a1, 2 }, { 0x2800, 1 }, { 0x3000, 2 }, { 0x302a, 0 },
		{ 0x303f, 1 }, { 0x3042, 2 }, { 0x3099, 0 }, { 0x4e2d, 2 }, { 0xac00, 2 },
		{ 0xd7b0, 0 }, { 0xfb1e, 0 }, { 0xfe0f, 0 }, { 0xff21, 2 }, { 0xff61, 1 },
		{ 0xfffd, 1 }, { 0x1d167, 0 }, { 0x1f1e6, 1 }, { 0x1f321, 1 }, { 0x1f600, 2 },
		{ 0x1faf8, 2 }, { 0x20000, 2 }, { 0x3fffd, 2 }, { 0xe0100, 0 }, { 0x10fffd, 1 },
	};
	/* clang-format on */

	for (size_t i = 0; i < NITEMS(rows); i++)
		assert_int_equal(text_cell_width(rows[i].cp), rows[i].cells);
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("e\314\201x"), 2);
	assert_int_equal(text_width("\346\227\245\346\234\254 \360\237\230\200"), 7);
}

/* fmt */

static void
assert_scaled(double n, const char *si, const char *iec)
{
	char array[16];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	fmt_scaled(&b, n, FMT_SI);
	assert_string_equal(b.s, si);
	buf_clear(&b);
	fmt_scaled(&b, n, FMT_IEC);
	assert_string_equal(b.s, iec);
}

static void
test_fmt_scaled(void **state ATTR_UNUSED)
{
	assert_scaled(0, "0", "0");
	assert_scaled(0.4, "0", "0");
	assert_scaled(0.5, "1", "1");
	assert_scaled(7, "7", "7");
	assert_scaled(999, "999", "999");
	assert_scaled(999.4, "999", "999");
	assert_scaled(999.5, "1.00k", "1000");
	assert_scaled(1000, "1.00k", "1000");
	assert_scaled(1023, "1.02k", "1023");
	assert_scaled(1023.5, "1.02k", "1.00Ki");
	assert_scaled(1024, "1.02k", "1.00Ki");
	assert_scaled(1200, "1.20k", "1.17Ki");
	assert_scaled(9994, "9.99k", "9.76Ki");
	assert_scaled(9996, "10.0k", "9.76Ki");
	assert_scaled(12345, "12.3k", "12.1Ki");
	assert_scaled(99949, "99.9k", "97.6Ki");
	assert_scaled(99951, "100k", "97.6Ki");
	assert_scaled(123456, "123k", "121Ki");
	assert_scaled(999499, "999k", "976Ki");
	assert_scaled(999500, "1.00M", "976Ki");
	assert_scaled(1023.0 * 1024, "1.05M", "1023Ki");
	assert_scaled(1023.5 * 1024, "1.05M", "1.00Mi");
	assert_scaled(1e9, "1.00G", "954Mi");
	assert_scaled(1e12, "1.00T", "931Gi");
	assert_scaled(1e18, "1.00E", "888Pi");
	assert_scaled(18446744073709551615.0, "18.4E", "16.0Ei");
	assert_scaled(1e300, "999Y", "1023Yi");
	assert_scaled(-5, "0", "0");
	assert_scaled(0.0 / 0.0, "0", "0");
}

/* Any number fits into its cells. */
/* Decimal halves are rounded up, whatever their binary fraction is. */
static void
test_fmt_rounded(void **state ATTR_UNUSED)
{
	assert_int_equal(fmt_rounded(0), 0);
	assert_int_equal(fmt_rounded(0.4999999), 0);
	assert_int_equal(fmt_rounded(0.5), 1);
	assert_int_equal(fmt_rounded(1.005 * 100), 101);
	assert_int_equal(fmt_rounded(0.285 * 100), 29);
	assert_int_equal(fmt_rounded(0.0615 * 1000), 62);
	assert_int_equal(fmt_rounded(9007199254740991.0), 9007199254740991);
	for (unsigned n = 0; n < 1000; n++) {
		assert_int_equal(fmt_rounded(n / 1000.0 * 100), (n + 5) / 10);
		assert_int_equal(fmt_rounded(n / 2000.0 * 1000), (n + 1) / 2);
	}
	assert_scaled(1005, "1.01k", "1005");
	assert_scaled(1045, "1.05k", "1.02Ki");
	assert_scaled(1015000000, "1.02G", "968Mi");
}

static void
test_fmt_scaled_cells(void **state ATTR_UNUSED)
{
	char array[32];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	for (double n = 0.01; n < 1e26; n *= 1.0037) {
		buf_clear(&b);
		fmt_scaled(&b, n, FMT_SI);
		assert_in_range(b.len, 1, 5);
		buf_clear(&b);
		fmt_scaled(&b, n, FMT_IEC);
		assert_in_range(b.len, 1, 6);
	}
}

struct time_row {
	uint64_t ns;
	const char *want;
};

static void
assert_times(void (*fmt)(struct buf *b, uint64_t ns), const struct time_row *rows, size_t n)
{
	char array[64];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	for (size_t i = 0; i < n; i++) {
		buf_clear(&b);
		fmt(&b, rows[i].ns);
		assert_string_equal(b.s, rows[i].want);
	}
}

#define SECONDS(n) ((n)*UINT64_C(1000000000))

static void
test_fmt_grouped(void **state ATTR_UNUSED)
{
	static const struct time_row rows[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1 000" },
		{ 1234567, "1 234 567" },
		{ 1000001, "1 000 001" },
		{ UINT64_MAX, "18 446 744 073 709 551 615" },
	};

	assert_times(fmt_grouped, rows, NITEMS(rows));
}

static void
test_fmt_span(void **state ATTR_UNUSED)
{
	static const struct time_row rows[] = {
		{ 0, "0s" },
		{ 1, "0.0ms" },
		{ 400000, "0.4ms" },
		{ 9999999, "9.9ms" },
		{ 10000000, "10ms" },
		{ SECONDS(1) - 1, "999ms" },
		{ SECONDS(1), "1.0s" },
		{ SECONDS(10) - 1, "9.9s" },
		{ SECONDS(12), "12s" },
		{ SECONDS(59), "59s" },
		{ SECONDS(60), "1m00" },
		{ SECONDS(182), "3m02" },
		{ SECONDS(20 * 60 + 41), "20m41" },
		{ SECONDS(3599), "59m59" },
		{ SECONDS(5 * 3600 + 7 * 60), "5h07" },
		{ SECONDS(86399), "23h59" },
		{ SECONDS(12 * 86400 + 3 * 3600), "12d03" },
		{ SECONDS(100 * 86400) - 1, "99d23" },
		{ SECONDS(100 * 86400), "100d" },
		{ UINT64_MAX, "213503d" },
	};

	assert_times(fmt_span, rows, NITEMS(rows));
}

static void
test_fmt_clock(void **state ATTR_UNUSED)
{
	static const struct time_row rows[] = {
		{ 0, "00:00:00" },
		{ SECONDS(251) + 999999999, "00:04:11" },
		{ SECONDS(86399), "23:59:59" },
		{ SECONDS(86400), "1d 00:00:00" },
		{ SECONDS(3 * 86400 + 4 * 3600 + 11 * 60 + 9), "3d 04:11:09" },
	};

	assert_times(fmt_clock, rows, NITEMS(rows));
}

static void
test_fmt_rfc3339(void **state ATTR_UNUSED)
{
	static const struct {
		uint64_t ns;
		int decimals;
		const char *want;
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00Z" },
		{ 1, 9, "1970-01-01T00:00:00.000000001Z" },
		{ 999999999, 6, "1970-01-01T00:00:00.999999Z" },
		{ 999999999, -1, "1970-01-01T00:00:00Z" },
		{ 999999999, 10, "1970-01-01T00:00:00.999999999Z" },
		{ SECONDS(951782400), 0, "2000-02-29T00:00:00Z" },
		{ SECONDS(951782400 + 86400), 0, "2000-03-01T00:00:00Z" },
		{ SECONDS(2147483647), 0, "2038-01-19T03:14:07Z" },
		{ SECONDS(2147483648), 3, "2038-01-19T03:14:08.000Z" },
		{ SECONDS(4107542399), 0, "2100-02-28T23:59:59Z" },
		{ SECONDS(4107542400), 0, "2100-03-01T00:00:00Z" },
		{ SECONDS(4294967296), 0, "2106-02-07T06:28:16Z" },
		{ UINT64_MAX, 9, "2554-07-21T23:34:33.709551615Z" },
	};
	char array[64];
	struct buf b;

	buf_init(&b, array, sizeof(array));
	for (size_t i = 0; i < NITEMS(rows); i++) {
		buf_clear(&b);
		fmt_rfc3339(&b, rows[i].ns, rows[i].decimals);
		assert_string_equal(b.s, rows[i].want);
	}
}

/* die */

static void
dying_hook(void *arg)
{
	fputs(arg, stderr);
	die("from the hook");
}

/* Runs last in a child: its standard error, and its exit status. */
static int
run_to_death(void (*last)(void), char *said, size_t size)
{
	int fds[2], status;
	ssize_t n, sum = 0;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		last();
		_exit(99);
	}
	close(fds[1]);
	while ((n = read(fds[0], said + sum, size - 1 - (size_t)sum)) > 0)
		sum += n;
	said[sum] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
die_plainly(void)
{
	die("%s: no such interface", "eth7");
}

static void
die_of_usage(void)
{
	die_usage("unknown option %s", "--foo");
}

static void
die_with_hook(void)
{
	static char text[] = "put right\n";

	exit_hook_set(dying_hook, text);
	warn_line("a warning");
	die("never said, for the hook has died first");
}

static void
test_die(void **state ATTR_UNUSED)
{
	char said[256];

	assert_int_equal(run_to_death(die_plainly, said, sizeof(said)), 1);
	assert_string_equal(said, "pkttop: eth7: no such interface\n");
	assert_int_equal(run_to_death(die_of_usage, said, sizeof(said)), 2);
	assert_string_equal(said, "pkttop: unknown option --foo\n");
	assert_int_equal(run_to_death(die_with_hook, said, sizeof(said)), 1);
	assert_string_equal(said, "pkttop: a warning\nput right\npkttop: from the hook\n");
}

static void
test_memory(void **state ATTR_UNUSED)
{
	uint64_t *words = xcalloc(3, sizeof(*words));
	char *copy = xstrdup("name");
	void *nothing = xcalloc(0, 8);

	assert_int_equal(words[0] | words[1] | words[2], 0);
	assert_string_equal(copy, "name");
	assert_non_null(nothing);
	free(words);
	free(copy);
	free(nothing);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_borrowed),
		cmocka_unit_test(test_buf_cut_keeps_characters),
		cmocka_unit_test(test_buf_heap),
		cmocka_unit_test(test_buf_addu),
		cmocka_unit_test(test_hash_vectors),
		cmocka_unit_test(test_hash_random_keys),
		cmocka_unit_test(test_index_against_model),
		cmocka_unit_test(test_index_is_emptied_in_pieces),
		cmocka_unit_test(test_index_holds_what_was_asked),
		cmocka_unit_test(test_text_clean),
		cmocka_unit_test(test_text_clean_controls),
		cmocka_unit_test(test_text_clean_all_mixtures),
		cmocka_unit_test(test_text_clean_limit),
		cmocka_unit_test(test_text_codec),
		cmocka_unit_test(test_text_width),
		cmocka_unit_test(test_fmt_scaled),
		cmocka_unit_test(test_fmt_rounded),
		cmocka_unit_test(test_fmt_scaled_cells),
		cmocka_unit_test(test_fmt_grouped),
		cmocka_unit_test(test_fmt_span),
		cmocka_unit_test(test_fmt_clock),
		cmocka_unit_test(test_fmt_rfc3339),
		cmocka_unit_test(test_die),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
