"""How a row of each table becomes claims: what must be found, what must not, what only the record can decide.

Entry: MAKERS. `make(row, pack)` gives (record, expected) pairs. A record is a flat request with the national field names; everything
that is not about the row is left out or harmless. Read by rows.py.
"""

import csv
import dataclasses
import datetime
import functools

DAY = "2026-03-05"
ADULT, CHILD = "1980-01-01", "2018-01-01"


@dataclasses.dataclass(frozen=True)
class Maker:
    rule: str
    table: str
    make: object
    question: object = None  # of a record that asks, the words it must name


def line(code, name="", number="1", at=DAY + " 09:00:00", **more):
    made = {"rx_id": number, "hilist_code": code, "hilist_name": name, "cnt": "1", "pric": "10", "sumamt": "10.00",
            "drord_begn_date": at, **more}
    return {key: value for key, value in made.items() if value != ""}


def claim(*lines, dx=(), **more):
    made = {"gend": "1", "brdy": ADULT, "med_mdtrt_type": "1", "med_type": "11", "insutype": "310", "medins_lv": "03",
            "setl_time": DAY + " 12:00:00", "fsi_order_dtos": list(lines), **more}
    if dx:
        made["fsi_diagnose_dtos"] = [{"dise_codg": code, "maindise_flag": "1" if n == 0 else "0"} for n, code in enumerate(dx)]
    return {key: value for key, value in made.items() if value != ""}


def pair(hit, miss):
    return [(hit, "found"), (miss, "not")]


def of_sex(column):
    def make(row, _):
        own, other = ("1", "2") if row["sex"] == "男" else ("2", "1")
        fee = line(row[column], row.get("drug_name") or row.get("item_name") or row.get("name") or "")
        return pair(claim(fee, dx=["Z00.000"], gend=other), claim(fee, dx=["Z00.000"], gend=own))
    return make


def operation_sex(row, _):
    own, other = ("1", "2") if row["sex"] == "男" else ("2", "1")
    made = {"fsi_operation_dtos": [{"oprn_code": row["code"], "oprn_name": row["op_name"], "oprn_date": DAY, "main_oprn_flag": "1"}],
            "med_mdtrt_type": "2"}
    return pair(claim(gend=other, **made), claim(gend=own, **made))


def diagnosis_sex(row, _):
    own, other = ("1", "2") if row["sex"] == "男" else ("2", "1")
    return pair(claim(dx=[row["code"]], gend=other), claim(dx=[row["code"]], gend=own))


AGE_LIMIT = {"儿童": ("2008-03-05", "2008-03-06"), "婴幼儿": ("2023-03-05", "2023-03-06"), "新生儿": ("2026-02-04", "2026-02-05"),
             "婴儿": ("2025-03-05", "2025-03-06"), "幼年": ("2008-03-05", "2008-03-06")}


def of_group(row, _):
    old, young = AGE_LIMIT[row["group"]]
    fee = line(row["code"], row.get("drug_name") or row.get("item_name"))
    return pair(claim(fee, brdy=old), claim(fee, brdy=young))


def diagnosis_age(row, _):
    old, young = AGE_LIMIT[row["group"]]
    made = [{"dise_codg": row["code"], "dise_date": DAY + " 09:00:00", "maindise_flag": "1"}]
    return pair(claim(brdy=old, fsi_diagnose_dtos=made), claim(brdy=young, fsi_diagnose_dtos=made))


def child_pay(row, _):
    fee = line(row["code"], row["drug_name"])
    below = int(row["below_age"].removesuffix("岁") or 18) if row["below_age"] else 18
    return pair(claim(fee, brdy=f"{2026 - below}-03-05"), claim(fee, brdy=f"{2026 - below}-03-06"))


def insurance(row, _):
    fee = line(row["code"], row["drug_name"] if "drug_name" in row else row["item_name"])
    return pair(claim(fee), claim(fee, insutype={"工伤": "410", "生育": "510"}[row["insurance"]]))


