"""The heap's debugger: each mistake in each mode says what docs/heap-bugs.md says, on Linux and here; what is right stays
silent."""
import re

import questions
from support import Case, limit

SOURCE = "user/test/heap/heap-bugs.c"
MODES = ["redzone", "fence", "fence:before", "leaks", "redzone,leaks", "fence,leaks"]
ALLOCATES, FREES = r"\b(malloc|calloc|realloc|strdup)\(", r"\b(free|realloc)\("


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sentence(body):
    """=> the first one that the heap said, without addresses; "" if none"""
    found = re.search(r"(?m)^heap: (.*)$", body)
    return re.sub(r"0x[0-9a-f]+", "A", found.group(1)) if found else ""


def verdict(said, how, number):
    """=> the word of the table for a program that said this and ended so"""
    if (how, number) == ("signal", "11"):
        return "instruction"
    if (how, number) == ("signal", "6"):
        return "call" if re.match(r"(free|realloc)\(", said) else "freed" if said.endswith("seen when it was freed") else "end"
    if (how, number) != ("status", "0"):
        return f"{how} {number}"
    return "lost" if said.startswith("definitely lost") else "reachable" if said else "—"


def cells(output):
    """What `heap-bugs all` printed. => {(mistake, mode): (what it said, how it ended, number)}"""
    found = re.findall(r"^@ (\S+) (\S*)\n(.*?)^@ (signal|status) (\d+)$", output.replace("\r", ""), re.MULTILINE | re.DOTALL)
    return {(name, mode or "nothing set"): (body, how, number) for name, mode, body, how, number in found}


class HeapBugs(Case):
    def documented(self):
        """=> {(mistake, mode): (word, sentence)}"""
        text = read("docs/heap-bugs.md")
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"(?m)^\|.*\|$", text)]
        words = {(row[0], mode): row[i] for row in rows[2:] for i, mode in enumerate(rows[0]) if i}
        sentences = {}
        for name, modes, said in re.findall(r"(?m)^- ([\w-]+) \((.*?)\): `(.*)`$", text):
            sentences.update({(name, mode): said for mode in modes.split(", ")})
        self.assertLessEqual(set(sentences), set(words))
        return {key: (word, sentences.get(key, "")) for key, word in words.items()}

    def check(self, output):
        wanted, seen = self.documented(), cells(output)
        self.assertEqual(set(seen), set(wanted))
        self.assertGreater(len(wanted), 100)
        for key, (body, how, number) in seen.items():
            said = sentence(body)
            self.assertEqual((verdict(said, how, number), said), wanted[key], f"{key}\n{body}")
            self.check_places(key, said, body)
        for mode in ("redzone", "fence", "fence:before"):
            self.assertIn("reads cd", seen["uninitialised", mode][0])

    def check_places(self, key, said, body):
        """The lines that are named hold what is said of them."""
        lines = read(SOURCE).splitlines()
        named = re.findall(r"(?m)^    (?:.*, )?(\w+) at (?:string\.c:\d+ in str\w+, from )?heap-bugs\.c:(\d+) in (\w+)", body)
        calls = {"allocated": ALLOCATES, "freed": FREES, "called": FREES, "write": r" = |strcpy", "read": r" = "}
        for what, number, function in named:
            self.assertRegex(lines[int(number) - 1], calls[what], f"{key}\n{body}")
            self.assertIn(f"{function}(bool wrong)", read(SOURCE))
        for number in re.findall(r"from heap-bugs\.c:(\d+) in main", body):
            self.assertIn("].make(", lines[int(number) - 1], f"{key}\n{body}")
        what = {call for call, _, _ in named}
        if said and key[1] != "nothing set":
            self.assertLessEqual({"called"} if "malloc never gave" in said else {"allocated"}, what, f"{key}\n{body}")
            self.assertEqual("freed" in what, bool(re.search("after it was freed|that was freed$|freed already", said)), body)

    def test_table_on_linux(self):
        self.check("\n".join(questions.named("heap-bugs-all").answer()[1]))

    @limit(150)
    def test_table(self):
        """In little memory; the kernel's own lines and the shell's stand between the program's."""
        self.check(self.boot("/test/heap-bugs all", mem="8M", timeout=100))


class NoMistake(Case):
    """Correct programs print the same in each mode, and end the same."""
    @limit(170)
    def test_silent(self):
        """Here, in little memory; sort with as much as fits beside what is remembered of it."""
        once = "; ".join(["test/heap-bugs", "test/heap-shadow 20000", "test/library", "test/sig-fault", "test/sig-stack",
                          "test/files", "test/many-files", "test/break", "test/gc-edge",
                          "head -3000 /data/text.txt >/tmp/text; sort /tmp/text | cksum; wc /tmp/text"])
        wanted = self.lines(self.boot(once, mem="8M"))
        for modes in (["redzone"], ["fence"], ["fence:before", "leaks"]):
            output = self.boot("; ".join(f"MALLOC_DEBUG={mode} sh -c '{once}'" for mode in modes), mem="8M", timeout=120)
            self.assertNotRegex(output, "heap: (?!definitely lost|still reachable|no room)")
            self.assertEqual(self.lines(output), wanted * len(modes))

    def lines(self, output):
        """Without the heap's reports, the kernel's lines, which have numbers of tasks, and its last."""
        others = re.compile(r"heap: |    |[\w-]+\[\d+\]: |shisho: ")
        return [line for line in output.replace("\r", "").splitlines() if not others.match(line)]
