"""The questions for Linux, and its answers: tools/test/answers/NAME, one file for each question.

`make reference` writes the answers, the tests read them, on every host alike. The first line of a file names the kernel, the
status of the command and a sum over what was asked: the command and the program's sources, without their comments, spaces,
and names. By the sum a test finds answers that are older than their program.
"""
import dataclasses
import glob
import hashlib
import os
import re

ANSWERS = "tools/test/answers"
HEAD = "Linux {}, status {}, sources {}\n"
# Arguments of programs that need some.
WORDS = {"bad-pointers": "tell"}
# Programs without an answer of Linux, and why. All others have one.
ONLY_HERE = {
    "demo-ends": "it is about our demos, which show what only this kernel reports",
}
C_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|(?:/\*.*?\*/|//[^\n]*|\s)+', re.DOTALL)
# It says how a check is reported, not what is checked.
NOT_ASKED = "user/test/include/check.h"


def meaning(path):
    """=> the file's text; of C only what a compiler makes something of. What it includes is a source of its own."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if not path.endswith((".c", ".h")):
        return text
    text = re.sub(r'^#include ".*"$', "", text, flags=re.MULTILINE)
    return C_TEXT.sub(lambda match: match.group(0) if match.group(0)[0] in "\"'" else " ", text).strip()


@dataclasses.dataclass
class Question:
    """For linux.ask."""
    name: str
    command: str             # for our shell, in the folder /
    sources: list = dataclasses.field(default_factory=list)
    limit: int = 300         # seconds, on a machine with other work

    def sum(self):
        text = self.command + "".join(sorted(meaning(path) for path in self.sources))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def path(self):
        return os.path.join(ANSWERS, self.name)

    def write(self, release, status, text):
        answer = HEAD.format(release, status, self.sum()) + text + "\n"
        with open(self.path(), "w", encoding="utf-8") as file:
            file.write(answer)

    def answer(self):
        """=> (status, lines); what is newer than its answer is found by test_reference.py"""
        with open(self.path(), encoding="utf-8") as file:
            head, *lines = file.read().splitlines()
        return int(re.search(r"status (\d+)", head).group(1)), lines

    def wanted(self):
        """=> the lines that a success prints"""
        return [f"{self.name}: ok"] if self.name in ONLY_HERE else self.answer()[1]

    def is_new(self):
        """Whether the answer is missing, or was given to something else."""
        if not os.path.exists(self.path()):
            return True
        with open(self.path(), encoding="utf-8") as file:
            return not file.readline().endswith(f"sources {self.sum()}\n")


def included(path, seen):
    """Adds PATH and the headers that it includes with quotation marks, directly or not, to SEEN."""
    if path in seen or path == NOT_ASKED:
        return
    seen.append(path)
    with open(path, encoding="utf-8") as file:
        for name in re.findall(r'^#include "(.*)"', file.read(), re.MULTILINE):
            places = [os.path.join(folder, name) for folder in (os.path.dirname(path), "user", "user/test/include")]
            included(next(filter(os.path.exists, places)), seen)


def sources_of(name):
    """=> the files of the program /test/NAME, headers of the library not counted"""
    seen = []
    for source in sorted(glob.glob(f"user/test/*/{name}.c") + glob.glob(f"user/test/*/{name}/*.c")):
        included(source, seen)
    return seen


def programs():
    """=> the names of the programs of user/test: SUBJECT/NAME.c or SUBJECT/NAME/NAME.c. Those of labs are run by test_labs.py."""
    paths = [os.path.splitext(path)[0].split("/")[2:] for path in glob.glob("user/test/*/**/*.c", recursive=True)]
    return sorted(stem[0] for subject, *stem in paths if subject != "lab" and stem[0] == stem[-1])


def program(name):
    command = f"/test/{name} {WORDS.get(name, '')}".strip()
    return Question(name, command, sources_of(name))


# Command lines that are not the test of the program's name: name of the answer: program, command.
MORE = {
    "gc-protect": ("gc-oracle", "GC=protect /test/gc-oracle 100000 5; GC=protect /test/gc-edge"),
    "heap-bugs-all": ("heap-bugs", "/test/heap-bugs all"),
}


def named(name):
    program_name, command = MORE[name]
    return Question(name, command, sources_of(program_name))


# A script of SCRIPTS, in the folder that foreign_case.py makes.
SCRIPTS = "tools/test/scripts/foreign"
FOREIGN = "cd /work; ./busybox env -i PATH=. ./busybox sh script 2>/dev/null"


def foreign(stem):
    others = [path for path in sorted(glob.glob(SCRIPTS + "/*")) if not path.endswith(".sh")]
    return Question("foreign-" + stem, FOREIGN, [f"{SCRIPTS}/{stem}.sh", *others, "tools/test/foreign_case.py"])


def scripts():
    return [os.path.basename(path)[:-3] for path in sorted(glob.glob(SCRIPTS + "/*.sh"))]


def every():
    own = [program(name) for name in programs() if name not in ONLY_HERE]
    return own + [named(name) for name in MORE] + [foreign(stem) for stem in scripts()]
