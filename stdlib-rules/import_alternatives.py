"""Finds remarks of which one alternative was not read, in rows that accuse when no coded disease fits.

Entry: `examine(rows, points, words)` gives one line for each fault; import.py refuses to build on any. A remark is divided where it names
another way (；、或, its numbers), and each part must say a word of coding/indication_words.csv: a disease, of which the row then codes a
category, or words that only narrow what stands beside them. A part that says neither, as 抢救 or 生育保险, is one that no diagnosis stands
for: the row must then hold an alternative without diagnoses, which keeps it open, so that it asks and does not accuse. Tested by
`import.py --self-test`.
"""

import re

BETWEEN = re.compile(r"[；;、。，,：:\s]|或|和|及|(?<![0-9.])[0-9]{1,2}\.(?=\D|[0-9]{1,2}(?:月龄|岁))")
ASIDE = re.compile(r"[(（][^()（）]*[)）]")  # explains the word before it
ALONE = re.compile("以|以上|疾病")  # nothing but a rest of its neighbour
# What is left of a part that narrows and still looks like something that a patient has or a case that is paid.
NAMES = re.compile("病|症|炎|癌|瘤|疹|疮|休克|感染|出血|衰竭|不全|缺乏|障碍|创伤|烧伤|中毒|抢救|危重|阻断|保险|昏迷|移植")


def parts(remark):
    while ASIDE.search(remark):
        remark = ASIDE.sub("", remark)
    return [part for part in BETWEEN.split(remark.removeprefix("限")) if part and not ALONE.fullmatch(part)]


def ranges(text):
    """The categories of a cell as pairs of first and last: K70..K77;I85 as (K70, K77), (I85, I85)."""
    return [(cell.split("..")[0], cell.split("..")[-1]) for cell in text.split(";") if cell]


def meet(some, others):
    """Whether two cells have a disease in common; a code stands for all below it."""
    return any(a[:len(d)] <= d and c[:len(b)] <= b for a, b in ranges(some) for c, d in ranges(others))


def said(part, words):
    """The diseases that a part names, and what is left of it without any known word; of words that overlap the longest is meant."""
    found = []
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if word in part:
            part = part.replace(word, "/")
            found.append(word)
    return [word for word in found if words[word]], part, bool(found)


def examine(rows, points, words):
    codes = {}
    for row in rows:
        codes.setdefault(int(row["published_row"]), []).append(row["diagnosis"])
    for number, cells in sorted(codes.items()):
        if not all(cells):
            continue
        for part in parts(points[number - 1]["constraint"]):
            diseases, left, known = said(part, words)
            at = f"coding/indication.csv: published row {number} is closed, and of its remark"
            for word in diseases:
                if not any(meet(words[word], cell) for cell in cells):
                    yield f"{at} 「{word}」 is not coded"
            if not diseases and (not known or NAMES.search(left)) and re.search("[\u4e00-\u9fff]", left):
                yield f"{at} nobody read 「{part}」"
