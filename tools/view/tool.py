"""Tools are Python programs without an ending; this imports one from another."""
import importlib.machinery
import importlib.util
import os
import sys


def load(name):
    """=> the program NAME of this folder as a module"""
    loader = importlib.machinery.SourceFileLoader(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    sys.modules[name] = module
    loader.exec_module(module)
    return module
