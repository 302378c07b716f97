#!/usr/bin/env python3
"""Events against captures.

    check-events.py PKTTOP [CORPUS]

Each hostile capture of event_captures.py has to raise its event in time, within three seconds if
the attack is that fast, with the attacker and the victim in their roles.  No normal capture may
raise an attack.  CORPUS adds the captures of others.
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

from event_captures import HOSTILE, NORMAL
from event_frames import Capture

# The captures of others.

GEN_TRACE = (("--scan", "host_scan"), ("--synflood", "syn_flood"), ("--spoof", "spoofed_flood"))
CORPUS = {  # rule, attacker, victim
    "synscan.pcap": ("port_scan", "172.16.0.8", "64.13.134.52"),
    "sshguess.pcap": ("brute_force", "192.168.56.1", "192.168.56.103"),
    "bruteforce.pcap": ("login_failures", "192.168.56.1", "192.168.56.101"),
    "dns-tunnel-iodine.pcap": ("dns_tunnel", "10.0.2.30", None),
    "bad-dns-traffic.pcap": ("dns_tunnel", "192.168.43.91", None),  # dnscat2
    "nmap-vsn.pcap": ("arp_scan", "192.168.1.71", None),  # nmap looks for hosts
}


def events(pkttop, path):
    run = subprocess.run([pkttop, "-b", "-n", "--no-config", "--format=json", "--top=1", "-r", path],
                         stdout=subprocess.PIPE, check=False)
    return json.loads(run.stdout).get("events", []) if run.stdout else None


def wrong_with(found, rule, attacker, victim):
    """A complaint, or None."""
    of_rule = [e for e in found if e["rule"] == rule]
    if not of_rule:
        return f"no {rule}, but {[e['event'] for e in found]}"
    if not any(attacker in (None, e.get("attacker")) and victim in (None, e.get("victim"))
               for e in of_rule):
        return f"{rule} of {attacker} against {victim}: {[e['event'] for e in of_rule]}"
    return None


def attacks(found):
    return [f"{e['rule']}: {e['event']}" for e in found if e["severity"] == "attack"]


def check_hostile(pkttop, folder, fill, *expected, by):
    capture = Capture()
    fill(capture)
    path = os.path.join(folder, f"{fill.__name__}.pcap")
    capture.write(path, by)
    return wrong_with(events(pkttop, path), *expected)


def check_normal(pkttop, folder, fill):
    capture = Capture()
    fill(capture)
    path = os.path.join(folder, f"{fill.__name__}.pcap")
    capture.write(path, float("inf"))
    return attacks(events(pkttop, path))


def check_made_attack(pkttop, folder, gen_trace, option, rule):
    """One of gen-trace's, three seconds long."""
    path = os.path.join(folder, f"{rule}.pcap")
    subprocess.run([gen_trace, "-w", path, "-n", "60000", option, "20000", "--pps", "20000"],
                   stdout=subprocess.DEVNULL, check=True)
    return wrong_with(events(pkttop, path), rule, None, None)


def check_corpus(pkttop, real, name):
    found = events(pkttop, os.path.join(real, name)) or []
    return wrong_with(found, *CORPUS[name]) if name in CORPUS else attacks(found)


def tasks(pkttop, folder, corpus):
    for fill, rule, attacker, victim, by in HOSTILE:
        yield fill.__name__, check_hostile, (pkttop, folder, fill, rule, attacker, victim), {"by": by}
    for fill in NORMAL:
        yield fill.__name__, check_normal, (pkttop, folder, fill), {}
    if corpus is None:
        return
    real, gen_trace = os.path.join(corpus, "real"), os.path.join(corpus, "gen-trace")
    for option, rule in GEN_TRACE if os.access(gen_trace, os.X_OK) else ():
        yield option, check_made_attack, (pkttop, folder, gen_trace, option, rule), {}
    for name in sorted(os.listdir(real)):
        yield name, check_corpus, (pkttop, real, name), {}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    pkttop, corpus = sys.argv[1], (sys.argv[2:] or [None])[0]
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            running = [(name, pool.submit(check, *args, **options))
                       for name, check, args, options in tasks(pkttop, folder, corpus)]
        complaints = [(name, job.result()) for name, job in running]
    wrong = [(name, complaint) for name, complaint in complaints if complaint]
    for name, complaint in wrong:
        print(f"{name}: {complaint}")
    print(f"{len(complaints)} captures, {len(wrong)} wrong")
    sys.exit(bool(wrong))


main()
