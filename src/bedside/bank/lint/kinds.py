"""Of which kind an option is, told from its last words: a diagnosis, a drug, a test or a procedure. When in doubt, none."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from bedside.bank.lint.word_list import word_set


class Kind(Enum):
    """What an option names."""

    DIAGNOSIS = auto()
    DRUG = auto()
    TEST = auto()
    PROCEDURE = auto()


_DRUG_SUFFIX = re.compile(
    r"(?:olol|[aio]pril|sartan|(?<!o)statin|conazole|nidazole|prazole|cillin|mycin|micin|floxacin|cycline|[a-z]{2}mab"
    r"|tinib|ciclib|tidine|dipine"
    r"|gliptin|gliflozin|glutide|parin|xaban|gatran|oxetine|azepam|azolam|barbital|caine|triptan|setron|ciclovir|navir|tegravir"
    r"|afil|[a-z]terol|tropium|lukast|dronate|thiazide|semide|[a-z]sone|[a-z]solone|platin|rubicin|taxel|bactam|penem"
    r"|cef[a-z]{4,}"
    r"|ceph[a-z]+in|oxacin|sulfa|azosin|dopa|fibrate|glitazone|lamide|azide|olac|profen|vaptan|trexate|curonium"
    r"|fentanil|morphone|codone|pramine"
    r"|triptyline)$"
)
_DRUGS = word_set("""
    aspirin heparin insulin metformin lithium warfarin digoxin acetaminophen ibuprofen naproxen indomethacin colchicine
    allopurinol morphine fentanyl naloxone naltrexone methadone buprenorphine prednisone methotrexate azathioprine
    cyclosporine tacrolimus mycophenolate cyclophosphamide hydroxychloroquine sulfasalazine levothyroxine methimazole
    propylthiouracil spironolactone eplerenone amiodarone adenosine diltiazem verapamil hydralazine nitroglycerin
    epinephrine norepinephrine dobutamine milrinone vasopressin albuterol theophylline montelukast phenytoin
    carbamazepine valproate levetiracetam lamotrigine gabapentin haloperidol risperidone olanzapine quetiapine clozapine
    sertraline bupropion mirtazapine trazodone donepezil memantine levodopa pramipexole rifampin isoniazid pyrazinamide
    ethambutol vancomycin linezolid ceftriaxone clopidogrel ticagrelor alteplase ezetimibe tamoxifen letrozole
    finasteride tamsulosin oxybutynin sumatriptan lorazepam midazolam propofol ketamine octreotide glucagon desmopressin
    octreotide ondansetron metoclopramide loperamide lactulose rifaximin acyclovir oseltamivir fluconazole amphotericin
    nystatin dapsone trimethoprim ivermectin albendazole
    """)
_DIAGNOSIS_LAST = re.compile(
    r"(?:itis|(?<!r)oma|osis|emia|opathy|plegia|trophy|ectasis|iasis|uria|algia|penia|cytosis|megaly|lithiasis|phrenia|pnea)$"
)
_DIAGNOSES = word_set("""
    syndrome disease disorder infarction embolism infection anemia cancer carcinoma deficiency fracture hernia
    obstruction rupture stenosis thrombosis regurgitation tamponade pneumothorax failure shock poisoning toxicity
    overdose withdrawal stroke hemorrhage dissection aneurysm tumor lymphoma leukemia hypertension hypotension pregnancy
    insufficiency tuberculosis pneumonia asthma gout sepsis dementia depression mania delirium schizophrenia psychosis
    dystrophy sclerosis palsy neuropathy diabetes hypothyroidism hyperthyroidism abscess cellulitis ulcer fibrillation
    flutter block tachycardia bradycardia endocarditis abruption previa preeclampsia eclampsia
    """)
_TEST_LAST = re.compile(r"(?:oscopy|(?<!o)graphy|ogram|gram|metry|opsy|centesis)$")
_TESTS = word_set("""
    radiograph radiographs radiography x-ray ultrasonography ultrasound mri ct scan tomography imaging biopsy culture
    cultures assay test testing titer smear electrocardiography echocardiography electroencephalography spirometry
    urinalysis serology angiography colonoscopy endoscopy cystoscopy bronchoscopy panel screen
    """)
_NOT_TESTS = frozenset({"program", "milligram", "gram", "kilogram", "microgram"})
_PROCEDURE_LAST = re.compile(r"(?:ectomy|otomy|ostomy|plasty|pexy|desis|rrhaphy|tripsy)$")
_PROCEDURES = word_set(
    "surgery repair transplantation dialysis hemodialysis drainage intubation catheterization resection stenting ablation "
    "embolization cardioversion debridement amputation ligation fixation decompression evacuation bypass hysterectomy"
)
# what stands behind one of these only describes the head of the phrase
_TAIL = re.compile(
    r"\b(?:of|for|with|in|due|from|by|to|from|caused|secondary|because|after|during|without|following|at|on|under|and"
    r"|plus|or|then)\b|[,;(:]"
)
_NOT_A_DISEASE = re.compile(r"\b(?:balloon|uterine) tamponade\b|\b(?:nerve|ganglion|plexus|epidural|regional) block\b")
_HEDGED = re.compile(
    r"\b(?:therapy|level|levels|deficiency|resistance|inhibition|reaction|response|induced|mutation|gene|receptor"
    r"|cells?|use|effect|exposure|"
    r"vaccine|adverse|risk|rate|test|ratio|screening)\b|-induced|-associated"
)


@lru_cache(maxsize=20_000)
def kind_of(option: str) -> Kind | None:
    """The kind of an option, or None where it can't be told with some confidence."""
    if _NOT_A_DISEASE.search(option.lower()):
        return None
    head = _TAIL.split(option.lower(), maxsplit=1)[0].strip(" .*\"'“”")
    words = re.findall(r"[a-z][a-z-]*", head)
    if not words or len(words) > 6:
        return None
    last = words[-1].removesuffix("s") if words[-1].removesuffix("s") in _DIAGNOSES | _TESTS | _PROCEDURES else words[-1]
    if last in _TESTS or (_TEST_LAST.search(last) and last not in _NOT_TESTS):
        return Kind.TEST
    if last in _PROCEDURES or _PROCEDURE_LAST.search(last):
        return Kind.PROCEDURE
    if last in _DIAGNOSES:
        return Kind.DIAGNOSIS
    if _HEDGED.search(option.lower()):
        return None
    if last in _DRUGS or _DRUG_SUFFIX.search(last) or (words[0] in _DRUGS and last in {"infusion", "therapy", "injection"}):
        return Kind.DRUG
    return Kind.DIAGNOSIS if _DIAGNOSIS_LAST.search(last) and len(last) > 6 else None


