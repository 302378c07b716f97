"""Frames for captures made in tests, and conversations of them."""

import random
import socket
import struct

START = 1700000000
SYN, FIN, RST, PSH, ACK, URG = 2, 1, 4, 8, 16, 32


# Packets.

def is_ip6(address):
    return ":" in address


def packed(address):
    return socket.inet_pton(socket.AF_INET6 if is_ip6(address) else socket.AF_INET, address)


def mac(address):
    """One for each address."""
    return b"\x02\x00" + packed(address)[-4:]


def ether(source, target, kind, payload):
    return (target + source + struct.pack(">H", kind) + payload).ljust(60, b"\0")


IP_IDS = iter(range(1 << 40))


def ip(a, b, proto, payload):
    if is_ip6(a):
        header = struct.pack(">IHBB", 6 << 28, len(payload), proto, 64) + packed(a) + packed(b)
        return ether(mac(a), mac(b), 0x86dd, header + payload)
    header = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), next(IP_IDS) & 0xffff, 0, 64,
                         proto, 0)
    return ether(mac(a), mac(b), 0x0800, header + packed(a) + packed(b) + payload)


def udp(a, a_port, b, b_port, payload=b""):
    return ip(a, b, 17, struct.pack(">HHHH", a_port, b_port, 8 + len(payload), 0) + payload)


def tcp(a, a_port, b, b_port, flags, seq=0, ack=0, payload=b"", window=64000):
    header = struct.pack(">HHIIBBHHH", a_port, b_port, seq & 0xffffffff, ack & 0xffffffff, 5 << 4,
                         flags, window, 0, 0)
    return ip(a, b, 6, header + payload)


def unreachable(quoted):
    """The ICMP error of an IPv4 frame's receiver: port unreachable."""
    a, b = (socket.inet_ntop(socket.AF_INET, quoted[at:at + 4]) for at in (26, 30))
    return ip(b, a, 1, struct.pack(">BBHI", 3, 3, 0, 0) + quoted[14:42])


def ping(a, b, n, reply=False):
    kinds = (128, 129) if is_ip6(a) else (8, 0)
    return ip(a, b, 58 if is_ip6(a) else 1, struct.pack(">BBHHH", kinds[reply], 0, 0, 1, n) + b"x" * 40)


def arp(op, sender_mac, sender, target, to=b"\xff" * 6):
    body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, op)
    body += sender_mac + packed(sender) + b"\0" * 6 + packed(target)
    return ether(sender_mac, to, 0x0806, body)


def name_bytes(name):
    return b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0"


def dns(number, name, kind=1, rcode=None, answers=()):
    """A question, or with an rcode an answer."""
    flags = 0x0100 if rcode is None else 0x8180 | rcode
    body = struct.pack(">HHHHHH", number & 0xffff, flags, 1, len(answers), 0, 0)
    body += name_bytes(name) + struct.pack(">HH", kind, 1)
    for answer in answers:
        body += struct.pack(">HHHIH", 0xc00c, kind, 1, 60, len(answer)) + answer
    return body


class Capture:
    """Frames with times in seconds."""

    def __init__(self, seed=1):
        self.frames = []
        self.random = random.Random(seed)
        self.port = 20000

    def add(self, t, frame):
        self.frames.append((t, frame))

    def next_port(self):
        self.port = self.port + 1 if self.port < 60000 else 20000
        return self.port

    def talk(self, t, a, b, port, says=(), end="fin", rtt=0.002, a_port=None):
        """A TCP connection.  says: (who, bytes), in turn.  Returns when it ends."""
        a_port = a_port or self.next_port()
        ends = ((a, a_port, b, port), (b, port, a, a_port))
        seq = [self.random.getrandbits(32), self.random.getrandbits(32)]

        def send(who, flags, payload=b""):
            nonlocal t
            t += rtt / 2
            self.add(t, tcp(*ends[who], flags, seq[who], seq[1 - who] if flags & ACK else 0, payload))
            seq[who] += len(payload) + bool(flags & (SYN | FIN))

        send(0, SYN)
        if end == "silent":
            return t
        if end == "refused":
            send(1, RST | ACK)
            return t
        send(1, SYN | ACK)
        if end == "half":
            send(0, RST)
            return t
        send(0, ACK)
        for who, payload in says:
            payload = payload if isinstance(payload, bytes) else b"\x80" * payload
            for at in range(0, len(payload), 1400):
                send(who, PSH | ACK, payload[at:at + 1400])
            send(1 - who, ACK)
        if end == "open":
            return t
        if end == "rst":
            send(0, RST | ACK)
            return t
        send(0, FIN | ACK)
        send(1, FIN | ACK)
        send(0, ACK)
        return t

    def ask(self, t, client, server, name, rcode=0, kind=1, answers=(b"\xc6\x33\x64\x01",), after=0.01):
        """A DNS question, and its answer unless `after` is None."""
        port, number = self.next_port(), self.random.getrandbits(16)
        self.add(t, udp(client, port, server, 53, dns(number, name, kind)))
        if after is not None:
            self.add(t + after, udp(server, 53, client, port, dns(number, name, kind, rcode, answers)))

    def write(self, path, until):
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            for t, frame in sorted(self.frames, key=lambda f: f[0]):
                if t <= until:
                    file.write(struct.pack("<IIII", START + int(t), int(t % 1 * 1e6),
                                           len(frame), len(frame)) + frame)
