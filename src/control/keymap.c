#include "config.h"

#include "control/keymap.h"

#include <string.h>
#include <strings.h>

#include "util/attr.h"
#include "util/text.h"

#define GENERAL "General"
#define VIEWS   "Views"
#define MOVE    "Moving"
#define SHOW    "What is shown"
#define TIME    "Time"
#define TABLE   "Order and units"

/* clang-format off */
const struct key keys[] = {
	{ 'h', "h", "help", GENERAL, "this page; hide it", "help" },
	{ '?', "?", "help", GENERAL, NULL, NULL },
	{ KEYC_F1, "F1", "help", GENERAL, NULL, NULL },
	{ 'q', "q", "leave", GENERAL, "back, or exit", "quit" },
	{ KEYC_F10, "F10", "quit", GENERAL, "exit at once", NULL },
	{ KEYC_CTRL('c'), "Ctrl-C", "quit", GENERAL, NULL, NULL },
	{ 'I', "I", "menu interfaces", GENERAL, "choose interfaces", NULL },
	{ KEYC_CTRL('z'), "Ctrl-Z", "suspend", GENERAL, "suspend; fg resumes", NULL },
	{ KEYC_CTRL('l'), "Ctrl-L", "redraw", GENERAL, "redraw the screen", NULL },
	{ ':', ":", "prompt command", GENERAL, "type a command", NULL },
	{ 's', "s", "snapshot", GENERAL, "write all tables as CSV", "snapshot" },
	{ 'H', "H", "stop", GENERAL, "stop, resume capturing", NULL },
	{ 'l', "l", "log", GENERAL, "log packets, flows", NULL },
	{ 'L', "L", "flow-log", GENERAL, NULL, NULL },
	{ 'w', "w", "pcap", GENERAL, "start, stop capture file", NULL },
	{ 'W', "W", "save", GENERAL, "save the settings", NULL },
	{ 'C', "C", "record", GENERAL, "this row's packets only", NULL },
	{ 'y', "y", "copy", GENERAL, "copy tcpdump command", NULL },
	{ 'z', "z", "zero", GENERAL, "reset counters", NULL },

#define VIEW(name, key, label, help, path) { key, label, "view " #name, VIEWS, help, NULL },
#include "view/views.def"
#undef VIEW
	{ 'a', "a", "group next", VIEWS, "group rows otherwise", NULL },
	{ '.', ".", "span longer", VIEWS, "traffic longer, shorter", NULL },
	{ ',', ",", "span shorter", VIEWS, NULL, NULL },
	{ 'r', "r", "graph next", VIEWS, "graph: packets, bits", NULL },
	{ KEYC_TAB, "Tab", "view next", VIEWS, "next, previous view", NULL },
	{ KEYC_BACKTAB, "Shift-Tab", "view previous", VIEWS, NULL, NULL },
	{ KEYC_ENTER, "Enter", "open", VIEWS, "details, then contents", "detail" },
	{ KEYC_ESC, "Esc", "back", VIEWS, "back; clear the filter", NULL },
	{ KEYC_BACKSPACE, "Backspace", "back", VIEWS, NULL, NULL },

	{ 'j', "j", "select down", MOVE, "one row down, up", NULL },
	{ 'k', "k", "select up", MOVE, NULL, NULL },
	{ KEYC_DOWN, "Down", "select down", MOVE, NULL, NULL },
	{ KEYC_UP, "Up", "select up", MOVE, NULL, NULL },
	{ KEYC_PGDN, "PgDn", "select page-down", MOVE, "one page down, up", NULL },
	{ KEYC_PGUP, "PgUp", "select page-up", MOVE, NULL, NULL },
	{ 'g', "g", "select top", MOVE, "first, last row", NULL },
	{ 'G', "G", "select bottom", MOVE, NULL, NULL },
	{ KEYC_HOME, "Home", "select top", MOVE, NULL, NULL },
	{ KEYC_END, "End", "end", MOVE, NULL, NULL },
	{ KEYC_LEFT, "Left", "fold", MOVE, "fold, unfold the tree", NULL },
	{ KEYC_RIGHT, "Right", "unfold", MOVE, NULL, NULL },
	{ '*', "*", "fold all", MOVE, "fold all, unfold all", NULL },
	{ 'F', "F", "follow", MOVE, "follow row or newest", NULL },

	{ '/', "/", "prompt show", SHOW, "display filter, live", "filter" },
	{ '&', "&", "prompt show", SHOW, NULL, NULL },
	{ KEYC_F3, "F3", "prompt show", SHOW, NULL, NULL },
	{ KEYC_F4, "F4", "prompt show", SHOW, NULL, NULL },
	{ '=', "=", "only", SHOW, "only this, not this", NULL },
	{ 'x', "x", "exclude", SHOW, NULL, NULL },
	{ 'X', "X", "drop", SHOW, "remove the last term", NULL },
	{ 'f', "f", "prompt capture", SHOW, "capture filter (libpcap)", NULL },
	{ 't', "t", "toggle tcp", SHOW, "hide TCP UDP ICMP other", NULL },
	{ 'u', "u", "toggle udp", SHOW, NULL, NULL },
	{ 'i', "i", "toggle icmp", SHOW, NULL, NULL },
	{ 'e', "e", "toggle other", SHOW, NULL, NULL },
	{ 'v', "v", "toggle family", SHOW, "IPv4, IPv6, or both", NULL },
	{ 'n', "n", "names next", SHOW, "names: learned, DNS, off", NULL },
	{ 'N', "N", "processes", SHOW, "processes of flows", NULL },
	{ 'A', "A", "active", SHOW, "hide idle, ended rows", NULL },
	{ 'O', "O", "own", SHOW, "show own SSH session", NULL },
	{ '|', "|", "pane", SHOW, "side panel, if it fits", NULL },
	{ 'D', "D", "inner", SHOW, "inner tunnel addresses", NULL },

	{ ' ', "Space", "freeze", TIME, "freeze the screen", "freeze" },
	{ 'P', "P", "freeze", TIME, NULL, NULL },
	{ 'Z', "Z", "freeze", TIME, NULL, NULL },
	{ '[', "[", "time back", TIME, "a second back, forward", NULL },
	{ ']', "]", "time forward", TIME, NULL, NULL },
	{ '(', "(", "time back-ten", TIME, "ten seconds", NULL },
	{ ')', ")", "time forward-ten", TIME, NULL, NULL },
	{ '{', "{", "time back-minute", TIME, "a minute; End: now", NULL },
	{ '}', "}", "time forward-minute", TIME, NULL, NULL },
	{ 'm', "m", "prompt mark", TIME, "set mark, go to mark", NULL },
	{ '\'', "'", "time mark", TIME, NULL, NULL },
	{ 'o', "o", "hold", TIME, "lock the order of rows", NULL },
	{ 'd', "d", "prompt delay", TIME, "refresh interval", NULL },
	{ '+', "+", "delay longer", TIME, "refresh slower, faster", NULL },
	{ '-', "-", "delay shorter", TIME, NULL, NULL },

	{ '<', "<", "sort previous", TABLE, "sort column left, right", "sort" },
	{ '>', ">", "sort next", TABLE, NULL, NULL },
	{ 'S', "S", "menu sort", TABLE, "choose the sort column", NULL },
	{ KEYC_F6, "F6", "menu sort", TABLE, NULL, NULL },
	{ 'c', "c", "menu columns", TABLE, "choose the columns", "columns" },
	{ 'R', "R", "reverse", TABLE, "reverse the order", "reverse" },
	{ 'T', "T", "average", TABLE, "current, average rates", NULL },
	{ 'b', "b", "units rate", TABLE, "bits or bytes per second", "units" },
	{ 'B', "B", "units scale", TABLE, "1000 (k) or 1024 (Ki)", NULL },
	{ 'p', "p", "numeric", TABLE, "ports by name or number", NULL },
};
/* clang-format on */

