#!/usr/bin/env python3
"""Finds circles of modules, and modules that need a higher layer, from the symbols of the objects.

usage: check-circles.py [-v] [BUILD]

BUILD (default: the working directory) contains the objects; srcdir in the environment names the
source tree.  -v also prints all edges of each circle.

A module is an object file, named by its folder and source: core/flow.  It needs another module if
it refers to a symbol which that one defines.  The check fails if modules form a circle, or if a
module needs a layer that LAYERS does not allow.  For each circle it prints the fewest symbols whose
move would open it.

Inline functions and constants leave no symbols; tests/check-layers.sh checks what is included.
"""
import os
import re
import subprocess
import sys
from collections import defaultdict

# The layers that each layer may need, besides itself.  "" is src/*.c.
LAYERS = {
    "util": [],
    "dissect": ["util"],
    "core": ["dissect", "util"],
    "view": ["core", "dissect", "util"],
    "control": ["view", "core", "dissect", "util"],
    "screen": ["control", "view", "core", "dissect", "util"],
    "ui": ["screen", "control", "view", "core", "dissect", "util"],
    "platform": ["core", "dissect", "util"],
    "ext": ["core", "dissect", "util"],
    "capture": ["platform", "dissect", "util"],
    "export": ["platform", "view", "core", "dissect", "util"],
    "feed": ["capture", "export", "ext", "platform", "view", "core", "dissect", "util"],
    "serve": ["feed", "capture", "export", "ext", "platform", "view", "core", "dissect", "util"],
    "app": ["*"],
    "": ["*"],
}
EXACT_MOST = 14  # largest circle for which the smallest cut is certainly found
DEFINED = set("TDBRVWGSC")
UNDEFINED = set("Uvw")


def find_objects(build, srcdir):
    """Returns {path: module}, without objects that an older build left behind."""
    objects = {}
    top = os.path.join(build, "src")
    for folder, _, names in os.walk(top):
        for name in names:
            if name.endswith(".o"):
                source = re.sub(r"^lib\w+_a-", "", name[:-2])
                module = os.path.normpath(os.path.join(os.path.relpath(folder, top), source))
                if os.path.exists(os.path.join(srcdir, "src", module + ".c")):
                    objects[os.path.join(folder, name)] = module
    return objects


def read_needs(objects):
    """Returns {module: {needed module: {symbols}}}."""
    command = [os.environ.get("NM", "nm"), "-P", "-A", *objects]
    owner, wanted = {}, defaultdict(set)
    for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
        path, symbol, kind = re.match(r"(.*): (\S+) (\S)", line).groups()
        if kind in DEFINED:
            owner[symbol] = objects[path]
        elif kind in UNDEFINED:
            wanted[objects[path]].add(symbol)
    needs = {module: defaultdict(set) for module in objects.values()}
    for module, symbols in wanted.items():
        for symbol in symbols & owner.keys():
            if owner[symbol] != module:
                needs[module][owner[symbol]].add(symbol)
    return needs


def find_circles(needs):
    """The strongly connected components of more than one module (Tarjan, without recursion)."""
    number, low, stack, circles = {}, {}, [], []
    for root in sorted(needs):
        if root in number:
            continue
        number[root] = low[root] = len(number)
        stack.append(root)
        work = [(root, iter(sorted(needs[root])))]
        while work:
            module, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[module])
                if low[module] == number[module]:
                    circle = stack[stack.index(module):]
                    del stack[stack.index(module):]
                    if len(circle) > 1:
                        circles.append(sorted(circle))
            elif other not in number:
                number[other] = low[other] = len(number)
                stack.append(other)
                work.append((other, iter(sorted(needs[other]))))
            elif other in stack:
                low[module] = min(low[module], number[other])
    return sorted(circles, key=len, reverse=True)


def exact_order(cost):
    """The order of 0 to n - 1 with the least cost, by dynamic programming over sets.

    cost[i][j] is paid if j comes after i.
    """
    n = len(cost)
    least, last = [0] + [sys.maxsize] * ((1 << n) - 1), [0] * (1 << n)
    for done in range(1 << n):
        after = [j for j in range(n) if not done >> j & 1]
        for i in after:
            paid = least[done] + sum(cost[i][j] for j in after if j != i)
            if paid < least[done | 1 << i]:
                least[done | 1 << i], last[done | 1 << i] = paid, i
    order, done = [], (1 << n) - 1
    while done:
        order.insert(0, last[done])
        done ^= 1 << last[done]
    return order


def good_order(cost):
    """Approximates exact_order(): moves one number at a time while that lowers the cost."""
    order = sorted(range(len(cost)), key=lambda i: sum(cost[i]))
    while True:
        gain, old, new = 0, 0, 0
        for i, x in enumerate(order):
            for step in (1, -1):
                change, k = 0, i + step
                while 0 <= k < len(order):
                    y = order[k]
                    change += step * (cost[y][x] - cost[x][y])
                    if change < gain:
                        gain, old, new = change, i, k
                    k += step
        if gain == 0:
            return order
        order.insert(new, order.pop(old))


def print_edges(needs, edges):
    for module, other in edges:
        print(f"    {module} -> {other}: {' '.join(sorted(needs[module][other]))}")


def report_circle(needs, circle, verbose):
    print(f"circle of {len(circle)} modules: {' '.join(circle)}")
    edges = [(m, o) for m in circle for o in circle if o in needs[m]]
    if verbose:
        print("  edges:")
        print_edges(needs, edges)
    cost = [[len(needs[m].get(o, ())) for o in circle] for m in circle]
    order = (exact_order if len(circle) <= EXACT_MOST else good_order)(cost)
    place = {circle[i]: at for at, i in enumerate(order)}
    print("  open without:")
    print_edges(needs, [(m, o) for m, o in edges if place[o] > place[m]])


def layer_of(module):
    return os.path.dirname(module).split("/")[0]


def is_allowed(module, other):
    may = LAYERS.get(layer_of(module), [])
    return layer_of(other) == layer_of(module) or layer_of(other) in may or "*" in may


def main(arguments):
    verbose = "-v" in arguments
    build = next((a for a in arguments if a != "-v"), ".")
    objects = find_objects(build, os.environ.get("srcdir", "."))
    if not objects:
        print("skipped: there are no objects in", build)
        return 77
    needs = read_needs(objects)
    circles = find_circles(needs)
    for circle in circles:
        report_circle(needs, circle, verbose)
    wrong = [(m, o) for m in sorted(needs) for o in sorted(needs[m]) if not is_allowed(m, o)]
    if wrong:
        print("against the layers:")
        print_edges(needs, wrong)
    return int(bool(circles or wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
