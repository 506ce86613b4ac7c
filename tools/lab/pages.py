"""The documents of a handout. Its README is the lab's page, with how to begin; the README of the whole tree is docs/shisho.md."""
import os
import re

from lab import HERE, ROOT
from submission import tracked
from template import write

LANGUAGES = ("", ".ja")
LINK = re.compile(r'(\]\(|src=")([^)"#]+)')
HINT = re.compile(r"<details><summary>(.*?)</summary>\n(.*?)</details>\n", re.DOTALL)


def moves(name):
    """=> {path in this tree: path in the handout of lab NAME} of the documents that move"""
    moved = {}
    for language in LANGUAGES:
        moved[f"docs/labs/{name}{language}.md"] = f"README{language}.md"
        moved[f"README{language}.md"] = f"docs/shisho{language}.md"
    return moved


def relinked(path, moved):
    """=> the text of the document PATH, with links that lead to where their targets are once all are MOVED"""
    old, new = os.path.dirname(path), os.path.dirname(moved.get(path, path))

    def there(link):
        target = os.path.normpath(os.path.join(old, link[2]))
        known = os.path.exists(os.path.join(ROOT, target))
        return link[1] + os.path.relpath(moved.get(target, target), new or ".") if known else link[0]
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return LINK.sub(there, file.read())


def with_steps(text, language):
    """=> TEXT of a lab's page with how to begin, before its first section"""
    with open(os.path.join(HERE, f"steps{language}.md"), encoding="utf-8") as file:
        return text.replace("\n## ", f"\n{file.read()}\n## ", 1)


def without_hints(text, out, language):
    """Writes each hint of TEXT to a file of its own, so that readers see only the hints that they open. => TEXT with links to them"""
    for number, hint in enumerate(HINT.finditer(text), 1):
        path = f"hints/{number}{language}.md"
        write(os.path.join(out, path), f"# {hint[1]}\n\n{hint[2].strip()}\n")
        text = text.replace(hint[0], f"- [{hint[1]}]({path})\n")
    return text


def add(out, name):
    """Writes the documents that move, and those that link to one, to the handout OUT of lab NAME."""
    moved = moves(name)
    for path in (path for path in tracked() if path.endswith(".md")):
        language = ".ja" if path.endswith(".ja.md") else ""
        text = relinked(path, moved)
        if path == f"docs/labs/{name}{language}.md":
            text = without_hints(with_steps(text, language), out, language)
        if path in moved or os.path.exists(os.path.join(out, path)):
            write(os.path.join(out, moved.get(path, path)), text)
