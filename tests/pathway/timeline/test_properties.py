"""What holds of every road, whoever's it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bedside.pathway import StepStatus, check
from bedside.pathway.timeline import ProblemKind, Timeline, following
from tests.pathway.builder import ADAPTER, usmle
from tests.pathway.timeline.builder import READY, TODAY, placed, road

SETTINGS = settings(max_examples=25, deadline=None)
STEPS = ("step1", "step2ck")
DAYS = st.dates(date(2026, 11, 30), date(2033, 12, 31))
PAST = st.dates(date(2021, 1, 1), date(2026, 11, 28))
MOVABLE = [one.id for one in road().milestones if not one.each_state]


@st.composite
def attempts(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for step in STEPS:
        n_failed = draw(st.integers(0, 3))
        days = sorted(draw(st.lists(PAST, min_size=n_failed + 1, max_size=n_failed + 1, unique=True)))
        results = ["fail"] * n_failed + [draw(st.sampled_from(["pass", "fail", "pending", ""]))]
        made += [
            {"programme": "usmle", "step": step, "date": day.isoformat(), "result": result}
            for day, result in zip(days, results, strict=True)
            if result
        ]
    return made


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    person = {**READY, "kind": draw(st.sampled_from(["img", "us_md"]))}
    person["citizenship"] = draw(st.sampled_from([["PK"], ["US"]]))
    person["degree"] = draw(st.sampled_from([READY["degree"], {"date": "2028-05-30"}]))
    person["identity_established"] = draw(st.booleans())
    data: dict[str, Any] = {"person": person, "attempts": draw(attempts())}
    data["goals"] = {
        "states": draw(st.sampled_from([[], ["SC"], ["CT", "NE"]])),
        "specialty": draw(st.sampled_from(["family_medicine", "neurological_surgery"])),
    }
    if draw(st.booleans()):
        data["certificates"] = [{"name": "ecfmg", "date": "2026-01-10"}]
    return data


WAYS = st.sampled_from([{}, {"visa": "h1b"}])
moves = st.dictionaries(st.sampled_from(MOVABLE), DAYS, max_size=3)


@SETTINGS
@given(records(), moves, WAYS)
def test_nothing_stands_before_what_it_waits_for(data: dict[str, Any], moved: dict[str, date], chosen: dict[str, str]) -> None:
    found = placed(data, moved=moved, chosen=chosen)
    ends = {one.id: one.done_on if one.is_done else one.end for one in found.milestones}
    gaps = {(one.id, before.id): before.gap for one in road().milestones for before in one.after}
    for one in found.milestones:
        for name in one.after:
            end = ends[name]
            if one.start is not None and end is not None:
                gap = gaps[one.id.partition(".")[0], name.partition(".")[0]]
                assert one.start >= gap.after(end)


@SETTINGS
@given(records(), moves, WAYS)
def test_latest_is_never_before_earliest_and_the_critical_path_has_no_slack(
    data: dict[str, Any], moved: dict[str, date], chosen: dict[str, str]
) -> None:
    found = placed(data, moved=moved, chosen=chosen)
    for one in found.milestones:
        if not one.is_done:
            assert one.latest_start is not None
            assert one.start is not None
            assert one.latest_start >= one.start
            assert one.slack_days == (one.latest_start - one.start).days
    if found.end is not None:
        assert found.critical_path
    assert all(one.slack_days == 0 for one in found.milestones if one.is_critical)


@SETTINGS
@given(records(), moves, st.sampled_from(MOVABLE), st.integers(1, 900), WAYS)
def test_moving_a_thing_later_never_makes_the_end_earlier(
    data: dict[str, Any], moved: dict[str, date], name: str, days: int, chosen: dict[str, str]
) -> None:
    before = placed(data, moved=moved, chosen=chosen)
    stands = before.milestone(name)
    assume(stands is not None and stands.start is not None)
    assert stands is not None
    assert stands.start is not None
    after = placed(data, moved={**moved, name: stands.start + timedelta(days=days)}, chosen=chosen)
    assert before.end is not None
    assert after.end is not None
    assert after.end >= before.end
    starts = {one.id: one.start for one in before.milestones}
    for one in after.milestones:
        earlier = starts[one.id]
        assert one.start is None or earlier is None or one.start >= earlier


@SETTINGS
@given(records(), moves, st.data(), WAYS)
def test_whatever_is_as_late_as_it_may_be_leaves_the_end_where_it_is(
    data: dict[str, Any], moved: dict[str, date], draw: st.DataObject, chosen: dict[str, str]
) -> None:
    before = placed(data, moved=moved, chosen=chosen)
    left = [
        one for one in before.milestones if one.latest_start is not None and one.latest_start > TODAY and not one.is_optional
    ]
    assume(left)
    one = draw.draw(st.sampled_from(left))
    assert one.latest_start is not None
    after = placed(data, moved={**moved, one.id: one.latest_start}, chosen=chosen)
    assert after.end == before.end


@SETTINGS
@given(records(), moves, st.data(), WAYS)
def test_a_day_of_delay_on_the_critical_path_moves_the_end(
    data: dict[str, Any], moved: dict[str, date], draw: st.DataObject, chosen: dict[str, str]
) -> None:
    before = placed(data, moved=moved, chosen=chosen)
    path = [one for one in before.milestones if one.is_critical and one.start is not None and one.start >= TODAY]
    assume(path)
    one = draw.draw(st.sampled_from(path))
    assert one.start is not None
    assert before.end is not None
    after = placed(data, moved={**moved, one.id: one.start + timedelta(days=1)}, chosen=chosen)
    assert after.end is not None
    assert after.end > before.end


@SETTINGS
@given(records(), moves, WAYS)
def test_no_sitting_stands_on_a_day_on_which_the_rules_say_no(
    data: dict[str, Any], moved: dict[str, date], chosen: dict[str, str]
) -> None:
    found = placed(data, moved=moved, chosen=chosen)
    denied = {one.milestone for one in found.problems if one.kind is ProblemKind.DENIED}
    for step in ("step1", "step2ck", "step3"):
        one = found.milestone(step)
        if one is None or one.start is None or step in denied:
            continue
        answer = check(usmle(), ADAPTER.validate_python(_as_it_will_be(data, found, step)), one.start)
        asked = next(answer for answer in answer.steps if answer.step == step)
        assert asked.status is not StepStatus.NEVER
        assert not [reason.rule for reason in asked.reasons if reason.is_met is False]


def _as_it_will_be(data: Mapping[str, Any], found: Timeline, step: str) -> dict[str, Any]:
    """The record with everything on the road that comes before the sitting, written as a person would write it."""
    before = {"step1": (), "step2ck": ("step1",), "step3": ("step1", "step2ck")}[step]
    denied = {one.milestone for one in found.problems if one.kind is ProblemKind.DENIED}
    sat = [
        {"programme": "usmle", "step": one.id, "date": str(one.start), "result": "pass"}
        for one in found.milestones
        if one.id in before and one.start is not None and one.id not in denied
    ]
    out = {one.id: one.done_on for one in found.milestones if one.is_done}
    known = [
        one | {"result": "pass"} if one["result"] == "pending" and str(out.get(one["step"])) == one["date"] else one
        for one in data["attempts"]
    ]
    certificate = found.milestone("ecfmg")
    held = list(data.get("certificates", []))
    if certificate is not None and certificate.end is not None and step == "step3":
        held.append({"name": "ecfmg", "date": str(certificate.end)})
    return {**data, "attempts": [*known, *sat], "certificates": held}


@SETTINGS
@given(records(), moves, WAYS)
@example({"person": {}}, {}, {})
def test_a_road_follows_from_itself_with_no_difference(
    data: dict[str, Any], moved: dict[str, date], chosen: dict[str, str]
) -> None:
    found = placed(data, moved=moved, chosen=chosen)
    same = following(found, placed(data, moved=moved, chosen=chosen))
    assert (same.shifts, same.seasons, same.costs, same.end_days or 0) == ((), (), {}, 0)
    assert sum(found.costs_by_year.values()) == sum(found.costs.values())
