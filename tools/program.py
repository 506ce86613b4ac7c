"""Tools are Python programs without an ending; this imports one of them, for another tool or a test. And what a tool that runs make needs."""
import importlib.machinery
import importlib.util
import os
import sys

TOOLS = os.path.dirname(os.path.abspath(__file__))


def load(path):
    """=> the program PATH, absolute or from this folder on, as `qemu` or `view/view`, as a module with the name of its file"""
    name = os.path.basename(path)
    loader = importlib.machinery.SourceFileLoader(name, os.path.join(TOOLS, path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def outside_make(*others):
    """=> the environment without what a make that runs this tool has put there, and without the variables that begin with OTHERS"""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", *others))}
