"""Words brought down to the part that rings in a reader's ear: a light stemmer, medical roots, and words that ring nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bedside.bank.lint.word_list import word_list, word_set

# words of grammar, and words so common in vignettes, questions and options that sharing one points at nothing
STOP = word_set("""
    a an the and or but nor of in on at to from by with without for as into onto over under between among during after
    before since until within per via is are was were be been being am has have had having do does did doing can could
    may might must shall should will would this that these those it its he she his her him they them their who whom
    whose which what when where why how there here not no than then so such very more most less least much many few both
    each every either neither all any some other another same own only also because while if whether about against above
    below up down out off again further once just now today yesterday ago old new one two three four five six seven
    eight nine ten first second third following best likely appropriate initial next step management patient patients
    treatment therapy therapies diagnosis diagnostic test tests testing study studies finding findings cause causes
    caused causing mechanism explanation explains explain result results underlying primary secondary associated due
    related presence absence history examination exam physical physician hospital emergency department office clinic
    care medical medicine health visit year years month months week weeks day days hour hours minute minutes man woman
    boy girl male female mother father child children infant newborn family person people age aged shows show showed
    shown reveals reports reported states denies comes presents brought presenting presentation symptom symptoms sign
    signs condition conditions disease diseases disorder disorders syndrome syndromes acute chronic severe mild moderate
    progressive recurrent persistent sudden gradual onset increased increase increases increasing decreased decrease
    decreases decreasing elevated reduced reduction elevation high higher low lower normal abnormal abnormality
    abnormalities absent present large small left right bilateral unilateral upper lower anterior posterior lateral
    medial proximal distal superior inferior serum plasma blood urine level levels concentration concentrations activity
    count rate value values pressure pain dose doses drug drugs medication medications agent agents administration
    administer administered oral intravenous intramuscular subcutaneous daily twice take takes taking taken use used
    using begin begins start started continue continued stop discontinue discontinuation change changes changed cell
    cells tissue function functions functional dysfunction failure effect effects type factor factors process response
    risk rates number time times part parts area areas site sites side body head organ organs general specific several
    multiple single different similar additional current currently recent recently previous previously prior past
    immediate immediately early late later long short term made make makes give given get well good poor better worse
    worsening improved improvement relief loss gain weight height temperature pulse respirations respiratory oxygen
    saturation room air mm hg mg kg dl ml meq mmol mcg ng iu percent ratio mean abdominal chest neurologic cardiac
    cardiovascular pulmonary lung lungs heart auscultation tenderness tender palpation laboratory imaging scan
    evaluation assessment monitoring measurement obtained performed perform ordered order plan group groups control
    controls trial trials participants population data interval confidence skin arm leg back neck hand hands foot feet
    extremity extremities muscle muscles bone joint joints nerve nerves vessel vessels artery vein arterial venous wall
    surface inhibition inhibitor inhibitors activation stimulation receptor receptors production synthesis secretion
    release formation deficiency excess defect impaired impairment injury damage infection infections inflammation
    inflammatory exposure contact work worker home water food diet
    """)

# roots that tie words a suffix-stripper keeps apart; only those whose sharing is a clue (cardi- is in every examination)
_MEDICAL = tuple(
    sorted(
        word_list("""
    hepat nephr glomerul gastri enterocol arthr encephal mening pancrea thyroid parathyroid adren pituitar pericard
    endocard myocard bronch pneumo pleur cholecyst choledoch cholang appendic diverticul prostat testic ovar uter
    endometr placent lymphom leukem melanom psoria dermat kerat sclero fibros necro thromb embol hemorrh ischem anaphyl
    allerg asthm hemoglobin thalassem porphyr ferrit hyperkal hypokal uremi insulin ketoac alcohol tubercul staphylococ
    streptococ mycobac candidi histoplasm coccidioid toxoplasm syphil gonococ chlamyd herp varicell rubell osteopor
    osteomyel spondyl vertebr cornea glauc cochle vestibul trigem psycho schizo depress anxi deliri dement autoimm
    granulom sarcoid amyloid vascul aneurysm varic tetan botul rabi malari smok vaccin transfus transplant dialy
    catheter ventilat intubat edem anemi diabet hypertens hypotens hypothyr hyperthyr fractur seizur
    """),
        key=len,
        reverse=True,
    )
)
_SUFFIXES = [
    "izations",
    "ization",
    "ational",
    "ations",
    "ically",
    "iveness",
    "fulness",
    "ousness",
    "ation",
    "ities",
    "ments",
    "ness",
    "ment",
    "ible",
    "able",
    "ance",
    "ence",
    "ical",
    "ally",
    "tion",
    "sion",
    "ions",
    "ious",
    "ives",
    "ized",
    "izes",
    "izing",
    "ated",
    "ates",
    "ating",
    "ing",
    "ies",
    "ied",
    "ion",
    "ous",
    "ive",
    "ity",
    "ic",
    "al",
    "ed",
    "es",
    "er",
    "ly",
    "s",
]


@lru_cache(maxsize=50_000)
def root(word: str) -> str | None:
    """The root of a lower-case word, or None where it rings nothing (short, or a stop word)."""
    if len(word) < 4 or word in STOP:
        return None
    if "-" in word:
        return max((part for piece in word.split("-") if (part := root(piece))), key=len, default=None)
    for medical in _MEDICAL:
        if word.startswith(medical):
            return medical
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            stripped = word[: -len(suffix)]
            return None if stripped in STOP else stripped
    return word


def roots(words: Iterable[str]) -> frozenset[str]:
    """The roots of the words that ring."""
    return frozenset(found for word in words if (found := root(word)) is not None)
