"""What all commands `mm NAME` have in common: help, arguments, and errors in one line."""
import os

import gdb

from attach import register
from mm.machine import Trouble


class Mm(gdb.Command):
    """Shows the memory manager of the machine: tasks, regions, page tables, frames, swap slots. `mm` commands change nothing.

Addresses may be expressions. TASK is a task's number or name; without it, the task that runs."""

    def __init__(self):
        super().__init__("mm", gdb.COMMAND_USER, prefix=True)

    def invoke(self, argument, from_tty):
        if argument:
            raise gdb.GdbError(f"mm: there is no command {argument.split()[0]}; help mm lists them")
        gdb.execute("help mm")


class Command(gdb.Command):
    """A command `mm NAME`. A subclass has NAME, a documentation string, and run(arguments) => lines."""
    NAME = ""
    COMPLETE = gdb.COMPLETE_EXPRESSION
    ARGUMENTS = (0, 0)    # how many at least and at most

    def __init__(self):
        super().__init__("mm " + self.NAME, gdb.COMMAND_USER, self.COMPLETE)

    def invoke(self, argument, from_tty):
        try:
            arguments = gdb.string_to_argv(argument)
            if not self.ARGUMENTS[0] <= len(arguments) <= self.ARGUMENTS[1]:
                raise self.misused()
            for line in self.run(arguments) or ():
                print(line)
        except (Trouble, gdb.error) as error:
            raise gdb.GdbError(f"mm {self.NAME}: {one_line(error)}") from None
        except Exception as error:    # pylint: disable=broad-except
            raise gdb.GdbError(f"mm {self.NAME}: {type(error).__name__}: {one_line(error)}") from None

    def run(self, arguments):
        raise NotImplementedError

    def misused(self):
        """=> the Trouble of wrong arguments"""
        what = self.__doc__.split(":")[0]
        return Trouble(f"usage: {what}" + ("" if self.ARGUMENTS[1] else ", without arguments"))


def one_line(error):
    return " ".join(str(error).split())


def number(text):
    """=> the value of an expression that fits in 32 bits"""
    return in_range(gdb.parse_and_eval(text))


def in_range(value):
    """=> VALUE, a number, as 32 bits without a sign"""
    if value.type.strip_typedefs().code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION, gdb.TYPE_CODE_FLT):
        raise Trouble("an address or a number is needed, not " + str(value.type))
    value = int(value)
    if not -1 << 31 <= value < 1 << 32:
        raise Trouble("a number has 32 bits")
    return value & 0xffffffff


def space_of(s, wanted=""):
    """WANTED: a task, or "". => its address space; without a task that of the loaded directory, if it is one's"""
    if not wanted:
        cr3 = register("cr3")
        for space in s.spaces():
            if space.pagetable.directory and space.pagetable.cr3 == cr3:
                return space
    return s.space(s.task(wanted))


def function_at(address):
    """=> "in main (user/bin/sh/main.c:12)", as far as GDB knows; "" """
    place = gdb.find_pc_line(address)
    block = gdb.block_for_pc(address)
    while block and not block.function:
        block = block.superblock
    if not block:
        return ""
    return f"in {block.function}" + (f" ({os.path.normpath(place.symtab.filename)}:{place.line})" if place.symtab else "")
