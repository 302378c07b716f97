#!/usr/bin/env python3
"""Runs pkttop in each of its modes while system calls fail, and checks the result.

usage: check-faults.py PKTTOP FAULTS SEND FOLDER      FAULTS is the library of tests/inject

In a network namespace with pkttop-a and pkttop-b, see namespace.sh.  Whatever fails, pkttop reports
it or works as usual; it never crashes, hangs, or waits in a busy loop, and its recorded files are
complete.
"""
import concurrent.futures
import ctypes
import json
import os
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

program, library, sender, folder = sys.argv[1:]
CAPTURE = f"{folder}/in.pcap"
PACKETS = 2000  # in it
LONGEST = 10  # s for a run that ends by itself; a machine that is busy besides may need them
WHOLE_RUN = 180  # s at most
AT_ONCE = 2  # runs that work; others wait most of the time
WAITING = 12
PR_SET_CHILD_SUBREAPER = 36  # of <linux/prctl.h>

failures = []
untouched = {}  # name of a way: what it gives without faults
lock = threading.Lock()


def fail(what, why):
    with lock:
        failures.append(what)
        print(f"{what}: {why}", flush=True)


class Run:
    """pkttop with faults, in a directory of its own."""

    numbers = iter(range(1 << 30))

    def __init__(self, what, arguments, faults=None, files=None, terminal=None, **more):
        self.what = what
        with lock:
            self.folder = f"{folder}/run{next(Run.numbers)}"
        os.makedirs(f"{self.folder}/snap")
        with open(f"{self.folder}/count", "wb") as count:
            count.write(bytes(8))
        env = {**os.environ, "TERM": "xterm", "XDG_CONFIG_HOME": "/dev/null/none", **more}
        if faults is not None or more:
            env |= {"LD_PRELOAD": library, "FAULT_COUNT": f"{self.folder}/count"}
        if faults is not None:
            env["FAULT"] = faults
        limit = None if files is None else lambda: resource.setrlimit(resource.RLIMIT_NOFILE,
                                                                      (files, files))
        self.out, self.err = open(f"{self.folder}/out", "w+b"), open(f"{self.folder}/err", "w+b")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, *(a.replace("{}", self.folder) for a in arguments)], env=env,
            stdin=terminal if terminal is not None else subprocess.DEVNULL,
            stdout=terminal if terminal is not None else self.out, stderr=self.err,
            preexec_fn=limit, start_new_session=True, cwd="/")
        self.status, self.processor = None, 0

    def wait(self, seconds=LONGEST):
        """The exit status, negative for a signal; None: it is running."""
        until = time.monotonic() + seconds
        while self.status is None and time.monotonic() < until:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid != 0:
                self.processor = used.ru_utime + used.ru_stime
                self.status = self.process.returncode = os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        return self.status

    def end(self):
        if self.status is None:
            self.process.terminate()
        if self.wait() is None:
            self.process.kill()
            self.process.wait()

    def text(self, file):
        file.seek(0)
        return file.read()

    def failed_calls(self):
        with open(f"{self.folder}/count", "rb") as count:
            return struct.unpack("Q", count.read())[0]

    def left(self):
        """Processes that it left running: they are our children since then, and have its count."""
        return [pid for pid in children() if f"{self.folder}/count" in of_process(f"{pid}/maps")]


def children():
    return [int(pid) for thread in os.listdir("/proc/self/task")
            for pid in of_process(f"self/task/{thread}/children").split()]


def of_process(name):
    """Nothing if it has ended meanwhile."""
    try:
        with open(f"/proc/{name}", encoding="utf-8", errors="replace") as lines:
            return lines.read()
    except OSError:
        return ""


# Recorded files.


def whole_lines(data):
    lines = data.split(b"\r\n")
    return not data or (lines[-1] == b"" and
                        len({line.count(b",") for line in lines[:-1]}) == 1)


def whole_pcapng(data):
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 4:at + 8], "little")
        if size < 12 or data[at + size - 4:at + size] != data[at + 4:at + 8]:
            return False
        at += size
    return True


def whole_svg(data):
    return data.rstrip().endswith(b"</svg>")


WHOLE = {".csv": whole_lines, ".pcapng": whole_pcapng, ".svg": whole_svg}


def records(run):
    """Name: content of all files that it has written."""
    found = {}
    for place, _, names in os.walk(run.folder):
        for name in names:
            if name not in ("out", "err", "count"):
                path = os.path.join(place, name)
                with open(path, "rb") as f:
                    found[os.path.relpath(path, run.folder)] = f.read()
    return found


def check_records(run):
    for name, data in records(run).items():
        whole = WHOLE.get(os.path.splitext(name)[1])
        if whole is not None and not whole(data):
            fail(run.what, f"{name} is not whole: ... {data[-60:]!r}")


