libpkttop_a_SOURCES += \
	%D%/crypto.c \
	%D%/geoip.c \
	%D%/resolver.c \
	%D%/seccomp.c
