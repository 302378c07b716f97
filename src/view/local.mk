libpure_a_SOURCES += \
	%D%/bpf.c %D%/bpf_exact.c \
	%D%/column_layout.c %D%/column_needs.c %D%/column_prefs.c %D%/columns.c \
	%D%/filter.c %D%/filter_condition.c %D%/filter_form.c %D%/filter_lex.c %D%/filter_subject.c %D%/filter_term.c %D%/filter_value.c %D%/flow_problem.c \
	%D%/graph_data.c \
	%D%/history_maker.c %D%/history_picture.c %D%/history_rows.c %D%/history_store.c \
	%D%/own_session.c \
	%D%/panel_data.c \
	%D%/row_filter.c %D%/row_list.c %D%/row_order.c %D%/row_rank.c \
	%D%/scope.c %D%/summary.c \
	%D%/tcpdump_command.c %D%/traffic_columns.c %D%/trouble.c \
	%D%/v_dns.c %D%/v_events.c %D%/v_flows.c %D%/v_health.c %D%/v_networks.c %D%/v_packets.c %D%/v_pairs.c %D%/v_places.c \
	%D%/v_ports.c %D%/v_processes.c %D%/v_protocols.c %D%/v_sizes.c %D%/v_sources.c %D%/v_talkers.c \
	%D%/v_traffic.c %D%/v_use.c \
	%D%/value.c %D%/view.c %D%/views.c
