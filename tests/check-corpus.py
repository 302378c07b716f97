#!/usr/bin/env python3
"""Compares pkttop's results for captures with those of tshark, capinfos and tcpdump.

    check-corpus.py PKTTOP FOLDER DIFFERENCES [FILE ...]

FOLDER holds captures and their known results: real/ with oracle.json, hostile/ with hostile.json,
and gen-trace, which writes captures with known results.  For real captures every number must be
equal, between the outermost addresses and, with --decap, between the innermost ones, and so must
be the names of servers and addresses; the file DIFFERENCES lists justified exceptions with their
reasons.  For damaged copies there must be a report, or an error message.  If libpcap stops before
tshark does, tcpdump's result is used, except for pcapng files whose interfaces differ.  For hostile
captures the number of packets must be right.  Every report must balance.  With names of FILEs,
only those are tested.
"""

import collections
import concurrent.futures
import functools
import ipaddress
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import added

SECONDS = int(os.environ.get("PKTTOP_SECONDS", 20))
SOURCES = 16  # in a report; interfaces beyond share the last one
L3 = {"ip": "ipv4", "ipv6": "ipv6", "arp": "arp"}
PORTS = ("tcp", "udp", "sctp")
# pkttop's names for the oracle's IP protocol numbers.
NUMBERS = {"igmp": 2, "ip": 4, "egp": 8, "igrp": 9, "dccp": 33, "ipv6": 41, "rsvp": 46, "gre": 47,
           "esp": 50, "ah": 51, "nhrp": 54, "eigrp": 88, "ospf": 89, "etherip": 97, "pim": 103,
           "ipcomp": 108, "vrrp": 112, "pgm": 113, "l2tp": 115, "isis": 124, "mipv6": 135,
           "udplite": 136, "mpls": 137, "hip": 139, "shim6": 140, "eth": 143}
# Both programs agree on these; applications are detected differently.
NAMED = ("arp", "icmp", "icmpv6", "igmp", "tcp", "udp", "sctp", "gre", "esp", "ospf", "lldp",
         "mpls")
TRACES = {
    "trace-1": "--seed 1 --flows 5000 --vlan 10 --retrans 2 --icmp 2 --scan 5000 --synflood 5000 "
               "--spoof 5000",
    "trace-2": "--seed 2 --flows 800 --v6 60 --vlan 50 --retrans 5 --arp 3 --nano",
    "trace-3": "--seed 3 --flows 20000 --udp 10 --zipf 0.8 --size imix --retrans 1 --snaplen 96",
    "trace-v6": "--seed 5 --v6 100 --vlan 100 --retrans 10 --udp 5 --flows 300 --dns 0",
    "trace-slow": "--seed 6 --v6 10 --vlan 5 --retrans 1 --flows 3000 --pps 50 --nano --size 1514",
    "trace-flood": "--seed 7 --flows 100 --retrans 20 --synflood 12000 --scan 8000 --v6 50",
    "trace-ports": "--seed 4 --v6 0 --icmp 0 --retrans 5 --snaplen 40",  # of TCP the ports alone
}
TRACE_PACKETS = "200000"
MUTANTS = 2000  # copies of real captures with an error or some
MUTANT_BYTES = 300000
# tshark's name, and pkttop's name for it.
HEALTH = (("retransmission", "retransmissions"), ("out_of_order", "out_of_order"),
          ("duplicate_ack", "duplicate_acks"), ("zero_window", "zero_windows"))
# Frames shorter than their IP headers claim: tshark calculates another payload length.
NO_HEALTH = ("badpackets.pcap", "fast_reuse.dmp", "long_rtt.dmp", "reassembly.pcap",
             "tcpreplay-test.pcap")
UNREAD = "cannot be read, only packets and bytes are counted"


