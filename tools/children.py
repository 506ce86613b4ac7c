"""Processes that a tool has started, above all machines, and that must end with it."""
import subprocess
import weakref

running = weakref.WeakSet()


def start(argv, **options):
    """=> a Popen that end_all() knows"""
    process = subprocess.Popen(argv, **options)
    running.add(process)
    return process


def end_all():
    for process in list(running):
        if process.poll() is None:
            process.terminate()
