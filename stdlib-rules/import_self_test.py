"""Proves that the import catches what it is there to catch, by spoiling the published files in memory.

Entry: `run(files, importer)`, called by `import.py --self-test`; it writes nothing. Each case spoils one thing in a
copy and states what the import must say; the unspoiled files must be without errors, or a case would prove nothing.
"""

SEX = "published/nhsa/t_drug_sex.csv"
PER_DAY = "published/nhsa/t_item_limit_per_day.csv"
PERIOD = "published/nhsa/t_item_period.csv"
OP_SEX = "published/nhsa/book2025_op_sex.csv"
COURSE = "published/nhsa/t_drug_course.csv"
EXCLUSIVE = "published/nhsa/t_exclusive_pair.csv"
PIECES = "published/nhsa/book2025_tcm_no_pay.csv"
CORRECTIONS = "national/knowledge/corrections.csv"
ALLOWED = "published/nhsa/book2025_op_dx_allowed.csv"
PAIRS = "published/nhsa/book2025_tcm_incompatible_pair.csv"
BATCHES = "batches.csv"
CODING = "coding/drug_contra.csv"
REVISION = "coding/revision.csv"
INDICATION = "coding/indication.csv"
HEAD = b"table,row,column,from,to,reason\n"
TABLE = "national/knowledge/drug_sex.csv"


def spoiled(files, importer, *lines):
    """The build after adding lines, given as (path, line), to copies of the files."""
    copy = dict(files)
    for path, line in lines:
        copy[path] += (line + "\n").encode("utf-8")
    return importer.build_all(copy)


def last_row(files, path):
    return files[path].decode("utf-8").rstrip("\n").split("\n")[-1]


def summary(build, name):
    return next(s for s in build.summaries if s.name == name)


def said(lines, *parts):
    return any(all(p in line for p in parts) for line in lines)


def about(build, table):
    return [what for name, _, what in build.oddities if name == table]


def errors(build):
    """A spoiled file also differs from PUBLISHED.md; the other errors are what a case is about."""
    return [e for e in build.errors if not e.startswith("published/")]


def cases(files, importer):
    good = importer.build_all(files)
    yield "the published files as they are have no errors", not good.errors
    yield "two builds of the same files are equal", importer.build_all(files).files == good.files
    committed = {**files, **good.files}
    yield "fresh tables are not stale", not importer.stale(committed, good)
    stale = importer.stale({**committed, TABLE: committed[TABLE].replace("男".encode(), "女".encode(), 1)}, good)
    yield "one changed cell makes a table stale", said(stale, TABLE, "1 lines to remove, 1 to add")
    missing = {path: data for path, data in committed.items() if path != TABLE}
    yield "a missing table is stale", said(importer.stale(missing, good), TABLE, "missing")
    stray = importer.stale({**committed, "national/knowledge/old.csv": b"code\n"}, good)
    yield "a table that nothing makes is stale", said(stray, "old.csv")
    yield from keys(files, importer, good)
    yield from forms(files, importer)
    yield from meanings(files, importer, good)
    yield from laws(good)
    yield from revision(files, importer, good)
    yield from alternatives(files, importer)
    yield from faults(files, importer, good)
    yield from fixes(files, importer, good)


def keys(files, importer, good):
    row = last_row(files, PER_DAY)
    build = spoiled(files, importer, (SEX, last_row(files, SEX)), (PER_DAY, row.replace(",1,", ",2,", 1)))
    yield "a repeated row is kept once", build.files[TABLE] == good.files[TABLE]
    yield "a repeated row is counted and named", (summary(build, "drug_sex").duplicates == 1
                                                 and summary(build, "drug_sex").conflicts == 0
                                                 and said(about(build, "drug_sex"), "kept once"))
    yield "the same key with another limit is kept and counted", (summary(build, "per_day").conflicts == 1
                                                                  and summary(build, "per_day").rows_out == 68)
    yield "a contradiction reaches the page of oddities", said(
        build.files["national/knowledge/ODDITIES.md"].decode("utf-8").split("\n"), "| 68 |", "contradicts row 67")
    yield "a changed published file differs from PUBLISHED.md", said(build.errors, "t_drug_sex.csv", "digest")


