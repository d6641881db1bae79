"""What comes near a flaw and is sound, by rule."""

from __future__ import annotations

from tests.bank.lint.changes import Change, head, lead, more, options, stem, with_last
from tests.support.lint import STEM

QUIET: dict[str, list[Change]] = {
    "negative-lead-in": [
        lead("Which of the following best explains why the drug did not relieve this patient's pain?"),
        lead("Which of the following is the most likely reason that this patient has not improved?"),
        lead("If the stone is not treated, which of the following is the most likely complication?"),
        lead("Which of the following tests has the lowest false-positive rate in this patient?"),
        lead("Which of the following drugs is contraindicated in this patient?"),
        lead("Which of the following is the least invasive study that would show the cause of this patient's pain?"),
        lead("Which of the following should be given for at least 3 months to this patient?"),
    ],
    "unfocused-lead-in": [
        lead("Which of the following is the correct dose for this patient?"),
        lead("Which of the following is the most accurate interpretation of these results?"),
        lead("Which of the following is the most appropriate action regarding the catheter?"),
        lead("Which of the following interpretations of this trial is most accurate?"),
    ],
    "absolute-lead-in": [
        lead("Which of the following should be given not only to this patient but also to his wife?"),
        lead("Which of the following best explains the rise of all three values?"),
    ],
    "lead-in-not-a-question": [
        lead("What is the most likely *diagnosis*?"),
        lead('The patient asks, "Will I need surgery?"'),
    ],
    "double-lead-in": [lead("Which of the following describes where and how this drug acts in this patient?")],
    "all-of-the-above": [
        with_last("Vitamins A and D"),
        with_last("Hepatitis A and B vaccination"),
        with_last("Nodes both above and below the diaphragm"),
        with_last("Resection of all affected bowel"),
        with_last("Factors V and VIII"),
        options(
            "A and B",
            "A and D",
            "*B and K",
            "D and E",
            lead_in="Which of the following vitamins are most likely deficient here?",
        ),
    ],
    "none-of-the-above": [
        with_last("Nonepithelial tumor"),
        with_last("No further treatment"),
        with_last("Neither kidney is affected"),
    ],
    "absolute-terms": [
        with_last("Tretinoin (all-trans retinoic acid)"),
        with_last("Acute lymphoblastic leukemia (ALL)"),
        with_last("Ketorolac every 6 hours"),
        options(
            *(f"{star}{drug} only" for star, drug in (("", "Aspirin"), ("*", "Heparin"), ("", "Insulin"), ("", "Warfarin")))
        ),
    ],
    "vague-frequency": [
        with_last("Frequency-dependent block"),
        with_last("Common bile duct stone"),
        options("“Do you often feel sad?”", "*“Go on.”", "“I see.”"),
    ],
    "modal-verb-in-option": [
        with_last("Radiography on May 3"),
        with_last("Canagliflozin"),
        with_last("“Can you tell me more about the pain?”"),
    ],
    "double-negative": [
        with_last("No fever and no hematuria"),
        with_last("Not a urologic cause"),
        with_last("No unilateral obstruction"),
        with_last("Absence of obstruction without treatment"),
    ],
    "key-longest": [
        options("Gout", "Lupus", "Shock", "*Pyelonephritis"),
        options("Chest radiography with contrast", "*CT of the chest without contrast", "MRI of the chest with gadolinium"),
    ],
    "word-repeat": [
        options("*Renal colic", "Biliary colic", "Intestinal colic", "Uterine colic"),
        options("*Stone of the ureter", "Cyst of the ovary", "Ulcer of the duodenum"),
    ],
    "exhibit-names-answer": [
        {
            "stem": f"{STEM}\n\n![Lead II rhythm strip: a regular, fast rhythm with wide complexes](figure:ecg rhythm=vt)",
            **options("Atrial flutter", "Sinus tachycardia", "*Ventricular tachycardia", "Ventricular fibrillation"),
        },
        {
            "stem": f"{STEM}\n\n![A strip: ventricular tachycardia or ventricular fibrillation?](figure:ecg rhythm=vt)",
            **options("Atrial flutter", "*Ventricular tachycardia", "Ventricular fibrillation"),
        },
        {
            "stem": f"{STEM}\n\n![Lead II rhythm strip](figure:ecg rhythm=af)",
            **options("*Atrial fibrillation", "Atrial flutter", "Multifocal atrial tachycardia"),
        },
    ],
    "convergence": [
        options("Amoxicillin", "Gentamicin", "*Vancomycin", "Rifampin"),
        options(
            "Amoxicillin and gentamicin",
            "Amoxicillin and rifampin",
            "*Vancomycin and gentamicin",
            "Vancomycin and rifampin",
            lead_in="Which of the following is the most appropriate pharmacotherapy?",
        ),
    ],
    "logical-cue": [
        options("Decreased afterload", "Decreased preload", "*Increased afterload", "Increased preload"),
        options("*Decreased renal blood flow", "Increased renal blood flow", "No change in renal blood flow"),
        options("Decreased filtration", "Increased absorption", "*Obstruction of the ureter", "Tubular necrosis"),
    ],
    "format-cue": [
        {"options": ("Abscess (renal)", "*Calculus (ureteral)", "Infarct (splenic)")},
        {"options": ("Glucose-6-phosphatase", "*p53 protein", "Tyrosinase")},
    ],
    "grammar-cue": [
        options("Abscess", "*Embolus", "Infarct", lead_in="The most likely cause of this patient's pain is an"),
        options("*Hour-long walk", "Ulcer", "Infarct", lead_in="The most likely cause of this patient's pain is an"),
        options("Begin fluids", "*Order an image", "Refer the patient", lead_in="The most appropriate next step is to"),
        options("*Crystals", "Cyst", "Abscess", lead_in="Which of the following is the most likely finding?"),
        options("Diabetes mellitus", "*Herpes zoster", "Gout", lead_in="Which of the following is the most likely diagnosis?"),
    ],
    "option-not-parallel": [
        options("Abscess", "Calculus", "*Screening of the blood", "Torsion"),
        options(
            "CT angiography", "*Repeat endoscopy with hemostatic therapy", "Surgical oversewing", "Transcatheter embolization"
        ),
        options("Administer ketorolac", "Begin tamsulosin", "*Order urinalysis", "Prescribe ciprofloxacin"),
    ],
    "overlapping-numbers": [
        options("10% to 19%", "20% to 29%", "*30% to 39%", "40% to 49%"),
        options("<5 mm", "5 to 10 mm", "*11 to 20 mm", ">20 mm"),
        options("5", "10", "*15", "20"),
        options("2 mg", "4 mg", "*8 mg", "16 mg"),
    ],
    "inconsistent-numbers": [
        options("5 mg", "10 mg", "*20 mg", "40 mg"),
        options("0.25", "0.50", "*0.75", "1.00"),
        options("0", "0.25", "*0.50", "0.75"),
        options("1 in 2", "1 in 4", "*1 in 8", "1 in 16"),
        options("1", "2", "*3", "4 or more"),
    ],
    "options-out-of-order": [
        options("5%", "10%", "*20%", "40%"),
        options("3 days", "2 weeks", "*6 months", "1 year"),
        options("Abscess", "Calculus", "*Infarct", "Torsion"),
        options("Mild edema", "Moderate edema", "*Severe edema"),
        options("Increased filtration", "*Decreased filtration", "Unchanged filtration"),
    ],
    "number-of-options": [options("Abscess", "*Calculus", "Torsion")],
    "long-options": [with_last("CT of the abdomen and pelvis without intravenous contrast")],
    "near-identical-options": [
        options(
            "Increased calcium, decreased phosphate", "*Decreased calcium, increased phosphate", "Normal calcium and phosphate"
        ),
        options("Adduction of the thumb", "*Abduction of the thumb", "Flexion of the thumb"),
        options("Mean > median", "*Median > mean", "Mean = median"),
        options("10 mg", "*10.0 mcg", "100 mg"),
        options("Switch from heparin to warfarin", "*Switch from warfarin to heparin", "Stop both"),
    ],
    "not-homogeneous-options": [
        options(
            "Ketorolac", "*Ultrasonography", "Ureteroscopy", lead_in="Which of the following is the most appropriate next step?"
        ),
        options(
            "*Aspirin",
            "Asthma",
            "Sinusitis",
            lead_in="Which of the following is the most likely cause of this patient's wheezing?",
        ),
        options("Appendicitis", "*Nephrolithiasis", "Torsion", lead_in="Which of the following is the most likely diagnosis?"),
        options(
            "Carboprost",
            "Hysterectomy",
            "*Intrauterine balloon tamponade",
            "Uterine artery embolization",
            lead_in="Which of the following is the most appropriate next step in management?",
        ),
    ],
    "missing-demographics": [
        stem(STEM.replace("A 58-year-old man", "A newborn")),
        stem(STEM.replace("A 58-year-old man", "A fifty-eight-year-old woman").replace("He ", "She ")),
        stem(STEM.replace("A 58-year-old man", "A man in his 60s")),
        stem(
            "Investigators study mice that lack a transporter of the renal tubule. Their urine holds crystals of cystine. "
            "A drug of known structure lowers the number of crystals to that of control animals after six weeks."
        ),
    ],
    "missing-setting": [
        stem(STEM.replace("comes to the emergency department", "comes to the physician")),
        stem(STEM.replace("comes to the emergency department", "is brought by ambulance")),
        stem(STEM.replace("comes to the emergency department", "is seen during a home visit")),
    ],
    "stem-too-short": [stem("A 58-year-old man has pain.\n\n| | |\n|---|---|\n| Serum sodium | 138 mEq/L |")],
    "window-dressing": [
        lead("Which of the following is the mechanism of action of the most appropriate drug for this patient?"),
        lead("Which of the following is the most likely diagnosis?"),
        lead("This patient's stone is most likely composed of which of the following?"),
        lead("Which of the following is the most common cause of this patient's condition?"),
    ],
    "reading-time": [{"stem": STEM + " He was seen last week for a cough. " * 10, "head": {"seconds": "120"}}],
    "long-sentence": [stem(STEM)],
    "teaching-in-stem": [
        more("His parents note that he is tired, and he is prescribed a drug that lowers the pressure."),
        more("His pain is characteristic to him and is often worse at night."),
    ],
    "difficulty-out-of-range": [head(difficulty="0.35"), head(difficulty="0.95")],
    "seconds-out-of-range": [head(seconds="60"), head(seconds="120")],
    "missing-units": [
        more("Hemoglobin is 7.2 g/dL, hemoglobin A1c is 6.1%, and platelet count is 85,000/mm3."),
        more("Arterial pH is 7.21 and serum sodium increased from 128 to 138 mEq/L."),
        more("He took potassium chloride for 3 days and sodium bicarbonate 2 times daily."),
        more("Serum sodium 2 days ago was 138 mEq/L."),
        stem(STEM + "\n\n| Test | Result (mg/dL) |\n|---|---|\n| Creatinine | 1.3 |"),
        stem(STEM + "\n\n| | |\n|---|---|\n| Hemoglobin (g/dL) | 7.2 |\n| pH | 7.30 |"),
        stem(STEM + "\n\n| Test | Result | Unit |\n|---|---|---|\n| Hemoglobin | 7.2 | g/dL |"),
        more("Pedal pulses are 2+ on both sides."),
    ],
    "impossible-value": [
        stem(STEM.replace("37.2°C (99.0°F)", "28.0°C (82.4°F)")),
        stem(STEM.replace("148/86", "300/180")),
        stem(STEM.replace("98% on", "54% on")),
        more("Serum creatinine was 600 µmol/L and hemoglobin was 72 g/L."),
        more("Urine sodium is 10 mEq/L and urine pH is 5.0."),
        more("He is 180 cm (5 ft 11 in) tall and weighs 81 kg (179 lb); body mass index is 25 kg/m2."),
        more("He has lost 7 kg (15 lb) in 9 months."),
        more("His father died at 101 years of age."),
    ],
    "unknown-analyte": [
        stem(
            STEM + "\n\n| | |\n|---|---|\n| Sodium | 138 mEq/L |\n| Potassium | 4.0 mEq/L |\n| Copeptin | 12 pmol/L (N=1-10) |"
        ),
        stem(STEM + "\n\n| Group | Events |\n|---|---|\n| Drug | 12% |\n| Placebo | 20% |"),
    ],
    "vital-sign-order": [more("After 3 minutes of standing, pulse is 130/min and blood pressure is 120/70 mm Hg.")],
    "temperature-in-one-scale": [more("Room temperature is kept constant.")],
    "contradictory-patient": [
        stem(STEM.replace("58-year-old man", "17-year-old boy")),
        more("His wife is pregnant, and she is well."),
        stem(STEM.replace("58-year-old man", "58-year-old woman").replace("He ", "She ") + " Her father had prostate cancer."),
        stem(
            STEM.replace("A 58-year-old man comes", "A 34-year-old woman brings her 4-year-old son")
            + " His mother had her first visit."
        ),
        more("He has smoked one pack of cigarettes daily for 30 years."),
        stem(STEM.replace("58-year-old man", "28-year-old transgender man") + " He is pregnant."),
        stem(STEM.replace("58-year-old man", "30-year-old woman, gravida 3, para 2,").replace("He ", "She ")),
        stem(STEM.replace("58-year-old man", "3-day-old boy") + " Pregnancy and delivery were uncomplicated."),
    ],
    "stigmatising-words": [
        more("He has alcoholic hepatitis and diabetic ketoacidosis."),
        more("He has nonalcoholic steatohepatitis and attends Alcoholics Anonymous."),
        more("Pulmonary compliance is reduced, and there is retarded growth."),
        more("He suffered a fall and a fracture of the wrist."),
        more("He died by suicide."),
    ],
    "outdated-term": [more("He has pain in the right hypochondriac region."), more("He has acute kidney injury.")],
    "interpretive-words": [
        more("He had one febrile seizure in childhood."),
        more("He has abnormal uterine bleeding in the family and a significant other at home."),
        more("The difference is statistically significant."),
    ],
    "unexplained-abbreviation": [
        more("ECG shows sinus rhythm, and an MRI of the spine is planned. He has HIV."),
        more("He has deep venous thrombosis (DVT). The DVT is old."),
        more("He carries HLA-B27 and a BRCA1 variant. He lives in the US."),
    ],
    "brand-name-drug": [more("He takes atorvastatin.")],
    "spelling-not-american": [more("He has mild edema and diarrhea.")],
    "explanation-too-short": [{"explanations": {"C": "It would be invasive and show no stone."}}],
    "explanation-same-as-other": [{}],
    "explanation-contradicts-key": [
        {"explanations": {"A": "Correct use of this study needs an experienced sonographer at the bedside."}},
        {"explanations": {"B": "No other study shows a stone of the middle ureter as well as this one does."}},
    ],
    "explanation-names-a-letter": [{"explanations": {"A": "Hepatitis A is an option to think of, and vitamin D is another."}}],
    "option-labelled": [with_last("E. coli bacteremia"), with_last("5. fluorouracil")],
    "unknown-waiver": [
        {
            "head": {"waive": '[{rule: TC3, reason: "the place is the question"}]'},
            **stem(STEM.replace("to the emergency department", "")),
        }
    ],
    "waiver-without-reason": [
        {**more("He takes Lipitor."), **head(waive='[{rule: brand-name-drug, reason: "known by the brand"}]')}
    ],
    "unused-waiver": [{**more("He takes Lipitor."), **head(waive='[{rule: ID12, reason: "known by the brand"}]')}],
}
