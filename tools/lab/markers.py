"""What students write stands between two comments on lines of their own, inside a function:

    /* lab NAME: what is to be written, in a few words */
    ...
    /* end of lab NAME */

A handout has, instead of the lines between, a call that says so when it runs. A comment that is nearly a marker is an error, so that
no solution is handed out by a slip of the pen.
"""
import re
import subprocess

BEGIN = re.compile(r"^(\s*)/\* lab (\w+): (.+) \*/$")
END = re.compile(r"^\s*/\* end of lab (\w+) \*/$")
NEARLY = re.compile(r"/[/*]+\s*(end\s+(of\s+)?)?labs?[\s:]", re.IGNORECASE)
MARKED = ("*.c", "*.h", "*.S")


class Error(Exception):
    """A marker is wrong; the text says where."""


def parts(path, text):
    """=> an iterator over the lines of TEXT: (line, name of the lab that it belongs to or "", is it a marker?)"""
    inside, opened = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        begin, end = BEGIN.match(line), END.match(line)
        if begin:
            if inside:
                raise Error(f"{path}:{number}: lab {begin[2]} begins inside lab {inside} of line {opened}")
            inside, opened = begin[2], number
        elif end and end[1] != inside:
            raise Error(f"{path}:{number}: lab {end[1]} ends, but " + (f"line {opened} begins {inside}" if inside else "has not begun"))
        elif not end and NEARLY.search(line):
            raise Error(f"{path}:{number}: this is nearly a marker: {line.strip()}")
        yield line, inside, bool(begin or end)
        if end:
            inside = ""
    if inside:
        raise Error(f"{path}:{opened}: lab {inside} does not end")


def labs_of(path, text):
    return {name for _, name, is_marker in parts(path, text) if is_marker}


def handed_out(path, text, *labs):
    """=> (TEXT without the solutions of LABS and without markers of others, the lines of the solutions)"""
    kept, solution = [], []
    for line, name, is_marker in parts(path, text):
        if name not in labs:
            kept += [] if is_marker else [line]
        elif not is_marker:
            solution.append(line)
        elif BEGIN.match(line):
            indent, _, task = BEGIN.match(line).groups()
            kept += [line, f'{indent}lab_missing("{task}");']
        else:
            kept.append(line)
    return "\n".join(kept), solution


def files(root):
    """=> the files below ROOT that Git knows and that may have markers"""
    told = subprocess.run(["git", "ls-files", "-z", "--", *MARKED], cwd=root, capture_output=True, text=True, check=True).stdout
    return [name for name in told.split("\0") if name]
