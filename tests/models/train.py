"""Trains the small models of this folder with the libraries themselves and keeps what they score.

    python3 -m venv /tmp/trained && /tmp/trained/bin/pip install -r tests/models/requirements.txt
    /tmp/trained/bin/python tests/models/train.py

No test runs this: the tests (tests/unit/runtime/models_test.cpp) read what it left, so they need
neither Python nor the libraries. The rows are not kept: `value` below makes them from row and column,
and tests/support/model_rows.h says the same in C++.

For each model NAME.txt or NAME.json is the file that the library wrote, and NAME.scores, little endian:
the margins of all rows, then their scores where these are something else, then of the first EXPLAINED
rows the contributions of every feature and what they are added to. LightGBM's numbers are doubles,
XGBoost's floats.
"""

import json
from pathlib import Path

import lightgbm
import numpy as np
import xgboost

HERE = Path(__file__).parent
ROWS = 10_000
ODD_ROWS = 200  # behind them, with categories that XGBoost refuses to look at
EXPLAINED = 100
FEATURES = ["age", "los", "drug_share", "items", "fee", "ward"]
WARD = 5
MASK = (1 << 64) - 1


def mixed(number):
    """splitmix64: one number to another that looks random."""
    number = (number + 0x9E3779B97F4A7C15) & MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & MASK
    return number ^ (number >> 31)


def value(row, column):
    draw = mixed(row * 8 + column)
    if (draw >> 32) % 12 == 0:
        return np.nan
    if row >= ROWS and column == WARD:
        return [-1.0, -0.5, 2.5, 1e12, 0.0, 39.9, -0.0, 1000.0][draw % 8]
    if row >= ROWS and column == 3:
        return [0.0, -0.0, 1e-36, -1e-36, 1e-30, -2.0][draw % 6]
    return [draw % 101, draw % 41, draw % 1001 / 1000.0, float(draw % 9) - 2.0, draw % 1_000_000 / 100.0,
            draw % 43][column] * 1.0


def table(rows):
    return np.array([[value(row, column) for column in range(len(FEATURES))] for row in rows])


def labels(rows):
    plain = np.nan_to_num(rows, nan=3.0)
    noise = np.array([mixed(row * 8 + 7) % 1000 / 1000.0 for row in range(len(rows))])
    pull = (0.03 * (plain[:, 0] - 50) + 1.5 * (plain[:, 2] > 0.4) - 0.05 * plain[:, 1]
            + 1.2 * np.isin(plain[:, WARD] % 7, [2, 5]) + 0.8 * np.isnan(rows[:, 3])
            + 0.0002 * plain[:, 4] - 0.3 * plain[:, 3] * (plain[:, 0] > 60) + 2 * noise)
    return pull


def keep(name, parts, kind):
    if np.array_equal(parts[0], parts[1]):
        del parts[1]
    (HERE / f"{name}.scores").write_bytes(b"".join(np.ascontiguousarray(part, dtype=kind).tobytes()
                                                   for part in parts))


# ---- LightGBM

def path_contributions(booster, rows):
    """Of each row the differences of expected values along its paths, from the library's own dump:
    its own contributions are Shapley values, which is another question."""
    dump = booster.dump_model()
    made = np.zeros((len(rows), len(FEATURES) + 1))

    def expect(node):
        if "leaf_value" in node:
            node["expected"], node["rows"] = node["leaf_value"], node.get("leaf_count") or 1
            return
        for child in (node["left_child"], node["right_child"]):
            expect(child)
        left, right = node["left_child"], node["right_child"]
        node["rows"] = left["rows"] + right["rows"]
        node["expected"] = (left["expected"] * left["rows"] + right["expected"] * right["rows"]) / node["rows"]

    def left_of(node, x):
        if node["decision_type"] == "==":
            members = {int(part) for part in str(node["threshold"]).split("||")}
            return not np.isnan(x) and int(x) in members
        if np.isnan(x) and node["missing_type"] != "NaN":
            x = 0.0
        if (node["missing_type"] == "NaN" and np.isnan(x)) or (node["missing_type"] == "Zero" and abs(x) <= 1e-35):
            return node["default_left"]
        return x <= node["threshold"]

    trees = [info["tree_structure"] for info in dump["tree_info"]]
    for tree in trees:
        expect(tree)
        made[:, -1] += tree["expected"]
        for i, row in enumerate(rows):
            node = tree
            while "leaf_value" not in node:
                feature = node["split_feature"]
                child = node["left_child"] if left_of(node, row[feature]) else node["right_child"]
                made[i, feature] += child["expected"] - node["expected"]
                node = child
    return made / (len(trees) if dump.get("average_output") else 1)


