"""The pages of `bedside bank preview`, from the site's own templates and style sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from bedside.bank import Item, Kind
from bedside.cli.preview_item import Shelf, Shown, Told
from bedside.findings import Severity

THEMES = ("light", "dark")  # without a choice that of the system


@dataclass(frozen=True, slots=True)
class Look:
    """What the address asks for: with the key or as a candidate sees it, and in which colours."""

    has_keys: bool
    theme: str
    seed: int = 1

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> Look:
        """The look of a query; what it doesn't know it leaves out."""
        theme, seed = query.get("theme", [""])[0], query.get("seed", ["1"])[0]
        return cls(
            has_keys=query.get("keys") == ["on"],
            theme=theme if theme in THEMES else "",
            seed=int(seed) if seed.isascii() and seed.isdigit() and 0 < len(seed) < 10 else 1,
        )

    def address(self, **changes: Any) -> str:
        """The query of the same look with something changed."""
        values: dict[str, Any] = {"keys": "on" if self.has_keys else "", "theme": self.theme, "seed": self.seed, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value and (name, value) != ("seed", 1)})


def item_page(shelf: Shelf, shown: Shown, look: Look, *, stamp: str, more: Mapping[str, Any] | None = None) -> str:
    """One item, or what keeps it from being shown."""
    item = shown.item
    context = {
        **_frame(look, stamp),
        "file": str(shown.file),
        "name": shown.file.stem,
        "is_folder": shelf.is_folder,
        "item": item,
        "told": [_told(one) for one in shown.told],
        "n_errors": shown.n_errors,
        **(_of_item(shown, item) if item else {}),
        **(more or {}),
    }
    return _rendered("preview/item.html", context)


def list_page(shelf: Shelf, rows: Sequence[Mapping[str, Any]], look: Look, *, stamp: str) -> str:
    """The items of a folder."""
    context = {**_frame(look, stamp), "file": str(shelf.path), "name": shelf.path.name, "rows": rows}
    return _rendered("preview/list.html", context)


def _frame(look: Look, stamp: str) -> dict[str, Any]:
    return {
        "look": look,
        "stamp": stamp,
        "request": _request(look),
        "keys_address": look.address(keys="" if look.has_keys else "on"),
        "themes": [{"name": name, "address": look.address(theme=name), "is_on": look.theme == name} for name in ("", *THEMES)],
        "here": look.address(),
    }


def _of_item(shown: Shown, item: Item) -> dict[str, Any]:
    html, bank = shown.html, shown.bank
    assert html is not None
    assert bank is not None
    texts = dict(html.options)
    return {
        "html": html,
        "options": [
            {
                "letter": option.letter,
                "html": texts[option.letter],
                "is_key": option.is_key,
                "why": html.explanations.get(option.letter, ""),
                "line": option.line,
            }
            for option in item.options
        ],
        "is_multiple": item.kind is Kind.MULTIPLE_SELECT,
        "part": item.set.part if item.set and item.earlier else None,
        "takeaways": [bank.takeaways[name] for name in item.takeaways if name in bank.takeaways],
        "steps": [
            {"name": f"{entry.programme} {entry.step}", "codes": "; ".join(", ".join(codes) for codes in entry.codes.values())}
            for entry in item.blueprint
        ],
        "n_words": len(f"{item.stem} {item.lead_in} {' '.join(option.text for option in item.options)}".split()),
    }


def _told(one: Told) -> dict[str, Any]:
    finding = one.finding
    return {
        "severity": finding.severity.value,
        "is_error": finding.severity is Severity.ERROR,
        "rule": finding.rule,
        "text": finding.text,
        "line": finding.line,
        "column": finding.column,
        "file": finding.file if one.part == "elsewhere" else "",
        "part": one.part if len(one.part) > 1 else "",
        "letter": one.part if len(one.part) == 1 else "",
        "source": one.line,
    }


def _request(look: Look) -> Any:
    """What the site's templates ask for the look that a person chose."""
    from bedside.site.accounts.models import Profile  # noqa: PLC0415 - Django has been started by then

    return SimpleNamespace(
        path="/", user=SimpleNamespace(is_authenticated=True), bedside_profile=Profile(theme=look.theme or "system")
    )


def _rendered(name: str, context: Mapping[str, Any]) -> str:
    from django.template.loader import render_to_string  # noqa: PLC0415 - Django has been started by then

    return render_to_string(name, dict(context))
