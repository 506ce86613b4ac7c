"""What the tools of this folder share: tools/qemu as a module, and a machine for measuring."""
import importlib.machinery
import importlib.util
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True


def _load_qemu():
    loader = importlib.machinery.SourceFileLoader("qemu", os.path.join(ROOT, "tools", "qemu"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("qemu", loader))
    sys.modules["qemu"] = module
    loader.exec_module(module)
    return module


qemu = _load_qemu()


def machine(out, program, *args, **options):
    """PROGRAM as the first and only one, in virtual time unless told otherwise."""
    options = {"mem": "128M", "icount": True, "cpu": "qemu32", **options}
    return qemu.Machine(out=out, init=program, args=list(args), **options)