def signature(run):
    """The files that must be equal if no error is reported; names of snapshots contain the time."""
    stamp = re.compile(rb"pkttop-[0-9T.Z-]*|\d{4}-\d\d-\d\d[T_ ][0-9:.-]*|/run\d+|\"path\":\"[^\"]*\"")
    kept = {re.sub(r"pkttop-[^/]*", "snapshot", name): data for name, data in records(run).items()
            if not name.endswith((".svg", ".png", ".txt"))}
    return stamp.sub(b"", run.text(run.out)), {n: stamp.sub(b"", d) for n, d in kept.items()}


def check_end(run, waits):
    """It ended correctly; `waits`: it used little CPU time."""
    status = run.status
    said = run.text(run.err).decode(errors="replace")
    took = time.monotonic() - run.started
    if status is None:
        fail(run.what, f"does not end; it said {said!r}")
    elif status < 0:
        fail(run.what, f"is ended by signal {-status}: {said!r}")
    elif status not in (0, 1):
        fail(run.what, f"exit status {status}: {said!r}")
    elif status == 1 and said == "":
        fail(run.what, f"fails, and says {said!r}")
    if waits and run.processor > 0.3 + took / 4:
        fail(run.what, f"took {run.processor:.1f} s of the processor in {took:.1f} s")
    for _ in range(200):
        if not run.left():
            break
        time.sleep(0.01)
    else:
        fail(run.what, f"left processes: {run.left()}")
        for pid in run.left():
            os.kill(pid, signal.SIGKILL)
    check_records(run)
    return said


# Modes that end by themselves.

FILE = ["-b", "-r", CAPTURE, "--format=json"]
LOGS = ["--packet-log={}/p.csv", "--flow-log={}/f.csv", "--write={}/w.pcapng"]
BATCHES = {
    "a packed file": ["-b", "-r", CAPTURE + ".gz", "--format=csv"],
    "a screen of a file": ["--dump=80x24", "-r", CAPTURE],
    "records": [*FILE, *LOGS, "--rotate=40k"],
    "a snapshot": [*FILE, "--snapshot-dir={}/snap"],
}
FAULTS = [
    "poll=EINTR/1", "poll=ENOMEM/1", "poll=EINTR/2", "poll=EIO/3@4",
    "read=EINTR/2", "read=EIO/1", "read=EIO/1@3", "read=EIO/2@8",
    "write=EINTR/2", "write=EIO/1", "write=ENOSPC/1@3", "write=EIO/2@1", "write=EAGAIN/3",
    "rename=EIO/1", "rename=EACCES/2", "fsync=EIO/1", "fsync=EIO/2",
    "open=EMFILE/1", "open=EMFILE/1@4", "open=EMFILE/1@12", "open=EACCES/2@6",
    "fork=EAGAIN/1", "fork=EAGAIN/1@1", "fork=ENOMEM/1@2", "pipe=EMFILE/1", "pipe=EMFILE/1@2",
    "mmap=ENOMEM/1", "mmap=ENOMEM/1@2", "mmap=ENOMEM/2@4",
    *(f"{call}=ENOMEM/1@{start}" for call in ("malloc", "calloc", "realloc")
      for start in (0, 1, 3, 10, 40, 150, 600)),
    "malloc=ENOMEM/7", "calloc=ENOMEM/5", "realloc=ENOMEM/3",
]


def batch(way, faults=None, **more):
    run = Run(f"{way}, {faults or more or 'no faults'}", BATCHES[way], faults, **more)
    if run.wait() is None:
        run.process.kill()
        run.process.wait()
    said = check_end(run, False)
    if faults is None and not more:
        untouched[way] = signature(run)
        if run.status != 0 or said != "":
            fail(run.what, f"exit status {run.status}: {said}")
    elif run.status == 0 and said == "" and signature(run) != untouched[way]:
        fail(run.what, "says nothing, and gives something else than without faults")
    return run.failed_calls()


# Modes that run until they are stopped.

LIVE = ["-b", "-i", "pkttop-b", "-d", "0.2", "--format=json", "-B", "1", *LOGS, "--rotate=1M"]
SCREEN = ["-i", "pkttop-b", "-d", "0.2", "-B", "1", "--snapshot-dir={}/snap", *LOGS]
KEYS = ["2", "s", "L", "w", "/port 53\r", "h", "h", "W", "I", "\x1b", "5", "z", "s", "L", "w", "1"]
SECONDS = 1.2  # of a run
STOPPED = 2  # s that it does not run
IN_THE_RUN = [
    "poll=EINTR/1", "poll=ENOMEM/1@20", "poll=EINTR/2", "poll=EIO/5", "read=EIO/5",
    "read=EINTR/2", "write=EIO/1@3", "write=ENOSPC/1@10", "write=EIO/3", "write=EINTR/2",
    "rename=EIO/1", "fsync=EIO/1", "open=EMFILE/1@30", "open=EACCES/3@40", "fork=EAGAIN/1@1",
    "fork=ENOMEM/2", "pipe=EMFILE/1@2", "mmap=ENOMEM/1@1", "mmap=ENOMEM/2",
    *(f"{call}=ENOMEM/1@{start}" for call in ("malloc", "calloc", "realloc")
      for start in (0, 20, 200, 1000)),
]


