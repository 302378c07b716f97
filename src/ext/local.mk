libpkttop_a_SOURCES += \
	%D%/crypto.c %D%/dpi.c %D%/geoip.c %D%/gzip.c %D%/http_client.c %D%/http_server.c %D%/password.c \
	%D%/record_rows.c %D%/resolver.c %D%/seccomp.c %D%/sqlite.c
