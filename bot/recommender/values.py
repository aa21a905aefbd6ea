"""The values that the shortlist is made of: papers, a club's taste, and the ranked papers with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.errors import UserError


@dataclass(frozen=True)
class StreamPaper:
    """One paper as a source announced it, or as the club had it: text and names, not yet judged.

    `key` is the paper's identity in the store (`arxiv:2505.01234`), `published` the aware time of its announcement.
    `signals` are counts from outside by name, as `hf_votes`; a signal that is not known is absent.
    """

    key: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    signals: Mapping[str, float] = field(default_factory=dict)


class Choice(StrEnum):
    """Deeds of a club or a member that make a paper speak for others, the strongest first."""

    PICKED = "picked"
    """Moderators picked it, or an edition had it."""
    READ = "read"
    ADDED = "added"
    """Moderators added it from the new papers."""
    LIKED = "liked"
    """One member voted for it, saved it or submitted it."""
    MORE = "more"
    VOTED = "voted"
    IMPORTED = "imported"
    """One member imported it."""
    LISTED = "listed"
    """It is on the club's list, and nothing else was done with it."""


@dataclass(frozen=True)
class Taste:
    """All that a club, or one member, has said of papers. Nothing of it is required.

    `picked` are papers that moderators chose or added from the shortlist. `voted` gives points by key, for papers that
    are among `picked`, `more`, `less`, `library`, `background` or the candidates. `more` and `less` were pressed
    on a card. `seen` are keys that are not proposed (again). `words` and `negative_words` are plain words of interest
    and disinterest. `library` is an imported collection. `background` are papers of the past stream that nobody chose:
    the learned ranker tells a choice from them, and both read from them how common a word is. `popular` are more past
    papers with votes elsewhere, from which the crowd's taste is learned. `choices` tell of papers by key what was done
    with them, where that is more than the other fields say.
    """

    picked: tuple[StreamPaper, ...] = ()
    voted: Mapping[str, float] = field(default_factory=dict)
    more: tuple[StreamPaper, ...] = ()
    less: tuple[StreamPaper, ...] = ()
    seen: frozenset[str] = frozenset()
    followed_authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    negative_words: tuple[str, ...] = ()
    library: tuple[StreamPaper, ...] = ()
    background: tuple[StreamPaper, ...] = ()
    popular: tuple[StreamPaper, ...] = ()
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """True if candidates can be told apart by it: by anything but past papers that nobody chose."""
        said = self.picked, self.voted, self.more, self.less, self.followed_authors, self.words, self.library
        return any(said)


class ReasonKind(StrEnum):
    """The features that a reason can be made of."""

    AUTHORS = "authors"
    FOLLOWED = "followed"
    SIMILAR = "similar"
    WORDS = "words"
    SIGNAL = "signal"
    TERMS = "terms"
    PRIOR = "prior"


@dataclass(frozen=True)
class RankReason:
    """One ground of a candidate's score, as values: the caller words it.

    AUTHORS: `names` are authors of papers of which `choice` is true. FOLLOWED: `names` are authors that are followed.
    SIMILAR: `key` is the chosen paper that is nearest, `amount` how alike they are (0 to 1). WORDS: `names` are the
    club's own words that the paper has. SIGNAL: `names[0]` is the signal's name, `amount` its count. TERMS: `names` are
    terms that the paper shares with papers of which `choice` is true, where none is alike enough to be named; `amount`
    is the cosine of the nearest, as the ranker sees it. PRIOR: `names` are words that papers with many votes elsewhere
    have often. `share` is the part of the score that it explains, 0 to 1.
    """

    kind: ReasonKind
    names: tuple[str, ...] = ()
    key: str = ""
    amount: float = 0.0
    share: float = 0.0
    choice: Choice = Choice.LISTED


@dataclass(frozen=True)
class RankedPaper:
    """A paper that is proposed, with its score (higher is better, comparable within one list) and its reasons."""

    paper: StreamPaper
    score: float
    reasons: tuple[RankReason, ...] = ()


class ModelUnusable(UserError):
    """Stored weights that cannot be used: of another version, or broken. The plain ranker serves meanwhile."""
