"""The documents name only what exists: files, goals and variables of make, functions, programs, names of /proc, words of the
kernel command line. What is checked is what stands in `backticks`, in links and in blocks of commands. What a reader is told to
make does not exist yet: a comment `<!-- made by the reader: NAME ... -->` in the document names it."""
import functools
import glob
import itertools
import os
import re
import shlex
import subprocess

from foreign import PROGRAMS
from support import OUT, Case

DOCUMENTS = sorted(glob.glob("*.md") + glob.glob("docs/**/*.md", recursive=True) + glob.glob("mm/*.md"))
FOLDERS = ("boot", "kernel", "mm", "drivers", "user", "tools", "docs")
ENDINGS = ("c", "h", "S", "py", "md", "ld", "mk", "cfg", "schema", "gdb")
FENCE = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MADE = re.compile(r"<!-- made by the reader: (.*?) -->", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)\)")
# Shell words that start no program: the shell's own are asked of its source.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@functools.cache
def sources():
    """=> the text of everything that is no document"""
    paths = ["Makefile", "linker.ld"]
    for folder in FOLDERS:
        paths += [p for p in glob.glob(folder + "/**/*", recursive=True) if os.path.isfile(p) and "/node_modules/" not in p
                  and not p.endswith((".md", "test_docs.py", ".pyc", "text.txt", "page.html", ".png"))]
    return "\n".join(read(p) for p in paths)


@functools.cache
def words():
    return set(re.findall(r"\w+", sources()))


@functools.cache
def made(document):
    return set(" ".join(MADE.findall(read(document))).split())


@functools.cache
def inline(document):
    return [name for name in INLINE.findall(FENCE.sub("", read(document))) if name not in made(document)]


@functools.cache
def blocks(document):
    return FENCE.findall(read(document))


def lines(document):
    """=> the lines of the blocks, and the texts in backticks"""
    return [line for block in blocks(document) for line in block.splitlines()] + inline(document)


def commands(document):
    """=> lines that a person types into a terminal of the host, without the prompt"""
    for line in lines(document):
        line = line.removeprefix("$ ")
        if re.match(r"(make|tools/\S+)( |$)", line):
            yield line


def shell_lines(document):
    """=> lines that a person types into Shisho's shell"""
    for line in lines(document):
        if line.startswith("shisho:/$ "):
            yield line.removeprefix("shisho:/$ ")
        for given in re.findall(r"(?:CMD=|--cmd )'([^']+)'", line):
            yield given


def programs_of(line):
    for piece in re.split(r"\|\|?|&&?|;", QUOTED.sub("x", line)):
        words = list(itertools.dropwhile(re.compile(r"[A-Z_]+=").match, piece.split()))    # an environment may come first
        if words:
            yield words


def headings(document):
    return re.findall(r"^(#+) ", FENCE.sub("", read(document)), re.MULTILINE)


