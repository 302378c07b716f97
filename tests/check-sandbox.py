#!/usr/bin/env python3
"""Runs pkttop in each of its modes, as each kind of user, and checks its remaining rights.

usage: check-sandbox.py PKTTOP FOLDER      FOLDER holds probe.so, see probe.c
"""
import os
import pty
import pwd
import select
import shutil
import signal
import subprocess
import sys
import time

NET_RAW, PTRACE, SEARCH, OVERRIDE, ADMIN = 1 << 13, 1 << 19, 1 << 2, 1 << 1, 1 << 21
NOBODY = pwd.getpwnam("nobody")
POWERLESS = next((pwd.getpwnam(u) for u in ("pkttop", "nobody") if u in {p.pw_name for p in pwd.getpwall()}))
SUDO = {"SUDO_UID": str(NOBODY.pw_uid), "SUDO_GID": str(NOBODY.pw_gid), "SUDO_USER": "nobody"}

program, folder = sys.argv[1:]
failures = 0


def fail(what, why):
    global failures
    failures += 1
    print(f"{what}: {why}")


def status(pid):
    """The fields of /proc/PID/status."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as lines:
        return dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as text:
            return [int(n) for n in text.read().split()]
    except OSError:
        return []


def start(arguments, environment=None, binary=program, user=None):
    """pkttop on a terminal of its own; its process and the terminal."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SUDO_", "DOAS_", "PKEXEC_"))}
    env.update(environment or {}, TERM="xterm", XDG_CONFIG_HOME="/dev/null/none")
    pid, terminal = pty.fork()
    if pid == 0:
        os.setgroups([1, 2, 3] if user is None else [])
        if user is not None:
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        os.chdir("/")
        os.execve(binary, [binary, *arguments], env)
    return pid, terminal


def drain(terminal, seconds):
    end, output = time.monotonic() + seconds, b""
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            output += os.read(terminal, 65536)
        except OSError:
            break
    return output


def settled(pid, terminal):
    """Waits until the sandbox is entered, 5 s at most."""
    output = b""
    for _ in range(50):
        output += drain(terminal, 0.1)
        try:
            if status(pid)["Seccomp"] == "2":
                break
        except OSError:
            break
    return output


def stop(pid, terminal):
    os.kill(pid, signal.SIGTERM)
    output = drain(terminal, 1)
    os.close(terminal)
    os.waitpid(pid, 0)
    return output


def check_process(what, fields, uid, caps):
    if set(fields["Uid"].split()) != {str(uid)}:
        fail(what, f"is user {fields['Uid']}, not {uid}")
    if int(fields["CapEff"], 16) != caps or int(fields["CapPrm"], 16) != caps:
        fail(what, f"has capabilities {fields['CapEff']}, not {caps:x}")
    if fields["NoNewPrivs"] != "1":
        fail(what, "can gain privileges")
    if fields["Seccomp"] != "2":
        fail(what, "has no filter of system calls")
    # The helper of root has root's rights.
    if uid != 0 and fields["Groups"].split() not in ([], [fields["Gid"].split()[0]]):
        fail(what, f"has the groups {fields['Groups']}")


def check_identity(what, arguments, uid, caps, helper=None, owners=0, **how):
    """The process, its helper (a user), what finds owners, and its other children, which have no capability."""
    pid, terminal = start(arguments, **how)
    output = settled(pid, terminal)
    try:
        check_process(what, status(pid), uid, caps)
        helpers = 0
        for child in children(pid):
            fields = status(child)
            if fields["Name"].startswith("pkttop-files"):
                helpers += 1
                check_process(f"{what}: its helper", fields, helper, OVERRIDE | SEARCH if helper == 0 else 0)
            else:
                kept = {"pkttop-owners": owners, "pkttop-sockets": NET_RAW}
                check_process(f"{what}: its child", fields, uid, kept.get(fields["Name"], 0))
        if helpers != (helper is not None):
            fail(what, f"{helpers} helpers")
    except OSError:
        fail(what, f"it left: {output.decode(errors='replace')}")
    stop(pid, terminal)


