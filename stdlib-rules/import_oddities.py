"""Finds what is doubtful in the published material and writes it down; it repairs nothing.

Entry: `examine(tables, points, catalogues)` gives (table, published rows, what) triples, `render` the page
national/knowledge/ODDITIES.md. Kept apart from import.py because every check here is an opinion about content, while
import.py only moves rows. Tested by `import.py --self-test` and, byte for byte, by `import.py --check`.
"""

import itertools
import re
import unicodedata

# What a remark says beyond the columns of its table: (table, column, pattern, what it means for a rule).
SAYS_MORE = (
    ("drug_child", "remark", "成人", "the label holds doses for adults too: use by an adult is not impossible; the exception says so"),
    ("drug_child", "remark", "[0-9]+(周岁|岁|月)|早产|新生儿|婴", "the remark names a narrower age than the group 儿童"),
    ("drug_child_pay", "remark", "[0-9]+(周岁|岁)", "the remark gives an age in years, the column only 儿童"),
    ("drug_level", "remark", "首次处方时需由", "only the first prescription needs the level: the exception says so"),
    ("drug_level", "remark", "或二级及以上眼科专科医院",
     "the column says 三级, the remark also allows an eye hospital of 二级; it also limits units per eye and year"),
    ("drug_level", "remark", "单次住院", "the remark limits the days of one stay too: see drug_course"),
    ("drug_visit_mode", "remark", "急诊", "the published column says 住院, the remark also allows emergency care: corrected"),
    ("drug_visit_mode", "remark", "营养风险筛查", "the remark also demands a nutrition risk screening"),
    ("drug_visit_mode", "remark", "不超过[0-9]+天", "the remark limits the days too: see drug_course"),
    ("drug_course", "remark", "发作[0-9]+小时内", "the remark demands a start within hours of onset, which a claim lacks"),
    ("drug_course", "remark", "12个月", "365 days stand for twelve months in all, over stays and institutions"),
    ("drug_course", "remark", "单次住院", "the limit counts one stay; rows without these words do not say what they count"),
    ("exclusive", "note", "[0-9]次", "the note includes a number of tests, so more than that number may be charged"),
    ("exclusive", "note", "需时两天", "the note speaks of two days, the window of one day"),
    ("item_course", "note", "间隔时间", "the note also sets a gap, put in min_gap_days; item_period has it too"),
    ("item_course", "note", "一年|每周", "a limit in other words than days stays in the note (max_days is empty)"),
    ("item_course", "note", "一个疾病过程", "counts one course of disease, not one stay"),
    ("item_age", "note", "法定就业年龄",
     "the age is a law, not a number: it depends on sex and, since 2025, on the birth month"),
)
SEXED = {  # words that belong to one sex; each was tried against all published rows
    "男": "前列腺(?!素)|阴茎|睾丸|附睾|输精管|精索|精囊|阴囊|包皮|男性|勃起|遗精|阳痿",
    "女": "子宫|卵巢|输卵管|阴道|宫颈|妇科|妇女|女性|月经|痛经|闭经|绝经|妊娠|产后|孕妇|流产|白带|剖宫产",
}
SEX_TEXT = {"drug_sex": ("drug_name", "remark"), "item_sex": ("item_name", "basis"), "op_sex": ("op_name",)}
DRUG_TABLES = ("drug_sex", "drug_child", "drug_child_pay", "drug_insurance", "drug_level", "drug_visit_mode",
               "drug_course", "internet_forbidden")
ITEM_NAMES = (("exclusive", "sub", "sub_name"), ("exclusive", "main", "main_name"), ("per_day", "code", "item_name"),
              ("item_sex", "code", "item_name"), ("item_child", "code", "item_name"),
              ("incision_group", "code", "item_name"), ("item_course", "code", "item_name"),
              ("item_period", "code", "item_name"), ("item_age", "code", "item_name"))
