#include "config.h"

#include "control/keymap.h"

#include <string.h>

#include "control/cmd.h"

static const struct key_binding *
key_bindings_find(const struct key_bindings *b, uint32_t code)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->entry[i].code == code)
			return &b->entry[i];
	return NULL;
}

const char *
key_bindings_command(const struct key_bindings *b, uint32_t code)
{
	const struct key_binding *bound = key_bindings_find(b, code);
	const struct key *k = key_find(code);

	if (bound != NULL)
		return bound->command[0] != '\0' ? bound->command : NULL;
	return k != NULL ? k->command : NULL;
}

bool
key_bindings_label(const struct key_bindings *b, const char *command, struct buf *label)
{
	for (unsigned i = 0; i < b->n; i++) {
		if (strcmp(b->entry[i].command, command) == 0) {
			key_label(b->entry[i].code, label);
			return true;
		}
	}
	for (unsigned i = 0; i < n_keys; i++) {
		if (strcmp(keys[i].command, command) == 0 &&
		    key_bindings_find(b, keys[i].code) == NULL) {
			buf_adds(label, keys[i].label);
			return true;
		}
	}
	return false;
}

/* Finds or adds the binding of that key; NULL if there is no room. */
static struct key_binding *
key_bindings_get(struct key_bindings *b, uint32_t code)
{
	struct key_binding *bound = (struct key_binding *)key_bindings_find(b, code);

	if (bound == NULL && b->n < KEY_BINDINGS_MAX) {
		bound = &b->entry[b->n++];
		*bound = (struct key_binding){ .code = code };
	}
	return bound;
}

/* Removes a binding, as for a key that is bound to its default. */
static void
key_bindings_remove(struct key_bindings *b, const struct key_binding *bound)
{
	unsigned at = (unsigned)(bound - b->entry);

	b->n--;
	memmove(&b->entry[at], &b->entry[at + 1], (b->n - at) * sizeof(*bound));
}

static unsigned
key_bindings_set(struct state *st, uint32_t code, const char *command)
{
	struct key_binding *bound = key_bindings_get(&st->bindings, code);
	const struct key *k = key_find(code);

	if (bound == NULL) {
		status_message(st, true, "too many key bindings (maximum %d)", KEY_BINDINGS_MAX);
		return 0;
	}
	strlcpy(bound->command, command, sizeof(bound->command));
	if (strcmp(command, k != NULL ? k->command : "") == 0)
		key_bindings_remove(&st->bindings, bound);
	return 0;
}

/* Reads the key at the beginning of s, and the blanks behind it. */
static bool
key_bindings_read_key(const char **s, uint32_t *code)
{
	if (*s == NULL || !key_parse(s, code) || (**s != '\0' && **s != ' ' && **s != '\t'))
		return false;
	*s += strspn(*s, " \t");
	return true;
}

static unsigned
key_bindings_bad_key(struct state *st, char **argv)
{
	return command_error(st, argv, 1, "a key, such as x, <F5> or <C-x>");
}

unsigned
cmd_bind(struct state *st, int argc, char **argv)
{
	const char *s = argc > 1 ? argv[1] : NULL;
	uint32_t code;

	if (!key_bindings_read_key(&s, &code))
		return key_bindings_bad_key(st, argv);
	if (!command_exists(s)) {
		st->bad_word = 2;
		status_message(st, true,
		    *s == '\0' ? "bind: missing command, as typed after :"
			       : "bind: no such command \"%s\"",
		    s);
		return 0;
	}
	if (strlen(s) >= KEY_COMMAND_MAX) {
		status_message(st, true, "bind: command too long");
		return 0;
	}
	return key_bindings_set(st, code, s);
}

unsigned
cmd_unbind(struct state *st, int argc, char **argv)
{
	const char *s = argc > 1 ? argv[1] : NULL;
	uint32_t code;

	if (!key_bindings_read_key(&s, &code) || *s != '\0')
		return key_bindings_bad_key(st, argv);
	return key_bindings_set(st, code, "");
}

void
key_bindings_commands(const struct key_bindings *b, struct buf *text)
{
	for (unsigned i = 0; i < b->n; i++) {
		const struct key_binding *bound = &b->entry[i];

		buf_adds(text, bound->command[0] != '\0' ? "bind " : "unbind ");
		key_spelling(bound->code, text);
		buf_addf(text, "%s%s\n", bound->command[0] != '\0' ? " " : "", bound->command);
	}
}
