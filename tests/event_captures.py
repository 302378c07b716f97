"""Captures that have to raise an event, and normal ones that must not raise an attack."""

import struct

from event_frames import (ACK, FIN, PSH, RST, SYN, URG, arp, dns, ip, mac, packed, ping, tcp, udp,
                          unreachable)

SECONDS = 3
ME, VICTIM, GATEWAY = "192.0.2.7", "198.51.100.5", "192.0.2.1"
RESOLVER = "192.0.2.53"

HOSTILE, NORMAL = [], []


def hostile(rule, attacker=ME, victim=VICTIM, by=SECONDS):
    """The decorated function fills a capture whose event is there after `by` seconds."""
    def register(fill):
        HOSTILE.append((fill, rule, attacker, victim, by))
        return fill
    return register


def normal(fill):
    NORMAL.append(fill)
    return fill


def host(i, net="198.51"):
    return f"{net}.{100 + i // 250}.{1 + i % 250}"


def scan_ports(c, ports, end, a=ME, b=VICTIM, gap=0.01, opens=(22, 80, 443)):
    for i, port in enumerate(ports):
        c.talk(i * gap, a, b, port, end="half" if port in opens else end)


@hostile("port_scan")
def syn_scan_refused(c):
    scan_ports(c, range(1, 200), "refused")


@hostile("port_scan")
def syn_scan_filtered(c):
    scan_ports(c, range(1, 200), "silent")


@hostile("port_scan", "2001:db8::7", "2001:db8:1::5")
def syn_scan_ip6(c):
    scan_ports(c, range(1, 200), "refused", "2001:db8::7", "2001:db8:1::5")


@hostile("port_scan", by=31)
def syn_scan_slow(c):
    scan_ports(c, range(8000, 8020), "refused", gap=1.5)


@hostile("port_scan")
def syn_scan_random_ports(c):
    scan_ports(c, c.random.sample(range(1, 65535), 300), "refused")


@hostile("port_scan")
def syn_scan_one_source_port(c):
    for i in range(200):
        c.talk(i * 0.01, ME, VICTIM, 1 + i, end="refused", a_port=54321)


@hostile("port_scan")
def connect_scan(c):
    for i in range(1, 100):
        c.talk(i * 0.02, ME, VICTIM, i, end="refused" if i % 5 else "rst")


@hostile("port_scan")
def connect_scan_with_banners(c):
    for i in range(1, 100):
        says = [(1, b"220 ready\r\n")] if i % 6 == 0 else ()
        c.talk(i * 0.02, ME, VICTIM, i, says, end="refused" if i % 6 else "rst")


@hostile("port_scan")
def scan_of_two_hosts(c):
    for i in range(100):
        c.talk(i * 0.02, ME, VICTIM, 1 + i, end="refused")
        c.talk(i * 0.02 + 0.01, ME, "198.51.100.6", 1 + i, end="refused")


@hostile("host_scan", victim=None)
def sweep_ssh(c):
    for i in range(100):
        c.talk(i * 0.02, ME, host(i), 22, end="silent" if i % 4 else "refused")


@hostile("host_scan", victim=None)
def sweep_with_open_ports(c):
    for i in range(150):
        c.talk(i * 0.02, ME, host(i), 445, end=("silent", "refused", "half", "silent", "rst")[i % 5])


@hostile("host_scan", "2001:db8::7", None)
def sweep_ip6(c):
    for i in range(100):
        c.talk(i * 0.02, "2001:db8::7", f"2001:db8:1::{i:x}", 443, end="silent")


@hostile("host_scan", victim=None)
def connect_sweep(c):
    for i in range(100):
        c.talk(i * 0.02, ME, host(i), 3389, end="rst" if i % 3 == 0 else "silent")


@hostile("host_scan", victim=None)
def worm(c):
    for i in range(300):
        c.talk(i * 0.01, ME, f"{c.random.randrange(1, 223)}.{i % 256}.7.{i % 250}", 23, end="silent")


