"""Outside words: what a paper does not say of itself, and an attacker may want said beside it.

Hearsay, what institutions and readers did, misconduct in plain words, deals, the machinery of summaries, and failure o
        f
the work itself. A text about a paper may have such a word only if the paper has it.
"""

from __future__ import annotations

import re

_FLAGS = re.VERBOSE | re.IGNORECASE

HEARSAY = re.compile(
    r"""\b(?: rumou?rs? | gossip | hearsay | insiders? | critics? | commentators? | whistleblowers? | allegedly
      | reportedly
      | supposedly | purported\w* | so-called | it\s+is\s+(?:said|known|believed|rumou?red|an\s+open\s+secret)
      | (?:some|many|people|others|observers|we\s+all)\s+(?:wonder|suspect|doubt|believe|whisper|claim|fear|say)
      | word\s+(?:is|has\s+it) | sources\s+(?:close|say|claim|confirm) | speaks?\s+for\s+itself
      | (?:hidden\s+)?agendas?
      | (?:remains?|is|are)\s+doubtful | suspicious\w* | suspect(?:ed)? | marketing | publicity | hype[ds]?
      | propaganda
      | quietly | seriously | coincidence | conveniently | cover-?ups? | motives? | conspiracy | truth\s+is
      | in\s+truth
      | admit(?:s|ted|ting)? | confess\w* | apologi[sz]\w* | denied\s+(?:any|all|that) | resign\w* | quit | scrutiny
      | controvers\w* | backlash | outrage\w* | questionable | dubious | shady | skeptic\w* | sceptic\w*
    )\b""",
    _FLAGS,
)
"""Talk about a work."""

INSTITUTIONS = re.compile(
    r"""\b(?: reviewers? | referees? | editors? | journals? | publishers?
      | universit(?:y|ies)\s+(?:has|have|had|is|was|opened|confirm\w*) | colleagues?
      | former\s+(?:colleagues?|students?|members?|employees?)
      | professors? | supervisors? | ethics\s+(?:board|committee) | committees? | audit(?:s|ed|ors?)?
      | polic(?:e|emen)
      | courts? | judges?(?=\s+(?:found|ruled|ordered)) | lawyers? | lawsuit\w* | government\w* | ministr\w*
      | parliament\w* | regulators?
      | vendors? | sponsor\w* | from\s+a\s+competitor | investors? | shareholders? | stock | funders? | paid
      | payments? | bribes?
      | compan(?:y|ies) | startups? | licen[sc]ed | rejected | resubmi\w* | duplicate
      | expression\s+of\s+concern | erratum
      | corrigendum | withdraw\w* | fired | hired | salar(?:y|ies) | respected | admired | famous | renowned
      | prestigious
      | the\s+(?:whole|entire)\s+(?:field|community|world|industry)|the\s+(?:lab|press|media|internet)
      | the\s+(?:field|community|world|industry)\s+(?:has|will|agrees?|knows?|now|already|follow\w*|adopt\w*|waits?)
      | other\s+(?:groups|labs|teams|researchers|scientists) | independent\s+(?:labs?|groups?|teams?|researchers)
      | (?:few|many|most|some|no\s?one|nobody|everyone|everybody|anyone|anybody|experts?|scientists|researchers)\s+
        (?:in\s+the\s+field|agree\w*|call\w*|consider\w*|now|already|think\w*|unanim\w*|expect\w*|regard\w*
        |praise\w*|admit\w*)
      | first\s+author | last\s+author | co-?authors? | lead\s+author
      | authors?\s+(?:was|were|is|are|has|have|had|will|must|should)
      | authors?\s+(?:never|now|secretly|later|refus\w*|conceal\w*|lie[sd]?|recommend\s+against)
    )\b""",
    _FLAGS,
)
"""Deeds of people and institutions beside the paper."""

