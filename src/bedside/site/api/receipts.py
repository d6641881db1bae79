"""The receipt of a sitting, as a file that the candidate keeps."""

from __future__ import annotations

from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.api import schemas
from bedside.site.exam.receipts import make_receipt

router = Router(tags=["sittings"])

READ: dict[int, Any] = {
    400: schemas.Problem,
    401: schemas.Problem,
    403: schemas.Problem,
    404: schemas.Problem,
    409: schemas.Conflict,
    503: schemas.Problem,
}


class WhoOut(BaseModel):
    """Who sat: the account's id, or the name."""

    id: str | None
    name: str | None


class GivenAnswerOut(BaseModel):
    """An answer that stood at the end."""

    position: int
    item: str
    version: int
    hash: str = Field(description="SHA-256 of the text that was delivered.")
    choice: list[str]
    value: str | None


class LedgerPlaceOut(BaseModel):
    """The last row of the server's ledger when the receipt was given out."""

    position: int
    head: str


class ReceiptOut(BaseModel):
    """A receipt, format bedside-receipt/1; docs/reference/receipt-format.md says how it is checked."""

    format: str
    program: str
    server: str
    public_key: str = Field(description="Ed25519, hexadecimal.")
    sitting: str
    programme: str
    step: str
    form: str
    mode: str
    who: WhoOut
    state: str
    started_at: str | None
    ended_at: str
    n_events: int
    last_seq: dict[str, int]
    form_digest: str
    log_digest: str
    n_answered: int
    answers: list[GivenAnswerOut] | None
    answers_digest: str
    ledger: LedgerPlaceOut
    issued_at: str
    signature: str = Field(description="Ed25519 over all the rest, hexadecimal.")


@router.get("/sittings/{sitting_id}/receipt", response={200: ReceiptOut, **READ})
def read_receipt(
    request: HttpRequest,
    sitting_id: UUID,
    who: Literal["id", "name"] = "id",
    answers: Literal["list", "digest"] = "list",
) -> Any:
    """The signed receipt of an ended sitting, as a file. It names the account by its id or by its name."""
    user = cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja
    packed = make_receipt(user, sitting_id, at=clock.now(), with_name=who == "name", with_answers=answers == "list")
    return HttpResponse(
        packed,
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="receipt-{sitting_id}.json"',
            "Cache-Control": "no-store",
        },
    )
