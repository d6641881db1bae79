"""The program behind `day.py`: lines of `VERB JSON` on stdin, each answered by a line of JSON on stdout."""

from __future__ import annotations

import json
import sys
import traceback
from contextlib import suppress
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from bedside.cases import SEMANTICS
from bedside.delivery import FixedBreak, Form, FormBlock, FormCase, Mode, Navigation
from bedside.errors import BedsideError
from bedside.site import clock
from bedside.site.accounts.models import RoleGrant, User
from bedside.site.accounts.queries import local_learner
from bedside.site.cases.stock import case_text, current_orders
from bedside.site.cases.texts import text_hash
from bedside.site.content import current_content
from bedside.site.exam import proctoring
from bedside.site.exam.actions import Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.models import Sitting
from bedside.site.exam.remembered import FOLDS
from bedside.site.library.delivering import deliver

VERBS = {
    "grant": proctoring.grant_time,
    "suspend": proctoring.suspend,
    "reopen": proctoring.reopen,
    "void": proctoring.void,
    "message": proctoring.send_message,
}


def make(told: dict[str, Any]) -> dict[str, Any]:
    """The sitting of a `Day`, for the learner of this computer."""
    learner = local_learner()
    _clear(learner)
    content = current_content()
    blocks = [
        [deliver(content, content.items[name], programme="exam", step="first") for name in block["items"]]
        for block in told["blocks"]
    ]
    form = Form(
        id=str(uuid4()),
        mode=Mode(told["mode"]),
        blocks=tuple(
            form_block(
                items,
                block["seconds"],
                navigation=Navigation(block["navigation"]),
                break_after=FixedBreak(*block["pause"]) if block["pause"] else None,
            )
            for items, block in zip(blocks, told["blocks"], strict=True)
        )
        + tuple(_case_block(place, one, told) for place, one in enumerate(told["cases"])),
        break_s=told["break_s"],
        tutorial_s=told["tutorial_s"],
        stop_clock_s=told["stop_clock_s"],
        pace=Fraction(told["pace"]),
        limit_s=told["limit_s"],
        is_unused_kept=told["is_unused_kept"],
        time_factor=Fraction(told["time_factor"]),
    )
    items = [item for block in blocks for item in block]
    plan = Plan(
        programme="exam",
        step="first",
        kind=told["kind"],
        form=form,
        items=items,
        n_asked=len(items),
        seed=1,
        clock="real" if told["pace"] == 1 else "compressed",
        is_proctored=told["is_proctored"],
        case_texts=[case_text(one["id"]) for one in told["cases"]],
    )
    return {"sitting": str(create_sitting(learner, plan, at=clock.now()).sitting.pk)}


def _case_block(place: int, one: dict[str, Any], told: dict[str, Any]) -> FormBlock:
    final_s = one["seconds"] // 10
    digest, catalogue = text_hash(case_text(one["id"])), current_orders().catalogue.digest
    case = FormCase(one["id"], digest, catalogue, str(SEMANTICS), seed=1, final_s=final_s)
    return FormBlock((), one["seconds"] + final_s, case=case, tutorial_s=0 if place else told["case_tutorial_s"])


def act(told: dict[str, Any]) -> dict[str, Any]:
    """What a proctor does, with the fields of its verb."""
    verb, sitting = told.pop("verb"), UUID(told.pop("sitting"))
    VERBS[verb](_proctor(), sitting, at=clock.now(), **told)  # type: ignore[operator]  # each has fields of its own
    return {}


def _proctor() -> User:
    user, _ = User.objects.get_or_create(username="proctor")
    RoleGrant.objects.get_or_create(user=user, role="proctor", defaults={"given_at": clock.now()})
    return user


def _clear(learner: User) -> None:
    """What a test that failed left open is in no later test's way: no sitting is made beside a proctored one."""
    for sitting in Sitting.objects.filter(user=learner, is_proctored=True).exclude(state__in=proctoring.ENDED):
        with suppress(BedsideError):  # by its clock it has ended
            proctoring.void(_proctor(), sitting.pk, reason="Left by an earlier test", at=clock.now())


def main() -> None:
    """Answer each line, and remember nothing from one to the next: the site goes on meanwhile."""
    for line in sys.stdin:
        verb, _, told = line.partition(" ")
        try:
            answer = {"make": make, "proctor": act}[verb](json.loads(told))
        except Exception:
            answer = {"error": traceback.format_exc()}  # for the test, which fails with it
        connection.close()
        FOLDS.forget()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
