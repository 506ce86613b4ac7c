"""Looks at the memory manager of a stopped machine: what the commands `mm ...` of GDB print.

Nothing here knows GDB. A machine is read through three small objects (machine.py), so the tests run all of this on a memory that is a
Python dictionary. tools/gdb/attach.py makes the three for a machine that GDB debugs.
"""
