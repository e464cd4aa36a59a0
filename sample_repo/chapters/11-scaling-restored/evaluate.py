"""Measures the trained network on the evaluation images."""

import csv
import json
import time
from pathlib import Path

import network
import numpy as np
import pixelprep

REPEATS = 40


def latency_ms(answer):
    """The median time of one answer, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer()
        times.append(time.perf_counter() - start)
    return round(1000 * float(np.median(times)), 3)


rows, digits, images = network.load_images("data/eval.csv")
net = network.load("models")
scaler = pixelprep.Scaler(**json.loads(Path("models/scaler.json").read_text(encoding="utf-8")))
probabilities = net.probabilities(scaler.apply(images))
said = probabilities.argmax(axis=1)

right = np.bincount(digits[said == digits], minlength=network.DIGITS)
true = np.bincount(digits, minlength=network.DIGITS)
claimed = np.bincount(said, minlength=network.DIGITS)
loss, accuracy = network.loss_and_accuracy(probabilities, digits)

metrics = {
    "accuracy": round(accuracy, 6),
    "macro_f1": round(float((2 * right / np.maximum(true + claimed, 1)).mean()), 6),
    "loss": round(loss, 6),
    "latency_ms": latency_ms(lambda: net.probabilities(scaler.apply(images))),
    "slices": [
        {"metric": "recall", "slice": {"class": digit}, "value": round(float(right[digit] / true[digit]), 6)}
        for digit in range(network.DIGITS)
    ],
}
Path("metrics/eval.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")

with Path("metrics/predictions.csv").open("w", encoding="utf-8", newline="") as file:
    predictions = csv.writer(file, lineterminator="\n")
    sure = probabilities.max(axis=1).round(4)
    predictions.writerow(["row", "truth", "prediction", "confidence"])
    predictions.writerows(zip(rows.tolist(), digits.tolist(), said.tolist(), sure.tolist(), strict=True))

print(f"accuracy {accuracy:.4f}  loss {loss:.4f}")
