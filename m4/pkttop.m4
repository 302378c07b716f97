# Macros of the project's own.

# PKTTOP_TRY_COMPILE(FLAG, IF-TAKEN), PKTTOP_TRY_LINK(FLAG, IF-TAKEN)
#
# Warnings are errors here: clang only warns of a flag that it does not know, or
# that does nothing.
AC_DEFUN([PKTTOP_TRY_COMPILE], [
	AC_MSG_CHECKING([whether $CC takes $1])
	pkttop_saved=$CFLAGS
	CFLAGS="$CFLAGS -Werror $1"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("")]])],
	    [AC_MSG_RESULT([yes])
	    pkttop_taken=yes],
	    [AC_MSG_RESULT([no])
	    pkttop_taken=no])
	CFLAGS=$pkttop_saved
	AS_IF([test $pkttop_taken = yes], [$2])
])

AC_DEFUN([PKTTOP_TRY_LINK], [
	AC_MSG_CHECKING([whether $CC links with $1])
	pkttop_saved=$CFLAGS
	CFLAGS="$CFLAGS -fPIE $1"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]], [[puts("")]])],
	    [AC_MSG_RESULT([yes])
	    pkttop_taken=yes],
	    [AC_MSG_RESULT([no])
	    pkttop_taken=no])
	CFLAGS=$pkttop_saved
	AS_IF([test $pkttop_taken = yes], [$2])
])

# PKTTOP_CFLAGS(VARIABLE, FLAGS): adds those that the compiler takes.
AC_DEFUN([PKTTOP_CFLAGS], [
	for pkttop_flag in m4_normalize([$2]); do
		PKTTOP_TRY_COMPILE([$pkttop_flag], [$1="[$]$1 $pkttop_flag"])
	done
	AC_SUBST([$1])
])

# PKTTOP_LINK_FLAGS(VARIABLE, FLAGS): adds those that programs can be linked with.
AC_DEFUN([PKTTOP_LINK_FLAGS], [
	for pkttop_flag in m4_normalize([$2]); do
		PKTTOP_TRY_LINK([$pkttop_flag], [$1="[$]$1 $pkttop_flag"])
	done
	AC_SUBST([$1])
])

# PKTTOP_FORTIFY(VARIABLE): the highest level that the C library has; none without optimisation.
AC_DEFUN([PKTTOP_FORTIFY], [
	pkttop_fortify=
	for pkttop_level in 2 3; do
		PKTTOP_TRY_COMPILE([-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$pkttop_level],
		    [pkttop_fortify="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$pkttop_level"])
	done
	$1="[$]$1 $pkttop_fortify"
])

# PKTTOP_WITH(NAME, PREFIX, PKG-CONFIG MODULE, WHAT FOR)
#
# --with-NAME=yes fails where the library is missing, auto (the default) goes
# without, no does not look.  Defines HAVE_PREFIX, substitutes PREFIX_CFLAGS and
# PREFIX_LIBS; with_NAME says at the end whether it is used.
AC_DEFUN([PKTTOP_WITH], [
	AC_ARG_WITH([$1],
	    [AS_HELP_STRING([--with-$1=yes|no|auto], [$4 ($3)])],
	    [], [AS_VAR_SET([with_[]m4_translit([$1], [-], [_])], [auto])])
	AS_VAR_COPY([pkttop_with], [with_[]m4_translit([$1], [-], [_])])
	AS_CASE([$pkttop_with], [yes|no|auto], [],
	    [AC_MSG_ERROR([--with-$1=$pkttop_with: yes, no or auto is wanted])])
	AS_IF([test "$pkttop_with" != no], [
		PKG_CHECK_MODULES([$2], [$3], [
			pkttop_found=yes
			AC_DEFINE([HAVE_$2], [1], [Whether $3 is used.])
		], [
			AS_IF([test "$pkttop_with" = yes],
			    [AC_MSG_ERROR([--with-$1: $3 is not installed])])
			pkttop_found=no
		])
	], [pkttop_found=no])
	AS_VAR_SET([with_[]m4_translit([$1], [-], [_])], [$pkttop_found])
])

# PKTTOP_ROW(WHAT, VALUE): a line of the summary.
AC_DEFUN([PKTTOP_ROW], [
	pkttop_row=`printf '%-20s %s' "$1" "$2" | tr -d '\\\\"%'`
	pkttop_summary="$pkttop_summary$pkttop_row\\n"
])

# PKTTOP_OPTION_ROW(LIBRARY, FOUND, WHAT FOR): the same for an optional one.
AC_DEFUN([PKTTOP_OPTION_ROW], [
	AS_IF([test "$2" = yes], [PKTTOP_ROW([$1], [yes])],
	    [PKTTOP_ROW([$1], [no: lacks $3])])
])
