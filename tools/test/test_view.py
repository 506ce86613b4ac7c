"""The page that shows a recording: it carries one safely, it equals its build, and it shows what the recording says. What needs
Node or Chromium is skipped where they are missing: `make view-deps` installs them."""
import base64
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import unittest.mock
import zlib

from support import OUT, Case, limit, long, program

VIEW = "tools/view"
PAGE = os.path.join(VIEW, "page.html")
LARGEST = 150 * 1024
NODE = shutil.which("node") and os.path.isdir(os.path.join(VIEW, "node_modules"))
CHROMIUM = shutil.which("chromium")
needs_node = unittest.skipUnless(NODE, "node or its packages are missing: make view-deps")
needs_browser = unittest.skipUnless(NODE and CHROMIUM, "node, its packages or chromium is missing: make view-deps")


view = program.load("view/view")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(*command, **options):
    """=> what COMMAND printed; an AssertionError if it fails"""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def carried(page):
    """=> what the page carries"""
    data = json.loads(re.search(r'id="recording">(.*?)</script>', page, re.DOTALL)[1])
    return json.loads(zlib.decompress(base64.b64decode(data["deflated"]))) if "deflated" in data else data


def recorded(scenario, folder):
    """=> what the page FOLDER/view.html with the recording of SCENARIO carries; view/trace.txt there has its lines"""
    for name in ("shisho.elf", "root.img", "swap.img"):
        os.symlink(os.path.abspath(os.path.join(OUT, name)), os.path.join(folder, name))
    run(os.path.join(VIEW, "view"), "--out", folder, "--scenario", scenario, env={**os.environ, "CMD": "", "APPEND": ""})
    return carried(read(os.path.join(folder, "view.html")))


@functools.cache
def tour():
    """=> a folder with view.html, the recording of the scenario tour, and view/trace.txt"""
    folder = tempfile.mkdtemp(prefix="shisho-view-")
    recorded("tour", folder)
    return folder


