#include "config.h"

#include "platform/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef HAVE_LIBCAP_NG
#include <cap-ng.h>
#endif
#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "util/attr.h"
#include "util/text.h"

#define MAX_GROUPS 256

#ifdef __linux__
static const struct {
	unsigned number;
	bool processes; /* to see those of other users, else to capture anew */
} keepable[] = {
	{ CAP_NET_RAW, false },
	{ CAP_SYS_PTRACE, true },
	{ CAP_DAC_READ_SEARCH, true },
};

/* All are below 32. */
static uint32_t
kept_by(const struct privilege *p)
{
	uint32_t kept = 0;

	for (unsigned i = 0; i < NITEMS(keepable); i++)
		if (keepable[i].processes ? p->processes : p->recapture)
			kept |= 1u << keepable[i].number;
	return kept;
}
#endif

/* Whom to become. */
struct identity {
	uid_t uid;
	gid_t gid;
	bool changes; /* else everything but the capabilities stays */
};

/* What the command line and the environment say is foreign text. */
struct shown {
	char text[TEXT_MAX + 1];
};

static struct shown
shown(const char *s)
{
	struct shown clean;
	struct buf b;

	buf_init(&b, clean.text, sizeof(clean.text));
	text_clean(&b, s, strlen(s));
	return clean;
}

/* A number of a user or a group, as sudo writes it; (uint32_t)-1 means "leave it" to system calls.
 */
static bool
parse_id(const char *s, uint32_t *id)
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
is_group_of(const struct passwd *pw, gid_t gid)
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
 * SUDO_UID, SUDO_GID and SUDO_USER must agree with one another and with the user
 * database; one that was made up or left over from elsewhere gives no identity.
 */
static bool
identity_of_sudo(struct identity *id, struct buf *err)
{
	const char *user = getenv("SUDO_USER");
	const struct passwd *pw;
	uint32_t uid, gid;

	if (!parse_id(getenv("SUDO_UID"), &uid) || !parse_id(getenv("SUDO_GID"), &gid)) {
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
	if (!is_group_of(pw, (gid_t)gid)) {
		buf_setf(err, "SUDO_GID=%lu is no group of %s; name the user to become with -Z",
		    (unsigned long)gid, shown(user).text);
		return false;
	}
	id->uid = (uid_t)uid;
	id->gid = (gid_t)gid;
	return true;
}

static bool
identity_of_name(const char *name, struct identity *id, struct buf *err)
{
	const struct passwd *pw = getpwnam(name);

	if (pw == NULL) {
		buf_setf(err, "-Z %s: there is no such user; try -Z nobody", shown(name).text);
		return false;
	}
	/* Also in a set-user-ID file: who runs it must not choose who to be. */
	if (getuid() != 0 && pw->pw_uid != getuid()) {
		buf_setf(err,
		    "-Z %s: only root can become another user; leave -Z out, "
		    "or run it with sudo",
		    shown(name).text);
		return false;
	}
	id->uid = pw->pw_uid;
	id->gid = pw->pw_gid;
	return true;
}

static bool
choose_identity(const struct privilege *p, struct identity *id, struct buf *err)
{
	*id = (struct identity){ .uid = getuid(), .gid = getgid() };
	if (p->user != NULL) {
		if (!identity_of_name(p->user, id, err))
			return false;
	} else if (getuid() == 0 && getenv("SUDO_UID") != NULL) {
		if (!identity_of_sudo(id, err))
			return false;
	}
	id->changes = geteuid() == 0 && id->uid != 0;
	return true;
}

#ifdef HAVE_LIBCAP_NG

const char *
privilege_means(void)
{
	return "libcap-ng";
}

static bool
give_up(const struct identity *id, const struct privilege *p)
{
	capng_select_t sets = CAPNG_SELECT_CAPS;
	capng_flags_t flags = CAPNG_DROP_SUPP_GRP;
	uint32_t kept = kept_by(p);

	if (capng_get_caps_process() != 0)
		return false;
	for (unsigned i = 0; i < 32; i++)
		if (!capng_have_capability(CAPNG_PERMITTED, i))
			kept &= ~(1u << i);
	/* The bounding set takes CAP_SETPCAP; where that is missing, no_new_privs does its work. */
	if (capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP)) {
		sets = CAPNG_SELECT_BOTH;
		flags |= CAPNG_CLEAR_BOUNDING;
	}
	capng_clear(CAPNG_SELECT_BOTH);
	for (unsigned i = 0; i < 32; i++)
		if (kept & 1u << i)
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, i);
	if (id->changes)
		return capng_change_id((int)id->uid, (int)id->gid, flags) == 0;
	return capng_apply(sets) == 0;
}

