#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a flame graph: where the time goes, each box a function, its width its share of samples.

    perf record -F 999 --call-graph dwarf,16384 -p PID -- sleep 5
    perf script -F ip,sym | tests/load/flame_graph.py 'oberihd, W1, 1 channel' > graph.svg

No scripts in the picture: the full name of a box is its tooltip.
"""
import html
import re
import sys

WIDTH, ROW, NARROWEST = 1200, 17, 0.9  # pixels; narrower boxes are left out


def read_stacks(lines):
    """Samples as lists of function names, the outermost first."""
    stack = []
    for line in list(lines) + [""]:
        if not line.strip():
            if stack:
                yield stack[::-1]
            stack = []
        elif match := re.match(r"\s*[0-9a-f]+\s+(.+)", line.rstrip()):
            stack.append(match.group(1))


def shorten(name):
    """Without template arguments, parameters and the namespaces that are everywhere."""
    name = re.sub(r"\[clone.*|\[abi:\w+\]|\(anonymous namespace\)::", "", name)
    while (plain := re.sub(r"<[^<>]*>|\([^()]*\)", "", name)) != name:
        name = plain
    return name.replace("oberih::", "").replace("boost::", "").strip()


def add(node, stack):
    node["count"] += 1
    for name in stack:
        node = node["inner"].setdefault(name, {"count": 0, "inner": {}})
        node["count"] += 1


def draw(node, name, x, depth, scale, total, out):
    width = node["count"] * scale
    if width < NARROWEST:
        return
    share = 100 * node["count"] / total
    of_kernel = ("__", "do_", "entry_", "tcp_", "ip_", "sock_", "net_")
    kernel = "k" if name.startswith(of_kernel) else "u"
    text = html.escape(name[: int(width / 7)]) if width > 30 else ""
    out.append(
        f'<g class="{kernel}"><title>{html.escape(name)} {share:.1f} %</title>'
        f'<rect x="{x:.1f}" y="{depth * ROW}" width="{width - 0.4:.1f}" height="{ROW - 1}"/>'
        f'<text x="{x + 3:.1f}" y="{depth * ROW + 12}">{text}</text></g>'
    )
    for inner, child in sorted(node["inner"].items()):
        draw(child, inner, x, depth + 1, scale, total, out)
        x += child["count"] * scale


def depth_of(node, scale):
    wide = [n for n in node["inner"].values() if n["count"] * scale >= NARROWEST]
    return 1 + max((depth_of(n, scale) for n in wide), default=0)


def main():
    root = {"count": 0, "inner": {}}
    for stack in read_stacks(sys.stdin):
        add(root, [shorten(name) for name in stack])
    scale = WIDTH / max(root["count"], 1)
    out = []
    draw(root, f'{sys.argv[1]}: {root["count"]} samples', 0, 0, scale, root["count"], out)
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {depth_of(root, scale) * ROW}">'
        "<style>text{font:11px monospace}.u rect{fill:#e8b36b}.k rect{fill:#9db8d2}</style>"
    )
    print("\n".join(out) + "\n</svg>")


if __name__ == "__main__":
    main()
