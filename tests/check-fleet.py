"""Two sites with a pkttop each: makes their links and traffic, and asks the questions of the guide.

check-fleet.py PKTTOP GUIDE FOLDER PROCESS-OF-NFCAPD; called by check-fleet.sh, which starts the servers.
"""
import ctypes
import fcntl
import itertools
import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request

LONG = 60  # seconds
INFLUX, VICTORIA, PROMETHEUS = (f"http://127.0.0.1:{port}" for port in (8086, 8428, 9090))

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
SIOCETHTOOL, ETHTOOL_SSET = 0x8946, 2


class Site:
    """A link of so many Mbit/s, and a pkttop on a machine with the name of the site."""

    def __init__(self, number, speed):
        self.name = f"site{number}"
        self.url = f"http://127.0.0.1:808{number}"
        self.collector = f"192.0.2.25{number}"
        self.tap = os.open("/dev/net/tun", os.O_RDWR)
        fcntl.ioctl(self.tap, TUNSETIFF, struct.pack("16sH22x", self.name.encode(), IFF_TAP | IFF_NO_PI))
        settings = ctypes.create_string_buffer(struct.pack("=IIIHBB", ETHTOOL_SSET, 0, 0, speed, 1, 0), 64)
        with socket.socket() as s:
            fcntl.ioctl(s, SIOCETHTOOL, struct.pack("16sQ16x", self.name.encode(), ctypes.addressof(settings)))
        with open(f"/proc/sys/net/ipv6/conf/{self.name}/disable_ipv6", "w", encoding="ascii") as file:
            file.write("1")
        subprocess.run(["ip", "link", "set", self.name, "up"], check=True)

    def start(self, program):
        """One pkttop writes to InfluxDB, answers Prometheus and sends its flows; one writes to VictoriaMetrics."""
        run = ["unshare", "-mu", "sh", "-c", 'mount -t sysfs sysfs /sys && hostname "$0" && exec "$@"', self.name,
               program, "--headless", "-i", self.name, "--delay=0.5"]
        self.processes = [subprocess.Popen(run + options) for options in (
            [f"--listen={self.url[7:]}", f"--influx={INFLUX}/?db=net", "--influx-create",
             f"--ipfix={self.collector}:4739", "--inactive-timeout=1"],
            [f"--influx={VICTORIA}/?org=net&bucket=net"])]

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait(LONG)

    def send(self, frames):
        for one in frames:
            os.write(self.tap, one)


identification = itertools.count(1)


def frame(source, target, proto, transport, size):
    """An Ethernet frame of so many bytes; no two are equal, as they would be if captured twice."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size - 14, next(identification), 0, 64, proto, 0, bytes([192, 0, 2, source]),
                       bytes([198, 51, 100, target]))
    data = b"\2\0\0\0\0\2" + b"\2\0\0\0\0\1" + b"\x08\0" + head + transport
    return data + bytes(size - len(data))


def udp(source, size):
    return frame(source, 1, 17, struct.pack("!HHHH", 4000, 4001, size - 34, 0), size)


def tcp(source, segment):
    return frame(source, 2, 6, struct.pack("!HHIIBBHHH", 5000, 80, 1 + 100 * segment, 1, 0x50, 0x18, 512, 0, 0), 154)


def get(url, **parameters):
    return json.load(urllib.request.urlopen(url + "?" + urllib.parse.urlencode(parameters)))


def wait_for(what, condition, problem=lambda: ""):
    """An answer that is not there yet, or lacks what is asked for, is no error."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (OSError, KeyError) as error:
            problem = lambda error=error: repr(error)
        time.sleep(0.1)
    sys.exit(f"not in time: {what} {problem()}")


def influx(text):
    """Rows of InfluxDB's answer: tags, and values by column."""
    series = get(INFLUX + "/query", db="net", q=text)["results"][0]["series"]
    return [(s.get("tags", {}), dict(zip(s["columns"], values))) for s in series for values in s["values"]]


def query(server, text):
    """What Prometheus or VictoriaMetrics answers now: labels and value of each series."""
    answer = get(server + "/api/v1/query", query=text)["data"]["result"]
    return [(row["metric"], float(row["value"][1])) for row in answer]


class Guide:
    """The questions of the guide, by the names of their blocks."""

    def __init__(self, path, folder):
        with open(path, encoding="utf-8") as file:
            blocks = re.findall(r"^```([\w-]+)\n(.*?)^```", file.read(), re.M | re.S)
        self.block = {name: text.strip() for name, text in blocks}
        self.folder = folder

    def nfdump(self, name):
        words = shlex.split(self.block["nfdump-" + name])
        words[words.index("/var/flows")] = self.folder + "/flows"
        return subprocess.run(words + ["-N"], capture_output=True, text=True, check=False).stdout


