"""Sentences for what happens: tools/view/words.json, {"key": {"en": ..., "ja": ...}} with placeholders like {frame}.

`KEY.library` says the same in the words of the library (readers, shelves, basement); where there is none, KEY serves both.
"""
import functools
import json
import os
import re

DEFAULT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "view", "words.json")
LANGUAGES = ("en", "ja")
UNKNOWN = "?"    # stands for a value that the recording does not contain


@functools.lru_cache
def load(path=DEFAULT):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def say(key, lang="en", values=None, library=False):
    """=> the sentence KEY with VALUES in its placeholders"""
    table = load()
    text = (library and table.get(key + ".library") or table[key])[lang]
    values = values or {}
    return re.sub(r"\{(\w+)\}", lambda m: str(UNKNOWN if values.get(m[1]) is None else values[m[1]]), text)


def event_key(name, values):
    """The key of the event NAME with these VALUES of its fields: event.NAME.WORD for one of its words, if there is such a key,
    event.NAME.on or .off for a number, else event.NAME."""
    words = (value if isinstance(value, str) else "on" if value else "off" for value in values.values())
    return next((f"event.{name}.{word}" for word in words if f"event.{name}.{word}" in load()), f"event.{name}")


def fault_key(values):
    """The key of a fault's one-line sentence; VALUES: the fields of its event."""
    if values["result"] != "ok":
        return f"fault.{values['result']}.{values['access']}"
    return f"fault.{values['row']}.{values['access']}.{'major' if values['major'] else 'minor'}"
