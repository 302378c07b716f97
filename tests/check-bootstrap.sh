#!/bin/sh
# The messages of ./bootstrap, and the libraries that it installs and skips, with stub commands:
# nothing is really installed or built.
set -u
source=${srcdir:-.}/bootstrap
[ -f "$source" ] || { echo "skipped: $source is not there"; exit 77; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-bootstrap.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
trap 'exit 99' HUP INT TERM
mkdir "$folder/tree" "$folder/tools" || exit 99
cp "$source" "$folder/tree/bootstrap"
: >"$folder/tree/Makefile.in"
: >"$folder/tree/config.h.in"
failed=0

stand_in() { # stand_in NAME < what it does
	{ echo '#!/bin/sh'; cat; } >"$folder/tools/$1"
	chmod +x "$folder/tools/$1"
}

# A file lists the installed libraries, of any version; installing adds those of the test case.
stand_in pkg-config <<-END
	shift
	for name; do grep -qx "\${name%% *}" "$folder/installed" || exit 1; done
END
stand_in apt-get <<-END
	echo "\$*" >>"$folder/log"
	case \$* in *install*) cat "$folder/offered" >>"$folder/installed" ;; esac
	exit \$(cat "$folder/answer")
END
stand_in env <<-END
	shift
	exec "\$@"
END
stand_in sudo <<-END
	[ "\$1" != -n ] || shift
	exec "\$@"
END
stand_in uname <<-END
	echo Linux
END
for name in cc make autoreconf automake; do
	stand_in $name </dev/null
done
{ echo '#!/bin/sh'; echo "echo \"configure \$*\" >>'$folder/log'"; echo ': >Makefile'; } >"$folder/tree/configure"
chmod +x "$folder/tree/configure"

required='ncursesw libpcap libbsd-overlay'
options='cairo-png libcrypto libmicrohttpd libcares libmaxminddb libcurl zlib sqlite3 libndpi libcap-ng libseccomp'

# The result of a run with these libraries, if installing changes them to those.
run() { # run INSTALLED OFFERED ANSWER ARGUMENT...
	echo "$1" | tr ' ' '\n' >"$folder/installed"
	echo "$2" | tr ' ' '\n' >"$folder/offered"
	echo "$3" >"$folder/answer"
	: >"$folder/log"
	shift 3
	PATH=$folder/tools:$PATH sh "$folder/tree/bootstrap" "$@" >"$folder/out" 2>&1 </dev/null
	status=$?
}

expect() { # expect WHAT PATTERN FILE
	grep -qE -e "$2" "$folder/$3" && return
	echo "$1: no \"$2\" in the $3:"
	sed 's/^/	/' "$folder/out" "$folder/log"
	failed=1
}

expect_not() {
	grep -qE -e "$2" "$folder/$3" || return
	echo "$1: \"$2\" in the $3:"
	sed 's/^/	/' "$folder/out" "$folder/log"
	failed=1
}

run "$required $options" "" 0 build
[ $status -eq 0 ] || { echo "all is there: exit status $status"; cat "$folder/out"; failed=1; }
expect_not "all is there" install log
expect_not "all is there" "left out" out

run "$required" "$options" 0 build
expect "options are missing" 'install .*libc-ares-dev' log
expect_not "options are missing" 'install .*libncurses-dev' log
expect_not "options are missing" "left out" out

run "" "$required $options" 0 build
expect "all is missing" 'install .*libncurses-dev' log

run "$required libcrypto" "" 100 build
[ $status -eq 0 ] || { echo "options cannot be had: exit status $status"; failed=1; }
expect "options cannot be had" 'left out: cairo .*, c-ares .*, libsqlite3 .*, libcap-ng .*, libseccomp ' out
expect_not "options cannot be had" 'left out: .*libcrypto' out
expect "options cannot be had" 'built:' out

run "$required" "$options" 0 --minimal build
expect_not "minimal" install log
expect_not "minimal" "left out" out
expect "minimal" 'configure .*--with-cairo=no .*--with-cap-ng=no' log

# After a library was installed, configure is run again and finds it.
run "$required" "" 1 build
run "$required" "" 1 build
expect_not "nothing has changed" '^configure' log
run "$required $options" "" 0 build
expect "libraries came later" '^configure' log
exit $failed