def stealth(flags, horizontal=False, rst=True):
    def fill(c):
        for i in range(100):
            b, port = (host(i), 80) if horizontal else (VICTIM, 1 + i)
            c.add(i * 0.02, tcp(ME, 44444, b, port, flags, 1000))
            if rst and i % 3:
                c.add(i * 0.02 + 0.005, tcp(b, port, ME, 44444, RST | ACK, 0, 1000))
    fill.__name__ = f"stealth_{flags}{'_sweep' if horizontal else ''}{'' if rst else '_silent'}"
    return fill


for stealth_flags in (FIN, 0, FIN | PSH | URG, ACK, FIN | ACK, SYN | FIN):
    hostile("stealth_scan")(stealth(stealth_flags))
for stealth_flags in (FIN, 0, FIN | PSH | URG):
    hostile("stealth_scan")(stealth(stealth_flags, rst=False))
    hostile("stealth_scan", victim=None)(stealth(stealth_flags, True))


@hostile("udp_scan")
def udp_scan_unreachable(c):
    for i in range(100):
        frame = udp(ME, 40000, VICTIM, 1 + i)
        c.add(i * 0.02, frame)
        c.add(i * 0.02 + 0.005, unreachable(frame))


@hostile("udp_scan")
def udp_scan_silent(c):
    for i in range(100):
        c.add(i * 0.02, udp(ME, 40000 + i, VICTIM, c.random.randrange(1, 30000), b"\0" * 4))


@hostile("host_scan", victim=None)
def udp_sweep(c):
    for i in range(100):
        c.add(i * 0.02, udp(ME, 40000, host(i), 161, b"\x30" * 40))


@hostile("ping_sweep", victim=None)
def ping_sweep(c):
    for i in range(100):
        c.add(i * 0.02, ping(ME, host(i), i))
        if i % 10 == 0:
            c.add(i * 0.02 + 0.01, ping(host(i), ME, i, True))


@hostile("arp_scan", victim=None)
def arp_scan(c):
    for i in range(200):
        c.add(i * 0.01, arp(1, mac(ME), ME, f"192.0.2.{1 + i}"))


def anyone(c, i):
    """An address of the internet."""
    return f"{c.random.randrange(1, 223)}.{i % 256}.{i // 7 % 256}.{1 + i % 250}"


@hostile("syn_flood", attacker=None)
def syn_flood_spoofed(c):
    for i in range(2000):
        c.add(i / 1000, tcp(anyone(c, i), 1024 + i, VICTIM, 80, SYN, i))


@hostile("syn_flood")
def syn_flood_one_source(c):
    for i in range(2000):
        c.add(i / 1000, tcp(ME, 1024 + i, VICTIM, 443, SYN, i))


@hostile("syn_flood", attacker=None)
def syn_flood_with_answers(c):
    for i in range(2000):
        a = anyone(c, i)
        c.add(i / 1000, tcp(a, 1024 + i, VICTIM, 80, SYN, i))
        c.add(i / 1000 + 0.0002, tcp(VICTIM, 80, a, 1024 + i, SYN | ACK, 7, i + 1))


@hostile("syn_flood", attacker=None, victim="2001:db8:1::5")
def syn_flood_ip6(c):
    for i in range(2000):
        c.add(i / 1000, tcp(f"2001:db8:{i:x}::9", 1024 + i, "2001:db8:1::5", 80, SYN, i))


@hostile("syn_flood", attacker=None)
def syn_flood_amid_customers(c):
    for i in range(20):
        c.talk(i / 10, host(i, "203.0"), VICTIM, 80, [(0, 300), (1, 3000)])
    syn_flood_spoofed(c)


def reflection(port, size):
    def fill(c):
        for i in range(400):
            c.add(i / 200, udp(host(i % 60), port, VICTIM, 1024 + i % 200, b"\x80" * size))
    fill.__name__ = f"reflection_{port}"
    return fill


for amplifier, size in ((53, 1200), (123, 440), (1900, 300), (11211, 1400), (389, 1300), (19, 800)):
    hostile("reflection", attacker=None)(reflection(amplifier, size))


