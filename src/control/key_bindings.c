#include "config.h"

#include "control/key_bindings.h"

#include <string.h>

#include "control/cmd.h"
#include "control/keymap.h"

static const struct binding *
find(const struct bindings *b, uint32_t code)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->of[i].code == code)
			return &b->of[i];
	return NULL;
}

const char *
bind_command(const struct bindings *b, uint32_t code)
{
	const struct binding *bound = find(b, code);
	const struct key *k = key_find(code);

	if (bound != NULL)
		return bound->command[0] != '\0' ? bound->command : NULL;
	return k != NULL ? k->command : NULL;
}

bool
bind_label(const struct bindings *b, const char *command, struct buf *label)
{
	for (unsigned i = 0; i < b->n; i++) {
		if (strcmp(b->of[i].command, command) == 0) {
			key_label(b->of[i].code, label);
			return true;
		}
	}
	for (unsigned i = 0; i < n_keys; i++) {
		if (strcmp(keys[i].command, command) == 0 && find(b, keys[i].code) == NULL) {
			buf_adds(label, keys[i].label);
			return true;
		}
	}
	return false;
}

/* Finds or adds the binding of that key; NULL if there is no room. */
static struct binding *
get(struct bindings *b, uint32_t code)
{
	struct binding *bound = (struct binding *)find(b, code);

	if (bound == NULL && b->n < BINDINGS) {
		bound = &b->of[b->n++];
		*bound = (struct binding){ .code = code };
	}
	return bound;
}

/* Removes a binding, as for a key that is bound to its default. */
static void
forget(struct bindings *b, const struct binding *bound)
{
	unsigned at = (unsigned)(bound - b->of);

	b->n--;
	memmove(&b->of[at], &b->of[at + 1], (b->n - at) * sizeof(*bound));
}

static unsigned
set(struct state *st, uint32_t code, const char *command)
{
	struct binding *bound = get(&st->bindings, code);
	const struct key *k = key_find(code);

	if (bound == NULL) {
		state_say(st, true, "no more than %d keys can be bound", BINDINGS);
		return 0;
	}
	strlcpy(bound->command, command, sizeof(bound->command));
	if (strcmp(command, k != NULL ? k->command : "") == 0)
		forget(&st->bindings, bound);
	return 0;
}

/* Reads the key at the beginning of s, and the blanks behind it. */
static bool
read_key(const char **s, uint32_t *code)
{
	if (*s == NULL || !key_parse(s, code) || (**s != '\0' && **s != ' ' && **s != '\t'))
		return false;
	*s += strspn(*s, " \t");
	return true;
}

static unsigned
refuse_key(struct state *st, char **argv)
{
	return command_refuse(st, argv, 1, "a key, such as x, <F5> or <C-x>");
}

unsigned
cmd_bind(struct state *st, int argc, char **argv)
{
	const char *s = argc > 1 ? argv[1] : NULL;
	uint32_t code;

	if (!read_key(&s, &code))
		return refuse_key(st, argv);
	if (!command_exists(s)) {
		st->refused = 2;
		state_say(st, true,
		    *s == '\0' ? "bind: say a command too, as behind :"
			       : "bind: there is no command \"%s\"",
		    s);
		return 0;
	}
	if (strlen(s) >= BIND_COMMAND) {
		state_say(st, true, "bind: this command is too long");
		return 0;
	}
	return set(st, code, s);
}

unsigned
cmd_unbind(struct state *st, int argc, char **argv)
{
	const char *s = argc > 1 ? argv[1] : NULL;
	uint32_t code;

	if (!read_key(&s, &code) || *s != '\0')
		return refuse_key(st, argv);
	return set(st, code, "");
}

void
bind_text(const struct bindings *b, struct buf *text)
{
	for (unsigned i = 0; i < b->n; i++) {
		const struct binding *bound = &b->of[i];

		buf_adds(text, bound->command[0] != '\0' ? "bind " : "unbind ");
		key_spelled(bound->code, text);
		buf_addf(text, "%s%s\n", bound->command[0] != '\0' ? " " : "", bound->command);
	}
}