def forms(files, importer):
    build = spoiled(files, importer, (SEX, "XX00XXX000X0 0000000000,试验药,男,"),
                    (PER_DAY, "68,试验项目,1,日,00110200004000"), (PERIOD, "15,试验项目,一,7,,001102000040099"),
                    (COURSE, "XX00XXX000X000000000000,试验药,2周,"), (OP_SEX, "K64.000I,试验手术,男"))
    for title, what in (("a drug code with a blank", "form of drug codes"),
                        ("a service code of 14 digits", "form of service codes"),
                        ("an operation code with debris", "form of operation codes"),
                        ("a limit that is no number", "max '一' is not a number"),
                        ("a course in weeks", "max_days '2周' is not a number of 天")):
        yield title + " is refused", said(errors(build), what)
    build = spoiled(files, importer, (PER_DAY, "68, 试验项目 ,１,日,００１１０２００００４００９９"))
    yield "full-width codes become ASCII and names are trimmed", (
        not errors(build)
        and "001102000040099,试验项目,1,日,68,,2025-12-31,1,68\n".encode() in build.files["national/knowledge/per_day.csv"])


def meanings(files, importer, good):
    cut = last_row(files, COURSE).split(",")[0][:20]
    build = spoiled(files, importer, (SEX, "XX00XXX000X000000000000,试验药,男,用于子宫内膜异位症。"),
                    (SEX, "XX00XXX000X000000000001,试验药,男女,"),
                    (COURSE, f"{cut}99Z,试验药,7天,"),
                    (EXCLUSIVE, "901,单日,甲,001102000040099,甲,001102000040099,含甲"),
                    (EXCLUSIVE, "902,单日,乙,001102000040098,丙,001102000040097,含丁；不含丙"),
                    (PER_DAY, "68,另一个名字,1,日,001102000030000"), (OP_SEX, "00.0100,别的手术,女"))
    yield "the meanings are not refused, they are listed", not errors(build)
    for title, table, what in (
            ("a row that no batch holds", "drug_sex", "no published batch"),
            ("a drug for women limited to men", "drug_sex", "its text says 子宫"),
            ("a sex not seen before", "drug_sex", "not seen before"),
            ("rows that a cut code cannot tell apart", "drug_course", "disagree"),
            ("an item that excludes itself", "exclusive", "excludes itself"),
            ("a pair that its own note denies", "exclusive", "does not contain 丙"),
            ("a code with two names", "exclusive", "one code, 001102000030000"),
            ("a name unlike the registry's", "op_sex", "00.0100 is 别的手术 here")):
        yield title + " is listed", said(about(build, table), what) and not said(about(good, table), what)


def faults(files, importer, good):
    """The faults that public copies of this material have."""
    course = files[COURSE].decode("utf-8")
    build = importer.build_all({**files, COURSE: (course + "XX00XXX000X000000000000,试验药,15天,单次住院最多支付14天。\n").encode()})
    yield "15 days beside a remark of 14 are refused", said(build.errors, "the column says 15 days, the remark 14")
    lines = files[ALLOWED].decode("utf-8").rstrip("\n").split("\n")
    turned = [line if n == 0 else ",".join(line.split(",")[:2]) + ",S02.000,颅骨穹窿骨折" for n, line in enumerate(lines)]
    build = importer.build_all({**files, ALLOWED: ("\n".join(turned) + "\n").encode(), CORRECTIONS: HEAD})
    yield "a list of what is forbidden is not taken for one of what is allowed", said(build.errors, "look like forbidden")
    pairs = files[PAIRS].decode("utf-8").split("\n")
    a, b = next(line.split(",") for line in pairs[1:] if len(line.split(",")[1]) > 2)
    build = spoiled(files, importer, (PAIRS, f"{a}{b[:1]},{b[1:]}"))
    yield "names that were cut at the wrong character are refused", said(build.errors, "cut at the wrong character")
    kept = b"\n".join(line for line in files[CORRECTIONS].split(b"\n") if not line.startswith((b"drug_maternal,163,", b"drug_elder,93,")))
    build = importer.build_all({**files, CORRECTIONS: kept})
    yield "a sentence of another rule is refused", said(build.errors, "drug_maternal row 163") and said(build.errors, "drug_elder row 93")
    yield "the files as they are have none of these faults", not any("cut at" in e or "forbidden" in e for e in good.errors)
    build = importer.build_all({**files, BATCHES: files[BATCHES].replace(b"batch_09,", b"batch_99,")})
    yield "a batch without a day is refused", said(build.errors, "no day for batch_09")
    build = spoiled(files, importer, (CODING, "999999,x,,test"))
    yield "coding of a row that is not there is refused", said(build.errors, "has no published row 999999")