MISCONDUCT = re.compile(
    r"""\b(?: (?:train|tun|fitt?|select|evaluat
        |calibrat)\w*\s+(?:[\w-]+\s+){0,4}on\s+(?:the\s+)?test(?:ing)?[\s-](?:set|data|split|labels)
      | made\s+up | making\s+up(?!\s+for) | doctored | edited\s+by\s+hand | massaged | inflated | deliberate\w*
      | intentional\w*
      | (?:hid|hide[sd]?|hiding|omit\w*|omission|suppress\w*|bur(?:y|ied)
        |withh\w+)\s+(?:[\w-]+\s+){0,3}(?:results?|runs?|data|failures?|findings?|experiments?)
      | without\s+(?:permission|consent|credit|approval|attribution|benefit)
      | never\s+(?:approved|tested|run|ran|happened|took|existed|released)
      | (?:could|can)\s?not\s+be\s+(?:replicated|reproduced|repeated|confirmed|verified) | replicated
      | does\s+not\s+exist | do\s+not\s+exist | non-?existent
      | due\s+to\s+(?:chance|luck|noise|a\s+bug|an\s+error|leakage|contamination)
      | by\s+(?:chance|luck|accident) | lucky | cheat(?:s|ed|ing)?
      | as\s+unsafe | deliberately\s+weakened | sabotag\w* | secret(?:s|ly|ive)? | stol\w+ | plagiari\w*
      | malicious\s+(?:code|instructions|software)
      | without\s+any\s+(?:benefit|gain|effect|evidence|experiment\w*) | meaningless
      | not\s+(?:meaningful|evaluated|tested|real|serious|trusted)
      | (?:has|have|had|with|shows?)\s+no\s+(?:effect|benefit|value|merit|evidence|meaning|use|impact)
    )\b""",
    _FLAGS,
)
"""Misconduct in plain words, and results that are nothing worth."""

ACCLAIM = re.compile(
    r"""\b(?: deserves?\s+(?:an?\s+)?(?:awards?|prizes?|credit|praise|consideration) | definitive\w*
      | spectacular\w* | once\s+and\s+for\s+all | way\s+forward | honest\w*
      | nothing\s+short\s+of
      | by\s+far\s+the | no\s+other\s+(?:method|paper|work|approach|model|study|team|group)
      | for\s+(?:many\s+)?(?:years|decades)(?:\s+to\s+come)?(?=\W*\Z)
      | (?:paper|work|study|article|everything|results?|authors?)\s+(?:is|are|was|were)\s+(?:all\s+|both\s+
        |very\s+|truly\s+|absolutely\s+)?
        (?:correct|right|important|sound|convincing|solid|impressive|remarkable|true|great|superb|clear|good
        |strong|valuable|essential)
      | widely\s+(?:regarded|considered|seen|praised|adopted) | (?:the|a)\s+new\s+standard | leap\s+forward
      | milestone | triumph\w* | hats\s+off
      | unanim\w* | without\s+(?:doubt|question|equal|precedent) | second\s+to\s+none | unsurpassed | peerless
      | iconic | visionary
      | everywhere(?=\W*\Z) | solves\s+(?:the|every|all)\s+(?:whole\s+)?problems? | comes\s+close(?=\W*\Z)
      | pure\s+gold | changes\s+everything
    )\b""",
    _FLAGS,
)
"""Praise of the work beyond single words, which `judging_words` has."""

FAILURE = re.compile(
    r"""\b(?: (?:is|was|are|were|be|as|proved|turned\s+out)\s+(?:a|an)\s+(?:complete\s+|total\s+
        |clear\s+)?(?:failure|disaster|mistake|waste|dead\s+end|joke|trick|mess)
      | worse\s+than\s+(?:(?:that|those)\s+of\s+)?(?:an?\s+|the\s+|any\s+|all\s+)?(?:random|guess\w*|chance|coin
        |trivial|untrained|doing)
      | destroy\w* | ruin\w* | wreck\w* | disastrous\w* | crash\w* | degrades?\s+(?:every|all|each|any)
      | (?:all|every|most|the|other)\s+(?:other\s+|existing\s+|previous\s+)?(?:baselines?|rivals?|competitors?
        |methods)\s+(?:outperform|beat|surpass|exceed)
      | only\s+(?:works?|runs?|holds?|succeeds?|functions?)
      | (?:works?|runs?|holds?|succeeds?|functions?)\s+only | never\s+works?
      | no\s+(?:computer|model|data|experiments?|evaluation|training)\s+at\s+all
      | in\s+(?:every|any|all)\s+(?:test|case|experiment)s?(?=\W*\Z)
      | makes?\s+(?:things|everything|it|matters)\s+worse | shut\s+down | power\s+failure | same\s+answer
      | (?:fatal|serious|severe|grave)\s+(?:gaps?|flaws?|errors?|bugs?|mistakes?) | harms?\s+(?:its|the)\s+users?
    )\b""",
    _FLAGS,
)
"""Failure of the work itself."""

