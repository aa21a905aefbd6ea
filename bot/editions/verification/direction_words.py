"""Words that turn a sentence: negations, and pairs of comparatives and verbs with opposite meanings."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEGATIONS = _words(
    """not no never nor cannot none neither hardly barely without fail fails failed failing unable lack lacks lacking
    n't impossible insufficient avoid avoids avoided avoiding abstain abstains abstained abstaining refrain refrains
    refraining refuse refuses refused refusing"""
)
LIGHT_WORDS = _words(
    """make makes made making give gives given giving get gets let lets lead leads leading go goes come comes keep keeps
    already still yet also even ever again now then soon actually indeed really quite rather instead likely able
    show shows shown showing find finds found achieve achieves achieved achieving attain attains obtain obtains obtained
    reach reaches reached deliver delivers delivering yield yields score scores perform performs turn turns become
    becomes remain remains seem seems there itself themselves new novel"""
)
"""Verbs and adverbs that any sentence may have: they do not show that two sentences are about the same."""
AFFIRMATIONS = _words("only just merely")
"""Words after "not" that take the negation back: "not only"."""

_DIMENSIONS: dict[str, tuple[str, str]] = {
    "amount": (
        """more higher greater larger bigger increase increases increased increasing raise raises raised raising rise
        rises rising grow grows growing grew highest most largest greatest amplify amplifies amplified gain gains
        maximize maximizes maximizing longer climb climbs climbed soar soars soared multiply multiplies expand expands
        +""",
        """less lower fewer smaller decrease decreases decreased decreasing reduce reduces reduced reducing drop drops
        dropped dropping shrink shrinks shrinking lowest least smallest diminish diminishes diminished cut cuts cutting
        lowering lowers lowered minimize minimizes minimizing mitigate mitigates mitigating shorter decline declines
        declined reduction reductions fall falls fell falling sink sinks sank shrank curb curbs curbing ease eases save
        saves saved saving narrow narrows narrowed narrowing""",
    ),
    "quality": (
        """better improve improves improved improving improvement improvements outperform outperforms outperformed
        outperforming surpass surpasses surpassed surpassing exceed exceeds exceeded exceeding beat beats beating
        superior best enhance enhances enhanced enhancing boost boosts boosted boosting strengthen strengthens
        succeeds succeed excels excel""",
        """worse worsen worsens worsened worsening degrade degrades degraded degrading degradation underperform
        underperforms underperformed underperforming trail trails trailing lag lags lagging inferior worst harm harms
        harmed harming hurt hurts hurting impair impairs impaired impairing weaken weakens deteriorate deteriorates""",
    ),
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
    "level": (
        "high higher raise raises raising increase increases increasing",
        "low lower lowers lowering reduce reduces reducing cut cuts cutting",
    ),
    "bound": ("over above exceeding", "under below"),
    "keeping": (
        """preserve preserves preserved preserving maintain maintains maintained maintaining retain retains retained
        retaining""",
        """discard discards discarded discarding lose loses lost losing erode erodes eroded eroding forget forgets
        sacrifice sacrifices sacrificed sacrificing compromise compromises compromising""",
    ),
    "remedy": (
        """overcome overcomes overcame overcoming resolve resolves resolved resolving address addresses addressed
        addressing solve solves solved solving eliminate eliminates eliminated eliminating alleviate alleviates
        alleviating mitigate mitigates mitigated mitigating prevent prevents prevented preventing tackle tackles
        remedy remedies suppress suppresses""",
        """introduce introduces introducing cause causes caused causing create creates exacerbate exacerbates
        exacerbating incur incurs incurring suffer suffers suffering trigger triggers induce induces inducing""",
    ),
    "addition": (
        "add adds added adding insert inserts inserted",
        "remove removes removed removing delete deletes deleted strip strips",
    ),
    "size": ("large big huge", "small tiny little"),
    "age": ("older oldest", "younger youngest"),
    "time": ("already", "will soon upcoming"),
    "supply": ("abundant plentiful ample abundance common", "scarce rare scarcity uncommon"),
    "presence of effects": (
        "emerge emerges emerged arise arises persist persists appear appears",
        "vanish vanishes vanished disappear disappears disappeared",
    ),
    "benefit": ("beneficial helpful", "detrimental harmful"),
    "reward": ("reward rewards rewarded rewarding encourage encourages", "penalize penalizes penalizing discourage"),
    "strength": ("strengthen strengthens strengthened", "erode erodes eroded undermine undermines weaken weakens"),
    "skill": ("excel excels excelled succeed succeeds", "struggle struggles struggled struggling"),
    "trust": ("reliable reliably accurate accurately", "unreliable unreliably inaccurate inaccurately"),
}  # fmt: skip

DIRECTIONS: dict[str, tuple[tuple[str, int], ...]] = {}
"""Dimensions and signs of each word."""
for _dimension, _sides in _DIMENSIONS.items():
    for _sign, _listed in zip((1, -1), _sides, strict=True):
        for _word in _listed.split():
            DIRECTIONS[_word] = (*DIRECTIONS.get(_word, ()), (_dimension, _sign))

COMPARATIVES = frozenset(
    word for word in DIRECTIONS if word.endswith("er") and word not in ("over", "under", "suffer", "trigger")
) | _words("more less better worse")
WITH_OBJECT = frozenset(("remedy", "keeping", "level"))
"""Dimensions whose words are compared only if the same word follows them: what is overcome, what is kept."""

COMPARING = frozenset(
    word
    for word, found in DIRECTIONS.items()
    if any(dimension in ("quality", "amount", "speed") for dimension, _ in found)
) | {"than"}
"""Words between two names that say which one is ahead."""
