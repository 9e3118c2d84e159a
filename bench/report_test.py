"""The report page shows every target with its state, and draws every curve; texts are escaped, and it is well-formed SVG."""

import json
import re
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import report  # noqa: E402


def run(name, rate):
    return {"name": name, "unit": "settlements/s", "threads": 1, "value": None, "of_all_runs": rate, "clean_runs": 0, "runs": 1, "seconds": [1]}


def target(name, state, measured, why=None):
    made = {"name": name, "what": "a < b", "what_zh": "甲", "unit": "ratio", "measured": measured, "target": 0.8, "is": "at least",
            "holds": state == "held", "state": state, "runs": [run("ten_rules_compiled_1t", 3e6)]}
    return made | ({"why": why} if why else {})


SAMPLE = {"machine": {"processor": "a \"b\" <c>", "threads": 2},
          "targets": [target("one", "held", 0.9), target("dearest", "missed", 3) | {"runs": [run("R1", 1e6) | {"ratio": 3.0}, run("R1_by_hand", 3e6)]}, target("two", "missed", 0.1), target("three", "inconclusive", 0.5),
                      target("four", "skipped", None, "no <library>")],
          "curves": [{"name": "rules & more", "x": "rules", "y": "settlements/s", "points": [[10, 2e6], [500, 1e5]]}],
          "numbers": [run("read_ndjson", 1e5), run("judge_1t", 1e6)]}


def test():
    page = report.page(json.loads(json.dumps(SAMPLE)))
    for word in ("one", "two", "three", "four", "held 达到", "missed 未达到", "inconclusive 不作数", "skipped 未测", "0.9", "no &lt;library&gt;"):
        assert word in page, word
    assert "<c>" not in page and "a < b" not in page
    plots = re.findall(r"<svg.*?</svg>", page)
    assert len(plots) == 4, len(plots)
    assert ">R1</text>" in plots[3] and "R1_by_hand" not in plots[3]
    for plot in plots:
        tree.fromstring(plot)
    assert len(tree.fromstring(plots[0]).findall("circle")) == 2
    for value, shown in ((1234567, "1.23M"), (0.5, "0.5"), (None, "–"), (2e9, "2G")):
        assert report.short(value) == shown, (value, report.short(value))
    for value, top in ((3, 5), (0.3, 0.5), (1200, 2000), (5, 5)):
        assert abs(report.nice_top(value) - top) < 1e-9, (value, report.nice_top(value))


if __name__ == "__main__":
    test()
    print("report page: every target, every curve, well-formed")
