#!/usr/bin/env python3
"""What the language has been shown to say: features, decisions, remarks and rules of the design, each with the cases that prove it.

Entry: `python3 grammar/coverage.py` writes COVERAGE.md, `--check` fails when the page is not what the cases say, `--self-test` proves that
it can. A case says what it proves in a section of its own, `--- proves F5 D3`; tests that are no cases, which only decisions may rest on,
say it in a comment, `// proves D2`. Whatever nothing proves, or is named and not listed here, is an error. Registered with CTest.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "grammar" / "COVERAGE.md"

FEATURES = {
    "F1": "a code is in a table, and the columns of its row are used in the condition",
    "F2": "codes by hierarchy: chapters, prefixes, ranges, dagger and asterisk",
    "F3": "rows with several conditions, alternatives, parameters of their own",
    "F4": "closed lists: silent for keys that have none, an accusation for what a key's list leaves out",
    "F5": "groups by prescription, day, visit, code: sums, counts, distinct values",
    "F6": "windows: hours, one hour of the clock, days, visit, month, quarter, year, insurance year, life",
    "F7": "directed pairs in a window, matched by quantity",
    "F8": "what has to be there, or must not be, beside something else",
    "F9": "quantifiers over a prescription: all, only, any, none, how many",
    "F10": "distinct days of use, the days behind a limit",
    "F11": "days of supply, and supplies that overlap",
    "F12": "the person's past over visits and institutions, with a look-back",
    "F13": "order in time: before, first, next, gaps",
    "F14": "periods: overlap, contain, adjoin, the length that several cover together",
    "F15": "the dearest in full, the others at a ratio",
    "F16": "money by line: parts of quantities, differences of prices, each line once, offending or only involved, not computed",
    "F17": "rows with dates, publications that replace earlier ones, as of a day, as known on a day",
    "F18": "layers of regions: rows, parameters, rules, local codes; the narrower wins",
    "F19": "enumerations with an order",
    "F20": "ages in days, months and years on a day; limits that depend on sex and date",
    "F21": "three values: what is unknown stays apart from what is false",
    "F22": "texts: contained, at the beginning, of whatever width",
    "F23": "numbers and units out of texts: strength, pack, dose, frequency",
    "F24": "prices by item, level and day, with surcharges",
    "F25": "groups across visits: ratios, percentiles of peers, mean, deviation, growth",
    "F26": "two sources reconciled: stock against what was sold",
    "F27": "people together: the same place within minutes on several days",
    "F28": "trained models: scores, thresholds, reasons",
    "F29": "registers with periods: staff, devices, contracts",
    "F30": "exemptions, and rules that give way to others",
    "F31": "decision tables inside a rule",
    "F32": "severity, stages, messages with values, lines that offend and lines that are involved",
    "F33": "running totals that begin anew: points, caps of a year",
    "F34": "no recursion, no window without a bound",
}

DECISIONS = {
    "D1": ("reversed and refunded lines", "netted first; what cannot be matched makes its code's quantities unknown"),
    "D2": ("a visit that is settled in parts", "one visit, by provider and number of the visit"),
    "D3": ("days", "calendar days of the line's time; a stay counts its first day and not its last, and at least one"),
    "D4": ("quantities of pairs", "by the units of both sides in the window"),
    "D5": ("chains of pairs, several mains of one sub", "one finding a line, the larger amount, never more than the line's own"),
    "D6": ("a code in two groups of operations", "looked at in each; what can be had back once"),
    "D7": ("ties in \"keep the dearest\"", "canonical order: time, code, price, quantity, number"),
    "D8": ("the day of an age, and its limits", "the day of the line; limits included; newborn up to day 28"),
    "D9": ("sex, birth or diagnosis missing", "unknown; never an accusation of violation"),
    "D10": ("as of which day", "a line's own day; a group's day or its last; of a visit its discharge, else its settlement"),
    "D11": ("a local or cut code with several national ones", "true for all is true, for none false, else unknown"),
    "D12": ("two rules on one line", "both report; the money once, policy before management before medical"),
    "D13": ("which amount", "the line's; its share within scope and of what the fund paid beside it"),
    "D14": ("rounding of shares", "each line once, half away from zero; shares sum up to what was paid"),
    "D15": ("periods of seven or fifteen days", "rolling, the present line included"),
    "D16": ("emergencies, transfers, planned cycles", "knowledge that `unless` names, counted and shown"),
}

REMARKS = {
    "R1": "drugs into the eye, counted together, by eye",
    "R2": "paid for twelve months, over hospitals",
    "R3": "the first prescription by a specialist of the second level",
    "R4": "begun within hours of the onset",
    "R5": "four conditions, four rules, one line",
    "R6": "after failure, contraindication or intolerance",
    "R7": "two alternatives by disease and age",
    "R8": "results of the laboratory",
    "R9": "three days of a stay; one test in fifteen days",
    "R10": "rehabilitation by total, gap, grade and progress",
    "R11": "a prescription of listed pieces only; organs of animals but one",
    "R12": "working age by sex and month of birth",
    "R13": "windows of hours where times are posted",
    "R14": "codes of twenty and twenty-three characters",
}

RULES = {
    "S1": "drugs for one sex", "S2": "items charged twice", "S3": "days of a course", "S4": "times a day",
    "S5": "operations of one incision", "S6": "pieces alone", "S7": "drugs for listed indications", "S8": "stays split",
    "S9": "the share of drugs among peers",
}

SECTIONS = {"F": FEATURES, "D": DECISIONS, "R": REMARKS, "S": RULES}
# What a remark or a rule of the design is written as: rules and tests in both spellings.
BOTH = (r"^\s*rule\s", r"^\s*规则\s", r"^\s*test\s", r"^\s*测试\s")


def about(text):
    """The first sentence of what a case is about."""
    match = re.search(r"--- about\n(.*?)\n--- ", text, re.S)
    words = " ".join(match[1].split()) if match else ""
    return words.split(". ")[0].rstrip(".")


def read():
    """What each case, and each other test, says that it proves: path, text, names."""
    cases, tests = [], []
    for path in sorted((ROOT / "tests/cases").rglob("*.case")):
        text = path.read_text("utf-8")
        named = re.findall(r"^--- proves (.+)$", text, re.M)
        cases.append((path.relative_to(ROOT).as_posix(), text, " ".join(named).split()))
    for path in sorted((ROOT / "tests/unit").rglob("*.cpp")):
        named = re.findall(r"^// proves (.+)$", path.read_text("utf-8"), re.M)
        tests.append((path.relative_to(ROOT).as_posix(), "", " ".join(named).split()))
    return cases, tests


def proofs(cases, tests, errors):
    found = {name: [] for section in SECTIONS.values() for name in section}
    for path, text, names in cases + tests:
        for name in names:
            if name not in found:
                errors.append(f"{path}: there is no feature or decision {name}")
            elif not text and name[0] != "D":
                errors.append(f"{path}: {name} is proved by cases, not by other tests")
            else:
                found[name].append((path, text))
    errors += [f"nothing proves {name}" for name, by in found.items() if not by]
    for name, by in found.items():
        if by and name[0] in "RS" and not any(all(re.search(p, text, re.M) for p in BOTH) for _, text in by):
            errors.append(f"{name} is not written with rules and tests in both spellings")
    return found


def link(path):
    name = path.removeprefix("tests/cases/").removesuffix(".case")
    return f"[{name.removeprefix('tests/')}](../{path})"


def links(by):
    return "<br>".join(link(path) for path, _ in by)


def page(cases, tests, errors):
    found = proofs(cases, tests, errors)
    proving = sum(1 for _, _, names in cases if names)
    out = ["# What the language has been shown to say", "",
           "Made by `python3 grammar/coverage.py` out of what the cases say that they prove; do not edit. Each case is run by the written",
           "semantics and by compiled code, and both have to agree before they are compared with what is expected.", "",
           f"{proving} of {len(cases)} cases prove {len(FEATURES)} features, {len(DECISIONS)} decisions, {len(REMARKS)} remarks of published knowledge "
           f"and {len(RULES)} rules of the design."]
    out += ["", "## Features", "", "| | what rules need | proved by |", "|---|---|---|"]
    out += [f"| {name} | {words} | {links(found[name])} |" for name, words in FEATURES.items()]
    out += ["", "## Decisions", "", "Where two engines that are both right would differ.", "", "| | point | decision | proved by |", "|---|---|---|---|"]
    out += [f"| {name} | {point} | {said} | {links(found[name])} |" for name, (point, said) in DECISIONS.items()]
    out += ["", "## Remarks", "", "Hard sentences of published knowledge, as rules with tests in both spellings. What no claim carries is asked for by name.", "",
            "| | remark | case | tests |", "|---|---|---|---|"]
    out += [f"| {name} | {words} | {links(found[name])} | {count_tests(found[name])} |" for name, words in REMARKS.items()]
    out += ["", "## Rules of the design", "", "| | rule | case | tests |", "|---|---|---|---|"]
    out += [f"| {name} | {words} | {links(found[name])} | {count_tests(found[name])} |" for name, words in RULES.items()]
    out += ["", "## Cases", "", "| case | about | proves |", "|---|---|---|"]
    out += [f"| {link(path)} | {about(text)} | {' '.join(names)} |" for path, text, names in cases if names]
    return "\n".join(out) + "\n"


def count_tests(by):
    return sum(len(re.findall(r"^\s*(?:test|测试)\s", text, re.M)) for _, text in by)


def self_test():
    """Each fault is seen: a feature without proof, one that is not listed, a remark in one spelling, a stale page."""
    cases, tests = read()
    faults = {
        "nothing proves F14": ([(p, t, [n for n in names if n != "F14"]) for p, t, names in cases], tests),
        "there is no feature or decision F99": (cases + [("x.case", "x", ["F99"])], tests),
        "F1 is proved by cases": (cases, tests + [("x.cpp", "", ["F1"])]),
        "R4 is not written with": ([(p, t.replace("\n测试 ", "\ntest ") if "R4" in names else t, names) for p, t, names in cases], tests),
    }
    missed = []
    for expected, (with_cases, with_tests) in faults.items():
        errors = []
        page(with_cases, with_tests, errors)
        if not any(expected in error for error in errors):
            missed.append(f"not seen: {expected}")
    if page(cases[1:], tests, []) == PAGE.read_text("utf-8"):
        missed.append("a case less leaves the page as it is")
    print("\n".join(missed) or "every fault is seen", file=sys.stderr)
    return 1 if missed else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    errors = []
    text = page(*read(), errors)
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return 1
    if arguments == ["--check"]:
        fresh = PAGE.exists() and PAGE.read_text("utf-8") == text
        print("COVERAGE.md is up to date" if fresh else "COVERAGE.md is stale: run python3 grammar/coverage.py", file=sys.stderr)
        return 0 if fresh else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
