libpure_a_SOURCES += \
	%D%/addr.c %D%/arphrd.c %D%/bpf_gaps.c %D%/bridge.c %D%/capture_card.c %D%/capwap.c \
	%D%/classify.c %D%/classify_binary.c %D%/classify_text.c %D%/context.c %D%/cursor.c \
	%D%/dissect.c %D%/dns.c %D%/eth.c %D%/gre.c %D%/hello_reassembly.c %D%/heuristic.c \
	%D%/hpack.c %D%/http.c %D%/http2.c %D%/icmp.c %D%/ip4.c %D%/ip6.c %D%/ip_encap.c \
	%D%/lan.c %D%/link.c %D%/llc.c %D%/login.c %D%/mpls.c %D%/nbns.c %D%/next_proto.c %D%/pflog.c \
	%D%/pkt_meta.c %D%/ppp.c %D%/proxy.c %D%/quic.c %D%/rtp.c %D%/services.c %D%/sll.c \
	%D%/tls_sni.c %D%/transport.c %D%/udp_tunnels.c %D%/wlan.c
