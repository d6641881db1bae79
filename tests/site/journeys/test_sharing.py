"""Sharing one's journey: what is left out stands nowhere, what is shown is written, what was shared can be withdrawn."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bedside.errors import ConflictError, NotFoundError
from bedside.journeys import (
    START_FIELDS,
    Chance,
    Choices,
    Journey,
    Note,
    Result,
    Start,
    Withdrawal,
    journey_as_dict,
    read_journey,
    shared,
)
from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.journeys import files as journey_files
from bedside.site.journeys import sharing, telling
from bedside.site.journeys.files import seen_digest, write_files, zipped
from bedside.site.journeys.holding import held, left_out
from bedside.site.journeys.models import JourneyShare, LibraryJourney
from bedside.site.journeys.standalone import readable_page
from bedside.site.journeys.taking import Came, take
from bedside.site.keys import is_signed_by, journey_key_hex
from tests.support.examples import examples
from tests.support.filled_history import Life, live
from tests.support.journeys import journey, packed, put_in_library, week, weeks
from tests.support.people import person
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

EMAIL = "zoraxa@quaxmail.example"
A_DAY = re.compile(rb"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?!\d)")
MONTHS = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
A_WRITTEN_DAY = re.compile(rf"\b(?:\d{{1,2}} {MONTHS}|{MONTHS} \d{{1,4}})\b".encode())
# words that no page and no number in hexadecimal has by chance
MARKERS = st.text(alphabet="qxzjvkw", min_size=7, max_size=12)
DAYS = st.dates(min_value=date(2019, 1, 1), max_value=date(2031, 12, 31))
CHOICES = st.builds(
    Choices,
    has_name=st.booleans(),
    has_text=st.booleans(),
    has_dates=st.booleans(),
    start=st.frozensets(st.sampled_from(START_FIELDS)),
    left_out_notes=st.frozensets(st.integers(0, 4), max_size=3),
)
STARTS = st.builds(
    Start,
    age=st.sampled_from([None, "40 to 49", "50 and over"]),
    trained_in=st.sampled_from([None, "PK", "DE"]),
    years_since_graduation=st.sampled_from([None, "6 to 10", "over 20"]),
    work_hours=st.sampled_from([None, "none", "over 40"]),
    language=st.sampled_from([None, "ur", "de"]),
    level=st.one_of(st.none(), st.integers(0, 1000)),
    coaching=st.sampled_from([None, "none", "a whole course"]),
    career=st.sampled_from([None, "something else"]),
    tries=st.sampled_from([None, "none", "several"]),
)


@st.composite
def whole_journeys(draw: st.DrawFn) -> Journey:
    """A journey with everything in it that a person could let go."""
    begun = draw(DAYS)
    notes = tuple(
        Note(week, f"m{draw(MARKERS)} m{draw(MARKERS)}", begun + timedelta(weeks=week))
        for week in sorted(draw(st.lists(st.integers(0, 11), max_size=4)))
    )
    return journey(
        name=f"n{draw(MARKERS)}",
        start=draw(STARTS),
        weeks=weeks(draw(st.integers(0, 12)), ready_in=draw(st.one_of(st.none(), st.integers(0, 11)))),
        notes=notes,
        results=(Result(4, "form", "first", right=612), Result(11, "exam", "first", "pass", on=begun + timedelta(weeks=11))),
        begun_on=begun,
        shared_on=begun + timedelta(weeks=12),
    )


@contextmanager
def telling_of(told: Journey) -> Iterator[None]:
    """The record tells this journey."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "journey_of", lambda *_, **__: told)
        patch.setattr(telling, "journey_of", lambda *_, **__: told)
        yield


def told_by(user: User, choices: Choices) -> tuple[Journey, dict[str, bytes], bytes]:
    """What is written with these choices: the journey, its files, and the ZIP of them."""
    content = current_content()
    seen = sharing.preview(user, content, choices, at=T0)
    made = write_files(user, content, choices, at=T0, seen=seen_digest(seen))
    return made.journey, made.members, zipped(made)