def level(row, _):
    fee = line(row["code"], row.get("drug_name") or row.get("item_name"))
    low, right = {"二级": ("10", "07"), "三级": ("07", "04")}[row["min_level"]]
    return pair(claim(fee, medins_lv=low), claim(fee, medins_lv=right))


def visit_mode(row, _):
    fee = line(row["code"], row["drug_name"])
    return pair(claim(fee), claim(fee, med_mdtrt_type="2", med_type="21"))


def course(row, _):
    if row["in_all"]:
        return []
    days = int(row["max_days"])

    def used(number):
        return claim(*(line(row["code"], row["drug_name"], str(n), f"2026-0{1 + n // 28}-{1 + n % 28:02d} 09:00:00") for n in range(number)),
                     med_mdtrt_type="2", med_type="21")
    return pair(used(days + 1), used(days))


def per_day(row, _):
    most = int(row["max"])
    return pair(claim(line(row["code"], row["item_name"], cnt=str(most + 1), sumamt=f"{10 * (most + 1)}.00")),
                claim(line(row["code"], row["item_name"], cnt=str(most), sumamt=f"{10 * most}.00")))


@functools.cache
def exclusive_codes(pack):
    with open(pack / "knowledge" / "exclusive.csv", encoding="utf-8", newline="") as file:
        return {(row["sub"], row["main"]) for row in csv.DictReader(file)}


def exclusive(row, _):
    sub = line(row["sub"], row["sub_name"])
    after = {"单日": "2026-03-06 09:00:00", "6小时": "2026-03-05 15:01:00", "同一小时": "2026-03-05 10:00:00"}.get(row["window"])
    hit = claim(sub, line(row["main"], row["main_name"], "2"))
    miss = claim(sub, line(row["main"], row["main_name"], "2", after)) if after else claim(sub)
    return pair(hit, miss)


def incision(row, pack):
    other = next((r for r in groups(pack)[row["group"]] if r["code"] != row["code"] and not groups_of(pack)[r["code"]] & (groups_of(pack)[row["code"]] - {row["group"]})))
    dear = line(other["code"], other["item_name"], "2", pric="900", sumamt="900.00", hilist_pric="900")
    full = line(row["code"], row["item_name"], pric="600", sumamt="600.00", hilist_pric="600")
    half = line(row["code"], row["item_name"], pric="300", sumamt="300.00", hilist_pric="600")
    return pair(claim(full, dear), claim(half, dear))


