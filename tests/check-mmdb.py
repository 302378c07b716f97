#!/usr/bin/env python3
"""Databases of places: each of a folder is read as mmdblookup reads it, or refused as it refuses it;
damaged copies crash nothing.

usage: check-mmdb.py PKTTOP FOLDER
"""

import csv
import ipaddress
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

DAMAGED = 8  # copies of each
ADDRESSES = ("2.125.160.216 81.2.69.142 81.2.69.160 89.160.20.112 89.160.20.128 216.160.83.56 "
             "175.16.199.1 67.43.156.9 202.196.224.1 111.235.160.1 1.128.0.9 12.81.92.1 71.160.223.1 "
             "1.1.1.1 1.1.1.32 2001:218::1 2001:252::1 2001:230::7 2a02:d280::1 2600:6000::1 "
             "2001:0:53aa:64c::1 2002:5102:453a::1 ::1.1.1.4 ::2:0:40").split()
PATHS = {  # as in src/ext/geoip.c, best first
    "country": ("country iso_code", "registered_country iso_code", "country_code", "country"),
    "city": ("city names en", "city"),
    "as_name": ("autonomous_system_organization", "as_name", "name"),
    "asn": ("autonomous_system_number", "asn"),
}


def frame(address):
    """A datagram of nothing from an address."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 17, 0, ip.packed, b"\x0a\0\0\1")
    else:
        header = struct.pack("!IHBB16s16s", 6 << 28, 8, 17, 64, ip.packed, b"\xfd" + bytes(14) + b"\1")
    data = bytes(12) + (b"\x08\0" if ip.version == 4 else b"\x86\xdd") + header + bytes(
        (0, 9, 0, 9, 0, 8, 0, 0))
    return struct.pack("<IIII", 1, 0, len(data), len(data)) + data


def read(pkttop, database, capture):
    """Rows by address; None if the database was refused."""
    done = subprocess.run([pkttop, "--no-config", "--no-apps", "-b", "-r", capture, "-V", "talkers",
                           "--format=csv", f"--geoip={database}"], check=False, timeout=120,
                          capture_output=True, text=True, errors="replace")
    if done.returncode < 0 or "Sanitizer" in done.stderr or "runtime error" in done.stderr:
        sys.exit(f"{database}: {done.returncode}\n{done.stderr}")
    if done.returncode != 0:
        return None
    return {row["address"]: row for row in csv.DictReader(done.stdout.splitlines())}


def look_up(database, address, path):
    """The text or number there; None if there is none, or if it is of another type."""
    done = subprocess.run(["mmdblookup", "--file", database, "--ip", address, *path.split()],
                          check=False, capture_output=True, text=True, errors="replace")
    found = re.search(r'^\s*(?:"(.+)" <utf8_string>|(\d+) <uint32>)', done.stdout, re.M)
    return found and (found[1] or found[2])


def is_readable(database):
    done = subprocess.run(["mmdblookup", "--file", database, "--ip", "1.1.1.1"], check=False,
                          capture_output=True, text=True, errors="replace")
    return "Error opening" not in done.stderr and "Can't open" not in done.stderr


def expected(database, address, column):
    for path in PATHS[column]:
        text = look_up(database, address, path)
        if text is not None:
            return text.removeprefix("AS") if column == "asn" else text
    return ""


def compare(pkttop, database, capture):
    """The number of facts that are right."""
    rows, facts = read(pkttop, database, capture), 0
    if rows is None:
        assert not is_readable(database), f"{database}: refused, but mmdblookup reads it"
        return None
    assert is_readable(database), f"{database}: read, but mmdblookup refuses it"
    for address in ADDRESSES:
        row = rows[str(ipaddress.ip_address(address))]
        for column in PATHS:
            want = expected(database, address, column)
            if len(want) < {"country": 8, "city": 48, "as_name": 64}.get(column, 99):
                assert row[column] == want, f"{database}: {address}: {column} {row[column]}, not {want}"
                facts += want != ""
    return facts


def damage(data, of):
    data = bytearray(data)
    if of.random() < 0.3:
        del data[of.randrange(len(data)):]
    for _ in range(of.randrange(1, 8) if data else 0):
        # Most damage hits the metadata at the end, or the tree at the beginning.
        at = of.choice((of.randrange(len(data)), max(0, len(data) - of.randrange(1, 300)),
                        of.randrange(min(len(data), 200))))
        data[at % len(data)] = of.choice((0, 0xff, of.randrange(256)))
    return bytes(data)


def main():
    pkttop, folder = sys.argv[1:]
    databases = sorted(pathlib.Path(folder).rglob("*.mmdb"))
    of, facts, refused = random.Random(1), 0, 0
    with tempfile.TemporaryDirectory() as made:
        capture, copy = pathlib.Path(made, "capture.pcap"), pathlib.Path(made, "copy.mmdb")
        capture.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) +
                            b"".join(map(frame, ADDRESSES)))
        for database in databases:
            n = compare(pkttop, database, capture)
            refused += n is None
            facts += n or 0
            for _ in range(DAMAGED):
                copy.write_bytes(damage(database.read_bytes(), of))
                read(pkttop, copy, capture)
    print(f"{len(databases)} databases: {facts} facts are right, {refused} files refused; "
          f"{len(databases) * DAMAGED} damaged copies")
    assert facts > 0


main()
