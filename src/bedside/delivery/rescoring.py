"""The score of a bundle, computed again from what the bundle holds, and every digest in it checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bedside.delivery.bundle import Bundle, BundledItem, HeldKey, KeysFile
from bedside.delivery.canonical_json import digest
from bedside.delivery.carried import log_digest_of, read_events
from bedside.delivery.case_scores import commands_by_case
from bedside.delivery.digests import commitment, form_digest_of, score_commitment
from bedside.delivery.event_parts import CommandFields
from bedside.delivery.events import Event, FormFixed
from bedside.delivery.form import Form, FormCase, form_from_dict
from bedside.delivery.scoring import Score, marking_from_dict, score
from bedside.delivery.sitting import fold
from bedside.delivery.state import Ended, Sitting
from bedside.delivery.verdicts import verdicts_of
from bedside.errors import UsageError
from bedside.findings import plural


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `problem` is empty where it holds."""

    what: str
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.problem


@dataclass(frozen=True, slots=True)
class Rescored:
    """The score that the bundle's contents give, and what was looked at."""

    score: Score
    checks: tuple[Check, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(check.problem for check in self.checks if check.problem)


@dataclass(frozen=True, slots=True)
class _Keys:
    """What may be held back, in clear: by item the keys and the digests of the texts; and the salts."""

    delivered: Mapping[str, str]
    verdict: Mapping[str, str]
    hashes: Mapping[str, str]
    salt: str | None
    score_salt: str | None = None


# The text of a case, what the form says of it, and the commands that count: its per cent and band. None: not to be done here,
# since the catalogue or the engine is another.
ScoreCase = Callable[[str, FormCase, Sequence[CommandFields]], tuple[str, str] | None]


def rescore(
    bundle: Bundle,
    keys: KeysFile | None = None,
    *,
    key_of_text: Callable[[str], str],
    score_case: ScoreCase | None = None,
) -> Rescored:
    """Compute the score of a bundle again, and check all that it rests on but its signature.

    `key_of_text` reads the key out of the text of an item, and `score_case` plays a case again and scores it. What is checked
    is said in `checks`, sound or not.

    Raises:
        UsageError: there is nothing to compute from: keys are held back and not supplied, the form can't be read, an event is
            ill-formed, or the sitting has not ended.
        ConflictError: events contradict each other.
    """
    form = _form_of(bundle)
    events = read_events(bundle.events)
    clear, about_keys = _keys_of(bundle, keys)
    sitting = fold(form, events)
    if not isinstance(sitting.phase, Ended):
        raise UsageError(f"the sitting of this bundle has no result: by its events it is {sitting.state}")
    found = _score(bundle, form, sitting, clear)
    return Rescored(
        found,
        (
            _see_log(bundle, events),
            _see_form(bundle, events, clear),
            _see_texts(bundle, clear, key_of_text),
            about_keys,
            _see_changes(bundle, clear),
            _see_marking(bundle),
            _see_score(bundle, found, clear),
            *_see_cases(bundle, form, keys, commands_by_case(events, sitting), score_case),
        ),
    )


def _form_of(bundle: Bundle) -> Form:
    try:
        form = form_from_dict(bundle.form)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f'field "form": this is no form: {error}') from None
    held = [(item.id, item.version) for block in form.blocks for item in block.items]
    listed = [(item.item, item.version) for item in sorted(bundle.items, key=lambda item: item.position)]
    if held != listed or [item.position for item in bundle.items] != list(range(1, len(held) + 1)):
        raise UsageError('field "items": these are not the items of the form, in its order')
    return form


def _keys_of(bundle: Bundle, supplied: KeysFile | None) -> tuple[_Keys, Check]:
    """The keys in clear, and whether they are those that the bundle commits to."""
    if not bundle.is_redacted:
        if supplied is not None:
            raise UsageError("the bundle holds its keys; none are to be supplied")
        clear = _Keys(_clear(bundle, "delivered_key"), _clear(bundle, "verdict"), _clear(bundle, "hash"), salt=bundle.salt)
        return clear, Check("the keys stand in the bundle itself")
    if supplied is None:
        raise UsageError("the keys of this bundle are held back; supply them with --keys FILE")
    if supplied.sitting != bundle.sitting.id:
        raise UsageError(f"the keys are of sitting {supplied.sitting}, the bundle is of {bundle.sitting.id}")
    held = {key.item: key for key in supplied.keys}
    for item in bundle.items:
        if item.item not in held:
            raise UsageError(f'the keys supplied have none for item "{item.item}"')
        if item.hash is None and held[item.item].hash is None:
            raise UsageError(f'the keys supplied lack the digest of the text of item "{item.item}"')
    wrong = [item.item for item in bundle.items if _bound_by(item, held[item.item]) != item.commitment]
    problem = f"the keys supplied are not those held back, first for item {wrong[0]}" if wrong else ""
    clear = _Keys(
        {item.item: held[item.item].delivered_key for item in bundle.items},
        {item.item: held[item.item].verdict for item in bundle.items},
        {item.item: item.hash or held[item.item].hash or "" for item in bundle.items},
        salt=supplied.salt,
        score_salt=supplied.score_salt,
    )
    return clear, Check("the keys supplied are those that were held back", problem)


def _bound_by(item: BundledItem, key: HeldKey) -> str:
    """The commitment that an item has if its keys are these."""
    text_hash = key.hash if item.hash is None else None
    return commitment(key.salt, item.item, item.version, key.delivered_key, key.verdict, text_hash=text_hash)


