"""tools/arena: good and bad submissions of the lab `policy` side by side; none disturbs another."""
import json
import os
import subprocess
import xml.etree.ElementTree

from support import OUT, Case, limit

ARENA, FILE = "tools/arena", "mm/policy_ageing.c"
CHOICE = "\tfor (u32 steps"    # the first statement of ageing_victim()
# What stands before it, and what its row says then.
BAD = {
    "crashes": ("*(volatile int *)8 = 1;", r"it ended by SIGSEGV"),
    "does-not-end": ("for (;;)\n\t\t__asm__ volatile(\"\");", r"it did not end within 5 seconds of a processor"),
    "finds-none": ("return NULL;", r"ageing has returned NULL \(frames whose page can leave: \d+\)"),
    "takes-any": ("return list_first(&circle, struct frame, link);", r"mm/policy\.c:\d+: assertion failed: .*policy_evictable"),
    "not-c": ("x y;", r"it cannot be built for the simulator: (?s:.*)unknown type name"),
    "calls-out": ("extern int system(const char *); system(\"id\");", r"uses system, which is none of the questions"),
    "asks-clock": ("extern const struct policy policy_clock; return policy_clock.victim(scope);", r"uses policy_clock, which is none"),
    "asks-the-system": ("__asm__ volatile(\"syscall\" : : \"a\"(57L) : \"rcx\", \"r11\", \"memory\");", r"it did what a policy must not do"),
}
# The kernel's frames have other numbers than the simulator's, and there are more of them.
BY_NUMBER = """static u32 at;

	for (u32 i = 0; i < frame_total(); i++) {
		struct frame *f = frame_at((at += 37) % frame_total());

		if ((f->flags & FRAME_LISTED) && policy_evictable(f) && policy_in_scope(f, scope))
			return f;
	}"""


class Arena(Case):
    def setUp(self):
        self.folder = self.temporary()
        with open(FILE, encoding="utf-8") as file:
            self.good = file.read()

    def hand_in(self, name, text, place="policy_ageing.c"):
        path = os.path.join(self.folder, name, place)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def hand_in_before(self, name, code):
        self.assertEqual(self.good.count(CHOICE), 1)
        self.hand_in(name, self.good.replace(CHOICE, f"\t{code}\n{CHOICE}"))

    def run_it(self, *words, status=0):
        """=> what it printed, and {policy: what JSON says}"""
        path = os.path.join(self.temporary(), "counts.json")
        done = subprocess.run([ARENA, "--out", OUT, "--json", path, *words], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout[-1000:] + done.stderr[-2000:])
        if status:
            return done.stderr, {}
        with open(path, encoding="utf-8") as file:
            return done.stdout, {policy["name"]: policy for policy in json.load(file)["policies"]}

    @limit(200)
    def test_bad_ones_have_a_reason(self):
        """And a good one among them has the counts of the kernel's own file."""
        self.hand_in("good", self.good, FILE)
        self.hand_in("constructor", self.good + "\n__attribute__((constructor)) static void first(void) { members++; }\n")
        os.mkdir(os.path.join(self.folder, "nothing"))
        for name, (code, _) in BAD.items():
            self.hand_in_before(name, code)
        picture = os.path.join(self.folder, "..", os.path.basename(self.folder) + ".svg")
        self.addCleanup(os.remove, picture)
        output, policies = self.run_it(self.folder, "--strings", "zipf,belady", "--no-kernel", "--svg", picture)
        for name, (_, reason) in [*BAD.items(), ("constructor", (0, r"a section \.init_array")), ("nothing", (0, "was not handed in"))]:
            self.assertRegex(policies[name]["error"], reason, name)
            self.assertRegex(output, rf"(?m)^   -  {name} +.*{reason}")
            self.assertIsNone(policies[name]["rank"])
        self.assertEqual((policies["good"]["rank"], policies["good"]["error"]), (1, None))
        path = os.path.join(self.folder, "pagesim.json")
        subprocess.run(["tools/pagesim/pagesim", "--out", OUT, "--generate", "zipf", "--policy", "ageing,fifo,clock,lru", "--json", path],
                       check=True, stdout=subprocess.DEVNULL)
        with open(path, encoding="utf-8") as file:
            faults = json.load(file)["strings"][0]["faults"]
        for name, as_name in (("good", "ageing"), ("fifo", "fifo"), ("clock", "clock"), ("lru", "lru"), ("opt", "opt")):
            self.assertEqual(policies[name]["faults"]["zipf"], faults[as_name], name)
        titles = [e.text for e in xml.etree.ElementTree.parse(picture).iter("{http://www.w3.org/2000/svg}title")]
        self.assertTrue(any(text.startswith("mean, good: ") for text in titles))
        self.assertFalse(any("crashes" in text for text in titles))

    def test_rank(self):
        """The better policy is first, wherever its folder stands, and a name that is taken gets a number."""
        fifo = self.good.replace("!f->age && !policy_accessed(f)", "true")
        self.assertNotEqual(fifo, self.good)
        self.hand_in("fifo", fifo)
        self.hand_in("other", self.good)
        output, policies = self.run_it(os.path.join(self.folder, "fifo"), os.path.join(self.folder, "other"), "--strings", "tree", "--no-kernel")
        self.assertEqual([policies[name]["rank"] for name in ("other", "fifo-2", "fifo", "opt")], [1, 2, None, None])
        self.assertEqual(policies["fifo-2"]["faults"], policies["fifo"]["faults"])
        self.assertLess(output.index("other"), output.index("fifo-2"))
        self.assertEqual(policies["opt"]["mean"], 1)

    @limit(300)
    def test_in_the_kernel(self):
        """A policy counts there what it counts in the simulator; one that knows more than its questions tell is found out."""
        self.hand_in("good", self.good)
        self.hand_in_before("by-number", BY_NUMBER)
        _, policies = self.run_it(self.folder, "--strings", "belady")
        counts = {name: policies[name]["kernel_faults"] for name in ("opt", "fifo", "clock", "good")}
        self.assertLess(counts["opt"], min(counts["fifo"], counts["clock"], counts["good"]))
        self.assertLess(counts["good"], counts["fifo"])
        self.assertIsNone(policies["good"]["error"])
        self.assertRegex(policies["by-number"]["error"], r"in the kernel: \d+ faults, where the simulator counts \d+")

    def test_input_that_is_none(self):
        self.hand_in("good", self.good)
        for words, complaint in (([self.folder + "/none"], "is not a folder"), ([self.folder, "--strings", "x"], "x: No such file"),
                                 ([self.folder, "--strings", "belady,belady"], "two with the name belady"),
                                 ([self.folder, "--svg", "/none/x"], "--svg: /none/x cannot be written")):
            self.assertRegex(self.run_it(*words, status=2)[0], complaint)
