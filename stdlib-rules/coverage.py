#!/usr/bin/env python3
"""Counts what the library covers and writes COVERAGE.md, so that nobody keeps it by hand.

Entry: `python3 stdlib-rules/coverage.py` writes, `--check` fails when the page is not what the pack says. It reads the rules as text
(identifiers, tables, questions, tests), the tables, the catalogue of the 88, the map of the problem list and the inventory of behaviours,
models and scenes (coding/). A rule that is named and not there is an error. Registered with CTest.
"""

import csv
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent
PACK = ROOT / "national"
BY_LINE = {"problem_pair", "problem_limit", "routine_test"}  # tables whose rows say which line they are of
STATUSES = {"published": "decides on published rows", "sample": "decides on sample rows",
            "evidence": "needs evidence that a claim lacks"}


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Library:
    """The pack as text: rules by identifier, tables by name, tests by rule."""

    def __init__(self):
        self.rules, self.tables, self.models, self.tests = {}, {}, {}, {}
        for path in sorted(PACK.rglob("*.sanku")):
            text = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
            for block in re.split(r"\n(?=[^\s}])", text):
                self.read(path.relative_to(PACK).as_posix(), block)
        for rule in self.rules.values():
            rule["tables"] = self.tables_of(rule["body"])

    def read(self, file, block):
        rule = re.match(r"(?:rule|规则)\s+(\w+)\s+[\"“]([^\"”]+)[\"”]", block)
        table = re.match(r"(?:knowledge|知识)\s+(\w+)(?:\s*/\s*(\w+))?[^{]*?(?:from|自)\s+[\"“]([\w.]+)\.csv", block)
        model = re.match(r"(?:model|模型)\s+(\w+)", block)
        test = re.match(r"(?:test|测试)\s+[\"“].*?[\"”]\s+(?:of|之)\s+([\w, ]+)", block)
        if rule:
            self.rules[rule[1]] = {"title": rule[2], "file": file, "body": block}
        elif table:
            self.tables[table[1]] = {"names": [n for n in (table[1], table[2]) if n], "file": table[3]}
        elif model:
            self.models[model[1]] = block
        elif test:
            for name in re.split(r"[,\s]+", test[1].strip()):
                self.tests[name] = self.tests.get(name, 0) + 1

    def tables_of(self, body):
        text = body + "".join(block for name, block in self.models.items() if re.search(rf"\b{name}\(", body))
        return [name for name, table in sorted(self.tables.items())
                if any(re.search(rf"(?<!\w){n}\s*\[|(?:\bin|属于|于)\s+{n}(?!\w)", text) for n in table["names"])]

    def count(self, table):
        """Published rows and sample rows of a table."""
        file = self.tables[table]["file"]
        sample = ROOT / "sample" / "knowledge" / f"{file}.csv"
        return len(rows(PACK / "knowledge" / f"{file}.csv")), len(rows(sample)) if sample.exists() else 0

    def status(self, name):
        """Of the three, which one: a question in words that every branch asks comes first, then an empty main table."""
        rule = self.rules[name]
        branches = re.findall(r"(?:when|如果)[：\s](.*?)(?:report|判为)", rule["body"], re.S)
        asking = [bool(re.search(r"(?<!or )(?:ask|待证)\(\s*[\"“]", branch)) for branch in branches]
        if branches and all(asking):
            return "evidence"
        counts = [self.count(table) for table in rule["tables"]]
        return "sample" if counts and not any(published for published, _ in counts) else "published"

    def asked(self, name):
        """How many rows of the rule's tables ask for evidence of their own."""
        return sum(1 for table in self.rules[name]["tables"] if re.search(r"(?:ask|待证)\((?![\"“])", self.rules[name]["body"])
                   for row in rows(PACK / "knowledge" / f"{self.tables[table]['file']}.csv") if row.get("evidence"))


    def line_status(self, row):
        """Of a line of the problem list: evidence that it names, else the best of its rules."""
        if row["evidence"]:
            return "evidence"
        found = {self.status(name) for name in row["rules"].split()}
        return next(status for status in ("published", "sample", "evidence") if status in found)

    def line_rows(self, row, errors):
        """A rule that reads rows by the line must have some of this one, and they ask where the line says that evidence is wanted."""
        for name in row["rules"].split():
            for table in BY_LINE & set(self.rules[name]["tables"]):
                own = [r for r in rows(PACK / "knowledge" / f"{table}.csv") if r["line"] == row["no"]]
                if not own or row["entity"] != "医疗机构":
                    errors.append(f"coding/problem_list.csv: line {row['no']} says {name}, but coding/{table}.csv has no row of it")
                elif "evidence" in own[0] and any(bool(r["evidence"]) != bool(row["evidence"]) for r in own):
                    errors.append(f"coding/problem_list.csv: line {row['no']} and its rows of coding/{table}.csv do not agree whether evidence is wanted")


def official(row):
    """The identifier of a rule of the edition of 2025: the code of 1.0 without its last three zeros, the renamed one by its old
    code, the new ones by their number."""
    if row["v1_code"]:
        return row["v1_code"][:-3]
    return "GZ10000101009" if row["seq"] == "9" else f"N2025{int(row['seq']):03d}"


def tables_text(library, name):
    parts = []
    for table in library.rules[name]["tables"]:
        published, sample = library.count(table)
        parts.append(f"`{table}` {published:,}" + (f" (sample {sample})" if sample else ""))
    return ", ".join(parts) or "none"


