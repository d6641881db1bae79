"""Receipts: given out when a sitting has ended, and checked against the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from bedside.delivery import RECEIPT_FORMAT, canonical, instant_text, log_facts, problems_against_log, signed_bytes
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.exam.actions import settle
from bedside.site.exam.log import events_of
from bedside.site.exam.models import LedgerRow, Server
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.queries import own_sitting
from bedside.site.exam.scores import ENDED
from bedside.site.exam.stick import PROGRAM, this_server
from bedside.site.keys import public_key_hex, sign
from bedside.site.problems import NotFinishedError


def make_receipt(user: User, sitting_id: UUID, *, at: datetime, with_name: bool = False, with_answers: bool = True) -> bytes:
    """The receipt of the user's ended sitting as the bytes of a file.

    It names the account by its id, or by its name where the candidate wants that, and lists the answers or only their digest.

    Raises:
        NotFoundError: this user has no such sitting.
        NotFinishedError: the sitting has not ended.
    """
    settle(user, sitting_id, at=at)
    with one_write():  # so that nothing arrives between the log and the ledger's head
        row = own_sitting(user, sitting_id)
        if row.state not in ENDED:
            raise NotFinishedError("a receipt is given out when the sitting has ended")
        told = _facts(row, with_answers=with_answers)
        server = this_server()
        told |= {
            "format": RECEIPT_FORMAT,
            "program": PROGRAM,
            "server": str(server.pk),
            "public_key": public_key_hex(settings.DATA),
            "who": who(row, with_name=with_name),
            "ledger": {"position": server.position, "head": server.head},
            "issued_at": instant_text(max(at, row.clock_at)),
        }
    return canonical({**told, "signature": sign(settings.DATA, signed_bytes(told))}) + b"\n"


def who(row: SittingRow, *, with_name: bool) -> dict[str, str | None]:
    """Who sat, as a file says it: by the name, or by the id of the account."""
    return {"id": None, "name": row.user.username} if with_name else {"id": str(row.user_id), "name": None}


def hashes_of(row: SittingRow) -> dict[str, str]:
    """The digests of the texts that were delivered, by item."""
    return dict(row.items.values_list("item", "item_version__hash"))


def _facts(row: SittingRow, *, with_answers: bool) -> dict[str, Any]:
    facts = log_facts(row.delivery_form(), events_of(row), hashes_of(row))
    return {
        "sitting": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "form": row.kind,
        "mode": row.mode,
        **facts,
        "answers": facts["answers"] if with_answers else None,
    }


def problems_with(row: SittingRow, receipt: Mapping[str, Any]) -> list[str]:
    """Where this server's log, ledger or key says something else than a receipt of the sitting."""
    problems = []
    if receipt["sitting"] != str(row.pk):
        return [f"the receipt is of sitting {receipt['sitting']}"]
    problems += [
        f"the {word} is not what the receipt says"
        for name, word, mine in (
            ("programme", "programme", row.programme),
            ("step", "step", row.step),
            ("form", "kind of form", row.kind),
            ("mode", "mode", row.mode),
        )
        if receipt[name] != mine
    ]
    problems += problems_against_log(receipt, row.delivery_form(), events_of(row), hashes_of(row))
    if is_by_this_server(receipt):
        if receipt["who"] not in (who(row, with_name=True), who(row, with_name=False)):
            problems.append("who sat is not what the receipt says")
        if receipt["public_key"] != public_key_hex(settings.DATA):
            problems.append("the receipt is by this server, but signed by another key than the one it has now")
        if not _is_in_ledger(receipt["ledger"]):
            problems.append("the ledger's head in the receipt does not stand where it stood")
    return problems


def is_by_this_server(receipt: Mapping[str, Any]) -> bool:
    """Does a receipt say that this server gave it out, by its id or by its key?"""
    return receipt["public_key"] == public_key_hex(settings.DATA) or Server.objects.filter(pk=receipt["server"]).exists()


def _is_in_ledger(ledger: Mapping[str, Any]) -> bool:
    if ledger["position"] == 0:
        return False  # a sitting that has ended has rows
    return LedgerRow.objects.filter(position=ledger["position"], hash=ledger["head"]).exists()
