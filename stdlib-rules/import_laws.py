"""Tables that a law states as a rule of arithmetic, written out row by row.

Entry: TABLES, (name, header, function that gives the rows), built by import.py. A row stands where a rule needs it, so that
nobody has to trust arithmetic inside a rule and a finding can name the row. Tested by `import.py --self-test`, against
lines of the law's own annex.
"""

import datetime


def retirement():
    """The statutory age of retirement, by the decision of 2024-09-13: since 2025 men retire later by one month for every
    four months of birth from 1965 on, up to 63; women of 55 likewise from 1970 on, up to 58; women of 50 by one month for
    every two months of birth from 1975 on, up to 55."""
    for sex, late, age, first, step, most in (("男", "false", 60, 1965, 4, 36), ("女", "true", 55, 1970, 4, 36),
                                              ("女", "false", 50, 1975, 2, 60)):
        yield sex, late, "1900-01-01", f"{first - 1}-12-31", f"{age * 12}个月"
        for delay in range(1, most + 1):
            since = (delay - 1) * step
            until = before(first, since + step) if delay < most else "2199-12-31"
            yield sex, late, month(first, since).isoformat(), until, f"{age * 12 + delay}个月"


def month(year, after):
    """The first day of the month so many months after January of the year."""
    return datetime.date(year + after // 12, after % 12 + 1, 1)


def before(year, after):
    return (month(year, after) - datetime.timedelta(days=1)).isoformat()


def imaging():
    """Chapters 2102 and 2103 of the national standard of price items: magnetic resonance, and computed tomography."""
    yield "002102", "MRI"
    yield "002103", "CT"


TABLES = (("imaging", ("code", "kind"), imaging),
          ("retirement", ("sex", "late", "born_from", "born_until", "age"), retirement))
