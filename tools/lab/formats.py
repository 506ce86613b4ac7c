"""A result in the forms that others read. The neutral one is result.json; its schema is in docs/teaching.md."""
import csv
import io
import json
import xml.etree.ElementTree as xml


SHORT = 60    # characters: a text that is repeated


def neutral(result, submission=""):
    return {
        "lab": result.lab.name, "title": result.lab.title, "submission": submission,
        "points": result.points, "of": result.lab.points, "error": result.error, "alike": result.alike,
        "tests": [{"name": o.test.name, "points": o.points, "of": o.test.points, "expected": o.expected, "saw": o.saw, "again": o.again, "events": o.events}
                  for o in result.outcomes],
    }


def as_text(r):
    """Of what several tests have in common only the first tells: how the run ended, its last events."""
    lines = [f"Lab {r['lab']}: {r['points']} of {r['of']} points" + (f" ({r['submission']})" if r["submission"] else "")]
    lost = [test for test in r["tests"] if test["points"] < test["of"]] if not r["error"] else []
    before = None
    for test in r["tests"]:
        lines.append(f"  {test['points']:3d} of {test['of']:3d}  {test['name']}")
        if test in lost:
            saw = "as above" if test["saw"] == before and len(before) > SHORT else test["saw"]
            lines += [f"              expected  {test['expected']}", f"              saw       {saw}"]
            before = test["saw"]
    if lost and lost[0]["events"]:
        lines += [f"The last events before `{lost[0]['name']}` was looked at:", *("  " + event for event in lost[0]["events"])]
    if any(test["again"] for test in lost):
        lines += ["The same run, to look closer:", *sorted({"  " + test["again"] for test in lost if test["again"]})]
    lines += [f"Alike, which may have good reasons: {r['alike']}"] if r["alike"] else []
    return "\n".join(lines + ([r["error"]] if r["error"] else []))


def table(results):
    """=> a line for each of several submissions"""
    width = max(len(r["submission"]) for r in results)
    return "\n".join(f"{r['submission']:{width}s}  {r['points']:3d} of {r['of']}  " + " ".join(f"{t['points']:3d}" for t in r["tests"]) +
                     (f"  {r['error'].splitlines()[0]}" if r["error"] else f"  alike: {r['alike']}" if r["alike"] else "") for r in results)


def as_json(r):
    return json.dumps(r, indent=1, ensure_ascii=False)


def as_markdown(r):
    rows = [f"| {t['name']} | {t['points']} | {t['of']} | {t['expected']} | {t['saw']} |" for t in r["tests"]]
    return "\n".join([f"## Lab {r['lab']}: {r['points']} of {r['of']} points", "", r["error"] or "", "",
                      "| test | points | of | expected | seen |", "|---|--:|--:|---|---|", *rows])


def as_csv(r, heading=True):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if heading:
        writer.writerow(["submission", "lab", "test", "points", "of", "expected", "saw"])
    for t in r["tests"]:
        writer.writerow([r["submission"], r["lab"], t["name"], t["points"], t["of"], t["expected"], t["saw"] or r["error"]])
    return out.getvalue().rstrip("\n")


def as_junit(r):
    suite = xml.Element("testsuite", name=f"lab {r['lab']}", tests=str(len(r["tests"])),
                        failures=str(sum(t["points"] < t["of"] for t in r["tests"])))
    for t in r["tests"]:
        case = xml.SubElement(suite, "testcase", classname=r["lab"], name=t["name"])
        if t["points"] < t["of"]:
            message = r["error"] or f"expected {t['expected']}; saw {t['saw']}"
            xml.SubElement(case, "failure", message=message).text = message
    return xml.tostring(suite, encoding="unicode")


def as_gradescope(r):
    tests = [{"name": t["name"], "score": t["points"], "max_score": t["of"], "visibility": "visible",
              "output": "" if t["points"] == t["of"] else r["error"] or f"expected {t['expected']}\nsaw      {t['saw']}"} for t in r["tests"]]
    return json.dumps({"score": r["points"], "visibility": "visible", "stdout_visibility": "visible", "output": as_text(r), "tests": tests})


def as_autolab(r):
    return json.dumps({"scores": {t["name"]: t["points"] for t in r["tests"]}})


FORMATS = {"text": as_text, "json": as_json, "markdown": as_markdown, "csv": as_csv, "junit": as_junit, "gradescope": as_gradescope,
           "autolab": as_autolab}
OF_ONE = ("junit", "gradescope", "autolab")    # say nothing of folders with several submissions
