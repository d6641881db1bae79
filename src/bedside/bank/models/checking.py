"""Members by the hundred: is exactly one option right, does the second computation agree, do they differ, are they sound?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedside.bank.analytes import Analytes
from bedside.bank.body import check_html
from bedside.bank.exhibits import check_exhibits
from bedside.bank.item import Item
from bedside.bank.lint import lint_each
from bedside.bank.models.desk import without_exhibits
from bedside.bank.models.members import MemberError, check_value, make_member
from bedside.bank.models.model import Member, Model, Order
from bedside.bank.records import error_at
from bedside.findings import Finding, Severity, in_order, plural

N_MEMBERS = 500
N_SOME = 25  # where every model of a bank is checked at once
ENOUGH = 100  # members from which shares are told from chance
FEW_ALIKE, MANY_ALIKE = 0.10, 0.50  # shares of members that are the same as an earlier one
MOST_AT_ONE_PLACE = 0.60  # share of keys at one letter
_SHOWN = 5  # seeds named in a finding
_RARE = 0.02  # a warning of style that fewer members get than this is chance, and is not told
_BY_CHANCE = frozenset({"unused-waiver"})
_ALPHABET = "options-out-of-order"  # words that the seed shuffles stand at every place, in no order on purpose


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What the members of the seeds from 1 on are like, and all that is wrong with them."""

    model: Model
    n_members: int  # that were made
    n_stems: int  # distinct ones
    n_distinct: int  # stem, lead-in and key taken together: with other mistakes beside it, it is the same question
    n_keys: int  # distinct texts of the key
    key_places: Mapping[str, int]  # letter → members
    most_attempts: int
    findings: tuple[Finding, ...]


def check_model(
    model: Model, *, analytes: Analytes | None, n: int = N_MEMBERS, each: Callable[..., Iterable[Any]] = map
) -> ModelReport:
    """Make the members of seeds 1 to n and judge them.

    Args:
        each: applies a function to each item, in order, as `map` does; a pool of processes has one too.
    """
    members: list[Member] = []
    failed: defaultdict[tuple[str, tuple[str | int, ...], str], list[int]] = defaultdict(list)
    for seed in range(1, n + 1):
        try:
            member = make_member(model, seed)
            members.append(member)
            _confirm(member)
        except MemberError as error:
            failed[error.rule, error.path, error.text].append(seed)
    findings = list(_failures(model, failed, n))
    findings += _of_format(model, members)
    findings += _of_style(model, members, lint_each([member.item for member in members], analytes=analytes, each=each))
    places = Counter(member.item.key[0] for member in members)
    n_distinct = len({(member.item.stem, member.item.lead_in, _key_text(member.item)) for member in members})
    findings += _variety(model, members, n_distinct, places)
    return ModelReport(
        model,
        len(members),
        len({member.item.stem for member in members}),
        n_distinct,
        len({_key_text(member.item) for member in members}),
        dict(sorted(places.items())),
        max((member.attempts for member in members), default=0),
        tuple(in_order(findings)),
    )


def _confirm(member: Member) -> None:
    """Does the second computation agree with the key?

    Raises:
        MemberError: it does not.
    """
    model, check = member.model, member.model.check
    if check is None:
        return
    key = next(model.options[place] for place, option in zip(member.places, member.item.options, strict=True) if option.is_key)
    second = check_value(model, member.values, check.formula, member.seed)
    path = check.formula.path
    if isinstance(second, str) or key.value is None:
        if second != key.name:
            text = "the check names another option than the one that is right"
            raise MemberError(model, member.seed, "key-not-confirmed", path, text)
        return
    first = check_value(model, member.values, key.value, member.seed)
    assert not isinstance(first, str)  # a value is a number, or the option was not made
    tolerance = check.tolerance if check.tolerance is not None else _half_a_unit(key.decimals, first)
    if abs(first - second) > tolerance + 1e-9:
        text = f"the check does not come to the key within {tolerance:g}"
        raise MemberError(model, member.seed, "key-not-confirmed", path, text)


def _half_a_unit(decimals: int | None, value: float) -> float:
    return float(0.5 * 10.0**-decimals) if decimals is not None else abs(value) * 1e-9


def _key_text(item: Item) -> str:
    return next(option.text for option in item.options if option.is_key)


