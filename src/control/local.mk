libpure_a_SOURCES += \
	%D%/cmd_capture.c %D%/cmd_columns.c %D%/cmd_display.c %D%/cmd_filter.c %D%/cmd_program.c \
	%D%/cmd_tree.c %D%/cmd_view.c %D%/command.c %D%/command_args.c %D%/command_list.c \
	%D%/completion.c %D%/detail.c %D%/drilldown.c %D%/follow.c %D%/history.c %D%/input.c \
	%D%/key_bindings.c %D%/keymap.c %D%/layout.c %D%/menu.c %D%/mouse.c %D%/prompt.c \
	%D%/prompt_line.c %D%/refresh.c %D%/settings.c %D%/state.c %D%/table_layout.c \
	%D%/theme.c %D%/tree.c
