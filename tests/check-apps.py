#!/usr/bin/env python3
"""Applications of flows, compared with those of ndpiReader; and kinds of use without the library,
compared with its categories where it does not guess, nor sees a carrier only.

Flows are compared if both programs see an application.  ndpiReader looks at more packets, and at
those without payload too.  What differs is listed: flows or bytes, and what each program says.
"""

import collections
import concurrent.futures
import csv
import pathlib
import subprocess
import sys
import tempfile

FLOWS_LEAST = 0.99
SHOWN = 30
KINDS = {  # of the library's categories; see src/ext/dpi.c
    "streaming": "Media Streaming Music Video",
    "VPN": "VPN",
    "mail": "Email",
    "file transfer": "DataTransfer Download FileSharing",
    "browsing": "Web Cloud SocialNetwork Shopping Productivity Collaborative",
    "games": "Game",
    "calls": "Chat VoIP",
    "remote access": "RemoteAccess",
    "updates": "SoftwareUpdate",
    "network": "Network System RPC ConnCheck",
}
# Of these our kinds differ on purpose: files, calls; the last one is any traffic to port 5001.
ON_PURPOSE = {"RX", "SMBv1", "SMBv23", "RTP", "Zoom", "STUN", "TargusDataspeed"}
CARRIERS = {"HTTP", "TLS", "QUIC", "DTLS"}  # of any kind, which a name may tell us


def run(*command):
    return subprocess.run(command, check=False, timeout=300, capture_output=True, text=True,
                          errors="replace").stdout


def kinds_of_protocols():
    """Kind of use by the name of a protocol."""
    kind = {category: kind for kind, names in KINDS.items() for category in names.split()}
    found = {}
    protocols = run("ndpiReader", "-h").partition("supported protocols:")[2]
    for line in protocols.partition("supported risks:")[0].splitlines():
        words = line.split()
        if len(words) == 5 and words[0].isdigit():
            found[words[1]] = kind.get(words[-1], "other")
    return found


def key_of(protocol, *ends):
    return int(protocol), frozenset((address, int(port)) for address, port in ends)


def reader_flows(capture):
    """Protocols ("TLS.NetFlix") by the ends of a flow."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "flows.csv")
        run("ndpiReader", "-q", "-i", capture, "-C", path)
        if not path.exists():
            return {}
        with open(path, newline="", errors="replace") as f:
            return {key_of(row["protocol"], (row["src_ip"], row["src_port"]),
                           (row["dst_ip"], row["dst_port"])): row["ndpi_proto"]
                    for row in csv.DictReader(f)}


def our_flows(pkttop, capture, *options):
    """Rows by the ends of a flow; the one with most bytes, if there are several."""
    out = run(pkttop, "--no-config", "-b", "-r", capture, "-V", "flows", "--format=csv", *options)
    flows = {}
    for row in sorted(csv.DictReader(out.splitlines()), key=lambda r: int(r.get("bytes") or 0)):
        if row["protocol"] in ("tcp", "udp") and row["a_port"] and row["b_port"]:
            number = 6 if row["protocol"] == "tcp" else 17
            flows[key_of(number, (row["a"], row["a_port"]), (row["b"], row["b_port"]))] = row
    return flows


def compare(pkttop, capture):
    return (reader_flows(capture), our_flows(pkttop, capture),
            our_flows(pkttop, capture, "--no-apps"))


class Score:
    def __init__(self, title):
        self.title, self.same, self.all = title, 0, 0
        self.differences = collections.Counter()

    def add(self, same, n, what):
        self.all += n
        self.same += n if same else 0
        if not same:
            self.differences[what] += n

    def print(self):
        share = self.same / max(self.all, 1)
        print(f"{share:.2%}  {self.title}: {self.same} of {self.all}")
        for what, n in self.differences.most_common(SHOWN):
            print(f"{n:10}  {what}")
        return share


def main():
    pkttop, corpus = sys.argv[1:]
    captures = sorted(str(path) for path in pathlib.Path(corpus, "real").iterdir())
    kinds = kinds_of_protocols()
    apps, uses = Score("flows of the same application"), Score("bytes of the same kind of use")
    purpose = Score("bytes of another kind on purpose")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for theirs, ours, own in pool.map(lambda path: compare(pkttop, path), captures):
            for key in theirs.keys() & ours.keys():
                protocol, found = theirs[key], ours[key]["dpi"].rstrip("?")
                if protocol == "Unknown" or not found:
                    continue
                last = protocol if protocol in kinds else protocol.split(".", 1)[-1]
                apps.add(last == found, 1, f"{protocol} ({found})")
                if key not in own or ours[key]["dpi"].endswith("?"):
                    continue
                kind, use = kinds.get(last, "other"), own[key]["use"]
                score = purpose if last in ON_PURPOSE | CARRIERS and kind != use else uses
                score.add(kind == use, int(own[key]["bytes"]), f"{protocol}: {kind} ({use})")
    share = apps.print()
    uses.print()
    purpose.print()
    if share < FLOWS_LEAST:
        sys.exit(f"less than {FLOWS_LEAST:.0%}")


main()
