#!/usr/bin/env python3
"""Looks for wasted room and for rows that look alike on the expected screens of all views.

usage: check-columns.py FILE...

FILE is tests/screens/all-VIEW.txt.  It fails if
- two rows of a screen are equal;
- cells that are blank from the title to the last row have room for a column, which the widest
  screen of the view shows and this one does not.

TABLES in the environment names tests/tables, which prints the widths of columns.
"""
import os
import re
import subprocess
import sys

BUSY_WIDTH = 172  # narrower tables have no details that change with most redraws
PANEL = re.compile("[│|](PROTOCOLS|TCP |UDP )")


def read_columns(view):
    """Returns [(title, least width, least width of its table)] in the order of the view's table."""
    printed = subprocess.run([os.environ["TABLES"], view], capture_output=True, check=True, text=True)
    rows = [line.split("\t") for line in printed.stdout.splitlines()]
    return [(title, int(least), BUSY_WIDTH if busy == "1" else 0) for least, busy, title in rows]


def read_screens(path):
    """Returns [(heading, lines)]."""
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^(=== .*)\n", file.read(), flags=re.M)
    return [(parts[i].strip("= "), parts[i + 1].split("\n")) for i in range(1, len(parts), 2)]


def read_table(lines, columns, ascii_only):
    """Returns the titles' line, the rows, and the width, without what is beside the table."""
    mark = re.compile(r"[A-Z%]v( |$)" if ascii_only else "[▾▴]")
    ends = [at.start() for at in map(PANEL.search, lines) if at]
    width = min(ends, default=columns)
    lines = [line[:width] for line in lines]
    top = next((i for i, line in enumerate(lines) if line.startswith("  ") and mark.search(line)),
               None)
    if top is None:
        return None, [], width
    rows = []
    for line in lines[top + 1:]:
        if not line.strip() or re.match(r"  (…|\.\.\.) \d+ more", line):
            break
        rows.append("  " + line[2:])
    return lines[top], rows, width


def shown_titles(head, columns):
    """Returns the titles of the table's columns that the line has, in the table's order."""
    shown, at = [], 0
    for title, _, _ in columns:
        found = re.compile(r"(?<!\S)" + re.escape(title) + r"(?=[▾▴v^ ]|$)").search(head, at)
        if found:
            shown.append(title)
            at = found.end()
    return shown


def blank_runs(lines, width):
    """Returns the lengths of runs of cells that are blank in all lines."""
    blank = [all(x >= len(line) or line[x] == " " for line in lines) for x in range(2, width)]
    return [len(run) for run in re.findall("1+", "".join("01"[cell] for cell in blank))]


def check_file(path):
    view = re.search(r"all-(\w+)\.txt", path).group(1)
    columns, problems = read_columns(view), []
    screens = [(heading, *read_table(lines, int(heading.split("x")[0]), "--ascii" in heading))
               for heading, lines in read_screens(path)]
    tables = [screen for screen in screens if screen[1]]
    if not tables:
        return ["%s: no table was found" % path]
    widest = shown_titles(max((head for _, head, _, _ in tables), key=len), columns)
    for heading, head, rows, width in tables:
        where = "%s, %s" % (view, heading)
        problems += ["%s: two rows %r" % (where, row) for row in set(rows) if rows.count(row) > 1]
        shown = shown_titles(head, columns)
        room = max(blank_runs([head] + rows, width))
        for title, least, table in columns:
            if title in widest and title not in shown and room > least + 2 and width >= table:
                problems.append("%s: %d blank cells, and no %s" % (where, room, title))
    return problems


def main(paths):
    problems = [problem for path in paths for problem in check_file(path)]
    for problem in problems:
        print(problem)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
