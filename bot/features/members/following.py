"""Commands for follows (topics, authors, keywords, people, papers), and the new papers that match them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, ListEntry, Part, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.mentions import people_by_name
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, parse_backticks
from bot.chat.text import truncate
from bot.domain.follow_rules import MAX_FOLLOWS, FollowKind, matches
from bot.domain.follow_updates import Frequency
from bot.domain.models import Follow, Submission
from bot.domain.preferences import Preferences
from bot.errors import UserError
from bot.features.shared.lookup import by_topic, find_member, find_submission, with_member_name
from bot.features.shared.paged_lists import submission_entry
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.stream.follow_matching import (
    follow_state_of,
    load_subjects,
    merge_target,
    subjects_of_paper,
    submitters,
)
from bot.features.shared.stream.followed_entries import followed_entries, followed_entry_row
from bot.features.shared.votes.voting_window import window_start
from bot.locale.current import _, _n, mark_text
from bot.locale.typed_words import typed_value
from bot.store import UnitOfWork

commands = Commands()

MAX_PAPERS_CHECKED = 200
"""Maximum number of papers of the period that are checked, newest first."""

MAX_SHOWN = 20
"""Maximum number of papers shown, and of follows with a button to end them."""

MAX_NEW = 5
"""Maximum number of new papers of the club's sources that are shown."""

KIND_TEXT: dict[FollowKind, str] = {
    "topic": mark_text("topic"),
    "author": mark_text("author"),
    "keyword": mark_text("keyword"),
    "person": mark_text("person"),
    "paper": mark_text("paper"),
}
"""Names of the kinds of follows."""

FOLLOWED_TEXT: dict[FollowKind, str] = {
    "topic": mark_text("the topic “{value}”"),
    "author": mark_text("the author “{value}”"),
    "keyword": mark_text("the keyword “{value}”"),
    "person": mark_text("the person “{value}”"),
    "paper": mark_text("the paper “{value}”"),
}
"""A followed thing as part of a sentence, by its kind."""

FREQUENCY_TEXT = {
    "home": mark_text("on your home page"),
    "instant": mark_text("at once"),
    "daily": mark_text("every morning"),
    "weekly": mark_text("every Monday"),
}
"""Frequency of notifications, in words."""


def _lacks_kind(line: str) -> bool:
    """True for a typed line that does not begin with a kind of follow: it is the value, and the kind is asked for."""
    first = line.split(maxsplit=1)[0].lower() if line.strip() else ""
    return bool(first) and not (typed_value(first, KIND_TEXT) or get_close_matches(first, KIND_TEXT, n=1, cutoff=0.8))


@commands(
    "my follow",
    examples=("/my follow keyword diffusion", "/my follow author Yoshua Bengio how=daily", "/my follow paper 12"),
)
async def follow(
    ctx: Context,
    kind: Annotated[FollowKind, ParameterHint("topic, author, keyword, person or paper")],
    value: Annotated[
        str,
        ParameterHint("which one", rest=True, suggest=by_topic, free=True, people=True, most=80, starts=_lacks_kind),
    ],
    how: Annotated[Frequency | None, ParameterHint("also by direct message: at once, daily or weekly")] = None,
) -> Card:
    """Follow a topic, an author, a keyword, a person or a paper.

    Your home page shows new papers that match; with `how`, you also get a direct message. If you follow a paper, you
    learn when it is picked, published in an edition, merged or withdrawn, or has a new version. Only you see what you
    follow.
    """
    async with ctx.begin() as db:
        about = await _paper(ctx, db, value) if kind == "paper" else None
        value = str(about.number) if about else await _resolve(ctx, db, kind, value)
        await db.members.lock(ctx.member.id)
        following = await db.follows.by_member(ctx.member.id)
        same = await _paper_follow(db, following, about) if about else None
        before = same or next((f for f in following if _same(f, kind, value)), None)
        if before is None and await db.follows.count(ctx.member.id) >= MAX_FOLLOWS:
            raise UserError(
                _(
                    "You already follow {things}. Unfollow one first: `/my follows`.",
                    things=_n("{n} thing", "{n} things", MAX_FOLLOWS),
                )
            )
        chosen: Frequency = how or (before.how if before else "home")
        changed = before is None or before.how != chosen
        if changed:
            seen = (await follow_state_of(db, about)).to_json() if about else None
            stored_value = before.value if before else value
            of = (before.submission_id if before else None) or (about.id if about else None)
            await db.follows.add(ctx.member.id, kind, stored_value, chosen, ctx.now, submission_id=of, seen=seen)
        is_submitter = about is not None and ctx.member.id in await submitters(db, about)
    card = _followed(ctx, kind, value, chosen, about, changed)
    own_note = (note(_("You submitted it yourself, so you get no messages about it.")),) if is_submitter else ()
    return replace(card, parts=(*card.parts, *own_note))