const unsigned n_keys = NITEMS(keys);

/* Names of keys that are not single characters. */
/* clang-format off */
static const struct {
	const char *name;
	uint32_t code;
} names[] = {
	{ "Enter", KEYC_ENTER },
	{ "Esc", KEYC_ESC },
	{ "Space", ' ' },
	{ "Tab", KEYC_TAB },
	{ "S-Tab", KEYC_BACKTAB },
	{ "lt", '<' },
	{ "BS", KEYC_BACKSPACE },
	{ "Del", KEYC_DELETE },
	{ "Up", KEYC_UP },
	{ "Down", KEYC_DOWN },
	{ "Left", KEYC_LEFT },
	{ "Right", KEYC_RIGHT },
	{ "PgUp", KEYC_PGUP },
	{ "PgDn", KEYC_PGDN },
	{ "Home", KEYC_HOME },
	{ "End", KEYC_END },
	{ "A-b", KEYC_ALT_B },
	{ "A-f", KEYC_ALT_F },
	{ "A-d", KEYC_ALT_D },
	{ "A-BS", KEYC_ALT_BACKSPACE },
	{ "Paste", KEYC_PASTE },
	{ "PasteEnd", KEYC_PASTE_END },
	{ "F1", KEYC_F1 },
	{ "F2", KEYC_F2 },
	{ "F3", KEYC_F3 },
	{ "F4", KEYC_F4 },
	{ "F5", KEYC_F5 },
	{ "F6", KEYC_F6 },
	{ "F7", KEYC_F7 },
	{ "F8", KEYC_F8 },
	{ "F9", KEYC_F9 },
	{ "F10", KEYC_F10 },
};
/* clang-format on */

