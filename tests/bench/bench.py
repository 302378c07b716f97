#!/usr/bin/env python3
"""The cost of pkttop per packet, compared with a program that only reads packets, and with others.

Each trace is read by all programs in turn, several times; medians are printed, as tables in
Markdown.  Times are the processor's (user and system), which other work on the machine disturbs
least; packets a second are by the clock.  Then what exports, libndpi and the sandbox cost, and then
the same on a live interface: see live.py.
Programs that are not installed are left out.
"""

import argparse
import os
import platform
import select
import subprocess
import sys
import tempfile
import termios
import time

import live
from measure import MEMORY_MOST, is_installed, median, run, short, table
from sinks import sinks

SLOW_PACKETS = 200_000  # are enough of those that take microseconds for each
KEYS = 300
KEY_S = 0.01  # between keys
PAIRS = 3  # in a round: a hundredth is to be seen
EXPORTED = ("1 k flows", "100 k flows")  # the traces that are exported
TRACES = {  # title: flows, kind for mktrace
    "1 k flows": (1_000, "imix"),
    "100 k flows": (100_000, "imix"),
    "1 M flows": (1_000_000, "imix"),
    "100 k, 64 bytes": (100_000, "small"),
    "spoofed flood": (1_000, "flood"),
}
# The program, its arguments to read a file {}, and whether it reads the first packets only.
OTHERS = {
    "tcpdump -w": ("tcpdump", "-r {} -w /dev/null", False),
    "softflowd": ("softflowd", "-d -6 -m 2000000 -p {}.pid -c none -r {}", False),
    "argus": ("argus", "-X -r {} -w /dev/null", False),
    "ndpiReader": ("ndpiReader", "-q -i {}", False),
    "tshark": ("tshark", f"-n -q -c {SLOW_PACKETS} -z conv,ip -r {{}}", True),
}


def batch(o, trace, apps=False):
    """The arguments to read a trace; the cost of libndpi (apps) is a row of its own."""
    return [f"{o.build}/pkttop", "--batch", f"--read={trace}", f"--memory={o.memory}",
            *([] if apps else ["--no-apps"])]


def commands(o, trace):
    """Name: arguments, and the number of packets to read."""
    found = {
        "empty reader": ([f"{o.build}/tests/bench/empty", trace], o.packets),
        "pkttop": (batch(o, trace), o.packets),
        "pkttop --no-apps": (batch(o, trace) + ["--no-apps"], o.packets),
    }
    for name, (program, arguments, is_slow) in OTHERS.items():
        if is_installed(program) and not o.alone:
            found[name] = ([program] + arguments.replace("{}", trace).split(),
                           min(o.packets, SLOW_PACKETS) if is_slow else o.packets)
    return found


def measure(o, trace):
    """Name: packets, and the usage of each round."""
    todo = commands(o, trace)
    results = {name: [] for name in todo}
    cost = f"{o.build}/tests/bench/cost"
    run(cost, todo["empty reader"][0])  # the file comes into the cache
    for _ in range(o.rounds):
        for name, (arguments, _) in todo.items():
            results[name].append(run(cost, arguments))
    for name in ("empty reader", "pkttop", "pkttop --no-apps"):
        if None in results[name]:
            sys.exit(f"bench: {name} failed")
    return {name: (packets, results[name]) for name, (_, packets) in todo.items()}


def cells(results, empty_ns):
    """For one program and one trace: the ratio with ns per packet, the rate with memory."""
    packets, rounds = results
    if None in rounds:
        return "failed", f"over {MEMORY_MOST >> 30} GB, or failed"
    ns = median(u.processor for u in rounds) / packets * 1e9
    rate = packets / median(u.clock for u in rounds) / 1e6
    memory = max(u.memory for u in rounds)
    return f"{short(ns / empty_ns)} × ({ns:.0f} ns)", f"{short(rate)} M/s, {memory:.0f} MB"


def report(results):
    """results[trace][program]"""
    names = list(next(iter(results.values())))
    ratios, rates = ([[name] for name in names] for _ in range(2))
    for of_trace in results.values():
        packets, rounds = of_trace["empty reader"]
        empty_ns = median(u.processor for u in rounds) / packets * 1e9
        for i, name in enumerate(names):
            ratio, rate = cells(of_trace[name], empty_ns)
            ratios[i].append(ratio)
            rates[i].append(rate)
    table("processor time, times the empty reader's (a packet)", list(results), ratios)
    table("packets a second by the clock, memory at most", list(results), rates)


