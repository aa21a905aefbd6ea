"""Words that turn a sentence: negations, and pairs of comparatives and verbs with opposite meanings."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEGATIONS = _words(
    """not no never nor cannot none neither hardly barely without fail fails failed failing unable lack lacks lacking
    n't impossible insufficient avoid avoids avoided avoiding"""
)
AFFIRMATIONS = _words("only just merely")
"""Words after "not" that take the negation back: "not only"."""

_DIMENSIONS: dict[str, tuple[str, str]] = {
    "amount": (
        """more higher greater larger bigger increase increases increased increasing raise raises raised raising rise
        rises rising grow grows growing grew highest most largest greatest amplify amplifies amplified
        maximize maximizes maximizing longer above up over climb climbs climbed soar soars soared""",
        """less lower fewer smaller decrease decreases decreased decreasing reduce reduces reduced reducing drop drops
        dropped dropping shrink shrinks shrinking lowest least smallest diminish diminishes diminished cut cuts cutting
        lowering lowers lowered minimize minimizes minimizing mitigate mitigates mitigating shorter below under decline
        declines declined reduction reductions fall falls fell falling sink sinks sank shrank""",
    ),
    "quality": (
        """better improve improves improved improving improvement improvements outperform outperforms outperformed
        outperforming surpass surpasses surpassed surpassing exceed exceeds exceeded exceeding beat beats beating
        superior best enhance enhances enhanced enhancing boost boosts boosted boosting strengthen strengthens
        succeeds succeed excels excel help helps helped helping""",
        """worse worsen worsens worsened worsening degrade degrades degraded degrading degradation underperform
        underperforms underperformed underperforming trail trails trailing lag lags lagging inferior worst harm harms
        harmed harming hurt hurts hurting impair impairs impaired impairing weaken weakens deteriorate deteriorates""",
    ),
    "addition": (
        "add adds added adding insert inserts inserted",
        "remove removes removed removing delete deletes deleted discard discards discarded strip strips",
    ),
    "loss": ("gain gains gained win wins won", "lose loses losing loss losses"),
    "size": ("large big huge", "small tiny little"),
    "speed": (
        "faster quicker accelerate accelerates accelerated accelerating speedup fastest quickly fast rapid rapidly",
        "slower slow slows slowed slowing slowdown slowest slowly",
    ),
    "force": ("stronger strong strongly strongest robust", "weaker weak weakly weakest fragile brittle"),
    "ease": ("easier easy easily easiest simple simpler", "harder hard hardest difficult complex"),
    "price": ("cheap cheaper cheapest inexpensive", "expensive costly costlier costliest"),
    "likeness": ("similar same identical", "different dissimilar distinct"),
    "sign": ("positive positively", "negative negatively"),
    "reach": ("enable enables enabled enabling allow allows", "prevent prevents prevented preventing hinder hinders"),
    "presence": ("with including includes include", "excluding excludes exclude"),
    "frequency": ("always often frequently", "rarely seldom"),
    "order": ("first", "second third last"),
    "age": ("older oldest", "younger youngest"),
    "supply": ("plentiful abundant ample plenty", "scarce scarcity sparse"),
    "time": ("already", "will soon upcoming"),
    "trust": ("reliable reliably accurate accurately", "unreliable unreliably inaccurate inaccurately"),
}  # fmt: skip

DIRECTIONS: dict[str, tuple[str, int]] = {
    word: (dimension, sign)
    for dimension, sides in _DIMENSIONS.items()
    for sign, listed in zip((1, -1), sides, strict=True)
    for word in listed.split()
}
"""Dimension and sign of each word."""

COMPARING = frozenset(
    word for word, (dimension, _) in DIRECTIONS.items() if dimension in ("quality", "amount", "speed")
) | {"than"}
"""Words between two names that say which one is ahead."""
