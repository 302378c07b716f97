#!/usr/bin/env python3
"""Calculates the records of the flow log from tshark's output for the same packets.

    check-flowlog.py PKTTOP FOLDER [FILE ...]

FOLDER holds captures, in real/.  The log's own counts show which packets belong to a record; every
other number is calculated here from the packets' times, lengths and sequence numbers.  ZEEK holds
Zeek's results for connections, from its own tests
(testing/btest/Baseline: core.tcp.rst-after-syn, core.tcp.fin-retransmit).
"""

import json
import math
import os
import subprocess
import sys

import added

FILES = ("443-firefox.pcap", "KakaoTalk_talk.pcap", "bro.org.pcap", "bruteforce.pcap",
         "fin_retransmission.pcap", "nmap-vsn.pcap", "pipelined-requests.pcap",
         "retransmit-fast009.pcap", "rst-inject-rae.pcap", "smb2_100_small_files.pcap",
         "snmpwalk-short.pcap", "ssh-dups.pcap", "sshguess.pcap", "telegram.pcap",
         "var-services-std-ports.pcap")
ZEEK = {
    "rst-inject-rae.pcap": {"conn_state": "REJ", "orig_bytes": 175, "resp_bytes": 0,
                            "orig_pkts": 4, "orig_ip_bytes": 395,
                            "resp_pkts": 5, "resp_ip_bytes": 236},
    "fin_retransmission.pcap": {"conn_state": "RSTR", "orig_bytes": 0, "resp_bytes": 0,
                                "orig_pkts": 3, "orig_ip_bytes": 156,
                                "resp_pkts": 2, "resp_ip_bytes": 92},
}
FIELDS = ("frame.time_epoch", "frame.len", "ip.src", "ip.dst", "ip.proto", "ip.len", "ipv6.src",
          "ipv6.dst", "ipv6.nxt", "ipv6.plen", "tcp.srcport", "tcp.dstport", "tcp.seq_raw",
          "tcp.len", "tcp.flags", "udp.srcport", "udp.dstport", "udp.length")
PROTOCOLS = {"tcp": 6, "udp": 17}
PAUSE = 5 * 10**9  # what parts times of activity
FIN, SYN = 1, 2


class Packet:
    """A packet as in tshark's output; times in ns."""

    def __init__(self, cells, more):
        f = dict(zip(FIELDS, cells))
        whole, _, part = f["frame.time_epoch"].partition(".")
        self.ts = int(whole) * 10**9 + int(part.ljust(9, "0")[:9])
        self.len = int(f["frame.len"]) - more
        self.proto = int(f["ip.proto"] or f["ipv6.nxt"] or -1)
        self.net = int(f["ip.len"] or 0) or int(f["ipv6.plen"] or 0) + 40
        t = "tcp" if self.proto == 6 else "udp"
        self.src = (f["ip.src"] or f["ipv6.src"], int(f[t + ".srcport"] or 0))
        self.dst = (f["ip.dst"] or f["ipv6.dst"], int(f[t + ".dstport"] or 0))
        self.flags = int(f["tcp.flags"] or "0", 16)
        self.seq = int(f["tcp.seq_raw"] or 0)
        self.payload = int(f["tcp.len"] or 0) if self.proto == 6 else \
            int(f["udp.length"] or 8) - 8

    def key(self):
        return self.proto, *sorted((self.src, self.dst))


def read_packets(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=f"]
    for name in FIELDS:
        command += ["-e", name]
    # tshark crashes if it has no configuration directory.
    settings = {name: value for name, value in os.environ.items() if name != "XDG_CONFIG_HOME"}
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=settings)
    more = added.per_frame(os.path.basename(path))
    return [Packet(line.split("\t"), more) for line in done.stdout.splitlines()]


def read_records(pkttop, path):
    done = subprocess.run([pkttop, "--batch", f"--read={path}", "--flow-log=-",
                           "--flow-log-format=json"], capture_output=True, check=True, text=True)
    return sorted((json.loads(line) for line in done.stdout.splitlines()),
                  key=lambda r: r["start"])


