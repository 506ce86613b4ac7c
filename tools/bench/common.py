"""What the tools of this folder share: the emulator, and a machine for measuring."""
import os
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True

sys.path.append(os.path.join(ROOT, "tools"))
import children    # pylint: disable=wrong-import-position
import emulator    # pylint: disable=wrong-import-position


def out_option(parser):
    parser.add_argument("--out", default=os.path.join(ROOT, "build"), help="the build folder")


def run(main):
    """Runs a tool's MAIN, and ends with its status. Ctrl-C and SIGTERM end its machines too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except FileNotFoundError as error:
        sys.exit(f"{error.filename}: there is no such file. Is it built? (make)")
    finally:
        children.end_all()


def machine(out, program, *args, **options):
    """PROGRAM as the first and only one, in virtual time unless told otherwise."""
    options = {"mem": "128M", "icount": True, "cpu": "qemu32", **options}
    return emulator.Machine(out=out, init=program, args=list(args), **options)


def svg(width, height, size, body):
    """=> a picture on white; SIZE: of its text"""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="sans-serif" font-size="{size}">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')
