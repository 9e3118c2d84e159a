#!/usr/bin/env python3
"""Builds the national knowledge tables and the code registries from the published material.

Entry: `python3 stdlib-rules/import.py` writes, `--check` rebuilds in memory and fails with a summary when a
committed table is stale, `--self-test` proves that stale tables, duplicate keys and wrong forms are caught.

The published files are copied, never edited; what is wrong in them is repaired only by a line in
national/knowledge/corrections.csv, and everything doubtful is listed in national/knowledge/ODDITIES.md. So every
row of a table can be followed back to the published row it came from, and a new publication is one run of this
script. Python's standard library only; the same input gives the same bytes. Both modes are registered with CTest.
"""

import csv
import dataclasses
import difflib
import hashlib
import io
import itertools
import pathlib
import re
import sys
import unicodedata

sys.dont_write_bytecode = True
import import_alternatives  # noqa: E402  (kept beside this file; the line above keeps the folder clean)
import import_faults  # noqa: E402
import import_laws  # noqa: E402
import import_oddities  # noqa: E402
import import_revision  # noqa: E402
from import_tables import FORMS, POINT_TABLES, REGISTRIES, TABLES, clean, columns  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
KNOWLEDGE = "national/knowledge/"
CORRECTIONS = KNOWLEDGE + "corrections.csv"
CORRECTION_COLUMNS = ["table", "row", "column", "from", "to", "reason"]
REVISION = "updates_2026-01"
BATCHES = "batches.csv"
SAMPLE = "sample/knowledge/"
ORIGIN = ["batch", "published", "assumed", "published_row"]  # where a row is from, the last columns of every table


@dataclasses.dataclass
class Summary:
    name: str
    rows_in: int = 0
    rows_out: int = 0
    other_rule: int = 0  # rows of a mixed file that belong to another table
    dropped: int = 0
    corrected: int = 0
    duplicates: int = 0
    conflicts: int = 0


@dataclasses.dataclass
class Build:
    """What one run makes: files by path relative to this folder, the summary, the oddities, and the errors. A build
    with errors writes nothing."""

    files: dict
    summaries: list
    oddities: list
    errors: list
    dates: dict  # of each batch


def read_csv(files, path):
    """The rows of a published file as dictionaries; row n of the file is element n - 1."""
    return list(csv.DictReader(io.StringIO(files[path].decode("utf-8"), newline="")))


def write_csv(header, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row[c] for c in header] for row in rows)
    return out.getvalue().encode("utf-8")


class Points:
    """The published knowledge points: which batch said what about a code, a pair or a name."""

    def __init__(self, files):
        self.rows = read_csv(files, "published/nhsa/knowledge_points.csv")
        self.codes = {}
        for row in read_csv(files, "published/nhsa/knowledge_point_codes.csv"):
            self.codes.setdefault(row["kp_id"], []).append(row["code"])
        self.by_id, self.by_code, self.by_number, self.by_name = {}, {}, {}, {}
        for number, point in enumerate(self.rows, 1):
            point["number"] = number
            self.by_id[point["kp_id"]] = point
            rule, batch = point["rule_class"], point["batch_tag"]
            codes = self.codes.get(point["kp_id"], [])
            self.by_number.setdefault((rule, point["row"]), []).append((batch, sorted(codes)))
            self.by_name.setdefault((rule, point["item_name"]), set()).update((batch, c) for c in codes)
            for code in codes:
                self.by_code.setdefault((rule, code), set()).add(batch)

    def batch(self, table, rule, row):
        """The batch that published the row and, for names, its code. The first batch speaks: the revision of
        2026-01 is a table of its own."""
        if rule is None:
            return "", ""
        if table.match == "pair":
            pair = sorted([row["sub"], row["main"]])
            hits = self.by_number.get((rule, row["seq"]), [])
            return min((batch for batch, codes in hits if codes == pair), default=""), ""
        if table.match == "name":
            return min(self.by_name.get((rule, row["piece"]), set()), default=("", ""))
        return min(self.by_code.get((rule, row["code"]), set()), default=""), ""


