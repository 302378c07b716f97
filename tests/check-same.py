#!/usr/bin/env python3
"""Changes captures in ways that must not change the output of pkttop.

    check-same.py PKTTOP CAPTURE...

Every address (link-layer, IPv4, IPv6, also in tunnels and ARP) is replaced at random: protocols,
flows and counts must not change.  Every stamp is shifted by the same time: only the times in the
report change.  No other program is used; libndpi is not, for it knows addresses of services.  Files that are neither pcap nor pcapng are skipped.
"""

import collections
import concurrent.futures
import datetime
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

SECONDS = 60
LATER = 123457  # seconds
SEEDS = int(os.environ.get("PKTTOP_SEEDS", 1))
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=\.\d+Z)")
ETHER, IP4, IP6, ARP = 1, 0x0800, 0x86dd, 0x0806
# Tags: bytes from the type to the next one.
TAGS = {0x8100: 2, 0x88a8: 2, 0x9100: 2, 0x893f: 6, 0x8926: 4, 0x892f: 4, 0xf1c1: 4, 0x8909: 6,
        0x8988: 6}
# Ethernet frames after so many bytes.
FRAMES = {0x6558: 0, 0x8903: 2, 0x88e7: 4}
# Links: IP after so many bytes; Linux's cooked header, its ethertype and its address.
IP_BEHIND = {0: 4, 12: 0, 101: 0, 108: 4}
COOKED = {113: (16, 14, 6), 276: (20, 0, 12)}


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


