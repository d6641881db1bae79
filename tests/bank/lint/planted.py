"""Flaws planted on purpose, by rule."""

from __future__ import annotations

from tests.bank.lint.changes import Change, head, lead, more, options, stem, with_last
from tests.support.lint import OPTIONS, STEM

PLANTED: dict[str, list[Change]] = {
    "negative-lead-in": [
        lead("Which of the following is NOT a risk factor for this patient's condition?"),
        lead("Which of the following is not a likely cause of this patient's pain?"),
        lead("All of the following would be appropriate in this patient EXCEPT?"),
        lead("Each of the following is a cause of this finding except which one?"),
        lead("Which of the following is the least likely diagnosis in this patient?"),
        lead("Which of the following statements about this patient is incorrect?"),
        lead("Which of the following should not be given to this patient?"),
        lead("Which of the following drugs would you **not** prescribe for this patient?"),
        lead("Which of the following is unlikely to explain this patient's symptoms?"),
    ],
    "unfocused-lead-in": [
        lead("Which of the following is true about this patient's condition?"),
        lead("Which of the following statements is correct?"),
        lead("Which of the following statements regarding this patient is most accurate?"),
        lead("Which one of the following is correct?"),
        lead("Regarding this patient's disease, which of the following is true?"),
        lead("Concerning nephrolithiasis, which statement is right?"),
        lead("Which of the following?"),
        lead("Which of the following is a true statement about renal colic?"),
    ],
    "absolute-lead-in": [
        lead("Which of the following is always present in this patient's condition?"),
        lead("Which of the following is the only treatment for this patient?"),
        lead("Which of the following is seen in all patients with this disease?"),
    ],
    "lead-in-not-a-question": [
        lead("The most appropriate next step in management is:"),
        lead("The most likely diagnosis is"),
        lead("Choose the most appropriate next step in management."),
    ],
    "double-lead-in": [
        lead("Which of the following is the most likely diagnosis, and what is the most appropriate treatment?"),
        lead("What is the most likely diagnosis? Which of the following is the most appropriate next step?"),
    ],
    "all-of-the-above": [
        with_last("All of the above"),
        with_last("All of these"),
        with_last("All the above are correct"),
        with_last("Both A and B"),
        with_last("A and C"),
        with_last("A, B, and C"),
        with_last("B & D only"),
        with_last("Options A–C"),
        with_last("Both of the above"),
        with_last("Any of the above"),
        with_last("Answers 1 and 3"),
        with_last("All options are correct"),
    ],
    "none-of-the-above": [
        with_last("None of the above"),
        with_last("None of these"),
        with_last("None of the options listed"),
        with_last("Neither of the above"),
        with_last("No correct answer"),
    ],
    "absolute-terms": [
        with_last("Surgery is always required"),
        with_last("Never give contrast"),
        with_last("Must undergo cystoscopy"),
        with_last("Radiography of every organ"),
        with_last("Invariably fatal renal failure"),
    ],
    "vague-frequency": [
        with_last("Usually resolves without treatment"),
        with_last("Often requires dialysis"),
        with_last("Rarely occurs in adults"),
        with_last("Stone that is associated with gout"),
        with_last("Typically seen in renal tubular acidosis"),
        with_last("Tends to recur within a year"),
    ],
    "modal-verb-in-option": [
        with_last("Stone that may pass without treatment"),
        with_last("Contrast can harm the kidney"),
        with_last("Radiography could be useful"),
    ],
    "double-negative": [
        with_last("Stone that is not uncommon"),
        with_last("Does not occur without obstruction"),
        with_last("Not an inappropriate study"),
        lead("Which of the following is not unlikely in this patient?"),
    ],
    "key-longest": [
        options("Gout", "Lupus", "*Obstruction of the left ureter by a calcium oxalate stone", "Sepsis", "Torsion"),
        options(
            "Chest radiography",
            "*CT of the abdomen and pelvis without contrast after informed consent",
            "Cystoscopy",
            "Renal biopsy",
            "Urine culture",
        ),
    ],
    "word-repeat": [
        options("Appendicitis", "Diverticulitis", "*Renal colic", "Pyelonephritis", "Testicular torsion"),
        {
            "stem": "A 44-year-old woman comes to the office because of fatigue for 3 weeks. She has hepatomegaly "
            "and scleral icterus. "
            "She returned from a journey 5 weeks ago.",
            **options("Cholangitis", "Gilbert syndrome", "*Hepatitis E", "Malaria", "Pancreatic cancer"),
        },
        {
            "stem": "A 30-year-old man comes to the office because he feels that the world around him is unreal, as "
            "if he watched a film.",
            **options("*Derealization with unreal perception", "Fugue", "Mania", "Narcolepsy", "Psychosis"),
        },
        options(
            "Erosion of a vessel",
            "Infarction of a lobe",
            "*Passage of a crystal",
            "Rupture of a cyst",
            "Torsion of a pedicle",
            lead_in="Which of the following events, as shown by crystalluria, best explains this patient's pain?",
        ),
    ],
    "exhibit-names-answer": [
        {
            "stem": f"{STEM}\n\n![Lead II with ventricular tachycardia](figure:ecg rhythm=vt)",
            **options("Atrial flutter", "Sinus tachycardia", "*Ventricular tachycardia", "Ventricular fibrillation"),
        },
    ],
    "convergence": [
        options(
            "Amoxicillin and rifampin",
            "Gentamicin and clindamycin",
            "*Vancomycin and gentamicin",
            "Vancomycin and ciprofloxacin",
            "Vancomycin and doxycycline",
            lead_in="Which of the following is the most appropriate pharmacotherapy?",
        ),
    ],
    "logical-cue": [
        options(
            "*Decreased renal blood flow",
            "Increased renal blood flow",
            "No change in renal blood flow",
            "Obstruction of the ureter",
            "Tubular necrosis",
        ),
        options("Higher filtration", "*Lower filtration", "Unchanged filtration", "Ureteral spasm", "Vascular rupture"),
    ],
    "format-cue": [
        with_last("Plain **abdominal** radiography", key=True)
        | {"options": (*[o.removeprefix("*") for o in OPTIONS[:4]], "*Plain **film**")},
        {"options": (*[o.removeprefix("*") for o in OPTIONS[:4]], "*Plain radiography (supine)")},
        {"options": (*[o.removeprefix("*") for o in OPTIONS[:4]], "*Plain abdominal radiography.")},
        {"options": (*[o.removeprefix("*") for o in OPTIONS[:4]], "*plain abdominal radiography")},
    ],
    "grammar-cue": [
        options("*Abscess", "Calculus", "Fistula", "Neoplasm", lead_in="The most likely cause of this patient's pain is an"),
        options("Embolus", "*Stone", "Ulcer", "Infarct", lead_in="This patient's pain is most likely caused by a"),
        options("*Begin fluids", "Dialysis", "Operating today", "Referral", lead_in="The most appropriate next step is to"),
        options("*Crystals", "Embolus", "Cyst", "Abscess", lead_in="The most likely findings in the ureter are"),
        options(
            "Cyst of the kidney",
            "*Crystals in the ureter",
            "Infarct of the spleen",
            "Tumor of the bladder",
            lead_in="Which of the following are the most likely findings on imaging?",
        ),
    ],
    "option-not-parallel": [
        options("Abscess", "Calculus", "Infarct", "*The patient has torsion of the left testis"),
        options("Administer ketorolac", "Begin tamsulosin", "*Colonoscopy", "Prescribe ciprofloxacin"),
        options("“How is your pain today?”", "“Tell me more about it.”", "*Reassurance", "“You will be well soon.”"),
        options(
            "Abscess", "Calculus", "Torsion", "*Infarct", "Rupture of a large cyst of the kidney into the retroperitoneal space"
        ),
    ],
    "overlapping-numbers": [
        options("10% to 20%", "20% to 30%", "*30% to 40%", "40% to 50%"),
        options("0-10 years", "5-15 years", "*20-30 years", "35-40 years"),
        options("<5 mm", "<10 mm", "*12 mm to 15 mm", ">20 mm"),
        options("Less than 10%", "10% to 25%", "*25% to 50%", "More than 50%"),
        options("At least 2 days", "At least 4 days", "*At least 6 days", "At least 8 days"),
    ],
    "inconsistent-numbers": [
        options("5 mg", "10 mg", "*0.02 g", "40 mg"),
        options("5%", "10%", "*20", "40%"),
        options("5%", "10% to 15%", "*20%", "40%"),
        options("1/4", "1/2", "*60%", "3/4"),
        options("5", "10", "*15.25", "20"),
    ],
    "options-out-of-order": [
        options("10%", "5%", "*40%", "20%"),
        options("2 weeks", "3 days", "*6 months", "1 year"),
        options("Torsion", "Abscess", "*Infarct", "Calculus"),
        options("40%", "30%", "*20%", "10%"),
    ],
    "number-of-options": [
        options("Abscess", "Calculus", "*Embolus", "Fistula", "Hematoma", "Infarct", "Neoplasm"),
    ],
    "long-options": [
        with_last(
            "Perform a noncontrast computed tomographic scan of the abdomen and the pelvis and then, if a stone of "
            "more than 5 mm is found, "
            "refer the patient to a urologist for extraction"
        ),
        options(
            *(
                f"{star}{verb} the stone with the help of a wire that is passed through the bladder and then into the "
                f"{site} ureter"
                for star, verb, site in (
                    ("", "Break", "upper"),
                    ("", "Catch", "middle"),
                    ("*", "Move", "lower"),
                    ("", "Pull", "distal"),
                )
            )
        ),
    ],
    "near-identical-options": [
        options("Acute myocardial infarction", "Aortic dissection", "*Myocardial infarction, acute", "Pericarditis"),
        options("Insulin and metformin", "*Metformin and insulin", "Pioglitazone", "Sitagliptin"),
        options("Gallstone", "Gallstones", "*Hepatitis", "Pancreatitis"),
    ],
    "not-homogeneous-options": [
        options(
            "Appendicitis",
            "Diverticulitis",
            "*Nephrolithiasis",
            "Ultrasonography",
            lead_in="What is the most likely diagnosis?",
        ),
        options(
            "Appendicitis", "Diverticulitis", "Ketorolac", "*Nephrolithiasis", lead_in="What is the most likely diagnosis?"
        ),
        options(
            "Amlodipine",
            "*Lisinopril",
            "Metoprolol",
            "Renal biopsy",
            lead_in="Which of the following drugs is most appropriate now?",
        ),
        options(
            "*CT of the chest",
            "Chest radiography",
            "Pulmonary embolism",
            "Spirometry",
            lead_in="Which of the following is the most appropriate next step in management?",
        ),
    ],
    "missing-demographics": [
        stem(STEM.replace("58-year-old man", "patient").replace("He ", "The patient ")),
        stem(STEM.replace("58-year-old man", "man")),
        stem(STEM.replace("man comes", "patient comes").replace("He ", "The patient ")),
    ],
    "missing-setting": [
        stem(STEM.replace("comes to the emergency department because of", "has had")),
        {**stem(STEM.replace("comes to the emergency department because of", "has had")), "head": {"setting": None}},
    ],
    "stem-too-short": [stem("A 58-year-old man comes to the emergency department because of flank pain.")],
    "window-dressing": [
        lead("Which of the following is the mechanism of action of furosemide?"),
        lead("Which of the following is the most common cause of nephrolithiasis?"),
        lead("Which of the following enzymes is deficient in Gaucher disease?"),
        lead("Which of the following nerves innervates the deltoid muscle?"),
        lead("What is the antidote for acetaminophen overdose?"),
        lead("Which of the following is characteristic of cystinuria?"),
        stem(
            "Calcium oxalate stones form in acid urine and are seen on plain films as dense bodies of the ureter "
            "or of the renal pelvis."
        ),
    ],
    "reading-time": [stem(STEM + " " + "He was seen at another clinic last week for a sore throat that is now gone. " * 20)],
    "long-sentence": [
        more(
            "He reports that the pain began while he was carrying a box up the stairs of his sister's house and that "
            "it moved from the back to "
            "the groin over the next two hours while he was lying down, walking about, and trying to drink some of "
            "the water that his sister "
            "had brought to him."
        )
    ],
    "teaching-in-stem": [
        more("Nephrolithiasis is characterized by crystals that form in the urinary tract."),
        more("Cystinuria is a disorder that is caused by a defect of transport."),
        more("Calcium oxalate is the most common component of stones."),
    ],
    "difficulty-out-of-range": [head(difficulty="0.99"), head(difficulty="0.1")],
    "seconds-out-of-range": [head(seconds="10"), head(seconds="900")],
    "missing-units": [
        stem(STEM.replace("1.1 mg/dL", "1.1")),
        more("Hemoglobin is 7.2 and serum sodium is 138 mEq/L."),
        more("Serum sodium of 128 is found."),
        more("Platelet count is 85,000."),
        stem(STEM + "\n\n| | |\n|---|---|\n| Hemoglobin | 7.2 |\n| Sodium | 138 mEq/L |"),
        stem(STEM + "\n\n| Test | Result |\n|---|---|\n| Serum sodium | 138 |\n| Creatinine | 1.1 mg/dL |"),
        stem(STEM.replace("148/86 mm Hg", "148/86")),
        stem(STEM.replace("104/min", "104")),
        stem(STEM.replace("37.2°C (99.0°F)", "37.2")),
        stem(STEM.replace("98%", "98")),
    ],
    "impossible-value": [
        stem(STEM.replace("37.2°C (99.0°F)", "37.2°C (101.0°F)")),
        stem(STEM.replace("37.2°C (99.0°F)", "99.0°C (37.2°F)")),
        stem(STEM.replace("148/86", "86/148")),
        stem(STEM.replace("104/min", "1040/min")),
        stem(STEM.replace("98% on", "108% on")),
        stem(STEM.replace("1.1 mg/dL", "110 mg/dL")),
        more("Serum potassium is 45 mEq/L."),
        more("Arterial pH is 8.4."),
        more("Hemoglobin is 120 g/dL."),
        more("Serum creatinine was 9000 µmol/L."),
        stem(STEM + "\n\n| | |\n|---|---|\n| Sodium | 14 mEq/L |"),
        more("He is 180 cm (6 ft 4 in) tall."),
        more("He weighs 80 kg (210 lb)."),
        more("He is 180 cm (5 ft 11 in) tall and weighs 81 kg (179 lb); body mass index is 34 kg/m2."),
        stem(STEM.replace("58-year", "158-year")),
    ],
    "unknown-analyte": [
        stem(STEM + "\n\n| | |\n|---|---|\n| Sodium | 138 mEq/L |\n| Potassium | 4.0 mEq/L |\n| Copeptin | 12 pmol/L |"),
    ],
    "vital-sign-order": [
        stem(
            STEM.replace(
                "pulse is 104/min, respirations are 18/min, and blood pressure is 148/86 mm Hg",
                "blood pressure is 148/86 mm Hg, pulse is 104/min, and respirations are 18/min",
            )
        )
    ],
    "temperature-in-one-scale": [
        stem(STEM.replace("37.2°C (99.0°F)", "37.2°C")),
        stem(STEM.replace("37.2°C (99.0°F)", "99.0°F")),
    ],
    "contradictory-patient": [
        stem(STEM.replace("58-year-old", "4-year-old")),
        stem(STEM.replace("man", "boy", 1)),
        more("He is pregnant with his second child."),
        stem(STEM.replace("58-year-old man", "58-year-old woman").replace("He ", "She ") + " The prostate is enlarged."),
        stem(STEM.replace("58-year-old man", "58-year-old woman")),
        more("She has no allergies."),
        more("He has a 70-year history of hypertension."),
        more("He has smoked one pack of cigarettes daily for 55 years."),
        stem(STEM.replace("58-year-old man", "30-year-old woman, gravida 1, para 3,").replace("He ", "She ")),
        more("This 34-year-old man has no other symptoms."),
    ],
    "stigmatising-words": [
        more("He is an alcoholic."),
        more("He is a known diabetic."),
        more("He has been noncompliant with his medication."),
        more("He suffers from gout."),
        more("His brother is mentally retarded."),
        more("He is a former drug addict."),
        more("He has a history of intravenous drug abuse."),
        more("His mother committed suicide."),
        more("He is wheelchair-bound."),
        more("He is morbidly obese."),
        {"explanations": {"A": "Schizophrenics often have pain of this kind and need an image first."}},
    ],
    "outdated-term": [
        more("He has Wegener granulomatosis."),
        more("He had a grand mal seizure last year."),
        more("He had acute renal failure last year."),
    ],
    "interpretive-words": [
        more("He is febrile and tachycardic."),
        more("The rest of the examination is unremarkable."),
        more("He has the classic pain of renal colic."),
        more("Medical history is significant for gout."),
        more("The rash is typical of shingles."),
        more("Vital signs are within normal limits."),
    ],
    "unexplained-abbreviation": [
        more("He has HTN and COPD."),
        more("He takes lisinopril BID."),
        more("He is s/p appendectomy."),
        with_last("IVP"),
    ],
    "brand-name-drug": [more("He takes Lipitor."), with_last("Lasix")],
    "spelling-not-american": [more("He has mild oedema."), with_last("Haemoglobin electrophoresis")],
    "explanation-too-short": [{"explanations": {"C": "Not indicated."}}],
    "explanation-same-as-other": [
        {
            "explanations": {
                "A": "This is not the best choice for this patient.",
                "C": "This is not the best choice for this patient.",
            }
        }
    ],
    "explanation-contradicts-key": [
        {"explanations": {"A": "Correct. Ultrasonography shows the stone without radiation in this patient."}},
        {"explanations": {"B": "Incorrect. This study would expose the patient to radiation without need."}},
        {"explanations": {"D": "This is the correct answer because it shows the ureter from end to end."}},
    ],
    "explanation-names-a-letter": [{"explanations": {"A": "Unlike option B, this study misses stones of the middle ureter."}}],
    "option-labelled": [
        options("A. Abscess", "B. Calculus", "*C. Embolus", "D. Infarct"),
        options("(1) Abscess", "(2) Calculus", "*(3) Embolus", "(4) Infarct"),
    ],
    "unknown-waiver": [head(waive='[{rule: no-such-rule, reason: "because"}]')],
    "waiver-without-reason": [head(waive='[{rule: brand-name-drug, reason: " "}]')],
    "unused-waiver": [head(waive='[{rule: brand-name-drug, reason: "the brand is asked for"}]')],
}
