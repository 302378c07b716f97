#!/usr/bin/env python3
"""Opens 1,000 connections from known processes, and checks which of them pkttop finds.

usage: check-owners.py PKTTOP FOLDER      in a network namespace of its own
"""
import csv
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

program, folder = sys.argv[1:3]
SERVER, NEAR, FAR = "10.77.0.1", "10.77.0.1/24", "10.77.0.2/24"
PORT = 7000
CONNECTIONS = 1000
LIVES = {"long": None, "50ms": 0.05, "10ms": 0.01, "1ms": 0.001}
PLACES = ("host", "space", "group")
# The least share that must be found, by life; other places are only reported.
BOUNDS = {"long": 1.0, "50ms": 0.95}
SENT = 200  # bytes of each connection
THREADS = 4
TRIES = 3  # a machine that stops for 50 ms closes a socket before anybody sees it
HEADERS, TIMESTAMPS, SYN_MORE = 54, 12, 20
LIMIT = 60
MESSAGES = 20000
REFRESH = 1.5  # seconds in which nethogs has read all packets
CONTAINER = "0123456789abcdef" * 4

# A client: connects, sends, waits for the same bytes, lives, closes. It ends when its input does.
CLIENT = """
import socket, sys, threading, time
name, address, port, n, life, size = sys.argv[1:7]
open("/proc/self/comm", "w").write(name)
n, life, size, kept = int(n), float(life), int(size), []
def work(count):
    for _ in range(count):
        s = socket.create_connection((address, int(port)))
        end = time.monotonic() + life
        s.sendall(b"x" * size)
        got = 0
        while got < size:
            got += len(s.recv(size))
        if life < 0:
            kept.append(s)
            continue
        time.sleep(max(0, end - time.monotonic()))
        s.close()
threads = int(sys.argv[7])
all = [threading.Thread(target=work, args=(n // threads + (i < n % threads),)) for i in range(threads)]
[t.start() for t in all]
[t.join() for t in all]
print("done", flush=True)
sys.stdin.read()
"""


def serve(listener):
    """Echoes, in as few threads as possible."""
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    peers = {}
    while True:
        for fd, _ in poll.poll():
            if fd == listener.fileno():
                peer, _ = listener.accept()
                peers[peer.fileno()] = peer
                poll.register(peer, select.EPOLLIN)
                continue
            try:
                data = peers[fd].recv(65536)
            except OSError:
                data = b""
            if data:
                peers[fd].sendall(data)
            else:
                poll.unregister(fd)
                peers.pop(fd).close()


def run(*command):
    subprocess.run(command, check=True)


def make_space():
    """A namespace at the other end of a veth; a process in it."""
    holder = subprocess.Popen(["unshare", "-n", "sleep", "600"])
    own = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{holder.pid}/ns/net") == own:
        time.sleep(0.01)
    run("ip", "link", "add", "own0", "type", "veth", "peer", "name", "own1", "netns", str(holder.pid))
    run("ip", "address", "add", NEAR, "dev", "own0")
    run("ip", "link", "set", "own0", "up")
    for words in (["address", "add", FAR, "dev", "own1"], ["link", "set", "own1", "up"]):
        run("nsenter", "-n", "-t", str(holder.pid), "ip", *words)
    return holder


def make_group():
    """A control group like Docker's; None if none can be made."""
    for root in ("/sys/fs/cgroup/unified", "/sys/fs/cgroup"):
        group = f"{root}/docker/{CONTAINER}"
        if not os.path.exists(f"{root}/cgroup.procs"):
            continue
        try:
            os.makedirs(group)
            return group
        except OSError:
            continue
    return None


def client(name, place, life, n, holder, group):
    words = [sys.executable, "-c", CLIENT, name, SERVER if place == "space" else "127.0.0.1", str(PORT), str(n),
             str(-1 if life is None else life), str(SENT), str(THREADS)]
    if place == "space":
        words = ["nsenter", "-n", "-t", str(holder.pid), *words]
    if place == "group":
        words = ["sh", "-c", 'echo $$ >"$0"/cgroup.procs && exec "$@"', group, *words]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def cpu(pid):
    """Processor time of a process, and of its children that live; ms."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        used = int(f.read().split()[0]) / 1e6
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return used + sum(cpu(int(child)) for child in f.read().split())


def wait_for(what, condition):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited too long: {what}")
        time.sleep(0.05)


def rows(path):
    """The last report's rows, by command."""
    with open(path, encoding="utf-8") as f:
        lines = list(csv.DictReader(f))
    newest = lines[-1]["time"] if lines else None
    return {r["command"] or r["process"]: r for r in lines if r["time"] == newest}


