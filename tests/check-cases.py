#!/usr/bin/env python3
"""Runs pkttop on small captures of difficult cases, and compares its output with the correct one.

    check-cases.py PKTTOP FOLDER [NAME ...]

FOLDER holds captures/, enc/, dlt/ and truth/; NAME chooses rows of the table below by a part of
their name.  A row is a command line and the values that its outputs must have.  A row in KNOWN_OF
is expected to fail, for the reason given there; if it no longer fails, the run fails until the row
is removed from KNOWN_OF.
"""

import csv
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

SECONDS = 60

# Known failures, with the reason.
KNOWN_OF = {
}
KNOWN = {name: reason for reason, names in KNOWN_OF.items() for name in names.split()}


class Run:
    """One command line; each kind of output is created when a check first needs it."""

    def __init__(self, pkttop, folder, args):
        self.command = [pkttop, "--batch", "--no-config", "--numeric"]
        self.args = [os.path.join(folder, a) if os.path.exists(os.path.join(folder, a)) else a
                     for a in args]
        self.kept = {}
        self.said = ""
        self.code = 0

    def output(self, *more):
        if more not in self.kept:
            done = subprocess.run([*self.command, *self.args, *more], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=SECONDS, check=False)
            self.said += done.stderr
            self.code = done.returncode
            self.kept[more] = done.stdout
        return self.kept[more]

    def report(self):
        lines = self.output("--format=json").splitlines()
        return json.loads(lines[-1]) if lines else {"total": {}, "flows": [], "sources": []}

    def table(self, name):
        return list(csv.DictReader(self.output("--format=csv", f"--table={name}").splitlines()))

    def log(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log.json")
            self.output("--format=json", f"--flow-log={path}")
            with open(path, encoding="utf-8") as file:
                return sorted((json.loads(line) for line in file), key=lambda r: r["start"])


def differences(what, row, want):
    """An expected value may be a function; None means a missing key."""
    for key, value in want.items():
        got = row.get(key)
        right = value(got) if callable(value) else got == value
        if not right:
            wanted = "what is right" if callable(value) else value
            yield f"{what} {key} {got}, not {wanted}"


def some_has(what, rows, want):
    """Some row has all of these values; else yields the differences of the nearest one."""
    wrong = [list(differences(what, row, want)) for row in rows]
    if not wrong:
        yield f"{what}: there is none"
    elif all(wrong):
        yield from min(wrong, key=len)


def number(got, want, what):
    if got != want:
        yield f"{got} {what}, not {want}"


# Each takes a run and the expected result, and yields the differences.

def check_total(run, want):
    yield from differences("total", run.report()["total"], want)


def check_report(run, want):
    yield from differences("report", run.report(), want)


def check_n_flows(run, want):
    yield from number(len(run.report()["flows"]), want, "flows")


def check_flow(run, want):
    yield from some_has("flow", run.report()["flows"], want)


def check_first_flow(run, want):
    yield from some_has("first flow", run.report()["flows"][:1], want)


def check_every_flow(run, want):
    for flow in run.report()["flows"]:
        yield from differences("flow", flow, want)


def check_source(run, want):
    yield from some_has("source", run.report()["sources"], want)


def check_port(run, want):
    yield from some_has("port", run.report()["ports"], want)


def check_names(run, want):
    got = sorted(flow["server_name"] for flow in run.report()["flows"] if "server_name" in flow)
    yield from number(got, want, "as names of servers")


def check_log(run, want):
    rows = run.log()
    yield from number(len(rows), len(want), "records in the flow log")
    for i, (row, values) in enumerate(zip(rows, want)):
        yield from differences(f"record {i + 1}", row, values)


def check_payload(run, want):
    rows = run.log()
    got = tuple(sum(row[key] for row in rows) for key in ("orig_bytes", "resp_bytes"))
    yield from number(got, want, "bytes of payload")


def check_health(run, want):
    for row in run.table("health"):
        yield from differences(f"health of {row['address']}", row, want)


def check_traffic(run, want):
    """The number of rows with packets, and the minimum and maximum of one."""
    per_row = [float(row["pps"]) for row in run.table("traffic") if float(row["pps"]) > 0]
    got = (len(per_row), min(per_row, default=0), max(per_row, default=0))
    yield from number(got, want, "rows of traffic, with least and most packets")


def check_no_direction(run, want):
    for row in run.table("traffic"):
        yield from differences("traffic", row, {column: "0" for column in want})


def check_says(run, want):
    run.report()
    if not re.search(want, run.said):
        yield f"standard error is {run.said.strip()!r}, without {want!r}"


def check_quiet(run, want):
    run.report()
    if want and run.said:
        yield f"says {run.said.strip()!r}"


CHECKS = {
    "total": check_total,
    "report": check_report,
    "n_flows": check_n_flows,
    "flow": check_flow,
    "first_flow": check_first_flow,
    "every_flow": check_every_flow,
    "source": check_source,
    "port": check_port,
    "names": check_names,
    "log": check_log,
    "payload": check_payload,
    "health": check_health,
    "traffic": check_traffic,
    "no_direction": check_no_direction,
    "says": check_says,
    "quiet": check_quiet,
}

ROWS = []


def row(name, *args, **wanted):
    """Of captures/NAME or another directory's; args without -r are options before it."""
    if "-r" not in args:
        args = (*args, "-r", name)
    ROWS.append((name, args, wanted))


def counted(packets, octets=None):
    return {"packets": packets} if octets is None else {"packets": packets, "bytes": octets}


def ends(a, a_port, b, b_port, **more):
    return {"a": a, "a_port": a_port, "b": b, "b_port": b_port, **more}


def files(*names):
    return [word for name in names for word in ("-r", name)]


# The same four packets in every file format.

WHOLE = {"total": counted(4, 1468), "n_flows": 2, "quiet": True}
FOR_OTHERS = r"gzip|gunzip|zcat|snoop|editcap|tshark"

for form in ("le be ns ns-be kuz snap0 snaphuge snap-neg v20 v23 v543").split():
    row(f"captures/{form}.pcap", **WHOLE)
for form in ("ng ng-2e10 ng-be ng-bigopt ng-custom ng-emptyidb ng-isb ng-ns ng-off ng-opb ng-res0 "
             "ng-res18 ng-spb ng-spb-snap ng-two-snap").split():
    row(f"captures/{form}.pcapng", **WHOLE)
row("captures/ng-two-dlt.pcapng", total=counted(4, 1440), n_flows=2, quiet=True)
row("captures/ng-cut.pcapng", total=counted(3, 426), says="cut short")
row("captures/ng-badif.pcapng", total={"packets": lambda n: n in (1, 3)}, says="interface")
row("captures/ng-noidb.pcapng", says="interface|Interface")
row("captures/ng-epbflags-dup.pcapng", total=counted(2, 284), quiet=True)
row("captures/two-snaps.pcapng", total=counted(2, 284), quiet=True)
row("captures/own.pcapng", total=counted(5, 1536), quiet=True)


def whole_or_said(run, want):
    """Read like its content, or a sentence that says what to do."""
    if run.report()["total"].get("packets") != want and not re.search(FOR_OTHERS, run.said):
        yield f"neither {want} packets nor what to do: {run.said.strip()!r}"


CHECKS["whole_or_said"] = whole_or_said
for form in ("le.pcap.gz", "ng.pcapng.gz", "snoop.cap"):
    row(f"captures/{form}", whole_or_said=4)

# Several files.

SEQWRAP = ends("192.0.2.1", 40008, "198.51.100.9", 443, packets_ab=9, packets_ba=7,
               state="closed", retransmissions=0)
row("captures/seqwrap.pcap", flow=SEQWRAP, n_flows=1, log=[{"orig_bytes": 1500}])
ROTATED = [f"captures/rot-{n}.pcap" for n in (1, 2, 3)] + ["captures/rot.pcap"]
row("rot-in-order", *files(*ROTATED), total=counted(16), n_flows=1, flow=SEQWRAP)
row("rot-out-of-order", *files(*reversed(ROTATED)), total=counted(16), n_flows=1, flow=SEQWRAP)

# Drops and stamps.

row("captures/ng-isb.pcapng:drops", "-r", "captures/ng-isb.pcapng",
    source={"interface_dropped": 77, "kernel_dropped": 33})
row("captures/ts2038.pcap", total=counted(4, 1468), report={
    "elapsed": 1.8, "time": "2038-01-19T03:14:08.800000000Z"},
    flow={"first": "2038-01-19T03:14:07.000000000Z"})
row("captures/tsfut.pcap", report={"elapsed": 0.3, "time": "2100-01-01T00:00:00.300000000Z"},
    flow={"first": "2100-01-01T00:00:00.000000000Z"})
row("captures/multiday.pcap", total=counted(4), n_flows=1, flow={
    "first": "2023-11-14T22:13:20.000000000Z", "last": "2023-11-17T22:13:20.000000000Z"})
row("captures/hugegap.pcapng", total=counted(3), report={"time": "2255-03-14T16:00:00.000000000Z"},
    flow={"first": "1970-01-01T00:00:00.000000000Z", "last": "2255-03-14T16:00:00.000000000Z"})
row("captures/hdr-only.pcap", total=counted(0), report={"time": lambda t: not t})

# Lengths, and the payload of TCP.

row("captures/zerolen.pcap", total=counted(4, 284))
row("captures/tso0.pcap", total={"malformed": 0}, log=[{"orig_bytes": 2960}])
row("captures/bigtcp4.pcap", log=[{"orig_bytes": 70000}])
row("captures/bigtcp6.pcap", log=[{"orig_bytes": 70000}])
row("captures/padding.pcap", flow={"retransmissions": 0}, log=[{"orig_bytes": 0, "resp_bytes": 0}])
row("captures/keepalive.pcap", flow={"retransmissions": 0}, payload=(10, 0))
row("captures/zwp.pcap", flow={"retransmissions": 0},
    log=[{"orig_bytes": lambda n: n in (10, 11)}])
row("captures/tfo.pcap", flow={"retransmissions": 0}, log=[{"orig_bytes": 50}])
row("captures/two-synacks.pcap", log=[{"resp_bytes": 3000}])
row("captures/midgap.pcap", log=[{"orig_bytes": 200}])
for twice in ("routed-twice", "span-dup"):
    row(f"captures/{twice}.pcap", flow={"retransmissions": 0})

# Contexts and ports.

row("captures/tenants-vlan.pcap", n_flows=2)
row("captures/two-vni.pcap", "--decap", n_flows=2)
row("captures/asym-vlan.pcap", n_flows=1, total=counted(10))
row("captures/frag-and-port0.pcap", flow=ends("192.0.2.1", 5000, "198.51.100.9", 53,
                                             packets_ab=3))
row("captures/frag-and-port0.pcap:0", "-r", "captures/frag-and-port0.pcap",
    flow=ends("192.0.2.1", 0, "198.51.100.9", 0, packets_ab=5))
row("captures/frag-and-port0.pcap:shown", "--show=port 0", "-r",
    "captures/frag-and-port0.pcap", n_flows=1, flow={"packets_ab": 5})
row("captures/frag-flood.pcap", n_flows=1, flow={"packets_ab": 20, "a_port": None, "b_port": None})
for protocol in ("udp", "tcp"):
    row(f"captures/odd.pcap:{protocol}", "-r", "captures/odd.pcap",
        flow=ends("192.0.2.1", 0, "198.51.100.9", 0, protocol=protocol))
row("captures/odd.pcap", flow={"application": "dhcp"})
row("captures/odd.pcap:mdns", "-r", "captures/odd.pcap", flow={"application": "mdns"})
row("captures/sll-proto3.pcap", flow={"protocol": "udp", "a": "192.0.2.1", "application": "dhcp"})

# Server names in the payload.

for capture, server in {
        "tls-1plus": "first-byte.example", "tls-byte": "bytewise.example",
        "tls-nul": "after-nul.example", "tls-port22222": "oddport.example",
        "tls-pq-ooo": "pq-ooo.example", "tls-pq-split": "pq-split.example",
        "tls-retr": "pq-split.example", "tls-smtp": "oddport25.example",
        "tls-whole": "whole.example", "http-connect": "target.example:443",
        "http-port": "web.example:8080", "http-proxyproto": "viaproxy.example",
        "http-split": "late.example"}.items():
    row(f"captures/{capture}.pcap", n_flows=1, names=[server])

# Encapsulations and link types, one packet each.

INNER = ends("10.9.0.1", 1111, "10.9.0.2", 2222, protocol="udp")
OTHERWISE = {
    "enc/6in4": ends("2001:db8::1", 1111, "2001:db8::2", 2222),
    "enc/teredo": ends("2001::1", 1111, "2001:db8::2", 2222),
    "enc/ah": {"a_port": 1111, "b_port": 2222},
    "enc/udplite": {"a_port": 1000, "b_port": 2000},
    "enc/sctp": {"a_port": 1000, "b_port": 2000},
    # Nothing is inside, or it cannot be dissected.
    "enc/ipcomp": {"protocol": "ipcomp"},
    "enc/ospf": {"protocol": "ospf"},
    "enc/udp-esp": {"a_port": 4500, "b_port": 4500},
    "enc/wg": {"a_port": 51820, "b_port": 51820},
}
SIX = "dlt/ipv6-229", "dlt/loop-v6-24", "dlt/null-v6-10", "dlt/null-v6-30", "dlt/raw6"
OTHERWISE.update({name: ends("2001:db8::1", 1111, "2001:db8::2", 2222) for name in SIX})
# dsa-dsa has link type 283, which is a header of IEEE 802.15.4; DSA is 284.
WITHOUT_IP = {"bt", "can", "dsa-dsa", "gprsllc", "ibrc", "ieee802154", "iwm", "linux-lapd", "ltalk", "mtp3",
              "netlink", "openflow", "rtac", "sll-8022", "sll-can", "sll-netlink", "usb", "user0",
              "vsock", "x2e", "zwave"}


def row_of_layers(path):
    folder, name = path.split("/")
    if folder == "dlt" and name in WITHOUT_IP:
        row(f"{path}.pcap", "--decap", total=counted(1))
    else:
        row(f"{path}.pcap", "--decap", n_flows=1, flow=OTHERWISE.get(path, INNER))


# Findings from other captures.

row("truth/gtp-aws.pcap", "--decap", n_flows=8,
    every_flow={"protocol": "tcp", "a_port": 443, "b": "10.45.0.2", "b_port": 50000,
                "packets_ab": 5, "packets_ba": 0})
row("truth/mon.pcap", traffic=(40, 1, 1))
row("truth/thu.pcap", traffic=(40, 1, 1))
row("truth/mon-thu.pcap", traffic=(80, 1, 1))
row("thu-before-mon", *files("truth/thu.pcap", "truth/mon.pcap"), traffic=(80, 1, 1))
row("mon-before-thu", *files("truth/mon.pcap", "truth/thu.pcap"), traffic=(80, 1, 1))
row("truth/day-gap.pcap", flow={"packets_ab": 13, "first": "2023-11-16T22:13:20.000000000Z",
                                "last": "2023-11-16T22:13:32.000000000Z"})
row("truth/reuse-without-end.pcap", n_flows=2, every_flow={"retransmissions": 0},
    flow={"first": "2023-11-15T01:13:20.000000000Z", "handshake_ms": 40.0})
row("truth/syn-other-isn.pcap", every_flow={"retransmissions": 0})
row("truth/pw-nocw.pcap", total={"malformed": 0}, flow={
    "protocol": "tcp", "a": "192.168.1.1", "a_port": 40000, "b": "192.168.1.2", "b_port": 80,
    "packets_ab": 5, "packets_ba": 5})
row("truth/pw-nocw.pcap:arp", "-r", "truth/pw-nocw.pcap", flow={
    "protocol": "arp", "packets_ab": 2})
row("truth/ended-evicted.pcap", "--memory=4", first_flow=ends(
    "10.0.0.1", 40000, "192.0.2.80", 80, packets_ab=3, packets_ba=1002))
row("truth/cut-reset.pcap", log=[{"resets": 1}, {"resets": 1}])
row("truth/cut-retransmission.pcap", log=[{"retransmissions_ab": 0}, {"retransmissions_ab": 1}])
row("truth/rtt-half.pcap", flow={"rtt_ms": None}, log=[{"rtt": None}])
row("truth/own-broadcast.pcap", n_flows=1, no_direction=("bps_in", "bps_out"))
row("truth/dhcp-offer.pcap", log=[{
    "conn_state": "S0", "history": "D", "orig_pkts": 1, "resp_pkts": 0, "originator": "a",
    "a": "10.0.0.1", "a_port": 67}])
row("truth/backscatter.pcap", health={"refused": "0"})
row("truth/vxlan-fragments.pcap", "--decap", n_flows=1, flow=ends(
    "192.168.1.1", 1111, "192.168.1.2", 2222, packets_ab=6, bytes_ab=4578))
row("truth/deep-stack.pcap", "--decap", flow=ends("192.168.1.1", 1111, "192.168.1.2", 2222))
row("truth/deep-stack-3.pcap", "--decap", flow=ends("192.168.1.1", 1111, "192.168.1.2", 2222))
row("truth/client-port-lower.pcap", port={"port": 20000}, flow={
    "a_port": 1720, "b_port": 20000, "application": lambda name: name != "h225"})
row("truth/handshake-0.pcap", flow={"handshake_ms": 0.0}, log=[{"handshake": 0.0}])
row("truth/year-2040.pcap", report={"elapsed": 9.0},
    flow={"first": "2040-01-01T00:00:00.000000000Z"})


def failures(pkttop, folder, args, wanted):
    run = Run(pkttop, folder, args)
    for name, want in wanted.items():
        try:
            yield from CHECKS[name](run, want)
        except (ValueError, KeyError, OSError, subprocess.TimeoutExpired) as error:
            yield f"{name}: {error!r}; {run.said.strip()}"


def tell(name, wrong):
    """Prints the result of a row.  True if it makes the run fail."""
    if name in KNOWN and wrong:
        print(f"known: {name}: {KNOWN[name]}")
        return False
    if name in KNOWN:
        print(f"{name} is right now: take it out of KNOWN_OF")
        return True
    for text in wrong:
        print(f"{name}: {text}")
    return bool(wrong)


def main():
    pkttop, folder, *parts = sys.argv[1:]
    for path in sorted(glob.glob(os.path.join(folder, "enc", "*.pcap")) +
                       glob.glob(os.path.join(folder, "dlt", "*.pcap"))):
        row_of_layers(os.path.relpath(path, folder).removesuffix(".pcap"))
    chosen = [r for r in ROWS if not parts or any(part in r[0] for part in parts)]
    failed = sum(tell(name, list(failures(pkttop, folder, args, wanted)))
                 for name, args, wanted in chosen)
    stale = set(KNOWN) - {name for name, _, _ in ROWS}
    for name in sorted(stale):
        print(f"{name} is in KNOWN_OF, but no row")
    known = len(set(KNOWN) & {name for name, _, _ in chosen})
    print(f"{len(chosen)} rows, of which {known} are known to fail; {failed} are not as expected")
    sys.exit(bool(failed or stale))


main()
