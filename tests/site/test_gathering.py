"""What several calls of one thread ask of the database is asked together, and answered to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.test.utils import CaptureQueriesContext
from greenlet import greenlet

from bedside.errors import StoreError
from bedside.site import clock, gathering
from bedside.site.accounts import queries
from bedside.site.accounts.models import ApiToken, User


@dataclass
class Round:
    """Calls that run until each is put aside, and are then answered together, as the web server does it."""

    asides: list[gathering.Aside] = field(default_factory=list)

    def serve(self, *calls: Callable[[], None]) -> None:
        runners = [greenlet(call) for call in calls]
        for runner in runners:
            runner.switch()
        while self.asides:
            asides, self.asides = self.asides, []
            gathering.answer_all(asides)
            for runner in runners:
                if not runner.dead:
                    runner.switch()

    def put_aside(self, aside: gathering.Aside) -> None:
        self.asides.append(aside)
        parent = greenlet.getcurrent().parent
        assert parent is not None
        parent.switch()


@pytest.fixture
def together() -> Iterator[Round]:
    gathered = Round()
    gathering.gather_here(gathered.put_aside)
    yield gathered
    del gathering._HERE.put_aside


@pytest.fixture
def tokens(db: None) -> dict[str, User | None]:
    """Secrets, and whose they are; one was revoked, one is of somebody who may no longer come in, one was never given."""
    del db
    kept: dict[str, User | None] = {}
    for name, is_active, is_revoked in (("ana", True, False), ("ben", True, False), ("cy", True, True), ("di", False, False)):
        user = User.objects.create(username=name, is_active=is_active)
        at = clock.now()
        digest = queries.digest_of(f"secret of {name}")
        ApiToken.objects.create(user=user, digest=digest, created_at=at, revoked_at=at if is_revoked else None)
        kept[f"secret of {name}"] = user if is_active and not is_revoked else None
    return {**kept, "secret of nobody": None}


def _tell(told: dict[str, User | None], secret: str) -> None:
    told[secret] = queries.user_of_token(secret)


def test_each_call_is_told_whose_token_it_brought(tokens: dict[str, User | None], together: Round) -> None:
    told: dict[str, User | None] = {}
    calls = [partial(_tell, told, secret) for secret in tokens]
    together.serve(*calls, *calls[:1])
    assert told == tokens


def test_all_tokens_of_a_round_are_asked_for_at_once(
    tokens: dict[str, User | None], together: Round, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(2):
        together.serve(*[partial(_tell, {}, secret) for secret in tokens])


def test_a_token_that_could_not_be_asked_for_is_not_taken_for_an_unknown_one(
    together: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Sequence[object]) -> None:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(queries, "_tell_users", fail)
    errors: list[Exception] = []

    def call() -> None:
        try:
            queries.user_of_token("secret")
        except StoreError as error:
            errors.append(error)

    together.serve(call, call)
    assert ["whose token" in str(error) for error in errors] == [True, True]


def test_one_kind_of_question_that_breaks_off_takes_no_other_with_it(together: Round) -> None:
    answered: list[object] = []

    def fail(_: Sequence[object]) -> None:
        raise RuntimeError

    together.serve(lambda: gathering.ask("a", fail), lambda: gathering.ask("b", answered.extend))
    assert answered == ["b"]


def test_a_question_of_a_thread_that_gathers_none_is_answered_at_once() -> None:
    answered: list[str] = []
    gathering.ask("a", answered.extend)
    assert answered == ["a"]
