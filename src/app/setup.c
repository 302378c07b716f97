#include "config.h"

#include <string.h>

#include "app/actions.h"
#include "app/options.h"
#include "app/run.h"
#include "control/command.h"
#include "control/keymap.h"
#include "control/settings.h"
#include "ext/resolver.h"
#include "util/die.h"

#define NS_PER_S UINT64_C(1000000000)
#define DAY      UINT64_C(86400) /* s */

const char *
setup_mode_name(const struct options *o, const struct feed *f)
{
	if (o->recording != NULL)
		return "RECORDING";
	if (f->stopped)
		return "STOPPED";
	if (o->demo)
		return "DEMO";
	return feed_is_live(f) ? "LIVE" : "FILE";
}

static void
setup_set_sort(struct state *st, const char *sort)
{
	bool turned = *sort == '-';
	const char *name = turned ? sort + 1 : sort;

	for (unsigned i = 0; i < n_views; i++) {
		const struct column *c = view_match_column(views[i], name);

		if (c == NULL)
			continue;
		st->per_view[i].sort_column = (unsigned)(c - views[i]->cols);
		st->per_view[i].sort_desc = turned ? !c->desc : c->desc;
		st->per_view[i].sort_chosen = true;
	}
}

/* The display filter must be valid for the first view. */
static void
setup_set_show(struct state *st, const char *show)
{
	char text[256];
	struct buf err;
	struct filter *f;
	size_t at;

	buf_init(&err, text, sizeof(text));
	f = filter_new(views[st->view], show, &err, &at);
	if (f == NULL)
		die_usage("--show=%s: %s", show, err.s);
	filter_del(f);
	strlcpy(st->filter_text, show, sizeof(st->filter_text));
}

/* Networks for JSON reports, also of who asks over HTTP; the packets of a file, which is read
 * completely before it is shown. */
static unsigned
setup_extras(const struct options *o, const struct feed *f)
{
	unsigned served = o->n_listen > 0 ? LEDGER_NETWORKS : 0;

	if (o->batch)
		return o->format == REPORT_JSON ? LEDGER_NETWORKS : served;
	return served | (feed_is_offline(f) ? LEDGER_PACKETS : 0);
}

/*
 * Prints errors of the settings on standard error, for after the screen is closed, and shows them
 * on the screen too.
 */
static void
setup_config_error(struct state *st, const char *path, char *said)
{
	unsigned n = 0;
	char *line, *first = said;

	while ((line = strsep(&said, "\n")) != NULL && *line != '\0') {
		warn_line("%s", line);
		n++;
	}
	/* The screen has less room. */
	if (strncmp(first, path, strlen(path)) == 0)
		first += strrchr(path, '/') + 1 - path;
	if (n > 1)
		status_message(st, true, "%s (and %u more)", first, n - 1);
	else if (n == 1)
		status_message(st, true, "%s", first);
}

static unsigned
setup_read_config(struct state *st)
{
	char path_text[CONFIG_FILE_PATH], err_text[CONFIG_FILE_PATH + 128];
	struct buf path, text, err, said;
	unsigned requests = 0;

	buf_init(&path, path_text, sizeof(path_text));
	buf_init(&err, err_text, sizeof(err_text));
	if (!config_file_path(&path, CONFIG_SETTINGS))
		return 0;
	buf_new(&text);
	buf_new(&said);
	if (config_file_read(path.s, &text, &err))
		requests = settings_run(st, path.s, text.s, &said);
	else
		buf_addf(&said, "%s\n", err.s);
	setup_config_error(st, path.s, said.s);
	buf_del(&text);
	buf_del(&said);
	return requests;
}

static void
setup_show_guess(struct state *st, const struct ledger *l)
{
	char text[128];
	struct buf b;

	if (!l->local_guessed)
		return;
	buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < l->n_local; i++) {
		buf_adds(&b, i > 0 ? " and " : "");
		net_text(&b, &l->local[i]);
	}
	status_message(st, false, "local is guessed: %s", l->n_local > 0 ? b.s : "no network");
}

unsigned
setup_state(struct state *st, const struct options *o, const struct feed *f)
{
	unsigned requests = 0;

	state_init(st);
	st->ascii = o->ascii || term_ascii();
	st->whole_time = feed_is_offline(f) && o->recording == NULL;
	st->names.has_dns = resolver_is_available();
	st->extras = setup_extras(o, f);
	requests = process_lookup_setup(st, o, f);
	strlcpy(st->capture_filter, f->filter, sizeof(st->capture_filter));
	if (!o->no_config)
		requests |= setup_read_config(st);
	if (o->decap) {
		st->inner = true;
		requests |= REQ_INNER;
	}
	if (options_given(o, "units"))
		st->units.bytes_per_second = o->units.bytes_per_second;
	if (options_given(o, "numeric"))
		st->units.numeric = o->units.numeric;
	if (o->no_mouse)
		st->mouse = false;
	if (options_given(o, "theme"))
		st->theme = o->theme;
	if (options_given(o, "delay"))
		st->delay = o->delay;
	for (unsigned i = 0; i < n_views; i++)
		if (o->view != NULL && views[i] == view_by_name(o->view))
			state_show_view(st, i);
	if (o->sort != NULL)
		setup_set_sort(st, o->sort);
	if (o->show != NULL)
		setup_set_show(st, o->show);
	state_compile_filter(st);
	setup_show_guess(st, f->ledger);
	return requests;
}

void
setup_watch(const struct options *o, struct feed *f)
{
	const struct view *v = o->view != NULL ? view_by_name(o->view) : NULL;
	unsigned extras = setup_extras(o, f) | (v != NULL ? v->extras : 0);

	ledger_enable(f->ledger, extras, STATE_PREFIX4, STATE_PREFIX6);
}

void
setup_recording(
    struct record_pictures *p, struct state *st, const struct options *o, struct feed *f)
{
	uint64_t first, end = 0, at = UINT64_MAX;
	char text[512];
	struct buf err;

	if (o->recording == NULL)
		return;
	buf_init(&err, text, sizeof(text));
	if (!record_ask_extent(o->recording, &first, &end, &err))
		die("%s: %s", o->file[0], err.s);
	if (o->at != NULL && !record_parse_time(o->at, end, &at))
		die_usage("--at: \"%s\" must be a time such as 03:00, yesterday or -2h", o->at);
	if (at < UINT64_MAX / NS_PER_S)
		at *= NS_PER_S;
	if (!history_open(st, record_pictures_open(p, o->recording), at))
		die("%s: no pictures of the screen, or those of another version; see --batch",
		    o->file[0]);
	record_ask_series(o->recording, end > DAY ? end - DAY : 0, end, &f->ledger->series);
	st->past.speed = o->play;
	f->ledger->now = history_store_extent(st->past.store).last;
}

static void
setup_rank(struct state *st, struct feed *f)
{
	if (refresh_watch_extras(st, f->ledger))
		while (ledger_fold(f->ledger, UINT32_MAX))
			;
	refresh_begin(st, f->ledger);
	while (refresh_step(st, UINT32_MAX))
		;
	refresh_finish(st);
}

unsigned
setup_type_keys(struct state *st, struct feed *f, const char *text)
{
	unsigned requests = 0;
	uint32_t code;

	setup_rank(st, f);
	while (key_parse(&text, &code)) {
		unsigned w = input_key(st, code);

		if (w & REQ_ZERO)
			ledger_set_baseline(f->ledger, st->since_baseline);
		if (w & REQ_RANK)
			setup_rank(st, f);
		requests |= w & ~(unsigned)(REQ_RANK | REQ_PAINT | REQ_ZERO);
	}
	return requests;
}
