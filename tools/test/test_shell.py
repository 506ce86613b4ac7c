"""The shell's language: a script prints what it prints with the host's POSIX shell; syntax errors are reported."""
import glob
import os
import shutil
import subprocess
import time

from support import OUT, PROMPT, Case, needs
from test_terminal import Person

SCRIPT = "tools/test/scripts/shell.sh"


class Shell(Case):
    maxDiff = None

    def image_with(self, path):
        """=> a root disk with the file as /script"""
        image = self.copy_of("root")
        subprocess.run(["debugfs", "-w", "-R", f"write {path} /script", image], capture_output=True, check=True)
        return image

    @needs("sh")
    def test_as_any_shell(self):
        folder = self.temporary()
        script = shutil.copy(SCRIPT, self.temporary())
        wanted = subprocess.run(["sh", script, "one two", "three"], cwd=folder, stdout=subprocess.PIPE, text=True,
                                env={"PATH": os.environ["PATH"]}, check=True).stdout
        output = self.boot('mkdir /empty; cd /empty; echo -----; sh /script "one two" three; echo -----',
                           disks=[self.image_with(script), "swap"])
        self.assertEqual(output.split("-----\n")[1].splitlines(), wanted.splitlines())

    def with_options(self):
        """=> the names of the programs of user/bin that have options or could have some; kill's are signals"""
        names = []
        for path in glob.glob("user/bin/**/*.c", recursive=True):
            with open(path, encoding="utf-8") as file:
                if "\nint main(" in file.read():
                    names.append(os.path.basename(path)[:-2])
        return sorted(set(names) - {"echo", "false", "kill", "true"})

    def test_mistakes(self):
        """A line with a syntax error is refused as a whole, with a message; the shell continues."""
        lines = {
            "help nosuch": "help: nosuch: there is no help about it",
            "echo no; fi": "'fi' is not expected here",
            "for x in a; echo no; done": "'done' is not expected here",
            "if true; then fi": "'fi' is not expected here",
            "echo no; }": "'}' is not expected here",
            "case no in no) echo no;; esac": "'case' is not supported; see help",
            "function f { echo no; }": "'function' is not supported; see help",
            "f() { echo no; }": "functions are not supported; see help",
            "echo no `echo no`": "`COMMAND` is not supported",
            "echo no ~/x": "~ is not supported",
            "x=~/no; echo no": "~ is not supported",
            "echo no $'x'": r"\$'...' is not supported",
            'echo no "${x#y}"': r"of \${...} only",
            "echo no ${#x}": r"of \${...} only",
            "echo no ${10}": r"of \${...} only",
            "echo no ${x:-'a b'}": r"of \${...} only",
            "echo no $(echo ${x%y})": r"of \${...} only",
            "echo no 3>x": "'3' before < or >",
            "echo no $((1 / 0)); echo no": "division by zero",
            "read -p x": "read: -p is not supported",
            "wait 99999": "wait: 99999: no such job",
            "; echo no": "a command is missing",
            "echo no | | cat": "a command is missing",
            "echo no >": "a name belongs behind < and >",
            "if true; then echo no": "this command is not complete",
            "echo 'no": "this command is not complete",
            "cat <<END": "this command is not complete",
            "echo no; { true; } no": "a word stands behind the end of a command",
            "echo $((1 +))": "a number is missing",
            "head -c 16": "head: -c is not supported; usage: head",
            "tail -n x": "tail: -n is not supported; usage: tail",
            "free nosuch": "free: nosuch is not supported; usage: free",
            "ps aux": "ps: aux is not supported; usage: ps",
            "ls --all": "ls: --all is not supported; usage: ls",
            "ls -lQ": "ls: -Q is not supported; usage: ls",
            "ls -l /nowhere": "ls: /nowhere: No such file",
            "od -N x": "od: x is not supported; usage: od",
            "sleep 1x": "sleep: 1x is not supported; usage: sleep",
            "kill -9x 99": "kill: 9x: no such signal",
            "kill -- -9999": "kill: -9999: No such process",
            "grep": "usage: grep",
            "mkdir": "usage: mkdir",
            "touch /nowhere/x": "touch: /nowhere/x: No such file",
            "time nowhere": "time: nowhere: No such file",
            "pages 999": "pages: there is no task 999; ps lists them",
            "pages nosuch": "pages: there is no task nosuch; ps lists them",
            "HEAP=bogus sort /data/text.txt >/x": "heap: HEAP=bogus: it may be best or first; this is best",
            "kill %3": "kill: %3: no such job",
            "rm /nowhere": "rm: /nowhere: No such file",
            "cd /nowhere": "cd: /nowhere: No such file or directory",
            "no-such-program": "no-such-program: not found; try help",
            "echo x >/nowhere/x": "/nowhere/x: No such file or directory",
            "test 1 -eq x": "test: x: not a number",
        }
        path = os.path.join(self.temporary(), "script")
        with open(path, "w", encoding="utf-8") as file:
            for number, line in enumerate(lines):
                file.write(f"A='{line.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'\necho {number}; sh -c \"$A\"\n")
            # A script ends at the line with the error, before anything of the command is run.
            for end, wrong in enumerate(("if true; then\necho no\nfi; fi", "cat <<E\n${x%y}\nE", "cat <<-E\nE", "echo $((1 / 0))")):
                file.write(f"cat >/wrong <<'END'\necho before {end}\n{wrong}\necho no\nEND\nsh /wrong; echo =$?=\n")
            file.write(f"for p in {' '.join(self.with_options())}; do $p -Q </dev/null; echo =$?=; done\n")
            file.write(f"for p in {' '.join(self.with_options())} kill demo cd; do help $p; echo =$?=; done\n")
            file.write("echo $(echo abc | grep -e b -c) $(rm -f -- -x; echo $?) $(head -n 1 -- /data/text.txt | wc -l)\n")
        output = self.boot("sh /script", disks=[self.image_with(path), "swap"], status=None)
        for name in self.with_options():
            status = 2 if name in ("ls", "sort", "grep", "sh") else 1
            self.assertRegex(output, rf"(?m)^{name}: -Q is not supported; usage: {name}\b.*\n={status}=$")
        for name in self.with_options() + ["kill"]:
            self.assertRegex(output, rf"(?m)^usage: {name}\b.*\n(?: .*\n|[A-Z].*\n)*=0=$")
        self.assertRegex(output, r"  -p PID       chooses this task(?s:.*)  trace COMMAND    runs it(?s:.*)\n +demo  .*\n=0=\nShell .* cd .*\n=0=\n")
        self.assertIn("\n1 0 1\n", output)
        for number, message in enumerate(lines.values()):
            self.assertRegex(output, rf"(?m)^{number}\n(sh: |\S+: )?.*{message.replace('(', '.').replace(')', '.')}")
        self.assertNotRegex(output, r"(?m)^no( |$)")
        for end, message in enumerate((r"/wrong:4: 'fi' is not expected here", r"/wrong:\d: of \${...} only .*",
                                       r"/wrong:2: '<<-' is not supported; see help", r".*division by zero")):
            self.assertRegex(output, rf"(?m)^before {end}\nsh: {message}\n=2=$")

    def interrupt(self, person, command):
        """One Ctrl-C ends the command, whatever the shell is doing at the moment; $? is 130"""
        person.type(command + "\n")
        person.expect("\n")
        time.sleep(0.3)
        person.type("\x03")
        person.expect(PROMPT)
        person.type("echo =$?=\n")
        person.expect("\n=130=\r")
        person.expect(PROMPT)

    def test_at_a_terminal(self):
        """Tab, UTF-8, commands of several lines, Ctrl-C in a loop of the shell's own words, %1."""
        person = Person(["tools/qemu", "--out", OUT], columns=44)
        self.addCleanup(person.end)
        person.expect(PROMPT)
        person.type("cks\t/data/te\t\n")
        person.expect(r"\n\d+ \d+ /data/text\.txt\r")
        person.expect(PROMPT)
        person.type("true /data/\t")
        person.expect(r"text\.txt  /data/words\.txt\r")
        person.type("\x15echo a line that is longer than the terminal is wide")
        person.expect(r"\$ <onger than the terminal is wide")
        self.assertNotIn(b"that is longer than the terminal is wide", person.printed)
        person.type("\x01")
        person.expect(r"\$ echo a line that is longer than>")
        person.type("\x05\x15echo 司書館\x1b[D\x7fと\n")
        person.expect("\n司と館\r")
        person.expect(PROMPT)
        person.type("for a in 1 2\ndo echo <$a>\x1b[D\x1b[D\x1b[D\x1b[D\"\x05\"\n")
        person.expect("> ")
        person.type("done\n")
        person.expect("\n<1>\r+\n<2>\r")
        person.expect(PROMPT)
        person.type("if true; then\n")
        person.expect("> ")
        person.type("\x03")
        person.expect(PROMPT)
        for _ in range(6):
            self.interrupt(person, "while true; do true; done; echo not this")
        self.interrupt(person, "while :; do x=$(true); done; echo not this")
        self.interrupt(person, "while :; do :; done; echo not this")
        self.interrupt(person, "sleep 1000; echo not this")
        self.interrupt(person, "read x; echo not this")
        person.type("echo $((1 / 0)); echo not this\n")
        person.expect("division by zero\r")
        person.expect(PROMPT)
        person.type("sleep 1000 &\n")
        person.expect(PROMPT)
        self.interrupt(person, "wait; echo not this")
        person.type("kill %1; sleep 0\n")
        person.expect("Terminated: sleep 1000")
        person.expect(PROMPT)
        person.type("sleep 1000 &\n")
        person.expect(PROMPT)
        person.type("exit\n")
        person.expect("\nThere are running jobs; exit again to leave.\r")
        person.expect(PROMPT)
        person.type("fg\n")
        person.expect("\nsleep 1000\r")
        time.sleep(0.5)
        person.type("\x1a")
        person.expect(PROMPT)
        for _ in range(2):
            person.type("exit 7\n")
            person.expect("\nThere are stopped jobs; exit again to leave.\r")
            person.expect(PROMPT)
            person.type("echo =$?=\n")
            person.expect("\n=1=\r")
            person.expect(PROMPT)
        person.type("\x04")
        person.expect("There are stopped jobs; exit again to leave.\r")
        person.expect(PROMPT)
        person.type("\x04")
        self.assertEqual(person.end(), 0)
        self.assertNotIn(b"\nnot this", person.printed)
