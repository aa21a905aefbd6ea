"""Subjects of the preprint servers: arXiv's categories (https://arxiv.org/category_taxonomy), bioRxiv's, medRxiv's."""

from __future__ import annotations

from collections.abc import Mapping


def _of(archive: str, names: str) -> tuple[str, ...]:
    return tuple(f"{archive}.{name}" for name in names.split())


ARXIV_CATEGORIES: tuple[str, ...] = (
    *_of("astro-ph", "CO EP GA HE IM SR"),
    *_of("cond-mat", "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con"),
    *_of(
        "cs",
        "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC "
        "SD SE SI SY",
    ),
    *_of("econ", "EM GN TH"),
    *_of("eess", "AS IV SP SY"),
    *("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"),
    *_of(
        "math",
        "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    ),
    *_of("nlin", "AO CD CG PS SI"),
    *_of(
        "physics",
        "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph geo-ph "
        "hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    ),
    *_of("q-bio", "BM CB GN MN NC OT PE QM SC TO"),
    *_of("q-fin", "CP EC GN MF PM PR RM ST TR"),
    *_of("stat", "AP CO ME ML OT TH"),
)
"""Every category of arXiv that takes papers."""

PREPRINT_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "biorxiv": (
        "animal behavior and cognition", "biochemistry", "bioengineering", "bioinformatics", "biophysics",
        "cancer biology", "cell biology", "developmental biology", "ecology", "evolutionary biology", "genetics",
        "genomics", "immunology", "microbiology", "molecular biology", "neuroscience", "paleontology", "pathology",
        "pharmacology and toxicology", "physiology", "plant biology", "scientific communication and education",
        "synthetic biology", "systems biology", "zoology",
    ),
    "medrxiv": (
        "addiction medicine", "allergy and immunology", "anesthesia", "cardiovascular medicine",
        "dentistry and oral medicine", "dermatology", "emergency medicine", "endocrinology", "epidemiology",
        "forensic medicine", "gastroenterology", "genetic and genomic medicine", "geriatric medicine",
        "health economics", "health informatics", "health policy", "health systems and quality improvement",
        "hematology", "hiv aids", "infectious diseases", "intensive care and critical care medicine",
        "medical education", "medical ethics", "nephrology", "neurology", "nursing", "nutrition",
        "obstetrics and gynecology", "occupational and environmental health", "oncology", "ophthalmology",
        "orthopedics", "otolaryngology", "pain medicine", "palliative medicine", "pathology", "pediatrics",
        "pharmacology and therapeutics", "primary care research", "psychiatry and clinical psychology",
        "public and global health", "radiology and imaging", "rehabilitation medicine and physical therapy",
        "respiratory medicine", "rheumatology", "sexual and reproductive health", "sports medicine", "surgery",
        "toxicology", "transplantation", "urology",
    ),
}  # fmt: skip
"""Subjects by server, in lower case and without punctuation."""
