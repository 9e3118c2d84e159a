"""What must not change what is found: the order of lines and of settlements, also where records repeat and contradict each other, a line's
quantity split into two lines of the same time, and how the input is cut into files, batches and partitions. The national pack, with the
samples in the place of the tables that regions write, over generated claims, claims made from rows of its tables and the claims of its own
tests; each law against the plain run. How many rules each law reached is printed, and must not become fewer.

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

from given import add_knowledge, claims as claims_of_tests
from rows import STDLIB, cases, with_samples

SEED, SETTLEMENTS = 11, 700
ROWS, TESTS = 3, 3  # of each rule, that claims are made from
CONTRADICTED = 20  # settlements that are sent once more, and as many with other content
LEAST = {"lines split in two": 127, "two files": 116}  # rules that a law reaches
LEAST_ELSE = 132


def full_pack(folder):
    """The national pack, with samples and the rows of its tests in the tables that regions write."""
    pack = with_samples(folder)
    add_knowledge(pack, {sample.stem for sample in (STDLIB / "sample" / "knowledge").glob("*.csv")})
    return pack


def generated(program, pack, folder):
    claims = folder / "generated.ndjson"
    subprocess.run([program, "generate", "--settlements", str(SETTLEMENTS), "--seed", str(SEED), "--violations", "0.4", "--pack", pack,
                    "--out", claims], check=True, capture_output=True)
    return [json.loads(line) for line in claims.read_text("utf-8").splitlines()]


def made_from_rows(pack):
    """Claims that rows of the tables decide: those of a few rows each, which must be found."""
    taken, records = collections.Counter(), []
    for rule, label, record, expected in cases(pack):
        if expected == "found" and taken[rule] < ROWS:
            taken[rule] += 1
            records.append({"patn_id": label, "medins_id": "H1", **record})
    return records


def made_from_tests(pack):
    """The claims of the first tests of each rule that expect it to find something, each of a person of its own, with their pasts."""
    taken, made = collections.Counter(), []
    for rule, records in claims_of_tests(pack):
        taken[rule] += 1
        label = f"{rule}.test{taken[rule]}"
        for number, record in enumerate(records if taken[rule] <= TESTS else []):
            # What an indicator adds up for an institution is of this test alone.
            own = {"fixmedins_code": label} if rule.startswith("ZB") and "fixmedins_code" in record else {}
            dated = any(time in record for time in ("setl_time", "adm_time", "dscg_time"))
            made.append({"patn_id": label, "medins_id": label, **({} if dated else {"setl_time": "2026-03-05 10:00:00"}), **record, **own,
                         "mdtrt_id": f"{label}.{number}", "setl_id": f"{label}.{number}"})
    return made


def visit_of(record):
    return record["patient_dtos"][0]["fsi_encounter_dtos"][0] if "patient_dtos" in record else record


def person_of(record):
    return record["patient_dtos"][0]["patn_id"] if "patient_dtos" in record else record["patn_id"]


def run(program, pack, folder, records, *options):
    """What each rule found at each visit or group: severities and the sum of amounts, None where one is not computed."""
    claims, findings = folder / "claims.ndjson", folder / "findings.ndjson"
    claims.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    (folder / "rejects.ndjson").unlink(missing_ok=True)
    done = subprocess.run([program, "run", "--pack", pack, "--in", claims, "--out", findings, "--rejects", folder / "rejects.ndjson",
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


def name_in(line, *names):
    """Which of the names that senders use the line has."""
    return next((name for name in names if name in line), names[0])


def split_lines(records, chance):
    """Each line of an even number of units, and an even number of cents, now and then as two halves. Not where price and amount disagree: half of
    such a line is worth something else."""
    for record in records:
        visit, made = visit_of(record), []
        for line in visit.get("fsi_order_dtos", []):
            amount, name = name_in(line, "sumamt", "det_item_fee_sumamt"), name_in(line, "rx_id", "feedetl_sn")
            units, cents = Decimal(line.get("cnt", "0")), Decimal(line.get(amount, "0")) * 100
            agree = "pric" not in line or abs(Decimal(line["pric"]) * units * 100 - cents) < 1
            if units < 2 or units % 2 or cents % 2 or not agree or chance.random() < 0.3:
                made.append(line)
                continue
            half = {"cnt": str(units / 2), **({amount: str(cents / 200)} if amount in line else {})}
            made += [{**line, **half}, {**line, **half, **({name: line[name] + "b"} if name in line else {})}]
        visit["fsi_order_dtos"] = made
    return records


def rejects(folder):
    """How many records the last run refused."""
    file = folder / "rejects.ndjson"
    return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


def sent_again(records):
    """Some settlements come once more, and some others once more with another total."""
    again = copied(records[:2 * CONTRADICTED])
    for number, record in enumerate(again):
        if number % 2:
            visit_of(record)["medfee_sumamt"] = "0.01"
    return records + again


def one_line_less(records, chance):
    for record in records:
        visit_of(record)["fsi_order_dtos"] = visit_of(record).get("fsi_order_dtos", [])[1:]
    return records


def copied(records):
    return json.loads(json.dumps(records))


def rules_of(pack):
    return {rule for path in pack.rglob("*.sanku") for rule in re.findall(r"^(?:rule|规则)\s+(\w+)", path.read_text("utf-8"), re.M)}


def breaking(pack):
    """Rules that say that a split line changes them."""
    rules = set()
    for path in pack.rglob("*.sanku"):
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


def files(program, pack, folder, records):
    """Two inputs, all visits of a person in one of them; what is said of groups of the whole population is of all inputs together."""
    people = sorted({person_of(record) for record in records})
    first = set(people[::2])
    found = {}
    for part in (True, False):
        found.update(run(program, pack, folder, [record for record in records if (person_of(record) in first) == part]))
    return found


def broken_laws(program, folder):
    pack = full_pack(folder)
    records = generated(program, pack, folder) + made_from_rows(pack) + made_from_tests(pack)
    plain = run(program, pack, folder, records)
    if rejects(folder):
        sys.exit("a claim that was made cannot be read:\n" + (folder / "rejects.ndjson").read_text("utf-8")[:2000])
    chance = random.Random(SEED)

    def under(change, *options):
        return run(program, pack, folder, change(copied(records), chance) if change else records, *options)

    again = sent_again(records)
    plain_again = run(program, pack, folder, again)
    refused = rejects(folder)
    laws = {
        "the order of lines": (plain, under(order_of_lines), ()),
        "the order of settlements": (plain, under(order_of_settlements), ()),
        "the order of what contradicts itself": (plain_again, run(program, pack, folder, order_of_settlements(copied(again), chance)), ()),
        "lines split in two": (plain, under(split_lines), breaking(pack)),
        "small batches and two threads": (plain, under(None, "--batch", "7", "--threads", "2"), ()),
        "partitions on disk": (plain, under(None, "--memory", "1"), ()),
        "two files": (of_visits(plain), of_visits(files(program, pack, folder, records)), ()),
    }
    broken = [f"{law}: {difference}" for law, (before, after, spared) in laws.items() for difference in differences(before, after, spared)]
    if refused != 2 * CONTRADICTED:
        broken.append(f"{CONTRADICTED} settlements that contradict themselves should be {2 * CONTRADICTED} rejects, not {refused}")
    for law, (before, _, spared) in laws.items():
        reached = len({rule for rule, _ in before} - set(spared))
        print(f"{law}: {reached} of {len(rules_of(pack))} rules", file=sys.stderr)
        if reached < LEAST.get(law, LEAST_ELSE):
            broken.append(f"{law}: {reached} rules are reached, and were {LEAST.get(law, LEAST_ELSE)}")
    return len(plain), broken


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.self_test:
            pack = full_pack(folder)
            records = generated(arguments.program, pack, folder)
            plain = run(arguments.program, pack, folder, records)
            seen = differences(plain, run(arguments.program, pack, folder, one_line_less(copied(records), random.Random(SEED))))
            print(f"a line less is seen in {len(seen)} places", file=sys.stderr)
            return 0 if seen else 1
        count, broken = broken_laws(arguments.program, folder)
    print("\n".join(broken[:40]), file=sys.stderr)
    print(f"{count} findings under seven laws, {len(broken)} differ", file=sys.stderr)
    return 1 if broken or not count else 0


if __name__ == "__main__":
    sys.exit(main())
