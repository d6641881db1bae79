"""Transcripts: written, read, replayed, and what is refused."""

from __future__ import annotations

import json

import pytest

from bedside.cases import (
    Aside,
    Cancel,
    Run,
    Transcript,
    compile_case,
    digest_of,
    parse_script,
    read_transcript,
    replay,
    run_script,
    transcript_of,
    write_transcript,
)
from bedside.errors import ConflictError, SyntaxReadError, TooLargeError
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_runs import example_case, example_with_changes, machine_case, machine_file

# Of the scripts of the worked example with the small catalogue of the tests. A change here is a change of what runs emit, and
# needs a new SEMANTICS in `transcript`, unless the example or that catalogue was changed.
GOLDEN = {
    "expert": "ba6dc6bcd0cb3b04473100b52f8e643c442993de0524e3906f2c673e72fcc183",
    "late": "fcc3ac53e08a92997ec2e127f4ada2e56bcd5018b8202b7436d9a6e575097818",
    "stops_early": "2e911d54b5a679f7e970c5ca4a700fa851a67d846ee1ccd0eefb14d356f42a45",
    "insulin_first": "4e5464eda9f16e2d630b047428cb7d670913c25fd8af1668805d2f1815b9d37b",
    "no_overlap": "dbb69f27c66004c1666e36f14e549d592465211b402636d55505a7271b05d081",
}


def expert() -> Run:
    return run_script(example_case(), parse_script(read_example().scripts["expert"]))


def lines_of(transcript: Transcript) -> list[str]:
    return write_transcript(transcript).splitlines()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_run_emits_what_it_always_did(name: str) -> None:
    run = run_script(example_case(), read_example().scripts[name])

    assert digest_of(run.history.emitted) == GOLDEN[name]


@pytest.mark.parametrize("name", read_example().scripts)
def test_a_transcript_is_read_as_it_was_written_and_replays(name: str) -> None:
    run = run_script(example_case(), read_example().scripts[name])
    transcript = transcript_of(run)
    again = read_transcript(write_transcript(transcript))

    assert again == transcript
    assert replay(example_case(), again).history == run.history


def test_a_transcript_has_a_header_commands_and_a_footer() -> None:
    run = expert()
    lines = [json.loads(line) for line in lines_of(transcript_of(run, asides={0: Aside(1500, "iv")}))]

    assert lines[0] == {
        "schema": "transcript/1",
        "case": "endo-001",
        "case_digest": example_case().digest,
        "catalogue_digest": small_catalogue().digest,
        "semantics": 2,
        "seed": 0,
        "variant": None,
    }
    assert lines[1] == {
        "at_s": 0,
        "do": "order",
        "order": "iv_access",
        "urgency": "routine",
        "mode": None,
        "dose": "usual",
        "in_s": 0,
        "real_ms": 1500,
        "typed": "iv",
    }
    assert lines[-1] == {"now_s": run.now_s, "digest": digest_of(run.history.emitted)}


def test_what_a_candidate_typed_and_how_long_it_took_changes_nothing() -> None:
    run = expert()
    with_asides = transcript_of(run, asides={number: Aside(number * 1000, "x") for number in range(20)})

    assert replay(example_case(), with_asides).history == run.history


def test_a_replay_can_stop_after_some_commands_to_play_on_from_there() -> None:
    transcript = transcript_of(expert())
    run = replay(example_case(), transcript, until=8)

    assert [command for _, command in run.history.commands] == [step.command for step in transcript.steps[:8]]
    run.do(Cancel("ns_iv"))
    assert not run.is_over


def test_a_run_that_goes_on_is_written_down_at_its_instant() -> None:
    run = Run(machine_case(), seed=4)
    run.advance_to(1234)

    assert replay(machine_case(), transcript_of(run)).now_s == 1234


def test_the_variant_for_which_a_case_was_compiled_is_in_the_header() -> None:
    case = compile_case(machine_file(), small_catalogue(), variant="high")

    assert transcript_of(Run(case, seed=7)).header.variant == "high"
    assert transcript_of(Run(machine_case(), seed=7)).header.variant is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("k: {init: 3.1", "k: {init: 3.2"), "another text of the case"),
        (("id: endo-001", "id: endo-002"), "another case"),
    ],
)
def test_a_transcript_of_another_case_is_not_replayed(change: tuple[str, str], words: str) -> None:
    with pytest.raises(ConflictError, match=words):
        replay(example_with_changes(change), transcript_of(expert()))


def test_a_transcript_of_other_semantics_is_not_replayed() -> None:
    lines = lines_of(transcript_of(expert()))
    changed = "\n".join([lines[0].replace('"semantics":2', '"semantics":3'), *lines[1:]])

    with pytest.raises(ConflictError, match="another semantics of the engine: 3, and not 2"):
        replay(example_case(), read_transcript(changed))


def test_a_replay_that_differs_is_told() -> None:
    lines = lines_of(transcript_of(expert()))
    changed = "\n".join([*lines[:-1], lines[-1].replace('"digest":"', '"digest":"0')[:-3] + '"}'])

    with pytest.raises(ConflictError, match="differs from its transcript"):
        replay(example_case(), read_transcript(changed))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"at_s":0,"do":"dance"}', "no command 'dance'"),
        ('{"at_s":"0","do":"history"}', "should be whole seconds"),
        ('{"at_s":-1,"do":"history"}', "should be whole seconds"),
        ('{"at_s":0,"do":"history","now":1}', "unknown keys: now"),
        ('{"at_s":0,"do":"advance","seconds":"5"}', "valid integer"),
        ('{"at_s":0,"do":"order"}', "Field required"),
        ('{"at_s":0,"do":"order","order":"bmp","urgency":"soon"}', "'stat' or 'routine'"),
    ],
)
def test_a_line_that_is_no_command_is_refused_with_its_number(line: str, words: str) -> None:
    lines = lines_of(transcript_of(expert()))

    with pytest.raises(SyntaxReadError) as caught:
        read_transcript("\n".join([lines[0], line, *lines[1:]]))
    assert caught.value.line == 2
    assert words in str(caught.value)


def test_a_header_with_an_unknown_key_is_refused() -> None:
    lines = lines_of(transcript_of(expert()))

    with pytest.raises(SyntaxReadError, match="colour"):
        read_transcript("\n".join([lines[0].replace("{", '{"colour":1,', 1), *lines[1:]]))


def test_a_text_that_is_too_short_or_too_long_is_refused() -> None:
    with pytest.raises(SyntaxReadError, match="a header and a footer"):
        read_transcript("{}")
    with pytest.raises(TooLargeError, match="20,000 commands"):
        read_transcript("{}\n" * 20_003)
    with pytest.raises(TooLargeError, match="bytes"):
        read_transcript(" " * (4 * 1024 * 1024 + 1))
