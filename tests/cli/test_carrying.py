"""`bedside user export` and `import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.cli import BAD_INPUT, INTERRUPTED, run
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.reflection.models import ItemNote
from tests.support import lives
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    user = add_user("ada", password=None, at=T0)
    lives.reviews(40)(user)
    lives.item_note("renal-0001", "look at the gap first")(user)
    return user


@pytest.fixture
def file(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "ada.zip"
    assert run(["user", "export", "ada", "--out", str(out)]) == 0
    capsys.readouterr()
    return out


def test_the_file_is_written_and_told(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ada.zip"
    assert run(["user", "export", "ada", "--out", str(out)]) == 0
    assert "40 reviews, 0 cards, 0 sittings; it may hold keys" in capsys.readouterr().out
    assert out.stat().st_mode & 0o777 == 0o600

    assert run(["user", "export", "ada", "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["counts"]["reviews"], told["bytes"], told["left_out"]) == (40, out.stat().st_size, [])


def test_it_comes_back_to_the_name_in_the_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ItemNote.objects.all().delete()
    assert run(["user", "import", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["item notes: 1 new, 0 changed, 0 here already", 'came to "ada" from a file made for "ada"']
    assert ItemNote.objects.count() == 1

    assert run(["user", "import", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["reviews"] == {"new": 0, "changed": 0, "known": 40, "left_out": 0}
    assert run(["user", "import", str(file)]) == 0
    assert capsys.readouterr().out == "all of it is here already: nothing changed\n"


def test_a_dry_run_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ItemNote.objects.all().delete()
    assert run(["user", "import", str(file), "--dry-run"]) == 0
    assert 'would come to "ada"' in capsys.readouterr().out
    assert not ItemNote.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["export", "nobody", "--out", "{folder}/x.zip"], 'no user is named "nobody"'),
        (["export", "ada", "--out", "{folder}/none/x.zip"], "there is no folder"),
        (["import", "{folder}/none.zip"], "there is no such file"),
        (["import", "{folder}/ada.zip", "--user", "nobody"], 'no user is named "nobody"'),
        (["import", "{folder}/ada.zip", "--from-key", "x"], "--from-key must be 64 hexadecimal digits"),
    ],
)
@pytest.mark.usefixtures("file")
def test_what_can_not_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: str
) -> None:
    assert run(["user", *(one.format(folder=tmp_path) for one in arguments)]) == BAD_INPUT
    captured = capsys.readouterr()
    assert named in captured.err
    assert captured.err.count("\n") == 1


def test_somebody_elses_file_is_refused_where_it_came_from(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_user("eve", password=None, at=T0)
    assert run(["user", "import", str(file), "--user", "eve"]) == BAD_INPUT
    assert "belongs to somebody else here" in capsys.readouterr().err


def test_an_export_that_is_stopped_leaves_nothing(ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bedside.site.carrying.writing.sittings_out", stop)
    assert run(["user", "export", "ada", "--out", str(tmp_path / "ada.zip")]) == INTERRUPTED
    assert list(tmp_path.glob("*ada*")) == []