ENUMERATIONS = {  # the values that a column may hold
    ("drug_sex", "sex"): {"男", "女"}, ("item_sex", "sex"): {"男", "女"}, ("op_sex", "sex"): {"男", "女"},
    ("drug_child", "group"): {"儿童", "新生儿", "婴幼儿"}, ("drug_child_pay", "group"): {"儿童"},
    ("item_child", "group"): {"儿童", "新生儿", "婴幼儿"}, ("per_day", "unit"): {"日", "天", "小时"},
    ("exclusive", "window"): {"单日", "单次就诊", "6小时", "同一小时"}, ("drug_insurance", "insurance"): {"工伤", "生育"},
    ("drug_level", "min_level"): {"二级", "三级"}, ("drug_visit_mode", "visit_mode"): {"住院", "急诊或住院"},
}


def fold(text):
    """Width and compatibility forms away, for comparing names."""
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def rows_of(rows, test):
    return [r["published_row"] for r in rows if test(r)]


def grouped(rows, key, value):
    found = {}
    for row in rows:
        found.setdefault(key(row), {}).setdefault(value(row), []).append(row["published_row"])
    return found


def examine(tables, points, catalogues):
    """All oddities as (table, published rows, what), in the order of the checks. A check that gives None for the rows
    speaks of the whole file; one that gives no rows found nothing."""
    found = [*remarks(tables), *sexes(tables), *values(tables), *days(tables), *names(tables),
             *pairs(tables["exclusive"]), *groups(tables["incision_group"]), *herbs(tables), *against_registries(tables),
             *allow_lists(tables["op_dx_allowed"]), *registries(tables), *batches(tables), *publication(points),
             *revision(points, tables), *catalogue(*catalogues)]
    return [(table, sorted(set(rows or [])), what) for table, rows, what in found if rows is None or rows]


def remarks(tables):
    for table, column, pattern, what in SAYS_MORE:
        yield table, rows_of(tables[table], lambda r: re.search(pattern, r[column])), f"{what} ({column})"


def sexes(tables):
    for table, text_columns in SEX_TEXT.items():
        for row in tables[table]:
            text = "".join(row[c] for c in text_columns).replace("男子更年期", "")
            other = re.search(SEXED["女" if row["sex"] == "男" else "男"], text)
            own = re.search(SEXED[row["sex"]], text) if row["sex"] in SEXED else None
            if other and not own:
                yield (table, [row["published_row"]],
                       f"{row['code']} is limited to {row['sex']} but its text says {other[0]}")


def values(tables):
    for (table, column), allowed in ENUMERATIONS.items():
        for value, rows in grouped(tables[table], lambda _: "", lambda r: r[column]).get("", {}).items():
            if value not in allowed:
                yield table, rows, f"{column} holds '{value}', a value not seen before"
    units = grouped(tables["per_day"], lambda _: "", lambda r: r["unit"]).get("", {})
    yield "per_day", None, "whether the days of admission and discharge count as one day or two is not published"
    for table in ("drug_child", "drug_child_pay", "item_child"):
        yield table, None, "no age is published for the group: what 儿童, 婴幼儿 and 新生儿 mean is left to a parameter"
    if "日" in units and "天" in units:
        yield "per_day", units["天"], "unit is 天 here and 日 elsewhere for the same thing"


def days(tables):
    for row in tables["drug_course"]:
        said = re.findall("([0-9]+)天", row["remark"])
        if said and row["max_days"] not in said:
            yield ("drug_course", [row["published_row"]],
                   f"{row['code']} {row['drug_name']}: the column says {row['max_days']} days, the remark {said[-1]}")
    for row in tables["item_period"]:
        if row["period_days"] + "天" not in row["note"] and not (row["period_days"] == "7" and "每周" in row["note"]):
            yield ("item_period", [row["published_row"]],
                   f"{row['item_name']}: period {row['period_days']} days, which its note does not say")


