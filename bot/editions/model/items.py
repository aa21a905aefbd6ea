"""Parts of an edition: sections, and their items with links, texts and provenance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.chat.text import join_names
from bot.domain.citations import Reference as Work
from bot.domain.summary_values import SECOND_READING, WORDING, Check
from bot.editions.model.blocks import Block, MemberComment
from bot.editions.model.prose import Prose

MODERATORS_CHECKS = frozenset({"model", "budget", SECOND_READING, WORDING})
"""Checks that explain why the text has a fallback writer, or was read only once. They are displayed to moderators only.
"""

ItemKind = Literal["paper", "post", "news", "code", "newsletter", "video", "event", "commentary", "data", "other"]
SectionKind = Literal["theme", "news", "code", "meta", "picks"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A link of an item, by kind: paper, code, demo, blog, project, data, video, colab."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A link to an item's discussion thread in one workspace."""

    workspace: str
    platform: str
    url: str


@dataclass(frozen=True, slots=True)
class SentenceCount:
    """Number of the paper's own sentences in one text of a model, and of all its sentences."""

    text: str
    """Fingerprint of the text (`bot.editions.model.authorship`)."""
    own: int
    total: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Provenance of an item's text: writer, source, time, checks and reviewer.

    `writer` is `abstract`, `extractive` or a model's name; `prompt` is the version of the model's prompt; `source` is
    the text that was summarized: "abstract v2".
    """

    writer: str
    prompt: str
    source: str
    at: datetime
    checks: tuple[Check, ...] = ()
    reviewer: str = ""
    editor: str = ""
    """Names of those who edited it, in editions of before each text had its own author."""
    own_sentences: tuple[SentenceCount, ...] = ()
    """For each text of a model, if any of them has sentences of the paper: how many."""


@dataclass(frozen=True, slots=True)
class TextAuthor:
    """A person who wrote one text of an item. Texts without an entry are the writer's of its provenance."""

    text: str
    """Fingerprint of the text (`bot.editions.model.authorship`)."""
    by: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an edition: a paper, post, news item, code repository or video.

    `key` is its permanent identifier (`arxiv:1706.03762`, `suggestion:7`). `number` is its position if items are
    numbered, else 0. `submission` and `suggestion` are row ids, 0 if there is none; `brought` is the submission number
    that members see. Texts are in three groups: why it matters, key insights, and passages (quotes mixed with the
    curator's remarks).
    """

    kind: ItemKind
    key: str
    title: str
    url: str = ""
    number: int = 0
    submission: int = 0
    suggestion: int = 0
    brought: int = 0
    authors: str = ""
    venue: str = ""
    badges: tuple[Badge, ...] = ()
    why: Prose = ()
    why_more: tuple[Block, ...] = ()
    """Further paragraphs and lists of the Why, behind its first line."""
    insights: tuple[Block, ...] = ()
    passages: tuple[Block, ...] = ()
    said: tuple[MemberComment, ...] = ()
    votes: int = 0
    voices: int = 0
    voters: tuple[str, ...] = ()
    """Names of those who voted and agreed to have it shown."""
    threads: tuple[Thread, ...] = ()
    brought_by: tuple[str, ...] = ()
    provenance: Provenance | None = None
    authorship: tuple[TextAuthor, ...] = ()
    """Why and key insights that people wrote."""
    reference: int = 0
    """Number of its entry in the references, 0 if it has none."""
    version: int = 0
    """Version of the paper that the details are from; 0 if unknown."""
    pending: bool = False
    """True until the source has answered: title, authors and summary are still missing."""

    @property
    def anchor(self) -> str:
        """The HTML anchor of the item; independent of its position."""
        return re.sub(r"[^a-z0-9]+", "-", self.key.lower()).strip("-")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        return (*self.why_more, *self.insights, *self.passages)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the edition: the papers of one theme, or News, Code, Meta, or short picks."""

    title: str
    kind: SectionKind
    items: tuple[Item, ...] = ()
    emoji: str = ""
    intro: Prose = ()

    @property
    def heading(self) -> str:
        """The title with its emoji, if it has one."""
        return f"{self.emoji} {self.title}" if self.emoji else self.title


@dataclass(frozen=True, slots=True)
class NumberedReference:
    """A numbered entry at the end: a paper of the edition, or a work that its text cites."""

    number: int
    work: Work
    et_al: bool = False
    """True if the source lists more authors than are stored here."""
    cited: bool = False
    """True if the text cites the work: the reference then stays when no item is about this work."""

    @property
    def people(self) -> str:
        """The authors in one line."""
        shown = join_names(self.work.authors, 6)
        return f"{shown} et al." if self.et_al and not shown.endswith("et al.") else shown

    @property
    def place(self) -> str:
        """Publication place and year: "arXiv:1706.03762, 2017"."""
        where = self.work.journal or (f"arXiv:{self.work.arxiv_id}" if self.work.arxiv_id else self.work.doi)
        return ", ".join(filter(None, (where, str(self.work.year or ""))))
