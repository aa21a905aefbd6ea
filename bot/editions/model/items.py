"""The parts of an edition: sections of items, each with its links, its texts and where they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.chat.text import join_names
from bot.domain.citations import Reference as Work
from bot.domain.summary_values import Check
from bot.editions.model.blocks import Block, MemberComment
from bot.editions.model.prose import Prose

WRITER_FALLBACK_CHECKS = frozenset({"model", "budget"})
"""Checks that say why another writer wrote than was meant to: for moderators, not for readers."""

ItemKind = Literal["paper", "post", "news", "code", "newsletter", "video", "event", "commentary", "data", "other"]
SectionKind = Literal["theme", "news", "code", "meta", "picks"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A link that belongs to an item, by kind: paper, code, demo, blog, project, data, video, colab."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an item is discussed: one link a workspace."""

    workspace: str
    platform: str
    url: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote an item's text, from what and when, what was checked, and who looked it over.

    `writer` is `abstract`, `extractive` or a model's name, `prompt` the version of its instructions, `source` what was
    read: "abstract v2".
    """

    writer: str
    prompt: str
    source: str
    at: datetime
    checks: tuple[Check, ...] = ()
    reviewer: str = ""
    editor: str = ""
    """Who changed the text by hand since it was written."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the edition: a paper most often, or a post, a piece of news, code, a video.

    `key` names it for good (`arxiv:1706.03762`, `suggestion:7`); `number` is its place where items are numbered,
    else 0. `submission` and `suggestion` are rows of the club, 0 where it has none; `brought` is the number that
    members know the submission by. Texts come in three runs, each in its own order: why it matters, the key insights,
    and the passages (quotes with the curator's remarks between them).
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
    insights: tuple[Block, ...] = ()
    passages: tuple[Block, ...] = ()
    said: tuple[MemberComment, ...] = ()
    votes: int = 0
    voices: int = 0
    voters: tuple[str, ...] = ()
    """Names of those who voted and let it be known."""
    threads: tuple[Thread, ...] = ()
    brought_by: tuple[str, ...] = ()
    provenance: Provenance | None = None
    reference: int = 0
    """Its own entry in the references, 0 where it has none."""
    version: int = 0
    """The version of the paper that its details are of; 0 where nobody knows."""
    pending: bool = False
    """Whether its source could not be asked yet: its title, authors and summary are still to follow."""

    @property
    def anchor(self) -> str:
        """Its name within a page: stays the same whatever its place."""
        return re.sub(r"[^a-z0-9]+", "-", self.key.lower()).strip("-")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All of its blocks, in the order in which they are read."""
        return (*self.insights, *self.passages)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the edition: a theme's papers, or News, Code, Meta, or short picks."""

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
    """Whether the source lists more authors than are kept here."""
    cited: bool = False
    """Whether it is here for what the text says of it: it stays when no item of the edition is this work."""

    @property
    def people(self) -> str:
        """The authors in one line."""
        shown = join_names(self.work.authors, 6)
        return f"{shown} et al." if self.et_al and not shown.endswith("et al.") else shown

    @property
    def place(self) -> str:
        """Where and when it appeared: "arXiv:1706.03762, 2017"."""
        where = self.work.journal or (f"arXiv:{self.work.arxiv_id}" if self.work.arxiv_id else self.work.doi)
        return ", ".join(filter(None, (where, str(self.work.year or ""))))
