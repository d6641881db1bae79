"""What the script of a case puts on the screen."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bedside.site.cases import words


def play_words() -> dict[str, str]:
    """All texts of the script by their names; `{…}` are filled in there."""
    ends = {f"end_{name}": str(text) for name, text in words.ENDS.items()}
    vitals = {f"sign_{name}": str(text) for name, text in words.VITALS.items()}
    return {**ends, **vitals, **_strip(), **_orders(), **_chart(), **_clock(), **_net()}


def _strip() -> dict[str, str]:
    return {
        "at_clock": _("{weekday} {time}, day {day}"),
        "at_short": _("day {day}, {time}"),
        "weekdays": _("Mon Tue Wed Thu Fri Sat Sun"),
        "elapsed": _("after {span}"),
        "left": _("{time} left"),
        "left_final": _("{time} left for final orders"),
        "spent": _("{time} so far"),
        "over_limit": _("time is up; in practice you can go on"),
        "minutes_left": _("{n} minutes of real time left."),
        "now": _("now"),
        "read_at": _("measured {at}"),
        "high": _("high"),
        "low": _("low"),
        "alarm": _("{name} {value} {unit}, {flag}"),
        "dead": _("The patient has died."),
    }


def _orders() -> dict[str, str]:
    return {
        "report_in": _("report in {span}"),
        "report_stat": _("{span}, urgent {stat}"),
        "no_report": _("no report"),
        "not_here": _("not available here"),
        "guess": _("a guess: choose it if you mean it"),
        "examination": _("an examination"),
        "hits": _("{n} found. Enter takes {name}."),
        "hits_none_taken": _("{n} found. Choose one with the arrows."),
        "left_over": _("Not found or not clear, so left in the box: {text}"),
        "added": _("{name} is in the basket."),
        "removed": _("{name} is out of the basket."),
        "basket_empty": _("Nothing to sign. Type an order and press Enter."),
        "signed": _("Signed: {names}"),
        "routine": _("routine"),
        "stat": _("urgent"),
        "once": _("once"),
        "continuous": _("continuous"),
        "remove": _("Remove"),
        "urgency_of": _("Urgency of {name}"),
        "dose_low": _("low dose"),
        "dose_usual": _("usual dose"),
        "dose_high": _("high dose"),
        "dose_of": _("Dose of {name}"),
        "mode_of": _("Once or continuous: {name}"),
        "when_of": _("When: {name}"),
        "at_once": _("now"),
        "in_span": _("in {span}"),
        "orders_none": _("No order runs and no report is awaited."),
        "stage_later": _("to begin later"),
        "stage_ordered": _("about to begin"),
        "stage_running": _("running"),
        "stage_awaited": _("report awaited"),
        "due": _("due {at}"),
        "stop": _("Stop"),
        "stop_named": _("Stop {name}"),
        "stop_none": _("Nothing can be stopped now."),
        "search_offline": _("No network: orders can't be looked up now."),
        "search_failed": _("The search gave no answer; type again."),
    }


def _chart() -> dict[str, str]:
    return {
        "nothing_yet": _("Nothing yet."),
        "analyte": _("Test"),
        "interval": _("Reference"),
        "sign": _("Vital sign"),
        "up_to": _("up to {high}"),
        "from": _("from {low}"),
        "between": _("{low} to {high}"),
        "flag_H": _("H"),
        "flag_L": _("L"),
        "flag_H_long": _("high"),
        "flag_L_long": _("low"),
        "treatment": _("Treatment"),
        "begun": _("Begun"),
        "ended": _("Stopped"),
        "still": _("running"),
        "given": _("given"),
        "log_note": _("Note"),
        "log_result": _("Result"),
        "log_exam": _("Examination"),
        "log_history": _("Interval history"),
        "log_placed": _("Ordered"),
        "log_started": _("Begun"),
        "log_stopped": _("Stopped"),
        "log_refused": _("Not done"),
        "log_moved": _("Arrived"),
        "log_ended": _("End"),
        "news_none": _("Nothing has happened yet."),
        "all_normal": _("all within the reference intervals"),
        "flagged": _("{n} outside: {names}"),
        "see_labs": _("in the laboratory table"),
    }


def _clock() -> dict[str, str]:
    return {
        "span_s": _("{n} s"),
        "span_m": _("{n} min"),
        "span_h": _("{n} h"),
        "span_hm": _("{h} h {m} min"),
        "span_d": _("{n} d"),
        "span_dh": _("{d} d {h} h"),
        "span_w": _("{n} wk"),
        "to": _("To {at}."),
        "skips_none": _("No report is due by then."),
        "skips_one": _("1 report is due by then: {names}."),
        "skips_other": _("{n} reports are due by then: {names}."),
        "note_stops": _("A note from the nurse stops the clock."),
        "next_is": _("Next: {name}, {at}."),
        "next_none": _("No report is awaited."),
        "called": _("The clock ran to {at}."),
        "takes": _("takes {span}"),
        "takes_all": _("These take {span} together."),
        "here": _("the patient is here"),
        "not_in_the_past": _("Time does not go back."),
        "undo_to": _("{what}, {at}"),
        "undo_start": _("the beginning"),
        "did_order": _("before you ordered {what}"),
        "did_cancel": _("before you stopped {what}"),
        "did_move": _("before the move to {what}"),
        "did_exam": _("before you examined {what}"),
        "did_history": _("before you asked again"),
        "did_advance": _("before time passed"),
        "did_advance_to_result": _("before time passed to a result"),
        "did_advance_until_called": _("before you waited to be called"),
        "undone": _("You are back at {at}."),
        "no_undo": _("Nothing has been done yet."),
    }


def _net() -> dict[str, str]:
    return {
        "all_kept": _("All is kept on the server."),
        "sending": _("Sending …"),
        "waiting_one": _(
            "No network. 1 step is kept in this browser, has not been done yet, and is sent when the network is back."
        ),
        "waiting_other": _(
            "No network. {n} steps are kept in this browser, have not been done yet, and are sent when the network is back."
        ),
        "as_last_known": _("No network. This is how the case stood when this browser last heard of it."),
        "not_kept": _("This browser keeps nothing on disk: don't close the page before the network is back."),
        "signed_out": _("You are signed out. Sign in in another tab: {n} steps are kept in this browser and are sent then."),
        "needs_network": _("This needs the network."),
        "time_up": _("The time for that is up: only orders can be given or stopped."),
        "case_over": _("The case had ended before that."),
        "suspended": _("The proctor has stopped the clock."),
        "message": _("Message from the proctor: {text}"),
        "went_on": _(
            "This case has gone on in another tab or window. What was not sent from here was not done; this is how it stands."
        ),
        "refused": _("The server refused: {text}"),
        "dropped": _("Not done: {text}"),
    }
