"""Trains the network by stochastic gradient descent."""

import csv
import json
from dataclasses import asdict
from pathlib import Path

import network
import numpy as np
import pixelprep
import yaml


class Descent:
    """Moves a network's weights against the slope of its error, one batch of images after the other."""

    def __init__(self, net, lr, batch, momentum=0.0):
        self.net = net
        self.lr = lr
        self.batch = batch
        self.momentum = momentum
        self.speeds = [np.zeros_like(tensor) for tensor in net.tensors().values()]

    def epoch(self, images, digits, order):
        """One pass over the images, in the given order."""
        for start in range(0, len(order), self.batch):
            batch = order[start : start + self.batch]
            slopes = self.slopes(images[batch], digits[batch])
            for tensor, speed, slope in zip(self.net.tensors().values(), self.speeds, slopes, strict=True):
                speed[...] = self.momentum * speed - self.lr * slope
                tensor[...] += speed

    def slopes(self, images, digits):
        """How the mean cross-entropy grows with every weight, in the order of the network's tensors."""
        hidden = self.net.hidden(images)
        error = self.net.output(hidden)
        error[np.arange(len(digits)), digits] -= 1
        error /= len(digits)
        back = error @ self.net.output_weights.T * (1 - hidden * hidden)
        return images.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)


def train(params, curves):
    """The trained network and its scaler; a line per epoch, metric and context goes to `curves`."""
    _, digits, images = network.load_images("data/train.csv")
    _, eval_digits, eval_images = network.load_images("data/eval.csv")
    scaler = pixelprep.fit(images)
    images, eval_images = scaler.apply(images), scaler.apply(eval_images)
    random = np.random.default_rng(params["seed"])
    net = network.new_network(random, images.shape[1], **params["model"])
    descent = Descent(net, **params["optimiser"])
    for step in range(1, params["train"]["epochs"] + 1):
        descent.lr = params["optimiser"]["lr"] * min(1.0, step / params["train"]["warm_up"])
        descent.epoch(images, digits, random.permutation(len(digits)))
        for context, (truth, pixels) in {"train": (digits, images), "eval": (eval_digits, eval_images)}.items():
            loss, accuracy = network.loss_and_accuracy(net.probabilities(pixels), truth)
            curves.writerow([step, "loss", f"{loss:.6f}", context])
            curves.writerow([step, "accuracy", f"{accuracy:.6f}", context])
    return net, scaler


for folder in ("models", "metrics"):
    Path(folder).mkdir(exist_ok=True)
with Path("metrics/history.csv").open("w", encoding="utf-8", newline="") as file:
    history = csv.writer(file, lineterminator="\n")
    history.writerow(["step", "metric", "value", "context"])
    trained, fitted = train(yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8")), history)
network.save(trained, "models")
Path("models/scaler.json").write_text(json.dumps(asdict(fitted)) + "\n", encoding="utf-8")
print("trained models/weights.npy")
