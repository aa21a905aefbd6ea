"""Words that pass judgment and words to the reader: what a text about a paper may say only if the paper says it."""

from __future__ import annotations

import re

from bot.editions.text_analysis.words import STOP_WORDS, word_set

JUDGING = re.compile(
    r"""\b(?:
      (?:best|greatest|finest|worst|strongest|weakest|first|other)\s+(?:paper|work|article|study|research|team)s?
    | (?:paper|work|result|study|discovery)\s+of\s+the\s+(?:week|month|year|decade|century)
    | of\s+the\s+(?:decade|century) | most\s+(?:important|influential|exciting|interesting|significant|impressive)
    | change[sd]?\s+the\s+(?:world|field) | ever\s+(?:written|published|made) | as\s+good\s+as\s+it\s+gets
    | best | greatest | finest | worst | brilliant\w* | excellent\w* | outstanding\w* | masterpiece\w* | genius\w*
    | groundbreaking | ground-breaking | revolution\w* | breakthrough\w* | game-?chang\w* | landmark | seminal | sublime
    | magnificent\w* | marvell?ous\w* | wonderful\w* | fantastic\w* | amazing\w* | incredibl\w* | astonishing\w*
    | stunning\w* | superb\w* | perfect\w* | flawless\w* | unparalleled | unrivall?ed | unmatched | unbeatable
    | gold\s+standard
    | must-?read\w* | must\s+read | awards? | award-winning | prizes? | nobel | applau\w* | congratulat\w* | praise\w*
    | celebrated | acclaimed | legendary | heroic\w* | admirabl\w* | exceptional\w* | extraordinar\w* | world-class
    | historic | everybody | everyone | endorse\w* | trustworthy | beautiful\w* | elegant\w* | delightful\w* | lovely
    | awesome | terrific | splendid | phenomenal\w* | epic | favou?rite | recommend\w* | five\s+stars?
    | retract\w* | fabricat\w* | fraud\w* | fak(?:e|ed|ing|es) | plagiari\w* | falsif\w* | falsehood\w* | forg(?:ed|ery)
    | misconduct | scandal\w* | scam\w* | hoax\w* | lie[sd]? | lying | liars? | cheat\w* | stole\w* | steal\w* | theft
    | unethical\w* | illegal\w* | criminal\w* | crimes? | corrupt | bribe\w* | dishonest\w* | deceptive\w*
    | misleading\w* | bogus | nonsens\w* | garbage | rubbish | junk | worthless | useless\w* | pointless | terribl\w*
    | horribl\w* | awful\w* | pathetic | stupid\w* | idiot\w* | incompetent\w* | sloppy | shoddy
    | disgrace\w* | shame\w*
    | wrong\w* | false | untrue | invalid\w* | incorrect\w* | erroneous\w* | flawed | debunk\w* | disprov\w* | refut\w*
    | discredit\w* | withdrawn | withdrew | unreproducibl\w* | irreproducibl\w* | unreliab\w* | untrustworthy
    | manipulat\w* | cherry-?pick\w* | rigged | tamper\w* | dangerous\w* | harmful\w* | toxic | malicious\w* | poison\w*
    | malware | backdoor\w* | virus\w* | broken | hopeless\w* | disappoint\w* | mediocre | overhyped | overrated
    | underwhelming | trivial\w* | ignore[sd]? | fired | sued | arrested | banned | accused | convicted | investigat\w*
    | copied | copying | opposite | fails | failed | inferior | lied | sabotag\w* | sham | pseudoscien\w* | mislead\w*
    | jail\w* | prison\w* | guilty | blame\w* | laughable | ridiculous\w* | embarrass\w* | careless\w* | invented
    | censor\w* | conceal\w* | conspir\w* | secretly | racist\w* | sexist\w* | nazi\w* | terroris\w* | obsolete | hidden
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words of praise and of blame. A paper may be about fraud or breakthroughs: then its text has the word."""

TO_THE_READER = re.compile(
    r"""\b(?:
      you\s+(?:may|might|should|must|can|could|will|would|need|have) | buy | buys | buying | bought | purchas\w*
    | do\s+(?:consider|visit|read|go|share|try|have|look|send|write|tell|ask|vote|support|cite|join|follow)
    | why\s+not | let\s+us\s+know | grateful | invited | thank\w* | would\s+be\s+(?:kind|nice|great|good|lovely)
    | please | kindly | you | your | yours | click\w* | subscrib\w* | vote[sd]? | voting | upvot\w* | donat\w*
    | whatsapp
    | telegram | bitcoin | crypto\w* | newsletter\w* | digest | password\w* | api\s+keys? | discount\w* | coupon\w*
    | moderators? | admins? | members | readers\s+(?:should|must|are) | feel\s+free | be\s+sure | don['’]t
    | (?:should|must)\s+(?:read|cite|visit|share|join|follow|buy) | worth\s+(?:reading|visiting|sharing)
    )\b
    | \A\W*(?:visit|go|send|follow|read|check|join|buy|contact|ask|email|e-mail|message|write|download|share|support
      |sign|tell|come|call|try|get|open|look|pay|invest|cite|rank|rate|consider|remember|note|see|have\s+a|thank)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words that speak to the reader or about the club, and deeds that a sentence begins with: papers report."""

OF_THE_SUBJECT = word_set(
    """best perfect perfectly hidden broken invalid fails failed failing wrong wrongly false incorrect incorrectly
    erroneous flawed harmful toxic malicious poison poisoned poisoning dangerous misleading unreliable
    unreliability unreliably untrustworthy trustworthy trivial trivially investigates investigated investigate
    investigating manipulate manipulates manipulated manipulation manipulating recommend recommends recommended
    recommender vote voted votes voting ignore ignored ignores lie lies lying copied copying opposite inferior
    exceptional exceptionally excellent breakthrough breakthroughs nonsensical useless secretly virus viruses
    malware backdoor backdoors deceptive deceptively cheating unmatched outstanding conceal concealed conceals
    censored censor untrue worst beautiful elegant elegantly discount discounted members newsletter newsletters
    fake illegal criminal crime crimes unethical corrupt steal stealing tamper tampering tampered historic don't
    don’t invented favorite favourite disappointing brilliant"""
)
"""Words of both kinds that papers use of what they study, too: "hidden states", "scores lie between", "voting"."""
_OF_STUDIES = frozenset(("investigates", "investigate", "investigating"))
"""Words that reports of studies have, and accusations have in the passive voice alone."""
_COMMANDS = frozenset(("vote", "ignore", "recommend", "steal", "conceal", "lie", "manipulate", "don't", "don’t"))
_PLACED = frozenset(("lie", "lies"))
_AT_PLACES = frozenset(("in", "on", "at", "within", "between", "near", "along", "close", "below", "above", "outside"))
_THINGS = word_set(
    """voting votes vote virus viruses members manipulation poisoning breakthrough breakthroughs backdoor backdoors
    malware crime crimes cheating tampering"""
)
"""Nouns among the words of both kinds."""
_DOERS = word_set(
    """paper work study article author authors researcher researchers result results finding findings claim claims
    conclusion conclusions experiment experiments evaluation number numbers table tables figure figures code
    method approach technique model system framework algorithm data reviewer reviewers it they he she everyone
    nobody"""
)
"""Words for the work and its people, as the subject of a judgment."""
_JUDGED = word_set(
    """paper papers work article articles author authors researcher researchers study studies result results finding
    findings claim claims conclusion conclusions experiment experiments evaluation method methods approach team
    science research numbers data code"""
)
"""The same behind a judging word: "false claims"."""
_BEFORE = 5
"""Words before a judgment, in its clause, among which its subject is looked for."""
_CLAUSE = re.compile(r"[,;:.()—–]|\b(?:while|whereas|but|which|that|who|when|if|where)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_NO_NOUN = STOP_WORDS | frozenset(("today", "now", "again", "here", "always", "never"))


def is_about_the_work(sentence: str, start: int, end: int) -> bool:
    """True if the judging word at this place speaks of the paper, its people or something named; False if it only
    describes what is studied, as in "hidden states" and "most scores lie between 3 and 5".
    """
    word = sentence[start:end].lower().strip()
    if word not in OF_THE_SUBJECT:
        return True
    if word in _OF_STUDIES:
        return False
    before = _WORD.findall(_CLAUSE.split(sentence[max(0, start - 200) : start])[-1])[-_BEFORE:]
    after = [found.lower() for found in _WORD.findall(_CLAUSE.split(sentence[end : end + 60])[0])]
    if after and after[0] in _JUDGED:
        return True
    if not before and word in _COMMANDS:
        return True
    if after and after[0] not in _NO_NOUN and len(after[0]) > 1:
        return False  # it describes the next word
    if word in _PLACED:
        return not (after and after[0] in _AT_PLACES)
    named = any(found.lower() in _DOERS or not found[1:].islower() for found in before if len(found) > 1)
    return word not in _THINGS or named
