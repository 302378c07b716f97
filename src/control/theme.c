#include "config.h"

#include "control/settings.h"

#include <string.h>

#include "control/cmd.h"

const char *const theme_names[THEMES + 1] = {
	[THEME_DARK] = "dark",
	[THEME_LIGHT] = "light",
	[THEME_SAFE] = "safe",
	[THEME_MONO] = "mono",
};

unsigned
cmd_theme(struct state *st, int argc, char **argv)
{
	unsigned theme = THEMES;

	if (argc > 1 && strcmp(argv[1], "next") == 0)
		theme = ((unsigned)st->theme + 1) % THEMES;
	for (unsigned i = 0; argc > 1 && i < THEMES; i++)
		if (strcmp(theme_names[i], argv[1]) == 0)
			theme = i;
	if (theme == THEMES)
		return command_error(st, argv, 1, "dark, light, safe, mono or next");
	st->theme = (enum theme)theme;
	status_message(st, false, "theme %s", theme_names[theme]);
	return REQ_THEME;
}
