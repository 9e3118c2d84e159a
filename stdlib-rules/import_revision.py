"""The revision of 2026-01: drugs that it republishes, as later rows of their tables.

Entry: `revise(table, rows, points, coding, errors)`. A point of the revision names a drug and all of its codes, so it takes the place
of the drug's older rows, whole: they stay in the table with the day on which they were superseded, and the table says
`replaces rows (drug_name)`, so that what was knowable on an earlier day can still be asked. What the column of a new row says is
what the older rows of the same drug say; for a drug that is new in the revision, coding/revision.csv says it. Of drugs that the
revision does not name nothing is published, so they stay. Tested by `import.py --self-test`.
"""

from import_tables import clean

REVISION = "updates_2026-01"


def classes_of(table, row):
    return table.classes.get(row[table.by]) if table.by else table.classes


def revise(table, rows, points, coding, dates, errors):
    """The rows of a table and those of the revision, with the column `superseded`."""
    day = dates[REVISION]
    by_drug = {}
    for row in rows:
        by_drug.setdefault((classes_of(table, row), row["drug_name"]), row)
    classes = set(table.classes.values()) if table.by else {table.classes}
    fresh, named = [], set()
    for point in points.rows:
        if point["batch_tag"] != REVISION or point["rule_class"] not in classes:
            continue
        drug = (point["rule_class"], point["item_name"])
        like = by_drug.get(drug)
        said = {c: v for c, v in coding.get(str(point["number"]), {}).items() if c in (rows[0] if rows else {}) and v}
        if like is None and not said:
            errors.append(f"{table.name}: coding/revision.csv does not say what point {point['number']} {point['item_name']} limits")
            continue
        base = like or dict.fromkeys(rows[0], "")
        named.add(drug)
        fresh += [{**base, **said, "code": code, "drug_name": point["item_name"], "remark": clean(point["constraint"]), "batch": REVISION,
                   **day, "published_row": point["number"]} for code in points.codes.get(point["kp_id"], [])]
    drugs = {name for _, name in named}
    for row in rows:
        mine = (classes_of(table, row), row["drug_name"])
        if row["drug_name"] in drugs and mine not in named:
            errors.append(f"{table.name}: {row['drug_name']} is revised for one rule and not for another; rows are replaced by drug")
        row["superseded"] = day["published"] if mine in named else ""
    alive = {}
    for row in [*rows, *({**row, "superseded": ""} for row in fresh)]:
        if not row["superseded"]:
            if row["code"] in alive and alive[row["code"]] != row["drug_name"]:
                errors.append(f"{table.name}: {row['code']} is left under {alive[row['code']]} and {row['drug_name']}")
            alive[row["code"]] = row["drug_name"]
    made = [*rows, *({**row, "superseded": ""} for row in fresh)]
    return sorted(made, key=lambda row: (row["code"], row["published"]))