def light(name, rows, target, rounds, **options):
    data = lightgbm.Dataset(rows[:ROWS], target, feature_name=FEATURES, categorical_feature=[WARD])
    options = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1, "learning_rate": 0.2} | options
    booster = lightgbm.train(options, data, rounds)
    booster.save_model(HERE / f"{name}.txt")
    # As the rules will read it: from the text, not from memory.
    booster = lightgbm.Booster(model_file=str(HERE / f"{name}.txt"))
    # The library averages a forest behind its raw score and before its objective.
    margins = booster.predict(rows, raw_score=True) / (rounds if options.get("boosting") == "rf" else 1)
    keep(name, [margins, booster.predict(rows), path_contributions(booster, rows[:EXPLAINED])], "<f8")


# ---- XGBoost

def extreme(name, rows, target, rounds, named=True, **options):
    kinds = ["q"] * (len(FEATURES) - 1) + ["c" if options.get("booster") != "gblinear" else "q"]
    given = {"feature_names": FEATURES, "feature_types": kinds, "enable_categorical": True} if named else {}
    data = xgboost.DMatrix(rows, target, **given)
    booster = xgboost.train({"nthread": 1, "seed": 1, "eta": 0.3} | options, data, rounds)
    booster.save_model(HERE / f"{name}.json")
    booster = xgboost.Booster({"nthread": 1}, model_file=HERE / f"{name}.json")
    explained = xgboost.DMatrix(rows[:EXPLAINED], **given)
    keep(name, [booster.predict(data, output_margin=True), booster.predict(data),
                booster.predict(explained, pred_contribs=True, approx_contribs=True)], "<f4")


# ---- our own form

def logistic(name, rows):
    inputs = [{"name": "age", "coefficient": 0.031, "mean": 50.0, "missing": 50.0},
              {"name": "los", "coefficient": -0.05, "missing": 7.0},
              {"name": "drug_share", "coefficient": 1.7, "mean": 0.5, "missing": 0.5}]
    (HERE / f"{name}.json").write_text(
        json.dumps({"model": "logistic", "intercept": -1.25, "inputs": inputs}, indent=1) + "\n")
    margins = np.full(len(rows), -1.25)
    parts = np.zeros((EXPLAINED, len(inputs) + 1))
    for i, each in enumerate(inputs):
        column = np.nan_to_num(rows[:, i], nan=each["missing"])
        margins = margins + column * each["coefficient"]
        parts[:, i] = each["coefficient"] * (column[:EXPLAINED] - each.get("mean", 0.0))
        parts[:, -1] += each["coefficient"] * each.get("mean", 0.0)
    parts[:, -1] += -1.25
    keep(name, [margins, 1 / (1 + np.exp(-margins)), parts], "<f8")


def main():
    rows = table(range(ROWS + ODD_ROWS))
    pull = labels(rows)
    yes = (pull > 1.5).astype(int)
    light("light_binary", rows, yes[:ROWS], 30, objective="binary", sigmoid=0.8, num_leaves=31,
          max_cat_to_onehot=1, min_data_per_group=20, cat_smooth=1)
    light("light_zero", rows, pull[:ROWS], 8, objective="regression", zero_as_missing=True, num_leaves=63)
    light("light_none", rows, pull[:ROWS], 5, objective="regression", use_missing=False, num_leaves=15)
    light("light_forest", rows, yes[:ROWS], 6, objective="binary", boosting="rf", bagging_freq=1,
          bagging_fraction=0.7, num_leaves=20)
    light("light_leaf", rows, pull[:ROWS], 2, objective="regression", min_data_in_leaf=ROWS)
    extreme("extreme_binary", rows[:ROWS], yes[:ROWS], 20, objective="binary:logistic", max_depth=6,
            max_cat_to_onehot=1)
    extreme("extreme_deep", rows[:ROWS], pull[:ROWS], 3, named=False, objective="reg:squarederror", max_depth=0,
            grow_policy="lossguide", max_leaves=400, min_child_weight=0, gamma=0)
    extreme("extreme_leaf", rows[:ROWS], pull[:ROWS], 2, objective="reg:squarederror", min_child_weight=1e9)
    extreme("extreme_poisson", rows[:ROWS], np.maximum(pull[:ROWS], 0), 4, objective="count:poisson", max_depth=3)
    extreme("extreme_linear", rows[:ROWS], yes[:ROWS], 5, booster="gblinear", objective="binary:logistic",
            updater="coord_descent")
    logistic("logistic", rows[:1000])


if __name__ == "__main__":
    main()
