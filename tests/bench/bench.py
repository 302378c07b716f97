#!/usr/bin/env python3
"""What pkttop takes for a packet, beside a program that only reads packets.

Both read the same file in turn, several times; the medians are printed.
Times are the processor's (user and system), which other work on the machine
disturbs least.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time


def run(arguments):
    """Seconds of the processor, seconds of the clock and MB of memory at most."""
    began = time.monotonic()
    with open(os.devnull, "r+b") as null:
        process = subprocess.Popen(arguments, stdin=null, stdout=null)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: {arguments[0]} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return (used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss * unit / 1e6)


def measure(name, results, packets):
    processor, clock, memory = (statistics.median(column) for column in zip(*results))
    best = min(row[0] for row in results)
    print(f"{name:<8} {processor / packets * 1e9:8.1f} ns/packet  (best {best / packets * 1e9:.1f})"
          f"  {packets / clock / 1e6:6.2f} M packets/s  peak RSS {memory:6.1f} MB")
    return processor


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pkttop", required=True)
    parser.add_argument("--empty", required=True)
    parser.add_argument("--mktrace", required=True)
    parser.add_argument("--packets", type=int, default=2_000_000)
    parser.add_argument("--flows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=64, help="MiB for pkttop's tables")
    o = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="pkttop-bench.") as folder:
        trace = os.path.join(folder, "trace.pcap")
        subprocess.run([o.mktrace, str(o.packets), str(o.flows), trace], check=True)
        commands = {
            "empty": [o.empty, trace],
            "pkttop": [o.pkttop, "--batch", f"--read={trace}", "--top=10", f"--memory={o.memory}"],
        }
        results = {name: [] for name in commands}
        for command in commands.values():  # the file comes into the cache, and is not measured
            run(command)
        for _ in range(o.rounds):
            for name, command in commands.items():
                results[name].append(run(command))
        print(f"{o.packets} packets of {o.flows} flows, {o.rounds} rounds")
        taken = {name: measure(name, rows, o.packets) for name, rows in results.items()}
        print(f"ratio    {taken['pkttop'] / taken['empty']:8.2f}")


main()