def clean_code(text):
    """Full-width digits and letters to ASCII; nothing else is repaired."""
    return clean("".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c for c in text))


def convert(column, text):
    """The value of a cell and what is wrong with it, or None."""
    if column.kind == "text":
        return clean(text), None
    if column.kind == "pattern":
        found = re.search(column.pattern, text)
        return (found.group(1) if found else ""), None
    value = clean_code(text)
    if column.kind in ("days", "count"):
        unit = "天" if column.kind == "days" else ""
        found = re.fullmatch("([0-9]+)" + unit, value)
        return (found.group(1), None) if found else (value, f"is not a number{' of 天' if unit else ''}")
    if column.kind == "window":
        return value + "天", None if re.fullmatch("[0-9]+", value) else "is not a number of days"
    return value, None if re.fullmatch(FORMS[column.kind], value) else f"has not the form of {column.kind} codes"


def read_corrections(files, errors):
    """Corrections by (table, row, column) and the lines as they are written. A row may be a range, 21-227. `to` equal
    to `from` keeps an odd cell on purpose; the column `row` with an empty `to` leaves the row out; `from` is empty
    where the correction fills a column that the publication does not have."""
    found, lines = {}, []
    reader = csv.DictReader(io.StringIO(files[CORRECTIONS].decode("utf-8"), newline=""))
    if reader.fieldnames != CORRECTION_COLUMNS:
        errors.append(f"{CORRECTIONS}: the columns must be {','.join(CORRECTION_COLUMNS)}")
        return found, lines
    for n, row in enumerate(reader, 1):
        lines.append(row)
        keys = [(row["table"], number, row["column"]) for number in numbers(row["row"])]
        if not row["reason"] or not keys or any(key in found for key in keys):
            errors.append(f"{CORRECTIONS} row {n}: no reason, no rows, or corrected twice")
        found.update((key, row) for key in keys)
    return found, lines


def read_row(name, spec, key, number, published, corrections, summary, errors):
    """One row converted and corrected, or None when a correction leaves it out."""
    row, problems = {}, {}
    for column in spec:
        row[column.name], problem = convert(column, published[column.source] if column.source else "")
        if problem:
            problems[column.name] = f"{name} row {number}: {column.name} '{row[column.name]}' {problem}"
    dropped = corrections.pop((name, str(number), "row"), None)
    if dropped:
        if row[key[0]] != dropped["from"] or dropped["to"]:
            errors.append(f"{name} row {number}: the correction does not fit '{row[key[0]]}'")
        return None
    for column in spec:
        fix = corrections.pop((name, str(number), column.name), None)
        if not fix:
            continue
        summary.corrected += fix["from"] != fix["to"]
        if row[column.name] != fix["from"]:
            errors.append(f"{name} row {number}: the correction does not fit '{row[column.name]}'")
        row[column.name] = fix["to"]
        problems.pop(column.name, None)
        form = FORMS.get(column.kind, "[0-9]+" if column.kind in ("days", "count") else ".*")
        if fix["to"] != fix["from"] and not re.fullmatch(form, fix["to"]):
            problems[column.name] = f"{name} row {number}: corrected to '{fix['to']}', of the wrong form"
    errors.extend(problems.values())
    return row


def read_batches(files, errors):
    """When each batch was published, and whether that day is known or assumed; an assumed one says why."""
    found = {}
    for row in read_csv(files, BATCHES):
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", row["published"]) or bool(row["assumed"]) != bool(row["why"]):
            errors.append(f"{BATCHES}: {row['batch']} needs a day, and a reason where the day is assumed")
        found[row["batch"]] = {"published": row["published"], "assumed": row["assumed"]}
    return found