class Renamer:
    """Renames the addresses of one packet in the bytes at d."""

    def __init__(self, seed):
        self.seed = seed.encode()
        self.known = {}

    def new(self, old):
        if old not in self.known:
            self.known[old] = self.make(old)
        return self.known[old]

    def make(self, old):
        made = bytearray(hashlib.sha256(self.seed + old).digest()[:len(old)])
        if not any(old) or len(old) == 6 and old[0] & 1:
            return old  # none, and groups
        if len(old) == 6:
            made[0] = made[0] & 0xfe | 2
        elif len(old) == 4:
            if old[0] >= 224 or old[0] in (0, 127):
                return old
            made[0] = made[0] % 222 + 1
            made[0] += made[0] == 127
        elif old[0] == 0xff or not any(old[:15]):
            return old
        elif old[:2] == b"\xfe\x80":
            made[:8] = old[:8]
        else:
            made[0] = 0x20 | made[0] & 0x1f
        return bytes(made)

    def at(self, d, at, length, end):
        if at + length <= end:
            d[at:at + length] = self.new(bytes(d[at:at + length]))

    def ether(self, d, at, end):
        self.at(d, at, 6, end)
        self.at(d, at + 6, 6, end)
        self.typed(d, at + 12, end)

    def typed(self, d, at, end):
        """An ethertype and its payload."""
        if at + 2 <= end:
            self.of_kind(d, int.from_bytes(d[at:at + 2], "big"), at + 2, end)

    def of_kind(self, d, kind, at, end):
        if kind in TAGS:
            self.typed(d, at + TAGS[kind], end)
        elif kind <= 1500 and bytes(d[at:at + 3]) == b"\xaa\xaa\x03":
            self.typed(d, at + 6, end)
        elif kind in FRAMES:
            self.ether(d, at + FRAMES[kind], end)
        elif kind in (0x8847, 0x8848):
            self.mpls(d, at, end)
        elif kind == ARP:
            self.arp(d, at, end)
        elif kind in (IP4, IP6):
            self.network(d, at, end)
        elif kind == 0x8864:
            self.network(d, at + 8, end)

    def network(self, d, at, end):
        """IP of the version in its first byte."""
        if at < end and d[at] >> 4 == 4:
            self.ip4(d, at, end)
        elif at < end and d[at] >> 4 == 6:
            self.ip6(d, at, end)

    def arp(self, d, at, end):
        if bytes(d[at + 2:at + 6]) != b"\x08\x00\x06\x04":
            return
        for step, length in ((8, 6), (14, 4), (18, 6), (24, 4)):
            self.at(d, at + step, length, end)

    def guessed(self, d, at, end):
        """A payload of unknown type: IP if its checksum is correct, else by a type."""
        if at + 20 > end:
            return
        kind = int.from_bytes(d[at + 12:at + 14], "big")
        if checksum(d[at:at + 20]) != 0xffff and kind in (IP4, IP6, ARP, *TAGS):
            self.ether(d, at, end)
        elif d[at] >> 4 in (4, 6):
            self.network(d, at, end)
        else:
            self.ether(d, at, end)

    def mpls(self, d, at, end):
        while at + 4 <= end:
            at += 4
            if d[at - 2] & 1:
                if bytes(d[at:at + 2]) == b"\0\0" and bytes(d[at + 2:at + 4]) == b"\0\0":
                    at += 4
                self.guessed(d, at, end)
                return

    def ip4(self, d, at, end):
        header = (d[at] & 15) * 4 if at < end else 0
        if at + 20 > end or header < 20 or d[at] >> 4 != 4:
            return
        self.at(d, at + 12, 4, end)
        self.at(d, at + 16, 4, end)
        self.route(d, at + 20, min(at + header, end))
        if at + header <= end:
            self.sum_up(d, at, header)
        if int.from_bytes(d[at + 6:at + 8], "big") & 0x1fff == 0:
            self.inside(d, d[at + 9], at + header, end)

    def route(self, d, at, end):
        """Addresses of a source route."""
        while at + 3 <= end and d[at] != 0:
            length = 1 if d[at] == 1 else d[at + 1]
            if d[at] in (131, 137):
                for hop in range(at + 3, min(at + length, end), 4):
                    self.at(d, hop, 4, end)
            at += max(length, 1)

    @staticmethod
    def sum_up(d, at, header):
        """The correct checksum, even if it was wrong."""
        if d[at + 10] == d[at + 11] == 0:
            return
        d[at + 10:at + 12] = b"\0\0"
        d[at + 10:at + 12] = (0xffff - checksum(d[at:at + header])).to_bytes(2, "big")

    def ip6(self, d, at, end):
        if at + 40 > end:
            return
        self.at(d, at + 8, 16, end)
        self.at(d, at + 24, 16, end)
        number, at = d[at + 6], at + 40
        while number in (0, 43, 60) and at + 8 <= end:
            number, at = d[at], at + d[at + 1] * 8 + 8
        if number == 44 and at + 8 <= end and int.from_bytes(d[at + 2:at + 4], "big") & 0xfff8 == 0:
            number, at = d[at], at + 8
        self.inside(d, number, at, end)

    def inside(self, d, number, at, end):
        if number == 4:
            self.ip4(d, at, end)
        elif number == 41:
            self.ip6(d, at, end)
        elif number == 47:
            self.gre(d, at, end)
        elif number in (1, 58) and at + 8 < end and d[at] in ((3, 4, 5, 11, 12), (1, 2, 3, 4))[
                number == 58]:
            self.network(d, at + 8, end)
        elif number == 103 and at + 8 < end and d[at] == 0x21:
            self.network(d, at + 8, end)
        elif number == 17 and at + 8 < end:
            self.udp(d, at, end)

    def gre(self, d, at, end):
        if at + 4 > end:
            return
        flags, kind = struct.unpack_from(">HH", d, at)
        inside = at + 4 + sum(4 for bit in (0xc000, 0x2000, 0x1000) if flags & bit)
        if flags & 0x4007 or inside + 8 > end:
            return
        if kind == 0x8909:  # here the type comes first
            kind, inside = int.from_bytes(d[inside:inside + 2], "big"), inside + 8
        self.of_kind(d, kind, inside, end)

    def udp(self, d, at, end):
        ports = {int.from_bytes(d[at + i:at + i + 2], "big") for i in (0, 2)}
        at += 8
        if ports & {4789, 8472}:
            self.ether(d, at + 8, end)
        elif 6081 in ports and at + 8 <= end:
            self.of_kind(d, int.from_bytes(d[at + 2:at + 4], "big"), at + 8 + (d[at] & 63) * 4, end)
        elif at + 12 <= end and d[at] & 0xf0 == 0x30 and d[at + 1] == 255 and not d[at] & 4:
            self.guessed(d, at + (12 if d[at] & 3 else 8), end)

    def frame(self, d, link, at, end):
        if link == ETHER:
            self.ether(d, at, end)
        elif link in COOKED and at + COOKED[link][0] <= end:
            length, kind, address = COOKED[link]
            self.at(d, at + address, 6, end)
            self.of_kind(d, int.from_bytes(d[at + kind:at + kind + 2], "big"), at + length, end)
        elif link in IP_BEHIND:
            self.network(d, at + IP_BEHIND[link], end)


def pcap_packets(d, order):
    """(link, begin, end, offset of the seconds) of each packet."""
    link, at = struct.unpack_from(order + "I", d, 20)[0] & 0xffff, 24
    while at + 16 <= len(d):
        length = struct.unpack_from(order + "I", d, at + 8)[0]
        if at + 16 + length > len(d):
            return
        yield link, at + 16, at + 16 + length, (order, at)
        at += 16 + length


def resolution(d, order, at, end):
    """Units per second, from the options of an interface."""
    while at + 4 <= end:
        code, length = struct.unpack_from(order + "HH", d, at)
        if code == 0:
            break
        if code == 9:
            return (2 if d[at + 4] & 0x80 else 10) ** (d[at + 4] & 0x7f)
        at += 4 + (length + 3) // 4 * 4
    return 10 ** 6


