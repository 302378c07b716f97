# One module each, without files, in milliseconds.
unit_tests = \
	%D%/test_addr %D%/test_async_writer %D%/test_baseline %D%/test_bpf %D%/test_bpf_gaps \
	%D%/test_burst %D%/test_canvas %D%/test_charts %D%/test_classify %D%/test_clipboard \
	%D%/test_collector %D%/test_columns %D%/test_complete %D%/test_config_file \
	%D%/test_contexts %D%/test_cost %D%/test_coverage %D%/test_crash_restore %D%/test_demo \
	%D%/test_detail %D%/test_dissect %D%/test_dns_table %D%/test_dpi %D%/test_duplicate %D%/test_events %D%/test_feed %D%/test_file_helper \
	%D%/test_fields %D%/test_filter %D%/test_filter_habits %D%/test_filter_job %D%/test_fit %D%/test_flood \
	%D%/test_flow_evict %D%/test_flow_log %D%/test_follow %D%/test_geoip %D%/test_graph \
	%D%/test_hello_reassembly %D%/test_heuristic %D%/test_host_errors %D%/test_interface_picker \
	%D%/test_influx %D%/test_ipfix %D%/test_json %D%/test_key %D%/test_ledger \
	%D%/test_link_topology %D%/test_list %D%/test_loop %D%/test_memory %D%/test_merge \
	%D%/test_mouse %D%/test_name_cache %D%/test_naming %D%/test_narrow %D%/test_own_session \
	%D%/test_packet_line %D%/test_packet_time %D%/test_pages %D%/test_pairs %D%/test_pane %D%/test_past \
	%D%/test_pcap_records %D%/test_pcap_writer %D%/test_pcapng %D%/test_pieces %D%/test_places \
	%D%/test_platform %D%/test_prefix_rollup %D%/test_process_owner %D%/test_processes \
	%D%/test_progress %D%/test_proto_tree %D%/test_protos %D%/test_rates \
	%D%/test_redraw_limit %D%/test_report %D%/test_report_output %D%/test_resolver %D%/test_row_rank \
	%D%/test_serve %D%/test_settings %D%/test_snapshot %D%/test_socket_helper %D%/test_source %D%/test_stamps \
	%D%/test_state %D%/test_stdout_stream %D%/test_table %D%/test_steps %D%/test_tcp_analysis \
	%D%/test_theme %D%/test_time_series %D%/test_traffic_columns %D%/test_tree %D%/test_trouble %D%/test_tunnels %D%/test_util \
	%D%/test_use %D%/test_value %D%/test_views %D%/test_zeek_conn
tests_libsupport_a_SOURCES += \
	%D%/counted.c %D%/counted.h %D%/dissected.h %D%/ledger.h %D%/matched.c %D%/matched.h \
	%D%/packets.c %D%/packets.h %D%/traffic.h

if UNIT_TESTS
check_PROGRAMS += $(unit_tests)
endif
