#!/usr/bin/env python3
"""Compares all outputs of pkttop for a capture with each other: every output has all packets.

    check-outputs.py PKTTOP FOLDER [FILE ...]

FOLDER holds captures in real/, and their known results in oracle.json.  For each, one run writes a
JSON report, a packet log, a flow log, a capture file and a snapshot, and others write a CSV report
of every table.  Their sums must be those of the oracle; Python's csv module and sqlite3's .import
must load each CSV without an error; and the capture file must have the same packets in capinfos,
and give the same report when it is read again.
"""

import concurrent.futures
import csv
import glob
import json
import os
import subprocess
import sys
import tempfile

import added

SECONDS = 60
SOURCES = 16  # that a report keeps apart: of more, a capture file cannot say where packets were
# Columns of the tables that sum up to all packets, and to all bytes.
TABLES = {
    "talkers": (("packets_out",), ("bytes_out",)),
    "flows": (("packets_ab", "packets_ba"), ("bytes_ab", "bytes_ba")),
    "ports": (("packets",), ("bytes",)),
    "protocols": (("packets",), ("bytes",)),
    "networks": (("packets_in",), ("bytes_in",)),
    "sources": (("packets",), ("bytes",)),
    "sizes": (("packets",), ()),
    "health": ((), ()),
}
NAMES = ("source", "name", "time")  # of a report that differ when another file is read


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=SECONDS, check=False)


def read_csv(path):
    """Lines as objects; ValueError if one has not as many cells as the first, or is badly quoted."""
    with open(path, encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file, strict=True)
    if len(set(head)) != len(head):
        raise ValueError(f"{path}: a column is there twice")
    for number, line in enumerate(lines, 2):
        if len(line) != len(head):
            raise ValueError(f"{path}:{number}: {len(line)} cells, not {len(head)}")
    return [dict(zip(head, line)) for line in lines]


def total(rows, columns):
    return sum(int(row[c] or 0) for row in rows for c in columns)


def check_sum(what, got, want):
    if got != want:
        yield f"{what}: {got}, not {want}"


def check_table(what, rows, columns, packets, octets):
    yield from check_sum(f"packets of {what}", total(rows, columns[0]), packets)
    yield from check_sum(f"bytes of {what}", total(rows, columns[1]), octets)


def write_tables(pkttop, path, folder):
    for name in TABLES:
        done = run(pkttop, "--batch", f"--read={path}", "--format=csv", f"--table={name}")
        with open(os.path.join(folder, f"table_{name}.csv"), "w", encoding="utf-8",
                  newline="") as file:
            file.write(done.stdout)


def check_tables(folder, packets, octets):
    for name, columns in TABLES.items():
        rows = read_csv(os.path.join(folder, f"table_{name}.csv"))
        if name == "protocols":
            rows = [row for row in rows if "/" not in row["path"]]
        if columns[0]:
            want = octets if columns[1] else 0
            yield from check_table(f"the table of {name}", rows, columns, packets, want)


def check_logs(folder, packets, octets):
    rows = read_csv(os.path.join(folder, "packets.csv"))
    yield from check_sum("lines of the packet log", len(rows), packets)
    yield from check_sum("bytes of the packet log", total(rows, ["length"]), octets)
    rows = read_csv(os.path.join(folder, "flows.csv"))
    yield from check_table("the flow log", rows, TABLES["flows"], packets, octets)


def check_snapshot(folder, packets, octets):
    def rows(name):
        return read_csv(os.path.join(folder, name + ".csv"))

    whole = [row for row in rows("packet_metrics") if row["source"] == "total"]
    yield from check_table("packet_metrics", whole, TABLES["ports"], packets, octets)
    ways = "destination", "source"
    yield from check_table("packet_flows", rows("packet_flows"), (
        [f"packets_to_{way}" for way in ways], [f"bytes_to_{way}" for way in ways]),
        packets, octets)
    yield from check_table("ip_flows", rows("ip_flows"), TABLES["talkers"], packets, octets)
    first = [row for row in rows("protocols") if "/" not in row["path"]]
    yield from check_table("protocols", first, TABLES["ports"], packets, octets)
    yield from check_sum("packets by size",
                         total(rows("packet_size_distribution"), ["packets"]), packets)