def dated(rows, dates, errors, stands_in="book_2025"):
    """Each row with the day of its batch; a row of no batch stands in the book of 2025, if nothing else is said."""
    for row in rows:
        when = dates.get(row["batch"] or stands_in)
        if when is None:
            errors.append(f"{BATCHES}: no day for {row['batch']}")
            when = {"published": "", "assumed": ""}
        row.update({**when, "published_row": row.pop("published_row")})
    return rows


def coded(name, columns_of_coding, rows, files, errors, only=False):
    """Rows with the columns that coding/<name>.csv adds: one for each line of the row, or one with empty cells; `only`:
    none at all."""
    path = f"coding/{name}.csv"
    lines, known = {}, {str(row["published_row"]) for row in rows}
    if path not in files:
        errors.append(f"{path}: is missing")
        return rows
    for n, line in enumerate(read_csv(files, path), 1):
        if set(line) != {"published_row", *columns_of_coding, "reason"} or not line["reason"]:
            errors.append(f"{path} row {n}: the columns are published_row, {', '.join(columns_of_coding)}, reason")
        for number in numbers(line["published_row"]):
            lines.setdefault(number, []).append({c: line.get(c, "") for c in columns_of_coding})
            if number not in known:
                errors.append(f"{path} row {n}: the table has no published row {number}")
    empty = [] if only else [dict.fromkeys(columns_of_coding, "")]
    return [{**row, **cells} for row in rows for cells in lines.get(str(row["published_row"]), empty)]


def numbers(text):
    """21-23 as 21, 22, 23; nothing for what is neither a number nor a range."""
    bounds = re.fullmatch("([0-9]+)(?:-([0-9]+))?", text)
    return [str(n) for n in range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1)] if bounds else []


def once(name, key, rows, summary, oddities):
    """Rows in order of the key, each repeated row once; the same key with other columns is kept and reported."""
    def key_of(row):
        return [row[k] for k in key]

    kept = []
    for _, same in itertools.groupby(sorted(rows, key=lambda r: (key_of(r), r["published_row"])), key_of):
        first, seen = None, {}
        for row in same:
            content = tuple((k, v) for k, v in row.items() if k != "published_row")
            at, number = "/".join(key_of(row)), row["published_row"]
            if content in seen:
                summary.duplicates += 1
                oddities.append((name, [number], f"repeats row {seen[content]} ({at}); kept once"))
                continue
            if first is not None:
                summary.conflicts += 1
                oddities.append((name, [number], f"contradicts row {first} for the same key {at}; both kept"))
            first = number if first is None else first
            seen[content] = number
            kept.append(row)
    return kept


def build_table(table, files, points, corrections, build):
    """The rows of one knowledge table."""
    published = read_csv(files, "published/" + table.file)
    summary, rows = Summary(table.name, rows_in=len(published)), []
    for number, source in enumerate(published, 1):
        other_class = table.only and (table.classes, clean_code(source["code"])) not in points.by_code
        if other_class or (table.where and not re.fullmatch(table.where[1], source[table.where[0]])):
            summary.other_rule += 1
            continue
        row = read_row(table.name, table.columns, table.key, number, source, corrections, summary, build.errors)
        if row is None:
            summary.dropped += 1
            continue
        rule = table.classes.get(row[table.by]) if table.by else table.classes
        batch, code = points.batch(table, rule, row)
        if table.match == "name":
            row = {"code": code, **row}
        rows.append({**row, "batch": batch, "published_row": number})
    rows = once(table.name, table.key, rows, summary, build.oddities)
    if table.coding:
        rows = coded(table.name, table.coding, rows, files, build.errors, table.coded_only)
    rows = dated(rows, build.dates, build.errors, table.stands_in)
    summary.rows_out = len(rows)
    build.summaries.append(summary)
    header = (["code"] if table.match == "name" else []) + [c.name for c in table.columns] + list(table.coding) + ORIGIN
    written = rows
    if table.revised:
        coding = {row["published_row"]: row for row in read_csv(files, "coding/revision.csv")}
        written = import_revision.revise(table, [dict(row) for row in rows], points, coding, build.dates, build.errors)
        header.append("superseded")
        summary.rows_out = len(written)
    build.files[f"{KNOWLEDGE}{table.name}.csv"] = write_csv(header, written)
    return rows


