"""The items and takeaways of a bank as documents to be found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bedside.bank.analytes import Analyte
from bedside.bank.item import Item, Takeaway
from bedside.bank.search.document import SearchDocument, id_word

ITEM = "item"
TAKEAWAY = "takeaway"
VALUE = "value"
MODEL = "model"


def search_documents(
    items: Iterable[Item], takeaways: Iterable[Takeaway], analytes: Iterable[Analyte] = ()
) -> Iterator[SearchDocument]:
    """Items, takeaways and reference values, of the kinds "item", "takeaway" and "value".

    Everybody may find stems, lead-ins, options, stimuli, titles and values; behind them stand explanations, and the sentences
    of takeaways.
    """
    for item in items:
        yield _of_item(item)
    for one in takeaways:
        yield SearchDocument(one.id, TAKEAWAY, (("title", one.title), ("id", id_word(one.id))), (("takeaway", one.text),))
    for value in analytes:
        texts = [("title", value.name), ("specimen", value.specimen), ("group", value.group.replace("_", " "))]
        texts += [("condition", value.condition)] if value.condition else []
        texts += [("names", name) for name in value.names]
        yield SearchDocument(value.id, VALUE, tuple(texts))


def model_documents(heads: Iterable[Item], takeaways: Mapping[str, Takeaway]) -> Iterator[SearchDocument]:
    """Question models, of the kind "model", by their titles alone: their stems are other ones for each person.

    `heads` are what the members of each have in common.
    """
    for head in heads:
        yield SearchDocument(head.id, MODEL, (("title", title_of_model(head, takeaways)), ("id", id_word(head.id))))


def title_of_model(head: Item, takeaways: Mapping[str, Takeaway]) -> str:
    """What a model asks about: the titles of its takeaways, which don't give the answer away; its id where it has none."""
    titles = [takeaways[name].title for name in head.takeaways if name in takeaways]
    text = "; ".join(titles) or head.id
    return text[:1].upper() + text[1:]


def _of_item(item: Item) -> SearchDocument:
    stimulus = item.stimulus
    shown = [("id", id_word(item.id)), ("stem", item.stem), ("lead_in", item.lead_in)]
    shown += [("title", stimulus.title), ("stem", stimulus.text)] if stimulus else []
    shown += [("options", option.text) for option in item.options]
    behind = [("explanation", option.explanation) for option in item.options]
    behind += [("explanation", item.answer.explanation)] if item.answer else []
    return SearchDocument(item.id, ITEM, tuple(shown), tuple(behind))
