libpkttop_a_SOURCES += \
	%D%/access.c \
	%D%/body.c \
	%D%/captures.c \
	%D%/exchange.c %D%/exports.c \
	%D%/held.c \
	%D%/job.c \
	%D%/metrics.c \
	%D%/openapi.c \
	%D%/page.c %D%/password_check.c %D%/push.c \
	%D%/reports.c %D%/route.c %D%/routes.c \
	%D%/secrets.c %D%/series.c %D%/server.c %D%/snapshots.c %D%/steps.c %D%/stored.c %D%/streams.c
