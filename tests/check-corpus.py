#!/usr/bin/env python3
"""Compares pkttop's figures of captures with those of tshark, capinfos and tcpdump.

    check-corpus.py PKTTOP FOLDER

FOLDER holds real/ and hostile/ with captures, and their figures in oracle.json and
hostile.json.  Of real captures the packets, bytes, smallest and largest frame and
the packets of each network protocol must agree; of hostile ones the number of packets.
Where libpcap stops before tshark does, what tcpdump reads is right.  Every report must
balance: flows, hosts and protocols sum up to the total.
"""

import concurrent.futures
import json
import os
import subprocess
import sys

SECONDS = 60
L3 = {"ip": "ipv4", "ipv6": "ipv6", "arp": "arp"}


def report(pkttop, path):
    """The report as an object, the exit status, and standard error."""
    run = subprocess.run(
        [pkttop, "--batch", "--format=json", f"--read={path}"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    error = run.stderr.decode("utf-8", "replace")
    lines = run.stdout.decode("utf-8", "strict").splitlines()
    if run.returncode == 0 and len(lines) != 1:
        raise ValueError(f"{len(lines)} lines of output")
    return (json.loads(lines[-1]) if lines else None), run.returncode, error


def network_layers(protocols):
    """Packets by the outermost network protocol, from the tree of protocols."""
    packets = {p["path"]: p["packets"] for p in protocols}
    own = dict(packets)
    for path, count in packets.items():
        parent = path.rpartition("/")[0]
        if parent:
            own[parent] -= count
    sums = {"ipv4": 0, "ipv6": 0, "arp": 0, "other": 0}
    for path, count in own.items():
        kind = next((L3[layer] for layer in path.split("/") if layer in L3), "other")
        sums[kind] += count
    return sums


def unbalanced(r):
    """What does not sum up to the total."""
    total, other = r["total"], r["other"]
    for unit in ("packets", "bytes"):
        flows = sum(f[f"{unit}_ab"] + f[f"{unit}_ba"] for f in r["flows"]) + other["flows"][unit]
        ports = sum(p[unit] for p in r["ports"]) + other["ports"][unit]
        roots = sum(p[unit] for p in r["protocols"] if "/" not in p["path"])
        sources = sum(s[unit] for s in r["sources"])
        for name, value in (("flows", flows), ("ports", ports), ("protocols", roots),
                            ("sources", sources)):
            if value != total[unit]:
                yield f"{unit} of {name} sum up to {value}, not to {total[unit]}"


def compare(what, got, wanted):
    if got != wanted:
        yield f"{what}: {got}, not {wanted}"


def check_real(pkttop, path, oracle):
    r, status, error = report(pkttop, path)
    if r is None:
        yield f"no report: {error.strip()}"
        return
    total, tcpdump = r["total"], oracle["tcpdump"]
    yield from unbalanced(r)
    yield from compare("packets", total["packets"], tcpdump["packets"])
    stops = "error" in tcpdump
    yield from compare("exit status", status, 1 if stops else 0)
    if stops or tcpdump["packets"] != oracle["packets"]:
        return
    yield from compare("bytes", total["bytes"], oracle["bytes_wire"])
    yield from compare("smallest", total.get("smallest"), oracle["frame_len"]["min"])
    yield from compare("largest", total.get("largest"), oracle["frame_len"]["max"])
    yield from compare("network layers", network_layers(r["protocols"]), oracle["l3_packets"])


def check_hostile(pkttop, path, oracle):
    tcpdump = oracle["tcpdump"]
    r, status, error = report(pkttop, path)
    if status not in (0, 1):
        yield f"exit status {status}: {error.strip()}"
    if status == 1 and (len(error.splitlines()) != 1 or not error.startswith("pkttop: ")):
        yield f"wanted is one line that says why: {error!r}"
    if any(ord(c) < 32 and c != "\n" or 0x7f <= ord(c) < 0xa0 for c in error):
        yield f"control characters: {error!r}"
    if r is None:
        if tcpdump["packets"] is not None:
            yield f"no report of {tcpdump['packets']} packets: {error.strip()}"
        return
    yield from unbalanced(r)
    if "unknown data link type" in tcpdump.get("error", ""):
        return  # that is what tcpdump cannot print; libpcap reads it
    yield from compare("packets", r["total"]["packets"], tcpdump["packets"] or 0)
    yield from compare("exit status", status, 1 if "error" in tcpdump else 0)


def check_file(task):
    check, pkttop, path, oracle = task
    try:
        return path, list(check(pkttop, path, oracle))
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        return path, [f"{type(error).__name__}: {error}"]
    except subprocess.TimeoutExpired:
        return path, [f"not done within {SECONDS} s"]


def tasks(pkttop, folder):
    for name, figures, check in (("real", "oracle.json", check_real),
                                 ("hostile", "hostile.json", check_hostile)):
        with open(os.path.join(folder, figures), encoding="utf-8") as file:
            for path, oracle in sorted(json.load(file)["files"].items()):
                yield check, pkttop, os.path.join(folder, name, path), oracle


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    wrong = n = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, complaints in pool.map(check_file, tasks(*sys.argv[1:])):
            n += 1
            wrong += bool(complaints)
            for complaint in complaints:
                print(f"{path}: {complaint}")
    print(f"{n} captures, {wrong} of them wrong")
    sys.exit(1 if wrong or n == 0 else 0)


main()
