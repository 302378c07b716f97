#!/usr/bin/env python3
"""Runs a program on a terminal of its own, types keys, and prints the last screen with its colours.

    watch.py COLSxROWS SECONDS KEYS COMMAND [ARGUMENT...] | picture.py "title" > picture.svg

It waits SECONDS, types KEYS, and waits one second more.  It supports the part of xterm-256color
that ncurses uses, and fails on anything else.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

PLAIN = ()
CONTROL = re.compile(r"\x1b\[([?>]?)([0-9;:]*)([a-zA-Z@`])|\x1b[()]."
                     r"|\x1b[=>78c]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\", re.S)
PART = re.compile(r"\x1b(?:\[[?>]?[0-9;:]*|[()]?|[\]P][^\x07\x1b]*\x1b?)$", re.S)
ATTRIBUTES = {1: 22, 2: 22, 4: 24, 7: 27}  # and what ends each
IGNORED = "htlncq"  # modes and queries: nothing that stands on the screen


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.x = self.y = 0
        self.top, self.bottom = 0, rows  # the lines that scroll
        self.style = {}
        self.last = " "
        self.pending = ""
        self.cells = [self.blank_row() for _ in range(rows)]

    def blank_row(self):
        return [(" ", PLAIN)] * self.columns

    def put(self, ch):
        if self.x == self.columns:
            self.x, self.y = 0, min(self.y + 1, self.rows - 1)
        self.cells[self.y][self.x] = (ch, tuple(self.style.values()))
        self.x += 1
        self.last = ch

    def scroll(self, top, lines):
        """Moves the lines from top to the end of the scrolling region up, or down if negative."""
        region = self.cells[top:self.bottom]
        size = len(region)
        blank = [self.blank_row() for _ in range(min(abs(lines), size))]
        region = (region + blank)[-size:] if lines > 0 else (blank + region)[:size]
        self.cells[top:self.bottom] = region

    def erase(self, y, start, end):
        self.cells[y][start:end] = [(" ", self.paper())] * (end - start)

    def paper(self):
        return (self.style["paper"],) if "paper" in self.style else PLAIN

    def set_style(self, codes):
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.style = {}
            elif code in ATTRIBUTES:
                self.style[code] = str(code)
            elif code in ATTRIBUTES.values():
                for attribute in [a for a, end in ATTRIBUTES.items() if end == code]:
                    self.style.pop(attribute, None)
            elif code in (38, 48):
                self.set_color("ink" if code == 38 else "paper", code, codes[1])
                del codes[:2]
            elif code in (39, 49):
                self.style.pop("ink" if code == 39 else "paper", None)
            elif code // 10 in (3, 4, 9, 10):
                bright = 8 if code >= 90 else 0
                ink = code // 10 in (3, 9)
                self.set_color("ink" if ink else "paper", 38 if ink else 48, code % 10 + bright)

    def set_color(self, name, code, number):
        self.style[name] = f"{code};5;{number}"

    def control(self, private, text, final):
        numbers = [int(n or 0) for n in re.split("[;:]", text)]
        n = max(numbers[0], 1)
        if private or final in IGNORED:
            return
        if final == "m":
            self.set_style(numbers)
        elif final in "Hf":
            self.y = min(n, self.rows) - 1
            self.x = min(max((numbers + [1])[1], 1), self.columns) - 1
        elif final == "d":
            self.y = min(n, self.rows) - 1
        elif final in "G`":
            self.x = min(n, self.columns) - 1
        elif final in "AB":
            self.y = min(max(self.y + (n if final == "B" else -n), 0), self.rows - 1)
        elif final in "CD":
            self.x = min(max(self.x + (n if final == "C" else -n), 0), self.columns - 1)
        elif final == "K":
            start, end = {0: (self.x, self.columns), 1: (0, self.x + 1)}[numbers[0]]
            self.erase(self.y, start, end)
        elif final == "J":
            self.erase(self.y, self.x if numbers[0] == 0 else 0, self.columns)
            for y in range(self.y + 1 if numbers[0] == 0 else 0, self.rows):
                self.erase(y, 0, self.columns)
        elif final == "r":
            self.top, self.bottom = n - 1, (numbers + [0])[1] or self.rows
            self.x = self.y = 0
        elif final in "ST":
            self.scroll(self.top, n if final == "S" else -n)
        elif final in "ML":
            self.scroll(self.y, n if final == "M" else -n)
        elif final == "X":
            self.erase(self.y, self.x, min(self.x + n, self.columns))
        elif final == "b":
            for _ in range(n):
                self.put(self.last)
        elif final == "P":
            row = self.cells[self.y]
            row[self.x:] = row[self.x + n:] + [(" ", self.paper())] * min(n, self.columns - self.x)
        elif final == "@":
            row = self.cells[self.y]
            row[self.x:] = ([(" ", self.paper())] * n + row[self.x:])[:self.columns - self.x]
        else:
            sys.exit(f"watch.py: a sequence that is not known: ESC [ {text} {final}")

    def write(self, text):
        text = self.pending + text
        part = PART.search(text)
        self.pending = text[part.start():] if part else ""
        text = text[:len(text) - len(self.pending)]
        at = 0
        while at < len(text):
            found = CONTROL.match(text, at)
            if found:
                if found.group(3):
                    self.control(found.group(1), found.group(2), found.group(3))
                at = found.end()
                continue
            self.write_char(text[at])
            at += 1

    def write_char(self, ch):
        if ch == "\r":
            self.x = 0
        elif ch == "\n":
            if self.y == self.bottom - 1:
                self.scroll(self.top, 1)
            else:
                self.y = min(self.y + 1, self.rows - 1)
        elif ch == "\b":
            self.x = max(self.x - 1, 0)
        elif ch >= " ":
            self.put(ch)

    def lines(self):
        """In the form of src/ui/ansi.c."""
        for row in self.cells:
            line, now = "", None
            for ch, style in row:
                if style != now:
                    line += "\033[" + ";".join(("0",) + style) + "m"
                    now = style
                line += ch
            yield line + "\033[0m"


def read_for(terminal, screen, decoder, seconds):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            sys.exit("watch.py: the program has ended")
        screen.write(decoder.decode(data))


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    columns, rows = (int(n) for n in sys.argv[1].split("x"))
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execvp(sys.argv[4], sys.argv[4:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    decoder = codecs.getincrementaldecoder("utf-8")()
    screen = Screen(columns, rows)
    read_for(terminal, screen, decoder, float(sys.argv[2]))
    for key in sys.argv[3]:
        os.write(terminal, key.encode())
        read_for(terminal, screen, decoder, 0.02)
    read_for(terminal, screen, decoder, 1)
    print("\n".join(screen.lines()))
    os.write(terminal, b"q")
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
