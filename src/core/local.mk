libpure_a_SOURCES += \
	%D%/baseline.c %D%/batch_sums.c %D%/burst.c \
	%D%/context_table.c %D%/coverage.c \
	%D%/detect.c %D%/detect_dns.c %D%/detect_flood.c %D%/detect_health.c %D%/detect_hosts.c %D%/detect_lan.c \
	%D%/detect_login.c %D%/detect_note.c %D%/detect_scan.c %D%/dns_table.c %D%/duplicate.c \
	%D%/event.c \
	%D%/flow.c %D%/flow_evict.c %D%/flow_found.c %D%/flow_owner.c %D%/flow_table.c %D%/flow_wait.c %D%/flow_watch.c %D%/fragment.c \
	%D%/host.c %D%/host_errors.c \
	%D%/interval.c \
	%D%/ledger.c %D%/ledger_baseline.c %D%/ledger_count.c %D%/ledger_fold.c %D%/ledger_tables.c \
	%D%/meter.c %D%/mistaken.c \
	%D%/name_cache.c %D%/network.c \
	%D%/own_session.c \
	%D%/packet_log.c %D%/packet_time.c %D%/pair.c %D%/place_table.c %D%/port.c %D%/prefix_rollup.c %D%/process.c %D%/proto_tree.c \
	%D%/size_histogram.c \
	%D%/tcp_analysis.c %D%/tcp_retransmission.c %D%/tcp_rtt.c %D%/tcp_stats.c \
	%D%/time_series.c %D%/tracker.c %D%/traffic_class.c %D%/use.c %D%/use_table.c \
	%D%/wait_histogram.c
