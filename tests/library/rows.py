"""Every published row that a column decides, exercised: a claim that must be found and one that must not, judged in one run.

Entry: `rows.py PROGRAM`, run by CTest; it writes the claims into a temporary folder, runs the compiled pack over them once with
the published tables and once with the samples in the place of the empty ones, and compares rule by rule. A row whose remark
alone decides, which asks for what no claim carries, must come out undecided and name its question. `--self-test` spoils a
table and must then fail. Only facts of the tables are used here: what the rules do with them is not repeated.
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from makers import MAKERS

STDLIB = Path(__file__).resolve().parents[2] / "stdlib-rules"
PACK = STDLIB / "national"


def rows(pack, table):
    with open(pack / "knowledge" / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(pack):
    """(rule, label, record, expected) for each maker and each row of its table; expected: found, not or asks. A row that a later
    publication superseded says nothing any more: its code is found only if a row that counts has it."""
    for maker in MAKERS:
        table = rows(pack, maker.table)
        alive = {row["code"] for row in table if "superseded" in row and not row["superseded"]}
        for number, row in enumerate(table):
            gone = bool(row.get("superseded"))
            if gone and row["code"] in alive:
                continue
            for part, (record, expected) in enumerate(maker.make(row, pack)):
                expected = "not" if gone else expected
                label = f"{maker.rule}.{number}.{part}"
                yield maker.rule, label, {"mdtrt_id": label, "setl_id": label, **record}, expected


def with_samples(folder):
    """The pack with the samples' rows where the regions' tables stand empty."""
    copy = Path(folder) / "sampled"
    shutil.copytree(PACK, copy / "national")
    shutil.copytree(STDLIB / "schema", copy / "schema")
    for sample in sorted((STDLIB / "sample" / "knowledge").glob("*.csv")):
        shutil.copy(sample, copy / "national" / "knowledge" / sample.name)
    return copy / "national"


def run(program, pack, records, folder, name):
    """The rules that spoke of each record, and how often each rule was undecided."""
    claims = folder / f"{name}.ndjson"
    claims.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    done = subprocess.run([program, "run", "--pack", pack, "--in", claims, "--rejects",
                           folder / f"{name}.rejects.ndjson", "--level", "none", "--no-cache", "--stats", "--lang", "zh"],
                          capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: the run failed\n{done.stderr.decode()}\n"
                 + (folder / f"{name}.rejects.ndjson").read_text("utf-8")[:2000])
    spoke = {}
    for line in done.stdout.decode("utf-8").splitlines():
        finding = json.loads(line)
        spoke.setdefault(finding["setl_id"], set()).add(finding["rule"])
    stats = json.loads(done.stderr.decode().strip().splitlines()[-1])
    return spoke, {rule["rule"]: rule["indeterminate"] for rule in stats["rules"]}


def explained(program, pack, claims, label, rule):
    done = subprocess.run([program, "explain", "--pack", pack, "--in", claims, "--settlement", label, "--rule", rule, "--lang", "zh"],
                          capture_output=True, check=False)
    return done.stdout.decode()


def judge(program, pack, name, folder):
    """What came out otherwise than expected, and how many rows were exercised, by rule."""
    decided = [case for case in cases(pack) if case[3] != "asks"]
    asking = [case for case in cases(pack) if case[3] == "asks"]
    wrong, counted = [], {}
    spoke, _ = run(program, pack, [record for _, _, record, _ in decided], folder, name)
    for rule, label, _, expected in decided:
        counted[rule] = counted.get(rule, 0) + 1
        if (rule in spoke.get(label, ())) != (expected == "found"):
            wrong.append(f"{name}: {label} was {'not found' if expected == 'found' else 'found'}")
    if asking:
        spoke, undecided = run(program, pack, [record for _, _, record, _ in asking], folder, name + ".ask")
        for rule in sorted({rule for rule, *_ in asking}):
            mine = [(label, record) for r, label, record, _ in asking if r == rule]
            counted[rule] = counted.get(rule, 0) + len(mine)
            wrong += [f"{name}: {label} was found, although only the record can tell" for label, _ in mine
                      if rule in spoke.get(label, ())]
            if undecided[rule] < len(mine):
                wrong.append(f"{name}: {rule} was undecided {undecided[rule]} times, of {len(mine)} rows")
            label, record = mine[0]
            question = next((maker.question(record) for maker in MAKERS if maker.rule == rule and maker.question), "")
            if question not in explained(program, pack, folder / f"{name}.ask.ndjson", label, rule):
                wrong.append(f"{name}: {label} does not name what it asks for: {question}")
    return wrong, counted


def check(program, spoil=None):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sampled = with_samples(folder)
        if spoil:
            spoil(sampled)
        wrong, counted = judge(program, sampled, "rows", folder)
    return wrong, counted


def self_test(program):
    """A row of the wrong sex in the table that is read, while the claims are made from the right one."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        spoiled = with_samples(folder)
        made = [case for case in cases(PACK) if case[0] == "GZ10000301004"][:40]
        table = spoiled / "knowledge" / "drug_sex.csv"
        text = table.read_text("utf-8").split("\n")
        text[1] = text[1].replace(",女,", ",男,") if ",女," in text[1] else text[1].replace(",男,", ",女,")
        table.write_text("\n".join(text), encoding="utf-8")
        spoke, _ = run(program, spoiled, [record for _, _, record, _ in made], folder, "spoiled")
        wrong = [label for rule, label, _, expected in made if (rule in spoke.get(label, ())) != (expected == "found")]
    if wrong != [made[0][1], made[1][1]]:
        sys.exit(f"one spoiled row should be seen in its two claims, not in {wrong}")
    print("a spoiled row is seen")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        return self_test(options.program)
    wrong, counted = check(options.program)
    for rule, number in sorted(counted.items()):
        print(f"{rule:<16}{number:>7} claims")
    print(f"{sum(counted.values())} claims of {len(counted)} rules")
    if wrong:
        sys.exit("\n".join(wrong[:40]) + f"\n{len(wrong)} came out otherwise")
    return None


if __name__ == "__main__":
    main()