# --- what is left out -------------------------------------------------------------------------------------------------------


@given(told=whole_journeys(), choices=CHOICES)
@example(told=journey(name="qxzjvkwq", notes=(), begun_on=date(2026, 3, 2)), choices=Choices())
@hypothesis_settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_not_chosen_stands_nowhere_in_the_files(user: User, told: Journey, choices: Choices) -> None:
    User.objects.filter(pk=user.pk).update(username="zoraxa-quax", email=EMAIL)
    with telling_of(told):
        written, members, archive = told_by(User.objects.get(pk=user.pk), choices)

    everything = b"\n".join([*members.values(), *map(str.encode, members), archive])
    for secret in ("zoraxa", "quax", EMAIL, str(user.pk), user.pk.hex):
        assert secret.encode() not in everything
    if not choices.has_name:
        assert told.name is not None
        assert told.name.encode() not in everything
    if not choices.has_text:
        assert not [word for note in told.notes for word in note.text.split() if word.encode() in everything]
    notes = list(enumerate(told.notes if choices.has_text else ()))
    kept = " ".join(note.text for place, note in notes if place not in choices.left_out_notes)
    gone = [word for place, note in notes if place in choices.left_out_notes for word in note.text.split() if word not in kept]
    assert not [word for word in gone if word.encode() in everything]
    assert [note.text for note in written.notes] == [note.text for place, note in notes if place not in choices.left_out_notes]
    if not choices.has_dates:
        for content in members.values():
            assert not A_DAY.search(content)
            assert not A_WRITTEN_DAY.search(content)
    else:  # what looks for days finds those that are there
        assert A_DAY.search(members["journey.json"])
        assert A_WRITTEN_DAY.search(members["journey.html"])
    for name in START_FIELDS:
        value = getattr(told.start, name) if name in choices.start else None
        assert json.loads(members["journey.json"])["start"].get(name) == value
        assert getattr(written.start, name) == value


@given(told=whole_journeys(), choices=CHOICES)
@hypothesis_settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_is_drawn_from_the_signed_file_and_nothing_else(user: User, told: Journey, choices: Choices) -> None:
    with telling_of(told):
        _, members, _ = told_by(user, choices)
    reread, message = read_journey(members["journey.json"], file="journey.json")
    assert isinstance(reread, Journey)
    assert is_signed_by(reread.public_key, message, reread.signature)
    assert members["journey.html"] == readable_page(reread)


def test_a_zip_does_not_say_when_it_was_made(user: User) -> None:
    with telling_of(journey()):
        _, members, archive = told_by(user, Choices())
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert [info.filename for info in opened.infolist()] == list(members) == ["journey.json", "journey.html"]
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(info.comment or info.extra for info in opened.infolist())
        assert opened.comment == b""


def test_the_real_record_leaves_nothing_either(user: User, clock: Clock) -> None:
    User.objects.filter(pk=user.pk).update(username="zoraxa-quax", email=EMAIL)
    live(user, current_content(), Life(days=40), at=clock.now())
    Profile.objects.create(user=user, programme="exam", step="first")
    made = sharing.preview(User.objects.get(pk=user.pk), current_content(), Choices(), at=clock.now())
    text = json.dumps(journey_as_dict(made)).encode() + readable_page(made)
    assert made.minutes > 0
    assert not A_DAY.search(text)
    assert b"quax" not in text
    assert str(user.pk).encode() not in text


# --- what is shown is what is written ---------------------------------------------------------------------------------------


