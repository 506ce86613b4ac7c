#!/usr/bin/env python3
"""dump.py state FILE EVERY: the state of tools/trace/state.py after each EVERY events of a recording, one line of JSON each.
dump.py life FILE LABEL VA...: the numbers of the events in the lives of pages, by tools/trace/life.py, one line each."""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "trace"))
import life
import reader
from state import State


def plain(value):
    """=> VALUE as JSON knows it: keys are strings, sets are sorted lists"""
    if isinstance(value, dict):
        return {":".join(map(str, k)) if isinstance(k, tuple) else "null" if k is None else str(k): plain(v)
                for k, v in value.items()}
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return plain(vars(value)) if hasattr(value, "__dict__") else value


def dump_state(state):
    parts = {name: plain(part) for name, part in vars(state).items() if name != "event"}
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def main():
    what, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as file:
        events = list(reader.read(file))
    if what == "life":
        for va in sys.argv[4:]:
            followed = life.Life(int(va, 16), int(sys.argv[3]))
            print(json.dumps([event.seq for event in events if followed.take(event)]))
        return
    state = State()
    for number, event in enumerate(events, 1):
        state.apply(event)
        if number % int(sys.argv[3]) == 0 or number == len(events):
            print(dump_state(state))


main()
