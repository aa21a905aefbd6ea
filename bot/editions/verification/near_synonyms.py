"""Near-synonyms: everyday words and the terms of papers that mean about the same, for telling what a sentence is about.

A reader's "told" is an abstract's "instructed". Used only to decide whether a sentence is about its source, never to
compare what it says: words of a group need not be exact synonyms.
"""

from __future__ import annotations

from bot.editions.text_analysis.words import stem

_GROUPS = """
public release released available open accessible shared
told instructed prompted asked requested directed
appear emerge occur arise happen manifest persist
stay remain keep maintain preserve retain
together joint jointly collaborative collaboration cooperative federated collective shared
risk risky danger vulnerable vulnerability threat unsafe hazard safety harm
hostile adversarial malicious attack attacker byzantine adversary
participants clients users workers peers nodes parties agents members subjects
disagree diverge divergent conflict inconsistent contradict discrepancy differ
strong stronger powerful robust capable
words tokens text vocabulary language
cover survey review overview discuss examine
costly cost expensive cheap cheaper price budget computational overhead inexpensive
fast quick speed rapid efficient efficiency latency realtime throughput accelerate acceleration slow
big large larger huge massive scale
small smaller tiny compact lightweight little reduced
picture pictures image images photo photos visual vision frame frames
speech spoken audio voice sound hear heard
film video clips footage
sick patients clinical medical disease diagnosis health doctors physicians hospital
doctors physicians clinicians experts radiologists pathologists
people human humans users participants persons annotators raters
rare scarce limited few sparse lack scarcity
missing incomplete absent lacking
answer answers response responses reply output question questions query
guess predict prediction forecast forecasting estimate anticipate
explain explanation interpret interpretable interpretability transparent transparency understand rationale
reason reasoning thought thoughts think thinking thinks chain logic
remember memory recall memorize cache store stored
forget forgetting unlearn unlearning
lookup search retrieval retrieve query find finding
rank ranking order ordering priority
test tests tested evaluate evaluation evaluated benchmark assess assessed measure
check checks verify verification verifier validate validation confirm
teach taught teaching train training learn learning instruct tune
teacher student distillation distill
copy copies imitate imitation mimic replicate clone
guide guided guidance steer steering direct control
choose chosen pick picks select selection selected
mix mixture combine combination blend fuse fusion merge integrate
split splits divide decompose decomposition segment partition break
steps stages step stage phase phases stepwise pipeline multistep
rule rules constraint constraints principle principles constitution policy
noise noisy clean irrelevant distractors corrupted
error errors mistake mistakes wrong failure fail incorrect hallucination
mistakes errors failures fault faults
correct right accurate accuracy precise precision
better improve improved improvement gains outperform superior surpass exceed
worse degrade degradation drop decline decrease inferior
equal match matches comparable competitive par rival
best state optimal highest top leading
same identical similar alike equivalent similarity
different differ diverse diversity various varied variety heterogeneous
new unseen novel unfamiliar outofdistribution distribution
hidden latent implicit internal
secret private privacy sensitive confidential personal
leak leakage exfiltration disclose reveal
shield protect defend defense guard safeguard
trust trustworthy reliable reliability confidence
sure certain certainty confident confidence uncertainty uncertain
doubt unclear open unknown uncertain uncertainty
computer computers machine machines hardware gpu cpu device devices compute
phone phones mobile edge device devices
robot robots robotic manipulation grasping embodied
car cars vehicle vehicles driving autonomous traffic
street road roads urban city cities
house home indoor room rooms scene scenes
world environment environments scene simulation
weather climate temperature rain meteorological
heat thermal temperature
energy power electricity load grid consumption
money financial finance market price trading economic
shop shopping commerce products purchase ecommerce
law legal court regulation compliance
school education students teaching learners
news articles media journalism
chat chatbot conversation dialogue dialog assistant
book books documents texts corpora corpus literature
translate translation multilingual crosslingual languages
code software program programs programming repository developers
bug bugs vulnerability defect defects repair
map maps mapping localization navigation location
graph graphs network nodes edges structure relations
tree trees hierarchy hierarchical
shape shapes geometry geometric structure
draw drawing generate generation synthesize synthesis render create produce
make build construct create generate design develop
fill inpaint inpainting complete completion
shorten compress compression prune pruning reduce truncate
long lengthy longer extended length
repeat iterate iterative recursive recurrent loop loops
wait delay latency lookahead lag
realtime live streaming online immediate instant
ahead beforehand advance prior precomputed offline
afterwards posthoc after later subsequent
step gradually incremental progressive
automatic automatically automated autonomous automate
manual hand handcrafted human labor
labels labeled annotation annotations annotated supervision supervised
free without eliminate removes avoid
extra additional more further
part parts component components module modules piece pieces
whole entire full complete global overall
pieces blocks chunks patches segments fragments
local nearby neighboring neighborhood region regional
share proportion fraction percentage ratio
average mean typical
many numerous several multiple various
rise increase grow growth higher raise
shrink reduce reduction decrease lower cut fewer drop
hard difficult challenging challenge complex harder
easy simple easier straightforward
mixed inconsistent variable conflicting
fair fairness bias biased unbiased equity
opinion opinions stance political attitudes preferences
feelings emotion emotions sentiment affective
persuade persuasion persuasive convince convincing plausible
fake synthetic artificial generated deepfake simulated
real actual realistic genuine realworld
proof prove proven theorem theory theoretical guarantee
unique identifiable identifiability uniqueness
bound bounds limit guarantee
speedup faster acceleration accelerate
wave waves frequency spectral signal
particle particles molecule molecules atoms chemical chemistry molecular
drug drugs compound compounds molecules
protein proteins sequence biology biological
brain neural eeg neurons cognitive
gene genes genome genetic genomic
cell cells tissue tumor cancer
blood heart cardiac ecg
scan scans mri imaging tomography radiology
microscope microscopy ptychography imaging
camera cameras sensor sensors sensing
fluid flow flows turbulence turbulent
player players game games strategy equilibrium
reward rewards incentive penalty reinforcement
group groups cluster clusters clustering community
crowd population populations
outlier outliers anomaly anomalies abnormal defects
watch monitor monitoring detect detection observe surveillance
ignore ignores neglect overlook miss filter discard
focus attend attention concentrate
adapt adaptive adaptation adjust flexible tailored personalize
reuse transfer transferable repurpose pretrained
plug plugin modular interchangeable dropin
cooperate coordinate coordination multiagent collaborate
ask query prompt prompts question
trick tricks jailbreak bypass deceive manipulate injection
stop halt early terminate stopping
start begin initial initialize initialization
mean implies imply suggest indicates
drive drives driving cause causes factor factors influence determine
enough sufficient suffice adequate
lesson takeaway conclusion insight insights findings
worth useful effective helpful beneficial valuable
"""

_SENSES: dict[str, frozenset[str]] = {}
for _group in _GROUPS.strip().splitlines():
    _members = frozenset(map(stem, _group.split()))
    for _member in _members:
        _SENSES[_member] = _SENSES.get(_member, frozenset()) | _members


def near_synonym_stems(root: str) -> frozenset[str]:
    """Stems of the words that mean about the same as the word with this stem; with itself."""
    return _SENSES.get(root, frozenset()) | {root}
