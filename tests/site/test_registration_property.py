"""Whatever an office does, in whatever order: nobody begins Step 3 whom the rules of the day do not let.

The rules are those that ship. What an office does is drawn by chance; whether a Step 3 may have begun is worked out here from
the plain values of its record, without the rules.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bedside.assembly import PoolItem
from bedside.delivery import BlockClosed, BlockOpened, Mode, Started
from bedside.errors import BedsideError
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.exam.actions import Plan, append_events, create_sitting
from bedside.site.exam.desk import Arrival
from bedside.site.exam.models import Sitting
from bedside.site.registration.models import Registration
from bedside.site.registration.record_rows import newest_record
from bedside.site.registration.registering import NotEligibleError, ask_again, extend, register, withdraw
from bedside.site.registration.results import certify, change_validity
from tests.support.days import delivered_of
from tests.support.people import person
from tests.support.registering import know, require
from tests.support.sittings import T0, form

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2] / "content"
STEPS = ["step1", "step2ck", "step3"]
N_BEGUN = {"step3": 0}


@pytest.fixture(scope="session")
def licence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A content folder with the rules of the licence as they ship."""
    folder = tmp_path_factory.mktemp("licence") / "content"
    shutil.copytree(ROOT / "programmes", folder / "programmes")  # records of examples name other programmes too
    (folder / "pathways").mkdir()
    for name in ("usmle.yaml", "ecfmg.yaml"):
        shutil.copy(ROOT / "pathways" / name, folder / "pathways" / name)
    return folder


def may_begin_step3(record: dict[str, Any], on: date) -> bool:
    """The degree, a pass of each Step before it that counts, and from abroad the certificate."""
    day = on.isoformat()
    who = record.get("person", {})
    degree = who.get("degree", {}).get("date", "9999")
    certificates = [one for one in record.get("certificates", []) if one["name"] == "ecfmg" and one["date"] <= day]

    def counts(one: dict[str, Any]) -> bool:
        stands = one.get("validity", "valid") == "valid" or one.get("validity_from", "") > day
        return bool(one["result"] == "pass" and one["date"] <= day and stands and one.get("reported", "") <= day)

    done = {one["step"] for one in record.get("attempts", []) if counts(one)}
    is_let_in = who.get("kind") == "us_md" or bool(certificates)
    return bool(degree <= day) and {"step1", "step2ck"} <= done and is_let_in


