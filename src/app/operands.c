/* The words after the options: capture files and the capture filter. */
#include "config.h"

#include "app/options.h"

#include <string.h>
#include <sys/stat.h>

#include "capture/source.h"

static bool
operand_looks_like_path(const char *word)
{
	return strpbrk(word, "./") != NULL;
}

static bool
operand_is_file(const char *word)
{
	struct stat st;

	return stat(word, &st) == 0 && S_ISREG(st.st_mode);
}

/* Next to a capture every existing file is an input, even if it is empty or damaged; the error
 * appears when it is opened. A single word must be a capture to be an input. */
static bool
operand_is_meant_as_capture(const char *word, bool beside_captures)
{
	return file_is_capture(word) ||
	    (beside_captures && operand_looks_like_path(word) && !capture_is_filter_word(word) &&
		operand_is_file(word));
}

static bool
operand_any_is_capture(char *const *word, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (file_is_capture(word[i]))
			return true;
	return false;
}

static unsigned
operand_count_files(char *const *word, unsigned n, bool beside_captures)
{
	unsigned files = 0;

	for (unsigned i = 0; i < n; i++)
		files += operand_is_meant_as_capture(word[i], beside_captures);
	return files;
}

/* Next to words that are not files, it may also be a host name. */
static bool
operand_is_ambiguous(const char *word, bool beside_others)
{
	return capture_is_filter_word(word) || (beside_others && !operand_looks_like_path(word));
}

static bool
operand_add_file(struct options *o, const char *word, bool beside_others, struct buf *err)
{
	if (operand_is_ambiguous(word, beside_others)) {
		buf_setf(err,
		    "%s: both a capture file and a capture filter; use -r %s for the file or -f %s "
		    "for the filter",
		    word, word, word);
		return false;
	}
	options_add_file(o, word);
	return true;
}

/* A word that cannot start a filter is a typing error or an interface. */
static bool
operand_refuse_name(const char *word, struct buf *err)
{
	if (devices_has(word))
		buf_setf(err,
		    "%s: neither a capture file nor a capture filter; -i %s captures on it", word,
		    word);
	else
		buf_setf(err,
		    "%.*s: neither a capture file nor a word of a capture filter, see "
		    "pcap-filter(7)",
		    (int)strcspn(word, " "), word);
	return false;
}

static bool
operand_refuse_file(const char *word, const struct stat *st, struct buf *err)
{
	buf_setf(err,
	    S_ISDIR(st->st_mode) ? "%s: a directory; -r %s reads the capture files in it"
				 : "%s: not a capture file, and not a word of a capture filter",
	    word, word);
	return false;
}

static bool
operand_add_filter(struct options *o, const char *word, struct buf *err)
{
	bool first = o->filter[0] == '\0' && o->filter_file == NULL;
	bool name = first && capture_begins_with_name(word);
	struct stat st;

	if ((name || (operand_looks_like_path(word) && !capture_is_filter_word(word))) &&
	    stat(word, &st) == 0)
		return operand_refuse_file(word, &st, err);
	return name ? operand_refuse_name(word, err) : option_add_filter(o, word, err);
}

bool
options_take_operands(struct options *o, char *const *word, unsigned n, struct buf *err)
{
	bool beside_captures = o->n_files > 0 || operand_any_is_capture(word, n);
	bool beside_others = operand_count_files(word, n, beside_captures) < n;

	for (unsigned i = 0; i < n; i++)
		if (operand_is_meant_as_capture(word[i], beside_captures)
			? !operand_add_file(o, word[i], beside_others, err)
			: !operand_add_filter(o, word[i], err))
			return false;
	return true;
}
