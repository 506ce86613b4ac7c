"""With SHISHO_NO_I386 set, starting an i386 program on the host is an error, whether or not the host could run it.

tools/test/run puts this folder into PYTHONPATH; Python imports sitecustomize before a script, so the rule holds for the tests
and for each Python tool that they start. Python raises an audit event before it starts a program (PEP 578; "Audit events table"
in its documentation), and judge() looks at those events. A program that is started by another program than Python is not seen,
except for the arguments of shells and of programs such as timeout and valgrind.
"""
import os
import re
import shlex
import shutil
import struct
import sys

I386 = 3                # e_machine
RUNNERS = {"env", "nice", "nohup", "setarch", "setsid", "strace", "taskset", "timeout", "valgrind", "xargs"}
SHELLS = {"sh", "bash", "dash", "busybox"}


class RunsOnHost(BaseException):
    """Neither an OSError nor an Exception, so that no handler for programs that fail to start catches it."""


def is_i386(path):
    """=> is PATH an executable ELF file for i386?"""
    try:
        with open(path, "rb") as file:
            head = file.read(20)
    except OSError:
        return False
    return head[:5] == b"\x7fELF\x01" and len(head) == 20 and struct.unpack_from("<H", head, 18)[0] == I386


def located(word, folder):
    return os.path.join(folder or "", word) if "/" in word else shutil.which(word) or word


def started_by(words, folder):
    """=> the words of a command that name a program to be started: the first, and the argument of a runner or a shell"""
    name = os.path.basename(words[0])
    if name in SHELLS and "-c" in words[:-1]:
        return [words[0], *re.split(r"[\s;&|()]+", words[words.index("-c") + 1])]
    if name in RUNNERS | SHELLS:
        for at in range(1, len(words)):
            if os.access(located(words[at], folder), os.X_OK):
                return [words[0], *started_by(words[at:], folder)]
    return words[:1]


def judge(event, arguments):
    if event == "subprocess.Popen":
        executable, words, folder = arguments[0], arguments[1], arguments[2]
    elif event in ("os.exec", "os.posix_spawn"):
        executable, words, folder = *arguments[:2], None
    elif event == "os.system":
        executable, words, folder = "sh", ["sh", "-c", arguments[0]], None
    else:
        return
    words = [os.fsdecode(word) for word in ([words] if isinstance(words, (str, bytes, os.PathLike)) else words)]
    for word in [os.fsdecode(executable or words[0]), *started_by(words, folder)]:
        if is_i386(located(word, folder)):
            raise RunsOnHost(f"SHISHO_NO_I386: {word} is a program for i386, but the host was to run it: {shlex.join(words)}")


if os.environ.get("SHISHO_NO_I386"):
    sys.addaudithook(judge)
