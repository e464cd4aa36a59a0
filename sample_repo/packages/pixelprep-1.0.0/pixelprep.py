"""Brings the pixels of small grey images into the range a network learns from."""

from __future__ import annotations

from dataclasses import dataclass


def scaled(pixel, top=16):
    """A pixel of 0 to `top` as 0 to 1."""
    return pixel / top


@dataclass(frozen=True)
class Scaler:
    """Moves pixels to mean 0 and spread 1."""

    offset: float
    spread: float

    def apply(self, images):
        """The images, moved and scaled."""
        return (images - self.offset) / self.spread


def fit(images):
    """The scaler for these images: the mean and the standard deviation over all their pixels."""
    return Scaler(offset=float(images.mean()), spread=float(images.std()))
