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


def svg(width, height, size, body):
    """=> a picture on white; SIZE: of its text"""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="sans-serif" font-size="{size}">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')
