"""Names and commands that can be pasted into a shell and mean the same version."""

from __future__ import annotations

import shlex

from msgspec.structs import replace

from mlver_tui.view_models.yanking import called, command_of, list_command, plain_name
from tests.support.explorer import digits_rows

ONE, TWO = digits_rows()[4], digits_rows()[5]


def test_a_name_is_told_apart_where_others_have_it_too() -> None:
    in_another = replace(TWO, name=ONE.name, model="parity")
    in_the_same = replace(TWO, name=ONE.name)

    assert called(ONE, [ONE, TWO]) == "v1.4.0"
    assert called(ONE, [ONE, in_another]) == "digits@v1.4.0"
    assert called(ONE, [ONE, in_the_same]) == (ONE.run or ONE.commit[:12])


def test_hostile_names_are_one_word_or_the_id() -> None:
    assert shlex.split(command_of("show", [replace(ONE, name="a; rm -rf $HOME")])) == [
        "mlver",
        "show",
        "a; rm -rf $HOME",
    ]
    for name in ("-rf", "--help", "x\x1b[2Jy", "a\nb"):
        assert command_of("show", [replace(ONE, name=name)]) == f"mlver show {ONE.run or ONE.commit[:12]}"


def test_the_command_of_a_list_has_its_filter_and_model() -> None:
    assert list_command("csv", "digits", "is:worth x'y") == (
        "mlver list --format csv --model digits --where " + shlex.quote("is:worth x'y")
    )
    assert list_command("json", None, "") == "mlver list --json"


def test_a_name_becomes_a_part_of_a_files() -> None:
    assert plain_name(replace(ONE, name="../../etc/a b")) == "etc_a_b"
