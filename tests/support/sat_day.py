"""A short day with patient cases: one block of four items, then cases of 10 minutes and two more for final orders."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from bedside.cases import SEMANTICS, Catalogue
from bedside.delivery import Form, FormBlock, FormCase, Mode
from bedside.site.accounts.models import User
from bedside.site.cases.stock import case_text, current_orders
from bedside.site.cases.texts import text_hash
from bedside.site.content import current_content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.exam.blocks import form_block
from bedside.site.exam.models import SittingEvent
from bedside.site.library.delivering import deliver
from tests.support.case_files import DATA, example_text
from tests.support.case_site import CASE, Candidate, write_case_content
from tests.support.site import Clock, Player, get, post

SECOND_CASE = "endo-002"
BLOCK_S = 30 * 60
BANK_S = 45 * 60
CASE_S = 10 * 60
FINAL_S = 120
GRACE_S = 120
END = {"do": "end", "diagnosis": "Ketoacidosis"}


def add_two_cases(folder: Path) -> None:
    """Orders and two cases, the second a copy of the first under another title and diagnosis."""
    if not (folder / "orders").is_dir():
        shutil.copytree(DATA / "orders", folder / "orders")
        (folder / "cases").mkdir()
        shutil.copy(DATA / "cases" / f"{CASE}.yaml", folder / "cases")
    text = example_text().replace("id: endo-001", f"id: {SECOND_CASE}")
    text = text.replace("Vomiting and drowsiness in a 24-year-old woman", "Another night in the department")
    text = text.replace("key: Severe diabetic", "key: Once more severe diabetic")
    assert text != example_text()
    (folder / "cases" / f"{SECOND_CASE}.yaml").write_text(text, encoding="utf-8")


def write_sat_content(folder: Path) -> Path:
    """A content folder with items and two cases."""
    write_case_content(folder)
    add_two_cases(folder)
    return folder


def case_block(case_id: str, catalogue: Catalogue, *, seed: int = 1, pace: int = 1, limit_s: int = CASE_S) -> FormBlock:
    """The block of a case as it lies in the content folder."""
    case = FormCase(
        case_id, text_hash(case_text(case_id)), catalogue.digest, str(SEMANTICS), seed, final_s=round(Fraction(FINAL_S, pace))
    )
    return FormBlock((), round(Fraction(limit_s + FINAL_S, pace)), case=case)


def sat_plan(
    *, grace_s: int | None = None, is_proctored: bool = False, cases: tuple[str, ...] = (CASE, SECOND_CASE), factor: str = "1"
) -> Plan:
    """The day, to be made."""
    content = current_content()
    items = [deliver(content, content.items[name], programme="exam", step="first") for name in sorted(content.items)[:4]]
    catalogue = current_orders().catalogue
    blocks = (form_block(items, BLOCK_S), *(case_block(name, catalogue, seed=n) for n, name in enumerate(cases, start=1)))
    form = Form(str(uuid4()), Mode.EXAM, blocks, break_s=BANK_S, grace_s=grace_s, time_factor=Fraction(factor))
    return Plan(
        "exam",
        "first",
        "full",
        form,
        items,
        n_asked=len(items),
        seed=1,
        is_proctored=is_proctored,
        case_texts=[case_text(name) for name in cases],
    )


@dataclass
class Day:
    """One who sits such a day; `player` is at the sitting's page, `case` plays the case that is open."""

    user: User
    client: Client
    clock: Clock
    player: Player
    issued: Issued

    @property
    def sitting(self) -> str:
        return self.player.sitting

    def to_block(self, n: int) -> None:
        """Open block `n`, those before it ended at once."""
        self.player.do("started")
        for block in range(1, n):
            self.player.do("block_opened", block=block)
            self.player.do("block_closed", block=block)
        self.player.do("block_opened", block=n)

    def open_case(self) -> SatCandidate:
        """From the sitting's page to the open case, which takes the sitting over."""
        answer = self.client.get(f"/cases/of/{self.sitting}")
        assert answer.status_code == 302, answer.content
        run = answer.headers["Location"].rpartition("/")[2]
        writer = post(self.client, f"{self.player.path}/writers", {}, expect=201)["writer"]
        return SatCandidate(self.client, self.clock, run, writer=writer)

    def back(self) -> None:
        """The sitting's page takes the sitting over again."""
        self.player = self.player.take_over()

    def state(self) -> dict[str, Any]:
        return get(self.client, self.player.path)


@dataclass
class SatCandidate(Candidate):
    """One who plays a case of a sitting."""

    writer: str = ""
    began: Any = None

    def __post_init__(self) -> None:
        self.began = self.clock.at

    def send(self, sent: list[dict[str, Any]], *, expect: int = 200) -> dict[str, Any]:
        body = {"commands": sent, "writer": self.writer}
        return post(self.client, f"{self.path}/commands", body, expect=expect)

    def close(self, *, expect: int = 200) -> dict[str, Any]:
        return post(self.client, f"{self.path}/close", {"writer": self.writer}, expect=expect)


def sat_day(user: User, client: Client, clock: Clock, **wish: Any) -> Day:
    """The day made now, with its first player."""
    issued = create_sitting(user, sat_plan(**wish), at=clock.at)
    player = Player(client, clock, str(issued.sitting.pk), str(issued.writer), synced_at=clock.at)
    return Day(user, client, clock, player, issued)


def in_case(day: Day, block: int = 2) -> SatCandidate:
    """One who has opened the case in that block."""
    day.to_block(block)
    return day.open_case()


def events(day: Day, type_: str) -> list[SittingEvent]:
    """The sitting's events of a type, as they arrived."""
    return list(SittingEvent.objects.filter(sitting=UUID(day.sitting), type=type_).order_by("arrival"))


def finish(day: Day) -> dict[str, Any]:
    """End the day; answers its report."""
    day.back()
    day.player.do("finished")
    return get(day.client, f"{day.player.path}/report")


def play_both(day: Day) -> None:
    """Both cases, each with an order and an end; the first one a little better than the other."""
    case = in_case(day)
    case.order("bmp", "ns_iv", "kcl_iv")
    case.do(END)
    day.back()
    day.player.do("block_opened", block=3)
    case = day.open_case()
    case.do(END)
