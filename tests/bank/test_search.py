from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import NO_SYNONYMS, Found, Search, SearchDocument, Synonyms, Tier, read_synonyms, search_documents
from bedside.bank.search.synonyms import phrase_of
from bedside.bank.search.words import raw_words, term_of
from bedside.errors import UsageError
from tests.support.items import item_of, item_text

REPOSITORY = Path(__file__).parents[2]
ABBREVIATIONS = REPOSITORY / "content" / "reference" / "abbreviations.yaml"


def document(name: str, stem: str, behind: str = "", kind: str = "item", **fields: str) -> SearchDocument:
    return SearchDocument(name, kind, (("stem", stem), *fields.items()), (("explanation", behind),) if behind else ())


DOCUMENTS = (
    document("ketones", "A man with diabetic ketoacidosis breathes deeply.", "Insulin is given once potassium is known."),
    document("infarct", "A woman with myocardial infarction has chest pain.", "Acetaminophen does not help."),
    document("bleeding", "A child with hemorrhage, anemia and two hemangiomas.", "A tumor of the vertebra."),
    document("sore", "A mild fever with minor pains in the joints.", "TNF-α and β-blockers, after Guillain and Barré."),
    document("pneumonia", "A lobar pneumonia of the left lung.", "Sodium is 128 mEq/L."),
)


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    return read_synonyms(ABBREVIATIONS)


@pytest.fixture(scope="module")
def search(synonyms: Synonyms) -> Search:
    return Search(DOCUMENTS, synonyms)


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.hits]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DKA", "ketones"),
        ("heart attack", "infarct"),
        ("MI", "infarct"),
        ("mi", "infarct"),
        ("paracetamol", "infarct"),
        ("haemorrhage", "bleeding"),
        ("haemorrhages", "bleeding"),
        ("ANAEMIA", "bleeding"),
        ("haemangioma", "bleeding"),
        ("tumours", "bleeding"),
        ("vertebrae", "bleeding"),
        ("guillain barre", "sore"),
        ("TNF alpha", "sore"),
        ("beta blocker", "sore"),
        ("β", "sore"),
        ("neumonia", "pneumonia"),
        ("pnuemonia", "pneumonia"),
        ("pneumo", "pneumonia"),
        ("128", "pneumonia"),
    ],
)
def test_a_thing_is_found_however_it_is_called_and_spelled(search: Search, text: str, name: str) -> None:
    assert ids(search.find(text)) == [name]


def test_a_known_abbreviation_is_not_taken_for_the_beginning_of_a_word(search: Search) -> None:
    assert "sore" in ids(search.find("mil"))
    assert "sore" not in ids(search.find("MI"))


def test_letters_that_are_a_common_word_are_meant_as_an_abbreviation_only_in_capitals(synonyms: Synonyms) -> None:
    search = Search([document("leukemia", "Acute lymphoblastic leukemia."), document("else", "In all of them.")], synonyms)

    assert set(ids(search.find("ALL"))) == {"leukemia", "else"}
    assert ids(search.find("all")) == ["else"]


def test_the_word_itself_comes_before_one_that_begins_so_and_that_before_one_that_is_near() -> None:
    long = "card " + "other " * 40
    search = Search([document("exact", long), document("begun", "cardiac cardiac"), document("else", "core")], NO_SYNONYMS)
    found = search.find("card")

    assert [(hit.id, hit.tier) for hit in found.hits] == [("exact", Tier.EXACT), ("begun", Tier.BEGUN)]
    assert search.find("cadr").hits[0].tier is Tier.FUZZY
    assert search.find("cadr").is_fuzzy


def test_an_item_is_found_by_its_id_and_not_by_the_area_in_it() -> None:
    items = [item_of(item_text({"id": f"renal-000{n}"})) for n in (1, 2)]
    search = Search(search_documents(items, ()))

    assert ids(search.find("renal-0002")) == ["renal-0002"]
    assert ids(search.find("confusion RENAL-0001")) == ["renal-0001"]
    assert ids(search.find("renal")) == []
    assert len(ids(search.find("confusion"))) == 2


def test_a_word_that_is_followed_by_a_space_is_whole(search: Search) -> None:
    assert ids(search.find("pneumo")) == ["pneumonia"]
    assert ids(search.find("hemang ")) == []


