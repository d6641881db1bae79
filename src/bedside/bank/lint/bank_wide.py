"""What only many items together show: where the keys stand, how long they are, twins, and answers given away by a sibling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bedside.bank.item import Item, SetKind
from bedside.bank.lint.chi_square import chi_square, upper_tail
from bedside.bank.lint.likeness import alike
from bedside.bank.lint.passage import passage
from bedside.bank.lint.rule import Check, Hit, Rule, Spot
from bedside.bank.lint.shingles import twins
from bedside.bank.lint.view import View
from bedside.findings import Severity

FEWEST_ITEMS = 20  # below it chance alone looks uneven
UNLIKELY = 0.01  # p under which the list of flaws (TW4, TW10) calls a bank unbalanced


@dataclass(frozen=True, slots=True)
class Entry:
    """What the counts need of an item; the prepared views are not kept, since a bank may have many."""

    item: Item
    key: int | None  # place of the one key, None where there is not exactly one
    lengths: tuple[int, ...]  # characters of the options
    n_option_words: int
    n_stem_words: int

    @property
    def n_options(self) -> int:
        return len(self.lengths)

    @property
    def key_is_longest(self) -> bool:
        return self.key is not None and self.lengths[self.key] > max(
            (*self.lengths[: self.key], *self.lengths[self.key + 1 :], 0)
        )


Measures = tuple[int | None, tuple[int, ...], int, int]


def measures(view: View) -> Measures:
    """What the counts need of a view: the fields of an entry but its item."""
    key = view.options.index(view.key) if view.key is not None else None
    lengths = tuple(len(option.plain) for option in view.options)
    words = sum(len(option.plain.split()) for option in view.options)
    return key, lengths, words, len(view.stem.words)


@dataclass(frozen=True, slots=True)
class BankHit:
    """An offence of the bank: about the item at `index`, or, where that is None, about the folder `file`."""

    file: str
    index: int | None
    hit: Hit
    is_imported: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items of a bank, and the collection of each."""

    entries: Sequence[Entry]
    collection_of: Mapping[str, str]

    def groups(self) -> Iterator[tuple[str, list[Entry]]]:
        """The whole bank, each collection and each author, with at least `FEWEST_ITEMS` items; equal groups once."""
        named: defaultdict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            if one.key is not None:
                for name in self._groups_of(one.item):
                    named[name].append(one)
        seen: set[frozenset[str]] = set()
        for name, members in named.items():
            ids = frozenset(one.item.id for one in members)
            if len(members) >= FEWEST_ITEMS and ids not in seen:
                seen.add(ids)
                yield name, members

    def _groups_of(self, item: Item) -> list[str]:
        collection = self.collection_of.get(item.id, "")
        whose = f'the collection "{collection}"' if collection else "the bank"
        if item.is_imported:
            return [f"the imported items of {whose}"]
        return list(dict.fromkeys(["the bank", whose, *(f'the author "{author}"' for author in item.authors)]))


KEY_POSITION = Rule(
    "key-position-unbalanced",
    "TW10",
    Severity.WARNING,
    "Over at least 20 items the key stands in some places more often than chance allows.",
    on_imported=True,
)


def key_position_unbalanced(shelf: Shelf) -> Iterator[BankHit]:
    for name, members in shelf.groups():
        places = Counter(one.key for one in members)
        most = max(one.n_options for one in members)
        expected = [sum(1 / one.n_options for one in members if one.n_options > place) for place in range(most)]
        cells = [place for place in range(most) if expected[place] >= 1]
        statistic = chi_square([places[place] for place in cells], [expected[place] for place in cells])
        p = upper_tail(statistic, len(cells) - 1)
        if p < UNLIKELY:
            counts = ", ".join(f"{chr(65 + place)} {places[place]}" for place in range(most))
            text = f"keys of {name} ({len(members)} items): {counts}; chance would do this in {p:.2g} of banks. Reorder options"
            yield _of_group(members, text)


KEY_LONGEST_IN_BANK = Rule(
    "key-longest-in-bank",
    "TW4",
    Severity.WARNING,
    "Over at least 20 items the key is the longest option more often than chance allows.",
    on_imported=True,
)


def key_longest_in_bank(shelf: Shelf) -> Iterator[BankHit]:
    for name, members in shelf.groups():
        # names of one or two words are as long as they are; the rest is what an author can even out
        wordy = [one for one in members if one.n_option_words > 2 * one.n_options]
        n = len(wordy)
        if n < FEWEST_ITEMS:
            continue
        longest = sum(one.key_is_longest for one in wordy)
        expected = sum(1 / one.n_options for one in wordy)
        if longest <= expected or expected >= n:
            continue
        p = upper_tail(chi_square([longest, n - longest], [expected, n - expected]), 1) / 2  # one side only: longer
        if p < UNLIKELY:
            text = (
                f"the key is the longest option in {longest} of {n} items of {name}; {expected:.0f} are expected. "
                f"Even out the lengths"
            )
            yield _of_group(wordy, text)


