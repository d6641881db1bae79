"""What did they do: groups from twenty on, nothing that a smaller group could be reckoned from, and what the page says."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.journeys import AGES, MIN_GROUP, Journey, Result, SmallGroupError, Start, hours_to_ready, hours_until_ready
from bedside.site.accounts.models import User
from bedside.site.journeys.grouping import band_of, parts_of, told_of
from bedside.site.journeys.models import LibraryJourney
from tests.support.journeys import journey, packed, put_in_library, weeks
from tests.support.people import browser_of
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(user: User, clock: Clock) -> Client:
    return browser_of(user)


def many(n: int, *, age: str | None = "50 and over", step: str = "first", hours: float = 10) -> list[Journey]:
    """So many journeys that are ready in their ninth week or later, the longer the later they stand."""
    return [
        journey(
            step=step,
            start=Start(age=age),  # type: ignore[arg-type]
            n_weeks=12,
            weeks=weeks(12, hours=hours + index / 10, ready_in=9 if index % 2 else None),
            results=(Result(11, "exam", step, ("pass", "fail", None)[index % 3]),),
        )
        for index in range(n)
    ]


def page_of(client: Client, query: str = "") -> str:
    answer = client.get(f"/journeys/group{query}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- from twenty on -------------------------------------------------------------------------------------------------------


def test_nineteen_are_told_of_singly_and_twenty_as_a_group(reader: Client) -> None:
    put_in_library(*many(MIN_GROUP - 1))
    few = page_of(reader)
    assert "There are 19 journeys of this step, and a group is told of from 20 on." in few
    assert "Read single stories" in few
    assert "svg" not in reader.get("/journeys/group").content.decode().partition("<main")[2].partition("</main>")[0]

    put_in_library(*many(1))
    enough = page_of(reader)
    assert "What 20 people did. It is not what you will need." in enough
    assert "Hours until ready" in enough


def test_an_empty_library_has_no_group(reader: Client) -> None:
    assert "There are no journeys here yet." in page_of(reader)
    assert "There are no journeys here yet." in page_of(reader, "?step=nothing/here")
    assert reader.get("/journeys/group?age=ancient").status_code == 400
    put_in_library(journey())
    assert "There are 0 journeys of this step" in page_of(reader, "?step=nothing/here")


@pytest.mark.parametrize("gone", ["hidden_at", "withdrawn_at"])
def test_what_is_hidden_or_withdrawn_is_never_counted(reader: Client, gone: str) -> None:
    (first, *_rest) = put_in_library(*many(MIN_GROUP))
    assert reader.get("/journeys/group").context["told"] is not None
    changes = {gone: T0, **({"story": {}} if gone == "withdrawn_at" else {})}
    LibraryJourney.objects.filter(pk=first).update(**changes)
    assert reader.get("/journeys/group").context["told"] is None


def test_examples_are_never_counted(reader: Client, own_content: Path) -> None:
    put_in_library(*many(MIN_GROUP - 1))
    (own_content / "journeys").mkdir()
    (own_content / "journeys" / "one.json").write_bytes(packed(journey(is_example=True)))
    assert reader.get("/journeys/group").context["n"] == MIN_GROUP - 1


def test_a_group_is_of_one_step(reader: Client) -> None:
    put_in_library(*many(MIN_GROUP), *many(5, step="second"))
    assert reader.get("/journeys/group").context["told"].group.n == MIN_GROUP  # the step with the most journeys
    assert reader.get("/journeys/group?step=exam/second").context["told"] is None


# --- nothing can be reckoned out of several groups ------------------------------------------------------------------------


def test_a_part_is_offered_while_what_is_left_over_is_nobody_or_enough() -> None:
    assert [part.n for part in parts_of([*many(20), *many(20, age="under 25")])] == [20, 20]
    assert parts_of([*many(20), *many(19, age="under 25")]) == ()
    # three of no age would be what all but the parts are: the smallest part goes with them
    offered = parts_of([*many(25), *many(22, age="under 25"), *many(3, age=None)])
    assert [(part.age, part.n) for part in offered] == [("50 and over", 25)]


def test_a_part_that_is_not_offered_is_refused_by_its_address_too(reader: Client) -> None:
    put_in_library(*many(25), *many(22, age="under 25"), *many(3, age=None))
    answer = reader.get("/journeys/group?age=under+25")
    assert answer.context["told"] is None
    assert "This part of the group is not told of." in answer.content.decode()
    assert reader.get("/journeys/group?age=50+and+over").context["told"].group.n == 25
    assert reader.get("/journeys/group?age=25+to+29").context["told"] is None
    assert "under 25 22" not in page_of(reader)


def test_a_group_with_too_small_a_rest_is_refused() -> None:
    with pytest.raises(SmallGroupError):
        told_of([*many(25), *many(19, age="under 25")], programme="exam", step="first", age="50 and over")


@given(st.lists(st.integers(min_value=0, max_value=45), min_size=len(AGES) + 1, max_size=len(AGES) + 1))
def test_no_sum_or_difference_of_groups_is_about_fewer_than_twenty(sizes: list[int]) -> None:
    ages = [*AGES, None]
    members = [FEW[age] for age, n in zip(ages, sizes, strict=True) for _ in range(n)]
    offered = [part.n for part in parts_of(members)]
    if len(members) < MIN_GROUP:
        assert offered == []
        return
    left = len(members) - sum(offered)
    pieces = [*offered, *([left] if left else [])]
    assert all(n >= MIN_GROUP for n in pieces)
    assert sum(pieces) == len(members)
    # the groups that are shown are the whole and the parts; each union of pieces has enough
    for size in range(1, len(pieces) + 1):
        assert all(sum(chosen) >= MIN_GROUP for chosen in combinations(pieces, size))


FEW = {age: journey(start=Start(age=age)) for age in [*AGES, None]}


# --- what the page says ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_ready_means_and_that_it_is_no_promise(reader: Client) -> None:
    put_in_library(*many(24))
    said = page_of(reader)
    assert "Ready means here: a chance to pass of 80% or more, as this program reckoned it" in said
    assert "It is not what you will need." in said
    assert "Those who share are not all who tried" in said
    assert "This is no pass rate" in said


def test_the_curve_goes_as_far_as_anybody_was_looked_at_with_how_many_there_were() -> None:
    chosen = many(24)
    told = told_of(chosen, programme="exam", step="first")
    found = told.group.hours_to_ready
    assert (found.n, found.n_ready) == (24, 12)
    assert "12 of 24 were ready; of the others it is known only that it takes longer." in told.picture.said
    assert told.picture.at_risk[0].text == "24"
    assert told.picture.at_risk[-1].text == "0"
    rows = told.picture.table.rows
    assert rows[0] == ("0", "0%", "0–0%", "24")
    hours = [hours_until_ready(one)[0] for one in chosen]
    assert [int(row[3]) for row in rows] == [sum(one >= float(row[0]) for one in hours) for row in rows]
    assert told.quarters == ("111 hours", "123 hours", "not reached")


def test_the_band_is_greenwoods_on_the_scale_of_log_minus_log() -> None:
    # six of 20 ready at 10, 20 and 30 hours, by hand: at 10 hours 3 of 20, at 20 hours 1 of 17, at 30 hours 2 of 16
    found = hours_to_ready([(10, True)] * 3 + [(20, True)] + [(30, True)] * 2 + [(40, False)] * 14)
    band = band_of(found)
    assert [round(one[1], 4) for one in band] == [0, 0.15, 0.2, 0.3]
    assert [(round(one[2], 3), round(one[3], 3)) for one in band[1:]] == [(0.051, 0.396), (0.08, 0.449), (0.147, 0.549)]


def test_the_band_ends_where_everybody_was_ready() -> None:
    band = band_of(hours_to_ready([(10, True), (20, True)]))
    assert band[-1][1] == 1.0
    assert band[-1][3] == 1.0
    assert 0 < band[-1][2] < 1


def test_the_spreads_and_outcomes_are_those_of_the_group() -> None:
    told = told_of(many(24), programme="exam", step="first")
    assert dict(told.outcomes) == {"passed": 8, "failed": 8, "no exam told": 8}
    assert told.spreads[0][0] == "Hours in all"
    assert told.spreads[1] == ("Weeks", "12", "12", "12")
    assert told.spreads[3] == ("Days a week", "5.0", "5.0", "5.0")


def test_a_group_of_whom_nobody_was_ready_has_a_flat_line() -> None:
    chosen = [journey(weeks=weeks(12)) for _ in range(MIN_GROUP)]
    told = told_of(chosen, programme="exam", step="first")
    assert told.quarters == ("not reached",) * 3
    assert told.picture.lines[0].curve.label == "0% ready"
    assert "Of these 20 nobody was ready yet." in told.picture.said