class Office(RuleBasedStateMachine):
    """An office with one candidate. What is refused leaves everything as it was."""

    number = 0
    root: User

    def __init__(self) -> None:
        super().__init__()
        type(self).number += 1
        self.at: datetime = T0
        self.ada = add_user(f"ada{self.number}", password=None, at=T0, roles=[Role.CANDIDATE])

    def tried(self, deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except BedsideError:
            return None

    @initialize(is_ready=st.sampled_from([True, True, True, False]), is_img=st.booleans())
    def begin_with(self, is_ready: bool, is_img: bool) -> None:
        attempts = [_attempt(step, "2025-03-02", "pass") for step in STEPS[:2]] if is_ready else []
        self.keep(_person(is_img, "2025-05-30"), attempts, is_ready and is_img)

    def keep(self, who: dict[str, Any], attempts: list[dict[str, Any]], has_certificate: bool) -> None:
        certificates = [{"name": "ecfmg", "date": "2025-11-03"}] if has_certificate else []
        self.tried(lambda: know(self.root, self.ada, at=self.at, person=who, attempts=attempts, certificates=certificates))

    @rule(
        is_img=st.booleans(),
        degree=st.sampled_from(["2025-05-30", "2025-05-30", "2025-05-30", "", "2026-04-20"]),
        results=st.lists(
            st.sampled_from(["pass", "pass", "pass", "pass", "fail", "pending", "pass later"]),
            min_size=2,
            max_size=2,
        ),
        has_certificate=st.booleans(),
    )
    def write_a_record(self, is_img: bool, degree: str, results: list[str], has_certificate: bool) -> None:
        attempts = [_attempt(step, "2025-03-02", result) for step, result in zip(STEPS, results, strict=False)]
        self.keep(_person(is_img, degree), attempts, has_certificate)

    @rule(
        step=st.sampled_from(STEPS),
        validity=st.sampled_from(["valid", "under_review", "indeterminate", "invalidated"]),
        days=st.integers(-5, 40),
    )
    def change_a_standing(self, step: str, validity: str, days: int) -> None:
        version = newest_record(self.ada)
        found = [one for one in (version.record if version else {}).get("attempts", []) if one["step"] == step]
        if found:
            on, since = date.fromisoformat(found[-1]["date"]), self.at.date() + timedelta(days=days)
            self.tried(
                lambda: change_validity(
                    self.root,
                    self.ada,
                    programme="usmle",
                    step=step,
                    on=on,
                    validity=validity,
                    since=since,
                    reason="x",
                    at=self.at,
                )
            )

    @rule(step=st.sampled_from([*STEPS, "step3", "step3"]), days=st.sampled_from([0, 0, 0, 5, 20]), decides=st.booleans())
    def enrol(self, step: str, days: int, decides: bool) -> None:
        self.enrol_for(step, days, decides=decides)

    def enrol_for(self, step: str, days: int, *, decides: bool) -> None:
        first = self.at.date() + timedelta(days=days)

        def deed(overridden: list[str]) -> Registration:
            return register(
                self.root, self.ada, programme="usmle", step=step, first=first, last=None, at=self.at, reason="x",
                overridden=overridden,
            )  # fmt: skip

        try:
            deed([])
        except NotEligibleError as error:
            if decides:
                doubtful = [one.rule for one in error.judgement.doubtful]
                self.tried(lambda: deed(doubtful))
        except BedsideError:
            pass

    def registrations(self) -> list[Registration]:
        return list(Registration.objects.filter(candidate=self.ada))

    @precondition(lambda self: self.registrations())
    @rule(deed=st.sampled_from(["withdraw", "ask", "ask", "extend"]), which=st.integers(0, 3))
    def act(self, deed: str, which: int) -> None:
        rows = self.registrations()
        row = rows[which % len(rows)]
        if deed == "withdraw":
            self.tried(lambda: withdraw(self.root, row.pk, at=self.at, reason="x"))
        elif deed == "ask":
            self.tried(lambda: ask_again(self.root, row.pk, at=self.at, reason="x"))
        else:
            self.tried(lambda: extend(self.root, row.pk, last=None, at=self.at, reason="x"))

    @rule(step=st.sampled_from([*STEPS, "step3", "step3", "step3"]), day=st.integers(1, 2), begins=st.booleans())
    def make(self, step: str, day: int, begins: bool) -> None:
        self.make_one(step, day, begins=begins)

    def make_one(self, step: str, day: int, *, begins: bool) -> None:
        made = self.tried(lambda: create_sitting(self.ada, _plan(step, day), at=self.at))
        if made is not None and begins:
            self.begin(made.sitting.pk)

    @rule(days=st.integers(0, 10))
    def go_for_step3(self, days: int) -> None:
        """What most would do: register for today, wait some days, and sit."""
        self.try_step3(days)

    def teardown(self) -> None:
        """Whatever was done before, it is tried at the end."""
        self.try_step3(0)

    def try_step3(self, days: int) -> None:
        self.enrol_for("step3", 0, decides=True)
        self.at += timedelta(days=days)
        for row in self.sittings("created"):
            self.begin(row.pk)
        self.make_one("step3", 1, begins=True)

    def sittings(self, state: str) -> list[Sitting]:
        return list(Sitting.objects.filter(user=self.ada, state=state).order_by("created_at"))

    @precondition(lambda self: self.sittings("created"))
    @rule()
    def begin_what_was_made(self) -> None:
        self.begin(self.sittings("created")[-1].pk)

    def begin(self, sitting_id: Any) -> None:
        row = Sitting.objects.get(pk=sitting_id)
        writer = row.writers.get(kind="player", superseded_at__isnull=True)
        arrivals = [Arrival(1, Started(), 0), Arrival(2, BlockOpened(1), 0)]
        told = self.tried(lambda: append_events(self.ada, row.pk, writer.pk, arrivals, at=self.at))
        row.refresh_from_db()
        assert (told is None) == (row.state == "created")
        if told is not None and row.step == "step3":
            N_BEGUN["step3"] += 1
            version = newest_record(self.ada)
            assert version is not None
            assert may_begin_step3(version.record, self.at.date()), (version.record, self.at)
            assert Registration.objects.filter(
                candidate=self.ada,
                step="step3",
                state="standing",
                first_day__lte=self.at.date(),
                last_day__gte=self.at.date(),
            ).exists()

    @precondition(lambda self: self.sittings("in_block"))
    @rule(result=st.sampled_from(["pass", "pass", "fail", "incomplete", ""]))
    def end_and_certify(self, result: str) -> None:
        row = self.sittings("in_block")[0]
        writer = row.writers.get(kind="player", superseded_at__isnull=True)
        self.tried(lambda: append_events(self.ada, row.pk, writer.pk, [Arrival(3, BlockClosed(1), 1)], at=self.at))
        if result:
            self.tried(lambda: certify(self.root, row.pk, result=result, reason="x", at=self.at))

    @rule(days=st.integers(1, 60))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)


def _person(is_img: bool, degree: str) -> dict[str, Any]:
    school = {"school": {"in_world_directory": True, "sponsor_note": True}} if is_img else {}
    return {"kind": "img" if is_img else "us_md", **school, **({"degree": {"date": degree}} if degree else {})}


def _attempt(step: str, day: str, result: str) -> dict[str, Any]:
    later = {"reported": "2026-03-20"} if result == "pass later" else {}
    return {"programme": "usmle", "step": step, "date": day, "result": result.removesuffix(" later"), **later}


def _plan(step: str, day: int) -> Plan:
    item = delivered_of(PoolItem("test-101", "one_best_answer", {}, families=("test",)), {})
    return Plan(
        programme="usmle",
        step=step,
        kind="full",
        form=form(blocks=1, items=1, mode=Mode.EXAM),
        items=[item],
        n_asked=1,
        seed=1,
        day=day,
        is_proctored=True,
    )


def test_no_sequence_of_deeds_begins_step_3_without_the_steps_before_it_and_the_degree(
    content_dir: Path, licence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_settings, "CONTENT", licence)
    Office.root = person("root", Role.ADMINISTRATOR)
    require(Office.root, programme="usmle")
    N_BEGUN["step3"] = 0
    chosen = settings(
        max_examples=40, stateful_step_count=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Office, settings=chosen)
    assert N_BEGUN["step3"] > 10  # it is not true for want of trying
