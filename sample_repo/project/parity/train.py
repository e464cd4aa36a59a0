"""Fits a logistic regression that tells odd digits from even ones, and measures it."""

import csv
import json
from pathlib import Path

import numpy as np
import yaml

EVEN_CHANCE = 0.5
BLOCK_TOP = 64
"""A block is the sum of four pixels of 0 to 16."""

params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
model = params["model"]


def features(blocks):
    """What the regression sees: the blocks of the image, and with `pairs` their products two by two."""
    columns = [np.ones((len(blocks), 1)), blocks]
    if model["features"] == "pairs":
        first, second = np.triu_indices(16)
        columns.append(blocks[:, first] * blocks[:, second])
    return np.hstack(columns)


def odds(weights, seen):
    """How likely each image shows an odd digit."""
    return 1 / (1 + np.exp(-seen @ weights))


def is_odd(likely):
    """What the regression says."""
    return likely > EVEN_CHANCE


def loss_and_accuracy(likely, odd):
    """The mean cross-entropy and the share of right answers."""
    truth = np.where(odd, likely, 1 - likely)
    return float(-np.log(np.maximum(truth, 1e-12)).mean()), float((is_odd(likely) == odd).mean())


table = np.loadtxt("data/blocks.csv", delimiter=",", skiprows=1)
rows, odd, seen = table[:, 0].astype(int), table[:, 1] % 2 == 1, features(table[:, 2:] / BLOCK_TOP)
kept = rows % params["data"]["evaluate_every"] == 0
weights = np.zeros(seen.shape[1])
curves = []
for step in range(1, model["rounds"] + 1):
    # Newton's method: https://en.wikipedia.org/wiki/Iteratively_reweighted_least_squares
    likely = odds(weights, seen[~kept])
    slope = seen[~kept].T @ (odd[~kept] - likely) - model["ridge"] * weights
    bend = (seen[~kept].T * (likely * (1 - likely))) @ seen[~kept] + model["ridge"] * np.eye(len(weights))
    weights += np.linalg.solve(bend, slope)
    for context, part in {"train": ~kept, "eval": kept}.items():
        loss, accuracy = loss_and_accuracy(odds(weights, seen[part]), odd[part])
        curves += [[step, "loss", f"{loss:.6f}", context], [step, "accuracy", f"{accuracy:.6f}", context]]

for folder in ("models", "metrics"):
    Path(folder).mkdir(exist_ok=True)
np.save("models/weights.npy", weights, allow_pickle=False)
Path("models/weights.json").write_text(json.dumps(weights.round(4).tolist()) + "\n", encoding="utf-8")
Path("metrics/eval.json").write_text(
    json.dumps({"accuracy": round(accuracy, 6), "loss": round(loss, 6)}) + "\n", encoding="utf-8"
)
with Path("metrics/history.csv").open("w", encoding="utf-8", newline="") as file:
    history = csv.writer(file, lineterminator="\n")
    history.writerow(["step", "metric", "value", "context"])
    history.writerows(curves)
with Path("metrics/predictions.csv").open("w", encoding="utf-8", newline="") as file:
    predictions = csv.writer(file, lineterminator="\n")
    predictions.writerow(["row", "truth", "prediction"])
    said = is_odd(odds(weights, seen[kept]))
    predictions.writerows(
        zip(rows[kept].tolist(), odd[kept].astype(int).tolist(), said.astype(int).tolist(), strict=True)
    )

print(f"accuracy {accuracy:.4f}  loss {loss:.4f}")
