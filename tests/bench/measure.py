"""Shared by the two benchmarks: running programs, and writing tables."""

import os
import resource
import shutil
import statistics
import sys
import subprocess
from dataclasses import dataclass

MEMORY_MOST = 8 << 30  # bytes for a program: some take kB for each flow, and would take all

# Daemons are not in an ordinary user's PATH.
os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"


@dataclass
class Usage:
    processor: float  # s, user and system
    clock: float  # s
    memory: float  # MB at most


def is_installed(program):
    return shutil.which(program) is not None


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))


def run(cost, arguments):
    """The output of the program cost for a run, or None if that failed."""
    done = subprocess.run([cost] + arguments, stdin=subprocess.DEVNULL, capture_output=True,
                          preexec_fn=limit_memory, check=False)
    if done.returncode != 0:
        return None
    processor, clock, memory = map(float, done.stdout.split())
    return Usage(processor, clock, memory * (1 if sys.platform == "darwin" else 1024) / 1e6)


def median(values):
    return statistics.median(list(values))


def table(title, columns, rows):
    """Prints a table in Markdown: rows are lists of cells, the first one its name."""
    print(f"\n| {title} | " + " | ".join(columns) + " |")
    print("|---|" + "--:|" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def short(x):
    """Three significant digits."""
    return f"{x:.0f}" if x >= 100 else f"{x:.1f}" if x >= 10 else f"{x:.2f}"
