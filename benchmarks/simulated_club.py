"""A simulated club: 20 members vote for papers of Hugging Face's lists by votes there and by their own topics."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

from benchmarks.stream_weeks import Data
from bot.recommender import terms

MEMBERS, TOPICS = 20, 3
BASE, PER_DOUBLING, PER_NEARNESS = 0.008, 1.5, 60.0
"""The chance of a vote: this much, times this for each doubling of the votes elsewhere, times 1 plus this much of the
squared nearness (cosine) to the nearest topic."""


def club_votes(data: Data, until_topics: date, *, seed: int = 3) -> dict[str, int]:
    """Votes of the club by key. The topics are papers that were listed before a day."""
    chance = random.Random(seed)
    papers = {paper.key: paper for paper in data.stream if paper.key in data.votes}
    counted = {key: terms.counts(paper) for key, paper in papers.items()}
    idf = terms.rarity(counted.values())
    vectors = {key: terms.vector(counts, idf) for key, counts in counted.items()}
    early = sorted(key for key in papers if data.votes[key][0] < until_topics)
    topics = [[vectors[key] for key in chance.sample(early, TOPICS)] for _ in range(MEMBERS)]
    votes: Counter[str] = Counter()
    for key in sorted(papers, key=lambda key: (data.votes[key][0], key)):
        popular = BASE * PER_DOUBLING ** (1 + int(data.votes[key][1])).bit_length()
        for own in topics:
            near = max(terms.cosine(vectors[key], topic) for topic in own)
            if chance.random() < popular * (1 + PER_NEARNESS * near**2):
                votes[key] += 1
    return dict(votes)