@given(told=whole_journeys(), choices=CHOICES)
@hypothesis_settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_field_of_the_file_is_said_in_words(told: Journey, choices: Choices) -> None:
    made = shared(told, choices)
    lines = held(made)
    named = [one.field for one in lines]
    as_json = journey_as_dict(made)
    assert {name.split(".")[0] for name in named} == {name for name in as_json if as_json[name] not in ({}, [])}
    for name in ("weeks", "results", "notes"):
        assert named.count(name) == len(as_json[name])
    assert [name for name in named if name.startswith("start.")] == [f"start.{one}" for one in as_json["start"]]
    said = "\n".join(one.said for one in lines)
    assert all(text in said for text in _texts(as_json) if len(text) > 5 and text != made.signature and text != str(made.id))
    assert len(left_out(made)) == sum(value is None for value in (made.name, made.begun_on, *_start_values(made))) + (
        not made.notes
    )


def test_at_first_country_language_and_years_stay_out() -> None:
    assert set(journey_as_dict(shared(journey(), Choices()))["start"]) == {"age", "work_hours", "level"}


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (Chance(0, 0, 0), "less than 1%; "),
        (Chance(3, 0, 8), "less than 1%; "),
        (Chance(4, 0, 62), "less than 1%, between less than 1% and 6%; "),
        (Chance(820, 671, 970), "82%, between 67% and 97%; "),
        (Chance(1000, 995, 1000), "more than 99%; "),
    ],
)
def test_a_chance_is_said_as_on_the_other_pages(chance: Chance, said: str) -> None:
    told = journey(weeks=(replace(week(0), chance=chance),))
    (line,) = [one.said for one in held(told) if one.field == "weeks"]
    assert f"{line}; ".endswith(f"chance to pass at its end: {said}")


def _start_values(one: Journey) -> list[object]:
    return [getattr(one.start, name) for name in START_FIELDS]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value.replace("practice_test", "practice test")
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            pass


def test_a_record_that_changed_since_it_was_shown_is_not_written(user: User) -> None:
    with telling_of(journey()):
        seen = seen_digest(sharing.preview(user, current_content(), Choices(), at=T0))
    with telling_of(journey(n_weeks=13)), pytest.raises(ConflictError, match="no longer what was shown"):
        write_files(user, current_content(), Choices(), at=T0, seen=seen)
    assert not JourneyShare.objects.exists()


def test_other_choices_than_those_that_were_shown_are_not_written(user: User) -> None:
    with telling_of(journey(name="Ada")):
        seen = seen_digest(sharing.preview(user, current_content(), Choices(), at=T0))
        with pytest.raises(ConflictError):
            write_files(user, current_content(), Choices(has_name=True), at=T0, seen=seen)


def test_the_same_journey_is_written_again_under_its_id_with_the_next_revision(user: User) -> None:
    with telling_of(journey()):
        first, _, _ = told_by(user, Choices())
        second, _, _ = told_by(user, Choices(has_text=True))
    assert (first.id, first.revision, second.revision) == (second.id, 1, 2)


def test_one_person_s_share_is_nobody_else_s(user: User) -> None:
    eve = person("eve")
    with telling_of(journey()):
        mine, _, _ = told_by(user, Choices())
        theirs, _, _ = told_by(eve, Choices())
    assert mine.id != theirs.id
    with pytest.raises(NotFoundError):
        sharing.withdraw(eve, mine.id, at=T0)


# --- the page that stands alone ---------------------------------------------------------------------------------------------


def test_the_page_stands_alone_and_its_policy_lets_nothing_in() -> None:
    text = readable_page(journey(name="Ada", begun_on=date(2026, 3, 2))).decode()
    assert not re.search(
        r"<script|<link|<img|<iframe|<object|<form|\s(?:href=(?!\"#)|(?:src|srcset|action|style|on\w+)=)|url\(|@import", text
    )
    assert not re.search(r"https?://", text.replace("http://www.w3.org/2000/svg", ""))
    (sheet,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text
    assert "prefers-color-scheme: dark" in sheet
    assert len(text) < 200_000


def test_the_page_says_at_its_head_what_it_is() -> None:
    head = readable_page(journey()).decode().split("<main")[1].split("</p>")[0]
    assert "one person's record, told with their consent" in head.replace("&#x27;", "'")
    assert "those who share are not all who tried" in head
    assert "invented example" in readable_page(journey(is_example=True)).decode()


def test_the_page_says_that_the_signed_file_is_the_truth() -> None:
    assert "where the two differ, the file is right" in readable_page(journey()).decode()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ settings.SECRET_KEY }}"])
