"""A result in the forms that others read. The neutral one is result.json; its schema is in docs/teaching.md."""
import csv
import io
import json
import xml.etree.ElementTree as xml


def neutral(result, submission=""):
    return {
        "lab": result.lab.name, "title": result.lab.title, "submission": submission,
        "points": result.points, "of": result.lab.points, "error": result.error,
        "tests": [{"name": o.test.name, "points": o.points, "of": o.test.points, "expected": o.expected, "saw": o.saw}
                  for o in result.outcomes],
        "events": result.events,
    }


def as_text(r):
    lines = [f"Lab {r['lab']}: {r['points']} of {r['of']} points" + (f" ({r['submission']})" if r["submission"] else "")]
    for test in r["tests"]:
        lines.append(f"  {test['points']:3d} of {test['of']:3d}  {test['name']}")
        if test["points"] < test["of"] and not r["error"]:
            lines += [f"              expected  {test['expected']}", f"              saw       {test['saw']}"]
    return "\n".join(lines + ([r["error"]] if r["error"] else []))


def as_json(r):
    return json.dumps(r, indent=1, ensure_ascii=False)


def as_markdown(r):
    rows = [f"| {t['name']} | {t['points']} | {t['of']} | {t['expected']} | {t['saw']} |" for t in r["tests"]]
    return "\n".join([f"## Lab {r['lab']}: {r['points']} of {r['of']} points", "", r["error"] or "", "",
                      "| test | points | of | expected | seen |", "|---|--:|--:|---|---|", *rows])


def as_csv(r):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
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
