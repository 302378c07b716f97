libpkttop_a_SOURCES += \
	%D%/aliases.c %D%/batch.c \
	%D%/config_file.c %D%/config_save.c \
	%D%/dns_lookup.c %D%/dump.c \
	%D%/guess_local.c \
	%D%/headless.c \
	%D%/interface_picker.c %D%/interactive.c \
	%D%/loop.c \
	%D%/named_files.c \
	%D%/operands.c %D%/option_check.c %D%/option_http.c %D%/option_parse.c %D%/option_table.c %D%/options.c \
	%D%/places.c \
	%D%/privileges.c %D%/process_lookup.c %D%/progress.c \
	%D%/record_actions.c %D%/redraw_limit.c %D%/reset.c %D%/row_actions.c \
	%D%/setup.c %D%/signals.c \
	%D%/user_terminfo.c %D%/vendors.c
