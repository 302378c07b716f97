#!/usr/bin/env python3
"""Hours of load in a short time: pkttop on a screen, with packets as fast as they can be sent.

usage: soak.py PKTTOP MKTRACE SEND FOLDER PACKETS

In a network namespace with pkttop-a and pkttop-b, see namespace.sh.  While packets come, keys switch
views, filters and records, snapshots are made and records rotated; between stages the interface
goes down and up.  Memory and descriptors must not grow from the middle to the end, each received
packet must be counted or reported as dropped, and without packets it must sleep.
"""
import csv
import glob
import os
import random
import select
import shutil
import subprocess
import sys
import termios
import time

program, mktrace, sender, folder, packets = sys.argv[1:]
PACKETS = int(packets)
LONG = PACKETS >= 10_000_000  # shorter ones end before the tables are full
STAGES = 20 if LONG else 2
FLOWS = 100_000
LONGEST = 600  # s that a stage may take for each million packets
SETTLE = 2  # s after which all is counted that was sent, drops too
IDLE = 3  # s in which it is watched without packets

REOPEN = 4  # s after which an interface that came back is captured again, on a busy machine too

# Of its own, beside the ring.  Sanitizers add their shadow memory.
IDLE_MB = 80 if os.environ.get("SANITIZED") else 20
IDLE_WAKE_UPS = 4  # a second
FILTERED = 200_000, 100_000  # packets, and how many a second, while the capture filter is set again
GROWTH_MB = 4  # that memory may be larger at the end than in the middle
PIPES = 2 * 3  # of the records; a key that comes while one is ending leaves it off

KEYS = [*"1234567890", *"hh", "\t", "\033[B", "\033[A", "\r", "\033", "\033", "/port 443\r", "/tcp\r",
        "/\025\r", "a", "r", ".", ",", "f", "F", "*", "z", "=", "x", "\033", "\033[6~"]
RECORDS = ["--packet-log={}/p.csv", "--flow-log={}/f.csv", "--write={}/w.pcapng", "--rotate=4M",
           "--keep=3"]
COLUMNS = ["stage", "sent", "received", "counted", "dropped", "memory", "descriptors", "wake-ups"]

failures = []


def fail(why):
    failures.append(why)
    print(why, flush=True)


class Screen:
    """pkttop on a terminal whose output is always read."""

    def __init__(self, arguments):
        self.outer, inner = os.openpty()
        termios.tcsetwinsize(inner, (50, 160))
        self.process = subprocess.Popen(
            [program, "-i", "pkttop-b", "--memory=64", *arguments], stdin=inner, stdout=inner,
            stderr=inner, start_new_session=True, cwd="/",
            env={**os.environ, "TERM": "xterm-256color", "XDG_CONFIG_HOME": "/dev/null/none"})
        os.close(inner)
        self.last = b""
        self.missed = False

    def watch(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.outer], [], [], left)[0]:
                if not self.read():
                    sys.exit(f"it left: {self.last[-2000:].decode(errors='replace')}")

    def read(self):
        """False at the end."""
        try:
            self.last = os.read(self.outer, 65536)
        except OSError:
            return False
        self.missed |= b" lost" in self.last
        return True

    def type(self, keys):
        os.write(self.outer, keys.encode())

    def proc(self, name):
        return f"/proc/{self.process.pid}/{name}"

    def status(self, field):
        with open(self.proc("status"), encoding="ascii", errors="replace") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(field + ":"))

    def memory(self):
        """Private memory in MB."""
        return self.status("RssAnon") * 1024 / 1e6

    def descriptors(self):
        return len(os.listdir(self.proc("fd")))

    def wake_ups(self, seconds):
        """A second."""
        before = self.status("voluntary_ctxt_switches")
        self.watch(seconds)
        return (self.status("voluntary_ctxt_switches") - before) / seconds

    def leave(self):
        """Status 1 is right if it reported that records have missed something."""
        self.process.terminate()
        while self.read():
            pass
        status = self.process.wait(20)
        if status not in (0, int(self.missed)):
            fail(f"exit status {status}: {self.last.decode(errors='replace')}")
        os.close(self.outer)


def link(*arguments):
    subprocess.run(["ip", "link", "set", "dev", *arguments], check=True)


def received():
    with open("/proc/net/dev", encoding="ascii") as lines:
        return next(int(line.split()[2]) for line in lines if "pkttop-b:" in line)


def leave_prompts(screen):
    for _ in range(4):
        screen.type("\033")
        screen.watch(0.1)


