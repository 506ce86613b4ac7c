"""The source tree itself: dependencies between folders, line counts, what was built. (Names in documents: test_docs.py.)"""
import builtins
import dis
import glob
import os
import re
import shutil
import subprocess

from support import OUT, Case

FOLDERS = ("boot", "kernel", "mm", "drivers", "user", "tools", "docs")
COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
FILE_NAME = re.compile(r"(?<![\w./<-])\w[\w./-]*\.(?:c|h|S|py|md|mk|ld|schema)\b(?![\w(:-])")


def names(code, verb):
    """=> the global names, and those of modules and classes, that CODE and what it contains LOAD or STORE"""
    found = {i.argval for i in dis.get_instructions(code) if i.opname in (verb + "_GLOBAL", verb + "_NAME")}
    return found.union(*(names(inner, verb) for inner in code.co_consts if hasattr(inner, "co_code")))


class Tree(Case):
    def check_tool(self, *argv):
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_layers(self):
        self.check_tool("tools/check-layers", OUT)

    def test_layers_take_a_new_policy(self):
        folder = self.temporary()
        for name in ("boot", "drivers", "kernel", "user", "tools"):
            os.symlink(os.path.abspath(name), os.path.join(folder, name))
        shutil.copytree("mm", os.path.join(folder, "mm"))
        with open("mm/policy_fifo.c", encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(folder, "mm/policy_mine.c"), "w", encoding="utf-8") as file:
            file.write(text.replace("fifo", "mine"))
        done = subprocess.run([os.path.abspath("tools/check-layers")], cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_names_in_python_tools(self):
        """A tool that few people run, such as make bench, uses no name that nothing defines."""
        of_every_module = {"__file__", "__annotations__", *dir(builtins)}
        for path in filter(os.path.isfile, glob.glob("tools/**/*", recursive=True)):
            with open(path, "rb") as file:
                text = file.read()
            if path.endswith(".py") or text.startswith(b"#!/usr/bin/env python3"):
                code = compile(text, path, "exec")
                self.assertEqual(names(code, "LOAD") - names(code, "STORE") - of_every_module, set(), path)

    def test_line_count(self):
        self.check_tool("tools/count")

    def sources(self):
        for pattern in ("boot/*", "kernel/**/*.[chS]", "mm/*.[chS]", "drivers/**/*.[chS]", "user/**/*.[chS]"):
            yield from glob.glob(pattern, recursive=True)

    def test_lines_fit(self):
        """No line is wider than .clang-format says, so that what it writes and what stands in the tree agree."""
        with open(".clang-format", encoding="utf-8") as file:
            limit = int(re.search(r"^ColumnLimit: (\d+)$", file.read(), re.MULTILINE).group(1))
        wide = []
        for path in filter(os.path.isfile, self.sources()):
            with open(path, encoding="utf-8") as file:
                wide += [f"{path}:{n}: {len(line.expandtabs(8)) - 1} columns"
                         for n, line in enumerate(file, 1) if len(line.rstrip("\n").expandtabs(8)) > limit]
        self.assertEqual(wide, [])

    def test_every_file_says_what_it_is(self):
        silent = [path for path in self.sources() if path.endswith((".c", ".h", ".S"))
                  and not open(path, encoding="utf-8").read(2) == "/*"]
        self.assertEqual(silent, [])

    def test_comments_name_what_exists(self):
        """A file of the tree is named by its path or the end of it; others belong to Linux or a library, and say so before."""
        files = glob.glob("*") + [path for folder in FOLDERS for path in glob.glob(folder + "/**/*", recursive=True)]
        ends = {path[at:] for path in files for at in [0, *(match.end() for match in re.finditer("/", path))]}
        missing = []
        for path in filter(lambda path: path.endswith((".c", ".h", ".S")), files):
            with open(path, encoding="utf-8") as file:
                comments = [text for text in COMMENT.findall(file.read()) if text[0] == "/"]
            for comment in comments:
                for match in FILE_NAME.finditer(comment):
                    if match.group(0) not in ends and not re.search("Linux|libgc", comment[max(0, match.start() - 100):match.start()]):
                        missing.append(f"{path}: {match.group(0)}")
        self.assertEqual(missing, [])

    def test_a_breakpoint_names_one_function(self):
        """No two files of the kernel have a static function of the same name."""
        files = {}
        for path in (path for path in self.sources() if path.endswith(".c") and not path.startswith("user/")):
            with open(path, encoding="utf-8") as file:
                for name in re.findall(r"(?m)^static [^=;{}\n]*?\b(?!__attribute__)(\w+)\([^;]*?\)\n\{", file.read()):
                    files.setdefault(name, set()).add(path)
        self.assertGreater(len(files), 1000)
        self.assertEqual({name: paths for name, paths in files.items() if len(paths) > 1}, {})

    def test_kernel_image(self):
        """What linker.ld promises: no segment both writable and executable, code at its address."""
        done = subprocess.run(["readelf", "-lW", os.path.join(OUT, "shisho.elf")], capture_output=True,
                              text=True, check=True)
        segments = re.findall(r"LOAD\s+(\S+ +){5}(...)", done.stdout)
        self.assertEqual([flags for _, flags in segments], ["R E", "R E", "R  ", "RW "])

    def test_images_are_sound(self):
        for image in ("root.img", "boot.img"):
            self.check_tool("e2fsck", "-fn", os.path.join(OUT, image))

    def test_small_root_takes_scripts(self):
        """A script beside the programs gets onto the ISO with them; only programs are stripped."""
        folder = self.temporary()
        os.makedirs(folder + "/root/bin")
        shutil.copy(os.path.join(OUT, "user/bin/true"), folder + "/root/bin/true")
        with open(folder + "/root/bin/script", "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n")
        with open(os.path.join(OUT, "config.mk"), encoding="utf-8") as file:
            strip = re.search(r"(?m)^USTRIP := (.*)$", file.read()).group(1)
        self.check_tool("tools/mksmallroot", folder + "/root", folder + "/copy", folder + "/image", strip, "true")
        with open(folder + "/copy/bin/script", encoding="ascii") as file:
            self.assertEqual(file.read(), "#!/bin/sh\n")
        self.assertLess(os.path.getsize(folder + "/copy/bin/true"), os.path.getsize(folder + "/root/bin/true"))