@hostile("reflection", attacker=None)
def reflection_one_port(c):
    for i in range(400):
        c.add(i / 200, udp(host(i % 60), 53, VICTIM, 53 + 27000, b"\x80" * 1300))


@hostile("amplifier", attacker="192.0.2.53", victim=VICTIM)
def open_resolver(c):
    for i in range(400):
        port, answer = 1024 + i, dns(i, "isc.org", 255, 0, (b"x" * 1300,))
        c.add(i / 200, udp(VICTIM, port, RESOLVER, 53, dns(i, "isc.org", 255)))
        c.add(i / 200 + 0.001, udp(RESOLVER, 53, VICTIM, port, answer))


def guesses(port, says, gap=0.2, times=30, end="fin"):
    def fill(c):
        for i in range(times):
            c.talk(i * gap, ME, VICTIM, port, says, end)
    fill.__name__ = f"guesses_{port}"
    return fill


SSH = [(1, b"SSH-2.0-OpenSSH_9.2\r\n"), (0, b"SSH-2.0-libssh2_1.10\r\n"), (1, 1080), (0, 900),
       (0, 48), (1, 500), (0, 16), (0, 44), (1, 44), (0, 60), (1, 52), (0, 84), (1, 52)]
RDP = [(0, 47), (1, 19), (0, 300), (1, 1200), (0, 320), (1, 51), (0, 120), (1, 300), (0, 560), (1, 60)]
SMB = [(0, 108), (1, 240), (0, 180), (1, 300), (0, 450),
       (1, b"\0\0\0\x48\xfeSMB\x40\0\0\0\x6d\0\0\xc0" + b"\0" * 60)]
FTP = [(1, b"220 FTP\r\n"), (0, b"USER root\r\n"), (1, b"331 password\r\n"), (0, b"PASS 1234\r\n"),
       (1, b"530 Login incorrect.\r\n")]
SMTP = [(1, b"220 mx ESMTP\r\n"), (0, b"EHLO x\r\n"), (1, b"250-mx\r\n250 AUTH LOGIN PLAIN\r\n"),
        (0, b"AUTH LOGIN\r\n"), (1, b"334 VXNlcm5hbWU6\r\n"), (0, b"cm9vdA==\r\n"),
        (1, b"334 UGFzc3dvcmQ6\r\n"), (0, b"cGFzcw==\r\n"),
        (1, b"535 5.7.8 Error: authentication failed\r\n"), (0, b"QUIT\r\n")]
IMAP = [(1, b"* OK IMAP4 ready\r\n"), (0, b"a1 LOGIN root 1234\r\n"),
        (1, b"a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"), (0, b"a2 LOGOUT\r\n")]
POP3 = [(1, b"+OK ready\r\n"), (0, b"USER root\r\n"), (1, b"+OK\r\n"), (0, b"PASS 1234\r\n"),
        (1, b"-ERR [AUTH] Authentication failed.\r\n")]
HELLO = [(0, 517), (1, 4000)]
TLS_LOGIN = [*HELLO, (0, 80), (1, 90), (0, 50), (1, 80), (0, 52), (1, 70), (0, 30)]
ASKED = b"GET /admin HTTP/1.1\r\nHost: www.example.org\r\nAuthorization: Basic cm9vdDox%03d\r\n\r\n"
DENIED = (b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
          b"Content-Length: 0\r\n\r\n")

for guessed, dialog in ((22, SSH), (2222, SSH), (3389, RDP), (993, TLS_LOGIN), (587, TLS_LOGIN),
                        (465, TLS_LOGIN)):
    hostile("brute_force")(guesses(guessed, dialog))
for guessed, dialog in ((445, SMB), (21, FTP), (25, SMTP), (143, IMAP), (110, POP3), (587, SMTP)):
    hostile("login_failures")(guesses(guessed, dialog))


@hostile("brute_force", by=12)
def guesses_without_dialog(c):
    for i in range(20):
        c.talk(i, ME, VICTIM, 22, [(1, b"SSH-2.0-OpenSSH_9.2\r\n"), (0, b"SSH-2.0-Go\r\n")], "rst")


