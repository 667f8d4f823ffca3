#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the figures of docs/performance.md from the JSON of oberih-load: seen, floor and aim.

    tests/load/figures.py rows.json [more.json ...]

Each figure is the median of the runs, with minimum and maximum. A later file replaces rows of an
earlier one, so that a workload can be measured again alone.
"""
import json
import sys

# workload, beginning of the variant, key, what it is, floor, aim, whether more is better
FIGURES = [
    ("W1", "1 channel", "posts_s", "W1, 1 channel of 10: posts/s", 3000, 8000, True),
    ("W1", "50 channels", "posts_s", "W1, 50 channels of 10: posts/s", 3000, 8000, True),
    ("W1", "1 channel", "srv_us_del", "W1, 1 channel: server CPU a delivery, us", 30, 12, False),
    ("W1", "50 chan", "srv_us_del", "W1, 50 channels: server CPU a delivery, us", 30, 12, False),
    ("W2", "", "full_p50", "W2, 200 posts/s: p50, ms", 2, 1, False),
    ("W2", "", "full_p99", "W2: p99, ms", 5, 2, False),
    ("W3", "1,000 members, h", "deliv_s", "W3, 1,000 members: deliveries/s kept", 45000, 200000,
     True),
    ("W3", "1,000 members, s", "deliv_s", "W3: deliveries/s, saturated", None, None, True),
    ("W4", "2,000", "kib_per_conn", "W4, 2,000 connections: KiB each", 75, 32, False),
    ("W4", "10,000", "kib_per_conn", "W4, 10,000 connections: KiB each", 75, 32, False),
    ("W5", "", "full_p50", "W5, latest 100 of 1,000,000: p50, ms", 6, 1, False),
    ("W5", "", "full_p99", "W5: p99, ms", None, None, False),
    ("W7", "", "deliv_s", "W7, 2,000 clients come back: deliveries/s", None, None, True),
    ("W7", "", "full_p99", "W7: everything fetched, p99, ms", None, None, False),
]


def text(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def verdict(value, floor, aim, more_is_better):
    if floor is None:
        return ""
    reaches = (lambda limit: value >= limit) if more_is_better else (lambda limit: value <= limit)
    return "aim" if reaches(aim) else "floor" if reaches(floor) else "**missed**"


def main(files):
    rows = {}
    for name in files:
        with open(name, encoding="utf-8") as file:
            rows |= {(row["workload"], row["variant"]): row for row in json.load(file)}
    print("| | seen (least..most) | floor | aim | reached |\n|---|---|---|---|---|")
    for workload, variant, key, what, floor, aim, more in FIGURES:
        for (of_workload, of_variant), row in rows.items():
            if of_workload != workload or not of_variant.startswith(variant) or row[key] is None:
                continue
            seen = f"{text(row[key])} ({text(row[key + '_min'])}..{text(row[key + '_max'])})"
            limits = [f"{limit:,}" if limit is not None else "" for limit in (floor, aim)]
            print(f"| {what} | {seen} | {' | '.join(limits)} | "
                  f"{verdict(row[key], floor, aim, more)} |")
    growth = [row for row in rows.values() if row["workload"] == "W6"]
    if growth:
        print("\n| journal leaves | posts/s | server CPU us a delivery | page p50, ms |\n"
              "|---|---|---|---|")
        for posts in (row for row in growth if "W1" in row["variant"]):
            size = posts["variant"].split(" leaves")[0]
            page = next(row for row in growth if row["variant"].startswith(size + " leaves, W5"))
            print(f"| {size} | {text(posts['posts_s'])} | {text(posts['srv_us_del'])} | "
                  f"{text(page['full_p50'])} |")
    lost = sum((row["lost"] or 0) + (row["doubled"] or 0) for row in rows.values())
    print(f"\nLost or doubled in all runs: {lost:.0f}.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
