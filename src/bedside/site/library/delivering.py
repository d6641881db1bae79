"""From the bank's item to the item as it is delivered."""

from __future__ import annotations

from bedside.bank import Item, Rendered, base_id, render
from bedside.site.content import Content
from bedside.site.library.delivered import (
    IMPORTED,
    Delivered,
    DeliveredAnswer,
    DeliveredOption,
    DeliveredSet,
    DeliveredTakeaway,
)
from bedside.site.library.media import MEDIA_URL, keep_media


def deliver(content: Content, item: Item, *, programme: str, step: str) -> Delivered:
    """The item with its text drawn to HTML, its takeaways, and its codes in this step.

    Its pictures and sounds are kept first, durably: the text that names them never comes before them.

    Raises:
        StoreError: a picture or a sound can't be kept, or is no longer what was read.
    """
    keep_media(item.all_media)
    drawn = render(item, media_url=MEDIA_URL)
    html_of = dict(drawn.options)
    entry = next((one for one in item.blueprint if (one.programme, one.step) == (programme, step)), None)
    takeaways = [content.bank.takeaways[name] for name in item.takeaways if name in content.bank.takeaways]
    return Delivered(
        id=item.id,
        version=item.version,
        content_hash=item.content_hash,
        kind=item.kind.value,
        collection=content.bank.collection_of[base_id(item.id)],
        stem=item.stem,
        stem_html=drawn.stem,
        lead_in=item.lead_in,
        lead_in_html=drawn.lead_in,
        options=tuple(
            DeliveredOption(
                letter=option.letter,
                text=option.text,
                html=html_of[option.letter],
                is_key=option.is_key,
                explanation=option.explanation,
                explanation_html=drawn.explanations.get(option.letter, ""),
            )
            for option in item.options
        ),
        takeaways=tuple(DeliveredTakeaway(takeaway.id, takeaway.text) for takeaway in takeaways),
        sources=item.sources,
        status=IMPORTED if item.is_imported else item.status.value,
        codes={axis: tuple(codes) for axis, codes in entry.codes.items()} if entry else {},
        answer=_answer(item, drawn),
        set=_set(content, item, drawn),
        earlier_html=drawn.earlier,
        media=tuple(dict.fromkeys(file.name for file in item.all_media)),
    )


def _answer(item: Item, drawn: Rendered) -> DeliveredAnswer | None:
    answer = item.answer
    if answer is None:
        return None
    return DeliveredAnswer(answer.value, answer.tolerance, answer.unit, answer.explanation, drawn.answer)


def _set(content: Content, item: Item, drawn: Rendered) -> DeliveredSet | None:
    place, stimulus = item.set, item.stimulus
    if place is None:
        return None
    return DeliveredSet(
        id=place.id,
        kind=place.kind.value,
        part=place.part,
        n_parts=len(content.bank.sets.get(place.id, (item.id,))),
        stimulus_kind=stimulus.kind.value if stimulus else "",
        title=stimulus.title if stimulus else "",
        stimulus_html=drawn.stimulus,
    )