def begin_records_again(screen):
    for key in "Lw" * 2:
        screen.type(key)
        screen.watch(0.3)


def flap(screen):
    link("pkttop-b", "down")
    screen.watch(0.3)
    link("pkttop-b", "up")
    screen.watch(REOPEN)


def send(screen, trace, number, *rate, keys=KEYS):
    """Types keys until all is sent."""
    sending = subprocess.Popen([sender, "pkttop-a", trace, *map(str, (number, *rate))],
                               stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60 + LONGEST * number / 1e6
    while sending.poll() is None:
        if time.monotonic() > until:
            sys.exit("the packets cannot be sent")
        screen.type(random.choice(keys))
        screen.watch(0.1)
    if sending.returncode != 0:
        sys.exit("the sender failed")


def snapshot(screen):
    """Packets counted and dropped, from a snapshot."""
    screen.type("s")
    for _ in range(100):
        screen.watch(0.2)
        found = glob.glob(f"{folder}/snap/pkttop-*/traffic_over_time.svg")
        if found:
            break
    else:
        sys.exit("no snapshot is made")
    with open(os.path.dirname(found[0]) + "/packet_metrics.csv", encoding="utf-8") as table:
        total = list(csv.DictReader(table))[-1]
    screen.watch(0.5)
    shutil.rmtree(os.path.dirname(found[0]))
    return int(total["packets"]), int(total["kernel_dropped"]) + int(total["interface_dropped"])


def check_idle():
    """At the start, without packets."""
    screen = Screen([])
    screen.watch(1)
    wake_ups, memory = screen.wake_ups(IDLE), screen.memory()
    print(f"without packets: {memory:.1f} MB, {wake_ups:.1f} wake-ups a second")
    if memory > IDLE_MB:
        fail(f"it takes more than {IDLE_MB} MB")
    if wake_ups > IDLE_WAKE_UPS:
        fail(f"it wakes up more often than {IDLE_WAKE_UPS} times a second")
    screen.leave()


def account(screen, came):
    """Packets counted and dropped; on a busy machine the last ones are counted late."""
    for _ in range(3):
        screen.watch(SETTLE)
        counted, dropped = snapshot(screen)
        if counted + dropped == came:
            break
    else:
        fail(f"{came - counted - dropped} packets are neither counted nor dropped")
    return counted, dropped


def check_same_filter(trace):
    """The capture filter that is in use already is set again and again."""
    before = received()
    screen = Screen([f"--snapshot-dir={folder}/snap"])
    screen.watch(1)
    send(screen, trace, *FILTERED, keys=["f\r"])
    account(screen, received() - before)
    screen.leave()


def show(cells):
    print("| " + " | ".join(f"{cell:>11}" for cell in cells) + " |", flush=True)


def stage(screen, number, trace, before):
    send(screen, trace, PACKETS // STAGES)
    leave_prompts(screen)
    begin_records_again(screen)
    came = received() - before
    counted, dropped = account(screen, came)
    wake_ups = screen.wake_ups(IDLE if LONG else 1)
    at = {"memory": screen.memory(), "descriptors": screen.descriptors()}
    show([number, f"{PACKETS // STAGES * number:,}", f"{came:,}", f"{counted:,}", f"{dropped:,}",
          f"{at['memory']:.1f} MB", at["descriptors"], f"{wake_ups:.1f}/s"])
    return at


def check_growth(stages):
    middle, end = stages[:len(stages) // 2], stages[-1]
    for what, more in (("memory", GROWTH_MB), ("descriptors", PIPES)):
        most = max(at[what] for at in middle)
        if end[what] > most + more:
            fail(f"{what} grew from {most:.1f} to {end[what]:.1f}")


def main():
    random.seed(1)
    trace = f"{folder}/trace.pcap"
    os.mkdir(f"{folder}/snap")
    subprocess.run([mktrace, str(2 * FLOWS), str(FLOWS), trace, "imix"], check=True)
    check_idle()
    check_same_filter(trace)
    before = received()
    screen = Screen([f"--snapshot-dir={folder}/snap", *(r.replace("{}", folder) for r in RECORDS)])
    screen.watch(1)
    show(COLUMNS)
    show(["---:"] * len(COLUMNS))
    stages = []
    for number in range(1, STAGES + 1):
        stages.append(stage(screen, number, trace, before))
        flap(screen)
    if LONG:
        check_growth(stages)
    screen.leave()
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
