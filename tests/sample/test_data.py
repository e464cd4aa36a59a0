"""The images: all there, unchanged, their source and licence named."""

from __future__ import annotations

import csv
from hashlib import sha256

from sample_repo.project_files import HERE, blocks_csv, digits_csv
from sample_repo.story import ALL_TRAINING_ROWS, FIRST_TRAINING_ROWS

PUBLISHED_PIXELS = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"
"""sha256 of the 1 797 lines `64 pixels,digit` of the file scikit-learn ships, uncompressed."""


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))[1:]


def test_the_values_are_those_of_the_published_file() -> None:
    rows = rows_of((HERE / "data" / "digits.csv").read_text())

    published = "".join(",".join([*pixels, digit]) + "\n" for _, digit, *pixels in rows)

    assert [int(row[0]) for row in rows] == list(range(1797))
    assert sha256(published.encode()).hexdigest() == PUBLISHED_PIXELS


def test_every_pixel_is_0_to_16_and_every_digit_0_to_9() -> None:
    rows = rows_of((HERE / "data" / "digits.csv").read_text())

    assert {len(row) for row in rows} == {66}
    assert {int(digit) for _, digit, *_ in rows} == set(range(10))
    assert {int(pixel) for _, _, *pixels in rows for pixel in pixels} == set(range(17))


def test_the_whole_table_has_360_images_for_evaluation_and_1437_for_training() -> None:
    whole = digits_csv(ALL_TRAINING_ROWS)

    assert whole == (HERE / "data" / "digits.csv").read_text()
    assert sum(int(row[0]) % 5 == 0 for row in rows_of(whole)) == 360


def test_the_first_table_lacks_400_training_images_and_no_evaluation_image() -> None:
    first = [int(row[0]) for row in rows_of(digits_csv(FIRST_TRAINING_ROWS))]
    whole = [int(row[0]) for row in rows_of(digits_csv(ALL_TRAINING_ROWS))]

    missing = set(whole) - set(first)

    assert len(missing) == 400
    assert not any(row % 5 == 0 for row in missing)
    assert first == sorted(first)


def test_blocks_are_sums_of_four_pixels_of_the_same_images() -> None:
    images, blocks = rows_of(digits_csv(ALL_TRAINING_ROWS)), rows_of(blocks_csv(ALL_TRAINING_ROWS))

    assert [row[:2] for row in blocks] == [row[:2] for row in images]
    assert [sum(map(int, row[2:])) for row in blocks] == [sum(map(int, row[2:])) for row in images]
    # The first block is the upper left corner: two pixels of the first row of the image, two of the second.
    assert [int(row[2]) for row in blocks] == [sum(int(row[2 + at]) for at in (0, 1, 8, 9)) for row in images]


def test_source_and_licence_are_named() -> None:
    told = (HERE / "data" / "SOURCE.md").read_text()

    for part in ("UCI Machine Learning Repository", "Alpaydin", "Kaynak", "CC BY 4.0"):
        assert part in told
