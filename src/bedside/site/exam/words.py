"""The words of the player, translated by the page that carries it. Places in braces are filled by the script."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLAYER_WORDS: dict[str, str | Promise] = {
    # places
    "item_of": _("Item {n} of {of}"),
    "imported_item_of": _("Item {n} of {of}, imported"),
    "block_of": _("Block {n} of {of}"),
    "block_ready": _("A block"),
    "review": _("Review"),
    "review_of": _("Review: {answered} of {of} answered"),
    "review_summary": _("Answered: {answered} of {items}. Without an answer: {open}. Flagged: {flagged}."),
    "review_how": _("Choose a number to go back to its item. Enter ends the block, after one more question."),
    "table": _("Table of results"),
    # before and after
    "intro_timed": _("{items} items in {minutes} minutes"),
    "intro_untimed": _("{items} items, no clock"),
    "intro_tutor": _("After each answer you see why each option is right or wrong. An answer once confirmed stays."),
    "intro_after": _("You can change answers until the block ends. The explanations come in the report."),
    "intro_clock": _("The clock starts with the button and runs on if you leave."),
    "intro_keys": _("The number keys choose, Enter goes on, ? shows all keys."),
    "begin": _("Begin"),
    "opening": _("The block opens."),
    "needs_network": _("The block opens when the network is back."),
    "ended": _("The block has ended"),
    "time_up": _("The time is up"),
    "ended_saved": _("All answers are saved. The report opens."),
    "ended_sending": _("The last answers are being sent. Then the report opens."),
    "ended_offline": _(
        "Saved on this computer, {n} to send. They are sent when the network is back, then the report opens. "
        "Keep this page open, or come back to it."
    ),
    # going on
    "next": _("Next"),
    "previous": _("Previous"),
    "confirm": _("Confirm answer"),
    "to_review": _("To the review"),
    "end_block": _("End the block"),
    "back_to_item": _("Back to item {n}"),
    "end_open": _("Items without an answer: {n}. They count as not right."),
    "end_flagged": _("Items still flagged: {n}."),
    # the state of an item
    "state_answered": _("answered"),
    "state_open": _("no answer"),
    "state_flagged": _("flagged"),
    "state_right": _("right"),
    "state_wrong": _("not right"),
    # what is said after an act
    "flagged": _("Flagged"),
    "flag_off": _("Flag taken off"),
    "struck": _("Option {letter} struck out"),
    "strike_off": _("Option {letter} no longer struck out"),
    "strike_how": _("Move to an option with the arrow keys first, then strike it out."),
    "strike_option": _("Strike out option {letter}"),
    "struck_out": _("(struck out)"),
    "cleared": _("Answer taken back"),
    "clear": _("Clear answer"),
    "nothing_chosen": _("No option was chosen."),
    "sure": _("Sure"),
    "unsure": _("Unsure"),
    "sureness_off": _("Neither sure nor unsure"),
    "how_sure": _("How sure are you?"),
    "choose_several": _("More than one option can be right."),
    # tutor mode
    "right": _("Right. The key is {key}."),
    "wrong": _("Not right. The key is {key}."),
    "answer_kept": _("Your answer is kept."),
    "explanation_later": _("Your answer is kept. The explanation comes with the network."),
    "key": _("Key"),
    "your_answer": _("Your answer"),
    "takeaway": _("Takeaway"),
    "sources": _("Sources"),
    "status_draft": _("A draft: written, and not yet checked by anyone else."),
    "status_cross_checked": _("Answered blind and fact-checked by others than the writer; not reviewed by a clinician."),
    "status_clinician_reviewed": _("Reviewed by a licensed clinician."),
    "status_imported": _("Imported; nobody has checked it here."),
    # what is saved
    "all_saved": _("All saved"),
    "to_send": _("Saved on this computer, {n} to send"),
    "to_send_unkept": _("Not kept on this computer, {n} to send: leave this page open"),
    "no_network": _("No network"),
    "not_kept": _("This computer could not write the last change down. Free some disk space, then do it again."),
    "not_taken": _("The server could not read one change and left it out: {why}"),
    # the clock
    "clock_hidden": _("Clock hidden"),
    "minutes_left": _("Minutes left: {n}"),
    # other players
    "taken": _("Goes on elsewhere"),
    "taken_tab": _("This block goes on in another tab"),
    "taken_computer": _("This block goes on in another tab or on another computer"),
    "taken_safe": _("Everything answered here is saved. This page has stopped, so that the two do not mix."),
    "taken_waiting": _("Saved on this computer, {n} to send. What was done before the other page took over still counts."),
    "continue_here": _("Continue here instead"),
    # trouble
    "no_sitting": _("There is no such block"),
    "no_sitting_why": _("It may belong to another person, or the address is not whole."),
    "not_opened": _("The block can't be opened now"),
    "not_opened_why": _(
        "The server does not answer, and this block is not on this computer yet. "
        "Nothing is lost: try again when the network is back."
    ),
    "try_again": _("Try again"),
    "to_today": _("Go to Today"),
    # tools
    "labs_found": _("Shown: {n} of {of}"),
    "labs_missing": _("The values are not on this computer yet. They come when the network is back."),
    "labs_unknown": _("not stated"),
    "sum_open": _("…"),
}


def player_words() -> dict[str, str]:
    """All of them in the language of this request."""
    return {name: str(text) for name, text in PLAYER_WORDS.items()}
