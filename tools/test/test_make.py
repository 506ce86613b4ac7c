"""What `make` and the tools that it starts say to a person: on a terminal, and where there is none."""
from support import Case
from test_terminal import Person


class Deps(Case):
    """Both ask for each tool; neither may read the terminal for it."""

    def says(self, *command):
        person = Person(command)
        self.addCleanup(person.end)
        self.assertEqual(person.end(), 0, person.printed.decode(errors="replace")[-2000:])
        return person.printed.decode(errors="replace")

    def test_deps_at_a_terminal(self):
        self.assertEqual(self.says("tools/deps"), "deps: everything is there\r\n")

    def test_doctor_at_a_terminal(self):
        said = self.says("make", "--no-print-directory", "doctor")
        self.assertRegex(said, r"(?m)^compiler: \S+ .*linker \S+\r$")
        self.assertIn("deps: everything is there\r\n", said)
