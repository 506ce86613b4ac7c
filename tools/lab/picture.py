"""A page of the viewer for a run of a lab: the same program on the same machine, with all events recorded."""
import os
import shutil
from dataclasses import replace

import machine
import program

view = program.load("view/view")
PATIENCE = 60    # seconds of the machine's time: recording everything takes long


def record(part, out, trace):
    """Runs PART once more and copies its events to the file TRACE."""
    everything = replace(part, trace="all")
    with everything.start(out, PATIENCE) as run:
        try:
            for number in range(1, part.last + 1):
                run.stop(number)
            if part.to_end:
                run.finish()
        except machine.Failed:
            pass    # what was recorded until then is what is wanted
        shutil.copyfile(run.trace, trace)


def whole_lines(path):
    """=> the text of the file PATH up to its last event: a machine that was stopped may have written half a line"""
    text = view.read(path)
    return text[:text.rfind("\n") + 1]


def make(part, out, folder):
    """=> the path of the page, in FOLDER"""
    trace = os.path.join(folder, part.program + ".trace")
    record(part, out, trace)
    sites = view.sites_of(out, trace)
    data = {"title": part.program, "trace": whole_lines(trace), "sites": sites, "sources": view.excerpts(sites), "open": "#"}
    return view.write_page(os.path.join(folder, part.program + ".html"), data)
