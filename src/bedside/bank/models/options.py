"""The options of a model file: one key with typical mistakes beside it, or options of which each can be right."""

from __future__ import annotations

from collections.abc import Sequence

from bedside.bank.item_file import MIN_OPTIONS
from bedside.bank.models.desk import Desk
from bedside.bank.models.model import Apart, Check, Formula, OptionTemplate, Order
from bedside.bank.models.records import CheckRecord, FileRecord, OptionRecord
from bedside.bank.models.shapes import Sort
from bedside.bank.records import read_record
from bedside.reading import Path_

MOST_OPTIONS = 26
MOST_WRITTEN = 60  # of which some are offered


def read_options(record: FileRecord, desk: Desk) -> tuple[OptionTemplate, ...]:
    """The sound options; what is wrong with them, alone and together, are findings."""
    options: list[OptionTemplate] = []
    for n, value in enumerate(record.options[:MOST_WRITTEN]):
        entry, problems = read_record(OptionRecord, desk.document, ("options", n), value)
        desk.findings += problems
        if entry is not None:
            options.append(_option(entry, ("options", n), desk))
    if len(record.options) > MOST_WRITTEN:
        desk.error(("options", MOST_WRITTEN), "too-many-options", f"a model has at most {MOST_WRITTEN} options to choose from")
    if len(options) == len(record.options):
        _check_keys(options, desk)
        _check_numbers(options, record, desk)
    return tuple(options)


def _option(entry: OptionRecord, path: Path_, desk: Desk) -> OptionTemplate:
    value, shape = (None, None) if entry.value is None else desk.formula(entry.value, (*path, "value"), wanted=Sort.NUMBER)
    return OptionTemplate(
        text=desk.template(entry.text, (*path, "text")),
        is_key=entry.key,
        right_if=_condition(entry.right_if, (*path, "right_if"), desk),
        only_if=_condition(entry.only_if, (*path, "only_if"), desk),
        value=value,
        decimals=shape.decimals if shape else None,
        because=desk.template(entry.because, (*path, "because")),
        wrong_because=desk.template(entry.wrong_because, (*path, "wrong_because")) if entry.wrong_because else None,
        mistake=entry.mistake or "",
        name=entry.name or "",
        line=desk.first_line((*path, "text")),
        path=path,
    )


def _condition(text: str | None, path: Path_, desk: Desk) -> Formula | None:
    return desk.formula(text, path, wanted=Sort.TRUTH)[0] if text else None


def _check_keys(options: Sequence[OptionTemplate], desk: Desk) -> None:
    keys = [option for option in options if option.is_key]
    each = [option for option in options if option.right_if or desk.document.value["options"][option.path[1]].get("right_if")]
    if each and keys:
        desk.error(
            (*keys[0].path, "key"), "wrong-key", "`key` is always right, `right_if` sometimes; a model has one or the other"
        )
    elif not each and len(keys) != 1:
        path = keys[1].path if keys else ("options",)
        desk.error(
            path, "wrong-key", "one option has `key: true`; or several have `right_if`, of which one holds in each member"
        )
    elif len(each) == 1:
        desk.error(each[0].path, "wrong-key", "a single option with `right_if` is the key: write `key: true`")
    for option in options:
        if option.right_if and option.wrong_because is None:
            text = "an option with `right_if` has `wrong_because` too: why it is wrong where it is"
            desk.error(option.path, "missing-key", text)
        if option.wrong_because is not None and option in keys:
            desk.error((*option.path, "wrong_because"), "wrong-key", "the key is never wrong")
        if option.only_if and option.is_key:
            desk.error((*option.path, "only_if"), "wrong-key", "the key is always offered; `only_if` is for what is wrong")


def _check_numbers(options: Sequence[OptionTemplate], record: FileRecord, desk: Desk) -> None:
    valued = [option for option in options if "value" in desk.document.value["options"][option.path[1]]]
    is_ordered = record.order in {Order.ASCENDING, Order.DESCENDING}
    if (valued or is_ordered) and len(valued) < len(options):
        option = next(option for option in options if option not in valued)
        text = "options in order of size need a `value`" if is_ordered else "either every option has a `value`, or none"
        desk.error(option.path, "missing-key", text)
    if valued and record.apart is None:
        desk.error((), "missing-key", 'missing key "apart": how far numbers are from each other, as in 10% or 0.5')
    if not valued and record.apart is not None:
        desk.error(("apart",), "wrong-value", "apart is for options with a `value`")
    for option in options:
        if valued and not option.is_key and not option.right_if and not option.mistake:
            desk.error(option.path, "no-mistake", "which `mistake` comes to this number?")


def read_offer(record: FileRecord, n_written: int, desk: Desk) -> int:
    """How many options a member has."""
    offered = n_written if record.offer is None else record.offer
    path: Path_ = ("options",) if record.offer is None else ("offer",)
    if not MIN_OPTIONS <= offered <= MOST_OPTIONS:
        text = f"a member has {MIN_OPTIONS} to {MOST_OPTIONS} options, not {offered}; `offer` says how many of those written"
        desk.error(path, "too-few-options" if offered < MIN_OPTIONS else "too-many-options", text)
    elif offered > n_written:
        desk.error(path, "wrong-value", f"offer: {offered} of {n_written} options")
    return offered


def read_apart(record: FileRecord, desk: Desk) -> Apart | None:
    """The least distance of numbers: a difference, or a share written with %."""
    given = record.apart
    if given is None:
        return None
    words = given.removesuffix("%").strip() if isinstance(given, str) else given
    try:
        amount = float(words)
    except ValueError:
        amount = -1
    is_relative = isinstance(given, str)
    if not 0 < amount < (100 if is_relative else float("inf")) or (is_relative and not str(given).endswith("%")):
        desk.error(("apart",), "wrong-value", "apart: a number over 0, or a share of the larger one as in 10%")
        return None
    return Apart(amount / 100 if is_relative else amount, is_relative)


def read_check(record: FileRecord, options: Sequence[OptionTemplate], desk: Desk) -> Check | None:
    """The second computation of the key."""
    given = record.check
    if given is None:
        desk.error((), "no-check", 'missing key "check": the key computed a second way')
        return None
    tolerance: float | None = None
    path: Path_ = ("check",)
    if isinstance(given, dict):
        entry, problems = read_record(CheckRecord, desk.document, path, given)
        desk.findings += problems
        if entry is None:
            return None
        given, tolerance, path = entry.value, entry.tolerance, (*path, "value")
    if isinstance(given, bool) or not isinstance(given, str | int | float) or given == "":
        desk.error(path, "wrong-value", "check: an expression")
        return None
    is_of_numbers = any(option.is_key and option.value for option in options)
    formula, _ = desk.formula(given, path, wanted=Sort.NUMBER if is_of_numbers else Sort.TEXT)
    if formula is None:
        return None
    if not is_of_numbers:
        _check_names(options, path, desk)
    return Check(formula, tolerance)


def _check_names(options: Sequence[OptionTemplate], path: Path_, desk: Desk) -> None:
    """Where the check answers with the name of the right option, each that can be right has one, and no two the same."""
    named = [option for option in options if option.is_key or option.right_if]
    if any(not option.name for option in named):
        option = next(option for option in named if not option.name)
        desk.error(option.path, "missing-key", "the check answers with the `name` of the right option; this one has none")
    names = [option.name for option in named if option.name]
    if len(set(names)) < len(names):
        desk.error(path, "duplicate-name", "two options that can be right have one name")