@hostile("brute_force", by=65)
def guesses_slowly(c):
    for i in range(20):
        c.talk(i * 6, ME, VICTIM, 22, SSH)


@hostile("login_failures")
def guesses_http_one_connection(c):
    says = []
    for i in range(50):
        says += [(0, ASKED % i), (1, DENIED)]
    c.talk(0, ME, VICTIM, 80, says, rtt=0.01)


@hostile("login_failures")
def guesses_http_many_connections(c):
    for i in range(50):
        c.talk(i * 0.05, ME, VICTIM, 8080, [(0, ASKED % i), (1, DENIED)])


@hostile("login_failures", by=5)
def guesses_ftp_one_connection(c):
    c.talk(0, ME, VICTIM, 21, FTP[:1] + FTP[1:] * 20, rtt=0.02)


def tunnel(name, kind, port=53):
    def fill(c):
        for i in range(200):
            label = "".join(c.random.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(name))
            labels = ".".join(label[at:at + 60] for at in range(0, name, 60))
            c.ask(i * 0.02, ME, RESOLVER, f"{labels}.t.example.net", kind=kind, answers=(b"x" * 100,))
    fill.__name__ = f"tunnel_{name}_{kind}"
    return fill


for length, kind in ((180, 10), (60, 16), (120, 15), (40, 5), (24, 16), (200, 1)):
    hostile("dns_tunnel", victim=None)(tunnel(length, kind))


@hostile("beacon", None, "198.51.100.5", by=660)
def beacon_each_minute(c):
    for i in range(12):
        c.talk(i * 60 + c.random.uniform(-2, 2), ME, VICTIM, 443, [(0, 300), (1, 500)])


@hostile("arp_spoof", "02:00:de:ad:be:ef", None)
def arp_spoofed(c):
    c.add(0, arp(2, mac("192.0.2.9"), "192.0.2.9", ME, mac(ME)))
    for i in range(5):
        c.add(0.3 + i * 0.5, arp(2, b"\x02\0\xde\xad\xbe\xef", "192.0.2.9", ME, mac(ME)))


@hostile("gateway_change", "02:00:de:ad:be:ef", None)
def gateway_spoofed(c):
    for i in range(5):
        client = f"192.0.2.{20 + i}"
        c.add(0.1 * i, arp(1, mac(client), client, GATEWAY))
        c.add(0.1 * i + 0.01, arp(2, mac(GATEWAY), GATEWAY, client, mac(client)))
    for i in range(5):
        c.add(1 + i * 0.3, arp(2, b"\x02\0\xde\xad\xbe\xef", GATEWAY, "192.0.2.20", mac("192.0.2.20")))


def dhcp_offer(server, router, client):
    body = struct.pack(">BBBBIHH4x4s4s4x", 2, 1, 6, 0, 7, 0, 0, packed(client), packed(server))
    body += mac(client) + b"\0" * 202 + b"\x63\x82\x53\x63\x35\x01\x02"
    for option, value in ((54, server), (3, router), (6, router)):
        body += bytes([option, 4]) + packed(value)
    body += b"\xff"
    return udp(server, 67, "255.255.255.255", 68, body)


@hostile("rogue_dhcp", "192.0.2.66", None)
def second_dhcp_server(c):
    for i in range(3):
        c.add(i, dhcp_offer(GATEWAY, GATEWAY, f"192.0.2.{100 + i}"))
        c.add(i + 0.1, dhcp_offer("192.0.2.66", "192.0.2.66", f"192.0.2.{100 + i}"))


