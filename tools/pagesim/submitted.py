"""A policy that somebody has handed in, in the simulator: a file of mm/ is replaced by theirs.

It is the work of somebody else, and runs on this machine. So it may have code and data, but nothing that runs before main(); it may
call the questions of mm/policy.h and what copies memory, but not the C library; and the process has limits, and can do no more than
read, write and end while the policy runs (main.c). That keeps mistakes from doing harm. Against malice, use a machine that holds
nothing else. Elsewhere than on Linux only the times are limited.
"""
import os
import re
import resource
import signal
import subprocess
import sys

from simulate import COUNTS, ROOT, Counts, Error, arguments, compile_host, make_header, sources

SECONDS, BYTES = 5, 1 << 30    # of a processor, and of address space, for one string
PATIENCE = 300                 # seconds of the clock, should the processor be busy with other work
CALLS = set("""policy_accessed policy_clear_accessed policy_dirty policy_evictable policy_in_scope policy_evictions_since
               policy_read_ahead policy_reads_pay policy_pageable frame_table frame_table_length panic_at printk
               memcpy memmove memset memcmp strcmp strlen __stack_chk_fail _GLOBAL_OFFSET_TABLE_""".split())
SECTIONS = re.compile(r"\.(text|data|bss|rodata|debug|comment|note|eh_frame|rela?|symtab|strtab|shstrtab|group|llvm)(?![a-z])")


def told(words):
    return subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout


def check(obj):
    """Raises Error if the object OBJ has what a policy does not need."""
    sections = re.findall(r"^\s*\[\s*\d+\] (\S+)", told(["readelf", "-SW", obj]), re.MULTILINE)
    for name in sections:
        if name.startswith(".") and not SECTIONS.match(name):
            raise Error(f"it has a section {name}, which a policy does not need")
    for line in told(["nm", obj]).splitlines():
        kind, name = line.split()[-2:]
        if kind == "U" and name not in CALLS:
            raise Error(f"it uses {name}, which is none of the questions of mm/policy.h")
        if kind in "iI":
            raise Error(f"{name} is an indirect function, which a policy does not need")


def build(folder, replaced, path):
    """Makes a simulator in FOLDER, in which the file PATH takes the place of REPLACED, as `mm/policy_ageing.c`. => its path"""
    obj, program = os.path.join(folder, "policy.o"), os.path.join(folder, "simulate")
    make_header(folder)
    try:
        compile_host(folder, ["-c", f"-fmacro-prefix-map={path}={replaced}", "-o", obj, path])
        if sys.platform == "linux":
            check(obj)
        others = [source for source in sources() if source != os.path.join(ROOT, replaced)]
        compile_host(folder, ["-o", program, obj, *others])
    except Error as error:
        raise Error(f"it cannot be built for the simulator: {error}".replace(path, replaced)) from error
    return program


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def why(status, said):
    """=> how a process with that STATUS has ended, which SAID something"""
    if status in (-signal.SIGXCPU, -signal.SIGKILL) and not said:
        return f"it did not end within {SECONDS} seconds of a processor" if status == -signal.SIGXCPU else "it did what a policy must not do"
    return said or (f"it ended by {signal.Signals(-status).name}" if status < 0 else f"it ended with status {status}")


def run(program, string, policy, frames, bystanders=0, wanted=COUNTS):
    """WANTED: as in arguments(). => the Counts of POLICY alone, by a simulator that build() has made. Error: why there are none"""
    try:
        done = subprocess.run([program, *arguments([policy], frames, bystanders, wanted)], input=string, capture_output=True, check=False,
                              timeout=PATIENCE, preexec_fn=limit, cwd="/", env={})
    except subprocess.TimeoutExpired:
        raise Error(f"it did not end within {PATIENCE} seconds") from None
    said = done.stderr.decode(errors="replace").replace(ROOT + "/", "").strip()[:500]
    if done.returncode:
        raise Error(why(done.returncode, said))
    try:
        counts = Counts(done.stdout.decode())
        missing = {(policy, n) for n in frames} - set(counts.faults)
    except (ValueError, KeyError):
        missing = True
    if missing:
        raise Error("its output is no table of counts")
    return counts
