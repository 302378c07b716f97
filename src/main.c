#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/options.h"
#include "app/run.h"
#include "ext/dpi.h"
#include "feed/feed.h"
#include "feed/recording.h"
#include "platform/net.h"
#include "platform/service.h"
#include "serve/server.h"
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

/* NULL without --listen. */
static struct server *
main_listen(const struct options *o)
{
	char text[512];
	struct buf err;
	struct server *s = NULL;

	buf_init(&err, text, sizeof(text));
	if (o->pidfile != NULL && !service_write_pid(o->pidfile, &err))
		die("%s", err.s);
	if (o->n_listen > 0 && (s = server_new(o, &err)) == NULL)
		die("%s", err.s);
	return s;
}

static void
main_serve(struct server *s, struct feed *f)
{
	char text[512];
	struct buf err;

	buf_init(&err, text, sizeof(text));
	if (s != NULL && !server_start(s, f, &err))
		die("%s", err.s);
}

static int
main_run(const struct options *o, struct feed *f, struct server *server, struct geoip *places)
{
	if (o->headless)
		return headless_run(o, f, server, places);
	if (o->batch)
		return batch_run(o, f, server);
	return o->dump_cols > 0 ? dump_run(o, f) : interactive_run(o, f, server);
}

/* What is known of addresses; each is NULL if there is none. */
struct lookups {
	struct geoip *places;
	struct aliases *aliases;
	struct vendors *vendors;
	struct dpi *dpi;
};

static void
main_open_lookups(struct lookups *k, const struct options *o, struct feed *f)
{
	k->places = places_open(o, f->ledger);
	k->aliases = aliases_open(o, f->ledger);
	k->vendors = vendors_open(f->ledger);
	k->dpi = o->no_apps ? NULL : dpi_new();
	if (k->dpi != NULL)
		feed_set_apps(f, k->dpi);
	else if (!o->no_apps && dpi_is_available())
		warn_line("no applications of flows: libndpi cannot start");
}

static void
main_close_lookups(struct lookups *k)
{
	geoip_del(k->places);
	aliases_del(k->aliases);
	vendors_del(k->vendors);
	dpi_del(k->dpi);
}

/* Reports a recording. */
static int
main_report(struct options *o, struct privileges *p)
{
	const struct exports none = { .flows = { .n = 0 } };
	int status;

	privileges_drop(p, false);
	privileges_confine(p, false, &none);
	status = record_report_run(o, &p->recording);
	privileges_end(p);
	options_fini(o);
	return close_stdout(status);
}

/* Starts what needs the privileges of the user who ran pkttop. A recording that is read is shown
 * instead of a source. */
static void
main_choose(struct options *o, struct privileges *p)
{
	privileges_choose(p, o);
	privileges_start_recording(p);
	if (!p->recording.reads)
		return;
	o->recording = &p->recording;
	o->play = o->replay;
	o->replay = 0;
}

int
main(int argc, char **argv)
{
	struct privileges p;
	struct options o;
	struct feed f;
	struct recorder r;
	struct exports exports;
	struct lookups lookups;
	struct server *server;
	struct event_sinks sinks;
	int status;

	main_hold_standard_fds();
	crash_restore_init();
	setlocale(LC_CTYPE, "");
	options_parse(&o, argc, argv);
	if (o.list_interfaces)
		return close_stdout(main_print_interfaces());
	main_choose(&o, &p);
	if (p.recording.reads && o.batch)
		return main_report(&o, &p);
	service_open();
	server = main_listen(&o);
	feed_open_live(&f, &o, options_has_screen(&o) || o.headless);
	if (p.owners.fd >= 0)
		feed_set_owners(&f, &p.owners);
	if (f.live && !o.demo)
		ssh_env_find(&f.ledger->own_session);
	privileges_drop(&p, f.live && !o.demo);
	exports_open(&exports, &o);
	if (o.local_auto)
		guess_local(&o);
	feed_open_files(&f);
	main_open_lookups(&lookups, &o, &f);
	setup_watch(&o, &f);
	event_sinks_start(&sinks, &o);
	privileges_confine(&p, f.live && !o.demo, &exports);
	recording_init(&r, &o, &f, &exports);
	r.sinks = &sinks;
	recording_attach(&r, &p.recording);
	server_set_exports(server, &exports);
	main_serve(server, &f);
	status = main_run(&o, &f, server, lookups.places);
	server_del(server);
	recording_fini(&r);
	event_sinks_stop(&sinks);
	if (r.incomplete && status == EXIT_DONE)
		status = EXIT_FAILED;
	feed_close(&f);
	main_close_lookups(&lookups);
	privileges_end(&p);
	options_fini(&o);
	return close_stdout(status);
}
