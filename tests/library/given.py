"""The claims that a pack's own tests give, as the requests a sender would write: what is judged, and the person's other visits beside it.

Entries: `claims(pack)`, and `add_knowledge(pack)` for the rows that those tests give to tables. It reads the schema for the names that senders
use and the tests as text, in the English form that the pack is written in. Read by laws.py.
"""

import csv
import re

TOKEN = re.compile(r'"[^"]*"|“[^”]*”|//[^\n]*|[\w.\-]+|[{}\[\]:,]')


class Schema:
    def __init__(self, text):
        self.enums, self.records = {}, {}
        for name, body in re.findall(r"^enum (\w+)[^{]*\{(.*?)\}", text, re.M | re.S):
            self.enums[name] = dict(re.findall(r'(\w+) +"([^"]*)"', body))
        for name, body in re.findall(r"^record (\w+)[^{]*\{\n(.*?)^\}", text, re.M | re.S):
            fields = re.findall(r"^  (\w+)\s*/[^:\n]*:\s*(list of )?(\w+)[^=\n]*?(?:wire (\w+).*)?$", body, re.M)
            self.records[name] = {field: (kind, wire) for field, _, kind, wire in fields}


class Reader:
    def __init__(self, schema, text):
        self.schema, self.at = schema, 0
        self.tokens = [token for token in TOKEN.findall(text) if not token.startswith("//")]

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def record(self, kind):
        """A record's fields by the names that senders use; a record inside it is flat beside them."""
        made = {}
        assert self.next() == "{"
        while self.peek() != "}":
            field = self.next()
            if field == ",":
                continue
            of, wire = self.schema.records[kind].get(field, ("", ""))
            if self.peek() == ":":
                self.next()
                if self.peek() != "[":
                    made[wire] = self.value(of)
                    continue
            if self.peek() == "{":
                made.update(self.record(of))
            else:
                made[wire] = self.list(of)
        self.next()
        return {name: value for name, value in made.items() if name}

    def list(self, kind):
        made = []
        assert self.next() == "["
        while self.peek() != "]":
            if self.peek() == ",":
                self.next()
            else:
                made.append(self.record(kind))
        self.next()
        return made

    def plain_rows(self):
        """The rows of a table, by column, of texts, days and numbers alone."""
        cell = r'\w+ : (?:"[^"]*"|\d[\d.\-]*)'
        for fields in re.findall(r"\{([^{}]*)\}", " ".join(self.tokens)):
            if re.fullmatch(rf"\s*(?:{cell}(?:\s*,)?\s*)+", fields):
                yield {name: value.strip('"') for name, value in re.findall(r'(\w+) : ("[^"]*"|\d[\d.\-]*)', fields)}

    def value(self, kind):
        text = self.next().strip('"“”')
        return self.schema.enums.get(kind, {"true": "1", "false": "0"}).get(text, text)


def firing_tests(pack):
    """(rule, text of the test) for each test that expects its rule to find something."""
    for path in sorted(pack.rglob("*.sanku")):
        for rule, body in re.findall(r'^test "[^"\n]*" of (\w+) \{\n(.*?)^\}', path.read_text("utf-8"), re.M | re.S):
            outcome = re.search(rf"expect {rule} (\w+)", body)
            if outcome and outcome[1] not in ("clear", "not", "indeterminate"):
                yield rule, body


def schema_of(pack):
    return Schema((pack.parent / "schema" / "settlement.sanku").read_text("utf-8"))


def claims(pack):
    """(rule, records) for each of those tests; the first record is the claim, the others are its past."""
    schema = schema_of(pack)
    for rule, body in firing_tests(pack):
        records = []
        for given in re.finditer(r"^  given (history )?(?=[{\[])", body, re.M):
            reader = Reader(schema, body[given.end():])
            records += reader.list("Settlement") if given[1] else [reader.record("Settlement")]
            if not given[1]:
                records.insert(0, records.pop())
        answers = [{"question": question, "answer": "1" if yes == "true" else "0"}
                   for question, yes in re.findall(r'^  given answer "([^"]*)" (true|false)', body, re.M)]
        if records and answers:
            records[0]["answers"] = answers
        if records:
            yield rule, records


def add_knowledge(pack, tables):
    """Puts the rows that the first of those tests of each rule gives behind those of these tables: rows of plain cells and of new keys."""
    schema, seen = schema_of(pack), set()
    for rule, body in firing_tests(pack):
        if rule in seen:
            continue
        seen.add(rule)
        for given in re.finditer(r"^  given knowledge (\w+) (\[[^\]]*\])", body, re.M):
            if given[1] not in tables:
                continue
            table = pack / "knowledge" / f"{given[1]}.csv"
            with open(table, encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            keys = {row[0] for row in rows}
            for row in Reader(schema, given[2]).plain_rows():
                if set(row) <= set(header) and row.get(header[0]) not in keys:
                    rows.append([row.get(name, "") for name in header])
            with open(table, "w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([header, *rows])
