"""What is asked of the library: words, filters and the page, out of an address, and into one again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bedside.errors import UsageError
from bedside.site.content import Content

KINDS: Mapping[str, str | Promise] = {
    "": _("All"),
    "takeaway": _("Takeaways"),
    "item": _("Questions"),
    "model": _("Question models"),
    "case": _("Cases"),
    "value": _("Reference values"),
}
STATUSES: Mapping[str, str | Promise] = {
    "": _("Any"),
    "draft": _("Draft"),
    "cross_checked": _("Cross-checked"),
    "clinician_reviewed": _("Reviewed by a clinician"),
}
MEETINGS: Mapping[str, str | Promise] = {
    "": _("Any"),
    "no": _("Not met yet"),
    "yes": _("Met"),
}
MAX_LETTERS = 500  # of what is searched for
MAX_PAGE = 99_999


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; what is empty restricts nothing. `step` is "programme/step"."""

    q: str = ""
    kind: str = ""
    step: str = ""
    system: str = ""
    area: str = ""
    status: str = ""
    met: str = ""
    page: int = 1

    @property
    def is_open(self) -> bool:
        """Is nothing asked for but perhaps a step? Then the topics are shown."""
        return not any((self.q, self.kind, self.system, self.area, self.status, self.met))

    @property
    def pair(self) -> tuple[str, str] | None:
        """Programme and step."""
        programme, slash, step = self.step.partition("/")
        return (programme, step) if slash else None

    @property
    def without_area(self) -> str:
        """The part of an address that asks for the whole system."""
        return self.query(area="")

    def query(self, **changes: object) -> str:
        """The part of an address that asks for this, with changes; the first page unless a page is named."""
        pairs = {**asdict(self), "page": 1, **changes}
        return urlencode({name: value for name, value in pairs.items() if value and (name, value) != ("page", 1)})


def asked(data: Mapping[str, str], content: Content) -> Wanted:
    """What an address asks for.

    Raises:
        UsageError: a step, kind, status or state that does not exist.
    """
    step = data.get("step", "")
    programme, _slash, name = step.partition("/")
    known = content.programmes.get(programme)
    if step and (known is None or known.step(name) is None):
        raise UsageError(f'there is no step "{step[:60]}"')
    return Wanted(
        q=" ".join(data.get("q", "")[:MAX_LETTERS].split()),
        kind=_one_of(data.get("kind", ""), KINDS, "kind"),
        step=step,
        system=data.get("system", "")[:100],
        area=data.get("area", "")[:100],
        status=_one_of(data.get("status", ""), STATUSES, "status"),
        met=_one_of(data.get("met", ""), MEETINGS, "state"),
        page=_page(data.get("page", "")),
    )


def _one_of(text: str, known: Mapping[str, str | Promise], what: str) -> str:
    if text not in known:
        raise UsageError(f'the {what} is "{text[:20]}"; it must be one of {", ".join(name for name in known if name)}')
    return text


def _page(text: str) -> int:
    return max(1, min(MAX_PAGE, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else 1
