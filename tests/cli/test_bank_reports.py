"""`bedside bank reports`."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from bedside.cli import BAD_INPUT, run
from bedside.site.accounts.actions import add_user
from bedside.site.reflection.models import ItemReport
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


def reported(**fields: object) -> ItemReport:
    """A report on an item; its author has not answered."""
    known = {"part": "key", "text": "It should be\nC.", "item": "renal-0001", "item_version": 2, "hash": "0" * 64, **fields}
    return ItemReport.objects.create(
        user=add_user(f"ada{uuid4().hex[:6]}", password=None, at=T0), sitting=uuid4(), at=T0, **known
    )


def test_open_reports_are_listed_with_their_words(capsys: pytest.CaptureFixture[str]) -> None:
    row = reported()
    reported(text="Closed long ago.", answer="Done.", answered_at=T0, closed_at=T0)

    assert run(["bank", "reports"]) == 0

    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{T0:%Y-%m-%d}  renal-0001 version 2, key, open, by {row.user.username}"
    assert second.strip() == "It should be C."


def test_all_reports_as_json_have_their_answers(capsys: pytest.CaptureFixture[str]) -> None:
    row = reported(answer="Version 3 has it.", answered_at=T0, closed_at=T0)

    assert run(["bank", "reports", "--show", "all", "--json"]) == 0

    [told] = json.loads(capsys.readouterr().out)["reports"]
    assert (told["id"], told["state"], told["answer"]) == (str(row.pk), "closed", "Version 3 has it.")
    assert (told["item"], told["version"], told["hash"], told["collection"]) == ("renal-0001", 2, "0" * 64, None)


def test_no_reports_are_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "reports"]) == 0
    assert capsys.readouterr().out == "no reports\n"


def test_reports_of_a_kind_that_is_none_name_the_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bank", "reports", "--show", "old"]) == BAD_INPUT
    assert "open, closed, all" in capsys.readouterr().err
