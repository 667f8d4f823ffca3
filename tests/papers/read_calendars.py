#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads calendars with Python's icalendar and says what it understood, one JSON object a line.

  read_calendars.py FILE...

The files are taken in order into one calendar, as a calendar program does it (RFC 5546, 2.1.5):
of two events with one UID the higher SEQUENCE stands, then the later DTSTAMP; a cancelled one goes.
Times are computed twice, by the zone database and by the file's own VTIMEZONE, and must agree.
"""
import datetime
import json
import sys

import icalendar


def utc_by_own_zone(calendar, start):
    zones = {str(z["TZID"]): z for z in calendar.walk("VTIMEZONE")}
    zone = zones[start.params["TZID"]].to_tz()
    naive = start.dt.replace(tzinfo=None)
    return zone.localize(naive).astimezone(datetime.timezone.utc)


def is_newer(event, stored):
    return (int(event["SEQUENCE"]), event["DTSTAMP"].dt) > (
        int(stored["SEQUENCE"]), stored["DTSTAMP"].dt)


def read(path, stored):
    with open(path, "rb") as file:
        data = file.read()
    calendar = icalendar.Calendar.from_ical(data)
    assert str(calendar["VERSION"]) == "2.0" and str(calendar["PRODID"])
    method = str(calendar["METHOD"])
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        start = event["DTSTART"]
        utc = start.dt.astimezone(datetime.timezone.utc)
        assert utc == utc_by_own_zone(calendar, start), "the two zones differ"
        uid = str(event["UID"])
        if uid in stored and not is_newer(event, stored[uid][0]):
            continue
        stored[uid] = (event, utc, method)


def main():
    stored = {}
    for path in sys.argv[1:]:
        read(path, stored)
    for uid, (event, utc, method) in sorted(stored.items()):
        if method == "CANCEL" or str(event["STATUS"]) == "CANCELLED":
            continue
        print(json.dumps({
            "uid": uid,
            "sequence": int(event["SEQUENCE"]),
            "utc": utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "zone": event["DTSTART"].params["TZID"],
            "minutes": int(event["DURATION"].dt.total_seconds() // 60),
            "status": str(event["STATUS"]),
            "summary": str(event["SUMMARY"]),
            "location": str(event.get("LOCATION", "")),
            "details": str(event.get("DESCRIPTION", "")),
            "organizer": event["ORGANIZER"].params["CN"],
        }, ensure_ascii=False))


main()