def revision(files, importer, good):
    """Drugs that the revision names are later rows, and what they replace stays with the day of it."""
    sex = good.files["national/knowledge/drug_sex.csv"].decode("utf-8").split("\n")
    yield "older rows of a revised drug are superseded", sum(line.endswith(",2026-01-28") and "batch_01" in line for line in sex) == 2456
    yield "the revision's rows are there", sum("updates_2026-01" in line for line in sex) == 2558
    yield "a drug that is new in the revision has its limit from coding", any("尼拉帕利阿比特龙片,男," in line for line in sex)
    without = b"\n".join(line for line in files[REVISION].split(b"\n") if "前列腺".encode() not in line
                         and b"prostate" not in line)
    yield "a new drug that nobody coded is refused", said(importer.build_all({**files, REVISION: without}).errors,
                                                         "does not say what point")


def alternatives(files, importer):
    """A remark of which one way was not read must leave its row open."""
    def without(start):
        kept = [line for line in files[INDICATION].decode("utf-8").split("\n") if not line.startswith(start)]
        return errors(importer.build_all({**files, INDICATION: "\n".join(kept).encode()}))

    yield "an emergency that no diagnosis stands for keeps its row open", said(without("3071,1,"), "row 3071", "nobody read 「抢救」")
    yield "an insurance that no diagnosis stands for keeps its row open", said(without("3160,2,"), "row 3160", "nobody read 「生育保险」")
    yield "a disease that the remark names and the row does not is refused", said(without("3191,4,"), "row 3191", "「川崎病」 is not coded")
    yield "ways that the remark divides by 、 are each read", said(without("3176,1,"), "row 3176", "「内分泌肿瘤」 is not coded")


def laws(good):
    """Lines of the annex of the decision, and that every table of a region stands empty."""
    rows = good.files["national/knowledge/retirement.csv"].decode("utf-8").split("\n")
    for title, row in (("a man born in 1965-01 retires at 60 years and 1 month", "男,false,1965-01-01,1965-04-30,721个月"),
                       ("a man born in 1976-09 retires at 63", "男,false,1976-09-01,2199-12-31,756个月"),
                       ("a woman of 55 born in 1970-05 at 55 years and 2 months", "女,true,1970-05-01,1970-08-31,662个月"),
                       ("a woman of 50 born in 1984-11 at 55", "女,false,1984-11-01,2199-12-31,660个月")):
        yield title, row in rows
    samples = [path for path in good.files if path.startswith("national/knowledge/") and path.endswith("item_price.csv")]
    yield "a table of the regions stands empty", all(good.files[path].count(b"\n") == 1 for path in samples)


def fixes(files, importer, good):
    dx = files["published/nhsa/book2025_op_dx_allowed.csv"].decode("utf-8").split("\n")[1].split(",")[2]
    build = spoiled(files, importer, (CORRECTIONS, "drug_sex,1,sex,未知,男,test"),
                    (CORRECTIONS, "drug_sex,99999,sex,男,女,test"), (CORRECTIONS, "drug_sex,2,sex,男,男,"),
                    (CORRECTIONS, f"op_dx_allowed,1,dx,{dx},C16,test"))
    for title, what in (("of another value", "row 1: the correction does not fit"),
                        ("of a row that is not there", "there is no drug_sex row 99999"),
                        ("without a reason", "no reason"), ("to a wrong form", "of the wrong form")):
        yield f"a correction {title} is refused", said(build.errors, what)
    build = spoiled(files, importer, (CORRECTIONS, "drug_visit_mode,30-31,visit_mode,住院,急诊,test"),
                    (CORRECTIONS, "drug_visit_mode,all,visit_mode,住院,急诊,test"),
                    (PIECES, "试验饮片,外用不予支付"))
    yield "a row inside a corrected range is not corrected again", said(build.errors, "corrected twice")
    yield "a correction of no row is refused", sum("corrected twice" in e for e in build.errors) == 2
    yield "a row that no table of its file takes is refused", said(build.errors, "book2025_tcm_no_pay.csv: 157 rows")
    mode, level = ("\n".join(line for line in good.files[f"national/knowledge/{t}.csv"].decode("utf-8").split("\n")
                             if "updates_2026-01" not in line) for t in ("drug_visit_mode", "drug_level"))
    yield "a correction of a range reaches each of its rows", mode.count(",急诊或住院,") == 207
    yield "a correction fills a column that is not published", level.count(",未定级,仅首次处方") == 15
    unrepaired = {**files, CORRECTIONS: files[CORRECTIONS].split(b"\n")[0] + b"\n"}
    yield "debris without its correction is refused", said(importer.build_all(unrepaired).errors, "K64.000I")


def run(files, importer):
    failed = 0
    for title, passed in cases(files, importer):
        failed += not passed
        print(f"{'ok    ' if passed else 'FAILED'} {title}")
    print(f"{failed} failed" if failed else "all passed")
    return 1 if failed else 0