#else

const char *
privilege_means(void)
{
	return "setuid only";
}

/* The groups first: who is not root any more cannot change them. */
static bool
change_ids(const struct identity *id)
{
	return setgroups(0, NULL) == 0 && setgid(id->gid) == 0 && setuid(id->uid) == 0;
}

#endif

#ifdef __linux__

/* Version 3 has two words; those that may be kept are in the first. */
struct caps {
	struct __user_cap_data_struct word[2];
};

static bool
caps_call(long number, struct caps *caps)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(number, &header, caps->word) == 0;
}

#ifndef HAVE_LIBCAP_NG
/* A change from uid 0 has taken all capabilities away already: then this finds none to keep. */
static bool
give_up(const struct identity *id, const struct privilege *p)
{
	struct caps had, kept = { 0 };

	if (id->changes && !change_ids(id))
		return false;
	if (!caps_call(SYS_capget, &had))
		return false;
	kept.word[0].permitted = had.word[0].permitted & kept_by(p);
	kept.word[0].effective = kept.word[0].permitted;
	return caps_call(SYS_capset, &kept);
}
#endif

static bool
caps_are_gone(const struct privilege *p)
{
	const uint32_t kept = kept_by(p);
	struct caps c;

	if (!caps_call(SYS_capget, &c))
		return false;
	return ((c.word[0].effective | c.word[0].permitted) & ~kept) == 0 &&
	    (c.word[1].effective | c.word[1].permitted) == 0 &&
	    (c.word[0].inheritable | c.word[1].inheritable) == 0;
}

bool
privilege_sees_processes(void)
{
	const struct privilege p = { .processes = true };
	struct caps c;

	return caps_call(SYS_capget, &c) && (c.word[0].effective & kept_by(&p)) == kept_by(&p);
}

/* A kernel before 3.5 does not know of it; that is no reason not to run. */
static bool
forbid_new_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 || errno == EINVAL;
}

#else

static bool
give_up(const struct identity *id, const struct privilege *p)
{
	(void)p;
	return !id->changes || change_ids(id);
}

static bool
caps_are_gone(const struct privilege *p)
{
	(void)p;
	return true;
}

bool
privilege_sees_processes(void)
{
	return false;
}

static bool
forbid_new_privileges(void)
{
	return true;
}

#endif

/* Some systems count the effective group among the supplementary ones. */
static bool
groups_are_gone(gid_t gid)
{
	gid_t group;
	int n = getgroups(1, &group);

	return n == 0 || (n == 1 && group == gid);
}

/* Nothing is believed: a drop that can be taken back is none. */
static bool
ids_are_gone(const struct identity *id)
{
	if (id->changes &&
	    (getuid() != id->uid || geteuid() != id->uid || getgid() != id->gid ||
		getegid() != id->gid || !groups_are_gone(id->gid)))
		return false;
	if (id->changes && id->gid != 0 && setgid(0) == 0)
		return false;
	return id->uid == 0 || (setuid(0) != 0 && seteuid(0) != 0);
}

bool
privilege_drop(const struct privilege *p, struct buf *err)
{
	struct identity id;

	if (!choose_identity(p, &id, err))
		return false;
	if (!give_up(&id, p) || !forbid_new_privileges()) {
		buf_setf(err,
		    "cannot give up privileges for user %lu: %s; try another user with -Z",
		    (unsigned long)id.uid, strerror(errno));
		return false;
	}
	if (!ids_are_gone(&id) || !caps_are_gone(p)) {
		buf_setf(err,
		    "privileges could not be given up for good; "
		    "start it as an ordinary user with file capabilities");
		return false;
	}
	return true;
}
