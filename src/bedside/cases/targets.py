"""What the names in a case mean: an order, a group of orders, or `verb:what`; and whether a fact can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bedside.cases.case_file import DEAD, CaseFile
from bedside.cases.case_values import LOCATIONS, TARGET_VERBS
from bedside.cases.catalogue import Catalogue
from bedside.cases.facts import Asked
from bedside.errors import UsageError
from bedside.reading import did_you_mean

ORDER, CANCEL, MOVE, EXAM, HISTORY = "order", "cancel", "move", "exam", "history"
Action = tuple[str, str]  # verb, and the order, place or part


@dataclass(frozen=True, slots=True)
class Targets:
    """The names of one case with the orders of the catalogue."""

    file: CaseFile
    catalogue: Catalogue

    def orders(self, name: str) -> tuple[str, ...]:
        """The orders of a group, or the order of that id; where both exist the group is meant.

        Raises:
            UsageError: there is neither.
        """
        members = self.file.groups.get(name, (name,))
        for member in members:
            if member not in self.catalogue.orders:
                hint = did_you_mean(member, [*self.file.groups, *self.catalogue.orders])
                raise UsageError(f'no order or group "{member}"{hint}')
        return tuple(members)

    def actions(self, target: str) -> tuple[Action, ...]:
        """The actions that a target means: of a list or a group, any of its members.

        Raises:
            UsageError: an order, a place or a part that does not exist.
        """
        verb, colon, what = target.partition(":")
        if not colon:
            return tuple((ORDER, order) for order in self.orders(target))
        if verb not in TARGET_VERBS:
            raise UsageError(f'"{target}": the verbs are {", ".join(TARGET_VERBS)}')
        if verb == CANCEL:
            return tuple((CANCEL, order) for order in self.orders(what))
        if verb == MOVE and what not in LOCATIONS:
            raise UsageError(f'"{target}": no place "{what}"{did_you_mean(what, LOCATIONS)}')
        if verb == EXAM and f"exam_{what}" not in self.catalogue.orders:
            raise UsageError(f'"{target}": the catalogue has no examination "exam_{what}"')
        return ((verb, what),)

    def actions_of(self, targets: Iterable[str]) -> tuple[Action, ...]:
        """The actions that any of these targets means.

        Raises:
            UsageError: an order, a place or a part that does not exist.
        """
        return tuple(action for target in targets for action in self.actions(target))

    def check(self, fact: Asked) -> None:
        """Can this be asked?

        Raises:
            UsageError: of something that does not exist.
        """
        match fact.function:
            case "state":
                states = {DEAD, *(state for region in self.file.regions.values() for state in region.states)}
                self._check_known(fact, states)
            case "seen":
                self._check_known(fact, self.file.events)
            case "loc":
                self._check_known(fact, LOCATIONS)
            case "done":
                self.actions(fact.what)
            case _:
                self.orders(fact.what)

    def _check_known(self, fact: Asked, known: Iterable[str]) -> None:
        names = list(known)
        if fact.what not in names:
            raise UsageError(f'{fact.function}({fact.what}): there is no "{fact.what}"{did_you_mean(fact.what, names)}')
