"""Which submissions resemble one another, or a file of the tree. A hint for the teacher, no more: two people may well write the same
ten lines.

Of each submission only what is not in the handout counts. Comments and spaces do not, and a name is as good as another. Two are
compared by the runs of K tokens that both have; the longest text that they share is shown side by side.

Source: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", 2003, section 2 (k-grams).
"""
import difflib
import itertools
import os
import re

import submission
from lab import ROOT

K = 8            # tokens
NOTABLE = 0.6    # of the runs of the smaller one
COPIED = 0.75    # of the runs of a submission, which are in one file of the tree
PAIRS = 20       # shown, the most alike
ROWS = 12        # lines shown of a pair
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[A-Za-z_]\w*|\d\w*|->|[-+*/%&|^<>=!]=|&&|\|\||<<|>>|\+\+|--|\S')
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
KEPT = set("if else for while do return break continue goto switch case default sizeof struct static void int char bool".split())


def without_comments(text):
    """=> its lines"""
    return COMMENT.sub(lambda c: "\n" * c[0].count("\n"), text).split("\n")


def lines_beyond(handout, path, found):
    """=> [(PATH, number, line)] of the file FOUND that are not in the text HANDOUT"""
    given = {line.strip() for line in without_comments(handout)}
    with open(found, encoding="utf-8", errors="replace") as file:
        return [(path, number, line) for number, line in enumerate(without_comments(file.read()), 1)
                if line.strip() and line.strip() not in given]


def own_lines(folder, lab, handout):
    """The same of the submission in FOLDER. HANDOUT: {file: its text}"""
    found = {path: submission.find(folder, path) for path in lab.files}
    return [line for path, at in found.items() if at for line in lines_beyond(handout[path], path, at)]


def tokens(own):
    """=> [(token, index in OWN of its line)]; a name is `i`, a number `n`, a text `t`"""
    found = []
    for index, (_, _, line) in enumerate(own):
        for token in TOKEN.findall(line):
            kind = "t" if token[0] in "\"'" else "n" if token[0].isdigit() else "i" if token[0].isalpha() or token[0] == "_" else token
            found.append((token if token in KEPT else kind, index))
    return found


def runs(found):
    return {tuple(token for token, _ in found[i:i + K]) for i in range(len(found) - K + 1)}


def likeness(a, b):
    """=> the share of the runs of the smaller one that both have"""
    return len(a & b) / max(min(len(a), len(b)), 1)


def copied(folder, lab, handout):
    """=> the file of lab.beside, which has some, that has most of the submission in FOLDER, with the share; "": none has notably much"""
    own, given = runs(tokens(own_lines(folder, lab, handout))), "\n".join(handout.values())
    there = {path: runs(tokens(lines_beyond(given, path, os.path.join(ROOT, path)))) for path in lab.beside}
    share, path = max((len(own & theirs) / max(len(own), 1), path) for path, theirs in there.items())
    return f"{path} ({share:.0%})" if share >= COPIED else ""


def side_by_side(own_a, own_b):
    """=> the longest text that both have, in two columns"""
    a, b = tokens(own_a), tokens(own_b)
    match = difflib.SequenceMatcher(None, [t for t, _ in a], [t for t, _ in b], autojunk=False).find_longest_match()
    left, right = ([own[i] for i in sorted({index for _, index in found[start:start + match.size]})][:ROWS]
                   for own, found, start in ((own_a, a, match.a), (own_b, b, match.b)))
    rows = [f"    {os.path.basename(l[0])}:{l[1]:<5d}{l[2].expandtabs(2).strip()[:52]:52s} | {os.path.basename(r[0])}:{r[1]:<5d}"
            f"{r[2].expandtabs(2).strip()[:52]}" for l, r in zip(left, right)]
    return "\n".join(rows)


def report(folders, lab, handout):
    """=> the pairs of FOLDERS that are notably alike, as text. HANDOUT: {file: its text}"""
    own = {folder: own_lines(folder, lab, handout) for folder in folders}
    known = {folder: runs(tokens(lines)) for folder, lines in own.items()}
    pairs = sorted(((likeness(known[a], known[b]), a, b) for a, b in itertools.combinations(folders, 2)), reverse=True)
    parts = [f"{share:.0%}  {os.path.basename(a)}  {os.path.basename(b)}\n{side_by_side(own[a], own[b])}"
             for share, a, b in pairs[:PAIRS] if share >= NOTABLE]
    return "\n".join(["Alike, which may have good reasons (tokens of what is not in the handout):", *parts]) if parts else ""
