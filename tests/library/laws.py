"""What must not change what is found: the order of lines and of settlements, a line's quantity split into two lines of the same time, and how
the input is cut into files, batches and partitions. The national pack over generated claims, each law against the plain run.

Entry: `laws.py PROGRAM`, run by CTest. A finding is compared by its rule and its visit or group: severity and amount, in cents, summed
over the findings that the rule has there, because a line that is split is two subjects. A rule that has to differ when a line is split says
`breaks split "reason"`; one that says so and does not differ is no fault. `--self-test` takes a line away instead, which has to be seen.
"""

import argparse
import collections
import json
import random
import re
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

PACK = Path(__file__).resolve().parents[2] / "stdlib-rules" / "national"
SEED, SETTLEMENTS = 11, 700


def generated(program, folder):
    claims = folder / "generated.ndjson"
    subprocess.run([program, "generate", "--settlements", str(SETTLEMENTS), "--seed", str(SEED), "--violations", "0.4", "--pack", PACK,
                    "--out", claims], check=True, capture_output=True)
    return [json.loads(line) for line in claims.read_text("utf-8").splitlines()]


def visit_of(record):
    return record["patient_dtos"][0]["fsi_encounter_dtos"][0]


def person_of(record):
    return record["patient_dtos"][0]["patn_id"]


def run(program, folder, records, *options):
    """What each rule found at each visit or group: severities and the sum of amounts, None where one is not computed."""
    claims, findings = folder / "claims.ndjson", folder / "findings.ndjson"
    claims.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    done = subprocess.run([program, "run", "--pack", PACK, "--in", claims, "--out", findings, "--rejects", folder / "rejects.ndjson",
                           "--level", "none", "--no-cache", "--known-since", "2020-01-01", "--known-until", "2030-01-01", "--lang", "en", *options],
                          capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"the run ended with {done.returncode}: {done.stderr}")
    found = collections.defaultdict(lambda: [set(), Decimal(0)])
    for line in findings.read_text("utf-8").splitlines():
        finding = json.loads(line)
        where = finding["mdtrt_id"] or json.dumps(finding.get("group"), sort_keys=True, ensure_ascii=False)
        entry = found[(finding["rule"], where)]
        entry[0].add((finding["severity"], finding.get("value")))
        known = entry[1] is not None and finding["amount"] is not None
        entry[1] = entry[1] + Decimal(str(finding["amount"])) if known else None
    return {key: (frozenset(severities), amount) for key, (severities, amount) in found.items()}


def order_of_lines(records, chance):
    for record in records:
        for lists in ("fsi_order_dtos", "fsi_diagnose_dtos", "fsi_operation_dtos"):
            chance.shuffle(visit_of(record).get(lists, []))
    return records


def order_of_settlements(records, chance):
    chance.shuffle(records)
    return records


def split_lines(records, chance):
    """Each line of an even number of units, and an even number of cents, now and then as two halves."""
    for record in records:
        visit, made = visit_of(record), []
        for line in visit.get("fsi_order_dtos", []):
            units, cents = Decimal(line.get("cnt", "0")), Decimal(line.get("sumamt", "0")) * 100
            if units < 2 or units % 2 or cents % 2 or chance.random() < 0.3:
                made.append(line)
                continue
            half = {"cnt": str(units / 2), "sumamt": str(cents / 200)}
            made += [{**line, **half}, {**line, **half, "rx_id": line["rx_id"] + "b"}]
        visit["fsi_order_dtos"] = made
    return records


def one_line_less(records, chance):
    for record in records:
        visit_of(record)["fsi_order_dtos"] = visit_of(record).get("fsi_order_dtos", [])[1:]
    return records


def copied(records):
    return json.loads(json.dumps(records))


def breaking():
    """Rules that say that a split line changes them."""
    rules = set()
    for path in PACK.rglob("*.sanku"):
        for block in re.split(r"\n(?=[^\s}])", path.read_text("utf-8")):
            rule = re.match(r"(?:rule|规则)\s+(\w+)", block)
            if rule and re.search(r"^\s*(?:breaks\s+split|拆分有别)", block, re.M):
                rules.add(rule[1])
    return rules


def differences(plain, other, spared=frozenset()):
    return [f"{key[0]} at {key[1]}: {plain.get(key)} became {other.get(key)}" for key in sorted(plain.keys() | other.keys())
            if plain.get(key) != other.get(key) and key[0] not in spared]


def of_visits(found):
    return {key: value for key, value in found.items() if not key[1].startswith("{")}


def files(program, folder, records):
    """Two inputs, all visits of a person in one of them; what is said of groups of the whole population is of all inputs together."""
    people = sorted({person_of(record) for record in records})
    first = set(people[::2])
    found = {}
    for part in (True, False):
        found.update(run(program, folder, [record for record in records if (person_of(record) in first) == part]))
    return found


def broken_laws(program, folder):
    records = generated(program, folder)
    plain = run(program, folder, records)
    chance = random.Random(SEED)
    laws = {
        "the order of lines": (plain, run(program, folder, order_of_lines(copied(records), chance)), ()),
        "the order of settlements": (plain, run(program, folder, order_of_settlements(copied(records), chance)), ()),
        "lines split in two": (plain, run(program, folder, split_lines(copied(records), chance)), breaking()),
        "small batches and two threads": (plain, run(program, folder, records, "--batch", "7", "--threads", "2"), ()),
        "partitions on disk": (plain, run(program, folder, records, "--memory", "1"), ()),
        "two files": (of_visits(plain), of_visits(files(program, folder, records)), ()),
    }
    return len(plain), [f"{law}: {difference}" for law, (before, after, spared) in laws.items()
                        for difference in differences(before, after, spared)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.self_test:
            records = generated(arguments.program, folder)
            plain = run(arguments.program, folder, records)
            seen = differences(plain, run(arguments.program, folder, one_line_less(copied(records), random.Random(SEED))))
            print(f"a line less is seen in {len(seen)} places", file=sys.stderr)
            return 0 if seen else 1
        count, broken = broken_laws(arguments.program, folder)
    print("\n".join(broken[:40]), file=sys.stderr)
    print(f"{count} findings under six laws, {len(broken)} differ", file=sys.stderr)
    return 1 if broken or not count else 0


if __name__ == "__main__":
    sys.exit(main())