def names(tables):
    drugs, items, codes = {}, {}, {}
    for table in DRUG_TABLES:
        for row in tables[table]:
            drugs.setdefault(row["code"], {}).setdefault(row["drug_name"], set()).add(table)
    pairs_of_names = {}
    for code, by_name in drugs.items():
        if len(by_name) > 1:
            pairs_of_names.setdefault(tuple(sorted(by_name)), []).append((code, set().union(*by_name.values())))
    for spelled, hits in sorted(pairs_of_names.items()):
        tables_hit = sorted(set().union(*(tables_of_code for _, tables_of_code in hits)))
        mine = {code for code, _ in hits}
        yield (tables_hit[0], rows_of(tables[tables_hit[0]], lambda r: r["code"] in mine),
               f"{len(hits)} codes are spelled {' and '.join(spelled)} in {', '.join(tables_hit)}")
    for table, code, name in ITEM_NAMES:
        for row in tables[table]:
            items.setdefault(row[code], {}).setdefault(row[name], []).append((table, row["published_row"]))
            codes.setdefault(row[name], {}).setdefault(row[code], []).append((table, row["published_row"]))
    for kind, index in (("code", items), ("name", codes)):
        for one, several in sorted(index.items()):
            if len(several) > 1:
                table = next(iter(several.values()))[0][0]
                rows = [r for places in several.values() for t, r in places if t == table]
                yield table, rows, f"one {kind}, {one}, stands for {' and '.join(sorted(several))}"
    yield from prefixes(tables)


def prefixes(tables):
    """Interface fields of 20 characters cut a drug code of 23: rows that then look the same must agree."""
    for table, column in (("drug_sex", "sex"), ("drug_level", "min_level"), ("drug_course", "max_days"),
                          ("drug_insurance", "insurance"), ("drug_visit_mode", "visit_mode")):
        for prefix, by_value in grouped(tables[table], lambda r: r["code"][:20], lambda r: r[column]).items():
            if len(by_value) > 1:
                yield (table, sum(by_value.values(), []),
                       f"codes beginning {prefix} disagree: {'/'.join(sorted(by_value))}")


def pairs(rows):
    known = {(r["sub"], r["main"]): r for r in rows}
    mains, subs = {r["main"] for r in rows}, {r["sub"] for r in rows}
    yield "exclusive", rows_of(rows, lambda r: r["sub"] == r["main"]), "an item excludes itself"
    yield "exclusive", rows_of(rows, lambda r: (r["main"], r["sub"]) in known), "two items each exclude the other"
    yield ("exclusive", rows_of(rows, lambda r: r["sub"][:11] == r["main"][:11]),
           "both are variants of one item, and the note names the sub after 包括 (is a variant), not after 含 (contains)")
    middle = mains & subs
    chains = [(r, s) for r in rows for s in rows if r["main"] in middle and s["sub"] == r["main"]]
    closed = sum((r["sub"], s["main"]) in known for r, s in chains)
    yield ("exclusive", rows_of(rows, lambda r: r["main"] in middle),
           f"the main item is itself a sub of another pair ({len(middle)} items, {len(chains)} chains A > B > C, "
           f"{closed} of them with A > C as well): one line may be hit by several mains")
    for main, by_window in sorted(grouped(rows, lambda r: (r["main"], r["main_name"]), lambda r: r["window"]).items()):
        if len(by_window) > 1:
            yield ("exclusive", sum(by_window.values(), []),
                   f"the main item {main[0]} {main[1]} has the windows "
                   + ", ".join(f"{w} ({len(n)})" for w, n in sorted(by_window.items())) + " under one note")
    for row in rows:
        for excluded in re.findall("不含([^；]*)", row["note"]):
            if fold(row["sub_name"]).split("(")[0] in fold(excluded):
                yield ("exclusive", [row["published_row"]],
                       f"the note says the main item does not contain {row['sub_name']}")


def groups(rows):
    for code, by_group in sorted(grouped(rows, lambda r: (r["code"], r["item_name"]), lambda r: r["group"]).items()):
        if len(by_group) > 1:
            yield ("incision_group", sum(by_group.values(), []),
                   f"{code[0]} {code[1]} is in {len(by_group)} groups: {', '.join(by_group)}")


