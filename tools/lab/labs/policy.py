"""Lab `policy`: a replacement policy that beats CLOCK where there is something to gain, in the simulator and in the kernel.
(user/test/lab/lab-policy.c; tools/lab/simulation.py)"""
from lab import Lab, Test, Wrong, same
from machine import PAGE
from simulation import Beside, Simulation, strings, table

FIRST_MARK = 8    # as in lab-policy.c
# Some pages are used again and again: where to look at uses pays, and at those of more than one round pays more.
UNEVEN = ["zipf", "skewed", "tree", "tree_lookups", "hash_join", "heap_sort", "hot_set_and_scan", "records_and_reports",
          "several_programs"]
OTHERS = ["phases", "uniform", "loops", "quick_sort", "merge_runs", "compiler"]
SECOND_CHANCE, AS_CLOCK, BELOW_CLOCK = 0.91, 1.01, 0.97


def drawn(seed):
    while True:
        seed ^= seed << 13 & 0xFFFFFFFF
        seed ^= seed >> 17
        seed ^= seed << 5 & 0xFFFFFFFF
        yield seed


def references(word, pages, length):
    """=> what lab-policy.c refers to"""
    numbers, found = drawn(word | 1), []
    for i in range(length):
        number, base = next(numbers), i * 8 // length * pages // 12
        found.append(base + (number >> 8) % (pages // 6) if number % 4 else (number >> 8) % pages)
    return found


def string_of(stop):
    _, pages, frames, length, bystanders = stop.values[:5]
    return strings.of_words(" ".join(f"{page}!" for page in references(stop.drawn, pages, length))), frames, bystanders


def check_pages(stop, wrong):
    """The program found no page changed, and those in memory hold what it has stored last."""
    first, pages, _, length = stop.values[:4]
    same("pages that were found changed when they came back", 0, wrong)
    found, present = references(stop.drawn, pages, length), 0
    for page in range(pages):
        data, times = stop.page(first + page * PAGE), found.count(page)
        present += data is not None
        if data is not None and times and data[:8] != times.to_bytes(4, "little") + (times ^ stop.drawn).to_bytes(4, "little"):
            raise Wrong(f"page {page} holds {times} and its copy", repr(data[:8]))
    return present


def pages_in_few_frames(stops):
    same("pages in memory at the end", stops[1].values[2], check_pages(stops[1], stops[1].values[5]))


def as_simulated(stops):
    length, words = stops[1].values[3], stops[1].values[FIRST_MARK:]
    kernel = "".join("F" if words[i // 32] >> i % 32 & 1 else "." for i in range(length))
    simulated = stops[1].simulated
    if len(simulated) != length:
        raise Wrong("that the simulator counts the same string", simulated)
    if kernel != simulated:
        at = next(i for i in range(length) if kernel[i] != simulated[i])
        raise Wrong(f"the simulator's {simulated.count('F')} faults, at the same references",
                    f"{kernel.count('F')} faults; reference {at} is the first that differs (usual causes: a victim that is not in "
                    "SCOPE, or state that init() does not reset)")


def pages_under_load(stops):
    present = check_pages(stops[2], stops[2].values[4])
    if not 0 < present < stops[2].values[1]:
        raise Wrong("that some pages are in memory, and others have left", f"{present} of {stops[2].values[1]} are in memory")


def no_victim(stops):
    if stops[1]:
        raise Wrong("NULL where there is no victim, in a bounded number of steps; the frames keep their accessed bits and f->age", stops[1])


def textbooks(stops):
    for name, counted in stops[2].items():
        words = counted.string.words
        same(f"faults of {name} in one frame", 1 + sum(a != b for a, b in zip(words, words[1:])), counted.faults["", 1])
        pages = len(set(words))
        same(f"faults of {name} with a frame for each page", pages, counted.faults["", pages])


def ratio(stop, names, measure, policy=""):
    """=> the geometric mean of a policy's faults over those of MEASURE, for the strings NAMES; "": of the policy in question"""
    return table.mean(stop[name].ratio(policy, measure) for name in names)


def at_most(what, most, stop, names, measure, shown=""):
    """The policy's ratio to MEASURE is at most MOST; otherwise each string's is told, to SHOWN instead if there is one."""
    found = ratio(stop, names, measure)
    if found > most:
        each = ", ".join(f"{name} {stop[name].ratio('', shown or measure):.2f}" for name in names)
        raise Wrong(f"{what}: at most {most:.3f}", f"{found:.3f}; each string, over {(shown or measure).upper()}'s: {each}")


def second_chance(stops):
    at_most("faults over FIFO's, where some pages are used again and again", SECOND_CHANCE, stops[3], UNEVEN, "fifo")


def no_worse_than_clock(stops):
    clock = ratio(stops[3], UNEVEN + OTHERS, "opt", "clock")
    at_most(f"faults over OPT's, all strings (CLOCK's: {clock:.3f})", clock * AS_CLOCK, stops[3], UNEVEN + OTHERS, "opt", "clock")


def better_than_clock(stops):
    at_most("faults over CLOCK's, where some pages are used again and again", BELOW_CLOCK, stops[3], UNEVEN, "clock")


BESIDE = tuple(f"mm/policy_{name}.c" for name in ("adaptive", "clock", "fifo", "random", "wsclock"))
LAB = Lab("policy", "A replacement policy", ["mm/policy_ageing.c"], [
    Simulation("ageing", UNEVEN + OTHERS, [
        Test(5, "textbook strings in one frame, and with a frame for each page", 2, textbooks),
        Test(10, "NULL where there is no victim, and no frame changes", 1, no_victim),
        Test(20, "a used page gets a second chance: clearly below FIFO", 3, second_chance),
        Test(15, "beside OPT it is no worse than CLOCK", 3, no_worse_than_clock),
        Test(20, "it beats CLOCK where uses are uneven", 3, better_than_clock)]),
    Beside("lab-policy", words=("policy=ageing", "exact", "frames=300"), policy="ageing", string=string_of, tests=[
        Test(5, "pages keep their contents in few frames", 1, pages_in_few_frames),
        Test(15, "the kernel faults where the simulator does", 1, as_simulated),
        Test(10, "pages keep their contents in a machine that is too small", 2, pages_under_load)]),
], scenario="swap", beside=BESIDE)
