"""GDB commands for Shisho: `help mm` lists them. Loaded by init.gdb."""
import os
import sys

import gdb

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.append(os.path.join(os.path.dirname(HERE), "trace"))
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import commands
import functions
import printers
import programs
import stops
import tracing

for module in (commands, functions, printers, programs, stops, tracing):
    module.register_all()


class AttachMachine(gdb.Command):
    """attach_machine: connects to the machine that waits on port $port (1234); ends GDB if none does."""

    def __init__(self):
        super().__init__("attach_machine", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        port = gdb.convenience_variable("port")
        port = 1234 if port is None else int(port)
        try:
            gdb.execute(f"target remote 127.0.0.1:{port}")
        except gdb.error as error:
            print(f"No machine waits on port {port}: start make debug first, in another terminal. ({error})")
            gdb.execute("quit 1")


AttachMachine()