class Docs(Case):
    def check(self, find):
        """FIND(document) yields what is named there and does not exist."""
        wrong = [f"{document}: {name}" for document in DOCUMENTS for name in find(document)]
        self.assertEqual(wrong, [])

    def exists(self, document, name):
        places = [name, os.path.join(os.path.dirname(document), name)]
        if name.startswith("build/"):
            places = [os.path.join(OUT, name.removeprefix("build/"))]
            if f'"{os.path.basename(name)}"' in sources():
                return True    # a tool writes it when it is asked to
        return any(glob.glob(place) for place in places)

    def test_files(self):
        def find(document):
            for name in LINK.findall(read(document)):
                if "://" not in name and not self.exists(document, name):
                    yield name
            for name in inline(document):
                is_path = re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", name) and (
                    name.startswith(tuple(folder + "/" for folder in FOLDERS + ("build",)))
                    or name.rsplit(".", 1)[-1] in ENDINGS and "." in name)
                if is_path and not self.exists(document, name):
                    yield name
        self.check(find)

    def test_functions(self):
        def find(document):
            for name in re.findall(r"(?<![\w$])([a-z]\w+)\(\)", "\n".join(inline(document))):
                if not re.search(rf"^[a-z][\w *]*\b{name}\([^;{{]*\)\s*\{{", sources(), re.MULTILINE):
                    yield name + "()"
        self.check(find)

    def test_identifiers(self):
        """A single word in backticks stands somewhere in the sources."""
        def find(document):
            for name in inline(document):
                name = re.sub(r"^(struct|enum) ", "", name)
                if re.fullmatch(r"[A-Za-z]\w*_\w*|[a-z]{3,}\w*", name) and name not in words():
                    yield name
        self.check(find)

    def test_make(self):
        text = read("Makefile") + read("tools/build.mk") + read("tools/lab/hunt/lab.mk")
        goals = set(re.search(r"^GOALS := (.*)$", text, re.MULTILINE).group(1).split())
        goals |= set(re.search(r"^\.PHONY: \$\(GOALS\) (.*)$", text, re.MULTILINE).group(1).split())
        variables = set(re.findall(r"^(\w+) \?=", text, re.MULTILINE)) | set(re.findall(r"\$\((\w+)\)", text))

        def find(document):
            for line in commands(document):
                if not line.startswith("make"):
                    continue
                for word in shlex.split(line.split("  ")[0])[1:]:
                    name, is_variable, _ = word.partition("=")
                    if not word.startswith("-") and name not in (variables if is_variable else goals):
                        yield line
        self.check(find)

    def test_tools(self):
        def find(document):
            for line in commands(document):
                if line.startswith("tools/") and not glob.glob(line.split()[0]):
                    yield line
        self.check(find)

    def test_programs(self):
        own = set(re.findall(r'"(\w+)"', read("user/bin/sh/word.c"))) | {"..."} | set(PROGRAMS)
        demos = set(re.findall(r'\.name = "(\w+)"', "".join(read(p) for p in glob.glob("user/demo/demo/*.c"))))

        def find(document):
            for line in shell_lines(document):
                for program, *arguments in programs_of(line):
                    name = program.removeprefix("/test/")
                    folder = "test/*" if program.startswith("/test/") else "*"
                    places = [f"user/{folder}/{name}.c", f"user/{folder}/{name}/{name}.c"]
                    if program not in own and name not in made(document) and not any(map(glob.glob, places)):
                        yield program
                    if program == "demo" and arguments and arguments[0] not in demos | made(document) | {"list"} and \
                            not arguments[0].startswith("--"):
                        yield line
        self.check(find)

    def test_proc(self):
        names = set(re.findall(r'"(\w+)"', "".join(read(p) for p in glob.glob("kernel/fs/proc/*.c"))))

        def find(document):
            for path in re.findall(r"/proc/([\w/]+)", read(document)):
                parts = [part for part in path.split("/") if part and part != "PID" and not part.isdigit()]
                if not set(parts) <= names:
                    yield "/proc/" + path
        self.check(find)

    def test_command_line(self):
        tables = re.findall(r"(?:flags|settings)\[\] = \{(.*?)\}", read("kernel/base/cmdline.c"), re.DOTALL)
        known = set(re.findall(r'"(\w+)"', "".join(tables)))
        fields = set(re.findall(r"^\t(\w+) ", read("tools/trace.schema"), re.MULTILINE))

        def find(document):
            given = [name for name in inline(document) if re.fullmatch(r"[a-z]+=[\w:,./-]+", name)]
            for line in lines(document):
                for text in re.findall(r"(?:APPEND=|--append )('[^']+'|\S+)", line):
                    given += text.strip("'").partition(" -- ")[0].split()
            for word in given:
                if word.split("=")[0] not in known | fields | {"..."}:
                    yield word
        self.check(find)

    def test_invariants(self):
        """mm/README.md has the text of each invariant that a panic may name."""
        used = set(re.findall(r'"(I\d+)[":]', "".join(read(p) for p in glob.glob("mm/*.c") + ["kernel/start.c"])))
        written = set(re.findall(r"^\| (I\d+) \|", read("mm/README.md"), re.MULTILINE))
        self.assertTrue(used)
        self.assertEqual(used - written, set())

    def test_every_file_of_mm_has_its_line(self):
        table = set(re.findall(r"`(\w+\.[chS])`", read("mm/README.md")))
        stems = {name.rsplit(".", 1)[0] for name in table}
        files = {os.path.basename(path) for path in glob.glob("mm/*.[chS]")}
        # A student's own policy.
        self.assertEqual({name for name in files if name.rsplit(".", 1)[0] not in stems and not name.startswith("policy_")}, set())

    def test_sizes(self):
        """The documents that give the size of mm/ and of what is around it agree with `make count` within a tenth."""
        rows = re.findall(r"(?m)^ *(\S[\w /]*?) {2,}(\d+)", subprocess.getoutput("tools/count"))
        lines = {name: int(number) for name, number in rows}
        said = [lines[name] for name in ("mm", "of it what a course reads", "of it kernel around mm/", "of it furniture")]
        for path, pattern in (
                ("README.md", r"mm/ has some ([\d,]+) .* reads some ([\d,]+): .* some ([\d,]+) lines of\s+kernel .* other ([\d,]+) lines"),
                ("README.ja.md", r"約 ([\d,]+) 行で、.*約 ([\d,]+) 行です。ここが.*約 ([\d,]+) 行あります。.*約 ([\d,]+) 行（"),
                ("mm/README.md", r"It\s+is\s+some\s+([\d,]+)\s+lines")):
            given = [int(number.replace(",", "")) for number in re.search(pattern, read(path), re.DOTALL).groups()]
            for number, right in zip(given, said):
                self.assertLess(abs(number - right), right / 10, f"{path}: {number}, not {right}")

    def test_folders_stand_in_the_order_of_their_use(self):
        """The readme's table has the folders of tools/check-layers, in its order."""
        layers = re.search(r'LAYERS = """(.*?)"""', read("tools/check-layers"), re.DOTALL).group(1).split()
        for readme in ("README.md", "README.ja.md"):
            rows = re.findall(r"(?m)^\| `((?:kernel|mm|drivers)[\w/]*)/` \|", read(readme))
            self.assertEqual(rows, layers, readme)

    def test_both_languages_have_the_same_sections(self):
        for english, japanese in (("README.md", "README.ja.md"), ("docs/reference.md", "docs/reference.ja.md")):
            self.assertEqual(headings(english), headings(japanese))
            self.assertEqual(len(blocks(english)), len(blocks(japanese)))
            rows = [re.findall(r"(?m)^\|.*", read(path)) for path in (english, japanese)]
            self.assertEqual(len(rows[0]), len(rows[1]), english)

    def test_every_document_is_in_the_index(self):
        named = set(LINK.findall(read("docs/README.md")))
        self.assertEqual({os.path.basename(path) for path in glob.glob("docs/*.md")} - named - {"README.md"}, set())
