"""What pagesim prints: the counts of a string, which of its references fault, and the means of several strings."""
import math

NAME, COLUMN, WIDTH = 16, 9, 100


def plural(n, what):
    return f"{n} {what}{'' if n == 1 else 's'}"


def size_of(counts):
    return f"{plural(counts.references, 'reference')} to {plural(counts.pages, 'page')}"


def row(first, cells, width=6):
    return f"{first:>{width}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells)


def mean(values):
    """=> the geometric mean"""
    values = list(values)
    return math.exp(sum(map(math.log, values)) / len(values))


def print_counts(result, names):
    counts = result.counts
    print(row("frames", names))
    for n in result.frames:
        print(row(n, (counts.faults[name, n] for name in names)))
    if names == ["opt"]:
        return
    others = names[1:]
    print("faults / OPT's faults")
    for n in result.frames:
        print(row(n, ["", *(f"{counts.ratio(name, n):.2f}" for name in others)]))
    print(row("mean", ["", *(f"{result.mean(name):.3f}" for name in others)]))


def print_marks(result):
    """The references, and below each an F for each policy and size where it faults."""
    words = result.string.references()
    wide = max(map(len, words))
    wide += wide > 1
    at_once = (WIDTH - NAME) // wide
    for start in range(0, len(words), at_once):
        part = slice(start, start + at_once)
        print(f"{'references':>{NAME - 2}}  " + "".join(f"{word:>{wide}}" for word in words[part]))
        for (policy, n), marks in result.counts.marks.items():
            print(f"{policy:>9} {n:>4}  " + "".join(f"{mark:>{wide}}" for mark in marks[part]))


def print_one(result, names):
    counts, string = result.counts, result.string
    print(f"{string.title()}: {size_of(counts)}{', where it was cut' if string.is_cut() else ''}")
    for line in string.about:
        print("  " + line)
    print_counts(result, names)


def distinct(results):
    """=> RESULTS without those of strings that are the same as an earlier one but for the pages' names"""
    return list({result.string.data: result for result in reversed(results)}.values())[::-1]


def mean_of_all(results, policy):
    return mean(result.mean(policy) for result in distinct(results))


def print_all(results, names):
    """The mean of each string, of all of them, and the worst beside CLOCK of all strings and sizes."""
    wide = max(len(result.string.name) for result in results)
    print("\nfaults / OPT's faults, geometric mean over the sizes")
    print(row("", names, wide))
    for result in results:
        print(f"{result.string.name:<{wide}}" + row("", (f"{result.mean(name):.3f}" for name in names), 0))
    print(f"{'mean':<{wide}}" + row("", (f"{mean_of_all(results, name):.3f}" for name in names), 0))
    once = len(distinct(results))
    if once < len(results):
        print(f"(of the {once} strings that differ in more than the names of their pages)")
    if "clock" in names:
        print("\nfaults / CLOCK's faults, the worst of all strings and sizes")
        print(f"{'worst':<{wide}}" + row("", (f"{max(result.worst(name) for result in results):.3f}" for name in names), 0))