def _failures(
    model: Model, failed: Mapping[tuple[str, tuple[str | int, ...], str], Sequence[int]], n: int
) -> Iterator[Finding]:
    for (rule, path, text), seeds in failed.items():
        yield error_at(model.document, path, rule, f"{text} ({_of(seeds, n)})")


def _of(seeds: Sequence[int], n: int) -> str:
    more = ", …" if len(seeds) > _SHOWN else ""
    return f"{len(seeds)} of {plural(n, 'member')}: seed {', '.join(str(seed) for seed in seeds[:_SHOWN])}{more}"


def _of_format(model: Model, members: Sequence[Member]) -> list[Finding]:
    """What the item format asks of texts, and only the filled ones can show."""
    found: list[tuple[int, Finding]] = []
    for member in members:
        item = member.item
        texts = [(item.stem, item.stem_line), (item.lead_in, item.lead_in_line)]
        texts += [(text, option.line) for option in item.options for text in (option.text, option.explanation)]
        for text, line in texts:
            figures = without_exhibits(text, "media")  # those were looked at when the file was read
            problems = [
                *check_html(text, item.file, line),
                *check_exhibits(figures, file=item.file, first_line=line, media=None),
            ]
            found += [(member.seed, problem) for problem in problems]
    return _gathered(found, len(members), rare=0)


def _of_style(model: Model, members: Sequence[Member], linted: Sequence[Sequence[Finding]]) -> list[Finding]:
    """What the linter says of members: errors of any, the rest where it is more than chance; a waiver unused only if in all."""
    found = [(member.seed, finding) for member, findings in zip(members, linted, strict=True) for finding in findings]
    n_unused = Counter((finding.rule, finding.line) for _, finding in found if finding.rule in _BY_CHANCE)
    kept = [
        (seed, finding)
        for seed, finding in found
        if (finding.rule not in _BY_CHANCE or n_unused[finding.rule, finding.line] == len(members))
        and not (finding.rule == _ALPHABET and model.order is Order.SHUFFLED and finding.severity is Severity.NOTE)
    ]
    return _gathered(kept, len(members), rare=_RARE)


def _gathered(found: Sequence[tuple[int, Finding]], n: int, *, rare: float) -> list[Finding]:
    """One finding for all members that have it at the same line, in the words of the first."""
    groups: defaultdict[tuple[str, int], list[tuple[int, Finding]]] = defaultdict(list)
    for seed, finding in found:
        groups[finding.rule, finding.line].append((seed, finding))
    gathered = []
    for group in groups.values():
        first = min((finding for _, finding in group), key=lambda finding: list(Severity).index(finding.severity))
        seeds = list(dict.fromkeys(seed for seed, _ in group))
        if first.severity is not Severity.ERROR and len(seeds) <= rare * n:
            continue
        text = f"{first.text} ({_of(seeds, n)})"
        gathered.append(Finding(first.file, first.line, None, first.rule, first.severity, text))
    return gathered


def _variety(model: Model, members: Sequence[Member], n_distinct: int, places: Mapping[str, int]) -> Iterator[Finding]:
    def finding(path: tuple[str | int, ...], rule: str, severity: Severity, text: str) -> Finding:
        place = model.document.place(path, of_key=True)
        return Finding(model.file, place.line, place.column, rule, severity, text)

    n = len(members)
    if n < ENOUGH:
        return
    alike = 1 - n_distinct / n
    if alike > FEW_ALIKE:
        text = f"{n - n_distinct} of {n} members are the same as another; let more vary"
        yield finding(("variables",), "members-alike", Severity.ERROR if alike > MANY_ALIKE else Severity.WARNING, text)
    letter, most = max(places.items(), key=lambda place: place[1])
    if most > MOST_AT_ONE_PLACE * n:
        text = f"the key stands at {letter} in {most} of {n} members; offer mistakes on both sides of it"
        yield finding(("options",), "key-place-fixed", Severity.ERROR if most == n else Severity.WARNING, text)
    offered = Counter(place for member in members for place in member.places)
    right = Counter(
        place for member in members for place, option in zip(member.places, member.item.options, strict=True) if option.is_key
    )
    for n_written, option in enumerate(model.options):
        if not offered[n_written]:
            yield finding(
                option.path, "option-never-offered", Severity.WARNING, f"in none of {n} members is this option offered"
            )
        elif option.right_if and not right[n_written]:
            yield finding(option.path, "option-never-offered", Severity.WARNING, f"in none of {n} members is this option right")
