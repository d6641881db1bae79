"""Anki decks: read packages of any age safely, draw their cards, and write them."""

from bedside.anki.cleaning import clean_html, is_too_deep, media_name
from bedside.anki.cloze import numbers_in as cloze_numbers
from bedside.anki.drawing import Drawer, Sides, draw_card
from bedside.anki.identity import stable_guid, stable_id
from bedside.anki.opening import is_deck, open_package
from bedside.anki.package import Package
from bedside.anki.picture_sizes import HEAD_BYTES, picture_size
from bedside.anki.records import (
    Card,
    CardState,
    Deck,
    Format,
    Media,
    Note,
    NoteType,
    Review,
    ReviewKind,
    Skipped,
    Template,
)
from bedside.anki.skips import Skips
from bedside.anki.surveying import NOTES_A_STEP, REVIEWS_A_STEP, Progress, Survey, no_progress, survey
from bedside.anki.template import plain as plain_text
from bedside.anki.writing import Written, write_package

__all__ = [
    "HEAD_BYTES",
    "NOTES_A_STEP",
    "REVIEWS_A_STEP",
    "Card",
    "CardState",
    "Deck",
    "Drawer",
    "Format",
    "Media",
    "Note",
    "NoteType",
    "Package",
    "Progress",
    "Review",
    "ReviewKind",
    "Sides",
    "Skipped",
    "Skips",
    "Survey",
    "Template",
    "Written",
    "clean_html",
    "cloze_numbers",
    "draw_card",
    "is_deck",
    "is_too_deep",
    "media_name",
    "no_progress",
    "open_package",
    "picture_size",
    "plain_text",
    "stable_guid",
    "stable_id",
    "survey",
    "write_package",
]