class Capture:
    def __init__(self, name):
        self.path = f"{folder}/{name}.csv"
        with open(self.path, "wb") as out:
            self.process = subprocess.Popen(
                [program, "--no-config", "-i", "lo", "-i", "own0", "-b", "--format=csv", "--view=processes",
                 "--processes", "-d", "0.5"], stdout=out)
        wait_for("no report shows this process", self.is_ready)

    def is_ready(self):
        with socket.create_connection(("127.0.0.1", PORT)):
            return any("python" in name for name in rows(self.path))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(LIMIT) != 0:
            sys.exit("pkttop has failed")
        return rows(self.path)


def start_nethogs():
    tool = shutil.which("nethogs") or shutil.which("nethogs", path="/usr/sbin")
    if tool is None:
        return None
    return subprocess.Popen([tool, "-t", "-d", "1", "lo", "own0"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def work(attempt, holder, group, places):
    """One run: the rows of the report, and the processor time of pkttop and of nethogs."""
    n = CONNECTIONS // (2 * len(LIVES))
    capture = Capture(f"run{attempt}")
    hogs = start_nethogs()
    clients = []
    for life in LIVES:
        clients.append([client(f"{place}-{life}", place, LIVES[life], n, holder, group) for place in places])
        for c in clients[-1]:
            c.stdout.readline()
    programs = [p for p in (capture.process, hogs) if p is not None]
    times = []
    for do in (lambda: None, talk):
        do()
        time.sleep(REFRESH if hogs is not None else 0)
        times.append([cpu(p.pid) for p in programs])
    for c in sum(clients, []):
        c.stdin.close()
        c.wait()
    if hogs is not None:
        hogs.kill()
        hogs.wait()
    return capture.end(), times, n


def talk():
    """One connection with many packets."""
    with socket.create_connection(("127.0.0.1", PORT)) as s:
        for _ in range(MESSAGES):
            s.sendall(b"x")
            s.recv(1)


def compare(times):
    """Prints processor times; nethogs finds next to none of the short connections."""
    for what, used in ((f"{CONNECTIONS} connections", times[0]),
                       (f"{MESSAGES} messages", [b - a for a, b in zip(*times)])):
        words = f"{what}: pkttop {used[0]:.0f} ms"
        if len(used) > 1:
            words += f", nethogs {used[1]:.0f} ms" + (f": {used[0] / used[1]:.2f}" if used[1] > 0 else "")
        print(words)


def shares(found, places, n):
    return {(place, life): int(found.get(f"{place}-{life}", {"flows": 0})["flows"]) / n
            for place in places for life in LIVES}


def has_all_bytes(row, n):
    """Payload and headers are counted to the byte: a segment has 54 of them, 66 with timestamps, a SYN 74."""
    more = int(row["bytes_out"]) - n * SENT - int(row["packets_out"]) * HEADERS - n * SYN_MORE
    if more % TIMESTAMPS == 0 and 0 <= more <= int(row["packets_out"]) * TIMESTAMPS:
        return True
    print(f"{row['process']}: {row['bytes_out']} bytes, {row['packets_out']} packets: not what was sent")
    return False


def main():
    run("ip", "link", "set", "lo", "up")
    holder, group = make_space(), make_group()
    places = [p for p in PLACES if p != "group" or group is not None]
    listener = socket.create_server(("", PORT), backlog=1024)
    threading.Thread(target=serve, args=(listener,), daemon=True).start()
    try:
        for attempt in range(TRIES):
            found, times, n = work(attempt, holder, group, places)
            got = shares(found, places, n)
            for place in places:
                print(f"{place:6}", *(f"{life} {got[place, life]:.1%}" for life in LIVES))
            exact = all(has_all_bytes(found[f"{place}-long"], n) for place in places)
            if exact and all(got[place, life] >= least for place in places for life, least in BOUNDS.items()):
                break
        else:
            sys.exit("too few are found")
    finally:
        holder.kill()
        if group is not None:
            for path in (group, os.path.dirname(group)):
                try:
                    os.rmdir(path)
                except OSError:
                    pass
    if group is None:
        print("not tried: no control group can be made")
    elif found["group-long"]["container"] != f"docker:{CONTAINER[:12]}":
        sys.exit(f"the container is {found['group-long']['container']!r}")
    compare(times)
    if len(times[0]) == 1:
        print("not compared: nethogs is not installed")


main()
