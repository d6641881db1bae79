"""A bank read from its folders: items, takeaways, stimuli, media, reviews and lock, once and strictly.

Nothing is half-loaded: an item with an error is left out and named, with all its findings. A file that can't be read at all
is named in `unreadable`, and the others are still read. Links that leave their folder are not followed, and what is not a
plain file is not opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from bedside.bank.item import Codes, Item, Stimulus, Takeaway
from bedside.bank.item_file import ItemReading, Place, parse_item
from bedside.bank.media import MediaFolder
from bedside.bank.models import Model, ModelReading, make_member, parse_model, split_member_id
from bedside.bank.review_file import Review, check_status, parse_reviews
from bedside.bank.sets import check_sets, sets_of, with_earlier
from bedside.bank.stimulus_file import parse_stimulus
from bedside.bank.takeaway_file import parse_takeaways
from bedside.bank.tray import Tray, files_in
from bedside.bank.versions import LOCK_NAME, Lock, Versioned, check_versions, parse_lock
from bedside.errors import NotFoundError, ReadError
from bedside.findings import Finding, Severity, has_errors, in_order


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that holds items/, models/, takeaways/, stimuli/, reviews/, media/ and versions.lock, and its collection's name.

    `only` is a file or folder inside: then just its items are judged, and what speaks of all items (ids that are gone) is not
    looked at.
    """

    path: Path
    name: str
    only: Path | None = None