def herbs(tables):
    rows = tables["tcm_pair"]
    known = {(r["piece_a"], r["piece_b"]) for r in rows}
    yield ("tcm_pair", rows_of(rows, lambda r: (r["piece_b"], r["piece_a"]) in known),
           "the pair stands in both directions, or a piece excludes itself")
    yield "tcm_pair", rows_of(rows, lambda r: True), "all pairs are names only: no code is published, so spelling decides"
    for table in ("tcm_alone", "tcm_never"):
        rows = tables[table]
        yield table, rows_of(rows, lambda r: not r["code"]), "in the book but not in batch 11, so without a code"
        yield (table, rows_of(rows, lambda r: len(r["piece"]) > 8 and "、" in r["piece"]),
               "a phrase for many pieces under one code, not one piece")


def against_registries(tables):
    for table, code, name, registry in (("op_sex", "code", "op_name", "icd9cm3_yb"),
                                        ("op_dx_allowed", "op", "op_name", "icd9cm3_yb"),
                                        ("op_dx_allowed", "dx", "dx_name", "icd10_yb")):
        listed = {r["code"]: r["name"] for r in tables[registry]}
        yield table, rows_of(tables[table], lambda r: r[code] not in listed), f"{code} is not in {registry}"
        yield (table, rows_of(tables[table], lambda r: r[code] in listed and listed[r[code]] != r[name]
                              and fold(listed[r[code]]) == fold(r[name])),
               f"{name} differs from {registry} only in the width or form of characters")
        for row in tables[table]:
            if row[code] in listed and fold(listed[row[code]]) != fold(row[name]):
                yield (table, [row["published_row"]],
                       f"{row[code]} is {row[name]} here, {listed[row[code]]} in {registry}")


def allow_lists(rows):
    """Operations of one category whose lists are nearly equal: what the one has and the other lacks may be lost."""
    lists, names_of = {}, {}
    for row in rows:
        lists.setdefault(row["op"], set()).add(row["dx"])
        names_of[row["op"]], names_of[row["dx"]] = row["op_name"], row["dx_name"]
    lost = {}
    for a, b in itertools.permutations(sorted(lists), 2):
        if a[:4] == b[:4] and 0 < len(lists[a] ^ lists[b]) <= 3:
            for dx in lists[a] - lists[b]:
                lost.setdefault((b, dx), []).append(a)
    for (op, dx), others in sorted(lost.items()):
        yield ("op_dx_allowed", rows_of(rows, lambda r: r["op"] in others and r["dx"] == dx),
               f"{op} {names_of[op]} lacks {dx} {names_of[dx]}, which the nearly equal {', '.join(others)} "
               f"{'have' if len(others) > 1 else 'has'} in these rows")


def registries(tables):
    for registry in ("icd10_yb", "icd9cm3_yb"):
        rows = tables[registry]
        lost = sorted({r["name"] for r in rows if "?" in r["name"]})
        yield (registry, rows_of(rows, lambda r: "?" in r["name"]),
               f"a rare character of the name was lost and stands as ?: {', '.join(lost)}")
        for name, by_code in sorted(grouped(rows, lambda r: fold(r["name"]), lambda r: r["code"]).items()):
            if len(by_code) > 1:
                yield registry, sum(by_code.values(), []), f"one name for {' and '.join(sorted(by_code))}: {name}"


def batches(tables):
    for table in tables:
        rows = tables[table]
        if table == "sex_unclear":  # of the register of codes, which is in no batch
            continue
        if rows and "batch" in rows[0] and not all(r["batch"] for r in rows):
            some = rows_of(rows, lambda r: not r["batch"])
            book = "printed in the book of 2025; " if len(some) == len(rows) else ""
            yield table, some, book + "no published batch holds the row"


