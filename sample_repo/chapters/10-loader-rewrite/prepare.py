"""Splits the images into training and evaluation data."""

from pathlib import Path

import yaml

params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
every = params["data"]["evaluate_every"]

with (
    Path("data/digits.csv").open(encoding="utf-8") as images,
    Path("data/train.csv").open("w", encoding="utf-8") as train,
    Path("data/eval.csv").open("w", encoding="utf-8") as evaluation,
):
    header = next(images)
    train.write(header)
    evaluation.write(header)
    # Whole lines: three times as fast as taking every one apart.
    for line in images:
        row = int(line.partition(",")[0])
        # By the number in the published file, so that new images never move old ones from one side to the other.
        (evaluation if row % every == 0 else train).write(line)

print("prepared data/train.csv and data/eval.csv")