def build_points(name, rule, columns_of_coding, files, points, build):
    """Drugs that are published only as points: their codes, and the remark of the point."""
    rows = [{"code": code, "drug_name": p["item_name"], "remark": clean(p["constraint"]), "batch": p["batch_tag"],
             "published_row": p["number"]}
            for p in points.rows if p["rule_class"] == rule
            for code in points.codes.get(p["kp_id"], [])]
    return build_from_points(name, ("code",), rows, build, files, columns_of_coding)


def build_revision(points, build):
    """What the revision of 2026-01 adds to and takes from the rows of batches 1 to 8, code by code. Whether a
    point that it does not name still holds is not published, so the tables above keep it."""
    rows = []
    for p in points.rows:
        if p["batch_tag"] != REVISION:
            continue
        old = points.by_id.get(p["supersedes"])
        before = set(points.codes.get(p["supersedes"], []))
        after = set(points.codes.get(p["kp_id"], []))
        for change, codes, point in (("added", after - before, p), ("dropped", before - after, old)):
            rows += [{"rule_class": p["rule_class"], "code": code, "drug_name": point["item_name"], "change": change,
                      "remark": clean(point["constraint"]), "batch": REVISION,
                      "published_row": p["number"]} for code in codes]
    return build_from_points("revision_2026_01", ("rule_class", "code", "change"), rows, build)


def build_from_points(name, key, rows, build, files=(), columns_of_coding=()):
    summary = Summary(name, rows_in=len(rows))
    for row in rows:
        if not re.fullmatch(FORMS["drug"], row["code"]):
            build.errors.append(f"{name} row {row['published_row']}: '{row['code']}' has not the form of drug codes")
    header = [c for c in (rows[0] if rows else []) if c not in ORIGIN] + list(columns_of_coding) + ORIGIN
    rows = once(name, key, rows, summary, build.oddities)
    if columns_of_coding:
        rows = coded(name, columns_of_coding, rows, files, build.errors)
        build.errors += [f"coding/{name}.csv: nothing says what published row {row['published_row']} means" for row in rows
                         if not any(row[column] for column in columns_of_coding)]
    rows = dated(rows, build.dates, build.errors)
    summary.rows_out = len(rows)
    build.summaries.append(summary)
    build.files[f"{KNOWLEDGE}{name}.csv"] = write_csv(header, rows)
    return rows


def build_registry(name, file, kind, files, corrections, build):
    published = read_csv(files, "published/" + file)
    summary, spec = Summary(name, rows_in=len(published)), columns(f"code<code<{kind}", "name<name")
    rows = []
    for number, source in enumerate(published, 1):
        row = read_row(name, spec, ("code",), number, source, corrections, summary, build.errors)
        if row is None:
            summary.dropped += 1
        else:
            rows.append({**row, "published_row": number})
    rows = once(name, ("code",), rows, summary, build.oddities)
    summary.rows_out = len(rows)
    build.summaries.append(summary)
    build.files[f"schema/codes/{name}.csv"] = write_csv(["code", "name"], rows)
    return rows


def build_empty(files, build):
    """The tables that only regions write: in the national pack their header, in sample/ a few rows that tests use."""
    for path, data in sorted(files.items()):
        if path.startswith(SAMPLE):
            name, header = pathlib.PurePosixPath(path).stem, data.split(b"\n")[0]
            if f"{KNOWLEDGE}{name}.csv" in build.files:
                build.errors.append(f"{path}: {name} is published, so it needs no sample")
            if header.split(b",")[-1] != b"source" or any(not line.endswith(("示例".encode(), b"")) for line in data.split(b"\n")[1:]):
                build.errors.append(f"{path}: the last column is source, and every row says 示例 there")
            build.files[f"{KNOWLEDGE}{name}.csv"] = header + b"\n"


