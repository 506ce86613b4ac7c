"""The tables of README.md, README.ja.md and docs/performance.md, in Markdown: a few rows of the report, in two languages, all rows of
instructions, and those of the clock that are compared with the disk."""
import datetime
import subprocess

from report import KERNELS, text, times

WORDS = {
    "en": ("instructions", "Shisho", "Linux", "Linux, lean", "Linux / Shisho"),
    "ja": ("命令数", "Shisho", "Linux", "Linux（軽量設定）", "Linux / Shisho"),
}
FIGURES = {
    "null": "何もしないシステムコール（getppid）",
    "touch": "無名ページに初めて触れる",
    "cow-copy": "コピーオンライト、コピーあり",
    "file-read": "キャッシュにあるファイルのページを読む",
    "brk": "ブレークを 1 ページ上げて戻す",
    "fork": "fork、exit、wait（0 ページ）",
    "pipe": "パイプの往復",
    "major": "スワップを読むフォルト（追い出しを含む）",
}


def table(titles, rows):
    lines = ["| " + " | ".join(titles) + " |", "|---|" + "--:|" * (len(titles) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def few(report, language):
    """=> a table with the rows of FIGURES that Linux has too"""
    rows = {row.figure: row for row in report.compared()}
    return table(WORDS[language], [[FIGURES[figure] if language == "ja" else rows[figure].what, *(text(rows[figure].values.get(key))
                                    for key in KERNELS), times(rows[figure].ahead("linux"))] for figure in FIGURES if figure in rows])


def every(report, rows):
    return table((*WORDS["en"], "lean / Shisho"), [[row.what, *(text(row.values.get(key)) for key in KERNELS), times(row.ahead("linux")),
                                                  times(row.ahead("lean"))] for row in rows])


def measured_on(report):
    """=> what was measured, and when"""
    version = subprocess.run(["qemu-system-i386", "--version"], capture_output=True, text=True, check=True).stdout.split()[3]
    return f"Debian's Linux {report.version}; QEMU {version} without KVM; {datetime.date.today()}."


def disks(report):
    """=> a table of what waits for a disk, beside the disk itself"""
    rows = [row for row in report.rows if row.clock and row.figure.split()[-1] in ("ide", "virtio")]
    return table(("beside the disk itself, wall clock", "Shisho", "Linux", "to reach"),
                 [[row.what, text(row.values.get("shisho")), text(row.values.get("linux")), text(row.target)] for row in rows])


def markdown(report):
    """=> all tables; empty without Linux"""
    if not report.compared():
        return ""
    boots = [row for row in report.rows if row.figure == "boot" and row.values.get("linux")]
    return "\n\n".join([few(report, "en"), few(report, "ja"), measured_on(report), every(report, report.compared()),
                        every(report, boots), disks(report)]) + "\n"
