"""A change tree folds, hides what is the same, counts what it hides."""

from __future__ import annotations

from mlver.model.change import Change, Kind, branch
from mlver.model.data import Place
from mlver_tui.view_models.change_lines import change_table, left_out_lines, provenance_lines
from mlver_tui.view_models.change_rows import ChangeRow, Shown, change_rows, is_folder
from mlver_tui.view_models.spans import Line, text_of, width_of
from tests.support.explorer import HOSTILE, leaf, params_tree

OPTIMISER = 6
"""The place of that branch in the tree of mock-up 4."""


def drawn(row: ChangeRow) -> Line:
    return change_table((row,)).line(row, 80)


def test_only_what_changed_reads_as_the_mock_up_does() -> None:
    rows = change_rows(params_tree())

    lines = [text_of(change_table(rows).head(80)), *(text_of(drawn(row)) for row in rows)]
    lines += [text_of(line) for line in left_out_lines(rows, 80, everything=False)]

    assert [line.rstrip() for line in lines] == [
        "   KEY                             A                B                     CHANGE",
        " ▾ optimiser                                                               ~1 +1",
        " ~   lr                            0.1              0.03                  ÷ 3.33",
        " +   momentum                      not set          0.9                      new",
        " ▾ train                                                                      ~1",
        " ~   epochs                        40               60                       +20",
        " 6 same: data.eval_share, model.activation, model.hidden, model.init, …  a shows",
        " 1 ignored as noise: run_name                               (mlver.yaml: ignore)",
    ]


def test_everything_shows_the_same_leaves_and_the_noise() -> None:
    rows = change_rows(params_tree(), Shown(everything=True))

    labels = [row.node.label for row in rows]

    assert len([row for row in rows if row.tally is None]) == 10
    assert "run_name" in labels
    assert "activation" in labels


def test_a_folded_branch_hides_its_leaves_and_keeps_its_counts() -> None:
    rows = change_rows(params_tree(), Shown(folded=frozenset({OPTIMISER})))

    assert [row.node.label for row in rows] == ["optimiser", "train", "epochs"]
    assert text_of(drawn(rows[0])).strip().startswith("▸ optimiser")
    assert text_of(drawn(rows[0])).endswith("~1 +1")


def test_a_flat_view_has_dotted_names_and_no_branches() -> None:
    rows = change_rows(params_tree(), Shown(is_flat=True, folded=frozenset({OPTIMISER})))

    shown = [text_of(change_table((), is_flat=True).line(row, 80)).split()[1] for row in rows]

    assert shown == ["optimiser.lr", "optimiser.momentum", "train.epochs"]


def test_n_stops_at_changed_leaves_only() -> None:
    rows = change_rows(params_tree(), Shown(everything=True))

    assert [row.node.label for row in rows if row.is_change] == ["lr", "momentum", "epochs"]


def test_equal_labels_are_different_rows() -> None:
    tree = branch("params", (leaf("a", 1, 2), leaf("a", 1, 3)))

    keys = [row.key for row in change_rows(tree)]

    assert len(set(keys)) == 2


def test_null_not_set_text_and_number_look_different() -> None:
    tree = branch(
        "params",
        (
            leaf("null", None, "null"),
            leaf("number", 1, "1"),
            leaf("truth", True, "true"),
            leaf("float", 1, 1.5),
            Change(label="gone", kind=Kind.REMOVED, before=""),
        ),
    )

    lines = [text_of(drawn(row)).split() for row in change_rows(tree)]

    assert lines == [
        ["~", "null", "null", '"null"'],
        ["~", "number", "1", '"1"', "int", "→", "text"],
        ["~", "truth", "true", '"true"'],
        ["~", "float", "1", "1.5", "×", "1.5"],
        ["−", "gone", '""', "not", "set", "gone"],
    ]


def test_an_incomplete_tree_says_that_same_would_be_a_guess() -> None:
    tree = branch("params", (Change(label="deep", kind=Kind.SAME, complete=False),))

    lines = left_out_lines(change_rows(tree), 80, everything=False)

    assert "a limit was hit" in text_of(lines[-1])


def test_provenance_names_type_file_and_line() -> None:
    row = change_rows(params_tree())[1]

    lines = [text_of(line).rstrip() for line in provenance_lines(row, 80)]

    assert lines[0].split() == ["A", "0.1", "float", "params.yaml:4"]
    assert lines[1].split() == ["B", "0.03", "float", "params.yaml:4"]


