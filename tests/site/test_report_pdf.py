"""The report as PDF: what stands in it, what is kept out of it, and that text is only ever text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.exam.pdf import Wanted, report_pdf
from tests.support.pdf import pages_of, text_of_pdf
from tests.support.sat import Day, made_sitting, sat
from tests.support.site import Clock, Player, get

pytestmark = pytest.mark.django_db

HOSTILE = [
    "#panic()",
    '#read("/etc/passwd")',
    "$x^2$ *bold* _it_ = head",
    "<label> @cite [x] {y}",
    "// gone /* gone */",
    "\\u{41} \\ ~ -- --- ' \"",
    '"] #sys.inputs ["',
    "- list\n+ list",
    "https://example.org/",
]


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    visitor = Client()
    visitor.force_login(user)
    return visitor


def told(client: Client, player: Player) -> dict[str, Any]:
    return get(client, f"{player.path}/report")


def squeezed(text: str) -> str:
    return "".join(text.split())


def made(report: dict[str, Any], wanted: Wanted | None = None, *, title: str = "First step", form: str = "whole form") -> bytes:
    return report_pdf(report, wanted or Wanted(), title=title, form=form)


def test_it_says_the_result_with_its_interval_and_what_it_rests_on(
    reader: Client, client: Client, user: User, clock: Clock
) -> None:
    player = sat(client, user, Day(), clock)
    report = told(client, player)

    answer = reader.get(f"/report/{player.sitting}.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    text = text_of_pdf(answer.content)
    score = report["score"]
    assert squeezed(f"{score['n_correct']} of 20 right: {score['percent']:.0f}%") in text
    assert squeezed(f"between {score['low']:.0f}% and {score['high']:.0f}%") in text
    for sentence in [*report["rests_on"]["said"], *(one["text"] for one in report["findings"]["said"])]:
        assert squeezed(sentence) in text, sentence
    assert report["score_digest"] in text


def test_the_same_report_is_the_same_bytes(client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(), clock))

    assert made(report) == made(report)


def test_it_is_tagged_for_a_screen_reader(client: Client, user: User, clock: Clock) -> None:
    pdf = made(told(client, sat(client, user, Day(), clock)))

    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(en)" in pdf
    assert b"/S/TH" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_only_fonts_that_come_with_the_package_are_in_it(client: Client, user: User, clock: Clock) -> None:
    pdf = made(told(client, sat(client, user, Day(), clock)))

    assert set(re.findall(rb"/FontName/[A-Z]{6}\+(\w+)", pdf)) == {b"LibertinusSerif"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_that_looks_like_markup_is_shown_as_it_is(hostile: str, client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(blocks=1, items=3), clock))
    report["axes"][0]["title"] = hostile
    report["axes"][0]["rows"][0]["label"] = hostile
    report["items"][0]["id"] = hostile
    report["rests_on"]["said"].append(hostile)
    report["findings"]["said"][0]["text"] = hostile

    text = text_of_pdf(made(report, Wanted(name=hostile), title=hostile, form=hostile))

    # title, name, form, axis, area, finding, what it rests on, item
    assert text.count(squeezed(hostile)) == 8


@pytest.mark.parametrize(
    "name", ["王小明", "हिन्दी", "محمد", "😀", "a\x00\x01b", "\u202eabc", "\ufffe", "\ud800", "", "a" * 5000]
)
def test_a_name_in_any_letters_gives_a_report(name: str, client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(blocks=1, items=3), clock))

    pdf = made(report, Wanted(name=name))

    assert "Firststep" in text_of_pdf(pdf)
    assert report["score_digest"] in text_of_pdf(pdf)


def test_control_characters_and_what_turns_the_direction_of_text_are_taken_out(
    client: Client, user: User, clock: Clock
) -> None:
    report = told(client, sat(client, user, Day(blocks=1, items=3), clock))

    assert "Adaabc" in text_of_pdf(made(report, Wanted(name="Ada\u202e\x00abc")))


def test_an_item_has_one_line_and_neither_its_text_nor_its_key(
    reader: Client, client: Client, user: User, clock: Clock
) -> None:
    player = sat(client, user, Day(), clock)

    text = text_of_pdf(reader.get(f"/report/{player.sitting}.pdf").content)

    assert all(squeezed(f"{item['id']}, 1") in text for item in told(client, player)["items"])
    assert "24-year-old" not in text
    assert "Reason" not in text


def test_the_name_is_in_it_only_where_it_is_wanted(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(), clock)

    without = reader.get(f"/report/{player.sitting}.pdf").content
    named = reader.get(f"/report/{player.sitting}.pdf", {"name": "on"}).content

    assert user.username not in text_of_pdf(without)
    assert b"dc:creator" not in without
    assert user.username in text_of_pdf(named)
    assert b"dc:creator" in named


def test_an_accommodation_shows_in_nothing_that_is_handed_on(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=4, time_factor=Fraction(2)), clock)

    without = text_of_pdf(reader.get(f"/report/{player.sitting}.pdf").content)
    told_of = text_of_pdf(reader.get(f"/report/{player.sitting}.pdf", {"accommodation": "on"}).content)

    assert "Accommodation" not in without
    assert "Hour1" not in without  # more hours than the form has would tell of it
    assert "09:" not in without
    assert squeezed("Accommodation: time times 2.") in told_of
    assert "Hour1" in told_of


def test_somebody_elses_is_not_found_and_one_that_goes_on_leads_back(
    reader: Client, client: Client, user: User, clock: Clock
) -> None:
    player = sat(client, user, Day(), clock)
    going_on, _writer = made_sitting(user, Day(), clock)
    stranger = Client()
    stranger.force_login(User.objects.create(username="eve"))

    assert stranger.get(f"/report/{player.sitting}.pdf").status_code == 404
    assert reader.get(f"/report/{going_on}.pdf").headers["Location"] == f"/sit/{going_on}"


def test_a_pdf_gives_the_keys_out_as_the_page_does(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(), clock)

    reader.get(f"/report/{player.sitting}.pdf")

    log = get(client, f"{player.path}/events")["events"]
    assert log[-1]["type"] == "disclosed"


def test_a_whole_day_fits_on_some_pages(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=14, items=20), clock)

    pages = pages_of(reader.get(f"/report/{player.sitting}.pdf").content)

    assert 3 < len(pages) < 12
    assert "Block 14" in "".join(pages)
