/*
 * A run: preparation, privileges, and the three modes.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include <stdbool.h>

#include "app/options.h"
#include "control/state.h"
#include "feed/feed.h"
#include "feed/recording.h"
#include "platform/privilege.h"
#include "screen/screen.h"

struct server;

/*
 * --local=auto: guesses the local networks of a file. For each IP version it is the network (/24 or
 * /64) that takes part in most packets.
 */

/* Reads the files of *o once, and sets their networks as --local would. */
void guess_local(struct options *o);

/*
 * A terminal description of the user's own ($TERMINFO, ~/.terminfo).  A pkttop that has become
 * another user cannot read it, so it is read through the file helper and given to curses in the
 * environment.
 */

#define USER_TERMINFO_PATHS 4
#define USER_TERMINFO_PATH  1024

struct user_terminfo {
	char path[USER_TERMINFO_PATHS][USER_TERMINFO_PATH]; /* candidates, see term(5) */
	unsigned n;
};

void user_terminfo_find(struct user_terminfo *t);

/* Reads it through the file helper and sets TERMINFO to it.  Does nothing if there is none. */
void user_terminfo_import(const struct user_terminfo *t);

/*
 * The files and directories on the command line. The file helper and the sandbox allow these and no
 * others.
 */

#define NAMED_REPLACED (GEOIP_FILES + 4) /* databases, secrets and the certificate */
#define NAMED_OTHERS                                                                               \
	(12 + USER_TERMINFO_PATHS + GEOIP_FILES + NAMED_REPLACED) /* files that are not captures   \
								   */
#define NAMED_FOLDERS 7 /* snapshots, four kinds of records, the spool, the settings */

struct named_files {
	const char **file; /* input files; on the heap */
	unsigned n_files;
	const char *dir[NAMED_FOLDERS]; /* output directories, spelled by safe_dir_spell() */
	unsigned n_dirs;
	char path[NAMED_FOLDERS]
		 [ROTATING_FILE_PATH]; /* dir points into it: do not move the struct */
	char settings[CONFIG_FILE_PATH], aliases[CONFIG_FILE_PATH];
	struct user_terminfo terminfo;
	/* directories of files that are opened again by name */
	char replaced[NAMED_REPLACED][CONFIG_FILE_PATH];
	unsigned n_replaced;
};

/* Borrows the options for as long as n is used. */
void named_files_collect(struct named_files *n, const struct options *o);
void named_files_fini(struct named_files *n);

/*
 * Databases of places: those of --geoip, else those in the usual directories.
 *
 *	g = places_open(o, l);	as the user that pkttop has become
 *	geoip_del(g);		after the ledger's last use
 */

#define PLACES_FOLDERS 5

/* Exits with one line if a file of the command line cannot be used. */
struct geoip *places_open(const struct options *o, struct ledger *l);

/* Adds the files and directories that are read; at most GEOIP_FILES or PLACES_FOLDERS. */
void places_name_files(const struct options *o, const char **file, unsigned *n);

/*
 * Names of addresses from pkttop/hosts in the folder of settings, and from /etc/hosts, in the
 * form of hosts(5).  At most CONFIG_FILE_MAX bytes of each are read.
 *
 *	as = aliases_open(o, l);	as the user that pkttop has become; warns of a bad file
 *	aliases_del(as);		after the ledger's last use
 */

#define SYSTEM_HOSTS "/etc/hosts"

struct aliases;

/* NULL if files of settings are not to be read. */
struct aliases *aliases_open(const struct options *o, struct ledger *l);
void aliases_del(struct aliases *as);

/* Without files: reads lines from text, which is taken apart. */
struct aliases *aliases_new(void);
void aliases_read(struct aliases *as, char *text);
const struct name_cache *aliases_names(const struct aliases *as);

/*
 * Vendors of network cards, from the list of Wireshark or of the IEEE that is installed.
 *
 *	v = vendors_open(l);	NULL: there is none
 *	vendors_del(v);		after the ledger's last use
 *
 * The file is mapped, and read at the first look-up.
 */

struct vendors;

struct vendors *vendors_open(struct ledger *l);
void vendors_del(struct vendors *v);

/* That file; NULL if it cannot be used. */
struct vendors *vendors_read(const char *path);
const struct vendor_db *vendors_db(const struct vendors *v);

/*
 * Drops privileges and enters the sandbox, as the command line needs it; the work is done by
 * platform/privilege.h and ext/seccomp.h.
 *
 *	privileges_choose(&p, o);	before anything is opened
 *	... open the interfaces ...
 *	privileges_drop(&p, live);
 *	... open all that others may have written ...
 *	privileges_confine(&p, live, &exports);
 *	... read it ...
 *	privileges_end(&p);
 */

struct privileges {
	const struct options *o;
	struct identity id;
	struct file_helper helper;
	struct named_files named;
	bool helped;
	struct record_process recording;
	struct owners owners;         /* finds the processes of flows */
	struct socket_helper sockets; /* opens packet sockets in the sandbox */
};

/* Chooses the user to become, and starts the file helper if that is another user. Exits with one
 * line if it fails. */
void privileges_choose(struct privileges *p, const struct options *o);

/* Starts the process that writes or reads the recording, if there is one. Exits with one line if it
 * cannot. */
void privileges_start_recording(struct privileges *p);

/* live: packets come from interfaces.  Exits with one line if it fails. */
void privileges_drop(const struct privileges *p, bool live);

/*
 * Enters the sandbox. From then on only the files on the command line can be opened, and those that
 * the mode of operation needs. If it fails, prints one line on standard error; with
 * --sandbox-strict it exits.
 */
void privileges_confine(const struct privileges *p, bool live, const struct exports *exports);

/* Call it when the last file is closed. */
void privileges_end(struct privileges *p);

/*
 * The ways to run: on a screen, in batch, as one screen printed as text, or without any output.
 * Each returns the exit status. server: NULL, or it is served meanwhile.
 */

int interactive_run(const struct options *o, struct feed *f, struct server *server);
int batch_run(const struct options *o, struct feed *f, struct server *server);
int dump_run(const struct options *o, struct feed *f);
int headless_run(
    const struct options *o, struct feed *f, struct server *server, struct geoip *places);

/* Sets the state from the options, for the screen and for --dump. Exits with status 2 if an
 * option is wrong. Returns requests. */
unsigned setup_state(struct state *st, const struct options *o, const struct feed *f);

/* Shows the recording of the options, if there is one. Exits with one line if it cannot. p stays in
 * use. */
void setup_recording(
    struct record_pictures *p, struct state *st, const struct options *o, struct feed *f);

/* Enables in the ledger the optional counters that the first view needs. */
void setup_watch(const struct options *o, struct feed *f);

/* Types the --keys text, and ranks the list between keys if needed. Returns the remaining
 * requests. */
unsigned setup_type_keys(struct state *st, struct feed *f, const char *text);

/* "DEMO", "FILE" or "LIVE". */
const char *setup_mode_name(const struct options *o, const struct feed *f);

#endif
