"""The capture filter of a flow matches exactly its packets: check-bpf.py PKTTOP CAPTURE...

The first flows of each capture are opened on a simulated screen, which shows their filter; tcpdump
counts the matches in the same file.  A flow without an exact filter must show none.
"""
import re
import subprocess
import sys

ROWS = 5
SECONDS = 20


def run(*command):
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS).stdout.decode(
            "utf-8", "replace")
    except subprocess.TimeoutExpired:
        return ""


def detail(pkttop, capture, row):
    """The packets of that row and its filter; None if the filter or the row is missing."""
    shown = run(pkttop, "--no-config", "-n", "--view", "flows", "--sort", "first", "-r", capture,
                "--keys", "g" + "j" * row + "<Enter>", "--dump", "700x60")
    packets = re.search(r"  PACKETS +(\d+)  ", shown)
    told = re.search(r"^ bpf: (?!none: )(.*?) *$", shown, re.M)
    return (int(packets[1]), told[1]) if packets and told else None


def taken(capture, expression):
    found = re.search(r"(\d+) packets?$", run("tcpdump", "--count", "-nr", capture, expression), re.M)
    return int(found[1]) if found else None


def wrong_in(pkttop, capture):
    seen = set()
    for row in range(ROWS):
        told = detail(pkttop, capture, row)
        if told is None or told in seen:
            continue
        seen.add(told)
        packets, expression = told
        got = taken(capture, expression)
        if got != packets:
            yield f"{capture}: {expression}: takes {got} packets, the flow has {packets}"


def main(pkttop, *captures):
    wrong = [line for capture in captures for line in wrong_in(pkttop, capture)]
    for line in wrong:
        print(line)
    print(f"{len(captures)} captures, {len(wrong)} filters are not exact")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