def nanoseconds(stamp):
    """The time of day in "2026-11-21T02:12:13.123456789Z", which is enough to compare."""
    hours, minutes, seconds = stamp[11:-1].split(":")
    whole, part = seconds.split(".")
    return (int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 10**9 + int(part)


def spread(numbers):
    mean = sum(numbers) / len(numbers)
    squares = sum((x - mean)**2 for x in numbers)
    return {"min": min(numbers), "mean": mean, "max": max(numbers),
            "deviation": math.sqrt(squares / len(numbers))}


def times(packets):
    """The periods between pauses, and the pauses."""
    active, idle, since, last = [], [], packets[0].ts, packets[0].ts
    for p in packets:
        if p.ts - last > PAUSE:
            active.append(last - since)
            idle.append(p.ts - last)
            since = p.ts
        last = max(last, p.ts)
    return active + [last - since], idle


def sequence_bytes(packets):
    """Payload from the SYN's sequence number to the highest one; None without exactly one SYN."""
    starts = {p.seq for p in packets if p.flags & SYN}
    if len(starts) != 1:
        return None
    start = starts.pop() + 1
    return max([(p.seq + p.payload - start) % 2**32 for p in packets
                if not p.flags & SYN and (p.payload or p.flags & FIN)], default=0)


class Record:
    """A record of the log with its packets."""

    def __init__(self, log, packets):
        self.log = log
        self.packets = packets
        self.wrong = []

    def expect(self, name, value, digits=None):
        said = self.log.get(name)
        if digits is None or value is None or said is None:
            right = said == value
        else:
            right = math.isclose(said, value, rel_tol=10**-digits, abs_tol=10**-digits)
        if not right:
            self.wrong.append(f"{name} is {said}, not {value}")

    def expect_spread(self, prefix, suffix, numbers, unit=1):
        s = spread(numbers) if numbers else dict.fromkeys(("min", "mean", "max", "deviation"))
        for part, value in s.items():
            exact = unit == 1 and part in ("min", "max")
            self.expect(f"{prefix}_{part}{suffix}", value if value is None else value / unit,
                        None if exact else 8)

    def check_way(self, suffix, zeek, packets):
        gaps = [max(0, y.ts - x.ts) for x, y in zip(packets, packets[1:])]
        self.expect("packets" + suffix, len(packets))
        self.expect("bytes" + suffix, sum(p.len for p in packets))
        self.expect_spread("size", suffix, [p.len for p in packets])
        self.expect_spread("gap", suffix, gaps, 10**9)
        self.expect(zeek + "_pkts", len(packets))
        self.expect(zeek + "_ip_bytes", sum(p.net for p in packets))
        if self.log["protocol"] == "udp":
            self.expect(zeek + "_bytes", sum(p.payload for p in packets))
        elif self.log["conn_state"] == "SF" and sequence_bytes(packets) is not None:
            self.expect(zeek + "_bytes", sequence_bytes(packets))

    def check(self):
        log, first = self.log, self.packets[0]
        a = (log["a"], log["a_port"])
        ways = [p for p in self.packets if p.src == a], [p for p in self.packets if p.src != a]
        zeek = ("orig", "resp") if log["originator"] == "a" else ("resp", "orig")
        active, idle = times(self.packets)
        for end, suffix in enumerate(("_ab", "_ba")):
            self.check_way(suffix, zeek[end], ways[end])
        self.expect_spread("active", "", active, 10**9)
        self.expect_spread("idle", "", idle, 10**9)
        self.expect("duration", (max(p.ts for p in self.packets) - first.ts) / 10**9, 9)
        if nanoseconds(log["start"]) != first.ts % (86400 * 10**9):
            self.wrong.append(f"it starts at {log['start']}")
        return self.wrong


def check_file(pkttop, path):
    """The differences, and the number of records compared."""
    packets, wrong, n = {}, [], 0
    for p in read_packets(path):
        packets.setdefault(p.key(), []).append(p)
    for log in read_records(pkttop, path):
        proto = PROTOCOLS.get(log["protocol"])
        if proto is None:
            continue
        ends = sorted(((log["a"], log["a_port"]), (log["b"], log["b_port"])))
        mine = packets.get((proto, *ends), [])
        count = log["packets_ab"] + log["packets_ba"]
        if len(mine) < count:
            wrong.append(f"{ends}: {count} packets in the log, tshark has {len(mine)} left")
            continue
        packets[(proto, *ends)] = mine[count:]
        wrong += [f"{ends}: {w}" for w in Record(log, mine[:count]).check()]
        n += 1
    left = sum(len(p) for key, p in packets.items() if key[0] in PROTOCOLS.values())
    if left:
        wrong.append(f"{left} packets are in no record")
    return wrong, n


def check_zeek(pkttop, path, facts):
    records = read_records(pkttop, path)
    if len(records) != 1:
        return [f"{len(records)} records where Zeek has one connection"]
    return [f"{name} is {records[0].get(name)}, Zeek has {value}"
            for name, value in facts.items() if records[0].get(name) != value]


def main():
    pkttop, folder, files = sys.argv[1], os.path.join(sys.argv[2], "real"), sys.argv[3:] or FILES
    failed, records = False, 0
    for name in files:
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            print(f"{name}: not there")
            continue
        wrong, n = check_file(pkttop, path)
        wrong += check_zeek(pkttop, path, ZEEK[name]) if name in ZEEK else []
        records += n
        failed |= bool(wrong)
        for w in wrong[:10]:
            print(f"{name}: {w}")
    print(f"{records} records of {len(files)} captures were computed anew")
    sys.exit(failed or records == 0)


main()