def _of_group(members: Sequence[Entry], text: str) -> BankHit:
    folders = [PurePath(one.item.file).parts[:-1] for one in members]
    common: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    file = str(PurePath(*common)) if common else members[0].item.file
    return BankHit(file, None, Hit(Spot(1), text), all(one.item.is_imported for one in members))


NEAR_DUPLICATE = Rule(
    "near-duplicate-stem",
    "TW11",
    Severity.WARNING,
    "Two items have nearly the same stem.",
    on_imported=True,
)


def near_duplicate_stem(shelf: Shelf) -> Iterator[BankHit]:
    entries = shelf.entries
    for pair in twins([_text_of(one) for one in entries]):
        item, twin = entries[pair.later].item, entries[pair.earlier].item
        text = (
            f'{100 * pair.similarity:.0f} % of the stem is that of "{twin.id}"; write another patient, or retire one of the two'
        )
        yield BankHit(item.file, pair.later, Hit(Spot(item.stem_line), text), item.is_imported)


def _text_of(one: Entry) -> str:
    """Stem and lead-in; where these are short, what is asked about tells items apart."""
    text = f"{one.item.stem} {one.item.lead_in}"
    if one.n_stem_words < _SHORT_STEM:
        text += " " + " ".join(option.text for option in one.item.options)
    return text


_SHORT_STEM = 15  # words

SAME_QUESTION = Rule(
    "same-question",
    "TW11",
    Severity.WARNING,
    "Two items that teach different takeaways tell the same case and ask the same.",
)


def same_question(shelf: Shelf) -> Iterator[BankHit]:
    own = [index for index, one in enumerate(shelf.entries) if not one.item.is_imported and one.key is not None]
    if len(own) < FEWEST_ITEMS:
        return
    for pair in alike([_words_of(shelf.entries[index]) for index in own]):
        item, other = shelf.entries[own[pair.later]].item, shelf.entries[own[pair.earlier]].item
        are_of_one_set = item.set is not None and other.set is not None and item.set.id == other.set.id
        if are_of_one_set or set(item.takeaways) & set(other.takeaways):
            continue
        text = (
            f'words of stem, key and explanation are {100 * pair.cosine:.0f} % alike those of "{other.id}"; retire one of the '
            "two, or let both teach one takeaway and ask another thing of it"
        )
        yield BankHit(item.file, own[pair.later], Hit(Spot(item.stem_line), text), is_imported=False)


def _words_of(one: Entry) -> tuple[str, ...]:
    """What is told and asked, and the key with its reason."""
    assert one.key is not None
    key = one.item.options[one.key]
    return passage(f"{one.item.stem} {one.item.lead_in}\n\n{key.text} {key.text} {key.explanation}", line=1).words


CUE_ACROSS = Rule(
    "cue-across-items",
    "TW11",
    Severity.NOTE,
    "The stem of one item gives the answer of another that teaches the same.",
)
_LEAST_KEY = 8  # letters; a shorter key turns up anywhere
_LARGEST_FAMILY = 60  # items; beyond it a takeaway is a subject, and every stem speaks of it


def cue_across_items(shelf: Shelf) -> Iterator[BankHit]:
    families: defaultdict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(shelf.entries):
        if not one.item.is_imported:
            for takeaway in one.item.takeaways:
                families[takeaway].append(index)
    told: set[tuple[int, int]] = set()
    for family in families.values():
        if 1 < len(family) <= _LARGEST_FAMILY:
            yield from _within(shelf, family, told)


def _within(shelf: Shelf, family: Sequence[int], told: set[tuple[int, int]]) -> Iterator[BankHit]:
    stems = {index: passage(shelf.entries[index].item.stem, line=shelf.entries[index].item.stem_line) for index in family}
    for index in family:
        one = shelf.entries[index]
        if one.key is None:
            continue
        words = passage(one.item.options[one.key].text, line=1).words
        key = " ".join(words)
        for other, stem in stems.items() if len(key) >= _LEAST_KEY else ():
            if other == index or _are_of_one_patient(shelf, index, other):
                continue
            if (index, other) in told or f" {key} " not in f" {' '.join(stem.words)} ":
                continue
            told.add((index, other))
            text = f'"{key}" is the answer of "{one.item.id}"; keep the two out of one form, or reword'
            found = next(n for n in range(len(stem.words)) if stem.words[n : n + len(words)] == words)
            yield BankHit(shelf.entries[other].item.file, other, Hit(stem.spot(stem.starts[found]), text), is_imported=False)


def _are_of_one_patient(shelf: Shelf, one: int, other: int) -> bool:
    """Parts of one sequential set: a later one may tell what an earlier one asked, which is locked by then."""
    first, second = shelf.entries[one].item.set, shelf.entries[other].item.set
    return first is not None and second is not None and first.id == second.id and first.kind is SetKind.SEQUENTIAL


CHECKS = (
    Check(KEY_POSITION, key_position_unbalanced),
    Check(KEY_LONGEST_IN_BANK, key_longest_in_bank),
    Check(NEAR_DUPLICATE, near_duplicate_stem),
    Check(SAME_QUESTION, same_question),
    Check(CUE_ACROSS, cue_across_items),
)
