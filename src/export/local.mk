libpkttop_a_SOURCES += \
	%D%/async_writer.c %D%/async_writer_child.c \
	%D%/chart.c %D%/charts.c %D%/collector.c %D%/csv.c \
	%D%/decimal.c %D%/draw.c %D%/draw_png.c %D%/draw_svg.c \
	%D%/event_record.c %D%/fields.c \
	%D%/flow_log.c %D%/flow_portions.c %D%/flow_record.c %D%/flow_walk.c \
	%D%/influx_lines.c %D%/influx_queue.c %D%/ipfix.c \
	%D%/json.c \
	%D%/packet_line.c %D%/pcap_writer.c \
	%D%/report.c %D%/report_csv.c %D%/report_facts.c %D%/report_json.c \
	%D%/report_json_rows.c %D%/report_output.c %D%/report_table.c %D%/report_text.c %D%/rotating_file.c \
	%D%/safe_dir.c %D%/snapshot.c %D%/snapshot_dir.c %D%/snapshot_files.c %D%/spread.c \
	%D%/stdout_stream.c \
	%D%/zeek_conn.c
