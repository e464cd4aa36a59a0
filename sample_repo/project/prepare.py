"""Splits the images into training and evaluation data and scales their pixels."""

import csv
from pathlib import Path

import pixelprep
import yaml

params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
every = params["data"]["evaluate_every"]

with (
    Path("data/digits.csv").open(encoding="utf-8", newline="") as source,
    Path("data/train.csv").open("w", encoding="utf-8", newline="") as train,
    Path("data/eval.csv").open("w", encoding="utf-8", newline="") as evaluation,
):
    images = csv.reader(source)
    train_rows = csv.writer(train, lineterminator="\n")
    eval_rows = csv.writer(evaluation, lineterminator="\n")
    header = next(images)
    train_rows.writerow(header)
    eval_rows.writerow(header)
    for row, digit, *pixels in images:
        # By the number in the published file, so that new images never move old ones from one side to the other.
        rows = eval_rows if int(row) % every == 0 else train_rows
        rows.writerow([row, digit, *(f"{pixelprep.scaled(int(pixel)):g}" for pixel in pixels)])

print("prepared data/train.csv and data/eval.csv")
