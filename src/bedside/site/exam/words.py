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
    "block_n": _("Block {n}"),
    "case_n": _("Case {n}"),
    "case_of": _("Case {n} of {of}"),
    "case_size": _("a patient, {time}"),
    "the_day": _("The day"),
    "blocks": _("Blocks"),
    "review_how": _("Choose a number to go back to its item. Enter ends the block, after one more question."),
    "review_how_full": _("Choose a number to go back to its item. This block lasts its full time and ends by itself."),
    "table": _("Table of results"),
    # before and after
    "items_one": _("{n} item"),
    "items_other": _("{n} items"),
    "minutes_one": _("{n} minute"),
    "minutes_other": _("{n} minutes"),
    "intro_timed": _("{items} in {time}"),
    "intro_untimed": _("{items}, no clock"),
    "intro_tutor": _("After each answer you see why each option is right or wrong. An answer once confirmed stays."),
    "intro_after": _("You can change answers until the block ends. The explanations come in the report."),
    "intro_day": _("Day {day}. Blocks: {blocks}. Items in all: {items}."),
    "intro_cases": _("Patient cases after them: {n}."),
    "intro_exam": _(
        "You can change answers until a block ends; a block that has ended stays closed. What was right comes in the report."
    ),
    "intro_breaks": _(
        "Break time: {clock}. It gains what is left of a finished block, and a longer break is taken from the blocks that "
        "follow."
    ),
    "intro_breaks_fixed": _("Break time: {clock}. A longer break is taken from the blocks that follow."),
    "intro_tutorial": _(
        "The day begins with the tutorial: {clock}. Block 1 begins when you say so; what is left is added to the break time."
    ),
    "intro_tutorial_fixed": _("The day begins with the tutorial: {clock}. Block 1 begins when you say so."),
    "intro_pace": _("Compressed clock: time runs {n} times as fast as on the day, and every length shown is shortened so."),
    "intro_proctored": _("This sitting is proctored. Messages from the proctor show below the bar."),
    "intro_unkept": _(
        "This browser keeps nothing, as a private window does. Answers are sent as you give them, and what is not sent is lost "
        "if this page is closed. Use an ordinary window, or leave this page open and save a copy (Alt+S) when the network "
        "is away."
    ),
    "rule_no_early_end": _("This block lasts its full time and can't be ended early."),
    "rule_forward_only": _("In this block you can't go back: an item you leave is locked."),
    "intro_clock": _("The clock starts with the button and runs on if you leave."),
    "intro_total": _("One clock of {clock} runs over all blocks and the breaks between them. The day ends when it is used up."),
    "intro_keys": _("The number keys choose, Enter goes on, ? shows all keys."),
    "begin": _("Begin"),
    "opening": _("The block opens."),
    "needs_network": _("The block opens when the network is back."),
    "needs_network_why": _("Its items are not on this computer yet. The clock of the block runs from when you opened it."),
    "ended": _("The block has ended"),
    "time_up": _("The time is up"),
    "ended_saved": _("All answers are saved. The report opens."),
    "ended_sending": _("The last answers are being sent. Then the report opens."),
    "ended_offline": _(
        "Saved on this computer, {n} to send. They are sent when the network is back, then the report opens. "
        "Keep this page open, or come back to it."
    ),
    "day_ended": _("The day has ended"),
    "day_saved": _("All answers are saved."),
    "to_report": _("Open the report"),
    "to_receipt": _("Download the receipt"),
    "receipt_why": _("The receipt is signed: with it anybody can check later that your answers are still those you gave."),
    # going on
    "next": _("Next"),
    "previous": _("Previous"),
    "confirm": _("Confirm answer"),
    "to_review": _("To the review"),
    "end_block": _("End the block"),
    "back_to_item": _("Back to item {n}"),
    "next_part": _("Go on to the next part"),
    "next_locks": _("Next, locks this item"),
    "part_of": _("Part {n} of {of}"),
    "part_locked": _("You have gone on from here, and it stays as it is"),
    "part_comes": _("Locked. The next part is on its way."),
    "part_later": _("Locked. The next part comes with the network. The other items can be answered meanwhile."),
    "earlier": _("What came before"),
    "move_on_part": _("Part {n} of {of} is locked when you go on. You can still read it."),
    "move_on_item": _("Item {n} of {of} is locked when you go on, and you can't come back to it."),
    "not_reachable": _("That item can't be opened now."),
    "end_hidden": _("Parts of a set not reached yet: {n}."),
    "end_after": _("After this the answers stay as they are, and the sitting ends."),
    "end_after_block": _("After this the answers stay as they are. The break before the next block begins."),
    "end_open": _("Items without an answer: {n}. They count as not right."),
    "end_flagged": _("Items still flagged: {n}."),
    # the state of an item
    "state_answered": _("answered"),
    "state_open": _("no answer"),
    "state_locked": _("locked"),
    "state_hidden": _("comes after the part before it"),
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
    # numbers
    "number_how": _("A number such as 7.35 or -2. A comma is read as the point."),
    "not_a_number": _("This is not a number, so there is no answer yet."),
    "not_a_number_but": _("This is not a number. The answer that counts is {value}."),
    # what a set shares, pictures and sounds
    "stimulus": _("For these items"),
    "stimulus_for": _("Item {n} of {of} that share this"),
    "stimulus_show": _("Show"),
    "stimulus_hide": _("Fold away"),
    "picture_open": _("Zoom and contrast"),
    "picture_missing": _("The picture is not on this computer. It comes when the network is back."),
    "picture_said": _("Size {zoom}%, contrast {contrast}%, brightness {brightness}%"),
    "sound": _("Sound"),
    "sound_play": _("Play"),
    "sound_pause": _("Pause"),
    "sound_back": _("Back {n} s"),
    "sound_place": _("Place in the sound"),
    "sound_loud": _("Loudness"),
    "sound_at": _("{at} of {of}"),
    "sound_missing": _("The sound is not on this computer. It comes when the network is back."),
    # tutor mode
    "right": _("Right. The key is {key}."),
    "wrong": _("Not right. The key is {key}."),
    "answer_kept": _("Your answer is kept."),
    "explanation_later": _("Your answer is kept. The explanation comes with the network."),
    "key": _("Key"),
    "your_answer": _("Your answer"),
    "takeaway": _("Takeaway"),
    "sources": _("Sources"),
    "why": _("Why was it not right?"),
    "why_did_not_know": _("Did not know it"),
    "why_misread": _("Misread"),
    "why_confused": _("Confused two things"),
    "why_changed_from_right": _("Changed from right"),
    "why_with": _("{letter} was taken for:"),
    "why_kept": _("{why}. Kept."),
    "earlier_note": _("Your note from before"),
    "report_error": _("Report an error in this item"),
    "in_library": _("Its topic in the library"),
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
    "refused": _("Not taken by the server: {n}. {why}. The page shows what stands there."),
    "refused_Suspended": _("The clock was stopped by a proctor"),
    "refused_TimeExpired": _("The time of the block was over"),
    "refused_BlockClosed": _("The block had ended"),
    "refused_TooLate": _("It arrived after the time for late answers"),
    "refused_ItemLocked": _("The item was locked when you went on"),
    "refused_AnswerLocked": _("The key had been shown by then"),
    "refused_OnBreak": _("The clock was stopped for a break"),
    "refused_Voided": _("The sitting had been made void"),
    "refused_Finished": _("The sitting had ended"),
    "copy_made": _(
        "A copy is saved with what the server lacks: {n}. Carry it to any computer of the exam; this page goes on sending too."
    ),
    "copy_empty": _("A copy is saved. It is empty, since the server has everything."),
    "put_away": _("Put away"),
    "not_taken": _("The server could not read one change and left it out: {why}"),
    # the clock
    "clock_hidden": _("Clock hidden"),
    "minutes_left": _("Minutes left: {n}"),
    "minutes_left_real": _("As on the day with minutes left: {n}. On this clock: {clock}."),
    "clock_asked": _("Say the time"),
    "pace": _("Clock ×{n}"),
    "granted": _("You were given more time. Left in this block: {clock}."),
    "block_left": _("Left in the block: {clock}."),
    "place_items": _("Answered: {answered} of {of}. Flagged: {flagged}"),
    "place_time": _("Time left: {clock}"),
    "place_break": _("Break time left: {clock}"),
    # the day
    "block_done": _("done"),
    "block_open": _("open"),
    "block_next": _("next"),
    "block_later": _("to come"),
    "before_first": _("Before block 1"),
    "block_ended": _("Block {n} has ended"),
    "block_time_up": _("The time is up, and the block has ended"),
    "case_ended": _("Case {n} has ended"),
    "on_break": _("Break"),
    "on_break_how": _("You may leave the computer. The count goes on."),
    "break_left": _("Break time left:"),
    "bank_holds": _("Break time left: {clock}."),
    "total_left": _("Time left for all blocks:"),
    "total_how": _("One clock runs over all blocks and the breaks between them."),
    "break_how": _("All time between blocks counts, whether or not you start a break."),
    "break_free": _("Breaks cost nothing here."),
    "fixed_left": _("This break:"),
    "fixed_how": _(
        "This break costs nothing and can be ended early. What goes beyond it is taken from the break time, then from the "
        "blocks that follow."
    ),
    "fixed_how_total": _(
        "This break costs nothing and can be ended early. What goes beyond it is taken from the time for all blocks."
    ),
    "fixed_open": _("This break costs nothing, however long it lasts."),
    "overrun": _(
        "The break is over its time by {by}. This is taken from the blocks that follow: block {n} has {left} instead of {of}."
    ),
    "overrun_case": _(
        "The break is over its time by {by}. This is taken from what follows: case {n} has {left} instead of {of}, final "
        "orders included."
    ),
    "overrun_form": _("The break is over its time by {by}. This is taken from what follows."),
    "next_is": _("Next: block {n} of {of}. Items: {items}."),
    "open_block": _("Begin block {n}"),
    "next_case": _("Next: case {n} of {of}, at most {time}, and {final} more for final orders."),
    "open_case": _("Begin case {n}"),
    "case_tutorial_left": _("Time for the tutorial of the cases:"),
    "case_tutorial_how": _(
        "This time costs nothing, and the cases can be begun before it is over. What goes beyond it is taken from the break "
        "time."
    ),
    "start_break": _("Start a break"),
    "end_break": _("End the break"),
    "paused": _("The clock is stopped"),
    "paused_how": _(
        "The items are out of sight until you go on. When the time for this is used up, the clock goes on by itself."
    ),
    "stop_left": _("Time for which it may stand still:"),
    "no_stop": _("The clock can't be stopped inside a block here."),
    "go_on": _("Go on"),
    "tutorial_open": _("How the tools work"),
    "tutorial_of": _("Tutorial: {n} of {of}"),
    "tutorial_left": _("Tutorial time left:"),
    "tutorial_rest": _("What is left of this time is added to the break time."),
    "tutorial_skip": _("Skip the tutorial"),
    "tutorial_done": _("Back to the start"),
    # the proctor
    "message": _("Message from the proctor: {text}"),
    "suspended": _("The proctor has stopped the clock"),
    "suspended_how": _("Nothing is lost. This page goes on by itself when the proctor starts the clock again."),
    "reason": _("Reason: {text}"),
    "voided": _("The proctor has made this sitting void"),
    "voided_how": _("It doesn't count and can't be gone on with. What you did is kept. Ask the proctor what to do next."),
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
