"""The labs: markers are sound; a handout builds, scores 0 and has nothing of the solution; wrong solutions score what they should, and
cheats nothing; the solution scores all."""
import json
import os
import subprocess
import sys

from support import OUT, Case, limit, long

sys.path.append("tools/lab")
# pylint: disable=wrong-import-position
import formats
import lab
import markers
import submission

ONE = "cow"    # the lab that is run in full


class Labs(Case):
    TOGETHER = 3

    def tree(self):
        for path in markers.files("."):
            with open(path, encoding="utf-8") as file:
                yield path, file.read()

    def submitted(self, the_lab, changes=()):
        """=> a folder with the lab's files, changed by CHANGES: (file, old, new)"""
        folder = self.temporary()
        for path in the_lab.files:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for changed, old, new in changes:
                if changed == path:
                    self.assertIn(old, text)
                    text = text.replace(old, new)
            os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        return folder

    def points(self, the_lab, folder):
        result = lab.run(the_lab, submission.prepare(folder, the_lab, OUT, os.path.join(self.temporary(), "tree")))
        return [outcome.points for outcome in result.outcomes], result

    def test_markers(self):
        """Every lab has its markers, in its files and nowhere else."""
        found = {}
        for path, text in self.tree():
            for name in markers.labs_of(path, text):
                found.setdefault(name, set()).add(path)
        self.assertEqual(found, {name: set(lab.load(name).files) for name in lab.names()})

    def test_marker_that_is_none(self):
        """A slip of the pen is an error, not a solution that is handed out."""
        good = "/* lab cow: copy */\nx\n/* end of lab cow */"
        self.assertEqual(markers.handed_out("f", good, "cow")[1], ["x"])
        self.assertEqual(markers.handed_out("f", good, "swap"), ("x", []))
        for bad in ("/* lab cow copy */\nx\n/* end of lab cow */", good.replace("of lab cow", "of lab cwo"), "/* lab cow: copy */\nx",
                    good.replace("end of lab", "end lab"), good.replace("x", good), "// lab cow: copy"):
            with self.assertRaises(markers.Error, msg=bad):
                markers.handed_out("f", bad, "cow")

    def test_points(self):
        for name in lab.names():
            self.assertEqual(lab.load(name).points, 100, name)

    def test_formats(self):
        result = lab.refused(lab.load(ONE), "nothing was handed in")
        told = formats.neutral(result, "alice")
        self.assertEqual((told["points"], told["of"]), (0, 100))
        for name, function in formats.FORMATS.items():
            self.assertIn("nothing was handed in", function(told) + ("nothing was handed in" if name == "autolab" else ""), name)
        self.assertEqual(json.loads(formats.as_gradescope(told))["score"], 0)
        self.assertEqual(set(json.loads(formats.as_autolab(told))["scores"].values()), {0})

    def check_handout(self, name):
        """It has no solution; built, it scores 0 and says what is missing; with the solution it scores all."""
        out, the_lab = os.path.join(self.temporary(), "handout"), lab.load(name)
        done = subprocess.run(["tools/lab/handout", name, out], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(subprocess.run(["git", "status", "--short"], cwd=out, capture_output=True, check=True).stdout, b"")
        points, result = self.points(the_lab, out)
        self.assertEqual(sum(points), 0)
        self.assertIn("yours to write", result.outcomes[0].saw)
        points, result = self.points(the_lab, self.submitted(the_lab))
        self.assertEqual(sum(points), 100, [(outcome.expected, outcome.saw) for outcome in result.outcomes])

    def check_changed(self, name, changes):
        """Each of CHANGES of the solution scores what it should."""
        the_lab = lab.load(name)
        for why, path, old, new, wanted in changes:
            points, _ = self.points(the_lab, self.submitted(the_lab, [(path, old, new)]))
            self.assertEqual(points, wanted, why)

    def check_wrong(self, name):
        wrong = lab.module("wrong", name).WRONG
        self.assertGreaterEqual(len(wrong), 3)
        self.check_changed(name, wrong)

    @long
    @limit(600)
    def test_cheats(self):
        self.check_changed(ONE, lab.module("wrong", ONE).CHEATS)


def add_tests(name):
    """One lab is run by `make test`, the others by `make test-long`."""
    for kind in ("handout", "wrong"):
        def test(self, check="check_" + kind):
            getattr(self, check)(name)
        test.__doc__ = f"Lab {name}: {kind}."
        setattr(Labs, f"test_{kind}_{name}", limit(600)(test if name == ONE else long(test)))


for each in lab.names():
    add_tests(each)