def _clear(bundle: Bundle, name: str) -> dict[str, str]:
    found = {item.item: getattr(item, name) for item in bundle.items}
    for item, text in found.items():
        if text is None:
            raise UsageError(f'item "{item}" has neither its keys nor a commitment to them')
    return found


def _score(bundle: Bundle, form: Form, sitting: Sitting, clear: _Keys) -> Score:
    verdicts = verdicts_of(clear.verdict)
    return score(form, sitting, verdicts.keys, marking_from_dict(bundle.marking), dropped=verdicts.dropped)


def _see_log(bundle: Bundle, events: tuple[Event, ...]) -> Check:
    is_same = log_digest_of(events) == bundle.digests.log
    return Check(f"the log: {plural(len(events), 'event')}", "" if is_same else "the events are not those of the log's digest")


def _see_form(bundle: Bundle, events: tuple[Event, ...], clear: _Keys) -> Check:
    what = "the form, as it was fixed in the log at the start, with the text and key of every item"
    found = form_digest_of(
        bundle.form,
        [(item.position, item.item, clear.hashes[item.item], clear.delivered[item.item]) for item in bundle.items],
        bundle.marking,
        clear.salt,
    )
    fixed = {event.body.digest for event in events if isinstance(event.body, FormFixed)}
    if fixed != {bundle.digests.form}:
        return Check(what, "the form's digest is not the one that was fixed in the log")
    return Check(what, "" if found == bundle.digests.form else "the form, an item or a key is not what was fixed at the start")


def _see_texts(bundle: Bundle, clear: _Keys, key_of_text: Callable[[str], str]) -> Check:
    held = [item for item in bundle.items if item.text is not None]
    what = f"the texts: {len(held):,} of {len(bundle.items):,} items have theirs in the bundle, the others their digest"
    for item in held:
        if problem := _problem_of_text(item, clear, key_of_text):
            return Check(what, problem)
    return Check(what)


def _problem_of_text(item: BundledItem, clear: _Keys, key_of_text: Callable[[str], str]) -> str:
    assert item.text is not None
    if sha256(item.text.encode()).hexdigest() != clear.hashes[item.item]:
        return f"the text of item {item.item} is not that of its digest"
    try:
        key = key_of_text(item.text)
    except ValueError:
        return f"the text of item {item.item} is no item"
    return "" if key == clear.delivered[item.item] else f"the key of item {item.item} is not that of its text"


def _see_changes(bundle: Bundle, clear: _Keys) -> Check:
    what = f"the keys in force: those delivered, and {plural(len(bundle.key_changes), 'change')} of a key"
    if bundle.is_redacted:
        return Check(what + ", whose keys are held back")
    now = dict(clear.delivered)
    for change in bundle.key_changes:
        if change.item not in now or change.after is None:
            return Check(what, f"a change of a key is of item {change.item}, which it says nothing of")
        if change.before != now[change.item]:
            return Check(what, f"a change of the key of item {change.item} does not start from the key before it")
        now[change.item] = change.after
    wrong = [item for item, text in now.items() if text != clear.verdict[item]]
    return Check(what, f"the key in force of item {wrong[0]} is not what the changes make of it" if wrong else "")


def _see_marking(bundle: Bundle) -> Check:
    is_same = digest(bundle.marking) == bundle.digests.marking
    return Check("the rules of marking", "" if is_same else "the rules of marking are not those of their digest")


def _see_score(bundle: Bundle, found: Score, clear: _Keys) -> Check:
    what = f"the score: version {bundle.score_version.number}, byte for byte"
    told = found.totals() if bundle.is_redacted else found.as_dict()
    if not _is_bound(bundle, found, clear):
        return Check(what, "the score computed again is not the one that was given")
    return Check(what, "" if told == bundle.score else "the score in the bundle is not that of its digest")


def _see_cases(
    bundle: Bundle,
    form: Form,
    keys: KeysFile | None,
    commands: Mapping[str, Sequence[CommandFields]],
    score_case: ScoreCase | None,
) -> list[Check]:
    """The cases played again from the log, each by its own text. Nothing where the form has none."""
    if not form.cases and not bundle.cases:
        return []
    supplied = {sha256(text.encode()).hexdigest(): text for text in keys.case_texts} if keys else {}
    n_done, problem = 0, ""
    for one in bundle.cases:
        told = form.cases.get(one.block)
        if told is None or told.id != one.case:
            problem = problem or f"case {one.case} is not what the form has in block {one.block}"
            continue
        text = one.text if one.text is not None else supplied.get(told.digest)
        if text is not None and sha256(text.encode()).hexdigest() != told.digest:
            problem = problem or f"the text of case {one.case} is not that of its digest"
            continue
        found = score_case(text, told, commands.get(one.case, ())) if text is not None and score_case else None
        n_done += found is not None
        if found is not None and one.percent is not None and found != (one.percent, one.band):
            problem = problem or f"case {one.case} played again comes to {found[0]}%, and not to {one.percent}%"
    what = f"the cases: {n_done} of {plural(len(bundle.cases), 'case')} played again from the log"
    if n_done < len(bundle.cases):
        what += ", the others lack their text, or the orders or the engine are not those here"
    return [Check(what, problem)]


def _is_bound(bundle: Bundle, found: Score, clear: _Keys) -> bool:
    """Does the bundle bind to this score: by its digest, or where keys are held back by a commitment?"""
    if bundle.score_commitment is None:
        return found.digest == bundle.score_digest
    if clear.score_salt is None:
        raise UsageError('the keys supplied lack "score_salt", without which the score can\'t be compared')
    return score_commitment(clear.score_salt, found.as_dict()) == bundle.score_commitment
