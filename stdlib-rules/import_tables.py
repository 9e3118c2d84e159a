"""Which knowledge tables and registries are built, from which published file, column by column.

Entry: TABLES and REGISTRIES, read by import.py. A new published table is one more entry here; nothing else knows the
names of columns. Tested by `import.py --self-test` and `import.py --check`.
"""

import dataclasses
import unicodedata

# The form of each kind of code. Diagnoses: dagger and asterisk parts are one code of the list. Operations: the
# five-digit ones, some with a letter, are the traditional-medicine chapter 17.9.
FORMS = {
    "drug": r"[A-Z0-9]{18,23}",
    "service": r"[0-9]{15}",
    "piece": r"T[0-9]{9}",
    "diagnosis": r"[A-Z][0-9]{2}\.([0-9]{3}|x[0-9]{2})(x[0-9]{3})?(\+[A-Z][0-9]{2}(\.[0-9])?\*)?",
    "operation": r"[0-9]{2}\.([0-9]{4}|[0-9]x[0-9]{2}|[0-9]{3}[0-9A-Z][0-9])(x[0-9]{3})?",
}


def clean(text):
    """Without spaces around it and without control characters, which no cell means and no pack may hold."""
    return "".join(c for c in text.removeprefix("\ufeff") if unicodedata.category(c) != "Cc").strip()


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table: its name, the published column it is read from, and how.

    kind: text, a code kind of FORMS, `count` (digits), `days` (digits followed by 天), `window` (digits, to which 天 is added), or `pattern`, which takes
    the first number that the pattern finds in the text and is empty when it finds none. A column without a source is
    not published: only corrections.csv fills it, where a remark says what no published column does.
    """

    name: str
    source: str
    kind: str = "text"
    pattern: str = ""


@dataclasses.dataclass(frozen=True)
class Table:
    """One knowledge table. `classes` names the published rule class of a row: one class, or a map from the value of
    the column `by`. A file that mixes two rules is read twice: `only` keeps the rows whose code that class published,
    `where` (column, pattern) those whose value matches. Together the tables of a file hold all of its rows, unless
    a table is a `part` on purpose."""

    name: str
    file: str
    columns: tuple
    key: tuple
    classes: object = None
    by: str = ""
    only: bool = False
    where: tuple = ()
    part: bool = False
    match: str = "code"  # how a row finds its published point: by code, pair (number and both codes), or name
    revised: bool = False  # the revision of 2026-01 republishes drugs of it: see import_revision.py
    stands_in: str = "book_2025"  # whose day the rows have that no batch published
    coded_only: bool = False  # rows without a line there are left out: they say nothing that a table could hold
    coding: tuple = ()  # columns that coding/<name>.csv adds: a published row becomes one row for each of its lines


def columns(*specs):
    return tuple(Column(*s.split("<")) if isinstance(s, str) else s for s in specs)


DRUG = ("code<code<drug", "drug_name<drug_name")
ITEM = ("code<code<service", "item_name<item_name")
INSURANCE_CLASSES = {"工伤": "药品限工伤保险", "生育": "药品限生育保险"}

PROBLEMS = "problem_lists/problem_list_2025.csv"
TEXTS = "nhsa/book2025_text_constraints.csv"

TABLES = (
    Table("drug_sex", "nhsa/t_drug_sex.csv", columns(*DRUG, "sex<sex", "remark<remark"), ("code",), "药品区分性别使用", revised=True),
    Table("drug_child", "nhsa/t_drug_child.csv", columns(*DRUG, "group<group", "exception<", "remark<remark"), ("code",),
          "药品儿童专用", only=True, revised=True),
    Table("drug_child_pay", "nhsa/t_drug_child.csv",
          columns(*DRUG, "group<group", "min_age<", "below_age<", "remark<remark"), ("code",), "药品限儿童使用", only=True, revised=True),
    Table("per_day", "nhsa/t_item_limit_per_day.csv", columns(*ITEM, "max<limit<count", "unit<unit", "seq<seq<count"),
          ("code",), "医疗服务项目限定频次"),
    Table("exclusive", "nhsa/t_exclusive_pair.csv",
          columns("sub<sub_code<service", "sub_name<sub_name", "main<main_code<service", "main_name<main_name",
                  "window<window", "note<note", "seq<seq<count"), ("sub", "main"), "医疗服务项目重复收费", match="pair"),
    Table("op_sex", "nhsa/book2025_op_sex.csv",
          columns("code<op_code<operation", "op_name<op_name", "sex<sex_required"), ("code",)),
    Table("item_sex", "nhsa/t_item_sex.csv", columns(*ITEM, "sex<sex", "basis<basis"), ("code",),
          "医疗服务项目区分性别使用"),
    # The publication takes people of unclear sex out of the rule on services: 性别不清、两性畸形、染色体异常、性发育异常.
    Table("sex_unclear", "icd/icd10_yb.csv", columns("code<code<diagnosis", "name<name"), ("code",),
          where=("code", r"(E25|E34\.5|Q56|Q9[0-9]).*"), part=True, stands_in="batch_01"),
    Table("item_child", "nhsa/t_item_child.csv", columns(*ITEM, "group<group"), ("code",), "医疗服务项目儿童专用"),
    Table("drug_insurance", "nhsa/t_drug_insurance.csv", columns(*DRUG, "insurance<insurance", "remark<remark"),
          ("code",), INSURANCE_CLASSES, by="insurance", revised=True),
    Table("drug_level", "nhsa/t_drug_level.csv", columns(*DRUG, "min_level<min_level", "open_from<", "exception<", "remark<remark"),
          ("code",), "药品限医疗机构级别", revised=True),
    Table("drug_visit_mode", "nhsa/t_drug_visit_mode.csv", columns(*DRUG, "visit_mode<visit_mode", "remark<remark"),
          ("code",), "药品限就医方式", revised=True),
    Table("drug_course", "nhsa/t_drug_course.csv",
          columns(*DRUG, "max_days<max_days<days", "in_all<", "exception<", "remark<remark"), ("code",), "药品限支付疗程", revised=True),
    Table("incision_group", "nhsa/t_same_incision_group.csv", columns(*ITEM, "group<group", "basis<basis"),
          ("code", "group"), "手术项目未按规定折价收费"),
    Table("op_dx_allowed", "nhsa/book2025_op_dx_allowed.csv",
          columns("op<op_code<operation", "op_name<op_name", "dx<dx_code<diagnosis", "dx_name<dx_name"),
          ("op", "dx")),
    Table("tcm_alone", "nhsa/book2025_tcm_no_pay.csv", columns("piece<piece"), ("piece",), "中药饮片单方使用不予支付",
          where=("kind", "单方不予支付"), match="name"),
    Table("tcm_never", "nhsa/book2025_tcm_no_pay.csv", columns("piece<piece"), ("piece",), "中药饮片单复方均不予支付",
          where=("kind", "单复方均不予支付"), match="name"),
    Table("tcm_pair", "nhsa/book2025_tcm_incompatible_pair.csv",
          columns("piece_a<piece_a", "piece_b<piece_b"), ("piece_a", "piece_b")),
    Table("item_course", "nhsa/t_item_course.csv",
          columns(*ITEM, "max_days<note<pattern<不超过([0-9]+)天", "min_gap_days<note<pattern<间隔时间不短于([0-9]+)天",
                  "note<note", "seq<seq<count"), ("code",), "医疗服务项目限支付疗程"),
    Table("item_period", "nhsa/t_item_period.csv",
          columns(*ITEM, "max<limit<count", "period_days<period_days<count", "period<period_days<window", "note<note", "seq<seq<count"), ("code",),
          "医疗服务项目周期超频次"),
    Table("item_age", "nhsa/t_item_age.csv", columns(*ITEM, "note<note", "seq<seq<count"), ("code",),
          "医疗服务项目限年龄"),
    Table("dx_sex", "nhsa/book2025_dx_sex_age.csv",
          columns("code<dx_code<diagnosis", "dx_name<dx_name", "sex<required"), ("code",), where=("kind", "sex")),
    Table("dx_age", "nhsa/book2025_dx_sex_age.csv",
          columns("code<dx_code<diagnosis", "dx_name<dx_name", "group<required"), ("code",), where=("kind", "age")),
    # Sentences of labels: the drug is a name, and what the sentence means for a claim is in coding/.
    Table("drug_contra", TEXTS, columns("drug_name<subject", "remark<constraint_text"), ("drug_name",),
          where=("rule", "药品禁忌症"), part=True, coding=("diagnosis", "severe")),
    Table("drug_interact", TEXTS, columns("drug_name<subject", "remark<constraint_text"), ("drug_name",),
          where=("rule", "药品相互作用"), part=True, coding=("partner",)),
    Table("drug_elder", TEXTS,
          columns("drug_name<subject", "advice<constraint_text<pattern<(不推荐|避免使用|避免应用|禁用)", "remark<constraint_text"),
          ("drug_name",), where=("rule", "老年人用药安全"), part=True),
    Table("drug_maternal", TEXTS,
          columns("drug_name<subject", "group<constraint_text<pattern<(孕妇及哺乳期妇女|孕妇|妊娠|怀孕|哺乳期)",
                  "remark<constraint_text"),
          ("drug_name",), where=("rule", "妊娠期及哺乳期用药安全"), part=True),
    # Lines of the problem list that name what contains and what is contained, or how often something may be charged.
    Table("problem_pair", PROBLEMS, columns("line<no<count", "text<text"), ("line",), where=("entity", "医疗机构"), part=True,
          stands_in="problem_list_2025", coding=("sub", "main", "window", "evidence", "apart"), coded_only=True),
    Table("problem_limit", PROBLEMS, columns("line<no<count", "text<text"), ("line",), where=("entity", "医疗机构"), part=True,
          stands_in="problem_list_2025", coding=("name", "max", "window"), coded_only=True),
    Table("routine_test", PROBLEMS, columns("line<no<count", "text<text"), ("line",), where=("entity", "医疗机构"), part=True,
          stands_in="problem_list_2025", coding=("name",), coded_only=True),
    Table("problem_unless", PROBLEMS, columns("line<no<count", "text<text"), ("line",), where=("entity", "医疗机构"), part=True,
          stands_in="problem_list_2025", coding=("name", "diagnosis"), coded_only=True),
    Table("consumable_disease", TEXTS, columns("name<subject", "remark<constraint_text"), ("name",),
          where=("rule", "医用耗材限疾病使用"), part=True, coding=("diagnosis",)),
)
# Tables of drugs that are published only as points: name, rule class, and the columns that coding/ adds. Each point of the last one
# is coded, so that a remark that nobody coded is an error and not a drug without conditions.
POINT_TABLES = (
    ("internet_forbidden", "超互联网医院药品支付范围", ()),
    ("second_line", "药品限二线使用", ()),
    ("indication", "药品限适应症", ("alternative", "diagnosis", "age_min", "age_max", "evidence")),
)
REGISTRIES = (  # name, published file, kind of code
    ("icd10_yb", "icd/icd10_yb.csv", "diagnosis"),
    ("icd9cm3_yb", "icd/icd9cm3_yb.csv", "operation"),
)