def publication(points):
    name = "knowledge_points"
    for point in points.rows:
        text, at = point["item_name"] + point["constraint"], [point["number"]]
        if not points.codes.get(point["kp_id"]):
            yield name, at, f"a note to the whole rule, not a row: {point['rule_class']}: {point['item_name']}"
        if re.search("[\x00-\x1f]", text):
            yield name, at, f"a control character in the text of {point['item_name']}"
        if re.search("[\u2e80-\u2fdf]", text):
            yield name, at, f"a radical form instead of the character in the text of {point['item_name']}"


def revision(points, tables):
    """What the revision of 2026-01 does to each class of batches 1 to 8."""
    totals = {}
    gone = {p["supersedes"] for p in points.rows if p["supersedes"]}
    revised = {p["rule_class"] for p in points.rows if p["batch_tag"] == "updates_2026-01"}
    for p in points.rows:
        if p["rule_class"] not in revised:
            continue
        t = totals.setdefault(p["rule_class"], dict(points=0, new=0, text=0, left=0, left_codes=0))
        if p["batch_tag"] == "updates_2026-01":
            old = points.by_id.get(p["supersedes"])
            t["points"] += 1
            t["new"] += old is None
            t["text"] += old is not None and plain(old["constraint"]) != plain(p["constraint"])
        elif p["kp_id"] not in gone:
            t["left"] += 1
            t["left_codes"] += len(points.codes.get(p["kp_id"], []))
    for rule, t in sorted(totals.items()):
        change = [r for r in tables["revision_2026_01"] if r["rule_class"] == rule]
        dropped = sum(r["change"] == "dropped" for r in change)
        yield ("revision_2026_01", None,
               f"{rule}: {t['points']} points, {t['new']} of them new, {t['text']} with other words; adds "
               f"{len(change) - dropped} codes, drops {dropped}; {t['left']} older points ({t['left_codes']} codes) are not "
               "named: whether they still hold is not published")
        codes = grouped(change, lambda r: r["code"], lambda r: r["change"])
        moved = sorted(c for c, by in codes.items() if len(by) > 1)
        if moved:
            yield "revision_2026_01", None, f"{rule}: dropped from one drug and added to another: {', '.join(moved)}"


def plain(text):
    return re.sub("[\\W_]", "", fold(text))


def catalogue(first, second):
    kept = {r["v1_code"] for r in second}
    for row in first:
        if row["code"] not in kept:
            yield ("rule_catalog_2025_88", None,
                   f"{row['code']} {row['name']} of 1.0 has no row of its own in the edition of 2025")
    for number, row in enumerate(second, 1):
        if row["new_in_2025"] == "1":
            yield ("rule_catalog_2025_88", [number],
                   f"seq {row['seq']} {row['name']} is marked new and has no code of 1.0")


def ranges(rows):
    """1, 2, 3, 7 as 1-3, 7."""
    found = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def render(oddities, corrections):
    """The page: what is doubtful, by table, then what was corrected. Rows are those of the published file."""
    out = ["# Oddities of the published material", "",
           "Made by `stdlib-rules/import.py`; do not edit. Rows count from 1 in the published file that the table is made",
           "from (for `icd*` the registry, for `knowledge_points` that file). Nothing here was repaired, except what the",
           "last section lists from `corrections.csv`.", ""]
    for table in sorted({t for t, _, _ in oddities}):
        out += [f"## {table}", "", "| rows | number | what |", "|---|---|---|"]
        for name, rows, what in sorted(oddities, key=lambda o: (o[1], o[2])):
            if name == table:
                out.append(f"| {ranges(rows) or 'whole file'} | {len(rows) or ''} | {cell(what)} |")
        out.append("")
    out += ["## Corrections applied", "", "| table | row | column | from | to | reason |", "|---|---|---|---|---|---|"]
    for c in corrections:
        to = c["to"] if c["column"] != "row" else "(left out)"
        out.append(f"| {c['table']} | {c['row']} | {c['column']} | {cell(c['from'])} | {cell(to)} | {cell(c['reason'])} |")
    return "\n".join(out) + "\n"