def beyond_start(o, arguments):
    """CPU seconds for all packets but the first."""
    cost = f"{o.build}/tests/bench/cost"
    whole, start = run(cost, arguments), run(cost, arguments + ["--count=1"])
    if whole is None or start is None:
        sys.exit("bench: pkttop failed")
    return whole.processor - start.processor


def libndpi(o, trace, title):
    """A row: each round in a pair, with libndpi and without."""
    pairs = [(beyond_start(o, batch(o, trace, apps=True)), beyond_start(o, batch(o, trace)))
             for _ in range(o.rounds)]
    return pair_row(o, title, pairs)


def pair_row(o, title, pairs):
    """A row: nanoseconds a packet on both sides, and the median ratio."""
    ratio = median(a / b for a, b in pairs)
    ns = (median(side) / o.packets * 1e9 for side in zip(*pairs))
    return [title, *(f"{x:.0f} ns" for x in ns), f"{ratio:.2f} ×"]


def exports(o, trace, title, folder):
    """A row: each round in a pair, with all exports and without.  Flows are exported when they end."""
    pairs = []
    with sinks(folder) as options:
        for _ in range(o.rounds):
            pairs.append((beyond_start(o, batch(o, trace) + options),
                          beyond_start(o, batch(o, trace) + ["--format=text"])))
    return pair_row(o, title, pairs)


def on_screen(o, more, keys):
    """CPU seconds for a screen of synthetic traffic, redrawn for each key."""
    outer, inner = os.openpty()
    termios.tcsetwinsize(inner, (50, 160))
    process = subprocess.Popen([f"{o.build}/pkttop", "--demo"] + more, stdin=inner, stdout=inner,
                               stderr=inner, start_new_session=True,
                               env={**os.environ, "TERM": "xterm-256color"})
    os.close(inner)
    for i in range(keys):
        until = time.monotonic() + KEY_S
        while (left := until - time.monotonic()) > 0:
            if select.select([outer], [], [], left)[0]:
                os.read(outer, 1 << 20)
        os.write(outer, b"12"[i % 2:i % 2 + 1])
    os.write(outer, b"q")
    try:
        while os.read(outer, 1 << 20):
            pass
    except OSError:
        pass  # it has left
    os.close(outer)
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("bench: pkttop failed on a screen")
    return used.ru_utime + used.ru_stime


def sandbox(o, trace):
    """Each round in pairs, with and without, so that other processes disturb both alike."""
    without = ["--no-sandbox"]
    kinds = {
        "a file, beyond the start": lambda more: beyond_start(o, batch(o, trace) + more),
        f"a screen, {KEYS} keys, beyond the start":
            lambda more: on_screen(o, more, KEYS) - on_screen(o, more, 1),
    }
    rows = []
    for name, kind in kinds.items():
        pairs = [(kind([]), kind(without)) for _ in range(PAIRS * o.rounds)]
        ratio = median(a / b for a, b in pairs)
        rows.append([name, *(f"{short(median(side))} s" for side in zip(*pairs)), f"{ratio:.3f} ×"])
    table("the sandbox, processor time", ["with", "--no-sandbox", "median of pairs"], rows)


def machine():
    """The machine and its system."""
    model = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as info:
            names = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} processors, {platform.system()} {platform.release().split('-')[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=".", help="the folder with the programs")
    parser.add_argument("--packets", type=int, default=2_000_000, help="of a trace")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=64, help="MiB for pkttop's tables")
    parser.add_argument("--alone", action="store_true", help="without other programs")
    parser.add_argument("--trace", choices=TRACES, action="append", help="this one only")
    parser.add_argument("--no-live", action="store_true", help="files only")
    o = parser.parse_args()
    o.build = os.path.abspath(o.build)

    print(f"Measured on {machine()}; medians of {o.rounds} rounds"
          f" over {o.packets / 1e6:g} M packets.", flush=True)
    with tempfile.TemporaryDirectory(prefix="pkttop-bench.") as folder:
        results, exported, looked_into = {}, [], []
        trace = os.path.join(folder, "trace.pcap")
        for title in o.trace or TRACES:
            flows, kind = TRACES[title]
            subprocess.run([f"{o.build}/tests/bench/mktrace", str(o.packets), str(flows), trace,
                            kind], check=True)
            results[title] = measure(o, trace)
            if title in EXPORTED:
                exported.append(exports(o, trace, title, folder))
                looked_into.append(libndpi(o, trace, title))
        report(results)
        if exported:
            sides = ["with", "without", "median of pairs"]
            table("--listen, --influx and --ipfix, a packet", sides, exported)
            table("libndpi, a packet", sides, looked_into)
        sandbox(o, trace)
    if not o.no_live:
        sys.stdout.flush()
        live.run_apart(o)


if __name__ == "__main__":
    main()
