/*
 * Refused logins, as servers say it: FTP (RFC 959), SMTP (RFC 4954), POP (RFC 1939), IMAP
 * (RFC 3501), SMB and SMB 2 ([MS-SMB2], 2.2.1).
 */
#include "config.h"

#include "dissect/private.h"
#include "util/attr.h"

#define SMB_HEADER      4 /* of the NetBIOS session service */
#define SMB1_STATUS     5 /* where the status is in the header that follows */
#define SMB2_STATUS     8
#define LOGON_FAILURE   0x6d0000c0 /* STATUS_LOGON_FAILURE, 0xc000006d in little endian */
#define ACCOUNT_LOCKED  0x340200c0
#define LOGIN_LINE_MOST 200

/* The first row that matches decides.  "530 5.7.0" is of SMTP, before any login. */
static const struct {
	const char *begins;   /* "": any */
	const char *contains; /* NULL: nothing else is needed */
	bool refuses;
} refusals[] = {
	{ "530 5.", NULL, false },
	{ "530 Please login", NULL, false },
	{ "530 ", NULL, true },
	{ "430 ", NULL, true },
	{ "535 ", NULL, true },
	{ "535-", NULL, true },
	{ "-ERR", "uthenti", true },
	{ "-ERR", "AUTH", true },
	{ "-ERR", "assword", true },
	{ "-ERR", "ogin", true },
	{ "", " NO [AUTHENTICATIONFAILED]", true },
	{ "", " NO Login", true },
	{ "", " NO LOGIN", true },
	{ "", " NO login", true },
	{ "", " NO Authentication", true },
	{ "", " NO authentication", true },
	{ "", " NO Invalid", true },
};

static bool
login_has_text(const uint8_t *line, size_t n, const char *text)
{
	return text == NULL || memmem(line, n, text, strlen(text)) != NULL;
}

static bool
login_is_refusal(const uint8_t *line, size_t n)
{
	for (unsigned i = 0; i < NITEMS(refusals); i++) {
		size_t head = strlen(refusals[i].begins);

		if (n >= head && memcmp(line, refusals[i].begins, head) == 0 &&
		    login_has_text(line, n, refusals[i].contains))
			return refusals[i].refuses;
	}
	return false;
}

struct next
login_dissect(struct cursor *c, struct pkt *p)
{
	size_t n = cur_captured(c) < LOGIN_LINE_MOST ? cur_captured(c) : LOGIN_LINE_MOST;
	struct pkt_meta *s = pkt_get_meta(p);

	if (s != NULL && n > 4 && login_is_refusal(c->p, n))
		pkt_meta_set_login_failed(s);
	return NEXT_END;
}

struct next
smb_dissect(struct cursor *c, struct pkt *p)
{
	const uint8_t *h = cur_peek(c, SMB_HEADER + SMB2_STATUS + 4);
	struct pkt_meta *s = pkt_get_meta(p);
	uint32_t status;

	if (s == NULL || h == NULL || memcmp(h + SMB_HEADER + 1, "SMB", 3) != 0)
		return NEXT_END;
	status = be32(h + SMB_HEADER + (h[SMB_HEADER] == 0xff ? SMB1_STATUS : SMB2_STATUS));
	if (status == LOGON_FAILURE || status == ACCOUNT_LOCKED)
		pkt_meta_set_login_failed(s);
	return NEXT_END;
}
