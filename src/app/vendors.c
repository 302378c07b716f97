#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/run.h"
#include "core/ledger.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/text.h"

#define VENDORS_SIZE ((off_t)32 << 20) /* bytes of a file at most */
#define VENDORS_MAX  131072u           /* lines at most */
#define MAC_BYTES    6

/* Where packages put the lists of Wireshark and of the IEEE; the first one is read. */
static const char *const vendors_paths[] = { "/usr/share/wireshark/manuf",
	"/usr/local/share/wireshark/manuf", "/opt/homebrew/share/wireshark/manuf",
	"/usr/share/ieee-data/oui.txt", "/usr/share/hwdata/oui.txt", "/usr/share/misc/oui.txt" };

struct vendor {
	uint64_t
	    front; /* the front of MAC addresses, from the highest of 48 bits on, then its bits */
	uint32_t at, length; /* of the name in the text */
};

/* The lines of a list, sorted at the first look-up. */
struct vendor_lines {
	struct vendor *line;
	uint32_t n;
};

struct vendors {
	struct vendor_db db; /* first, see vendors_find() */
	const char *text;
	size_t size;
	struct vendor_lines *lines;
};

static uint64_t
vendors_front(uint64_t mac, unsigned bits)
{
	return (mac >> (48 - bits) << (48 - bits)) << 8 | bits;
}

static int
vendors_compare(const void *xp, const void *yp)
{
	const struct vendor *x = xp, *y = yp;

	return (x->front > y->front) - (x->front < y->front);
}

static int
vendors_hex(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* "00:1B:C5", "00-1B-C5" or "00:1B:C5:00:10:00/36".  Returns what follows, or NULL. */
static const char *
vendors_read_front(const char *s, const char *end, uint64_t *front)
{
	unsigned n = 0, bits = 0;
	uint64_t mac = 0;

	for (; n < MAC_BYTES && end - s > 2; n++) {
		if (vendors_hex(s[0]) < 0 || vendors_hex(s[1]) < 0)
			return NULL;
		mac = mac << 8 | (uint64_t)(vendors_hex(s[0]) << 4 | vendors_hex(s[1]));
		s += 2;
		if (*s != ':' && *s != '-')
			break;
		s++;
	}
	n += n < MAC_BYTES;
	if (n < 3 || n > MAC_BYTES)
		return NULL;
	if (*s == '/')
		for (s++; s < end && *s >= '0' && *s <= '9' && bits <= 48; s++)
			bits = bits * 10 + (unsigned)(*s - '0');
	else
		bits = 8 * n;
	if (bits < 24 || bits > 48)
		return NULL;
	*front = vendors_front(mac << (48 - 8 * n), bits);
	return s;
}

/* The name is behind "(hex)", or behind a short name and a tab. */
static void
vendors_read_line(
    struct vendor_lines *ls, const char *text, const char *s, const char *end, uint32_t max)
{
	static const char mark[] = "(hex)";
	const char *tab;
	uint64_t front;

	s = vendors_read_front(s, end, &front);
	if (s == NULL || ls->n == max)
		return;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if ((size_t)(end - s) > sizeof(mark) && memcmp(s, mark, sizeof(mark) - 1) == 0)
		s += sizeof(mark) - 1;
	else if ((tab = memchr(s, '\t', (size_t)(end - s))) != NULL)
		s = tab;
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	while (end > s && (end[-1] == '\r' || end[-1] == ' '))
		end--;
	if (s < end)
		ls->line[ls->n++] =
		    (struct vendor){ front, (uint32_t)(s - text), (uint32_t)(end - s) };
}

static void
vendors_index(const struct vendors *v)
{
	struct vendor_lines *ls = v->lines;
	const char *end = v->text + v->size, *next;
	uint32_t max = (uint32_t)(v->size / 12 < VENDORS_MAX ? v->size / 12 : VENDORS_MAX) + 1;

	ls->line = xcalloc(max, sizeof(*ls->line));
	for (const char *s = v->text; s < end; s = next) {
		next = memchr(s, '\n', (size_t)(end - s));
		next = next != NULL ? next + 1 : end;
		vendors_read_line(ls, v->text, s, next - (next[-1] == '\n'), max);
	}
	qsort(ls->line, ls->n, sizeof(*ls->line), vendors_compare);
}

static bool
vendors_find(const struct vendor_db *db, const uint8_t *mac, struct buf *name)
{
	static const unsigned usual_bits[] = { 36, 28, 24 };
	const struct vendors *v = (const struct vendors *)db;
	const struct vendor *found = NULL;
	uint64_t number = 0;

	if (v->lines->line == NULL)
		vendors_index(v);
	for (unsigned i = 0; i < MAC_BYTES; i++)
		number = number << 8 | mac[i];
	for (unsigned i = 0; found == NULL && i < NITEMS(usual_bits); i++) {
		const struct vendor key = { .front = vendors_front(number, usual_bits[i]) };

		found = bsearch(&key, v->lines->line, v->lines->n, sizeof(key), vendors_compare);
	}
	if (found == NULL)
		return false;
	text_clean(name, v->text + found->at, found->length);
	return true;
}

static bool
vendors_map(struct vendors *v, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *text = MAP_FAILED;

	if (fd == -1)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= VENDORS_SIZE)
		text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (text == MAP_FAILED)
		return false;
	v->text = text;
	v->size = (size_t)st.st_size;
	return true;
}

struct vendors *
vendors_read(const char *path)
{
	struct vendors *v = xcalloc(1, sizeof(*v));

	v->db.find = vendors_find;
	v->lines = xcalloc(1, sizeof(*v->lines));
	if (vendors_map(v, path))
		return v;
	vendors_del(v);
	return NULL;
}

const struct vendor_db *
vendors_db(const struct vendors *v)
{
	return &v->db;
}

struct vendors *
vendors_open(struct ledger *l)
{
	struct vendors *v = NULL;

	for (unsigned i = 0; v == NULL && i < NITEMS(vendors_paths); i++)
		v = vendors_read(vendors_paths[i]);
	l->vendors = v != NULL ? &v->db : NULL;
	return v;
}

void
vendors_del(struct vendors *v)
{
	if (v == NULL)
		return;
	if (v->text != NULL)
		munmap((void *)(uintptr_t)v->text, v->size);
	free(v->lines->line);
	free(v->lines);
	free(v);
}
