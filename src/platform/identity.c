#include "config.h"

#include "platform/privilege.h"

#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/attr.h"
#include "util/text.h"

#define MAX_GROUPS 256

/* For root itself, the first of these that exists. */
static const char *const without_power[] = { "pkttop", "nobody" };

/* Parses a user or group number of sudo; system calls use (uint32_t)-1 for "unchanged". */
static bool
identity_parse_id(const char *s, uint32_t *id)
{
	const char *why;
	long long n;

	if (s == NULL || s[0] < '0' || s[0] > '9')
		return false;
	n = strtonum(s, 0, UINT32_MAX - 1, &why);
	*id = (uint32_t)n;
	return why == NULL;
}

static bool
identity_is_group_of(const struct passwd *pw, gid_t gid)
{
	gid_t groups[MAX_GROUPS];
	int n = MAX_GROUPS;

	if (gid == pw->pw_gid)
		return true;
	if (getgrouplist(pw->pw_name, pw->pw_gid, groups, &n) < 0)
		return false;
	while (n > 0)
		if (groups[--n] == gid)
			return true;
	return false;
}

/*
 * SUDO_UID, SUDO_GID and SUDO_USER must agree with one another and with the user database. Invented
 * or stale values give no identity.
 */
static bool
identity_from_sudo(struct identity *id, struct buf *err)
{
	const char *user = getenv("SUDO_USER");
	const struct passwd *pw;
	uint32_t uid, gid;

	if (!identity_parse_id(getenv("SUDO_UID"), &uid) ||
	    !identity_parse_id(getenv("SUDO_GID"), &gid)) {
		buf_setf(err,
		    "SUDO_UID and SUDO_GID do not hold numbers; "
		    "name the user to become with -Z");
		return false;
	}
	pw = getpwuid((uid_t)uid);
	if (pw == NULL || user == NULL || strcmp(pw->pw_name, user) != 0) {
		buf_setf(err,
		    "SUDO_UID=%lu is not the user that SUDO_USER names; "
		    "name the user to become with -Z",
		    (unsigned long)uid);
		return false;
	}
	if (!identity_is_group_of(pw, (gid_t)gid)) {
		buf_setf(err, "SUDO_GID=%lu is not a group of %s; name the user to become with -Z",
		    (unsigned long)gid, text_clean_copy(user).s);
		return false;
	}
	id->invoker = (uid_t)uid;
	id->invoker_gid = (gid_t)gid;
	return true;
}

static bool
identity_from_variable(
    struct identity *id, const struct passwd *pw, const char *variable, struct buf *err)
{
	if (pw == NULL) {
		buf_setf(err, "%s does not name a user; name the user to become with -Z", variable);
		return false;
	}
	id->invoker = pw->pw_uid;
	id->invoker_gid = pw->pw_gid;
	return true;
}

static bool
identity_from_doas(struct identity *id, struct buf *err)
{
	return identity_from_variable(id, getpwnam(getenv("DOAS_USER")), "DOAS_USER", err);
}

static bool
identity_from_pkexec(struct identity *id, struct buf *err)
{
	uint32_t uid;
	bool is_number = identity_parse_id(getenv("PKEXEC_UID"), &uid);

	return identity_from_variable(
	    id, is_number ? getpwuid((uid_t)uid) : NULL, "PKEXEC_UID", err);
}

/* run0 sets the variables of sudo. */
static const struct {
	const char *variable;
	bool (*find)(struct identity *id, struct buf *err);
} invokers[] = {
	{ "SUDO_UID", identity_from_sudo },
	{ "DOAS_USER", identity_from_doas },
	{ "PKEXEC_UID", identity_from_pkexec },
};

/* Only if pkttop runs as root can the variables be trusted: any user can set them. */
static bool
identity_find_invoker(struct identity *id, struct buf *err)
{
	id->invoker = getuid();
	id->invoker_gid = getgid();
	for (unsigned i = 0; i < NITEMS(invokers) && getuid() == 0; i++)
		if (getenv(invokers[i].variable) != NULL)
			return invokers[i].find(id, err);
	return true;
}

static bool
identity_set_user(struct identity *id, const char *name, bool invoker_is_known, struct buf *err)
{
	const struct passwd *pw = getpwnam(name);

	if (pw == NULL) {
		buf_setf(err, "-Z %s: no such user; try -Z nobody", text_clean_copy(name).s);
		return false;
	}
	/* If the file is set-user-ID, its user must not choose an identity. */
	if (getuid() != 0 && pw->pw_uid != getuid()) {
		buf_setf(err, "-Z %s: only root can become another user; omit -Z, or run with sudo",
		    text_clean_copy(name).s);
		return false;
	}
	if (pw->pw_uid == 0 && (!invoker_is_known || id->invoker != 0)) {
		buf_setf(err, "-Z %s: only root itself may stay root; try -Z nobody",
		    text_clean_copy(name).s);
		return false;
	}
	id->uid = pw->pw_uid;
	id->gid = pw->pw_gid;
	return true;
}

static bool
identity_set_nobody(struct identity *id, struct buf *err)
{
	for (unsigned i = 0; i < NITEMS(without_power); i++) {
		const struct passwd *pw = getpwnam(without_power[i]);

		if (pw == NULL || pw->pw_uid == 0)
			continue;
		id->uid = pw->pw_uid;
		id->gid = pw->pw_gid;
		return true;
	}
	buf_setf(err, "there is no user nobody to become; name another one with -Z");
	return false;
}

bool
identity_choose(struct identity *id, const char *user, struct buf *err)
{
	bool known = identity_find_invoker(id, err);

	if (!known && user == NULL)
		return false;
	id->uid = id->invoker;
	id->gid = id->invoker_gid;
	if (user != NULL && !identity_set_user(id, user, known, err))
		return false;
	if (user == NULL && id->uid == 0 && !identity_set_nobody(id, err))
		return false;
	if (!known) {
		id->invoker = id->uid;
		id->invoker_gid = id->gid;
	}
	buf_clear(err);
	id->changes = geteuid() == 0 && id->uid != 0;
	return true;
}