def line(library, name, title=None):
    asked = library.asked(name)
    note = f"; {asked:,} rows ask for more" if asked else ""
    return (f"| {name} | {title or library.rules[name]['title']} | {tables_text(library, name)} | {library.tests.get(name, 0)} | "
            f"{STATUSES[library.status(name)]}{note} |")


def page(library, errors):
    """The whole page; names of rules that do not exist go to `errors`."""
    def known(names, where):
        for name in names:
            if name not in library.rules:
                errors.append(f"{where}: there is no rule {name}")
        return [name for name in names if name in library.rules]

    catalogue = [(official(row), row["name"]) for row in rows(ROOT / "published/nhsa/rule_catalog_2025_88.csv")]
    written = [name for name, _ in catalogue if name in library.rules]
    missing = [(name, title) for name, title in catalogue if name not in library.rules]
    problems = rows(ROOT / "coding/problem_list.csv")
    texts = rows(ROOT / "published/problem_lists/problem_list_2025.csv")
    inventory = rows(ROOT / "coding/inventory.csv")
    out = ["# What the library covers", "", "Made by `python3 stdlib-rules/coverage.py`; do not edit. A rule decides on published rows, or needs no table; it",
           "decides on sample rows where only the name is published and a region writes the table, which stands empty here; or it needs",
           "evidence that no claim carries, asks for it, and is undecided until somebody answers.", ""]
    out += ["| | rules | " + " | ".join(STATUSES.values()) + " |", "|---|---|---|---|---|"]
    own = {name for name, _ in catalogue}
    kinds = [("the 88 national rules", written)]
    for kind, title in (("behaviour", "behaviours and problem list"), ("model", "models"), ("scene", "scenes")):
        names = sorted({n for row in inventory if row["kind"] == kind for n in known(row["rules"].split(), "coding/inventory.csv")} - own)
        kinds.append((title, names))
    for title, names in kinds:
        counts = [sum(library.status(name) == status for name in names) for status in STATUSES]
        out.append(f"| {title} | {len(names)} | " + " | ".join(map(str, counts)) + " |")
    lines = [row for row in problems if known(row["rules"].split(), "coding/problem_list.csv")]
    for row in lines:
        library.line_rows(row, errors)
    counts = [sum(library.line_status(row) == status for row in lines) for status in STATUSES]
    out.append(f"| lines of the problem list ({len(problems) - len(lines)} of {len(problems)} have no rule and are reasoned) | {len(lines)} | "
               + " | ".join(map(str, counts)) + " |")
    out += ["", f"Written: {len(written)} of 88 national rules. A line of the problem list counts by the best of its rules, and as one that needs evidence",
            "where it names some."]
    if missing:
        out += ["", "Not written: " + ", ".join(f"{name} {title}" for name, title in missing)]
    out += ["", "## The 88", "", "| rule | name | tables: rows | tests | status |", "|---|---|---|---|---|"]
    out += [line(library, name, title) for name, title in catalogue if name in library.rules]
    others = [name for name in sorted(library.rules) if name not in own]
    out += ["", "## Behaviours, models and scenes", "", "| rule | name | tables: rows | tests | status |", "|---|---|---|---|---|"]
    out += [line(library, name) for name in others]
    out += ["", "## The inventory", "", "| kind | name | rules or reason |", "|---|---|---|"]
    out += [f"| {row['kind']} | {row['name']} {row['english']} | {row['rules'] or row['reason']} |" for row in inventory]
    out += ["", "## The problem list of 2025", "", "| | line | kind | rules | evidence | why |", "|---|---|---|---|---|---|"]
    for row in problems:
        text = texts[int(row["published_row"]) - 1]
        names = known(row["rules"].split(), "coding/problem_list.csv")
        out.append(f"| {'药店 ' if text['entity'] == '药店' else ''}{row['no']} | {text['text'][:60].replace('|', '/')} | {text['type']} | "
                   f"{' '.join(names)} | {row['evidence']} | {row['reason']} |")
        if not row["rules"] and not (row["evidence"] and row["reason"]):
            errors.append(f"coding/problem_list.csv: line {row['entity']} {row['no']} has neither a rule nor a reason with its evidence")
    if [(row["entity"], row["no"]) for row in problems] != [(text["entity"], text["no"]) for text in texts]:
        errors.append("coding/problem_list.csv: its lines are not those of the list")
    out += ["", "## Rules that rest on sample tables", "", "Their tables stand empty in `national/`; the rows in `sample/` are made up, say so, and are read by tests only.", ""]
    out += [f"* {name} {library.rules[name]['title']}: {', '.join(library.rules[name]['tables'])}" for name in sorted(library.rules)
            if library.status(name) == "sample"]
    errors += [f"{name} has {library.tests.get(name, 0)} tests, three are wanted" for name in sorted(library.rules)
               if library.tests.get(name, 0) < 3]
    return "\n".join(out) + "\n"


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    errors = []
    text = page(Library(), errors)
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return 1
    path = ROOT / "COVERAGE.md"
    if arguments == ["--check"]:
        fresh = path.exists() and path.read_text("utf-8") == text
        print("COVERAGE.md is up to date" if fresh else "COVERAGE.md is stale: run python3 stdlib-rules/coverage.py", file=sys.stderr)
        return 0 if fresh else 1
    path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
