"""`bedside bank figure` draws by itself, and `bedside bank figures` lists what there is."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bedside.bank import FIGURE_KINDS
from tests.support.bank_commands import Command


def test_a_figure_is_drawn_to_the_screen_and_to_a_file(bank: Command, tmp_path: Path) -> None:
    out = tmp_path / "strip.svg"
    shown = bank("figure", "ecg rhythm=vt rate=180", "--title", "A strip").out
    parted = bank("figure", "ecg", "rhythm=vt", "rate=180", "--title", "A strip").out
    told = bank("figure", "ecg rhythm=vt rate=180", "--title", "A strip", "--out", str(out))

    assert told.status == 0
    assert told.out == f"made {out}\n"
    assert shown == parted == out.read_text(encoding="utf-8")
    assert ElementTree.fromstring(shown).tag == "{http://www.w3.org/2000/svg}svg"


def test_words_that_name_no_figure_are_refused_with_their_reason(bank: Command) -> None:
    told = bank("figure", "ecg rhythm=vt rate=60")

    assert told.status == 2
    assert "120 to 240" in told.err


def test_the_kinds_are_listed_with_their_words(bank: Command) -> None:
    plain = bank("figures").out
    assert bank("figures", "--json").status == 0
    told = bank.json["figures"]

    assert [one["kind"] for one in told] == list(FIGURE_KINDS)
    assert all(f"bedside bank figure {one['example']}" in plain for one in told)
    assert "rhythm" in told[0]["parameters"]