def main():
    program, path, folder, collector = sys.argv[1:]
    guide = Guide(path, folder)
    sites = [Site(1, 1), Site(2, 1000)]
    try:
        for site in sites:
            site.start(program)
        sent = make_traffic(sites)
        ask_counters(guide, sent)
    finally:
        for site in sites:
            site.stop()
    # The last flows have been sent; nfcapd writes its file when it ends.
    os.kill(int(collector), signal.SIGTERM)
    ask_flows(guide, sites, sent)


def make_traffic(sites):
    """What each address has sent, in bytes."""
    full, lossy = sites
    both = {"site1", "site2"}
    # Counters are known before the traffic, because rates are differences.
    wait_for("Prometheus", lambda: {value for _, value in scraped()} == {0.0} and len(scraped()) == 2)
    wait_for("InfluxDB", lambda: {tags["host"] for tags, _ in points()} == both)
    wait_for("VictoriaMetrics", lambda: {tags["host"] for tags, _ in query(VICTORIA, "pkttop_total_packets")} == both)
    full.send([udp(n, 1400) for n in [10] * 6000 + [30] * 4000] + [tcp(10, n) for n in range(100)])
    lossy.send([udp(30, 1400) for _ in range(4000)] + [tcp(20, n) for n in range(100) for _ in range(1 + n % 2)])
    for site, packets in zip(sites, (10100, 4150)):
        wait_for("the packets of " + site.name, lambda: get(site.url + "/report")["total"]["packets"] == packets)
    return {"192.0.2.30": 8000 * 1400, "192.0.2.10": 6000 * 1400 + 100 * 154, "192.0.2.20": 150 * 154}


def scraped():
    return query(PROMETHEUS, "pkttop_tcp_segments_total")


def points():
    return influx("SELECT last(bytes) FROM pkttop_total GROUP BY host")


def ask_counters(guide, sent):
    """Each answer comes once the last interval has been written or scraped."""
    block = guide.block

    def talkers():
        return {row["address"]: row["top"] for _, row in influx(block["influxql-talkers"]) if row["top"] > 0}

    def talkers_of_victoria():
        return {tags["address"]: value for tags, value in query(VICTORIA, block["promql-talkers"]) if value > 0}

    expect("InfluxDB, talkers", talkers, sent)
    expect("VictoriaMetrics, talkers", talkers_of_victoria, sent)

    def full(rows, value):
        return [tags["source"] for tags, row in rows if value(row) > 0.8]

    expect("InfluxDB, links", lambda: full(influx(block["influxql-links"]), lambda row: row["max_last"]), ["site1"])
    for server, name in (VICTORIA, "promql-links"), (PROMETHEUS, "prometheus-links"):
        expect(name, lambda: full(query(server, block[name]), float), ["site1"])

    expect("InfluxDB, loss", lambda: {tags["host"]: row["spread_spread"] for tags, row in influx(block["influxql-loss"])},
           {"site1": 0, "site2": 50 / 150})
    expect("VictoriaMetrics, loss", lambda: rounded(query(VICTORIA, block["promql-loss"]), "host"), {"site2": 0.333})
    expect("Prometheus, loss", lambda: rounded(query(PROMETHEUS, block["prometheus-loss"]), "instance"),
           {"127.0.0.1:8082": 0.333})


def rounded(rows, tag):
    return {tags[tag]: round(value, 3) for tags, value in rows}


def ask_flows(guide, sites, sent):
    def talkers():
        rows = re.findall(r"^\S+ \S+ +\S+ any +(\S+) +\S+\( *\S+\) +\S+\( *\S+\) +(\d+)", guide.nfdump("talkers"), re.M)
        return {address: int(octets) for address, octets in rows}

    def links():
        rows = re.findall(r"^ *(192\S+) +(\d+) +(\d+)$", guide.nfdump("links"), re.M)
        return {router: (int(number), int(octets)) for router, number, octets in rows}

    expect("nfdump, talkers", talkers, sent)
    expect("nfdump, links", links, {sites[0].collector: (1, 10000 * 1400 + 100 * 154),
                                    sites[1].collector: (1, 4000 * 1400 + 150 * 154)})


def expect(what, ask, expected):
    """Waits for an answer; the last wrong one is shown."""
    found = []

    def is_there():
        found[:] = [ask()]
        return found == [expected]

    wait_for(f"{what}: {expected}", is_there, lambda: found)


if __name__ == "__main__":
    main()