def build_surcharges(tables, build):
    """Surcharges among the published service codes: the last four digits are 0001 to 0099, those of an item and its kinds
    end in two zeros. What is charged beside them shares the first eleven digits, of a surcharge of a whole group eight."""
    named = {}
    for table, code, name in import_oddities.ITEM_NAMES:
        for row in tables[table]:
            named.setdefault(row[code], (row[name], row))
    rows = [{"code": code, "item_name": name, "main": code[:8] if code[8:11] == "000" else code[:11], "batch": row["batch"], "published_row": row["published_row"]}
            for code, (name, row) in sorted(named.items()) if re.fullmatch("[0-9]{11}00(?!00)[0-9]{2}", code)]
    summary = Summary("surcharge", rows_in=len(named), rows_out=len(rows), other_rule=len(named) - len(rows))
    build.summaries.append(summary)
    build.files[f"{KNOWLEDGE}surcharge.csv"] = write_csv(["code", "item_name", "main"] + ORIGIN, dated(rows, build.dates, build.errors))


def build_categories(tables, build):
    """The categories of the diagnosis list, its first three characters: two codes of one category are the same disease, more or
    less exactly."""
    categories = sorted({row["code"][:3] for row in tables["icd10_yb"]})
    build.files[f"{KNOWLEDGE}dx_category.csv"] = write_csv(
        ["diagnosis", "category"], [{"diagnosis": code, "category": code} for code in categories])


def build_laws(build):
    """Tables that a law sets out as a rule: here as rows, so that each is read and cited like any other."""
    for name, header, rows in import_laws.TABLES:
        build.files[f"{KNOWLEDGE}{name}.csv"] = write_csv(header, [dict(zip(header, row)) for row in rows()])


def check_sources(files, errors):
    """PUBLISHED.md names every published file with its rows and the first twelve digits of its SHA-256."""
    text = files["PUBLISHED.md"].decode("utf-8")
    listed = {m[1]: (int(m[2].replace(",", "")), m[3])
              for m in re.finditer(r"^\| `([^`]+\.csv)` \| ([0-9,]+) \| `([0-9a-f]{12})` \|", text, re.M)}
    present = {p.removeprefix("published/"): d for p, d in files.items() if p.startswith("published/")}
    for path in sorted(listed.keys() | present.keys()):
        if path not in present or path not in listed:
            errors.append(f"published/{path}: {'not listed in PUBLISHED.md' if path in present else 'is missing'}")
        elif listed[path] != (len(read_csv(files, "published/" + path)),
                              hashlib.sha256(present[path]).hexdigest()[:12]):
            errors.append(f"published/{path}: rows or digest differ from PUBLISHED.md")


def build_all(files):
    """Everything, in memory, from the files of this folder given by relative path."""
    build = Build({}, [], [], [], {})
    check_sources(files, build.errors)
    build.dates = read_batches(files, build.errors)
    corrections, applied = read_corrections(files, build.errors)
    points = Points(files)
    tables = {t.name: build_table(t, files, points, corrections, build) for t in TABLES}
    for name, rule, coding in POINT_TABLES:
        tables[name] = build_points(name, rule, coding, files, points, build)
    tables["revision_2026_01"] = build_revision(points, build)
    for name, file, kind in REGISTRIES:
        tables[name] = build_registry(name, file, kind, files, corrections, build)
    build_surcharges(tables, build)
    build_categories(tables, build)
    build_laws(build)
    build_empty(files, build)
    for table, row, column in corrections:
        build.errors.append(f"{CORRECTIONS}: there is no {table} row {row} column {column}")
    by_file, summaries = {}, {s.name: s for s in build.summaries}
    for table in TABLES:
        if (table.only or table.where) and not table.part:
            taken = summaries[table.name].rows_in - summaries[table.name].other_rule
            by_file[table.file] = by_file.get(table.file, 0) + taken
    for file, taken in by_file.items():
        rows = len(read_csv(files, "published/" + file))
        if taken != rows:
            build.errors.append(f"{file}: {rows} rows, but its tables hold {taken}")
    build.errors += import_faults.examine(tables, {row["piece"] for t in ("tcm_alone", "tcm_never") for row in tables[t]})
    words = {row["word"]: row["diagnosis"] for row in read_csv(files, "coding/indication_words.csv")}
    build.errors += import_alternatives.examine(read_csv(files, "coding/indication.csv"), points.rows, words)
    catalogues = [read_csv(files, f"published/nhsa/rule_catalog_{x}.csv") for x in ("v1_79", "2025_88")]
    build.oddities += import_oddities.examine(tables, points, catalogues)
    build.files[KNOWLEDGE + "ODDITIES.md"] = import_oddities.render(build.oddities, applied).encode("utf-8")
    return build