@functools.cache
def groups(pack):
    found = {}
    with open(pack / "knowledge" / "incision_group.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["group"], []).append(row)
    return found


@functools.cache
def groups_of(pack):
    found = {}
    for group, members in groups(pack).items():
        for row in members:
            found.setdefault(row["code"], set()).add(group)
    return found


def allowed(row, _):
    made = {"fsi_operation_dtos": [{"oprn_code": row["op"], "oprn_name": row["op_name"], "oprn_date": DAY, "main_oprn_flag": "1"}]}
    return pair(claim(dx=["Z00.000"], **made), claim(dx=[row["dx"]], **made))


def piece(code, name, number="1", prescription="R1"):
    return line(code, name, number, hilist_type="102", rxno=prescription, chrg_type="10")


def never(row, _):
    return [(claim(piece(row["code"], row["piece"])), "found")]


def alone(row, _):
    return pair(claim(piece(row["code"], row["piece"])), claim(piece(row["code"], row["piece"]), piece("T009999999", "非表内饮片", "2")))


def incompatible(row, _):
    a = piece("T009999998", row["piece_a"])
    return pair(claim(a, piece("T009999997", row["piece_b"], "2")), claim(a, piece("T009999997", row["piece_b"], "2", "R2")))


def internet(row, _):
    fee = line(row["code"], row["drug_name"])
    return pair(claim(fee, medins_name="某某互联网医院"), claim(fee, medins_name="某某医院"))


def item_course(row, _):
    if not row["max_days"]:
        return []
    days = int(row["max_days"])
    first = line(row["code"], row["item_name"], "1", "2026-01-01 09:00:00")

    def later(after):
        return line(row["code"], row["item_name"], "2", f"{datetime.date(2026, 1, 1) + datetime.timedelta(after)} 09:00:00")
    return pair(claim(first, later(days), setl_time="2027-02-01 12:00:00"), claim(first, later(days - 1), setl_time="2027-02-01 12:00:00"))


def item_period(row, _):
    days = int(row["period_days"])

    def twice(day):
        return claim(line(row["code"], row["item_name"], "1", "2026-03-01 09:00:00"),
                     line(row["code"], row["item_name"], "2", f"2026-03-{day:02d} 09:00:00"))
    return pair(twice(days), twice(days + 1))


def item_age(row, _):
    fee = line(row["code"], row["item_name"])
    return pair(claim(fee, brdy="1950-01-01"), claim(fee, brdy="1990-01-01"))


def named_age(row, _):
    fee = line("XA00AAA000A000000000000", row["drug_name"])
    return pair(claim(fee, brdy="1940-01-01"), claim(fee, brdy="1990-01-01"))


def maternal(row, _):
    fee = line("XA00AAA000A000000000000", row["drug_name"])
    dx = "O92.200x001" if row["group"] == "哺乳期" else "O26.900"
    return pair(claim(fee, gend="2", dx=[dx if row["group"] != "哺乳期" else "O80.000"]), claim(fee, gend="2", dx=["I10.x00"]))


def first_code(text):
    return text.split(";")[0].split("..")[0]


def contraindicated(row, _):
    fee = line("XA00AAA000A000000000000", row["drug_name"])
    code = registered(first_code(row["diagnosis"]))
    hit = claim(fee, dx=[code])
    return [(hit, "asks" if row["severe"] else "found"), (claim(fee, dx=["Z00.000"]), "not")]


@functools.cache
def registry():
    from pathlib import Path
    with open(Path(__file__).resolve().parents[2] / "stdlib-rules/schema/codes/icd10_yb.csv", encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


@functools.cache
def registered(prefix):
    return next(code for code in registry() if code.startswith(prefix))


def interacts(row, _):
    if not row["partner"]:
        return []
    a = line("XA00AAA000A000000000000", row["drug_name"])
    b = line("XA00AAA000A000000000001", row["partner"] + "片", "2")
    return pair(claim(a, b), claim(a, line("XA00AAA000A000000000001", row["partner"] + "片", "2", "2026-03-06 09:00:00")))


def consumable_disease(row, _):
    fee = line("C99990100100000000001", row["name"], hilist_type="301")
    return pair(claim(fee, dx=["Z00.000"]), claim(fee, dx=[registered(first_code(row["diagnosis"]))]))


def second_line(row, _):
    return [(claim(line(row["code"], row["drug_name"])), "asks")]


def indication(row, pack):
    return indication_cases(pack).get((row["code"], row["alternative"]), [])


@functools.cache
def indication_cases(pack):
    """By (code, alternative), made at the first row of a code: without any of its diagnoses the code is found, if all of its
    alternatives name some; with the diagnosis of an alternative it is clear, or asks for the rest."""
    with open(pack / "knowledge" / "indication.csv", encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    ways, made = {}, {}
    for row in table:
        ways.setdefault(row["code"], []).append(row)
    for code, rows in ways.items():
        fee = line(code, rows[0]["drug_name"])
        if all(row["diagnosis"] for row in rows):
            made.setdefault((code, rows[0]["alternative"]), []).append((claim(fee, dx=["Z00.000"]), "found"))
        else:
            made.setdefault((code, rows[0]["alternative"]), []).append((claim(fee, dx=["Z00.000"]), "asks"))
        for row in rows:
            if row["diagnosis"]:
                age = ADULT if not row["age_max"] else CHILD
                record = claim(fee, brdy=age, gend="", dx=[registered(first_code(row["diagnosis"]))])
                clear = any(not other["evidence"] and fits(other, record) for other in rows)
                made.setdefault((code, row["alternative"]), []).append((record, "not" if clear else "asks"))
    return made


def fits(row, record):
    code = record["fsi_diagnose_dtos"][0]["dise_codg"]
    return any(begins(code, element) for element in row["diagnosis"].split(";")) if row["diagnosis"] else True


def begins(code, element):
    low, _, high = element.partition("..")
    return code.startswith(low) if not high else low <= code and (code <= high or code.startswith(high))


def problem_pair(row, _):
    main = line("001000000000001", row["main"] if row["main"] != row["sub"] else row["main"] + "甲", "2")
    sub = line("001000000000002", row["sub"])
    expected = "asks" if row["evidence"] else "found"
    return [(claim(sub, main), expected), (claim(sub), "not")]


def problem_limit(row, _):
    most = int(row["max"])
    return pair(claim(line("001000000000003", row["name"], cnt=str(most + 1)), dx=["Z00.000"]),
                claim(line("001000000000003", row["name"], cnt=str(most)), dx=["Z00.000"]))


def surcharge(row, _):
    own = line(row["code"], row["item_name"])
    return pair(claim(own), claim(own, line((row["main"] + "0" * 15)[:15], "主项目", "2")))


def hours(row, _):
    if row["max"] != "24":
        return []
    stay = {"med_mdtrt_type": "2", "med_type": "21", "adm_date": "2026-03-03 10:00:00", "dscg_date": "2026-03-05 10:00:00"}
    return pair(claim(line(row["code"], row["item_name"], cnt="73"), **stay), claim(line(row["code"], row["item_name"], cnt="72"), **stay))


MAKERS = (
    Maker("GZ10000301004", "drug_sex", of_sex("code")),
    Maker("GZ10000302004", "item_sex", of_sex("code")),
    Maker("GZ10000201005", "op_sex", operation_sex),
    Maker("GZ10000204006", "dx_sex", diagnosis_sex),
    Maker("GZ10000301002", "drug_child", of_group),
    Maker("GZ10000302003", "item_child", of_group),
    Maker("GZ10000204007", "dx_age", diagnosis_age),
    Maker("GZ10000101007", "drug_child_pay", child_pay),
    Maker("GZ10000101001", "drug_insurance", lambda row, pack: insurance(row, pack) if row["insurance"] == "工伤" else []),
    Maker("GZ10000101002", "drug_insurance", lambda row, pack: insurance(row, pack) if row["insurance"] == "生育" else []),
    Maker("GZ10000101012", "drug_level", level),
    Maker("N2025013", "drug_visit_mode", visit_mode),
    Maker("GZ10000101010", "drug_course", course),
    Maker("GZ10000102014", "per_day", per_day),
    Maker("GZ10000102012", "exclusive", exclusive),
    Maker("GZ10000102002", "incision_group", incision),
    Maker("GZ10000201006", "op_dx_allowed", allowed),
    Maker("GZ10000101003", "tcm_never", never),
    Maker("GZ10000101004", "tcm_alone", alone),
    Maker("GZ10000301012", "tcm_pair", incompatible),
    Maker("N2025047", "internet_forbidden", internet),
    Maker("GZ10000102010", "item_course", item_course),
    Maker("N2025031", "item_period", item_period),
    Maker("N2025029", "item_age", item_age),
    Maker("GZ10000301009", "drug_elder", named_age),
    Maker("GZ10000301010", "drug_maternal", maternal),
    Maker("GZ10000301008", "drug_contra", contraindicated),
    Maker("GZ10000301011", "drug_interact", interacts),
    Maker("N2025088", "consumable_disease", consumable_disease),
    Maker("GZ10000101005", "second_line", second_line, lambda record: "一线治疗无效、不耐受或禁忌的证据"),
    Maker("GZ10000101008", "indication", indication),
    Maker("WT001", "problem_pair", problem_pair),
    Maker("WT002", "problem_limit", problem_limit),
    Maker("WT004", "surcharge", surcharge),
    Maker("WT005", "per_day", hours),
)