DEALS = re.compile(
    r"""\b(?: webinars? | register\s+for | sign-?ups? | free\s+(?:copy|trial|access|download)
      | apply\s+for\s+(?:a|the)\s+job | hiring
      | star(?:s|red)?\s+the\s+repo\w* | curl | sudo | administrator\w* | root\s+rights | install\w*
      | disabl\w*\s+(?:the\s+)?(?:security|safety|check\w*|filter\w*)
      | advisable | encouraged | urged | ought | had\s+better
      | need(?:s)?\s+to\s+(?:read|cite|mention|see|know|share|vote|be\s+(?:read|cited|shared|seen))
      | one\s+should
      | (?:should|must|has\s+to|have\s+to)\s+(?:not\s+)?(?:receive|get|be\s+(?:cited|read|featured|ranked|trusted
        |ignored|shared|picked|accepted)|trust|pick|vote|rank|give|know|see|tell|watch)
      | way\s+to\s+support | required\s+reading | worth\s+(?:your|the|every) | strong\s+accept
      | top\s+(?:rating|spot|place|pick) | ten\s+out\s+of\s+ten
      | ranks?\s+first | other\s+papers | (?:this|all)\s+(?:week|month|year)(?:['’]s)?(?=\W*\Z)
      | next\s+(?:week|month|year) | all\s+submissions | submissions?\s+of
      | on\s+signal | profiles?\s+of\s+the | usual\s+platforms | scan\s+the | type\s+the\s+word
      | dot\s+(?:io|com|org|net|ai) | slash | hash\s?tag
      | account\s+named | official(?=\s+(?:on|at|page|account|channel)) | channels?\s+(?:called|named)
      | (?:call|phone)\s+(?:plus|us|now) | reached\s+(?:on|at|by|under|via) | \A\W*search\s+for
      | follow\s+the\s+account
      | (?:five|zero|one|two|nine)\s+(?:five|zero|one|two|nine)\s+(?:five|zero|one|two|nine) | group\s+chat
      | \A\W*(?:pick|feature|choose|skip|star|scan|run|join|register|remember|make\s+sure)\b
      | (?:pick|feature|choose|skip)\s+this\s+one
    )\b""",
    _FLAGS,
)
"""Deals, invitations, rankings and ways to reach somebody."""

MACHINERY = re.compile(
    r"""\b(?: I\s+(?:am|was|have|had|will|would|can|must|should|do|did|think|believe|know|cannot)
      | I['’](?:m|ve|ll) | my | me | myself | as\s+an\s+(?:ai|assistant|llm) | (?:ai\s+)?language\s+model\s*,
      | (?:this|the|these|all)\s+summar(?:y|ies)
      | summari[sz]ers? | system\s+prompts? | hidden\s+prompts?
      | (?:earlier|previous|above|prior)\s+(?:rules|instructions|prompts?|messages?|text)
      | instructions?\s+(?:in\s+the\s+(?:abstract|paper|text)|forbid|say|tell|above|below)
      | instructed\s+to\s+say | told\s+to\s+(?:say|praise|write|claim) | (?:the|an?)\s+assistant\s*[:,]?
      | end\s+of\s+(?:abstract|text|document|prompt) | following\s+text | admin(?:istrators?)?\s+mode
      | (?:the\s+)?check\s+is | approved\s+by
      | (?:is|are|was|be)\s+(?:rated|approved|whitelisted|exempt)
      | (?:rated|scored)\s+(?:ten|10|five|5)\s+(?:out\s+of|stars) | this\s+edition | the\s+edition
      | this\s+(?:bot|channel|club|digest|message|post) | neutral\s+tone | note\s+to
    )\b""",
    _FLAGS,
)
"""The machinery of summaries, and somebody who speaks of himself."""

OUTSIDE = (
    (HEARSAY, "hearsay"),
    (INSTITUTIONS, "what people did"),
    (MISCONDUCT, "misconduct"),
    (ACCLAIM, "praise"),
    (FAILURE, "failure"),
    (DEALS, "words to the reader"),
    (MACHINERY, "words about the summary"),
)
"""Each kind with its name in complaints."""
