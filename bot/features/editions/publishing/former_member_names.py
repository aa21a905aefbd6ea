"""Names of former members in published editions, which a moderator removes by one press of a button.

The button has no name in it but a keyed hash, which only this installation can compute: the name is not stored.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import Annotated

from bot.app import App, Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.domain.models import Edition, EditionState
from bot.domain.models.members import DELETED_MEMBER, UNNAMED
from bot.editions.edit.changes import Change, CorrectionChange, ReplaceNames
from bot.editions.edit.member_names import member_names, with_renamed_members
from bot.editions.model.document import Document, from_json, sha256, to_json
from bot.errors import UserError
from bot.features.editions.draft.draft_state import IN_PROGRESS
from bot.features.editions.publishing.amend import amend, published_edition
from bot.features.shared.editions.edition_lookup import edition_parameter
from bot.features.shared.languages import club_language
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

MAX_BUTTONS = 20
"""Maximum number of editions with a button on the card for moderators; the command corrects the others."""
MARK_LENGTH = 16
"""Length of a hash in characters: collisions among the names of one edition are practically impossible."""


def name_mark(app: App, name: str) -> str:
    """Keyed hash that represents a deleted name; only the installation's key can verify it."""
    return hmac.new(app.installation.secret, f"name {name}".encode(), hashlib.sha256).hexdigest()[:MARK_LENGTH]


async def editions_naming(db: UnitOfWork, member_id: int, name: str) -> list[tuple[Edition, frozenset[str]]]:
    """The editions that name a member, published or in progress, each with the names; former names included."""
    edition_ids = set(await db.personal_data.in_editions(member_id))
    if current := await db.editions.current():
        edition_ids.add(current.id)
    names = {name}
    documents: list[tuple[Edition, Document]] = []
    for edition_id in sorted(edition_ids | set(await db.editions.containing_text(name))):
        edition = await db.editions.get(edition_id)
        if edition and edition.state in (EditionState.PUBLISHED, *IN_PROGRESS):
            document = from_json(edition.document)
            documents.append((edition, document))
            submissions = await db.submissions.many(item.submission for item in document.items if item.submission)
            for item in document.items:
                submission = submissions.get(item.submission)
                if submission and submission.member_id == member_id and not submission.anonymous and item.brought_by:
                    names.add(item.brought_by[0])
    names -= {UNNAMED, DELETED_MEMBER, _(UNNAMED), _(DELETED_MEMBER)}
    found = [(edition, frozenset(names & member_names(document))) for edition, document in documents]
    return [(edition, which) for edition, which in found if which]


def correction_card(app: App, found: Mapping[int, Collection[str]]) -> Card:
    """Card for moderators after a member's data was deleted, with a button for each edition that names the member."""
    parts: list[Part] = [text(_("A member left the club and had their data deleted. Their quotes were removed."))]
    if found:
        say = _n(
            "{n} edition still has their name. Press to replace it with “{deleted_member}”.",
            "{n} editions still have their name. Press to replace it with “{deleted_member}”.",
            len(found),
            deleted_member=_(DELETED_MEMBER),
        )
        parts.append(text(say))
        rows = [
            Button(_("Correct No. {number}", number=number), Call.of("edition unname", number, name=",".join(marks)))
            for number, names in list(found.items())[:MAX_BUTTONS]
            if (marks := sorted(name_mark(app, name) for name in names))
        ]
        parts += [Buttons(tuple(rows[start : start + 5])) for start in range(0, len(rows), 5)]
    if len(found) > MAX_BUTTONS:
        parts.append(
            note(
                *parse_backticks(
                    _(
                        "And {found_count} more: `/edition unname` corrects each of them.",
                        found_count=len(found) - MAX_BUTTONS,
                    )
                )
            )
        )
    parts.append(note(*parse_backticks(_("If there is a draft, create it again with `/edition draft`."))))
    return Card(_("A former member"), tuple(parts), Tone.BAD if found else Tone.QUIET)


@commands("edition unname", audience=Audience.MODERATOR, examples=('/edition unname 3 name="Ada Lovelace"',))
async def unname(
    ctx: Context,
    edition: Annotated[int | None, edition_parameter(mark_text("which edition; the latest if empty"))] = None,
    *,
    name: Annotated[str, ParameterHint("the name as printed", most=400)],
) -> Card:
    """Replace a name in a published edition with “a former member”.

    Its posted copies, its page and the feeds are updated.
    """
    requested = {printed_name.strip() for printed_name in (name, *name.split(","))}
    async with ctx.begin() as db:
        chosen = await published_edition(db, edition)
        printed = member_names(from_json(chosen.document))
        removed = sorted(
            printed_name
            for printed_name in printed
            if printed_name not in (DELETED_MEMBER, _(DELETED_MEMBER))
            and (printed_name in requested or name_mark(ctx.app, printed_name) in requested)
        )
        if not removed:
            raise UserError(
                _(
                    "No. {chosen_number} does not contain that name. It may already have been removed.",
                    chosen_number=chosen.number,
                ),
                field="name",
            )
        async with club_language(db):
            other = ReplaceNames(tuple((printed_name, _(DELETED_MEMBER)) for printed_name in removed))
            changes: list[Change] = [other, CorrectionChange(ctx.now, _("A name was removed."))]
            why = _("a former member is no longer named")
        await amend(ctx.app, db, chosen, changes, by=ctx.member.id, why=why)
        for version in await db.editions.versions(chosen.id):
            version.document = to_json(with_renamed_members(from_json(version.document), other))
            version.sha = sha256(version.document)
    ctx.app.wake_up.set()
    return Card(
        _("No. {chosen_number} was corrected", chosen_number=chosen.number),
        (text(_("The name was removed from every copy.")),),
        Tone.GOOD,
    )
