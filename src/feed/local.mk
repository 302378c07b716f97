libpkttop_a_SOURCES += \
	%D%/any_device.c \
	%D%/capture_loss.c %D%/capture_record.c \
	%D%/event_sinks.c \
	%D%/feed.c %D%/feed_counts.c %D%/feed_files.c %D%/feed_filter.c %D%/feed_live.c %D%/feed_source.c \
	%D%/feed_sources.c %D%/feed_stream.c %D%/stream_counts.c %D%/feed_time.c \
	%D%/flow_apps.c %D%/flow_export.c %D%/flow_owners.c %D%/influx.c %D%/influx_url.c \
	%D%/link_topology.c \
	%D%/moments.c %D%/record_pictures.c %D%/record_process.c %D%/record_report.c %D%/record_time.c %D%/recording.c