const struct key *
key_find(uint32_t code)
{
	for (unsigned i = 0; i < n_keys; i++)
		if (keys[i].code == code)
			return &keys[i];
	return NULL;
}

unsigned
key_entry(unsigned i)
{
	unsigned n = 1;

	while (i + n < n_keys && keys[i + n].help == NULL)
		n++;
	return n;
}

static bool
key_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The key of a name of n bytes, without its brackets. */
static bool
key_parse_name(const char *name, size_t n, uint32_t *code)
{
	if (n == 3 && strncasecmp(name, "C-", 2) == 0 && key_is_letter(name[2])) {
		*code = KEYC_CTRL((unsigned char)name[2]);
		return true;
	}
	for (size_t i = 0; i < NITEMS(names); i++) {
		if (strlen(names[i].name) == n && strncasecmp(names[i].name, name, n) == 0) {
			*code = names[i].code;
			return true;
		}
	}
	return false;
}

bool
key_parse(const char **s, uint32_t *code)
{
	const char *end;
	uint32_t cp;
	size_t n;

	if (**s == '\0')
		return false;
	if (**s == '<') {
		end = strchr(*s, '>');
		if (end == NULL || !key_parse_name(*s + 1, (size_t)(end - *s - 1), code))
			return false;
		*s = end + 1;
		return true;
	}
	n = text_decode(*s, &cp);
	if (cp == 0xfffd)
		return false;
	*s += n;
	*code = cp;
	return true;
}

/* The name of a key; NULL if it is a character. */
static const char *
key_name(uint32_t code)
{
	for (size_t i = 0; i < NITEMS(names); i++)
		if (names[i].code == code && code != '<')
			return names[i].name;
	return NULL;
}

static void
key_add_character(struct buf *b, uint32_t code)
{
	char utf8[4];

	buf_add(b, utf8, text_encode(code, utf8));
}

void
key_spelling(uint32_t code, struct buf *b)
{
	if (code == '<')
		buf_adds(b, "<lt>");
	else if (key_name(code) != NULL)
		buf_addf(b, "<%s>", key_name(code));
	else if (code < ' ')
		buf_addf(b, "<C-%c>", (char)(code | 0x60));
	else
		key_add_character(b, code);
}

void
key_label(uint32_t code, struct buf *b)
{
	const struct key *k = key_find(code);

	if (k != NULL)
		buf_adds(b, k->label);
	else if (key_name(code) != NULL)
		buf_adds(b, key_name(code));
	else if (code < ' ')
		buf_addf(b, "Ctrl-%c", (char)(code | 0x40));
	else
		key_add_character(b, code);
}