def _followed(
    ctx: Context, kind: FollowKind, value: str, how: Frequency, about: Submission | None, changed: bool
) -> Card:
    what = (
        (Bold(f"#{about.number} {truncate(title_of(about), 150)}"),)
        if about
        else phrase(FOLLOWED_TEXT[kind], value=Bold(value))
    )
    parts: list[Part] = [text(_("You now follow ") if changed else _("You already follow "), *what, ".")]
    if how == "home":
        parts.append(note(_("New papers appear on your home page. Get a direct message too:")))
    else:
        parts.append(note(_("You get a direct message {frequency_text}.", frequency_text=_(FREQUENCY_TEXT[how]))))
        if not Preferences.of(ctx.member.prefs).dm:
            parts.append(
                text(
                    *phrase(
                        "Your direct messages are turned off: {command} turns them on.",
                        command=InlineCode("/my prefs dm=yes"),
                    )
                )
            )
    frequencies: tuple[tuple[Frequency, str], ...] = (
        ("instant", _("Message me at once")),
        ("daily", _("Message me every morning")),
    )
    row = [Button(label, Call.of("my follow", kind, value, how=h)) for h, label in frequencies if h != how]
    row.append(Button(_("What I follow"), Call.of("my follows")))
    parts.append(Buttons((*row, _unfollow_button(kind, value))))
    return Card(_("Followed") if changed else _("Nothing to change"), tuple(parts), Tone.GOOD)


async def _paper(ctx: Context, db: UnitOfWork, value: str, *, follow: bool = True) -> Submission:
    try:
        return await find_submission(ctx, db, value, follow=follow)
    except UserError as error:
        raise UserError(str(error), field="value") from None


def _same(followed: Follow, kind: FollowKind, value: str) -> bool:
    return (followed.kind, followed.key) == (kind, value.casefold())


async def _paper_follow(db: UnitOfWork, following: Sequence[Follow], about: Submission) -> Follow | None:
    """The follow of a paper; it may have begun with a duplicate that was merged into it."""
    papers = await _followed_papers(db, following)
    found = [f for f in following if (paper := papers.get(f.submission_id or 0)) and paper.id == about.id]
    return next((f for f in found if f.submission_id == about.id), found[0] if found else None)


async def _followed_papers(db: UnitOfWork, following: Sequence[Follow]) -> dict[int, Submission]:
    """The papers that are followed, by the submission that a follow names; of a merged one the paper that stayed."""
    papers = await db.submissions.many(f.submission_id for f in following if f.submission_id)
    return {id: await merge_target(db, paper) for id, paper in papers.items()}


async def _resolve(ctx: Context, db: UnitOfWork, kind: FollowKind, value: str) -> str:
    """The value in the club's spelling. Raises UserError if there is no such topic or member."""
    value = " ".join(value.split())
    if kind in ("author", "keyword"):
        value = await with_member_name(ctx, db, value)
    if kind == "topic":
        if (topic := await db.topics.by_name(value)) is None:
            topics = ", ".join(topic.name for topic in await db.topics.all()) or _("none yet")
            raise UserError(
                _(
                    "This club has no topic “{value}”. Its topics are: {topics}.",
                    value=people_by_name(value),
                    topics=topics,
                ),
                field="value",
            )
        value = topic.name
    if kind == "person":
        value = (await find_member(ctx, db, value, field="value")).name
    if not any(map(str.isalnum, value)):
        raise UserError(_("Please give a word or a name to follow."), field="value")
    if kind == "keyword" and "," in value.strip(", "):
        raise UserError(_("Please follow one word or phrase at a time, without commas."), field="value")
    return value


