"""Frames as the kernel's own table describes them: struct frame of mm/frame.h, read from the memory of a stop."""
import struct
from collections import namedtuple

from machine import KERNEL_BASE, PAGE

RESERVED, FREE, KERNEL, TABLE, ANON, FILE = range(6)    # the states
Frame = namedtuple("Frame", "state flags order age pins wires owner index block maps prev next")
LAYOUT = struct.Struct("<4B2H6I")


def table(stop):
    """=> the Frames, by their numbers"""
    start, length = stop.variable("frame_table") - KERNEL_BASE, stop.variable("frame_table_length")
    return [Frame(*fields) for fields in LAYOUT.iter_unpack(stop.memory[start:start + length * LAYOUT.size])]


def contents(stop, state):
    """=> what the frames in that STATE hold"""
    return {stop.memory[i * PAGE:(i + 1) * PAGE] for i, frame in enumerate(table(stop)) if frame.state == state}


def count(stop, state):
    return sum(frame.state == state for frame in table(stop))
