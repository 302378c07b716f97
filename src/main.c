#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/options.h"
#include "app/run.h"
#include "feed/feed.h"
#include "feed/recording.h"
#include "platform/net.h"
#include "ui/term.h"
#include "util/die.h"

/* Opens closed standard descriptors: a file or socket could get that number and receive printed
 * text. */
static void
main_hold_standard_fds(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", modes[fd]) != fd)
			exit(EXIT_FAILED);
}

static int
main_print_interfaces(void)
{
	char text[512];
	struct buf err, list;

	buf_init(&err, text, sizeof(text));
	buf_new(&list);
	if (!devices_list(&list, &err))
		die("%s", err.s);
	fputs(list.s, stdout);
	buf_del(&list);
	return EXIT_DONE;
}

int
main(int argc, char **argv)
{
	struct privileges p;
	struct options o;
	struct feed f;
	struct recorder r;
	struct flow_export exports;
	struct geoip *places;
	int status;

	main_hold_standard_fds();
	crash_restore_init();
	setlocale(LC_CTYPE, "");
	options_parse(&o, argc, argv);
	if (o.list_interfaces)
		return close_stdout(main_print_interfaces());
	privileges_choose(&p, &o);
	feed_open_live(&f, &o, options_has_screen(&o));
	if (f.live && !o.demo)
		ssh_env_find(&f.ledger->own_session);
	privileges_drop(&p, f.live && !o.demo);
	flow_export_open(&exports, &o);
	if (o.local_auto)
		guess_local(&o);
	feed_open_files(&f);
	places = places_open(&o, f.ledger);
	setup_watch(&o, &f);
	privileges_confine(&p, f.live && !o.demo, &exports);
	recording_init(&r, &o, &f, &exports);
	if (o.batch)
		status = batch_run(&o, &f);
	else if (o.dump_cols > 0)
		status = dump_run(&o, &f);
	else
		status = interactive_run(&o, &f);
	recording_fini(&r);
	if (r.incomplete && status == EXIT_DONE)
		status = EXIT_FAILED;
	feed_close(&f);
	geoip_del(places);
	privileges_end(&p);
	options_fini(&o);
	return close_stdout(status);
}