def test_signs_of_html_in_a_text_are_shown_as_text(text: str) -> None:
    shown = readable_page(journey(name=text, notes=(Note(1, text),), begun_on=date(2026, 3, 2))).decode()
    assert "<script" not in shown
    assert "<img" not in shown
    assert str(settings.SECRET_KEY) not in shown


# --- withdrawing ------------------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_signed_and_takes_the_journey_from_this_library_at_once(user: User) -> None:
    with telling_of(journey()):
        one, members, _ = told_by(user, Choices())
    put_in_library(one)
    read, message = read_journey(sharing.withdraw(user, one.id, at=T0), file="withdrawal")
    assert isinstance(read, Withdrawal)
    assert is_signed_by(journey_key_hex(settings.DATA), message, read.signature)
    row = LibraryJourney.objects.get(pk=one.id)
    assert (row.story, row.withdrawn_at) == ({}, T0)
    with pytest.raises(ConflictError, match="withdrew"):
        take(members["journey.json"], file="old", actor=None, at=T0)


def test_a_withdrawal_that_was_lost_is_written_anew(user: User) -> None:
    with telling_of(journey()):
        one, _, _ = told_by(user, Choices())
    assert sharing.withdraw(user, one.id, at=T0) == sharing.withdraw(user, one.id, at=T0 + timedelta(days=1))
    assert JourneyShare.objects.get(pk=one.id).withdrawn_at == T0


def test_who_shares_again_after_withdrawing_shares_a_new_journey(user: User) -> None:
    with telling_of(journey()):
        before, _, _ = told_by(user, Choices())
        sharing.withdraw(user, before.id, at=T0)
        after, members, _ = told_by(user, Choices())
    assert (after.id != before.id, after.revision) == (True, 1)
    assert take(members["journey.json"], file="new", actor=None, at=T0).came is Came.NEW


def test_what_an_earlier_key_signed_is_neither_withdrawn_nor_written_anew_by_the_present_one(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "before")
    with telling_of(journey()):
        before, members, _ = told_by(user, Choices())
        monkeypatch.setattr(settings, "DATA", tmp_path / "after")
        with pytest.raises(ConflictError, match=rf"signed by the key {before.public_key}.*signing_key\.pem"):
            sharing.withdraw(user, before.id, at=T0)
        after, _, _ = told_by(user, Choices())
    assert JourneyShare.objects.get(pk=before.id).withdrawn_at is None
    assert (after.id != before.id, after.revision) == (True, 1)
    assert after.public_key != before.public_key
    # its own file is still taken as its owner's, and with the key back it is withdrawn
    taken = take(members["journey.json"], file="old", actor=None, at=T0, from_keys=[before.public_key])
    assert taken.came is Came.NEW
    monkeypatch.setattr(settings, "DATA", tmp_path / "before")
    assert take(sharing.withdraw(user, before.id, at=T0), file="w", actor=None, at=T0).came is Came.UNCHANGED
    assert LibraryJourney.objects.get(pk=before.id).withdrawn_at == T0


def test_a_zip_that_is_no_zip_or_has_no_journey_is_refused_by_name() -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("other.json", "{}")
    for bad, why in ((empty.getvalue(), "has no journey.json"), (b"PK\x03\x04 and no more", "can't be read")):
        with pytest.raises(ValueError, match=f"x.zip: this ZIP {why}"):
            journey_files.signed_part(bad, file="x.zip")
    assert journey_files.signed_part(packed(journey()), file="x").startswith(b"{")
