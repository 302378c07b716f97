#!/usr/bin/env python3
"""Draws a screen that pkttop prints with its colours as an SVG picture.

    pkttop --demo --dump=100x30 --color=always | picture.py "title" > picture.svg

What is read are the sequences that src/ui/ansi.c writes; blocks and lines are drawn as shapes, so
that they meet whatever font there is.
"""

import re
import sys
from xml.sax.saxutils import escape

CELL, LINE, SIZE, MARGIN = 8.4, 17, 14, 10  # widths and heights in pixels
PAPER, INK = "#101418", "#d6dae0"
BASIC = ("#101418 #d05050 #50b060 #d0a040 #5090d0 #b070c0 #40a8b8 #c8ccd0 "
         "#606870 #ff6b6b #69d37a #ffc857 #6fb1ff #d48ae0 #5fd0e0 #ffffff").split()
SEQUENCE = re.compile(r"\033\[([0-9;]*)m")


def color(number):
    """One of the 256 colours of xterm."""
    if number < 16:
        return BASIC[number]
    if number >= 232:
        grey = 8 + 10 * (number - 232)
        return f"#{grey:02x}{grey:02x}{grey:02x}"
    levels = (0, 95, 135, 175, 215, 255)
    number -= 16
    parts = (levels[number // 36], levels[number // 6 % 6], levels[number % 6])
    return "#%02x%02x%02x" % parts


def look(codes):
    """Foreground, background (None: default), bold and underlined, from a sequence's numbers."""
    ink, paper, bold, under, reverse = INK, None, False, False, False
    codes = [int(code or 0) for code in codes.split(";")]
    while codes:
        code = codes.pop(0)
        if code in (38, 48) and len(codes) >= 2:
            if code == 38:
                ink = color(codes[1])
            else:
                paper = color(codes[1])
            del codes[:2]
        bold |= code == 1
        under |= code == 4
        reverse |= code == 7
        if code == 2:
            ink = "#808890"
    if reverse:
        ink, paper = paper or PAPER, ink
    return ink, paper, bold, under


def runs(line):
    """The pieces of a line with the same look, each with its start column."""
    at, now = 0, look("")
    for i, piece in enumerate(SEQUENCE.split(line)):
        if i % 2:
            now = look(piece)
        elif piece:
            yield at, piece, now
            at += len(piece)


def rect(x, y, width, height, fill):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{fill}"/>')


def block(ch, x, y, ink):
    """A block or a line as a shape, or None for a character that is text."""
    code = ord(ch)
    if 0x2581 <= code <= 0x2587:
        height = LINE * (code - 0x2580) / 8
        return rect(x, y + LINE - height, CELL, height, ink)
    if 0x2589 <= code <= 0x258f:
        return rect(x, y, CELL * (0x2590 - code) / 8, LINE, ink)
    strokes = {"─": "lr", "│": "ud", "├": "udr", "┤": "udl", "└": "ur", "┘": "ul"}.get(ch)
    if strokes is None:
        return None
    mid_x, mid_y = x + CELL / 2, y + LINE / 2
    ends = {"l": (x, mid_y), "r": (x + CELL, mid_y), "u": (mid_x, y), "d": (mid_x, y + LINE)}
    path = " ".join(f"M{mid_x:.1f} {mid_y:.1f}L{ends[s][0]:.1f} {ends[s][1]:.1f}" for s in strokes)
    return f'<path d="{path}" stroke="{ink}"/>'


def draw_run(at, text, style, y):
    ink, paper, bold, under = style
    x = MARGIN + at * CELL
    if paper:
        yield rect(x, y, len(text) * CELL, LINE, paper)
    for full in re.finditer("█+", text):
        yield rect(x + full.start() * CELL, y, len(full.group()) * CELL, LINE, ink)
    text = text.replace("█", " ")
    words = []
    for i, ch in enumerate(text):
        shape = block(ch, x + i * CELL, y, ink)
        if shape:
            yield shape
        words.append(" " if shape else ch)
    for word in re.finditer(r"\S+(?: \S+)*", "".join(words)):
        left = x + word.start() * CELL
        more = (' font-weight="bold"' if bold else "") + (
            ' text-decoration="underline"' if under else "")
        yield (f'<text x="{left:.1f}" y="{y + LINE - 4.5:.1f}" fill="{ink}"{more} '
               f'textLength="{len(word.group()) * CELL:.1f}">{escape(word.group())}</text>')


def draw(lines, title):
    columns = max(sum(len(text) for _, text, _ in runs(line)) for line in lines)
    width, height = columns * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
           f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{escape(title)}" '
           f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{SIZE}" '
           f'shape-rendering="crispEdges" xml:space="preserve">')
    yield f'<title>{escape(title)}</title>'
    yield f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>'
    for row, line in enumerate(lines):
        for at, text, style in runs(line):
            yield from draw_run(at, text, style, MARGIN + row * LINE)
    yield "</svg>"


def main():
    lines = sys.stdin.read().splitlines()
    if not lines:
        sys.exit("picture.py: there is no screen to draw")
    print("\n".join(draw(lines, sys.argv[1] if len(sys.argv) > 1 else "pkttop")))


if __name__ == "__main__":
    main()
