"""What stands in the library, and the search through it: made when somebody first asks, and again when the content changed.

Only what practice gives out by itself stands here: the bank's own items that serve a step, sets as a whole, and its question
models, each as one thing. What was imported is chosen in Practice by the name of its collection.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock, Thread

from bedside.bank import (
    NO_SYNONYMS,
    Analyte,
    Item,
    Search,
    SearchDocument,
    Synonyms,
    Takeaway,
    base_id,
    model_documents,
    read_synonyms,
    search_documents,
    title_of_model,
)
from bedside.cases import CaseFile, Cases
from bedside.errors import BedsideError
from bedside.site.cases.stock import current_cases
from bedside.site.content import Content, current_content
from bedside.site.exam.members import models_of_step
from bedside.site.exam.stock import items_of_step

logger = logging.getLogger(__name__)

WAIT_S = 2.0  # that a page waits for the search to be made; 50,000 items take longer, and the page then says so
CASE = "case"
_Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library as it is for one state of the content."""

    content: Content
    known_cases: Cases
    search: Search
    items: Mapping[str, Item]
    models: Mapping[str, Item]  # what the members of each have in common
    families: Mapping[str, tuple[str, ...]]  # takeaway → its items and models
    steps_of_takeaway: Mapping[str, frozenset[_Step]]  # of the items and models that carry it
    masks: dict[object, object] = field(default_factory=dict)  # of documents by what was filtered, kept for the next keystroke

    @property
    def takeaways(self) -> Mapping[str, Takeaway]:
        return self.content.bank.takeaways

    @property
    def cases(self) -> Mapping[str, CaseFile]:
        return self.known_cases.by_id

    def question(self, item_id: str) -> Item | None:
        """The item of that id; of a model or a member what all its members have in common."""
        return self.items.get(item_id) or self.models.get(base_id(item_id))

    def title_of_model(self, name: str) -> str:
        """What a model asks about."""
        return title_of_model(self.models[name], self.takeaways)

    @property
    def values(self) -> Mapping[str, Analyte]:
        return self.content.analytes.by_id


def current_shelf() -> Shelf | None:
    """The library as the content is now; None while a large one is still being made."""
    return _MAKER.current()


def make_shelf(content: Content, cases: Cases) -> Shelf:
    """The library of a content."""
    items: dict[str, Item] = {}
    models: dict[str, Item] = {}
    for programme in content.programmes.values():
        for step in programme.steps:
            items |= {item.id: item for item in items_of_step(content, programme.name, step.name, None)}
            models |= {head.id: head for head in models_of_step(content, programme.name, step.name, None)}
    families: dict[str, list[str]] = {}
    steps: dict[str, set[_Step]] = {}
    for item in (*items.values(), *models.values()):
        for name in item.takeaways:
            families.setdefault(name, []).append(item.id)
            steps.setdefault(name, set()).update((entry.programme, entry.step) for entry in item.blueprint)
    bank, values = content.bank, content.analytes.by_id
    documents = [*search_documents(items.values(), bank.takeaways.values(), values.values()), *_of_cases(cases)]
    documents += model_documents(models.values(), bank.takeaways)
    return Shelf(
        content=content,
        known_cases=cases,
        search=Search(documents, _synonyms(content)),
        items=dict(sorted(items.items())),
        models=dict(sorted(models.items())),
        families={name: tuple(sorted(ids)) for name, ids in families.items()},
        steps_of_takeaway={name: frozenset(found) for name, found in steps.items()},
    )


def _of_cases(cases: Cases) -> Iterator[SearchDocument]:
    """Cases by their titles alone: what else the file says is for who plays them to find out."""
    for case in cases.by_id.values():
        yield SearchDocument(case.id, CASE, (("title", case.title),))


def _synonyms(content: Content) -> Synonyms:
    path = content.folder / "reference" / "abbreviations.yaml"
    if not path.is_file():
        return NO_SYNONYMS
    try:
        read = read_synonyms(path)
    except (BedsideError, OSError):
        logger.exception("the abbreviations can't be read; the search goes on without them")
        return NO_SYNONYMS
    for finding in read.findings:
        logger.warning("left out: %s:%s: %s", finding.file, finding.line, finding.text)
    return read


class _Maker:
    """The library in memory, and the thread that makes the next one."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made: Shelf | None = None
        self.thread: Thread | None = None

    def current(self) -> Shelf | None:
        content, cases = current_content(), current_cases()
        with self.lock:
            if self._is_made_of(content, cases):
                return self.made
            if self.thread is None or not self.thread.is_alive():
                self.thread = Thread(target=self._make, args=(content, cases), name="library", daemon=True)
                self.thread.start()
            thread = self.thread
        thread.join(WAIT_S)
        with self.lock:
            return self.made if self._is_made_of(content, cases) else None

    def _is_made_of(self, content: Content, cases: Cases) -> bool:
        made = self.made
        return made is not None and made.content is content and made.known_cases is cases

    def _make(self, content: Content, cases: Cases) -> None:
        try:
            made = make_shelf(content, cases)
        except Exception:
            logger.exception("the library can't be made; it is tried again when somebody asks")
            return
        with self.lock:
            self.made = made


_MAKER = _Maker()
