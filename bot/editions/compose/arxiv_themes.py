"""Theme names of arXiv categories, as headings for a newsletter.

The names follow the taxonomy (https://arxiv.org/category_taxonomy), shortened, with similar categories merged. They are
a fixed table, so a category has the same theme in every edition.
"""

from __future__ import annotations

from collections.abc import Sequence

OTHER = "More to read"
"""Theme of papers without a known category."""

BROAD = frozenset({"cs.LG", "stat.ML", "cs.AI", "cs.NE", "math.ST", "stat.TH", "eess.SP", "physics.gen-ph"})
"""General categories that are often combined with a more specific one, which then gives the theme."""


def theme_of(categories: Sequence[str]) -> str:
    """The theme of a paper with these categories, of which the first is the primary one.

    A broad primary category is replaced by the first of the others that is not broad: a paper in cs.LG that is also in
    cs.CV gets the theme of computer vision.
    """
    telling = [category for category in categories if category not in BROAD and category in _NAMES]
    for category in (*telling, *categories):
        if name := _NAMES.get(category) or _ARCHIVES.get(category.partition(".")[0]):
            return name
    return OTHER


_ARCHIVES = {
    "astro-ph": "Astronomy and astrophysics",
    "cond-mat": "Condensed matter",
    "cs": "Computer science",
    "econ": "Economics",
    "eess": "Signals and systems",
    "gr-qc": "Gravity and cosmology",
    "hep-ex": "Particle physics experiments",
    "hep-lat": "Lattice field theory",
    "hep-ph": "Particle physics",
    "hep-th": "High-energy theory",
    "math": "Mathematics",
    "math-ph": "Mathematical physics",
    "nlin": "Nonlinear science",
    "nucl-ex": "Nuclear physics",
    "nucl-th": "Nuclear physics",
    "physics": "Physics",
    "q-bio": "Quantitative biology",
    "q-fin": "Quantitative finance",
    "quant-ph": "Quantum physics",
    "stat": "Statistics",
}
"""The name of an archive, for the categories in it that have no own name below."""

_NAMES = {
    "cs.AI": "Artificial intelligence",
    "cs.AR": "Hardware and architecture",
    "cs.CC": "Theory of computation",
    "cs.CE": "Computational science",
    "cs.CG": "Computational geometry",
    "cs.CL": "Natural language processing",
    "cs.CR": "Security and privacy",
    "cs.CV": "Computer vision",
    "cs.CY": "Computers and society",
    "cs.DB": "Databases",
    "cs.DC": "Distributed and parallel computing",
    "cs.DL": "Digital libraries",
    "cs.DM": "Discrete mathematics",
    "cs.DS": "Algorithms and data structures",
    "cs.ET": "Emerging technologies",
    "cs.FL": "Formal languages",
    "cs.GR": "Computer graphics",
    "cs.GT": "Game theory",
    "cs.HC": "Human–computer interaction",
    "cs.IR": "Information retrieval",
    "cs.IT": "Information theory",
    "cs.LG": "Machine learning",
    "cs.LO": "Logic and verification",
    "cs.MA": "Multi-agent systems",
    "cs.MM": "Multimedia",
    "cs.MS": "Mathematical software",
    "cs.NA": "Numerical methods",
    "cs.NE": "Neural and evolutionary computing",
    "cs.NI": "Networks",
    "cs.OS": "Operating systems",
    "cs.PF": "Performance",
    "cs.PL": "Programming languages",
    "cs.RO": "Robotics",
    "cs.SC": "Symbolic computation",
    "cs.SD": "Sound and music",
    "cs.SE": "Software engineering",
    "cs.SI": "Social networks",
    "cs.SY": "Control and systems",
    "econ.EM": "Econometrics",
    "eess.AS": "Speech and audio",
    "eess.IV": "Image and video processing",
    "eess.SP": "Signal processing",
    "eess.SY": "Control and systems",
    "cs.GL": "Computer science",
    "cs.OH": "Computer science",
    "astro-ph.CO": "Cosmology and galaxies",
    "astro-ph.EP": "Planets and exoplanets",
    "astro-ph.GA": "Cosmology and galaxies",
    "astro-ph.HE": "High-energy astrophysics",
    "astro-ph.IM": "Instruments and methods of astronomy",
    "astro-ph.SR": "Stars and the Sun",
    "cond-mat.mtrl-sci": "Materials science",
    "cond-mat.quant-gas": "Quantum gases",
    "cond-mat.soft": "Soft matter",
    "cond-mat.stat-mech": "Statistical mechanics",
    "cond-mat.supr-con": "Superconductivity",
    "math.AC": "Algebra",
    "math.AG": "Algebraic geometry",
    "math.AP": "Analysis and differential equations",
    "math.AT": "Topology",
    "math.CA": "Analysis and differential equations",
    "math.CO": "Combinatorics",
    "math.CT": "Category theory",
    "math.CV": "Analysis and differential equations",
    "math.DG": "Geometry",
    "math.DS": "Dynamical systems",
    "math.FA": "Analysis and differential equations",
    "math.GN": "Topology",
    "math.GR": "Algebra",
    "math.GT": "Topology",
    "math.HO": "History and teaching of mathematics",
    "math.IT": "Information theory",
    "math.KT": "Topology",
    "math.LO": "Logic and verification",
    "math.MG": "Geometry",
    "math.MP": "Mathematical physics",
    "math.NA": "Numerical methods",
    "math.NT": "Number theory",
    "math.OA": "Algebra",
    "math.OC": "Optimisation and control",
    "math.PR": "Probability",
    "math.QA": "Algebra",
    "math.RA": "Algebra",
    "math.RT": "Algebra",
    "math.SG": "Geometry",
    "math.SP": "Analysis and differential equations",
    "math.ST": "Statistics",
    "nlin.AO": "Complex systems",
    "physics.acc-ph": "Accelerators",
    "physics.ao-ph": "Climate and atmosphere",
    "physics.app-ph": "Applied physics",
    "physics.atm-clus": "Atoms and molecules",
    "physics.atom-ph": "Atoms and molecules",
    "physics.bio-ph": "Biophysics",
    "physics.chem-ph": "Chemistry",
    "physics.class-ph": "Classical physics",
    "physics.comp-ph": "Computational physics",
    "physics.data-an": "Data analysis",
    "physics.ed-ph": "Teaching physics",
    "physics.flu-dyn": "Fluid dynamics",
    "physics.geo-ph": "Earth science",
    "physics.hist-ph": "History and philosophy of physics",
    "physics.ins-det": "Instruments and detectors",
    "physics.med-ph": "Medical physics",
    "physics.optics": "Optics",
    "physics.plasm-ph": "Plasma physics",
    "physics.soc-ph": "Physics and society",
    "physics.space-ph": "Space physics",
    "q-bio.BM": "Molecules of life",
    "q-bio.GN": "Genomics",
    "q-bio.MN": "Molecules of life",
    "q-bio.NC": "Neuroscience",
    "q-bio.PE": "Populations and evolution",
    "q-bio.QM": "Quantitative biology",
    "stat.AP": "Applied statistics",
    "stat.CO": "Computational statistics",
    "stat.ME": "Statistical methods",
    "stat.ML": "Machine learning",
    "stat.TH": "Statistics",
}