_ASKS_DIAGNOSIS = re.compile(r"\bdiagnos[ei]s\b|\bcondition does\b|\bdisorder does\b|\bdisease does\b")
_ASKS_TEST = re.compile(
    r"\b(?:diagnostic|laboratory|imaging|confirmatory|screening) (?:test|study|studies|evaluation|procedure|step"
    r"|modality)|\bstep in diagnosis\b"
    r"|\bwhich of the following (?:tests|studies|imaging)\b|\bnext step in (?:evaluation|the evaluation)\b|\b(?:test"
    r"|study) to\b"
)
_ASKS_DRUG = re.compile(r"\b(?:pharmacotherapy|medications?|drugs?|antibiotics?|antidepressants?|pharmacologic)\b")
_CONTEXT = re.compile(
    r"\b(?:cause|adverse|effect|mechanism|associated|risk|complication|interact|deficien|target|history|confirm)"
)


def kind_asked(lead_in: str) -> frozenset[Kind]:
    """The kinds that answer this lead-in; empty where it does not say."""
    if re.search(r"\bmanagement\b|\btreatment\b|\bnext step\b|\bintervention\b|\btherapy\b", lead_in) and not _ASKS_TEST.search(
        lead_in
    ):
        if _ASKS_DRUG.search(lead_in) and "step" not in lead_in and not _CONTEXT.search(lead_in):
            return frozenset({Kind.DRUG})
        return frozenset({Kind.DRUG, Kind.TEST, Kind.PROCEDURE})
    if _ASKS_TEST.search(lead_in):
        return frozenset({Kind.TEST, Kind.PROCEDURE})
    if _ASKS_DIAGNOSIS.search(lead_in) and not _CONTEXT.search(lead_in):
        return frozenset({Kind.DIAGNOSIS})
    if _ASKS_DRUG.search(lead_in) and not _CONTEXT.search(lead_in):
        return frozenset({Kind.DRUG})
    return frozenset()


def asks_for_a_cause(lead_in: str) -> bool:
    """Does the lead-in ask for a cause, a risk or the like, which things of several kinds can be?"""
    return _CONTEXT.search(lead_in) is not None
