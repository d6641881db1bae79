"""The plan: the weeks ahead and the road, kept for a day and made again, the page, and what a person says about it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.test import Client

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.actions import add_user, update_profile
from bedside.site.accounts.models import Profile, User
from bedside.site.blueprint import NOTHING
from bedside.site.content import current_content
from bedside.site.planning import actions, wholes
from bedside.site.planning.calendars import times_of
from bedside.site.planning.models import KeptPlan, StudyCalendar, StudyGoal
from bedside.site.planning.nightly import rebuild, rebuild_all
from bedside.site.planning.plan_json import plan_from, plan_json
from bedside.site.planning.planned import made_plan
from bedside.site.planning.queries import plan_of
from bedside.site.planning.spent import spent_between
from bedside.site.planning.standing import standing_of
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from bedside.study import Kind, build_plan
from tests.support.people import browser_of
from tests.support.plans import DAY, learn, write_many
from tests.support.site import PROGRAMME, Clock, new_player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
TODAY = T0.date()
FIRST = PROGRAMME[PROGRAMME.index("  - name: first") :]
SECOND = FIRST.replace("first", "second").replace("First", "Second")


@pytest.fixture
def names(own_content: Path) -> list[str]:
    """Twenty-four takeaways for one step; a second step that has no items."""
    (own_content / "programmes" / "exam.yaml").write_text(PROGRAMME + SECOND, encoding="utf-8")
    return write_many(own_content)


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser, with an exam in ten weeks and half an hour a day."""
    update_profile(user, at=T0, programme="exam", step="first", exam_on=TODAY + timedelta(weeks=10), minutes_a_day=30)
    return browser_of(user)


def form(**changes: str) -> dict[str, str]:
    week = {f"minutes_{day}": "30" for day in range(7)}
    return {"step": "exam/first", "exam_on": (TODAY + timedelta(weeks=10)).isoformat(), **week, **changes}