def router_says(router, prefix):
    body = struct.pack(">BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
    body += struct.pack(">BBBBIII", 3, 4, 64, 0xc0, 86400, 14400, 0) + packed(prefix)
    return ip(router, "ff02::1", 58, body)


@hostile("rogue_ra", "fe80::66", None)
def second_router(c):
    for i in range(3):
        c.add(i * 0.5, router_says("fe80::1", "2001:db8::"))
        c.add(i * 0.5 + 0.1, router_says("fe80::66", "2001:db8:66::"))


@hostile("ip_conflict", None, None, by=10)
def two_hosts_with_one_address(c):
    for i in range(8):
        c.add(i, arp(1, mac("192.0.2.9") if i % 2 else b"\x02\0\0\0\0\x99", "192.0.2.9", "192.0.2.9"))


@hostile("service_gone", None, VICTIM, by=40)
def service_that_stopped(c):
    for i in range(10):
        c.talk(i, ME, VICTIM, 8080, [(0, 100), (1, 100)])
    for i in range(10):
        c.talk(20 + i * 2, ME, VICTIM, 8080, end="refused")


@hostile("no_answer", None, VICTIM, by=20)
def half_open_firewall(c):
    for i in range(4):
        port = c.next_port()
        for t in (0, 1, 3, 7):
            c.add(i + t, tcp(ME, port, VICTIM, 8443, SYN, 1000 * port))


@hostile("dns_failures", None, RESOLVER, by=10)
def resolver_that_fails(c):
    for i in range(100):
        c.ask(i * 0.05, host(i % 5, "192.0"), RESOLVER, f"www{i}.example.org",
              rcode=2 if i % 3 == 0 else 0)


@hostile("slow_dns", None, RESOLVER, by=10)
def resolver_that_is_slow(c):
    for i in range(60):
        c.ask(i * 0.1, ME, RESOLVER, f"www{i}.example.org", after=0.9)


def steady(c, until, rtt=0.01, again=None):
    """Traffic of one connection after the other; again(t): whether segments are sent twice."""
    for t in range(until):
        c.talk(t, ME, VICTIM, 443, [(0, 500), (1, 9000)], rtt=rtt(t) if callable(rtt) else rtt)
        if again is not None and again(t):
            c.frames += [(at + 0.6, frame) for at, frame in c.frames[-9:-4]]


@hostile("loss", None, VICTIM, by=150)
def loss_that_rises(c):
    steady(c, 150, again=lambda t: t > 120)


@hostile("slow_path", None, VICTIM, by=150)
def round_trips_that_rise(c):
    steady(c, 150, rtt=lambda t: 0.3 if t > 120 else 0.01)


@hostile("new_host", None, "192.0.2.99", by=420)
def host_that_is_new(c):
    steady(c, 420)
    c.talk(330, "192.0.2.99", VICTIM, 80, [(0, 100), (1, 100)])


@hostile("host_gone", None, "192.0.2.99", by=420)
def host_that_goes(c):
    steady(c, 420)
    for t in range(0, 200, 2):
        c.talk(t, "192.0.2.99", VICTIM, 80, [(0, 100), (1, 100)])


@hostile("zero_window", None, VICTIM, by=10)
def server_that_cannot_keep_up(c):
    port = c.next_port()
    c.talk(0, ME, VICTIM, 9000, [(0, 5000)], end="open", a_port=port)
    for i in range(10):
        c.add(1 + i * 0.5, tcp(VICTIM, 9000, ME, port, ACK, 1, 5001, window=0))


@hostile("pmtu_black_hole", None, None, by=30)
def path_that_eats_large_packets(c):
    port = c.next_port()
    c.add(0, tcp(ME, port, VICTIM, 443, SYN, 0))
    c.add(0.01, tcp(VICTIM, 443, ME, port, SYN | ACK, 0, 1))
    c.add(0.02, tcp(ME, port, VICTIM, 443, ACK, 1, 1))
    c.add(0.03, tcp(ME, port, VICTIM, 443, ACK | PSH, 1, 1, b"x" * 300))
    c.add(0.04, tcp(VICTIM, 443, ME, port, ACK, 1, 301))
    for t in (0.05, 0.3, 0.9, 2.1, 4.5, 9.3):
        c.add(t, tcp(VICTIM, 443, ME, port, ACK, 1, 301, b"y" * 1460))


@hostile("duplicates", None, None, by=10)
def mirrored_twice(c):
    for i in range(20):
        c.talk(i * 0.1, ME, VICTIM, 80, [(0, 300), (1, 5000)])
    c.frames += [(t + 0.00001, frame) for t, frame in c.frames]


@hostile("asymmetric", None, None, by=10)
def one_direction(c):
    for i in range(60):
        c.talk(i * 0.1, host(i % 9, "192.0"), VICTIM, 443, [(0, 500), (1, 3000)])
    c.frames = [(t, f) for t, f in c.frames if f[30:34] == packed(VICTIM)]


# Normal captures.

@normal
def backup(c):
    for i in range(40):
        c.talk(i * 3, ME, "192.0.2.40", 22, [*SSH, (0, 60000), (1, 500)])
        c.talk(i * 3, ME, "192.0.2.40", 445, [(0, 200), (1, 300), (0, 50000), (1, 200)])


@normal
def browser_with_100_connections(c):
    for i in range(100):
        c.ask(i * 0.02, ME, RESOLVER, f"cdn{i}.assets.example.com")
        c.talk(i * 0.02 + 0.02, ME, host(i % 40), 443, [*HELLO, (0, 700), (1, 20000)], "open")


@normal
def browser_that_preconnects(c):
    for i in range(60):
        c.talk(i * 0.1, ME, host(i), 443, HELLO if i % 3 else (), "fin")


@normal
def monitor_of_500_hosts(c):
    for i in range(500):
        t = i * 0.12
        c.add(t, ping(ME, host(i), i))
        c.add(t, udp(ME, c.next_port(), host(i), 161, b"\x30" * 60))
        if i % 12:
            c.add(t + 0.01, ping(host(i), ME, i, True))
            c.add(t + 0.01, udp(host(i), 161, ME, c.port, b"\x30" * 90))
        end = "silent" if i % 12 == 0 else "fin"
        c.talk(t, ME, host(i), 443, end=end)
        c.talk(t, ME, host(i), 22, [(1, b"SSH-2.0-x\r\n"), (0, b"SSH-2.0-check\r\n")], end)


@normal
def monitor_of_many_ports(c):
    ports = (22, 25, 80, 110, 143, 443, 465, 587, 993, 995, 3306, 5432, 6379, 8080, 8443, 9100)
    for i in range(240):
        c.talk(i * 0.5, ME, VICTIM, ports[i % len(ports)], [(0, 20), (1, 100)] if i % 2 else ())


@normal
def balancer_connects(c):
    for round in range(30):
        for i in range(40):
            c.talk(round * 2 + i * 0.01, ME, host(i), 8080, end="rst")


@normal
def balancer_half_opens(c):
    for round in range(30):
        for i in range(40):
            c.talk(round * 2 + i * 0.01, ME, host(i), 8080, end="half")


@normal
def balancer_asks(c):
    for round in range(60):
        for i in range(10):
            c.talk(round + i * 0.01, ME, host(i), 80,
                   [(0, b"GET /health HTTP/1.0\r\n\r\n"), (1, b"HTTP/1.0 200 OK\r\n\r\n")])


QUIT = [(0, b"QUIT\r\n"), (1, b"221 bye\r\n")]
CHECKS = (  # by port, what asks only whether the service lives
    (25, [*SMTP[:1], (0, b"EHLO balancer.example.org\r\n"), (1, b"250 mx\r\n"), *QUIT]),
    (143, [*IMAP[:1], (0, b"a LOGOUT\r\n"), (1, b"* BYE\r\n")]),
    (993, [*HELLO, (0, 80), (0, 24)]),
    (22, [*SSH[:1], (0, b"SSH-2.0-check_ssh\r\n")]),
    (21, [*FTP[:1], *QUIT]),
    (3389, [(0, 19), (1, 19)]),
)


@normal
def balancer_of_mail(c):
    for i in range(60):
        for port, check in CHECKS:
            c.talk(i * 2, ME, VICTIM, port, check)


@normal
def office_behind_nat(c):
    for i in range(2000):
        end = c.random.choice(("fin", "rst", "open", "fin", "silent"))
        c.talk(i * 0.03, ME, host(c.random.randrange(300), "203.0"),
               c.random.choice((80, 443, 443, 443, 993)), [*HELLO, (0, 600), (1, 9000)], end, rtt=0.03)


@normal
def office_fetches_mail(c):
    work = [(0, 60), (1, 5000), (0, 60), (1, 12000), (0, 60), (1, 300), (0, 400), (1, 9000)]
    for i in range(60):
        c.talk(i * 1.5, ME, VICTIM, 993, [*TLS_LOGIN, *work])


@normal
def torrent(c):
    for i in range(900):
        peer = anyone(c, i)
        port = 6881 if i % 4 == 0 else c.random.randrange(1024, 65535)
        c.add(i * 0.07, udp(ME, 51413, peer, port, b"d1:ad2:id20:" + b"x" * 80))
        if i % 3 == 0:
            c.add(i * 0.07 + 0.05, udp(peer, port, ME, 51413, b"d1:rd2:id20:" + b"x" * 80))
        end = "silent" if i % 3 == 1 else "refused" if i % 3 == 2 else "open"
        c.talk(i * 0.07, ME, peer, c.random.randrange(1024, 65535), [(0, 68), (1, 68), (1, 16000)], end)


@normal
def torrent_is_sought(c):
    for i in range(600):
        peer = anyone(c, i)
        c.talk(i * 0.1, peer, ME, 51413, [(0, 68), (1, 68)], "refused" if i % 2 else "open")
        c.add(i * 0.1, udp(peer, 1024 + i * 7, ME, 51413, b"d1:ad2:id20:" + b"x" * 80))


@normal
def busy_resolver(c):
    for i in range(1500):
        service = c.random.choice(("www", "mail", "api", "img7"))
        name = f"{service}.{c.random.getrandbits(24):x}.example{i % 300}.com"
        rcode = 3 if i % 9 == 0 else 0
        c.ask(i * 0.01, host(i % 200, "192.0"), RESOLVER, name, rcode)
        c.ask(i * 0.01 + 0.002, RESOLVER, host(i % 120), name, rcode, after=0.03 if i % 30 else None)


@normal
def mail_server(c):
    mail = [(1, b"220 mx ESMTP\r\n"), (0, b"EHLO mx.example.org\r\n"), (1, b"250 mx\r\n"),
            (0, b"MAIL FROM:<a@example.org>\r\n"), (1, b"250 ok\r\n"),
            (0, b"RCPT TO:<b@example.com>\r\n")]
    sent = [(1, b"250 ok\r\n"), (0, b"DATA\r\n"), (1, b"354 go\r\n"), (0, 3000), (1, b"250 ok\r\n")]
    for i in range(120):
        c.talk(i, ME, host(i % 40), 25, [*mail, *sent, *QUIT])
        c.talk(i, ME, VICTIM, 25, [*mail, (1, b"450 4.2.0 Greylisted\r\n"), *QUIT])
        for list in ("zen.spamhaus.org", "bl.spamcop.net", "dnsbl.sorbs.net"):
            c.ask(i, ME, RESOLVER, f"{i}.{i * 7 % 256}.51.198.{list}", 3)


@normal
def blocklists_of_hashes(c):
    for i in range(200):
        name = f"{c.random.getrandbits(128):032x}.hashes.example-antivirus.com"
        c.ask(i * 0.3, ME, RESOLVER, name, 3)


@normal
def names_of_a_cdn(c):
    for i in range(300):
        c.ask(i * 0.2, host(i % 30, "192.0"), RESOLVER,
              f"ec2-{i % 256}-{i * 7 % 256}-13-9.eu-central-1.compute.amazonaws.com")
        c.ask(i * 0.2, ME, RESOLVER, f"d{c.random.getrandbits(52):013x}.cloudfront.net")
        c.ask(i * 0.2, ME, RESOLVER, f"rr{i % 9}---sn-4g5e{'abcdefgh'[i % 8]}nsz.googlevideo.com")
        c.ask(i * 0.2, ME, RESOLVER, f"e{i}.dscb.akamaiedge.net")


@normal
def names_by_address(c):
    for i in range(300):
        c.ask(i * 0.1, ME, RESOLVER, f"{i % 256}.100.51.198.in-addr.arpa", 3 if i % 2 else 0, 12)
        nibbles = ".".join(f"{c.random.getrandbits(128):032x}")
        c.ask(i * 0.1, ME, RESOLVER, f"{nibbles}.ip6.arpa", 3, 12)


@normal
def ntp_pool(c):
    for i in range(300):
        server = host(i % 60)
        c.add(i * 0.5, udp(ME, 123, server, 123, b"\x23" + b"\0" * 47))
        if i % 10:
            c.add(i * 0.5 + 0.02, udp(server, 123, ME, 123, b"\x24" + b"\0" * 47))


@normal
def ntp_server(c):
    for i in range(2000):
        client = host(i % 400, "203.0")
        c.add(i * 0.01, udp(client, 1024 + i, ME, 123, b"\x23" + b"\0" * 47))
        c.add(i * 0.01 + 0.001, udp(ME, 123, client, 1024 + i, b"\x24" + b"\0" * 47))


@normal
def busy_web_server(c):
    for i in range(1500):
        a = anyone(c, i)
        c.talk(i * 0.004, a, VICTIM, 443, HELLO, "open" if i % 20 else "silent", rtt=0.05)


@normal
def server_that_is_down(c):
    for i in range(200):
        c.talk(i * 0.1, host(i % 20, "192.0"), VICTIM, 443, end="silent")
    for i in range(100):
        c.talk(i * 0.2, ME, "198.51.100.6", 5432, end="refused")


@normal
def gateway_that_asks(c):
    for i in range(5):
        c.add(0.1 * i, arp(1, mac(f"192.0.2.{20 + i}"), f"192.0.2.{20 + i}", GATEWAY))
    for i in range(200):
        c.add(1 + i * 0.05, arp(1, mac(GATEWAY), GATEWAY, f"192.0.2.{1 + i}"))


@normal
def pair_that_fails_over(c):
    for i in range(4):
        c.add(i, arp(1, mac("192.0.2.9"), "192.0.2.9", "192.0.2.9"))
    for i in range(4):
        c.add(5 + i, arp(1, b"\x02\0\0\0\0\x99", "192.0.2.9", "192.0.2.9"))
    c.add(10, arp(2, b"\x02\0\0\0\0\x99", "192.0.2.9", ME, mac(ME)))


@normal
def dhcp_pair(c):
    for i in range(20):
        c.add(i, dhcp_offer("192.0.2.2", GATEWAY, f"192.0.2.{100 + i}"))
        c.add(i + 0.1, dhcp_offer("192.0.2.3", GATEWAY, f"192.0.2.{100 + i}"))


@normal
def router_pair(c):
    for i in range(20):
        c.add(i, router_says("fe80::1", "2001:db8::"))
        c.add(i + 0.1, router_says("fe80::2", "2001:db8::"))


@normal
def jobs_over_ssh(c):
    for i in range(60):
        c.talk(i * 2, ME, host(i), 22, [*SSH, (0, 200), (1, 2000)])


@normal
def proxy_with_logins(c):
    for i in range(60):
        c.talk(i, ME, VICTIM, 80, [(0, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), (1, DENIED), (0, ASKED % 7),
                                   (1, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")])


@normal
def traceroute(c):
    for i in range(60):
        c.add(i * 0.1, udp(ME, 40000, VICTIM, 33434 + i))


@normal
def calls(c):
    for i in range(60):
        port = 10000 + 2 * i
        for k in range(20):
            c.add(i * 0.5 + k * 0.02, udp(ME, port, VICTIM, port + 2000, b"\x80\0" + b"x" * 170))


@normal
def mdns_and_ssdp(c):
    for i in range(60):
        c.add(i, udp(f"192.0.2.{10 + i}", 5353, "224.0.0.251", 5353, dns(0, "_ipp._tcp.local", 12)))
        c.add(i, udp(ME, 50000, "239.255.255.250", 1900, b"M-SEARCH * HTTP/1.1\r\n\r\n"))
        printer = f"192.0.2.{10 + i % 30}"
        c.add(i + 0.1, udp(printer, 1900, ME, 50000, b"HTTP/1.1 200 OK\r\n" + b"x" * 300))
