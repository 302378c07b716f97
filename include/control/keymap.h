/*
 * Keys: their names and commands, those that the user bound, and the mouse.
 */
#ifndef CONTROL_KEYMAP_H
#define CONTROL_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

struct state;

/*
 * Keys and their commands.  The help screen is made from this table, and a test compares it with
 * the man page.
 */

/* A key is a Unicode character, or one of these; CTRL('l') is 12. */
enum key_code {
	KEYC_ENTER = '\r',
	KEYC_ESC = 27,
	KEYC_TAB = '\t',
	KEYC_BACKSPACE = 127,
	KEYC_FIRST = 0x110000,
	KEYC_UP,
	KEYC_DOWN,
	KEYC_LEFT,
	KEYC_RIGHT,
	KEYC_PGUP,
	KEYC_PGDN,
	KEYC_HOME,
	KEYC_END,
	KEYC_DELETE,
	KEYC_BACKTAB,
	KEYC_F1,
	KEYC_F2,
	KEYC_F3,
	KEYC_F4,
	KEYC_F5,
	KEYC_F6,
	KEYC_F7,
	KEYC_F8,
	KEYC_F9,
	KEYC_F10,
	KEYC_ALT_B,
	KEYC_ALT_F,
	KEYC_ALT_D,
	KEYC_ALT_BACKSPACE,
	KEYC_PASTE, /* the next keys are pasted, up to: */
	KEYC_PASTE_END,
	KEYC_RESIZE,
};

#define KEYC_MOUSE 0x80000000u /* set for events of the mouse: see mouse_encode() */

#define KEYC_CTRL(c) ((uint32_t)((c)&0x1f))

struct key {
	uint32_t code;
	const char *label;   /* as help shows it: "Space", "PgUp" */
	const char *command; /* line for command_run() */
	const char *group;   /* heading in the help */
	const char *help;    /* NULL: an alias or half of a pair, shown with the key above */
	const char *hint;    /* word for the bottom line; NULL: not there */
};

extern const struct key keys[];
extern const unsigned n_keys;

/* NULL for a key without a command. */
const struct key *key_find(uint32_t code);

/* The number of rows from i on that are one entry of the help: keys[i], its aliases and its
 * pair. */
unsigned key_entry(unsigned i);

/*
 * Reads the next key of a --keys text: a character, or a name as <Down>, <Enter>, <Esc>, <Space>,
 * <Tab>, <C-l>, <F1>, <lt>. Advances *s.  False at the end, or at an unknown name, at which *s
 * stays.
 */
bool key_parse(const char **s, uint32_t *code);

/* Adds a key's name as key_parse() reads it, "<C-x>", and as people do, "Ctrl-X". */
void key_spelling(uint32_t code, struct buf *b);
void key_label(uint32_t code, struct buf *b);

/*
 * Keys that the user has bound to commands other than those in the table of keymap.c.
 */

#define KEY_BINDINGS_MAX 64
#define KEY_COMMAND_MAX  160

struct key_binding {
	uint32_t code;
	char command[KEY_COMMAND_MAX]; /* "": the key does nothing */
};

struct key_bindings {
	struct key_binding entry[KEY_BINDINGS_MAX];
	unsigned n;
};

/* The command bound to a key, or NULL. */
const char *key_bindings_command(const struct key_bindings *b, uint32_t code);

/* Adds the label of a key that is bound to a command.  False if there is none. */
bool key_bindings_label(const struct key_bindings *b, const char *command, struct buf *label);

/* Adds the commands that restore the bindings, a line each. */
void key_bindings_commands(const struct key_bindings *b, struct buf *text);

/*
 * The mouse: a click runs the command of the zone under it (see screen/canvas.h), the wheel moves
 * the cursor.  Only the painters know where things are.
 */

/* An event of the mouse is a key: KEYC_MOUSE with the bits of mouse_encode(). */
enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

uint32_t mouse_encode(enum mouse_kind kind, int x, int y);

/* The cell of such an event. */
int mouse_x(uint32_t key);
int mouse_y(uint32_t key);

/* Handles such an event. zone: the command of the zone at its cell, or NULL. Returns requests. */
unsigned mouse_key(struct state *st, const char *zone, uint32_t key);

#endif
