#!/bin/sh
# Each layer includes only the layers below it.
set -u
cd "${srcdir:-.}" || exit 99
sources=$(find src include -name '*.[ch]' | LC_ALL=C sort)

# shellcheck disable=SC2086 # a list of files
awk '
BEGIN {
	may["util"] = "util"
	may["dissect"] = "dissect util"
	may["core"] = "core dissect util"
	may["view"] = "view core dissect util"
	may["control"] = "control view core dissect util"
	may["screen"] = "screen control view core dissect util"
	may["capture"] = "capture dissect/frame.h platform/child.h platform/file_ops.h util"
	may["ui"] = "ui screen control view util"
	may["export"] = "export platform/child.h platform/file_ops.h view core dissect util"
	may["ext"] = "ext core dissect util"
	may["platform"] = "platform core dissect/addr.h util"
	may["serve"] = "serve app/options.h feed capture export ext platform view core dissect util"
	may["feed"] = "feed app/options.h capture export ext platform view core dissect util"

	pure["util"] = pure["dissect"] = pure["core"] = 1
	pure["view"] = pure["control"] = pure["screen"] = 1
	outside = "^(pcap|sys/(socket|un|ioctl|epoll|select)\\.h|netinet/|arpa/|net/|netdb|poll\\.h" \
	    "|unistd\\.h|fcntl\\.h|termios\\.h|pthread\\.h)"
}

function complain(why) {
	print FILENAME ":" FNR ": " why
	bad = 1
}

function is_allowed(layer, file,    list, n, i) {
	n = split(may[layer], list, " ")
	for (i = 1; i <= n; i++)
		if (file == list[i] || index(file, list[i] "/") == 1)
			return 1
	return 0
}

FNR == 1 {
	split(FILENAME, part, "/")
	layer = part[2]
	if (!(layer in may))
		layer = ""
}

/^#[ \t]*include[ \t]+"/ && layer != "" {
	split($0, quoted, "\"")
	if (quoted[2] != "config.h" && !is_allowed(layer, quoted[2]))
		complain(layer " may not include " quoted[2] ", only " may[layer])
}

/^#[ \t]*include[ \t]+</ {
	file = $0
	sub(/^[^<]*</, "", file)
	sub(/>.*/, "", file)
	if (layer in pure && file ~ outside)
		complain(layer " is pure and may not include <" file ">")
	if (file ~ /^pcap/ && layer != "capture")
		complain("only capture may include <" file ">")
	if (file ~ /^seccomp/ && FILENAME != "src/ext/seccomp.c")
		complain("only src/ext/seccomp.c may include <" file ">")
	if (file ~ /^sqlite3/ && FILENAME != "src/ext/sqlite.c")
		complain("only src/ext/sqlite.c may include <" file ">")
	if (file ~ /^microhttpd/ && FILENAME != "src/ext/http_server.c")
		complain("only src/ext/http_server.c may include <" file ">")
	if (file ~ /^openssl/ && FILENAME != "src/ext/crypto.c")
		complain("only src/ext/crypto.c may include <" file ">")
	if (file ~ /^n?curses/) {
		if (layer != "ui")
			complain("only ui may include <" file ">")
		if (curses != "" && curses != FILENAME)
			complain("curses is included by " curses " already")
		curses = FILENAME
	}
}

# Only the loop and the sources read the clock; the pure layers get the time as data.
layer in pure && /[^a-z_](clock_gettime|gettimeofday|time)[ ]*\(/ {
	complain(layer " is pure and may not ask the clock")
}

END {
	if (NR == 0)
		complain("nothing was looked at")
	exit bad
}
' $sources