def words(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/plan").content.decode()).split())


# --- the plan ---------------------------------------------------------------------------------------------------------------


def test_the_plan_says_when_each_area_is_first_complete(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    found = plan_of(user, current_content(), at=clock.now())
    assert found.exam_on == TODAY + timedelta(weeks=10)
    assert len(found.plan.weeks) == 10
    assert set(found.plan.completed_by()) == {0, 1, 2}
    text = words(reader)
    assert "Everything that the bank has can be met by then." in text
    assert re.search(r"When each area is first complete \d+ \w+ \d{4} \w", text)
    assert "There is too little to forecast from: 0 new questions were answered so far." in text
    assert "Expected share right" not in text


def test_a_date_that_cannot_be_met_says_what_would_do(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    reader.post("/plan", form(exam_on=(TODAY + timedelta(days=5)).isoformat(), **{f"minutes_{day}": "5" for day in range(7)}))
    text = words(reader)
    assert "Not everything that the bank has can be met by then." in text
    assert re.search(r"What would do: \d+ minutes on a day of study, or the exam on \d+ \w+ \d{4}\.", text)


def test_the_kept_plan_reads_back_as_it_was_made(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names[:5], clock.now() - 3 * DAY)
    standing = standing_of(user, current_content(), at=clock.now())
    plan = build_plan(standing.state, standing.forecast, standing.times.calendar, standing.on)
    back = plan_from(plan_json(plan, standing.area_codes), standing.area_codes)

    assert (back.on, back.exam_on, back.completed_by()) == (plan.on, plan.exam_on, plan.completed_by())
    for one, other in zip(back.weeks, plan.weeks, strict=True):
        assert (one.starts_on, one.phase) == (other.starts_on, other.phase)
        assert np.allclose(one.new_minutes, other.new_minutes, atol=0.06)
        assert abs(one.score.expected - other.score.expected) < 1e-4
    assert plan_json(back, standing.area_codes)["weeks"] == plan_json(plan, standing.area_codes)["weeks"]


def test_the_plan_is_made_again_each_night_and_after_each_change(
    reader: Client, user: User, clock: Clock, names: list[str]
) -> None:
    reader.get("/plan")
    first = KeptPlan.objects.get(user=user)
    reader.get("/plan")
    assert KeptPlan.objects.get(user=user).made_at == first.made_at
    clock.pass_s(60)
    actions.add_days_off(user, TODAY + 3 * DAY, TODAY + 9 * DAY, at=clock.now())
    reader.get("/plan")
    second = KeptPlan.objects.get(user=user)
    assert second.inputs != first.inputs
    assert second.plan["weeks"][0]["minutes"] < first.plan["weeks"][0]["minutes"]
    clock.at += DAY
    rebuild(user, current_content(), at=clock.now())
    assert KeptPlan.objects.filter(user=user).count() == 2


def test_a_missed_week_never_makes_a_week_longer(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names[:6], clock.now())
    before = plan_of(user, current_content(), at=clock.now()).plan
    clock.at += 8 * DAY
    after = plan_of(user, current_content(), at=clock.now()).plan
    assert max(week.minutes for week in after.weeks) <= max(week.minutes for week in before.weeks)
    assert after.weeks[0].upkeep_minutes <= 0.7 * after.weeks[0].minutes


def test_plans_are_made_for_all_who_study(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    add_user("nobody", password=None, at=T0)
    other = add_user("other", password=None, at=T0)
    learn(other, names[:1], clock.now())
    assert rebuild_all(current_content(), at=clock.now()).n_people == 2
    assert set(KeptPlan.objects.values_list("user__username", flat=True)) == {"ada", "other"}


def test_nothing_is_closed_by_a_step_without_items_or_a_date(user: User, clock: Clock, names: list[str]) -> None:
    update_profile(user, at=T0, programme="exam", step="second")
    text = words(browser_of(user))
    assert "Second step has no date yet." in text
    assert "The bank has no items for this exam." in text
    update_profile(user, at=T0, programme="", step="", exam_on=TODAY - 3 * DAY)
    assert "The exam was on" in words(browser_of(user))


# --- the road ---------------------------------------------------------------------------------------------------------------


def test_exams_after_the_next_are_a_road_over_years(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    reader.post("/plan/goals", {"step": "exam/second", "exam_on": (TODAY + timedelta(days=400)).isoformat()})
    told = made_plan(user, current_content(), at=clock.now())
    assert [leg["goal"] for leg in told["road"]] == ["exam/first", "exam/second"]
    assert told["road"][1]["on"] == (TODAY + timedelta(weeks=10, days=1)).isoformat()
    assert "Second step" in words(reader)
    key = StudyGoal.objects.get(user=user).key
    reader.post("/plan/goals", {"remove": str(key)})
    assert StudyGoal.objects.get(user=user).removed_at is not None
    assert made_plan(user, current_content(), at=clock.now())["road"] == []


def test_an_exam_before_the_one_it_follows_is_said(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    actions.add_goal(
        user, current_content(), programme="exam", step="second", exam_on=TODAY + timedelta(days=9), at=clock.now()
    )
    told = made_plan(user, current_content(), at=clock.now())
    assert told["road_problem"] == "exam/second"
    assert "can't be placed" in words(reader)


def test_an_exam_without_a_date_is_proposed_one(user: User, clock: Clock, names: list[str]) -> None:
    update_profile(user, at=T0, programme="exam", step="first", minutes_a_day=10)
    actions.add_goal(user, current_content(), programme="exam", step="second", exam_on=None, at=clock.now())
    told = made_plan(user, current_content(), at=clock.now())
    assert told["road"][0]["is_proposed"]
    assert told["road"][0]["exam_on"] > (TODAY + timedelta(weeks=2)).isoformat()


# --- what a person says -----------------------------------------------------------------------------------------------------


def test_equal_minutes_are_those_of_the_profile_and_the_last_word_counts(user: User, clock: Clock) -> None:
    actions.set_week(user, [45] * 7, at=T0)
    assert Profile.objects.get(user=user).minutes_a_day == 45
    actions.set_week(user, [60, 60, 60, 60, 60, 120, 0], at=T0)
    assert times_of(user, Profile.objects.get(user=user)).calendar.weekday_minutes == (60, 60, 60, 60, 60, 120, 0)
    update_profile(user, at=T0, minutes_a_day=20)
    assert times_of(user, Profile.objects.get(user=user)).calendar.weekday_minutes == (20,) * 7


def test_the_form_keeps_what_was_sent_and_names_what_is_wrong(
    reader: Client, user: User, clock: Clock, names: list[str]
) -> None:
    answer = reader.post("/plan", form(minutes_2="2000", exam_on="soon"))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "A day has 1440 minutes." in html
    assert "Write the day as 2027-03-14, or leave it empty." in html
    assert 'id="minutes_2" name="minutes_2" min="0" max="1440" required value="2000" aria-invalid="true"' in html
    assert reader.post("/plan", form(step="exam/third")).status_code == 400


def test_days_off_come_and_go(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    first, last = TODAY + 3 * DAY, TODAY + 5 * DAY
    reader.post("/plan/days-off", {"first": first.isoformat(), "last": last.isoformat()})
    assert StudyCalendar.objects.get(user=user).days_off == [[first.isoformat(), last.isoformat()]]
    assert reader.post("/plan/days-off", {"first": last.isoformat(), "last": first.isoformat()}).status_code == 400
    assert reader.post("/plan/days-off", {"first": "soon"}).status_code == 400
    reader.post("/plan/days-off", {"remove": f"{first.isoformat()}/{last.isoformat()}"})
    assert StudyCalendar.objects.get(user=user).days_off == []
    assert reader.post("/plan/days-off", {"remove": "soon"}).status_code == 400


def test_what_is_no_week_no_range_and_no_goal_is_refused(user: User, clock: Clock, names: list[str]) -> None:
    content = current_content()
    for week in ([30] * 6, [30] * 6 + [-1], [30] * 6 + [1441]):
        with pytest.raises(UsageError):
            actions.set_week(user, week, at=T0)
    with pytest.raises(UsageError):
        actions.add_days_off(user, TODAY, TODAY + 2000 * DAY, at=T0)
    with pytest.raises(UsageError):
        actions.add_goal(user, content, programme="exam", step="third", exam_on=None, at=T0)
    with pytest.raises(NotFoundError):
        actions.remove_goal(user, StudyGoal().key, at=T0)


def test_another_person_sees_nothing_of_it(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    actions.add_days_off(user, TODAY + 3 * DAY, TODAY + 3 * DAY, at=T0)
    goal = actions.add_goal(user, current_content(), programme="exam", step="second", exam_on=None, at=T0)
    other = browser_of(add_user("other", password=None, at=T0))
    assert "Second step" not in words(other).partition("Exams after this one")[2].partition("Exam ")[0]
    assert other.post("/plan/goals", {"remove": str(goal.key)}).status_code == 404


def test_each_number_of_the_picture_stands_in_its_table(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    html = reader.get("/plan").content.decode()
    found = plan_of(user, current_content(), at=clock.now())
    rows = re.search(r'id="table-weeks".*?</table>', html, re.DOTALL)
    assert rows is not None
    assert rows.group().count('<th scope="row">') == len(found.plan.weeks)
    n_bars = sum(float(week.new_minutes.sum()) > 0 for week in found.plan.weeks)
    n_bars += sum(week.upkeep_minutes > 0 for week in found.plan.weeks) + sum(
        week.block_minutes > 0 for week in found.plan.weeks
    )
    assert html.count('<rect class="bar"') == n_bars
    assert len(html.encode()) < 60_000


# --- hours ------------------------------------------------------------------------------------------------------------------


def test_hours_come_from_answers_and_cards(reader: Client, user: User, client: Client, clock: Clock, names: list[str]) -> None:
    player = new_player(client, clock, mode="tutor", items=3)
    items = [item["id"] for item in player.open_block()]
    for item in items:
        clock.pass_s(90)  # half a minute for the answer, a minute for what is read after the one before
        player.do("answered", item=item, choice=["B"], ms=30_000)
    clock.pass_s(5)
    reader.get("/")
    zone = zone_of(user.pk)
    (spent,) = spent_between(user, current_content(), zone, since=None, at=clock.now())
    assert spent.kind is Kind.NEW
    assert spent.minutes == pytest.approx((3 * 30 + 3 * 60) / 60)

    for _ in range(2):
        clock.pass_s(40)
        reader.post("/study/grade", {"subject": f"takeaway:{names[0]}", "grade": "3", "review": str(StudyReview().pk)})
    found = {one.kind: one.minutes for one in spent_between(user, current_content(), zone, since=None, at=clock.now())}
    assert found[Kind.REVIEW] == pytest.approx((30 + 40) / 60)
    assert "0.1 hours in all." in words(reader)


# --- wholes -----------------------------------------------------------------------------------------------------------------


def test_blocks_come_in_the_sizes_that_the_bank_can_carry(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    state = standing_of(user, current_content(), at=clock.now()).state
    assert [(offer.id, offer.minutes) for offer in state.blocks] == [("timed:10", 15.0), ("timed:20", 30.0)]
    assert state.cases == ()


def test_cases_are_offered_of_a_later_step_whose_proof_stands(
    user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [SimpleNamespace(id="renal-001", meta=SimpleNamespace(minutes=10))]
    monkeypatch.setattr(wholes, "drawable", lambda *, waits: files)
    monkeypatch.setattr(wholes, "has_cases", lambda: True)
    later, first = (replace(NOTHING, has_cases=has_cases) for has_cases in (True, False))

    offered, last_day = wholes.cases_of(user, later, zone=ZoneInfo("UTC"), at=clock.now())

    assert [(offer.id, offer.minutes) for offer in offered] == [("renal-001", 10.0 + wholes.DEBRIEF_MINUTES)]
    assert last_day == 0
    assert wholes.cases_of(user, first, zone=ZoneInfo("UTC"), at=clock.now()) == ((), 0)


def test_days_of_the_calendar_are_dates(user: User, clock: Clock) -> None:
    actions.add_days_off(user, date(2027, 1, 2), date(2027, 1, 3), at=T0)
    times = times_of(user, Profile(user=user))
    assert times.calendar.minutes_on(date(2027, 1, 2)) == 0
    assert times.calendar.minutes_on(date(2027, 1, 4)) == 30
