"""Sizes of memory, in frames: those that were asked for, or some that suit a string."""
import math

from simulate import Error

FRAMES_MAX = 1 << 20
SIZES_MAX = 64
RANGE_MAX = 12    # more are thinned out
SMALL = 12        # a string of so many pages is counted at each size


def number(text, part):
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= FRAMES_MAX:
        raise Error(f"--frames: {part!r} is not a number from 1 to {FRAMES_MAX}, or a range like 20-100")
    return int(text)


def of_list(text):
    """=> the numbers of frames in --frames, in order"""
    found = set()
    for part in text.split(","):
        low, dash, high = part.partition("-")
        low = number(low, part)
        high = number(high, part) if dash else low
        if high < low:
            raise Error(f"--frames: {part!r} ends before it begins")
        step = max(1, math.ceil((high - low) / (RANGE_MAX - 1)))
        found |= set(range(low, high + 1, step)) | {high}
    if len(found) > SIZES_MAX:
        raise Error(f"--frames: {len(found)} numbers of frames; {SIZES_MAX} are the most")
    return sorted(found)


def of_pages(pages, window):
    """=> sizes for a string of so many PAGES that was recorded with this WINDOW"""
    few = range(1, pages + 1) if pages <= SMALL else {pages * eighths // 8 for eighths in range(1, 7)}
    return sorted(n for n in few if n > window) or [window + 1]


def above(window, frames):
    """=> those of FRAMES at which a string recorded with this WINDOW can be counted"""
    found = [n for n in frames if n > window]
    if not found:
        raise Error(f"recorded strings have no counts for {window} frames and fewer (see tools/pagesim/record.c)")
    return found
