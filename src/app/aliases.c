#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "app/options.h"
#include "app/run.h"
#include "core/ledger.h"
#include "util/alloc.h"
#include "util/buf.h"
#include "util/die.h"
#include "util/text.h"

#define ALIASES_FEW  256  /* room at first */
#define ALIASES_MOST 8192 /* at most */

struct aliases {
	struct name_cache names;
};

/* The first line of an address counts, as in hosts(5). */
static void
aliases_add(struct name_cache *names, const char *address, const char *name)
{
	char text[TEXT_MAX + 1];
	enum addr_kind kind;
	struct addr a;
	struct buf b;

	if (!addr_parse(address, &kind, &a) || name_cache_find(names, (uint8_t)kind, &a) != NULL ||
	    names->table.used == ALIASES_MOST)
		return;
	buf_init(&b, text, sizeof(text));
	text_clean(&b, name, strlen(name));
	name_cache_learn(names, (uint8_t)kind, &a, NAME_ALIAS, text, 0);
}

/* NULL at the end of the line. */
static const char *
aliases_next_word(char **line)
{
	char *word;

	do
		word = strsep(line, " \t\r");
	while (word != NULL && *word == '\0');
	return word;
}

void
aliases_read(struct aliases *as, char *text)
{
	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		const char *address, *name;

		line[strcspn(line, "#")] = '\0';
		address = aliases_next_word(&line);
		name = address != NULL ? aliases_next_word(&line) : NULL;
		if (name != NULL)
			aliases_add(&as->names, address, name);
	}
}

static void
aliases_read_file(struct aliases *as, const char *path, bool may_warn)
{
	char why[CONFIG_FILE_PATH + 128];
	struct buf text, err;

	buf_new(&text);
	buf_init(&err, why, sizeof(why));
	if (config_file_read(path, &text, &err))
		aliases_read(as, text.s);
	else if (may_warn)
		warn_line("%s", err.s);
	buf_del(&text);
}

struct aliases *
aliases_new(void)
{
	struct aliases *as = xcalloc(1, sizeof(*as));
	struct hashkey key;

	hashkey_init(&key);
	name_cache_init(&as->names,
	    &(struct table_room){ .max = ALIASES_FEW, .most = ALIASES_MOST, .key = &key });
	return as;
}

const struct name_cache *
aliases_names(const struct aliases *as)
{
	return &as->names;
}

struct aliases *
aliases_open(const struct options *o, struct ledger *l)
{
	struct aliases *as;
	char text[CONFIG_FILE_PATH];
	struct buf path;

	if (o->no_config)
		return NULL;
	as = aliases_new();
	buf_init(&path, text, sizeof(text));
	if (config_file_path(&path, CONFIG_HOSTS))
		aliases_read_file(as, path.s, true);
	aliases_read_file(as, SYSTEM_HOSTS, false);
	l->aliases = &as->names;
	return as;
}

void
aliases_del(struct aliases *as)
{
	if (as == NULL)
		return;
	name_cache_fini(&as->names);
	free(as);
}
