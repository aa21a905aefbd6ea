"""Words of sentences that keep the wording of a paper: which may go, come or change, and which may not."""

from __future__ import annotations

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.relation_verbs import FORMS

DETERMINERS = word_set("a an the this these that those such its their his her our your")
"""Words before a noun that may come, go and change."""
BE = word_set("is are was were be been being has have had")
AUXILIARIES = BE | word_set("do does did")
FILLERS = word_set(
    """also then further furthermore moreover additionally thus hence therefore thereby here however indeed finally
    overall together now respectively namely specifically notably importantly consequently interestingly both"""
)
"""Words that may be left out anywhere."""
CONNECTIVES = word_set("also further here however finally overall moreover furthermore additionally now which that")
"""Words that a sentence may gain: they join what is said, and claim no cause."""
NEGATIONS = word_set(
    """not no never nor cannot none neither nothing nobody hardly barely scarcely without fail fails failed failing
    unable lack lacks lacking n't impossible insufficient rarely seldom except unless absent zero instead rather
    unlike"""
)
"""Words that deny something: what stands beside them stays beside them."""
ATTITUDES = word_set(
    """hypothesize hypothesise hypothesis conjecture believe suspect assume assumes assumed assuming suppose claim
    claims claimed argue argues aim aims aimed seek seeks try tries attempt attempts intend intends hope hopes expect
    expects expected want wish plan plans promise promises supposed thought believed said alleged allegedly whether
    unclear unknown unlikely likely doubt deny denies refute refutes reject rejects false myth wrong incorrect
    misconception debate speculate imagine pretend if would should could might may must can will supposedly
    potentially possibly perhaps presumably apparently seemingly seem seems seemed appear appears appeared tend tends
    potential possible hypothetical ideally suggest suggests suggested suggesting avoid avoids avoiding
    prevent prevents preventing stop stops refuse refuses"""
)
"""Words that tell how sure a claim is, or whose it is: what hangs on them is not said without them."""
GOVERNING = NEGATIONS | ATTITUDES
QUANTITIES = word_set(
    """most many some few several all every each only any half nearly almost about approximately roughly around up least
    best worst more less fewer majority minority mostly mainly partly partially largely always often sometimes usually
    typically occasionally generally one two three four five first second last single per average mean median maximum
    minimum top none either solely exclusively merely just alone over under above below"""
)
"""Words that say of how much a claim holds."""
DISTINCTIONS = word_set(
    """existing prior previous previously earlier current currently baseline baselines conventional traditional standard
    other others another different same competing recent recently vanilla naive original human humans teacher student
    former latter false simulated synthetic artificial small smaller large larger weak weaker strong stronger high
    higher low lower untrained trained pretrained linear nonlinear partial initial preliminary specific certain
    particular random randomized incorrect wrong poor limited adversarial malicious clean noisy private public wild
    offline online local global internal external positive negative classical commercial proprietary closed open frozen
    optional binary"""
)
"""Modifiers that tell one thing from another: they are not left out."""
CONDITIONS = word_set("if unless only provided assuming suppose supposing except until whether")
PREPOSITIONS = word_set(
    """of in on for with by from to at into onto over under through via using within across between among as than
    against about up during toward towards without upon above below per after before beyond despite like unlike
    including compared"""
)
CONJUNCTIONS = word_set("and or but while whereas because since so when where which who whose although though yet that")
FACTIVE = word_set(
    """show shows showed shown demonstrate demonstrates demonstrated find finds found observe observes observed prove
    proves proved reveal reveals revealed confirm confirms confirmed report reports reported establish establishes
    verify verifies note notes discover discovers see indicate indicates highlight highlights validate validates"""
)
"""Verbs of which what follows is as true as the whole."""
MAKING = word_set(
    """propose proposes present presents introduce introduces develop develops describe describes design designs release
    releases build builds create creates construct constructs offer offers study studies"""
)
SELF = word_set("we authors paper work study article i us")
"""Words for the authors and the paper."""
OWN_RESULTS = SELF | word_set("results experiments experimental extensive comprehensive our empirical evaluations")
"""First words of a report of the paper's own results."""
EVALUATIVE = word_set(
    """novel new simple efficient effective extensive comprehensive robust powerful key main core broad wide rich modern
    promising popular common important major significant substantial superior proposed scalable flexible lightweight
    various diverse challenging complex careful quality unified principled innovative impressive remarkable pressing
    crucial notable elegant versatile mature vibrant intuitive dedicated rigorous thorough systematic straightforward"""
)
"""Modifiers that praise, or say little: they may be left out."""

_SYNONYMS = """
propose introduce present develop
show demonstrate find reveal observe report
use employ leverage utilize apply adopt
reach achieve attain obtain
outperform surpass exceed beat
evaluate test assess
enable allow let
need require
cut reduce lower decrease
raise increase boost
big large
approach method technique
dataset corpus
via through using with
in on at across for
build construct create
however but yet
while whereas
often frequently
improve enhance
examine investigate study analyze
crucial critical essential
quick fast
"""
SYNONYMS = {word: number for number, line in enumerate(_SYNONYMS.strip().splitlines()) for word in line.split()}
"""Group of each word that may stand for the others of its group."""

_MORE_VERBS = """
outperform surpass exceed achieve attain obtain reach increase decrease allow require need use employ leverage show
demonstrate find reveal observe report prove propose present develop maintain remain become yield offer deliver gain
lead result perform work run solve address tackle overcome mitigate support help make give take lower raise boost cut
eliminate alleviate facilitate exhibit suffer comprise consist involve cover span focus depend vary differ converge
scale generalize extend apply operate understand explore investigate study analyze examine compare consider treat view
formulate establish derive bridge unify serve act play hold keep retain lose save cost beat fall rise grow shrink
accelerate introduce build construct
"""
_IRREGULAR = "led made found shown given took held kept lost grew ran won became fell rose understood built"


def _forms(verb: str) -> set[str]:
    stem = verb.removesuffix("e")
    forms = {verb, f"{verb}s", f"{verb}es", f"{stem}ed", f"{stem}ing"}
    return forms | {f"{verb[:-1]}ies", f"{verb[:-1]}ied"} if verb.endswith("y") else forms


VERBS = frozenset(FORMS).union(word_set(_IRREGULAR), *(_forms(verb) for verb in _MORE_VERBS.split()))
"""Forms of the verbs that papers use for what is done, so that clauses can be told without a tagger."""
