"""The four faults that copies of the published material are known to have, as errors: a build that has one writes nothing.

Entry: `examine(tables, pieces)` gives one line for each fault found. Each was met in a public copy of this material: a list
of allowed diagnoses read as forbidden ones, which turns the rule round; a remark of 14 days beside a column of 15; two names
run together and cut again at another character; a sentence that a copy put under another rule. Tested by `import.py --self-test`, which brings each fault in.
"""

import re

# What is operated on: an operation and the diseases that it is allowed with name the same part.
PARTS = re.compile("胃|肠|阑尾|肛|痔|胆|肾|膀胱|尿道|贲门|结石|息肉")


def examine(tables, pieces):
    return [*turned_round(tables["op_dx_allowed"]), *days(tables["drug_course"]), *cut(tables["tcm_pair"], pieces), *strays(tables)]


def turned_round(rows):
    """Of a list of what is allowed most rows name the part twice; of what is forbidden hardly any would."""
    parts = {}
    for row in rows:
        own = set(PARTS.findall(row["op_name"]))
        if own:
            parts.setdefault(row["op"], []).append(bool(own & set(PARTS.findall(row["dx_name"]))))
    named = [hit for hits in parts.values() for hit in hits]
    if named and sum(named) * 2 < len(named):
        yield (f"op_dx_allowed: only {sum(named)} of {len(named)} diagnoses name the part that is operated on: "
               "these look like forbidden diagnoses, the table is one of allowed ones")


def days(rows):
    """A limit that its own remark contradicts needs a line of corrections.csv, whose exception tells the reader."""
    for row in rows:
        said = re.findall("([0-9]+)天", row["remark"])
        if said and row["max_days"] not in said and not row["exception"]:
            yield (f"drug_course row {row['published_row']}: the column says {row['max_days']} days, "
                   f"the remark {' and '.join(said)}")


def cut(rows, pieces):
    """A pair of which one name is met nowhere else, while the two run together could be cut into two known names."""
    known = set(pieces)
    count = {}
    for row in rows:
        for name in {row["piece_a"], row["piece_b"]}:
            count[name] = count.get(name, 0) + 1
    known |= {name for name, times in count.items() if times > 1}
    for row in rows:
        a, b = row["piece_a"], row["piece_b"]
        if a in known and b in known:
            continue
        whole = a + b
        for at in range(1, len(whole)):
            if at != len(a) and whole[:at] in known and whole[at:] in known:
                yield (f"tcm_pair row {row['published_row']}: {a} and {b} were cut at the wrong character, "
                       f"{whole[:at]} and {whole[at:]} are known pieces")


# What a sentence under the rule must speak of; a sentence about the old need not name them, but it names nobody else.
SPEAKS = (("drug_maternal", lambda text: re.search("孕|妊娠|哺乳", text)),
          ("drug_elder", lambda text: text and (re.search("老|年龄|年长", text) or not re.search("孕|哺乳|[者人]禁用", text))))


def strays(tables):
    """A sentence that says nothing of those whom the rule warns about."""
    for table, speaks in SPEAKS:
        for row in tables[table]:
            if not speaks(row["remark"]):
                yield f"{table} row {row['published_row']}: the sentence 「{row['remark']}」 is not one of this rule"
