"""The last events of a run, in the words of tools/trace. What a student's kernel has written may be anything: what is no event is
shown as it is."""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "trace"))
# pylint: disable=wrong-import-position
import reader
from stories import Stories
from symbols import Symbols
from telling import Teller

SHOWN = 20
MOST = 16 << 20    # characters of a run that are looked at


def read(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read(MOST).splitlines(keepends=True)


def last(path, build, places):
    """=> {place: the last events before it, a line each}, of the file PATH; PLACES: in bytes. BUILD: where the programs with symbols are"""
    stories, told, at, found, waiting = Stories(), [], 0, {}, sorted(set(places))
    teller, parse = Teller(stories, symbols=Symbols(build)), reader.Reader().parse
    for line in read(path):
        at += len(line)
        while waiting and at > waiting[0]:
            found[waiting.pop(0)] = list(told)
        try:
            event = parse(line.rstrip("\n"))
            stories.take(event)
            # A machine that ends writes a snapshot: that is its state, not what has happened.
            if not stories.state.snapshot and event.name != "snapshot":
                told.append(f"@{event.seq} {teller.event(event)}")
        except reader.Malformed:
            told.append(line.rstrip()[:100])
        del told[:-SHOWN]
    return {**found, **{place: told for place in waiting}}