def test_every_word_must_be_there_and_else_what_has_the_most_of_them_is_found(search: Search) -> None:
    assert not search.find("chest pain woman").is_partly
    found = search.find("chest pain xylophone")

    assert found.is_partly
    assert ids(found) == ["infarct"]
    assert found.hits[0].tier is Tier.PARTLY
    assert search.find("xylophone").n == 0


def test_what_stands_behind_is_found_only_where_it_is_opened(search: Search) -> None:
    nothing = search.these([])

    assert ids(search.find("insulin", opened=search.these([("item", "ketones")]))) == ["ketones"]
    assert ids(search.find("insulin", opened=nothing)) == []
    assert ids(search.find("ketoacidosis insulin", opened=nothing)) == ["ketones"]
    assert search.find("ketoacidosis insulin", opened=nothing).is_partly
    assert ids(search.find("ketoacidosis", opened=nothing)) == ["ketones"]


def test_only_documents_that_may_be_found_are_counted(search: Search) -> None:
    with_a = search.find("a")
    among = search.where(lambda one: one.id in {"sore", "pneumonia"})

    assert with_a.n == len(DOCUMENTS)
    assert set(ids(search.find("a", among=among))) == {"sore", "pneumonia"}
    assert search.find("a", among=among).n == 2


def test_pages_of_hits_join_to_all_of_them(search: Search) -> None:
    whole = ids(search.find("a", limit=99))

    assert (
        ids(search.find("a", limit=2)) + ids(search.find("a", limit=2, offset=2)) + ids(search.find("a", limit=9, offset=4))
        == whole
    )
    assert ids(search.find("a", limit=2, offset=90)) == []


def test_a_snippet_marks_what_was_looked_for_and_only_of_fields_that_may_be_told(search: Search) -> None:
    found = search.find("haemorrhage tumour")
    hit = found.hits[0]
    told = search.why(hit, found, fields=["stem"])
    whole = search.why(hit, found)

    assert told is not None
    assert [text for text, is_marked in told.parts if is_marked] == ["hemorrhage"]
    assert whole is not None
    assert whole.field in {"stem", "explanation"}
    assert search.why(hit, found, fields=["title"]) is None


def test_a_snippet_of_a_long_text_is_the_piece_with_the_words() -> None:
    text = f"{'before ' * 100}**kidney** | stone {'after ' * 100}"
    search = Search([document("one", text)])
    found = search.find("stones of the kidney")
    piece = search.why(found.hits[0], found)

    assert piece is not None
    assert [piece.text[start:end] for start, end in piece.marks] == ["kidney", "stone"]
    assert len(piece.text) < 200
    assert piece.text.startswith("… before")
    assert piece.text.endswith(" …")
    assert "*" not in piece.text


def test_where_a_picture_leads_is_neither_found_nor_shown() -> None:
    search = Search([document("one", "See ![a strip](figure:ecg rhythm=torsades) here.")])

    assert search.find("torsades").n == 0
    assert search.find("strip").n == 1
    found = search.find("here")
    piece = search.why(found.hits[0], found)
    assert piece is not None
    assert piece.text == "See a strip here."


def test_two_documents_of_one_kind_with_one_id_are_refused() -> None:
    with pytest.raises(UsageError, match="same id"):
        Search([document("one", "a"), document("one", "b")])
    assert len(Search([document("one", "a"), document("one", "b", kind="case")])) == 2


@pytest.mark.parametrize("text", ["", " ", "\n\t", "'", "…", "|---|", "()[]{}", "\x00", "\u200b"])
def test_a_search_for_no_word_finds_nothing(search: Search, text: str) -> None:
    assert search.find(text).hits == ()
    assert search.find(text).n == 0


def test_a_page_that_was_pasted_is_found_by_its_first_words(search: Search) -> None:
    found = search.find("diabetic ketoacidosis " + "x" * 10_000)

    assert found.n_words <= 12
    assert search.find("a b c d e f g h i j k l m n o p q r s t").n_unused > 0
    assert search.find("lung " * 2000).n == 1


# --- properties

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_every_word_of_a_document_finds_it(texts: list[str], data: st.DataObject) -> None:
    search = Search(document(f"d{n}", text) for n, text in enumerate(texts))
    n = data.draw(st.integers(0, len(texts) - 1))
    words = [raw for raw in raw_words(texts[n]) if term_of(raw)]
    if words:
        word = data.draw(st.sampled_from(words))

        assert f"d{n}" in ids(search.find(word, limit=len(texts)))
        assert f"d{n}" in ids(search.find(word.upper() if term_of(word.upper()) == term_of(word) else word, limit=len(texts)))


