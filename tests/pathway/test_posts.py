"""Pay, shortage and loans of the first post: strict to read, dated to the figure, and never guessed for a state."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bedside.pathway import POSTS_RULES, Discipline, Posts, parse_posts, read_posts
from bedside.reading import Source, read_text
from tests.pathway.builder import CONTENT, usmle

REFERENCE = CONTENT.parent / "docs" / "reference" / "posts-format.md"

SMALL = """\
schema: posts/1
name: small
title: "A small file"
checked_on: 2026-11-29
sources: {page: {title: "A page", kind: secondary}}
stipends:
  - {id: s1, pgy: 1, period: "2025", statistic: mean, amount: 68000, currency: USD,
     sources: [page], as_of: 2025-07-01, confidence: high}
wages:
  - {id: w1, specialty: psychiatry, occupation: "Psychiatrists", place: US, period: "May 2023", statistic: mean,
     amount: 250000, currency: USD, sources: [page], as_of: 2023-05-31, confidence: high}
  - {id: w2, specialty: psychiatry, occupation: "Psychiatrists", place: US, period: "May 2024", statistic: mean,
     amount: 260000, currency: USD, sources: [page], as_of: 2024-05-31, confidence: low}
"""


def shipped() -> Posts:
    posts, findings = read_posts(CONTENT / "posts")
    assert findings == ()
    return posts


def spoilt(old: str, new: str) -> list[str]:
    assert old in SMALL
    posts, findings = parse_posts([Source("small.yaml", SMALL.replace(old, new, 1))])
    assert posts == Posts()
    return [finding.rule for finding in findings]


def test_what_ships_has_no_mistake_and_every_figure_says_where_it_was_read() -> None:
    posts = shipped()
    figures = [*posts.stipends, *posts.wages, *posts.shortages, *posts.repayments, *posts.waivers, *posts.rural]

    assert len(figures) > 150
    assert all(posts.sources_of(figure) for figure in figures)
    assert all(figure.as_of <= date(2026, 11, 29) for figure in figures)


def test_every_place_is_one_that_the_rules_know_or_the_country() -> None:
    posts = shipped()
    known = {"US", *(place.code for place in usmle().places)}

    places = {
        *(one.place for one in posts.wages),
        *(one.place for one in posts.shortages),
        *(one.place for one in posts.repayments),
        *(one.place for one in posts.waivers),
        *(one.place for one in posts.rural),
    }

    assert places <= known


def test_a_year_of_training_pays_more_than_the_one_before() -> None:
    amounts = [one.amount for year in range(1, 9) if (one := shipped().stipend(year))]

    assert len(amounts) == 8
    assert amounts == sorted(set(amounts))


def test_the_newest_wage_of_a_specialty_is_told_though_it_is_less_sure() -> None:
    posts, _ = parse_posts([Source("small.yaml", SMALL)])
    wage = posts.wage("psychiatry")

    assert wage is not None
    assert (wage.id, wage.amount) == ("w2", 260000)
    assert wage.is_old(date(2026, 11, 29))
    assert not wage.is_old(date(2025, 5, 31))


def test_a_state_without_a_wage_is_not_given_that_of_the_country() -> None:
    assert shipped().wage("psychiatry", "WY") is None
    assert shipped().wage("psychiatry") is not None


def test_a_shortage_that_two_sources_count_is_told_twice_and_the_newest_first() -> None:
    found = shipped().shortage(Discipline.PRIMARY_CARE, "SC")

    assert [one.as_of for one in found] == [date(2025, 12, 31), date(2025, 3, 31)]
    assert found[0].population is None


def test_programmes_of_the_country_are_offered_beside_those_of_the_state() -> None:
    ids = [one.id for one in shipped().repayments_in("TX")]

    assert ids[0] == "repayment.tx"
    assert "repayment.nhsc" in ids
    assert "repayment.ca" not in ids
    assert [one.place for one in shipped().waivers_in("IN")] == ["IN", "US", "US"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("amount: 68000", "amount: 0", "posts-format"),
        ("amount: 68000", "amount: 68000.5", "posts-format"),
        ("amount: 68000, ", "", "posts-format"),
        ("currency: USD", "currency: dollars", "posts-format"),
        ("     sources: [page], as_of", "     as_of", "posts-format"),
        (", as_of: 2025-07-01", "", "posts-format"),
        (", confidence: high", "", "posts-format"),
        ("pgy: 1", "pgy: 1, bonus: 5", "posts-format"),
        ("place: US", "place: usa", "posts-format"),
        ("[page]", "[pages]", "unknown-source"),
        ("id: w2", "id: w1", "duplicate-id"),
        ("name: small", "name: other", "name-differs"),
    ],
)
def test_a_file_with_one_mistake_gives_no_figure_and_the_mistake_by_name(old: str, new: str, rule: str) -> None:
    assert spoilt(old, new) == [rule]


def test_a_file_that_is_not_yaml_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("schema: [")
    (tmp_path / "small.yaml").write_text(SMALL)
    posts, findings = read_posts(tmp_path)

    assert [finding.rule for finding in findings] == ["unreadable"]
    assert len(posts.wages) == 2


def test_an_absent_folder_has_no_figures(tmp_path: Path) -> None:
    assert read_posts(tmp_path / "nothing") == (Posts(), ())


def test_every_check_is_explained() -> None:
    _, table = read_text(REFERENCE).text.split("| rule | when |")

    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == sorted(POSTS_RULES)