def stale(files, build):
    """A line or more for each built file that the given files do not hold in the same bytes."""
    found = []
    for path, data in sorted(build.files.items()):
        if files.get(path) == data:
            continue
        old = files.get(path, b"").decode("utf-8", "replace").splitlines()
        diff = [d for d in difflib.unified_diff(old, data.decode("utf-8").splitlines(), lineterm="", n=0)
                if d[0] in "+-" and d[:3] not in ("+++", "---")]
        plus = sum(d[0] == "+" for d in diff)
        found.append(f"stale: {path}: {len(diff) - plus} lines to remove, {plus} to add"
                     + ("" if path in files else " (the file is missing)"))
        found += ["    " + d for d in diff[:4]]
    known = {t.name for t in TABLES} | {name for name, _, _ in POINT_TABLES} | {"revision_2026_01"}
    known |= {pathlib.PurePosixPath(path).stem for path in build.files}
    for path in sorted(files):
        name = pathlib.PurePosixPath(path)
        if path.startswith(KNOWLEDGE) and name.suffix == ".csv" and path != CORRECTIONS and name.stem not in known:
            found.append(f"stale: {path}: no published table makes this file")
    return found


def print_summary(build):
    odd = {}
    for name, rows, _ in build.oddities:
        odd[name] = odd.get(name, 0) + 1
    print(f"{'table':<20}{'in':>7}{'out':>7}{'other rule':>12}{'left out':>10}{'corrected':>11}"
          f"{'duplicates':>12}{'conflicts':>11}{'oddities':>10}")
    for s in build.summaries:
        print(f"{s.name:<20}{s.rows_in:>7}{s.rows_out:>7}{s.other_rule:>12}{s.dropped:>10}{s.corrected:>11}"
              f"{s.duplicates:>12}{s.conflicts:>11}{odd.get(s.name, 0):>10}")


def load():
    """Every file of this folder that the import reads or writes, by relative path."""
    paths = [*ROOT.glob("published/*/*.csv"), *ROOT.glob(KNOWLEDGE + "*"), *ROOT.glob("schema/codes/*.csv"),
             *ROOT.glob("coding/*.csv"), *ROOT.glob(SAMPLE + "*.csv"),
             ROOT / "PUBLISHED.md", ROOT / BATCHES]
    return {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in sorted(paths) if p.is_file()}


def main(arguments):
    if arguments not in ([], ["--check"], ["--self-test"]):
        print(__doc__, file=sys.stderr)
        return 2
    files = load()
    if arguments == ["--self-test"]:
        import import_self_test
        return import_self_test.run(files, sys.modules[__name__])
    build = build_all(files)
    print_summary(build)
    if build.errors:
        print("\n".join(build.errors), file=sys.stderr)
        return 1
    if arguments == ["--check"]:
        found = stale(files, build)
        print("\n".join(found) if found else f"{len(build.files)} files are up to date", file=sys.stderr)
        return 1 if found else 0
    for path, data in build.files.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