def run(pkttop, path, *options):
    """The report as an object or None, the exit status, and standard error."""
    done = subprocess.run(
        [pkttop, "--batch", "--format=json", f"--read={path}", *options],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    error = done.stderr.decode("utf-8", "replace")
    lines = done.stdout.decode("utf-8", "strict").splitlines()
    if len(lines) > 1 or (done.returncode == 0 and not lines):
        raise ValueError(f"{len(lines)} lines of output")
    return (json.loads(lines[0]) if lines else None), done.returncode, error


@functools.lru_cache
def version(pkttop):
    return subprocess.run([pkttop, "--version"], capture_output=True, text=True, check=True).stdout


def address(text):
    """An IP address as the oracle writes it, or None for any other."""
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None


def own_counts(protocols, unit):
    """Layers of each path, and what ends there."""
    own = {p["path"]: p[unit] for p in protocols}
    for p in protocols:
        parent = p["path"].rpartition("/")[0]
        if parent:
            own[parent] -= p[unit]
    return [(path.split("/"), count) for path, count in own.items()]


def add_layers(figures, protocols):
    for unit in ("packets", "bytes"):
        for layers, count in own_counts(protocols, unit):
            network = next((L3[name] for name in layers if name in L3), "other")
            figures[f"{unit} of {network}"] += count
            if unit == "packets":
                for name in {"vlan", *NAMED} & set(layers):
                    figures[f"frames with {name}"] += count


def flow_name(protocol, a, a_port, b, b_port):
    """The flow's name and whether its ends had to be swapped for it."""
    x, y = (a, a_port), (b, b_port)
    swapped = x > y
    if swapped:
        x, y = y, x
    return f"flow {protocol} {x[0]} {x[1]} {y[0]} {y[1]}", swapped


def flow_counts(f, swapped):
    ways = ("ba", "ab") if swapped else ("ab", "ba")
    return tuple(f[f"{unit}_{way}"] for way in ways for unit in ("packets", "bytes"))


def add_counts(figures, name, counts):
    """True for the first row of that name."""
    known = figures.get(name)
    figures[name] = tuple(map(sum, zip(known, counts))) if known else counts
    return not known


def add_flows(figures, flows):
    """Flows between the same ends are successive connections."""
    for f in flows:
        a, b = address(f.get("a")), address(f.get("b"))
        if a is None or b is None:
            continue
        protocol = f["protocol"].removeprefix("ip-")
        protocol = str(NUMBERS.get(protocol, protocol))
        for unit in ("packets", "bytes"):
            figures[f"{unit} of transport {protocol}"] += f[f"{unit}_ab"] + f[f"{unit}_ba"]
        if protocol not in PORTS or "a_port" not in f:
            continue
        name, swapped = flow_name(protocol, a, f["a_port"], b, f["b_port"])
        if add_counts(figures, name, flow_counts(f, swapped)):
            figures[f"flows of {protocol}"] += 1


def add_hosts(figures, hosts):
    """An address has a host in each network, and the oracle knows one of all of them."""
    for h in hosts:
        a = address(h.get("address"))
        if a is not None and add_counts(figures, f"host {a}", tuple(h[k] for k in (
                "packets_out", "bytes_out", "packets_in", "bytes_in"))):
            figures[f"hosts of ipv{6 if ':' in a else 4}"] += 1


def ours(r):
    """All numbers of a report, by name; 0 if missing."""
    figures = collections.Counter()
    for key in ("packets", "bytes", "smallest", "largest", "average"):
        figures[key] = r["total"].get(key)
    figures["interfaces"] = len(r["sources"])
    for key in ("retransmissions", "out_of_order", "duplicate_acks", "zero_windows", "resets"):
        figures[key] = sum(f.get(key, 0) for f in r["flows"])
    add_layers(figures, r["protocols"])
    add_flows(figures, r["flows"])
    add_hosts(figures, r["hosts"])
    return figures


def wanted_ends(view):
    """The oracle's numbers for addresses: the outermost or the innermost ones."""
    for protocol in sorted({*PORTS, "icmp", "icmpv6", *view["l4_packets"]}):
        for unit in ("packets", "bytes"):
            yield f"{unit} of transport {protocol}", view[f"l4_{unit}"].get(protocol, 0)
    for protocol in PORTS:
        yield f"flows of {protocol}", view["flows"].get(protocol, 0)
        for f in view.get(f"top_{protocol}", ()):
            name, swapped = flow_name(protocol, f["a"], f["a_port"], f["b"], f["b_port"])
            yield name, flow_counts(f, swapped)
    for family, count in view["hosts"].items():
        yield f"hosts of {family}", count
    for h in view["top_hosts"]:
        yield f"host {h['addr']}", tuple(h[k] for k in (
            "packets_tx", "bytes_tx", "packets_rx", "bytes_rx"))


def wanted_totals(oracle):
    sizes = oracle["frame_len"]
    yield "packets", oracle["packets"]
    yield "bytes", oracle["bytes_wire"]
    if oracle["packets"] > 0:
        yield "smallest", sizes["min"]
        yield "largest", sizes["max"]
        # rounds half up; Python and the oracle round half to even
        yield "average", (oracle["bytes_wire"] * 200 // oracle["packets"] + 1) // 2 / 100
    for unit in ("packets", "bytes"):
        for family, count in oracle[f"l3_{unit}"].items():
            yield f"{unit} of {family}", count
    yield "frames with vlan", oracle["vlan_packets"]
    yield "interfaces", max(1, min(oracle.get("interfaces_used", 1), SOURCES))


def wanted_names(oracle):
    for name in NAMED:
        yield f"frames with {name}", oracle["protocol_frames"].get(name, 0)


def wanted_health(oracle):
    for theirs, name in HEALTH:
        yield name, oracle["tcp"]["analysis_frames"][theirs]


def may_be_fragments(name, got, want, without_ports):
    """Later fragments, which the oracle leaves without a flow, may be in their flow."""
    slack = without_ports.get(name.split()[1], 0) if name.startswith("flow ") else 0
    return slack > 0 and got != 0 and 0 <= got[0] + got[2] - want[0] - want[2] <= slack


def compare(figures, wanted, without_ports=None):
    for name, want in wanted:
        got = figures[name]
        if got != want and not may_be_fragments(name, got, want, without_ports or {}):
            yield f"{name}: {got}, not {want}"


def unbalanced(r):
    """The names whose sum is not the total."""
    total, other = r["total"], r["other"]
    for unit in ("packets", "bytes"):
        sums = {
            "flows": sum(f[f"{unit}_ab"] + f[f"{unit}_ba"] for f in r["flows"]) +
                     other["flows"][unit],
            "ports": sum(p[unit] for p in r["ports"]) + other["ports"][unit],
            "hosts sent": sum(h[f"{unit}_out"] for h in r["hosts"]) +
                          other["hosts"][f"{unit}_out"],
            "hosts received": sum(h[f"{unit}_in"] for h in r["hosts"]) +
                              other["hosts"][f"{unit}_in"],
            "protocols": sum(p[unit] for p in r["protocols"] if "/" not in p["path"]),
            "sources": sum(s[unit] for s in r["sources"]),
        }
        for name, value in sums.items():
            if value != total[unit]:
                yield f"{unit} of {name} sum up to {value}, not to {total[unit]}"


def one_line(error):
    return error.startswith("pkttop: ") and error.count("\n") == 1 and error.endswith("\n")


# Parts of pcapng that pkttop reads and libpcap does not.
READ = re.compile("of the first interface|has no Interface|byte order|resolution")


def does_stop(tcpdump):
    """True if the file is invalid, and not only unsupported by libpcap."""
    return "error" in tcpdump and not READ.search(tcpdump["error"])


def check_status(status, error, stops):
    """One line reports an input that libpcap cannot read to its end, or an unsupported link type;
    otherwise there is no output."""
    if not stops and one_line(error) and UNREAD in error:
        error = ""
    if status != (1 if stops else 0) or not (one_line(error) if stops else error == ""):
        yield f"exit status {status} with the message {error!r}"
    if any(ord(c) < 32 and c != "\n" or 0x7f <= ord(c) < 0xa0 for c in error):
        yield f"control characters: {error!r}"


def names_in(oracle, *kinds):
    names = oracle.get("names") or {}
    return {name for kind in kinds for name in (names.get(kind) or {}).get("names", ())}


def check_servers(pkttop, reports, oracle):
    """The servers that clients ask for: all that were asked, and no others.  With or without
    --decap is enough; of HTTP a flow keeps the first, and what SSDP calls a host is a group."""
    told = {f["server_name"] for r in reports for f in r["flows"] if "server_name" in f}
    servers, hidden = names_in(oracle, "tls_sni", "dtls_sni"), names_in(oracle, "quic_sni")
    hosts = {h for h in names_in(oracle, "http_hosts") if not h.endswith(":1900")}
    if re.search(r"^libcrypto +yes$", version(pkttop), re.M):
        servers |= hidden
    for name in sorted((servers | hosts) - told):
        yield f"server {name!r} is missing"
    for name in sorted(told - servers - hosts):
        yield f"server {name!r} was not asked for"


def check_addresses(r, oracle):
    """The names of addresses in DNS answers: the last one counts."""
    known = (oracle.get("names") or {}).get("dns_names_of_address") or {}
    hosts = {address(h.get("address")): h.get("name") for h in r["hosts"]}
    asked = [a for a in hosts if a in known]
    nameless = [a for a in asked if hosts[a] is None]
    if nameless:
        yield f"of {len(asked)} addresses {len(nameless)} have no name"
    for a in asked:
        if hosts[a] is not None and hosts[a] not in known[a]:
            yield f"name of {a}: {hosts[a]!r}, not {' or '.join(known[a])}"


def on_link(figures, each):
    """The same numbers, for frames without the bytes that their capture added."""
    for key, value in figures.items():
        count = figures.get(key.replace("bytes_wire", "packets").replace("bytes", "packets"))
        if isinstance(value, dict) and "bytes" in key:
            figures[key] = {k: n - each * count[k] for k, n in value.items()}
        elif "bytes" in key and count is not None and key != "bytes_captured":
            figures[key] -= each * count
        elif isinstance(value, dict):
            on_link(value, each)
        elif isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict):
                    on_link(entry, each)
    if "frame_len" in figures:
        for key in ("min", "max"):
            figures["frame_len"][key] -= each


def check_real(pkttop, path, oracle):
    on_link(oracle, added.per_frame(os.path.basename(path),
                                    oracle["capinfos"].get("encapsulation")))
    r, status, error = run(pkttop, path)
    tcpdump = oracle["tcpdump"]
    stops = does_stop(tcpdump)
    yield from check_status(status, error, stops)
    if r is None:
        yield f"no report: {error.strip()}"
        return
    yield from unbalanced(r)
    figures, outer = ours(r), oracle["outer"]
    if stops:
        yield from compare(figures, [("packets", tcpdump["packets"])])
        return
    if "an interface has a type" in tcpdump.get("error", ""):
        # Each link has its own rule for bytes.
        yield from compare(figures, [("packets", oracle["packets"])])
        return
    yield from compare(figures, wanted_totals(oracle))
    yield from compare(figures, wanted_names(oracle))
    yield from compare(figures, wanted_ends(outer), outer["packets_without_ports"])
    yield from check_addresses(r, oracle)
    reports = [r]
    if r["total"]["truncated"] > oracle["truncated_packets"]:
        yield f"truncated: {r['total']['truncated']} of {oracle['truncated_packets']} that are cut"
    if "inner" in oracle:
        inner, (r, status, error) = oracle["inner"], run(pkttop, path, "--decap")
        reports.append(r)
        figures = ours(r)
        yield from (f"decap: {complaint}" for complaint in (
            *unbalanced(r),
            *check_status(status, error, stops),
            *compare(figures, wanted_ends(inner), inner["packets_without_ports"])))
    yield from check_servers(pkttop, reports, oracle)
    if oracle.get("tcp") and os.path.basename(path) not in NO_HEALTH:
        yield from compare(figures, wanted_health(oracle))
        yield from check_round_trips(r, oracle)


def check_round_trips(r, oracle):
    """The RTT of the handshake, if the ends have had one connection only."""
    found = collections.defaultdict(list)
    for f in r["flows"]:
        if f["protocol"] == "tcp" and "a_port" in f:
            a, b = address(f["a"]), address(f["b"])
            found[flow_name("tcp", a, f["a_port"], b, f["b_port"])[0]].append(f)
    streams = oracle["tshark_conversations"]["tcp"]["top"]
    names = [flow_name("tcp", *(s[k] for k in ("a", "a_port", "b", "b_port")))[0] for s in streams]
    for name, stream in zip(names, streams):
        if names.count(name) > 1 or len(found[name]) != 1:
            continue
        got, want = found[name][0].get("handshake_ms"), stream.get("initial_rtt")
        if got is None or want is None:
            wrong = got is not want
        else:
            wrong = abs(got - want * 1e3) > want * 50
        if wrong:
            yield f"round trip of {name}: {got} ms, not {want} s"


def check_hostile(pkttop, path, oracle):
    tcpdump = oracle["tcpdump"]
    r, status, error = run(pkttop, path)
    # libpcap reads it even if tcpdump cannot print it.
    known = "unknown data link type" not in tcpdump.get("error", "")
    yield from check_status(status, error, does_stop(tcpdump) if known else status == 1)
    if r is None:
        if tcpdump["packets"] is not None:
            yield f"no report of {tcpdump['packets']} packets: {error.strip()}"
        return
    yield from unbalanced(r)
    if known and not READ.search(tcpdump.get("error", "")):
        yield from compare(ours(r), [("packets", tcpdump["packets"] or 0)])


def mutant(path, seed):
    """A capture with some bits flipped, or truncated, or both; the same for the same seed."""
    dice = random.Random(seed)
    with open(path, "rb") as file:
        data = bytearray(file.read())
    if dice.random() < 0.3:
        del data[dice.randrange(len(data)):]
    if data and dice.random() < 0.9:
        # Mostly after the file's header, which would otherwise decide everything.
        least = 24 if dice.random() < 0.9 and len(data) > 24 else 0
        for _ in range(dice.choice((1, 3, 10, 100))):
            data[dice.randrange(least, len(data))] ^= 1 << dice.randrange(8)
    return data


def check_mutant(pkttop, paths, seed):
    """A damaged capture gives a balanced report, or one line with the error."""
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(mutant(paths[seed % len(paths)], seed))
        file.flush()
        r, status, error = run(pkttop, file.name, *(("--decap",) if seed % 2 else ()))
    yield from check_status(status, error, status != 0)
    if r is not None:
        yield from unbalanced(r)


def check_trace(pkttop, generator, options):
    """A synthetic capture with known content."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.pcap")
        truth = json.loads(subprocess.run(
            [generator, "--write", path, "--packets", TRACE_PACKETS, *options.split()],
            stdout=subprocess.PIPE, check=True).stdout)
        r, status, error = run(pkttop, path)
    yield from check_status(status, error, False)
    yield from unbalanced(r)
    figures = ours(r)
    health = {"retransmissions": truth["tcp"]["retransmissions"], "resets": truth["tcp"]["rst"],
              "out_of_order": 0, "duplicate_acks": 0, "zero_windows": 0}
    handshakes = collections.Counter()
    for f in r["flows"]:
        if "handshake_ms" in f:
            name, _ = flow_name("tcp", f["a"], f["a_port"], f["b"], f["b_port"])
            handshakes[name] = round(f["handshake_ms"] * 1000)
    whole = "--snaplen 40" not in options
    yield from compare(figures, health.items() if whole else [(name, 0) for name in health])
    for protocol in PORTS:
        truth[f"top_{protocol}"] = [f for f in truth["top_flows"] if f["proto"] == protocol]
    for f in truth["top_flows"]:
        if "irtt_us" in f:
            name, _ = flow_name("tcp", f["a"], f["a_port"], f["b"], f["b_port"])
            yield from compare(handshakes, [(name, f["irtt_us"] if whole else 0)])
    yield from compare(figures, wanted_totals(truth))
    yield from compare(figures, wanted_ends(truth))


def check_task(task):
    name, check, arguments = task
    try:
        return name, list(check(*arguments))
    except (ValueError, KeyError, TypeError, subprocess.SubprocessError) as error:
        return name, [f"{type(error).__name__}: {error}"]


def tasks(pkttop, folder):
    for name, options in TRACES.items():
        yield name, check_trace, (pkttop, os.path.join(folder, "gen-trace"), options)
    real = os.path.join(folder, "real")
    paths = [path for name in sorted(os.listdir(real))
             if os.path.getsize(path := os.path.join(real, name)) <= MUTANT_BYTES]
    for seed in range(MUTANTS):
        yield f"mutant-{seed}", check_mutant, (pkttop, paths, seed)
    for kind, figures, check in (("real", "oracle.json", check_real),
                                 ("hostile", "hostile.json", check_hostile)):
        with open(os.path.join(folder, figures), encoding="utf-8") as file:
            for name, oracle in sorted(json.load(file)["files"].items()):
                yield name, check, (pkttop, os.path.join(folder, kind, name), oracle)


def read_differences(path):
    """Lines of `file: complaint | reason`."""
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and line[0] != "#"]
    differences = {}
    for line in lines:
        complaint, bar, reason = line.partition(" | ")
        if not bar or not reason:
            sys.exit(f"{path}: no reason is given: {line}")
        differences[complaint] = reason
    return differences


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    pkttop, folder, differences, *only = sys.argv[1:]
    todo = [t for t in tasks(pkttop, folder) if not only or t[0] in only]
    known = {} if only else read_differences(differences)
    complaints = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, found in pool.map(check_task, todo):
            complaints += (f"{name}: {complaint}" for complaint in found)
    unexplained = [c for c in complaints if c not in known]
    gone = [d for d in known if d not in complaints]
    for complaint in unexplained:
        print(complaint)
    for difference in gone:
        print(f"{differences}: is no more: {difference}")
    print(f"{len(todo)} captures, {len(complaints)} differences, {len(unexplained)} unexplained")
    sys.exit(1 if unexplained or gone or not todo else 0)


main()