@dataclass(frozen=True, slots=True)
class Bank:
    """What was read.

    `items` are without errors; `faulty` have a sound form and another error, for an editor's eyes only. `left_out` says for
    each file that is not in `items` why, `unreadable` which could not be read at all.
    """

    items: Mapping[str, Item]
    takeaways: Mapping[str, Takeaway]
    reviews: Mapping[str, tuple[Review, ...]]
    collection_of: Mapping[str, str]
    faulty: tuple[Item, ...]
    left_out: Mapping[str, str]
    unreadable: tuple[ReadError, ...]
    findings: tuple[Finding, ...]
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # id of a set → its items, in the order of their parts
    models: Mapping[str, Model] = field(default_factory=dict)  # sound ones; a model stands beside the items, not among them

    def find(self, item_id: str) -> Item | None:
        """The sound item of that id, or the member of a sound model; None where there is none.

        Raises:
            MemberError: the model makes no member of this seed.
        """
        if (item := self.items.get(item_id)) is not None or (named := split_member_id(item_id)) is None:
            return item
        model = self.models.get(named[0])
        return make_member(model, named[1]).item if model else None

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The sound items and the faulty ones, for checks that help an editor."""
        return (*self.items.values(), *self.faulty)


def read_bank(roots: Sequence[Root], *, codes: Codes, takeaways_from: Sequence[Root] = ()) -> Bank:
    """Read every root; ids are unique over all of them.

    Args:
        takeaways_from: further roots of which only the takeaways are read, and no finding is kept.

    Raises:
        NotFoundError: a root is no folder.
    """
    reading = Tray(codes)
    for root in (*roots, *takeaways_from):
        if not root.path.is_dir():
            raise NotFoundError(f"{root.path}: no such folder")
    for root in (*takeaways_from, *(root for root in roots if root.only)):
        borrowed = Tray(codes)
        _read_takeaways(root, borrowed)
        reading.takeaways.update(borrowed.takeaways)
    for root in roots:
        if root.only is None:
            _read_takeaways(root, reading)
    for root in roots:
        _read_items(root, reading)
    return Bank(
        items=reading.items,
        takeaways=reading.takeaways,
        reviews=reading.reviews,
        collection_of=reading.collection_of,
        faulty=tuple(reading.faulty),
        left_out=reading.left_out,
        unreadable=tuple(reading.unreadable),
        findings=tuple(in_order(reading.findings)),
        models=reading.models,
        sets={name: tuple(item.id for item in members) for name, members in sets_of(reading.items.values()).items()},
    )


def _read_takeaways(root: Root, reading: Tray) -> None:
    for path in files_in(root.path, root.path / "takeaways", ".yaml", reading):
        source = reading.text_of(path)
        if source is None:
            continue
        try:
            read = parse_takeaways(source, area=path.stem, codes=reading.codes)
        except ReadError as error:
            reading.refuse(error)
            continue
        reading.findings += read.findings
        for takeaway in read.takeaways:
            first = reading.takeaways.setdefault(takeaway.id, takeaway)
            if (first.file, first.line) != (takeaway.file, takeaway.line):
                text = f'the takeaway "{takeaway.id}" stands in {first.file}:{first.line} already'
                reading.add(Finding(takeaway.file, takeaway.line, None, "duplicate-id", Severity.ERROR, text))


def _read_items(root: Root, reading: Tray) -> None:
    """The items and question models of one root with their stimuli, media, reviews and lock."""
    media = MediaFolder(root.path / "media")
    stimuli = _read_stimuli(root, media, reading)
    paths = list(_item_paths(root, root.path / "items", reading))
    read = _in_sets(root, [_read_one(root, path, media, stimuli, reading) for path in paths], media, stimuli, reading)
    model_paths = [] if root.only else list(files_in(root.path, root.path / "models", ".yaml", reading))
    models = [model for path in model_paths if (model := _read_model(root, path, media, reading)) is not None]
    lock = _read_lock(root, reading)
    names = [path.stem for path in (*paths, *model_paths)]
    whole: list[Versioned] = [result.item for _, result in read if result.item is not None]
    whole += [one.model for _, one in models if one.model is not None]
    problems: dict[str, list[Finding]] = {}
    for finding in check_versions(whole, lock, present=None if root.only else set(names)) if lock else ():
        problems.setdefault(finding.file, []).append(finding)
    reviews = _read_reviews(root, reading, names)
    for path, one in models:
        _keep_model(root, path, one.model, [*one.findings, *problems.pop(str(path), ())], reading)
    for path, result in read:
        item = result.item
        findings = list(result.findings)
        if item is not None:
            name = str(root.path / "reviews" / f"{item.id}.jsonl")
            findings += check_status(item, reviews.get(item.id, ()), file=name)
        _keep(root, path, item, [*findings, *problems.pop(str(path), ())], reading)
    for rest in problems.values():
        reading.findings += rest
    _leave_broken_sets(
        root, {result.set_id for path, result in read if result.set_id and str(path) in reading.left_out}, reading
    )
    if root.only is None:
        reading.findings += media.check()
        for error in media.unreadable:
            reading.refuse(error)


def _read_stimuli(root: Root, media: MediaFolder, reading: Tray) -> dict[str, Stimulus]:
    """The sound stimuli by id. Where only some items are judged, what is wrong with stimuli is not said."""
    kept = reading if root.only is None else Tray(reading.codes)
    stimuli: dict[str, Stimulus] = {}
    for path in files_in(root.path, root.path / "stimuli", ".md", kept):
        source = kept.text_of(path)
        if source is None:
            continue
        try:
            read = parse_stimulus(source, name=path.stem, media=media)
        except ReadError as error:
            kept.refuse(error)
            continue
        kept.findings += read.findings
        if read.stimulus is None:
            kept.left_out[str(path)] = in_order(read.findings)[0].text
        elif read.stimulus.id in stimuli:
            text = f'the stimulus "{path.stem}" stands in {stimuli[path.stem].file} already'
            kept.add(Finding(str(path), 1, None, "duplicate-id", Severity.ERROR, text))
        else:
            stimuli[path.stem] = read.stimulus
    return stimuli


def _read_model(root: Root, path: Path, media: MediaFolder, reading: Tray) -> tuple[Path, ModelReading] | None:
    source = reading.text_of(path)
    if source is None:
        return None
    place = Place(path.stem, _area(root.path / "models", path))
    try:
        return path, parse_model(source, codes=reading.codes, takeaways=reading.takeaways, media=media, place=place)
    except ReadError as error:
        reading.refuse(error)
        return None


def _keep_model(root: Root, path: Path, model: Model | None, findings: list[Finding], reading: Tray) -> None:
    """Keep a model that is sound; else name why it is left out."""
    if model is not None:
        name = str(root.path / "reviews" / f"{model.id}.jsonl")
        findings += check_status(model, reading.reviews.get(model.id, ()), file=name)
        if model.id in reading.models or model.id in reading.items or model.id in reading.collection_of:
            place = model.document.place(("id",))
            text = f'the id "{model.id}" belongs to another model already'
            findings.append(Finding(model.file, place.line, place.column, "duplicate-id", Severity.ERROR, text))
    reading.findings += findings
    errors = in_order(finding for finding in findings if finding.severity is Severity.ERROR)
    if model is None or errors:
        reading.left_out[str(path)] = _why(errors)
    else:
        reading.models[model.id] = model
        reading.collection_of[model.id] = root.name


def _why(errors: Sequence[Finding]) -> str:
    """The first error of a file in one line, and how many more there are."""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"line {errors[0].line}: {errors[0].text}{more}"


_Read = tuple[Path, ItemReading]


def _read_one(root: Root, path: Path, media: MediaFolder, stimuli: Mapping[str, Stimulus], reading: Tray) -> _Read | None:
    source = reading.text_of(path)
    if source is None:
        return None
    place = Place(path.stem, _area(root.path / "items", path))
    try:
        return path, parse_item(
            source, codes=reading.codes, takeaways=reading.takeaways, media=media, place=place, stimuli=stimuli
        )
    except ReadError as error:
        reading.refuse(error)
        return None


def _in_sets(
    root: Root, maybe: Sequence[_Read | None], media: MediaFolder, stimuli: Mapping[str, Stimulus], reading: Tray
) -> list[_Read]:
    """What was read, each item beside what is wrong with its set and with the stems that its candidate read before."""
    read = [one for one in maybe if one is not None]
    items = [result.item for _, result in read if result.item is not None]
    if not any(item.set for item in items):
        return read
    if root.only is not None:  # the other parts of a set may lie outside what is judged
        borrowed = Tray(reading.codes, takeaways=reading.takeaways)
        paths = _item_paths(Root(root.path, root.name), root.path / "items", borrowed)
        others = [_read_one(root, path, media, stimuli, borrowed) for path in paths]
        known = {item.file for item in items}
        items += [one[1].item for one in others if one and one[1].item and one[1].item.file not in known]
    items = with_earlier(items)
    wrong: dict[str, list[Finding]] = {}
    formless = {result.set_id for _, result in read if result.item is None}  # a part that is lacking for its own reason
    for item, finding in check_sets(item for item in items if item.set is None or item.set.id not in formless):
        wrong.setdefault(item.file, []).append(finding)
    by_file = {item.file: item for item in items}
    return [
        (path, replace(result, item=by_file[result.item.file], findings=(*result.findings, *wrong.get(result.item.file, ()))))
        if result.item is not None
        else (path, result)
        for path, result in read
    ]


def _leave_broken_sets(root: Root, broken: Set[str], reading: Tray) -> None:
    """Leave out what is sound in itself and belongs to a set of this root with a part that is not."""
    for item in list(reading.items.values()):
        if item.set is None or item.set.id not in broken or reading.collection_of[item.id] != root.name:
            continue
        del reading.items[item.id], reading.collection_of[item.id]
        reading.faulty.append(item)
        reading.left_out[item.file] = f'another part of its set "{item.set.id}" has an error'


def _keep(root: Root, path: Path, item: Item | None, findings: list[Finding], reading: Tray) -> None:
    """Put an item where it belongs: among the sound, the faulty, or only among what was left out."""
    if item is not None and (twin := reading.items.get(item.id) or reading.models.get(item.id)) is not None:
        place = item.document.place(("id",))
        text = f'the id "{item.id}" is that of {twin.file} already'
        findings.append(Finding(item.file, place.line, place.column, "duplicate-id", Severity.ERROR, text))
    if item is not None and item.set is not None and reading.root_of_set.setdefault(item.set.id, root.name) != root.name:
        place = item.document.place(("set", "id"))
        text = f'the set "{item.set.id}" is one of the collection "{reading.root_of_set[item.set.id]}" already'
        findings.append(Finding(item.file, place.line, place.column, "duplicate-id", Severity.ERROR, text))
    reading.findings += findings
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if item is None or errors:
        reading.left_out[str(path)] = _why(in_order(errors))
        if item is not None:
            reading.faulty.append(item)
        return
    reading.items[item.id] = item
    reading.collection_of[item.id] = root.name


def _read_lock(root: Root, reading: Tray) -> Lock | None:
    path = root.path / LOCK_NAME
    if not path.exists():
        return None
    source = reading.text_of(path)
    return parse_lock(source) if source else None


def _read_reviews(root: Root, reading: Tray, ids: Sequence[str]) -> dict[str, tuple[Review, ...]]:
    folder = root.path / "reviews"
    if not folder.is_dir():
        return {}
    wanted = set(ids)
    found: dict[str, tuple[Review, ...]] = {}
    for path in files_in(root.path, folder, ".jsonl", reading):
        if path.stem not in wanted:
            if root.only is None:
                text = f'reviews of an item "{path.stem}" that is not there'
                reading.add(Finding(str(path), 1, None, "stray-file", Severity.WARNING, text))
            continue
        source = reading.text_of(path)
        if source is None:
            continue
        reviews, findings = parse_reviews(source, item_id=path.stem)
        reading.findings += findings
        found[path.stem] = () if has_errors(findings) else reviews
    reading.reviews.update(found)
    return found


# --- walking ----------------------------------------------------------------------------------------------------------


def _item_paths(root: Root, folder: Path, reading: Tray) -> Iterator[Path]:
    if root.only is None:
        yield from files_in(root.path, folder, ".md", reading)
    elif root.only.is_dir():
        yield from files_in(root.path, root.only, ".md", reading)
    else:
        yield root.only


def _area(folder: Path, path: Path) -> str | None:
    """The folder right below items/ in which a file lies, None where it lies in items/ itself or elsewhere."""
    if not path.is_relative_to(folder):
        return None
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else None