def check_import(folder):
    """All of them with sqlite3's .import, which reports errors."""
    files = glob.glob(os.path.join(folder, "**", "*.csv"), recursive=True)
    script = [".mode csv"]
    for number, path in enumerate(files):
        script += [f".import '{path}' t{number}", f"SELECT count(*) FROM t{number};"]
    done = subprocess.run(["sqlite3", "-batch", ":memory:"], input="\n".join(script),
                          capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.stderr or done.returncode:
        yield f"sqlite3: {done.stderr.strip()[:200]}"
        return
    for path, count in zip(files, done.stdout.split()):
        # A table without rows has no columns either.
        yield from check_sum(f"rows of {os.path.basename(path)} in sqlite3", int(count),
                             len(read_csv(path)))


def without_names(value):
    if isinstance(value, dict):
        return {k: without_names(v) for k, v in value.items() if k not in NAMES}
    return [without_names(v) for v in value] if isinstance(value, list) else value


def check_written(pkttop, folder, report, more):
    """Bytes that the capture added to frames are written as well."""
    path = os.path.join(folder, "written.pcapng")
    done = run("capinfos", "-c", "-d", "-M", "-T", "-r", path)
    counts = [int(n) for n in done.stdout.split("\t")[1:3]]
    want = [report["total"]["packets"], report["total"]["bytes"] + more]
    yield from check_sum("packets and bytes for capinfos", counts, want)
    done = run(pkttop, "--batch", "--format=json", f"--read={path}")
    again = json.loads(done.stdout)
    # Interfaces without packets are not read back.
    for r in (again, report):
        r["sources"] = [s for s in r["sources"] if s["packets"]]
        for s in r["sources"]:
            s["state"] = "ended"
        # Events may name a source.
        for e in r["events"]:
            for s in r["sources"]:
                e["event"] = e["event"].replace(s["name"], "source")
    for key in report:
        if key not in NAMES and without_names(again[key]) != without_names(report[key]):
            yield f"read again, {key} are not the same"


def check_file(pkttop, path, oracle):
    if "error" in oracle["tcpdump"]:
        return
    more = added.in_all(os.path.basename(path), oracle)
    packets, octets = oracle["packets"], oracle["bytes_wire"] - more
    with tempfile.TemporaryDirectory() as folder:
        done = run(pkttop, "--batch", f"--read={path}", "--format=json",
                   f"--packet-log={folder}/packets.csv", f"--flow-log={folder}/flows.csv",
                   f"--write={folder}/written.pcapng", f"--snapshot-dir={folder}")
        if done.returncode or done.stderr:
            yield f"exit status {done.returncode}: {done.stderr.strip()}"
            return
        report = json.loads(done.stdout)
        yield from check_sum("packets of the report", report["total"]["packets"], packets)
        yield from check_sum("bytes of the report", report["total"]["bytes"], octets)
        write_tables(pkttop, path, folder)
        yield from check_tables(folder, packets, octets)
        yield from check_logs(folder, packets, octets)
        yield from check_snapshot(glob.glob(f"{folder}/pkttop-*")[0], packets, octets)
        yield from check_import(folder)
        yield from check_written(pkttop, folder, report, more)


def check_task(task):
    pkttop, path, oracle = task
    try:
        return path, list(check_file(pkttop, path, oracle))
    except (ValueError, KeyError, IndexError, csv.Error, subprocess.SubprocessError) as error:
        return path, [f"{type(error).__name__}: {error}"]


def main():
    pkttop, folder, *only = sys.argv[1:]
    with open(os.path.join(folder, "oracle.json"), encoding="utf-8") as file:
        files = json.load(file)["files"]
    tasks = [(pkttop, os.path.join(folder, "real", name), oracle)
             for name, oracle in sorted(files.items()) if not only or name in only]
    failed = not tasks
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, wrong in pool.map(check_task, tasks):
            failed |= bool(wrong)
            for w in wrong[:6]:
                print(f"{os.path.basename(path)}: {w}")
    print(f"{len(tasks)} captures")
    sys.exit(failed)


main()
