"""Bytes that a capture added to the frames of the link. They do not count: see LINK TYPES in the
manual."""

# Per frame, by tshark's name of the link, or by the capture.
PER_FRAME = {
    "linux-sll": 16 - 14, "linux-sll2": 20 - 14, "null": 4, "ipnet": 24,
    "80211http.pcap": 36, "arp-who-has-radiotap.pcap": 48, "LINKTYPE_PKTAP.pcap": 108,
    "nflog.pcap": 104,
    # of interfaces without their own header
    "KakaoTalk_chat.pcap": 16, "KakaoTalk_talk.pcap": 16, "tcp-handshake-nano.pcap": 16,
}
# For all frames together, if it is not the same for each.
IN_ALL = {"nflog-http.pcap": 836, "http_PPI.pcap": 264}


def per_frame(name, encapsulation=None):
    return PER_FRAME.get(name, PER_FRAME.get(encapsulation, 0))


def in_all(name, oracle):
    each = per_frame(name, oracle["capinfos"].get("encapsulation"))
    return IN_ALL.get(name, oracle["packets"] * each)
