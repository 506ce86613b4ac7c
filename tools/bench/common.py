"""What the tools of this folder share: tools/qemu as a module, and a machine for measuring."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True


sys.path.append(os.path.join(ROOT, "tools"))
import program    # pylint: disable=wrong-import-position

qemu = program.load("qemu")


def machine(out, program, *args, **options):
    """PROGRAM as the first and only one, in virtual time unless told otherwise."""
    options = {"mem": "128M", "icount": True, "cpu": "qemu32", **options}
    return qemu.Machine(out=out, init=program, args=list(args), **options)
