/* The options of the HTTP server. */
#include "config.h"

#include <readpassphrase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/options.h"
#include "ext/http_server.h"
#include "ext/crypto.h"
#include "platform/service.h"
#include "util/buf.h"
#include "util/die.h"

#define PASSWORD_MAX 256

bool
option_add_listener(struct options *o, const char *arg, struct buf *err)
{
	if (!http_server_is_available())
		buf_setf(err, "this pkttop was built without libmicrohttpd");
	else if (o->n_listen == OPTIONS_LISTEN)
		buf_setf(err, "too many (maximum %d)", OPTIONS_LISTEN);
	else if (listener_check(arg, err))
		o->listen[o->n_listen++] = arg;
	return err->len == 0;
}

bool
option_add_host(struct options *o, const char *arg, struct buf *err)
{
	if (*arg == '\0' || strpbrk(arg, "/: ") != NULL)
		buf_setf(err, "\"%s\": must be a host name without a port", arg);
	else if (o->n_allow_hosts == OPTIONS_HOSTS)
		buf_setf(err, "too many (maximum %d)", OPTIONS_HOSTS);
	else
		o->allow_host[o->n_allow_hosts++] = arg;
	return err->len == 0;
}

/* From the terminal without echo, else a line of standard input. */
static bool
option_read_password(char *password, size_t size)
{
	if (isatty(STDIN_FILENO))
		return readpassphrase("Password: ", password, size, RPP_ECHO_OFF) != NULL;
	if (fgets(password, (int)size, stdin) == NULL)
		return false;
	password[strcspn(password, "\r\n")] = '\0';
	return true;
}

bool
option_hash_password(struct options *o, const char *arg, struct buf *err)
{
	char password[PASSWORD_MAX], text[512];
	struct buf line;
	bool ok;

	(void)o;
	if (*arg == '\0' || strchr(arg, ':') != NULL) {
		buf_setf(err, "\"%s\": must be a name without a colon", arg);
		return false;
	}
	if (!option_read_password(password, sizeof(password)) || *password == '\0') {
		buf_setf(err, "no password on standard input");
		return false;
	}
	buf_init(&line, text, sizeof(text));
	buf_addf(&line, "%s:", arg);
	ok = password_add_hash(&line, password);
	explicit_bzero(password, sizeof(password));
	if (!ok) {
		buf_setf(err, "crypt(3) of this system cannot make SHA-512 hashes");
		return false;
	}
	puts(line.s);
	exit(close_stdout(EXIT_DONE));
}