async def by_followed(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the member's follows: (kind and value, value)."""
    async with ctx.read() as db:
        following = await db.follows.by_member(ctx.member.id)
        about = await _followed_papers(db, following)
    found = [(f"{_(KIND_TEXT[followed.kind])} {_name(followed, about)}", followed.value) for followed in following]
    return [(label, value) for label, value in found if typed.strip().casefold() in label.casefold()][:25]


@commands("my unfollow", examples=("/my unfollow keyword diffusion", "/my unfollow paper 12"))
async def unfollow(
    ctx: Context,
    kind: Annotated[FollowKind, ParameterHint("topic, author, keyword, person or paper")],
    value: Annotated[
        str,
        ParameterHint("which one", rest=True, suggest=by_followed, free=True, people=True, most=80, starts=_lacks_kind),
    ],
) -> Card:
    """Unfollow something. Messages about it stop at once."""
    async with ctx.begin() as db:
        if kind == "paper":
            about = await _paper(ctx, db, value, follow=False)
            same = await _paper_follow(db, await db.follows.by_member(ctx.member.id), about)
            value = same.value if same else str(about.number)
        value = " ".join(value.split()) if kind == "topic" else await with_member_name(ctx, db, " ".join(value.split()))
        removed = await db.follows.remove(ctx.member.id, kind, value)
    row = Buttons((Button(_("What I follow"), Call.of("my follows")),))
    if not removed:
        what = phrase(FOLLOWED_TEXT[kind], value=Bold(value))
        return Card(_("Nothing to change"), (text(_("You do not follow "), *what, "."), row))
    return Card(
        _("Unfollowed"),
        (text(_("You no longer get news about "), *phrase(FOLLOWED_TEXT[kind], value=Bold(value)), "."), row),
        Tone.GOOD,
    )


@commands("my follows", examples=("/my follows",))
async def follows(ctx: Context) -> Card:
    """Show what you follow, and new papers that match."""
    async with ctx.read() as db:
        following = await db.follows.by_member(ctx.member.id)
        about = await _followed_papers(db, following)
        found = await matching_papers(ctx, db)
        entries = await followed_entries(db, following, ctx.now - timedelta(days=ctx.settings.shortlist_days))
    parts: list[Part] = [
        ListEntry(
            (Bold(_name(followed, about)), f" ({_how(followed)})"),
            button=_unfollow_button(followed.kind, followed.value),
        )
        for followed in following[:MAX_SHOWN]
    ]
    if len(following) > MAX_SHOWN:
        parts.append(
            note(", ".join(f"{_name(followed, about)} ({_how(followed)})" for followed in following[MAX_SHOWN:]))
        )
    if not following:
        say = _(
            "Nothing yet. `/my follow keyword diffusion` follows a word. You can also follow topics, authors, people "
            "and papers."
        )
        parts.append(text(*parse_backticks(say)))
    elif any(followed.kind != "paper" for followed in following):
        parts.append(
            text(_("New since the last edition:") if found else _("No new papers have matched since the last edition."))
        )
    parts += map(submission_entry, found)
    if entries:
        parts.append(Heading(_("New in the club’s sources")))
        parts += [followed_entry_row(entry, why) for entry, why in entries[:MAX_NEW]]
    return Card(_("What you follow"), tuple(parts))


def _name(followed: Follow, about: dict[int, Submission]) -> str:
    paper = about.get(followed.submission_id or 0)
    return f"#{paper.number} {truncate(title_of(paper), 80)}" if paper else followed.value


def _how(followed: Follow) -> str:
    kind = _(KIND_TEXT[followed.kind])
    return kind if followed.how == "home" else f"{kind}, {_(FREQUENCY_TEXT[followed.how])}"


async def matching_papers(ctx: Context, db: UnitOfWork, limit: int = MAX_SHOWN) -> list[Submission]:
    """Papers of the current period that match the member's follows, without their own, newest first."""
    follows = load_subjects(await db.follows.by_member(ctx.member.id))
    if not follows:
        return []
    since, until = await window_start(ctx, db), ctx.now + timedelta(seconds=1)
    submissions = await db.submissions.submitted_between(since, until, limit=MAX_PAPERS_CHECKED)
    return [s for s in submissions if s.member_id != ctx.member.id and matches(subjects_of_paper(s), follows)][:limit]


def _unfollow_button(kind: str, value: str) -> Button:
    return Button(_("Unfollow"), Call.of("my unfollow", kind, value))
