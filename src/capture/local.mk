libpkttop_a_SOURCES += \
	%D%/byte_stream.c %D%/devices.c %D%/erf_reader.c %D%/file.c %D%/filter.c \
	%D%/filter_job.c %D%/format.c %D%/host_order.c %D%/link_filter.c %D%/linktype.c \
	%D%/live.c %D%/merge.c %D%/pcap_reader.c %D%/pcap_records.c %D%/pcap_stream.c \
	%D%/pcapng_interfaces.c %D%/pcapng_reader.c %D%/reader.c %D%/replay_clock.c \
	%D%/snoop_reader.c %D%/source.c %D%/stamps.c %D%/unpack.c %D%/demo/app.c \
	%D%/demo/datagram.c %D%/demo/demo.c %D%/demo/kinds.c %D%/demo/lan.c %D%/demo/place.c \
	%D%/demo/random.c %D%/demo/session.c %D%/demo/source.c %D%/demo/tcp.c %D%/demo/wire.c