class View(Case):
    @classmethod
    def tearDownClass(cls):
        if tour.cache_info().currsize:
            shutil.rmtree(tour(), ignore_errors=True)

    def test_the_kept_page_is_of_these_sources(self):
        page = read(PAGE)
        self.assertIn(f"<!-- sources: {view.sources_hash()} -->", page, "after a change in tools/view/: make view-page")
        self.assertLessEqual(len(page.encode()), LARGEST)
        self.assertEqual(run("tools/mktrace", "typescript"), read(os.path.join(VIEW, "src/schema.ts")))

    def test_the_lock_file_names_no_host(self):
        text = read(os.path.join(VIEW, "package-lock.json"))
        self.assertNotIn("resolved", text)
        self.assertNotIn("://", re.sub(r'"url": "[^"]*"', "", text))

    def test_a_recording_cannot_leave_its_element(self):
        data = {"title": "</script><script>alert(1)", "trace": "@1 2 3 user line=<!--\u2028</SCRIPT>\n", "sites": {}, "sources": {}}
        page = view.fill(read(PAGE), data)
        self.assertEqual(carried(page), data)
        self.assertEqual(page.count("<script"), read(PAGE).count("<script"))
        self.assertNotIn("\u2028", page)

    def test_a_large_recording_is_deflated(self):
        """So that a page with a hundred thousand events can be mailed."""
        line = "@{0} {0} 5 map va=0x{0:x}000 frame={0} writable=1 at=0xc0110f50\n"
        data = {"title": "", "trace": "".join(line.format(n) for n in range(100_000)), "sites": {}, "sources": {}}
        page = view.fill(read(PAGE), data)
        self.assertEqual(carried(page), data)
        self.assertLess(len(page), len(data["trace"]) / 4)

    @limit(120)
    def test_tour_opens_at_the_first_page_out(self):
        data = carried(read(os.path.join(tour(), "view.html")))
        opens = re.fullmatch(r"#seq=(\d+)", data["open"])[1]
        after = data["trace"].partition("snapshot part=end")[2]
        self.assertEqual(re.search(r"^@(\d+) \d+ \d+ slotalloc ", after, re.MULTILINE)[1], opens)
        self.assertIn("slots=16", data["trace"])
        self.assertLess(data["trace"].count("\n"), 3000)
        for places in data["sites"].values():
            for _, name, line in places:
                first, lines = data["sources"].get(f"{name}:{line}", (line, [""]))
                self.assertLessEqual(first, line)
                self.assertLess(line - first, len(lines))

    def test_two_recordings_to_compare(self):
        folder = self.temporary()
        files = [os.path.join(folder, name) for name in ("one.txt", "two.txt")]
        for name in files:
            with open(name, "w", encoding="utf-8") as file:
                file.write(f"@1 1 0 snapshot part=end\n@2 2 0 user line={name}\n")
        page = run(os.path.join(VIEW, "view"), "--out", folder, "--trace", files[0], "--trace", files[1]).strip()
        data = carried(read(page))
        self.assertEqual((data["title"], data["second"]["title"], data["open"]), ("one.txt", "two.txt", "#&skin=curves"))
        self.assertTrue(data["trace"].endswith("one.txt\n") and data["second"]["trace"].endswith("two.txt\n"))

    def test_a_second_run_has_other_words(self):
        with unittest.mock.patch.object(view, "record", lambda out, scenario: scenario.words):
            found = view.recordings_of("", view.SCENARIOS["swap"], "check=always", "policy=fifo")
            self.assertEqual([words for _, words in found], ["frames=48 check=always", "frames=48 check=always policy=fifo"])
            self.assertEqual(len(view.recordings_of("", view.SCENARIOS["swap"], "", "")), 1)

    @limit(120)
    def test_thrash_shows_load_control(self):
        """It opens where a task is taken out because of thrashing, which is soon; then others are exchanged, until all fit."""
        data = recorded("thrash", self.temporary())
        moves = re.findall(r"^@(\d+) \d+ (\d+) (procout|procin) .*why=(\w+)", data["trace"], re.MULTILINE)
        self.assertEqual(data["open"], f"#seq={moves[0][0]}")
        self.assertEqual(moves[0][2:], ("procout", "thrashing"))
        self.assertEqual([move[2] for move in moves].count("procout"), len(moves) / 2)
        self.assertEqual(moves[-1][2:], ("procin", "fits"))
        before = data["trace"].partition(f"\n@{moves[0][0]} ")[0]
        majors = len(re.findall(r" fault .*major=1 result=ok", before))
        self.assertTrue(60 < majors < 1500, f"{majors} major faults before load control acts")

    @needs_node
    @limit(400)
    def test_the_kept_page_equals_its_build(self):
        folder = self.temporary()
        run(os.path.join(VIEW, "build"), folder)
        self.assertEqual(read(os.path.join(folder, "page.html")), read(PAGE))

    @needs_node
    @limit(400)
    def test_parser_and_state_equal_their_twins(self):
        run("npx", "vitest", "run", cwd=VIEW, env={**os.environ, "VIEW_TRACE": os.path.join(tour(), "view", "trace.txt")})

    @needs_browser
    @long
    @limit(400)
    def test_scenarios_in_a_browser(self):
        """Each of the scenarios but tour, which has a test of its own."""
        folder, pages = self.temporary(), []
        for name in sorted(view.SCENARIOS.keys() - {"tour"}):
            pages.append(os.path.join(folder, name, "view.html"))
            os.mkdir(os.path.dirname(pages[-1]))
            recorded(name, os.path.dirname(pages[-1]))
        print(run("node", os.path.join(VIEW, "test/scenarios.mjs"), *pages))

    @needs_browser
    @limit(800)
    def test_in_a_browser(self):
        print(run("node", os.path.join(VIEW, "test/browser.mjs"), os.path.join(tour(), "view.html")))
