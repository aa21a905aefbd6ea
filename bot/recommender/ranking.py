"""Entry point of the recommender: ranks new papers by the learned ranker, or by the plain one if it is not usable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from bot.locale.current import mark_text
from bot.recommender.plain import rank_plainly
from bot.recommender.values import ModelUnusable, RankedPaper, StreamPaper, Taste

if LEARNS := find_spec("sklearn") is not None:
    from bot.recommender.learned.ranker import rank_by_weights, train
    from bot.recommender.learned.weights import WEIGHTS_VERSION, Weights, load, save, trained_at

PLAIN = "plain"
TRAINED_FOR = timedelta(hours=20)
"""Age from which stored weights are trained again."""
NOT_INSTALLED = mark_text(
    "The simple ranking chose these papers. For a ranking that learns more from what the club picks, install "
    "journalclub[shortlist]."
)
TOO_LITTLE = mark_text(
    "The simple ranking chose these papers: there are too few picks, votes or past papers yet to learn from."
)
NOTHING_KNOWN = mark_text(
    "Nothing is known yet about what the club likes, so papers with votes on other sites come first, then those that "
    "resemble such papers, then the newest. "
    "Pick papers, or set words of interest with `/clubadmin settings interests`."
)


@dataclass(frozen=True)
class Ranking:
    """Ranked papers, the name and version of the ranker, and a sentence for moderators if it could not learn."""

    papers: tuple[RankedPaper, ...]
    ranker: str
    notice: str = ""


def rank(papers: Iterable[StreamPaper], taste: Taste, *, now: datetime, limit: int) -> tuple[RankedPaper, ...]:
    """The `limit` papers that the club would choose first, best first, each with the reasons for it.

    Papers that the club has, saw or does not want are left out. An author has at most two papers of a day in the list
    and four in all; a day has at most two fifths of it while there are other days. This may take ten seconds of a
    processor: call it in a process of its own.
    """
    return rank_with_weights(papers, taste, now=now, limit=limit, path=None).papers


def rank_with_weights(
    papers: Iterable[StreamPaper], taste: Taste, *, now: datetime, limit: int, path: Path | None
) -> Ranking:
    """The same as `rank`, with weights in a file: they are trained when there are none, or no recent ones."""
    if not taste.says_something:
        return Ranking(rank_plainly(papers, taste, now=now, limit=limit), PLAIN, NOTHING_KNOWN)
    if not LEARNS:
        return Ranking(rank_plainly(papers, taste, now=now, limit=limit), PLAIN, NOT_INSTALLED)
    weights, notice = _weights(taste, now, path)
    if weights is None:
        return Ranking(rank_plainly(papers, taste, now=now, limit=limit), PLAIN, notice or TOO_LITTLE)
    name = f"learned, version {WEIGHTS_VERSION}, {weights.trained_at:%Y-%m-%d}"
    return Ranking(rank_by_weights(papers, taste, weights, now=now, limit=limit), name, notice)


def weights_serve(path: Path, now: datetime) -> bool:
    """True if a ranking at this time uses the weights of this file, and no past papers. Reads only their head."""
    if not LEARNS or not path.exists():
        return False
    try:
        return timedelta() <= now - trained_at(path) < TRAINED_FOR
    except ModelUnusable:
        return False


def _weights(taste: Taste, now: datetime, path: Path | None) -> tuple[Weights | None, str]:
    """The stored weights if they are fresh, else new ones; and a sentence if the file could not be used."""
    notice = ""
    if path and path.exists():
        try:
            stored = load(path)
        except ModelUnusable as error:
            notice = str(error)
        else:
            if timedelta() <= now - stored.trained_at < TRAINED_FOR:
                return stored, ""
    weights = train(taste, now)
    if path and weights:
        save(weights, path)
    return weights, notice
