#include "config.h"

#include "platform/privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdint.h>
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

#ifdef __linux__
static const struct {
	unsigned number;
	unsigned need; /* enum privilege_need */
} keepable[] = {
	{ CAP_NET_RAW, PRIVILEGE_CAPTURE },
	{ CAP_SYS_PTRACE, PRIVILEGE_PROCESSES },
	{ CAP_DAC_READ_SEARCH, PRIVILEGE_PROCESSES | PRIVILEGE_FILES },
	{ CAP_DAC_OVERRIDE, PRIVILEGE_FILES },
	{ CAP_SYS_ADMIN, PRIVILEGE_NAMESPACES },
};

/* All are below 32. */
static uint32_t
privilege_kept_caps(unsigned needs)
{
	uint32_t kept = 0;

	for (unsigned i = 0; i < NITEMS(keepable); i++)
		if (keepable[i].need & needs)
			kept |= 1u << keepable[i].number;
	return kept;
}
#endif

/* Groups first: they cannot be changed after the user ID. */
static bool ATTR_UNUSED
privilege_change_ids(const struct identity *id)
{
	return setgroups(0, NULL) == 0 && setgid(id->gid) == 0 && setuid(id->uid) == 0;
}

#ifdef HAVE_LIBCAP_NG

const char *
privilege_means(void)
{
	return "libcap-ng";
}

static bool
privilege_drop_caps(const struct identity *id, unsigned needs)
{
	capng_select_t sets = CAPNG_SELECT_CAPS;
	capng_flags_t flags = CAPNG_DROP_SUPP_GRP;
	uint32_t kept = privilege_kept_caps(needs);

	if (capng_get_caps_process() != 0)
		return false;
	for (unsigned i = 0; i < 32; i++)
		if (!capng_have_capability(CAPNG_PERMITTED, i))
			kept &= ~(1u << i);
	/* Changing the bounding set needs CAP_SETPCAP; without it no_new_privs has the same
	 * effect. */
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
	return "system calls";
}

#endif

#ifdef __linux__

/* Version 3 has two words; the capabilities to keep are in the first. */
struct caps {
	struct __user_cap_data_struct word[2];
};

static bool
privilege_caps_call(long number, struct caps *caps)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(number, &header, caps->word) == 0;
}

#ifndef HAVE_LIBCAP_NG
/* Best effort: with no_new_privs the bounding set has no effect. */
static void
privilege_clear_bounding_set(void)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
}

/* Without PR_SET_KEEPCAPS a change from uid 0 would clear all capabilities. */
static bool
privilege_drop_caps(const struct identity *id, unsigned needs)
{
	struct caps had, kept = { 0 };

	privilege_clear_bounding_set();
	if (id->changes && (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || !privilege_change_ids(id)))
		return false;
	if (!privilege_caps_call(SYS_capget, &had))
		return false;
	kept.word[0].permitted = had.word[0].permitted & privilege_kept_caps(needs);
	kept.word[0].effective = kept.word[0].permitted;
	return privilege_caps_call(SYS_capset, &kept);
}
#endif

static bool
privilege_caps_are_gone(unsigned needs)
{
	const uint32_t kept = privilege_kept_caps(needs);
	struct caps c;

	if (!privilege_caps_call(SYS_capget, &c))
		return false;
	return ((c.word[0].effective | c.word[0].permitted) & ~kept) == 0 &&
	    (c.word[1].effective | c.word[1].permitted) == 0 &&
	    (c.word[0].inheritable | c.word[1].inheritable) == 0;
}

bool
privilege_has(unsigned needs)
{
	const uint32_t all = privilege_kept_caps(needs);
	struct caps c;

	return privilege_caps_call(SYS_capget, &c) && (c.word[0].effective & all) == all;
}

/* Kernels before 3.5 do not support it; pkttop still runs. */
static bool
privilege_set_no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 || errno == EINVAL;
}

#else

static bool
privilege_drop_caps(const struct identity *id, unsigned needs)
{
	(void)needs;
	return !id->changes || privilege_change_ids(id);
}

static bool
privilege_caps_are_gone(unsigned needs)
{
	(void)needs;
	return true;
}

bool
privilege_has(unsigned needs)
{
	(void)needs;
	return false;
}

static bool
privilege_set_no_new_privs(void)
{
	return true;
}

#endif

/* Some systems include the effective group in the supplementary ones. */
static bool
privilege_groups_are_gone(gid_t gid)
{
	gid_t group;
	int n = getgroups(1, &group);

	return n == 0 || (n == 1 && group == gid);
}

/* Verifies that the drop cannot be reversed. */
static bool
privilege_ids_are_gone(const struct identity *id)
{
	if (id->changes &&
	    (getuid() != id->uid || geteuid() != id->uid || getgid() != id->gid ||
		getegid() != id->gid || !privilege_groups_are_gone(id->gid)))
		return false;
	if (id->changes && id->gid != 0 && setgid(0) == 0)
		return false;
	return id->uid == 0 || (setuid(0) != 0 && seteuid(0) != 0);
}

bool
privilege_drop(const struct identity *id, unsigned needs, struct buf *err)
{
	if (!privilege_drop_caps(id, needs) || !privilege_set_no_new_privs()) {
		buf_setf(err, "cannot drop privileges to user %lu: %s; try another user with -Z",
		    (unsigned long)id->uid, strerror(errno));
		return false;
	}
	if (!privilege_ids_are_gone(id) || !privilege_caps_are_gone(needs)) {
		buf_setf(err,
		    "cannot drop privileges permanently; run as an ordinary user with file "
		    "capabilities");
		return false;
	}
	return true;
}

void
privilege_drop_all(void)
{
#ifdef __linux__
	struct caps none = { 0 };

	(void)privilege_caps_call(SYS_capset, &none);
#endif
}
