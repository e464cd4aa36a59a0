"""A two-layer network for small images: its weights, its answer, its files."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DIGITS = 10


@dataclass
class Network:
    """Weights and biases of the two layers, as float64 arrays."""

    hidden_weights: np.ndarray
    hidden_bias: np.ndarray
    output_weights: np.ndarray
    output_bias: np.ndarray

    def tensors(self):
        """Every weight and bias by its name."""
        return vars(self)

    def hidden(self, images):
        """What the hidden layer makes of the images."""
        return np.tanh(images @ self.hidden_weights + self.hidden_bias)

    def output(self, hidden):
        """The probability of every digit, from the hidden layer's answer."""
        scores = hidden @ self.output_weights + self.output_bias
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        return scores / scores.sum(axis=1, keepdims=True)

    def probabilities(self, images):
        """The probability of every digit for every image."""
        return self.output(self.hidden(images))


def new_network(random, pixels, hidden, init_scale):
    """A network before any training."""
    return Network(
        hidden_weights=random.normal(0, init_scale / np.sqrt(pixels), (pixels, hidden)),
        hidden_bias=np.zeros(hidden),
        output_weights=random.normal(0, init_scale / np.sqrt(hidden), (hidden, DIGITS)),
        output_bias=np.zeros(DIGITS),
    )


def loss_and_accuracy(probabilities, digits):
    """The mean cross-entropy, and the share of images whose likeliest digit is the true one."""
    truth = probabilities[np.arange(len(digits)), digits]
    loss = -np.log(np.maximum(truth, 1e-12)).mean()
    return float(loss), float((probabilities.argmax(axis=1) == digits).mean())


def load_images(path):
    """Row numbers, digits and pixels of a CSV file."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, 0].astype(int), table[:, 1].astype(int), table[:, 2:]


def save(network, folder):
    """Write the exact weights, and a copy that people and other machines can read."""
    tensors = network.tensors()
    record = np.zeros((), dtype=[(name, "<f8", tensor.shape) for name, tensor in tensors.items()])
    for name, tensor in tensors.items():
        record[name] = tensor
    np.save(Path(folder) / "weights.npy", record, allow_pickle=False)
    rounded = {name: tensor.round(4).tolist() for name, tensor in tensors.items()}
    # Four digits: the last bits differ from one processor to the next.
    Path(folder, "weights.json").write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def load(folder):
    """The network with its exact weights."""
    record = np.load(Path(folder) / "weights.npy", allow_pickle=False)
    return Network(**{name: record[name] for name in record.dtype.names})
