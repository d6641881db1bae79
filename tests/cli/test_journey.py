"""`bedside journey`: show, key, export, withdraw, import and list."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bedside.cli import BAD_INPUT, FAILED_CHECK, INTERRUPTED, journey_files, run
from bedside.errors import StoreError
from bedside.journeys import Journey, Note, Result, read_journey
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.journeys import sharing, telling
from bedside.site.journeys.models import JourneyShare, LibraryJourney
from bedside.site.keys import is_signed_by
from tests.support.journeys import journey, packed, packed_withdrawal, public_hex
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
THEIRS = Ed25519PrivateKey.generate()
TOLD = journey(
    name="Ada Quaxley",
    notes=(Note(3, "The zebra desk was mine.", date(2026, 3, 24)),),
    results=(Result(11, "exam", "first", "pass", on=date(2026, 5, 20)),),
    begun_on=date(2026, 3, 2),
    shared_on=date(2026, 5, 24),
)
PERSONAL = ("Quaxley", "zebra", "2026-0")


@pytest.fixture(autouse=True)
def _content(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.CONTENT", content)
    monkeypatch.setattr("django.conf.settings.DATA", tmp_path / "own-data")
    for module in (sharing, telling):
        monkeypatch.setattr(module, "journey_of", lambda *_, **__: TOLD)


@pytest.fixture
def ada() -> User:
    return add_user("ada", password=None, at=T0)


def called(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> str:
    assert run(["journey", *map(str, arguments)]) == status, capsys.readouterr()
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *arguments: object, status: int = 0) -> Any:
    return json.loads(called(capsys, *arguments, "--json", status=status))


def answering(monkeypatch: pytest.MonkeyPatch, is_yes: bool) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: is_yes)


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# --- show and key -----------------------------------------------------------------------------------------------------------


def test_show_tells_all_that_could_be_shared(ada: User, capsys: pytest.CaptureFixture[str]) -> None:
    text = called(capsys, "show", "--user", "ada")
    assert text.startswith("exam first: 12 weeks, 120.0 hours\n")
    assert "note 1: week 4, 2026-03-24, in your words: The zebra desk was mine." in text
    assert "start.trained_in: country of training: Pakistan (PK)" in text
    assert "signature" not in text

    as_json = told(capsys, "show", "--user", "ada")
    assert (as_json["name"], as_json["n_weeks"]) == ("Ada Quaxley", 12)
    assert not {"signature", "public_key", "id", "revision"} & set(as_json)


def test_the_key_is_what_a_file_of_trusted_keys_takes(capsys: pytest.CaptureFixture[str]) -> None:
    text = called(capsys, "key")
    assert len(text) == 65
    assert told(capsys, "key") == {"algorithm": "Ed25519", "public_key": text.strip()}


# --- export -----------------------------------------------------------------------------------------------------------------


def test_export_says_what_the_file_holds_before_it_asks(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def asked(*_: object, **__: object) -> bool:
        seen.append(capsys.readouterr().out)
        assert not (tmp_path / "mine.zip").exists()
        return True

    monkeypatch.setattr("typer.confirm", asked)
    assert run(["journey", "export", "--user", "ada", "--out", str(tmp_path / "mine.zip")]) == 0
    (text,) = seen
    assert text.startswith("The file holds exactly this:\n  format: bedside-journey/1\n")
    assert text.count("\n  weeks: ") == 12
    for what in ("your name", "what you wrote", "all dates (times are weeks since the first studied day)"):
        assert f"\n  left out: {what}\n" in text
    assert not [one for one in PERSONAL if one in text]
    assert "to withdraw it: bedside journey withdraw " in capsys.readouterr().out


def test_by_default_name_notes_and_dates_stay_out(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    answer = told(capsys, "export", "--user", "ada", "--out", out, "--yes")
    assert answer["files"] == [str(out / "journey.json"), str(out / "journey.html")]
    assert sorted(one.name for one in out.iterdir()) == ["journey.html", "journey.json"]
    assert {one.stat().st_mode & 0o777 for one in out.iterdir()} == {0o600}
    for one in out.iterdir():
        assert not [word for word in PERSONAL if word in one.read_text(encoding="utf-8")]
    read, message = read_journey((out / "journey.json").read_bytes(), file="x")
    assert isinstance(read, Journey)
    assert is_signed_by(told(capsys, "key")["public_key"], message, read.signature)
    assert answer["holds"] == json.loads((out / "journey.json").read_bytes())


def test_what_is_asked_for_goes_along(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.zip"
    flags = ("--with-name", "--with-text", "--with-dates", "--with-start", "language, level", "--yes")
    text = called(capsys, "export", "--user", "ada", "--out", out, *flags)
    assert "go along word for word" in text
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archive:
        holds = json.loads(archive.read("journey.json"))
    assert (holds["name"], holds["begun_on"], holds["notes"][0]["on"]) == ("Ada Quaxley", "2026-03-02", "2026-03-24")
    assert sorted(holds["start"]) == ["language", "level"]


def test_by_default_country_language_and_years_since_graduation_stay_out(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holds = told(capsys, "export", "--user", "ada", "--out", tmp_path / "out", "--yes")["holds"]
    assert sorted(holds["start"]) == ["age", "level", "work_hours"]
    none = told(capsys, "export", "--user", "ada", "--out", tmp_path / "out", "--with-start", "none", "--yes")["holds"]
    assert none["start"] == {}


def test_a_note_is_left_out_by_the_number_that_show_prints(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = (*TOLD.notes, Note(5, "The second.", date(2026, 4, 8)), Note(6, "The third.", date(2026, 4, 15)))
    for module in (sharing, telling):
        monkeypatch.setattr(module, "journey_of", lambda *_, **__: replace(TOLD, notes=notes))
    assert "note 3: week 7, 2026-04-15, in your words: The third." in called(capsys, "show", "--user", "ada")
    flags = ("--with-text", "--leave-out-note", "1", "--leave-out-note", "3", "--yes")
    out = tmp_path / "out"
    assert "left out: 2 notes" in called(capsys, "export", "--user", "ada", "--out", out, *flags)
    assert [one["text"] for one in json.loads((out / "journey.json").read_bytes())["notes"]] == ["The second."]
    for one in out.iterdir():
        assert not [word for word in ("zebra", "The third") if word in one.read_text(encoding="utf-8")]


def test_a_no_writes_nothing(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, is_yes=False)
    text = called(capsys, "export", "--user", "ada", "--out", tmp_path / "mine.zip", status=FAILED_CHECK)
    assert text.endswith("nothing was written\n")
    assert not (tmp_path / "mine.zip").exists()
    assert not JourneyShare.objects.exists()


def test_no_answer_writes_nothing(ada: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("typer.confirm", stop)
    assert run(["journey", "export", "--user", "ada", "--out", str(tmp_path / "out")]) == INTERRUPTED
    assert not (tmp_path / "out").exists()
    assert not JourneyShare.objects.exists()


def test_a_second_export_is_the_next_revision_of_the_same_journey(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (told(capsys, "export", "--user", "ada", "--out", tmp_path / "out", "--yes") for _ in range(2))
    assert (first["id"], first["revision"], second["revision"]) == (second["id"], 1, 2)


@pytest.mark.parametrize("is_zip", [True, False])
def test_a_disk_that_refuses_leaves_what_was_there(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_zip: bool
) -> None:
    out = tmp_path / ("mine.zip" if is_zip else "out")
    told(capsys, "export", "--user", "ada", "--out", out, "--yes")
    before = {one: one.read_bytes() for one in ([out] if is_zip else out.iterdir())}
    real = Path.replace

    def refuses(self: Path, target: Path) -> Path:
        if Path(target).name in ("journey.html", "mine.zip"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuses)
    assert run(["journey", "export", "--user", "ada", "--out", str(out), "--yes", "--json"]) == BAD_INPUT
    assert "No space left on device" in capsys.readouterr().err
    assert {one: one.read_bytes() for one in ([out] if is_zip else out.iterdir())} == before
    assert JourneyShare.objects.get().revision == 1


def test_a_folder_that_was_not_there_is_not_there_after_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journey_files, "_write", refuses)
    with pytest.raises(StoreError, match="No space left"):
        journey_files.write_folder(tmp_path / "out", {"journey.json": b"{}"})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--out", "{folder}/x.zip", "--json"], "--json asks nothing, so it needs --yes"),
        (["--out", "{folder}/none/x.zip", "--yes"], "there is no folder"),
        (["--out", "{folder}/x.json", "--yes"], "name a file that ends in .zip, or a folder"),
        (["--out", "{folder}/x.zip", "--yes", "--with-start", "age,shoe"], '"shoe" is no part of the beginning'),
        (["--out", "{folder}/x.zip", "--yes", "--with-text", "--leave-out-note", "2"], "there is no note 2"),
        (["--out", "{folder}/x.zip", "--yes", "--with-text", "--leave-out-note", "0"], "there is no note 0"),
        (["--out", "{folder}/x.zip", "--yes", "--leave-out-note", "1"], "no notes go along without --with-text"),
        (["--out", "{folder}/x.zip", "--yes", "--user", "nobody"], 'no user is named "nobody"'),
    ],
)
def test_what_can_not_be_exported_is_refused_in_one_line(
    ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: str
) -> None:
    user = [] if "--user" in arguments else ["--user", "ada"]
    assert run(["journey", "export", *user, *(one.format(folder=tmp_path) for one in arguments)]) == BAD_INPUT
    captured = capsys.readouterr()
    assert named in captured.err
    assert captured.err.count("\n") == 1
    assert not list(tmp_path.glob("x.*"))


# --- withdraw ---------------------------------------------------------------------------------------------------------------


def test_what_was_shared_is_withdrawn_by_a_file(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = told(capsys, "export", "--user", "ada", "--out", tmp_path / "mine.zip", "--yes")
    assert [one["id"] for one in told(capsys, "list", "--mine", "--user", "ada")] == [shared["id"]]
    out = tmp_path / "withdrawal.json"
    assert "give it to whom you gave the journey" in called(capsys, "withdraw", shared["id"], "--user", "ada", "--out", out)
    assert json.loads(out.read_bytes())["id"] == shared["id"]
    assert told(capsys, "list", "--mine", "--user", "ada")[0]["withdrawn_at"] is not None
    assert told(capsys, "import", out)["files"][0]["came"] == "kept"  # it was never in the library here
    refused = told(capsys, "import", tmp_path / "mine.zip", status=BAD_INPUT)
    assert "its owner withdrew this journey" in refused["files"][0]["why"]


def test_nothing_of_somebody_else_is_withdrawn(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = told(capsys, "export", "--user", "ada", "--out", tmp_path / "mine.zip", "--yes")
    for wrong in (["withdraw", shared["id"]], ["withdraw", "x"]):
        assert run(["journey", *wrong, "--out", str(tmp_path / "w.json")]) == BAD_INPUT
    assert not (tmp_path / "w.json").exists()
    assert JourneyShare.objects.get().withdrawn_at is None


# --- import -----------------------------------------------------------------------------------------------------------------


def test_each_file_has_its_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = journey(), journey(revision=2)
    files = [
        file_of(tmp_path, "new.json", packed(one, THEIRS)),
        file_of(tmp_path, "again.json", packed(one, THEIRS)),
        file_of(tmp_path, "bad.json", b'{"format":"bedside-journey/1"}'),
        tmp_path / "none.json",
        file_of(tmp_path, "withdrawal.json", packed_withdrawal(one.id, THEIRS)),
        file_of(tmp_path, "other.json", packed(other, THEIRS)),
    ]
    assert run(["journey", "import", *map(str, files), "--from-key", public_hex(THEIRS)]) == BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        f"{files[0]}: journey {one.id}: new",
        f"{files[1]}: journey {one.id}: came before: nothing changed",
        f"{files[4]}: journey {one.id}: withdrawn",
        f"{files[5]}: journey {other.id}: new",
    ]
    errors = captured.err.splitlines()
    assert len(errors) == 2
    assert f'{files[2]}: field "' in errors[0]
    assert f"{files[3]}: there is no such file" in errors[1]
    assert [row["id"] for row in told(capsys, "list")] == [str(other.id)]


def test_a_file_of_an_unknown_key_is_refused_until_its_key_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, "a.json", packed(journey(), THEIRS))
    answer = told(capsys, "import", path, status=BAD_INPUT)
    assert (answer["n_refused"], answer["files"][0]["came"]) == (1, "refused")
    assert f"--from-key {public_hex(THEIRS)}" in answer["files"][0]["why"]
    assert told(capsys, "import", path, "--from-key", public_hex(THEIRS))["files"][0]["came"] == "new"


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = journey()
    files = [
        file_of(tmp_path, "a.json", packed(one, THEIRS)),
        file_of(tmp_path, "w.json", packed_withdrawal(one.id, THEIRS)),
    ]
    text = called(capsys, "import", *files, "--from-key", public_hex(THEIRS), "--dry-run")
    assert text.splitlines() == [
        f"{files[0]}: journey {one.id}: would be new",
        f"{files[1]}: journey {one.id}: would be withdrawn",
    ]
    assert not LibraryJourney.objects.exists()


def test_what_a_file_says_gives_the_terminal_no_orders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file_of(tmp_path, "a.json", packed(journey(), THEIRS)[:-2] + b',"\\u001b[2J\\u202e":1}')
    assert run(["journey", "import", str(path)]) == BAD_INPUT
    err = capsys.readouterr().err
    assert "a.json: field" in err
    assert not {"\x1b", "\u202e"} & set(err)


def test_a_key_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["journey", "import", str(tmp_path / "a.json"), "--from-key", "x"]) == BAD_INPUT
    assert "--from-key must be 64 hexadecimal digits" in capsys.readouterr().err


# --- list -------------------------------------------------------------------------------------------------------------------


def test_the_library_and_the_examples_are_never_one_list(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "journeys").mkdir()
    example, real = journey(is_example=True), journey()
    file_of(content / "journeys", "one.json", packed(example, THEIRS))
    told(capsys, "import", file_of(tmp_path, "a.json", packed(real, THEIRS)), "--from-key", public_hex(THEIRS))
    assert [(row["id"], row["is_example"]) for row in told(capsys, "list")] == [(str(real.id), False)]
    assert [(row["id"], row["is_example"]) for row in told(capsys, "list", "--examples")] == [(str(example.id), True)]
    lines = called(capsys, "list").splitlines()
    assert lines[0] == "1 journey; those who share are not all who tried"
    assert lines[1] == f"{real.id}  exam first  120 h in 12 weeks, pass  (50 and over, PK, over 20, 20 to 40, ur)"
    assert called(capsys, "list", "--examples").startswith("1 invented example;")
    assert run(["journey", "list", "--examples", "--mine"]) == BAD_INPUT