def test_hostile_labels_and_values_are_shown_as_text() -> None:
    tree = branch("params", (Change(label=HOSTILE, kind=Kind.CHANGED, before=HOSTILE, after=[HOSTILE], note=HOSTILE),))
    row = change_rows(tree)[0]

    lines = [drawn(row), *provenance_lines(row, 80)]

    assert all(text_of(line).isprintable() for line in lines)
    assert all(width_of(line) == 80 for line in lines)


def test_a_deep_and_a_wide_tree_become_rows() -> None:
    deep = leaf("end", 1, 2)
    for _ in range(200):
        deep = branch("x", (deep,))
    wide = branch("wide", tuple(leaf(f"k{number}", number, number + 1) for number in range(10_000)))

    assert len(change_rows(branch("params", (deep,)))) == 201
    assert len(change_rows(branch("params", (wide,)))) == 10_001


def test_a_tree_without_changes_says_so() -> None:
    rows = change_rows(branch("env", (leaf("python", "3.11", "3.11"),)))

    first, *_others = left_out_lines(rows, 80, everything=False)
    assert text_of(first).strip() == "nothing differs here"


def test_digests_are_short_and_give_their_room_to_the_notes() -> None:
    node = Change(label="README.md", kind=Kind.CHANGED, before="0" * 40, after="f" * 64, note="not an input, +2 −1")
    rows = change_rows(branch("code", (node,)))

    shown = text_of(change_table(rows).line(rows[0], 80))

    assert shown.split() == ["~", "README.md", "00000000", "ffffffff", "not", "an", "input,", "+2", "−1"]


def test_a_file_with_a_long_note_keeps_its_name() -> None:
    ranges = tuple(Change(label=f"bytes {number}", kind=Kind.CHANGED) for number in range(3))
    node = branch(
        "models/weights.json", ranges, note="2499 of 2612 lines, 28 353 → 28 273 bytes, 1 range, 86.6 % of bytes"
    )
    rows = change_rows(branch("files", (node,)), Shown(folded=frozenset({0})))

    shown = text_of(change_table(rows).line(rows[0], 80))

    assert shown.startswith(" ▸ models/weights.json  2499 of 2612 lines, 28 353")
    assert len(shown) == 80


def test_a_file_is_told_with_short_digests_and_all_that_is_known_of_it() -> None:
    node = Change(
        label="weights.npy",
        kind=Kind.CHANGED,
        before="a" * 64,
        after="b" * 64,
        note="4 of 4 tensors",
        details=("all 2 410 numbers, max |d| 3.34", "91.9 % of bytes", "1 range"),
    )
    row = change_rows(branch("files", (node,)))[0]

    assert [text_of(one).rstrip() for one in provenance_lines(row, 60)] == [
        " A  aaaaaaaa  digest",
        " B  bbbbbbbb  digest",
        " note 4 of 4 tensors, all 2 410 numbers, max |d| 3.34, 91.9",
        "      % of bytes, 1 range",
    ]


def test_a_branch_has_a_place_and_no_value() -> None:
    at = Place("params.yaml", 8)
    lr = Change(label="lr", kind=Kind.CHANGED, before=1, after=2)
    optimiser = Change(label="optimiser", kind=Kind.CHANGED, children=(lr,), place_before=at, place_after=at)
    row = change_rows(branch("params", (optimiser,)))[0]

    assert [text_of(one).rstrip() for one in provenance_lines(row, 60)] == [" in   params.yaml:8"]


def test_a_wide_screen_keeps_values_beside_their_keys_and_gives_long_ones_their_room() -> None:
    usual = change_rows(params_tree())
    long = branch("params", (leaf("path", "a/" * 20, "b/" * 20),))

    table = change_table(usual)
    lines = [text_of(table.line(row, 140)) for row in usual]

    assert [text[:80] for text in lines] == [text_of(table.line(row, 80)) for row in usual]
    assert {len(text) for text in lines} == {140}
    (row,) = change_rows(long)
    assert "a/" * 20 in text_of(change_table((row,)).line(row, 140))
    assert "b/" * 20 in text_of(change_table((row,)).line(row, 140))


def test_a_file_of_a_folder_is_not_named_after_it_twice() -> None:
    file = Change(label="models/model.bin", kind=Kind.CHANGED, before="md5:1", after="md5:2")
    same = Change(label="models/vocab.txt", kind=Kind.SAME)
    folder = Change(label="models", kind=Kind.CHANGED, children=(file, same))
    array = Change(label="model.npy", kind=Kind.CHANGED, children=(Change(label="layer1", kind=Kind.SAME),))

    assert is_folder(folder)
    assert not is_folder(array)
    assert change_rows(branch("files", (folder, array))).outline.same == ("models/vocab.txt", "model.npy.layer1")
