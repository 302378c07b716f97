#!/usr/bin/env python3
"""How many packets of an interface programs capture, and at what cost.

Runs in a network namespace of its own (run_apart), with a pair of interfaces: what is sent
into the one comes out of the other.  "received" is what the interface's own counter says.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

from measure import is_installed, median, short, table

IP = 0.75 * 46 + 0.25 * 60  # bytes of a packet sent on average, without Ethernet's header
FLOWS = 100_000
SECONDS = 5  # of sending
SETTLE = 2  # s after which every program has got what the kernel has for it
RATES = (100_000, 0)  # packets a second; 0: as fast as they can be sent
ROUNDS_MOST = 3  # iftop takes a minute for one
A, B = "pkttop-a", "pkttop-b"
UNIT = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


# The counters that each program prints: packets, and drops by the kernel.


def of_pkttop(out, _):
    report = json.loads(out.splitlines()[-1])
    return report["total"]["packets"], report["sources"][0]["kernel_dropped"]


def of_empty(out, _):
    return tuple(map(int, re.match(r"(\d+) packets, (\d+) dropped", out).groups()))


def of_tcpdump(_, err):
    return (int(re.search(r"(\d+) packets captured", err).group(1)),
            int(re.search(r"(\d+) packets dropped by kernel", err).group(1)))


def of_iftop(out, _):
    """It prints bytes of IP with three digits, and no drops."""
    total = re.findall(r"Cumulative.*\s([\d.]+)([KMG]?)B\s*$", out, re.MULTILINE)[-1]
    return round(float(total[0]) * UNIT[total[1]] / IP), None


def commands(build):
    """Name: arguments, the parser of its output, whether it ends by itself."""
    found = {
        "empty reader": ([f"{build}/tests/bench/empty", "-i", B], of_empty, False),
        "pkttop": ([f"{build}/pkttop", "-b", "-i", B, "--format=json", "--top=10", "-d1"],
                   of_pkttop, False),
    }
    dump = ["tcpdump", "-n", "-Z", "root", "-i", B, "-w", "/dev/null"]
    if is_installed("tcpdump"):
        found["tcpdump -w"] = (dump, of_tcpdump, False)
        found["tcpdump -w -B 16384 -s 256"] = (dump + ["-B", "16384", "-s", "256"], of_tcpdump,
                                               False)
    if is_installed("iftop"):
        found["iftop"] = (["iftop", "-n", "-N", "-P", "-t", "-s", str(SECONDS + 6), "-i", B],
                          of_iftop, True)
    return found


def received():
    shown = subprocess.run(["ip", "-j", "-s", "link", "show", "dev", B], check=True,
                           capture_output=True)
    return json.loads(shown.stdout)[0]["stats64"]["rx"]["packets"]


def sockets():
    with open("/proc/net/packet", encoding="ascii") as sockets_open:
        return len(sockets_open.readlines())


def wait_until_it_captures(process, before):
    for _ in range(100):
        if sockets() > before:
            time.sleep(0.3)
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit(f"bench: {process.args[0]} does not capture")


def send(build, trace, rate):
    """The number of packets, and the seconds to send them."""
    packets = (rate or 1_000_000) * SECONDS
    sender = subprocess.run([f"{build}/tests/send", A, trace, str(packets)] +
                            ([str(rate)] if rate else []), check=True, capture_output=True)
    sent, seconds = re.match(rb"(\d+) packets in ([\d.]+) s", sender.stdout).groups()
    return int(sent), float(seconds)


def one_round(build, trace, rate, command, folder):
    """Packets per second sent, received, the program's counts, CPU seconds."""
    arguments, count, ends = command
    out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
    before, came = sockets(), received()
    with open(out, "wb") as to_out, open(err, "wb") as to_err:
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=to_out,
                                   stderr=to_err)
    wait_until_it_captures(process, before)
    sent, seconds = send(build, trace, rate)
    came = received() - came
    time.sleep(SETTLE)
    if not ends:
        process.send_signal(signal.SIGTERM)
    _, _, used = os.wait4(process.pid, 0)
    with open(out, encoding="utf-8") as said, open(err, encoding="utf-8") as complained:
        return sent / seconds, came, count(said.read(), complained.read()), (used.ru_utime + used.ru_stime)


def row(name, rounds, empty):
    offered, came, told, processor = zip(*rounds)
    missing = median(1 - counted / n for n, (counted, _) in zip(came, told))
    drops = [dropped for _, dropped in told if dropped is not None]
    about = "about " if name == "iftop" else ""
    return [name, f"{median(offered) / 1e3:.0f} k/s", f"{median(came):,.0f}",
            f"{about}{median(counted for counted, _ in told):,.0f}",
            "0" if missing == 0 else f"{about}{missing:.2%}",
            f"{median(drops):,.0f}" if drops else "says nothing",
            f"{short(median(processor))} s ({short(median(processor) / empty)} ×)"]


def measure(o):
    for end in (A, B):
        subprocess.run(["ip", "link", "set", "dev", end, "addrgenmode", "none"], check=False)
        subprocess.run(["ip", "link", "set", "dev", end, "up"], check=True)
    todo = commands(o.build)
    with tempfile.TemporaryDirectory(prefix="pkttop-bench.") as folder:
        trace = os.path.join(folder, "trace.pcap")
        subprocess.run([f"{o.build}/tests/bench/mktrace", str(2 * FLOWS), str(FLOWS), trace,
                        "small"], check=True)
        rows = []
        for rate in RATES:
            results = {name: [] for name in todo}
            for _ in range(o.rounds):
                for name, command in todo.items():
                    results[name].append(one_round(o.build, trace, rate, command, folder))
            empty = median(used for _, _, _, used in results["empty reader"])
            rows += [row(name, rounds, empty) for name, rounds in results.items()]
    print(f"\nA live interface (veth), {FLOWS // 1000} k flows of small packets,"
          f" {o.rounds} rounds; programs with their own defaults:")
    table("live", ["offered", "received", "counted", "missing", "dropped, as it says",
                   "processor (times the empty reader's)"], rows)


def run_apart(o):
    """Runs this file in a network namespace of its own, or prints the error."""
    me = [sys.executable, "-B", os.path.abspath(__file__), f"--build={o.build}",
          f"--rounds={min(o.rounds, ROUNDS_MOST)}"]
    for way in ("-n", "-rn"):
        try:
            subprocess.run(["unshare", way, "ip", "link", "add", A, "type", "veth", "peer", "name",
                            B], check=True, stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError):
            continue
        subprocess.run(["unshare", way] + me, check=True)
        return
    print("\nNo live interface: a network namespace cannot be made; not root?")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    o = parser.parse_args()
    subprocess.run(["ip", "link", "add", A, "type", "veth", "peer", "name", B], check=True)
    measure(o)


if __name__ == "__main__":
    main()
