#!/usr/bin/env python3
"""Rates, dates and halts are those of the packets: of a replay at any speed, and of a live pipe."""
import csv
import io
import os
import struct
import subprocess
import sys
import time

PKTTOP = os.environ["PKTTOP"]
LENGTH = 1000
FAILED = []


def header():
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


def record(at):
    frame = bytes(12) + b"\x08\x00" + bytes.fromhex("450003da000000004011000000000000")
    frame = frame[:26] + bytes([192, 0, 2, 1, 192, 0, 2, 2]) + struct.pack(">HHHH", 4000, 5000, 966, 0)
    frame = frame.ljust(LENGTH, b"x")
    return struct.pack("<IIII", int(at), int(at % 1 * 1e6), LENGTH, LENGTH) + frame


def rates(text):
    """The rates in all rows of the sender."""
    rows = csv.DictReader(io.StringIO(text))
    return [(row.get("time", ""), float(row["bps"] or 0)) for row in rows if row["address"] == "192.0.2.1"]


def expect(what, right):
    if not right:
        FAILED.append(what)
        print("wrong:", what)


def check_replay():
    capture = header() + b"".join(record(1700000000 + i / 10) for i in range(400))
    run = subprocess.run([PKTTOP, "--no-config", "-b", "--format=csv", "--replay=10", "-r", "-"],
                         input=capture, capture_output=True, timeout=60, check=False)
    rows = rates(run.stdout.decode())
    expect(f"a replay has reports: {run.stderr}", len(rows) >= 3)
    for when, rate in rows[1:-1]:
        expect(f"rate of a replay: {rate}", 60000 < rate < 100000)
        expect(f"its time: {when}", when.startswith("2023-11-14T22:1"))


def check_pipe():
    with subprocess.Popen([PKTTOP, "--no-config", "-b", "--format=csv", "--reports=3", "-r", "-"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        run.stdin.write(header())
        for _ in range(60):
            try:
                run.stdin.write(record(time.time()))
                run.stdin.flush()
            except BrokenPipeError:
                break
            time.sleep(0.1)
        rows = rates(run.communicate()[0].decode())
    expect(f"a live pipe has reports: {rows}", len(rows) == 3)
    expect(f"rates of a live pipe: {rows}", all(40000 < rate < 160000 for _, rate in rows[1:]))


def check_old_pipe():
    capture = header() + b"".join(record(1700000000 + i / 10) for i in range(100))
    run = subprocess.run([PKTTOP, "--no-config", "-b", "--format=csv", "-r", "-"],
                         input=capture, capture_output=True, timeout=60, check=False)
    expect("a pipe of the past has one report", len(rates(run.stdout.decode())) == 1)


check_replay()
check_pipe()
check_old_pipe()
sys.exit(bool(FAILED))