def check_probe(what, arguments, environment=None, may=()):
    """Tries forbidden operations from inside; those in `may` must work."""
    pipe, end = os.pipe()
    os.set_inheritable(end, True)
    env = {"LD_PRELOAD": f"{folder}/probe.so", "PROBE_FD": str(end), **(environment or {}),
           "PROBE_READABLE": f"{folder}/empty.pcap"}
    pid, terminal = start(arguments, env)
    os.close(end)
    output = settled(pid, terminal)
    output += drain(terminal, 0.5)
    try:
        output += stop(pid, terminal)
    except ProcessLookupError:
        os.waitpid(pid, 0)
    with os.fdopen(pipe) as lines:
        seen = dict(line.split() for line in lines)
    if "execute" not in seen:
        fail(what, f"the probe did not end: {seen} {output.decode(errors='replace')[-300:]}")
    for attempt, answer in seen.items():
        if answer == "allowed" and attempt not in may:
            fail(what, f"{attempt} is allowed")


def check_identities():
    live = ["-i", "lo", "-b", "-d", "60"]
    record = [f"--packet-log={folder}/log-{{}}.csv"]
    owners = PTRACE | SEARCH
    check_identity("root", live + [record[0].format(1)], POWERLESS.pw_uid, 0, 0)
    check_identity("root, screen", ["-i", "lo"], POWERLESS.pw_uid, 0, 0, owners)
    check_identity("root, made-up traffic", ["--demo"], POWERLESS.pw_uid, 0, 0)
    check_identity("root, --processes", ["-i", "lo", "--processes"], POWERLESS.pw_uid, 0, 0, owners | ADMIN)
    check_identity("-Z", [*live, "-Z", "daemon", record[0].format(2)], pwd.getpwnam("daemon").pw_uid, 0, 0)
    check_identity("sudo", live, NOBODY.pw_uid, 0, environment=SUDO)
    check_identity("sudo, screen", ["-i", "lo"], NOBODY.pw_uid, 0, owners=owners, environment=SUDO)
    check_identity("sudo -Z", [*live, "-Z", "daemon"], pwd.getpwnam("daemon").pw_uid, 0, NOBODY.pw_uid, environment=SUDO)
    check_identity("doas", live, NOBODY.pw_uid, 0, environment={"DOAS_USER": "nobody"})
    check_identity("pkexec", live, NOBODY.pw_uid, 0, environment={"PKEXEC_UID": SUDO["SUDO_UID"]})
    if shutil.which("setcap") is None:
        print("not tried: file capabilities, for there is no setcap")
        return
    os.chmod(folder, 0o755)
    copy = f"{folder}/pkttop"
    shutil.copy(program, copy)
    subprocess.run(["setcap", "cap_net_raw,cap_net_admin=eip", copy], check=True)
    check_identity("file capabilities", live, NOBODY.pw_uid, 0, binary=copy, user=NOBODY)


def check_probes():
    for what, environment in (("root", {}), ("sudo", SUDO)):
        check_probe(f"{what}: a file", ["-r", f"{folder}/empty.pcap", "-b"], environment)
        check_probe(f"{what}: made-up traffic", ["--demo", "-b", "--reports=1"], environment)
        # Interface data is queried through a socket.
        check_probe(f"{what}: live", ["-i", "lo", "-b", "-d", "60"], environment, may=("inet-socket",))
        # Name servers may be queried from a screen.
        check_probe(f"{what}: a screen", ["-i", "lo"], environment, may=("inet-socket", "connect", "write-readable"))
        check_probe(f"{what}: --processes", ["-i", "lo", "--processes"], environment,
                    may=("inet-socket", "connect", "write-readable"))


def check_interfaces():
    """The list of interfaces, and capturing on another one, within the sandbox."""
    pid, terminal = start(["-i", "lo"])
    settled(pid, terminal)
    os.write(terminal, b"I")
    output = drain(terminal, 1)
    if b"[x] lo" not in output:
        fail("a screen", f"no list of the interfaces: {output[-300:]}")
    os.write(terminal, b"\033:interface any\r")
    output = drain(terminal, 1)
    if b"capturing on any" not in output:
        fail("a screen", f"does not capture on another interface: {output[-300:]}")
    stop(pid, terminal)


def main():
    os.chmod(folder, 0o755)
    with open(f"{folder}/empty.pcap", "wb") as f:
        f.write(bytes.fromhex("d4c3b2a1 02000400 00000000 00000000 ffff0000 01000000"))
    os.chmod(f"{folder}/empty.pcap", 0o666)
    check_identities()
    check_probes()
    check_interfaces()
    for path in ("/etc/pkttop-probe", "/etc/pkttop-probe.d"):
        if os.path.exists(path):
            fail("a probe", f"{path} was made")
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
