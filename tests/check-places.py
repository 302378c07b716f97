#!/usr/bin/env python3
"""Databases of places that are replaced while a headless pkttop runs: SIGHUP reads them again.

usage: check-places.py PKTTOP FOLDER
"""
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

LONG = 60  # seconds


def encode(value):
    """Encodes texts, maps, lists and (type, bytes) in the format of MaxMind."""
    if isinstance(value, str):
        return bytes([2 << 5 | len(value)]) + value.encode()
    if isinstance(value, dict):
        return bytes([7 << 5 | len(value)]) + b"".join(encode(k) + encode(v)
                                                       for k, v in value.items())
    if isinstance(value, list):
        return bytes([len(value), 11 - 7]) + b"".join(map(encode, value))
    kind, number = value
    head = bytes([kind << 5 | len(number)]) if kind <= 7 else bytes([len(number), kind - 7])
    return head + number


def database(country):
    """A database in which all addresses are in one country."""
    tree = (1 + 16).to_bytes(3, "big") * 2
    meta = {"node_count": (6, b"\1"), "record_size": (5, b"\x18"), "ip_version": (5, b"\4"),
            "database_type": "Test", "languages": ["en"], "description": {"en": "Test"},
            "binary_format_major_version": (5, b"\2"), "binary_format_minor_version": (5, b""),
            "build_epoch": (9, b"\1")}
    return (tree + bytes(16) + encode({"country": {"iso_code": country}}) +
            b"\xab\xcd\xefMaxMind.com" + encode(meta))


def replace(path, content):
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.rename(path + ".new", path)


def wait_for(what, condition, child):
    end = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > end or child.poll() is not None:
            sys.exit("not in time: " + what)
        time.sleep(0.1)


def main():
    program, folder = sys.argv[1:]
    path, port = folder + "/places.mmdb", 20000 + os.getpid() % 20000
    url = f"http://127.0.0.1:{port}/hosts?show=ip&top=1"

    def country():
        try:
            with urllib.request.urlopen(url, timeout=LONG) as answer:
                rows = json.load(answer)["rows"]
        except OSError:
            return None
        return rows[0].get("country") if rows else None

    replace(path, database("DE"))
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup may have started this test
    child = subprocess.Popen([program, "--demo", "--headless", "--no-config", "--geoip=" + path,
                              f"--listen=127.0.0.1:{port}", "--delay=0.2"])
    try:
        wait_for("the first database", lambda: country() == "DE", child)
        for content, wanted in ((database("FR"), "FR"), (b"damaged", "FR"),
                                (database("IT"), "IT")):
            replace(path, content)
            child.send_signal(signal.SIGHUP)
            wait_for(f"{content[:8]} read as {wanted}", lambda: country() == wanted, child)
    finally:
        child.terminate()
    if child.wait(LONG) != 0:
        sys.exit(f"it ended with {child.returncode}")


if __name__ == "__main__":
    main()