def pcapng_packets(d):
    order, at, interfaces = "<", 0, []
    while at + 12 <= len(d):
        if d[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order, interfaces = ("<" if d[at + 8] == 0x4d else ">"), []
        kind, length = struct.unpack_from(order + "II", d, at)
        if length < 12 or at + length > len(d):
            return
        if kind == 1:
            interfaces.append((struct.unpack_from(order + "H", d, at + 8)[0],
                               resolution(d, order, at + 16, at + length - 4)))
        elif kind == 6:
            number, = struct.unpack_from(order + "I", d, at + 8)
            caplen, = struct.unpack_from(order + "I", d, at + 20)
            if number >= len(interfaces) or 28 + caplen > length:
                return
            yield interfaces[number][0], at + 28, at + 28 + caplen, (
                order, at + 12, interfaces[number][1])
        elif kind in (2, 3, 5):
            raise ValueError("has older blocks, or stamps beside packets")
        at += length


def packets(d):
    order = {b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">",
             b"\xa1\xb2\x3c\x4d": ">"}.get(bytes(d[:4]))
    if order is not None and struct.unpack_from(order + "H", d, 6)[0] < 4:
        raise ValueError("is older than version 2.4")
    if order is not None:
        return pcap_packets(d, order)
    if d[:4] == b"\x0a\x0d\x0d\x0a":
        return pcapng_packets(d)
    raise ValueError("is no pcap or pcapng")


def renamed(d, seed):
    d, names = bytearray(d), Renamer(seed)
    for link, begin, end, _ in list(packets(d)):
        names.frame(d, link, begin, end)
    return d


def moved(d):
    d = bytearray(d)
    for *_, place in list(packets(d)):
        if len(place) == 2:
            order, at = place
            seconds = struct.unpack_from(order + "I", d, at)[0] + LATER
            if seconds >= 1 << 32:
                raise ValueError("has stamps at the end of time")
            struct.pack_into(order + "I", d, at, seconds)
        else:
            order, at, units = place
            high, low = struct.unpack_from(order + "II", d, at)
            stamp = (high << 32 | low) + LATER * units
            struct.pack_into(order + "II", d, at, stamp >> 32, stamp & 0xffffffff)
    return d


def report(pkttop, path, *options):
    done = subprocess.run(
        [pkttop, "--batch", "--no-config", "--no-apps", "--numeric", "--format=json", f"--read={path}",
         *options], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False,
        text=True)
    return done.stdout


def without_names(text):
    """Totals, protocols and flows, without the names of their ends."""
    r = json.loads(text)
    keys = ("protocol", "packets_ab", "packets_ba", "bytes_ab", "bytes_ba", "state", "first",
            "last", "retransmissions", "out_of_order", "resets", "handshake_ms", "application")
    flows = collections.Counter()
    for f in r["flows"]:
        ports = tuple(sorted(str(f.get(k)) for k in ("a_port", "b_port")))
        flows[ports + tuple(str(f.get(k)) for k in keys)] += 1
    # An address that may be used in several networks has a row in each; the renamed one may not.
    return {"total": r["total"], "flows": flows,
            "hosts": len({h.get("address") for h in r["hosts"]}),
            "protocols": sorted(tuple(p.values()) for p in r["protocols"])}


def later(match):
    time = datetime.datetime.fromisoformat(match[0]) + datetime.timedelta(seconds=LATER)
    return time.isoformat()


def differences(x, y):
    for key, value in x.items():
        if value == y[key]:
            continue
        if isinstance(value, collections.Counter):
            yield f"{key}: {list((value - y[key]).items())[:2]}, not {list((y[key] - value).items())[:2]}"
        elif isinstance(value, list):
            yield f"{key}: {[p for p in value if p not in y[key]][:2]}"
        else:
            yield f"{key}: {value}, not {y[key]}"


def compare(pkttop, path, write):
    """The differences, of which there must be none."""
    with open(path, "rb") as file:
        bytes_of = file.read()
    try:
        later_bytes = moved(bytes_of)
    except (ValueError, struct.error) as error:
        return [f"passed over: it {error}"]
    wrong = []
    for options in ((), ("--decap",)):
        was = report(pkttop, path, *options)
        if not was:
            return ["passed over: there is no report"]
        for seed in range(SEEDS):
            now = report(pkttop, write(renamed(bytes_of, f"{seed}{path}")), *options)
            wrong += [f"renamed {' '.join(options)}: {d}" for d in
                      differences(without_names(was), without_names(now))]
    was = report(pkttop, path)
    # Without stamps nothing can be shifted.
    if '"time"' in was and TIME.sub(later, was) != report(pkttop, write(later_bytes)):
        wrong.append("moved in time: another report")
    return wrong


def check(pkttop, path):
    """In a directory in which the changed capture has the same name."""
    with tempfile.TemporaryDirectory() as folder:
        other = os.path.join(folder, os.path.basename(path))

        def write(content):
            with open(other, "wb") as file:
                file.write(content)
            return other

        try:
            return path, compare(pkttop, path, write)
        except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
            return path, [str(error)]


def main():
    pkttop, paths = sys.argv[1], sys.argv[2:]
    failed = passed = 0
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for path, wrong in pool.map(check, [pkttop] * len(paths), paths):
            over = [w for w in wrong if w.startswith("passed over")]
            passed += len(over)
            failed += len(wrong) > len(over)
            for w in wrong:
                if w not in over:
                    print(f"{os.path.basename(path)}: {w}")
    print(f"{len(paths)} captures, {passed} passed over, {failed} not the same")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
