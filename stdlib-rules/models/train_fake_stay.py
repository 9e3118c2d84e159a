"""Trains the tree ensemble of the model of false stays on stays that this script makes up, with schemes planted in them.

    python3 -m venv /tmp/trained && /tmp/trained/bin/pip install lightgbm==4.7.0 numpy==2.4.6
    /tmp/trained/bin/python stdlib-rules/models/train_fake_stay.py

It leaves national/models/fake_stay.txt, which the pack scores without any library, and FAKE_STAY.md, which says how much of its own
schemes the ensemble finds again. That number is about this script and about nothing else: nobody has labelled a real claim for it, so
it is no precision, and what the model says is a lead. The features are those of the model's declaration in
national/model/fake_stay.sanku, in its order and with its names. The same seed and library give the same file.
"""

from pathlib import Path

import lightgbm
import numpy as np

HERE = Path(__file__).resolve().parent
FEATURES = ["age", "days", "exam_share", "drug_share", "treatment_share", "bed_share", "lines_per_day", "operations"]
STAYS, PLANTED, SEED = 20_000, 0.06, 20260305
THRESHOLD = 0.85


def real(random, number):
    """Stays as one would expect them: longer for the old, with drugs and treatment beside the tests."""
    age = np.clip(random.normal(56, 19, number), 0, 98)
    days = np.clip(random.gamma(2.6, 2.9, number) + age / 40, 1, 60).round()
    shares = random.dirichlet([2.6, 3.2, 2.6, 1.3, 2.0], number)
    surgery = random.random(number) < 0.24
    shares[surgery] = random.dirichlet([1.6, 2.2, 4.6, 0.8, 2.0], int(surgery.sum()))
    lines = np.clip(random.gamma(5, 2.2, number), 1, 60)
    return np.column_stack([age, days, shares[:, 0], shares[:, 1], shares[:, 2], shares[:, 3], lines, surgery * random.integers(1, 3, number)])


def schemes(random, number):
    """Three ways of charging for a stay that was none: a check-up, a bed without a patient, a template for every patient."""
    made, names = [], []
    for n, name in enumerate(("check-up as a stay", "empty bed", "one template for all")):
        many = number // 3
        age = np.clip(random.normal(66, 9, many), 30, 95)
        none = np.zeros(many)
        if n == 0:
            days, shares = random.integers(2, 5, many), random.dirichlet([14, 1.0, 0.7, 1.6, 1.5], many)
            lines = random.gamma(8, 2.4, many)
        elif n == 1:
            days, shares = random.integers(7, 15, many), random.dirichlet([1.2, 2.4, 0.5, 9, 3], many)
            lines = random.gamma(3, 0.9, many)
        else:
            days, shares = np.full(many, 7) + random.integers(-1, 2, many), random.dirichlet([20, 26, 4, 8, 6], many)
            lines = random.normal(9, 0.4, many)
        made.append(np.column_stack([age, days, shares[:, 0], shares[:, 1], shares[:, 2], shares[:, 3], np.clip(lines, 0.5, 60), none]))
        names += [name] * many
    return np.vstack(made), np.array(names)


def main():
    random = np.random.default_rng(SEED)
    planted, names = schemes(random, int(STAYS * PLANTED))
    rows = np.vstack([real(random, STAYS - len(planted)), planted])
    labels = np.concatenate([np.zeros(len(rows) - len(planted)), np.ones(len(planted))])
    names = np.concatenate([np.array([""] * (len(rows) - len(planted))), names])
    order = random.permutation(len(rows))
    rows, labels, names = rows[order], labels[order], names[order]
    cut = len(rows) * 7 // 10
    settings = {"objective": "binary", "num_leaves": 15, "learning_rate": 0.1, "min_data_in_leaf": 40, "deterministic": True,
                "force_row_wise": True, "num_threads": 1, "seed": SEED, "verbosity": -1}
    data = lightgbm.Dataset(rows[:cut], labels[:cut], feature_name=FEATURES)
    model = lightgbm.train(settings, data, num_boost_round=60)
    (HERE.parent / "national" / "models").mkdir(exist_ok=True)
    model.save_model(HERE.parent / "national" / "models" / "fake_stay.txt")

    score, held, label = model.predict(rows[cut:]), names[cut:], labels[cut:]
    found = score >= THRESHOLD
    lines = ["# What the ensemble finds of its own schemes", "",
             "Made by `train_fake_stay.py`; do not edit. The stays are made up and so are the schemes: the numbers say how well sixty small",
             "trees recover what the same script planted, on the three tenths of the stays that they were not trained on. They are no precision and",
             "no recall on claims of anybody. What the model says of a real stay is a lead, never more.", "",
             f"| scheme | planted and held out | scored {THRESHOLD} or more |", "|---|---|---|"]
    for name in sorted(set(held) - {""}):
        lines.append(f"| {name} | {int((held == name).sum())} | {int((found & (held == name)).sum())} |")
    lines.append(f"| (none planted) | {int((label == 0).sum())} | {int((found & (label == 0)).sum())} |")
    (HERE / "FAKE_STAY.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