@given(st.lists(TEXTS, min_size=1, max_size=6, unique=True), TEXTS, st.randoms())
def test_the_order_of_the_documents_changes_nothing(texts: list[str], query: str, random: object) -> None:
    documents = [document(f"d{n}", text) for n, text in enumerate(texts)]
    shuffled = list(documents)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Search(documents), Search(shuffled)
    first, second = one.find(query), other.find(query)

    assert (first.hits, first.n, first.is_partly) == (second.hits, second.n, second.is_partly)
    assert [one.why(hit, first) for hit in first.hits] == [other.why(hit, second) for hit in second.hits]


@given(st.text(max_size=300), st.integers(0, 5), st.integers(0, 5))
def test_no_text_breaks_the_search(search: Search, text: str, limit: int, offset: int) -> None:
    found = search.find(text, limit=limit, offset=offset)

    assert len(found.hits) <= limit
    assert len(found.hits) <= found.n
    for hit in found.hits:
        piece = search.why(hit, found)
        if piece is not None:
            assert "".join(part for part, _ in piece.parts) == piece.text
            assert all(0 <= start < end <= len(piece.text) for start, end in piece.marks)


@given(st.sampled_from(["pneumonia", "ketoacidosis", "hemorrhage", "infarction"]), st.data())
def test_a_long_word_with_one_letter_wrong_is_still_found(search: Search, word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = word[:at] + letter + word[at + 1 :]
    wanted = search.find(word).hits[0].id

    assert wanted in ids(search.find(typed))


# --- the file of abbreviations


def test_the_abbreviations_have_no_error_and_a_source_each(synonyms: Synonyms) -> None:
    assert synonyms.findings == ()
    assert len(synonyms) > 200


@pytest.mark.parametrize(
    ("typed", "short", "another"),
    [
        ("respiratory rate", "RR", "relative risk"),
        ("Guillain-Barré", "GBS", "group B streptococcus"),
        ("systolic blood pressure", "SBP", "spontaneous bacterial peritonitis"),
        ("odds ratio", "OR", "operating room"),
    ],
)
def test_the_two_meanings_of_one_abbreviation_are_not_one_another(
    synonyms: Synonyms, typed: str, short: str, another: str
) -> None:
    raws = raw_words(typed)
    _size, others = synonyms.at(raws, [term_of(raw) for raw in raws], 0)
    assert not {phrase_of(another), phrase_of(short)} & set(others)  # in a text the letters may mean the other
    letters = raw_words(short)
    assert {phrase_of(typed), phrase_of(another)} <= set(synonyms.at(letters, [term_of(raw) for raw in letters], 0)[1])


def test_an_abbreviation_of_one_meaning_and_its_long_form_find_each_other(synonyms: Synonyms) -> None:
    for one, other in (
        ("myocardial infarction", "MI"),
        ("heart attack", "myocardial infarction"),
        ("DKA", "diabetic ketoacidosis"),
    ):
        raws = raw_words(one)
        assert phrase_of(other) in synonyms.at(raws, [term_of(raw) for raw in raws], 0)[1]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("{short: [XX], long: [some thing], source: nobody}", "no-source"),
        ("{long: [alone], source: page}", "wrong-value"),
        ("{short: [XX], long: ['...'], source: page}", "wrong-value"),
        ("{short: [XX], long: [some thing], source: page, extra: 1}", "unknown-key"),
        ("{short: [XX], source: page}", "missing-key"),
        ("3", "wrong-value"),
    ],
)
def test_a_wrong_abbreviation_is_a_finding_and_left_out(tmp_path: Path, line: str, rule: str) -> None:
    path = tmp_path / "abbreviations.yaml"
    path.write_text(
        "schema: abbreviations/1\nabout: 'For a test.'\n"
        "sources: {page: {title: A page, url: 'https://example.org', kind: official}}\n"
        f"meanings:\n  - {{short: [YY], long: [other thing], source: page}}\n  - {line}\n"
    )
    read = read_synonyms(path)

    assert [finding.rule for finding in read.findings] == [rule]
    assert read.findings[0].line == 6
    assert len(read) == 1 or rule == "unknown-key"
