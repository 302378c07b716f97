#!/usr/bin/env python3
"""Reverse DNS with a server that is good, late, silent, wrong or malicious: keys are answered, and
nothing of a name controls the terminal.  Capture filters with a name that no server answers: keys are
answered, and at the start the wait is said and can be ended.

usage: check-resolver.py PKTTOP		in network and mount namespaces of its own
"""
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

LONG = 60      # seconds: what should come, comes
PATIENCE = 1   # seconds: a key that waits for an answer would take longer
REDRAW = b"\x0c"  # all cells are written, not only those that changed
KEYS = [(b"2", b"Flows]"), (b"1", b"Talkers]")] * 6
EVIL = b"evil\x1b]0;owned\x07\x9b2J\r\n"


def encode_name(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def answer(question, labels, number):
    """A PTR record for the question."""
    end = question.index(b"\0", 12) + 5
    name = encode_name(labels)
    return (number + b"\x81\x80\0\1\0\1\0\0\0\0" + question[12:end] +
            b"\xc0\x0c\0\x0c\0\1\0\0\0\x3c" + struct.pack(">H", len(name)) + name)


class Server(threading.Thread):
    def __init__(self, mode):
        super().__init__(daemon=True)
        self.mode, self.asked, self.done = mode, 0, False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.socket.settimeout(0.1)
        self.start()

    def run(self):
        while not self.done:
            try:
                question, peer = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            self.asked += 1
            for packet in self.answers(question):
                self.socket.sendto(packet, peer)

    def end(self):
        self.done = True
        self.join()
        self.socket.close()

    def answers(self, question):
        number = question[:2]
        if self.mode == "late":
            time.sleep(0.3)
        if self.mode in ("good", "late"):
            return [answer(question, [b"good", b"example"], number)]
        if self.mode == "wrong":
            other = bytes([number[0] ^ 1, number[1]])
            return [b"", b"\xff" * 40, answer(question, [b"wrong", b"example"], other),
                    answer(question, [b"good"], number)[:-3], number + b"\x81\x80" + b"\xc0\x0c" * 60]
        if self.mode == "malicious":
            return [answer(question, [EVIL, EVIL], number)]
        return []


class Screen:
    def __init__(self, program, *arguments):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a background job ignores it
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", COLUMNS="80", LINES="24")
            os.execv(program, [program, "--no-config", "--delay=0.5", *(arguments or ["--demo"])])

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            self.seen += os.read(self.fd, 65536)

    def wait(self, text, since, seconds=LONG):
        end = time.monotonic() + seconds
        while text not in self.seen[since:]:
            if time.monotonic() > end:
                sys.exit(f"no {text!r} in {self.seen[since:][-400:]!r}")
            self.read(0.05)

    def send(self, keys):
        since = len(self.seen)
        os.write(self.fd, keys)
        return since

    def end(self, key=b"q"):
        os.write(self.fd, key)
        end = time.monotonic() + LONG
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit("it does not end")
            try:
                self.read(0.05)
            except OSError:
                time.sleep(0.05)
        os.close(self.fd)


def press_keys(screen):
    """Returns the times until the screen shows what each key asks for."""
    times = []
    for key, tab in KEYS:
        start = time.monotonic()
        screen.wait(tab, screen.send(key + REDRAW))
        times.append(time.monotonic() - start)
    return times


def check_median(times):
    if sorted(times)[len(times) // 2] > PATIENCE:
        sys.exit("too late")


def check_capture_filter(program):
    server, screen = Server("silent"), Screen(program, "-i", "lo")
    screen.wait(b"Talkers]", 0)
    since = screen.send(b"fhost nobody.example\r")
    check_median(press_keys(screen))
    screen.wait(b"capture filter not compiled", since)
    screen.end(b"\x03")  # the line is there again, to be mended
    screen = Screen(program, "-i", "lo", "host", "nobody.example")
    screen.wait(b"waiting for a name server", 0)
    screen.send(b"\x03")
    if os.waitpid(screen.pid, 0)[1] != signal.SIGINT:
        sys.exit("Ctrl-C does not end the wait for a name server")
    server.end()
    print("a capture filter that waits holds up nothing, and Ctrl-C ends it at the start")


def check(program, mode):
    server, screen = Server(mode), Screen(program)
    screen.wait(b"Talkers]", 0)
    screen.wait(b"reverse DNS", screen.send(b":names dns\r"))
    end = time.monotonic() + LONG
    while server.asked == 0:
        if time.monotonic() > end:
            sys.exit(f"{mode}: nothing was asked")
        screen.read(0.05)
    times = press_keys(screen)
    if mode == "good":
        screen.wait(b"good.example~p", screen.send(REDRAW))
    screen.end()
    server.end()
    for text in (b"\x1b]0;owned", b"owned\x07", b"\x9b2J"):
        if text in screen.seen:
            sys.exit(f"{mode}: {text!r} reached the terminal")
    if b"wrong.example" in screen.seen:
        sys.exit("an answer to another question was believed")
    median = sorted(times)[len(times) // 2]
    print(f"{mode}: {server.asked} questions, a key is answered in {median * 1000:.1f} ms")
    check_median(times)


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for mode in ("good", "late", "silent", "wrong", "malicious"):
        check(sys.argv[1], mode)
    check_capture_filter(sys.argv[1])


main()