def run_live(faults=None, **more):
    run = Run(f"live, {faults or more or 'no faults'}", LIVE, faults, **more)
    ends = run.wait(SECONDS) is not None
    run.end()
    check_end(run, not ends)
    return run


def live(faults):
    return run_live(faults).failed_calls()


def run_screen(faults=None, during=None, **more):
    """The run, and its screen; `during` is called with it between the keys."""
    outer, inner = os.openpty()
    termios.tcsetwinsize(inner, (24, 80))
    before = termios.tcgetattr(inner)
    name = faults or more or (during.__name__ if during else "no faults")
    run = Run(f"on a screen, {name}", SCREEN, faults, terminal=inner, **more)
    shown, done = [], threading.Event()
    reader = threading.Thread(target=read_all, args=(outer, shown, done), daemon=True)
    reader.start()
    run.wait(0.3)
    for i, key in enumerate(KEYS):
        if during is not None and i == 1:
            during(run)
        os.write(outer, key.encode())
        run.wait(SECONDS / len(KEYS))
    run.end()
    check_end(run, True)
    if termios.tcgetattr(inner) != before:
        fail(run.what, "the terminal's mode is not as it was")
    done.set()
    reader.join()
    os.close(outer)
    os.close(inner)
    text = b"".join(shown)
    # If every write fails from some time on, nothing can restore it.
    restorable = not re.match("write=[A-Z]+/1@", faults or "")
    if restorable and text.rfind(b"\033[?1049l") < text.rfind(b"\033[?1049h"):
        fail(run.what, "the terminal's screen is not as it was")
    return run, text


def screen(faults):
    return run_screen(faults)[0].failed_calls()


def read_all(outer, shown, done):
    os.set_blocking(outer, False)
    while True:
        try:
            shown.append(os.read(outer, 65536))
        except BlockingIOError:
            if done.is_set():
                return
            time.sleep(0.02)


# Other failures.


def stopped(run):
    run.process.send_signal(signal.SIGSTOP)
    time.sleep(STOPPED)
    run.process.send_signal(signal.SIGCONT)


def check_few_files(shown):
    if not any(b"Too many open files" in text for text in shown):
        fail("few files", "no screen says that there are too many")


def check_stopped():
    run_screen(during=stopped)


def check_clock(seconds):
    """The wall clock is set while it counts; durations come from another clock."""
    run = run_live(WALL_STEP=f"{seconds}@20")
    reports = [json.loads(line) for line in run.text(run.out).splitlines()]
    if not reports:
        fail(run.what, "no report")
    for report in reports:
        if not 0 <= report["elapsed"] < LONGEST:
            fail(run.what, f"{report['elapsed']} s have passed")


def check_hits(runs):
    """A fault that never occurred tests nothing."""
    hits = {}
    for faults, count in runs:
        call = faults.split("=")[0]
        hits[call] = hits.get(call, 0) + count
    for call in (call for call, count in hits.items() if count == 0):
        fail(call, "no call failed")


def run_all():
    pool = concurrent.futures.ThreadPoolExecutor
    with pool(AT_ONCE) as working, pool(WAITING) as waiting:
        list(working.map(batch, BATCHES))
        run_live()
        run_screen()
        todo = [(waiting.submit(way, faults), faults) for way in (live, screen)
                for faults in IN_THE_RUN]
        todo += [(working.submit(batch, way, faults), faults) for way in BATCHES
                 for faults in (FAULTS[::2] if way == "a snapshot" else FAULTS)]
        few = [waiting.submit(run_screen, files=n) for n in range(6, 31, 3)]
        others = [waiting.submit(check_clock, seconds) for seconds in (86400, -86400)]
        others += [waiting.submit(check_stopped)]
        others += [working.submit(batch, way, files=n) for way in BATCHES for n in range(4, 24, 2)]
        check_hits([(faults, run.result()) for run, faults in todo])
        check_few_files([screen.result()[1] for screen in few])
        for other in others:
            other.result()


def main():
    signal.alarm(WHOLE_RUN)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    subprocess.run([program, "--demo", f"--count={PACKETS}", "-b", f"--write={CAPTURE}"], check=True,
                   stdout=subprocess.DEVNULL)
    subprocess.run(["gzip", "-k", CAPTURE], check=True)
    traffic = subprocess.Popen([sender, "pkttop-a", CAPTURE, "10000000", "3000"])
    try:
        run_all()
    finally:
        traffic.kill()
        traffic.wait()
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
