"""Commands that connect a Slack workspace and a Discord server to one club, and disconnect them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import InlineCode
from bot.domain import one_time_codes
from bot.domain.models import Club, CodePurpose, Member, Workspace
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.member_messages import notify_member
from bot.features.shared.languages import member_language
from bot.features.shared.one_time_codes import bad_code, issue_code_card
from bot.features.shared.papers.older_papers import introduce_papers
from bot.features.shared.platform_texts import place_name
from bot.locale.current import _

commands = Commands()


@commands(
    "clubadmin connect", audience=Audience.ADMIN, examples=("/clubadmin connect", "/clubadmin connect K7QMX-2NPRW")
)
async def connect(
    ctx: Context,
    code: Annotated[str, ParameterHint("the code from the other side", rest=True, most=40)] = "",
) -> Card:
    """Share one club between a Slack workspace and a Discord server.

    It gives you a code; an admin of the other workspace or server runs `/clubadmin connect CODE` there. The club there
    must be new: no papers, editions or suggestions. Its channels, people, roles and topics move over. The settings are
    those of the club that gave the code.
    """
    if not code:
        return await issue_code_card(
            ctx, CodePurpose.CONNECT_WORKSPACE, "clubadmin connect", _("in the other workspace or server, as an admin")
        )
    club, issuer = await _connect(ctx, code)
    async with ctx.app.store.begin(club.id) as db:
        member = await db.members.by_account(ctx.where.platform, ctx.who.id)
    joined_ctx = _recheck_in_club(ctx, club, member or ctx.member)
    name = await _workspace_name(ctx)
    async with joined_ctx.begin() as db:
        await record_action(joined_ctx, db, "connect", after={"workspace": name})
        for room in await db.rooms.with_purpose("papers"):
            if room.workspace_id == ctx.workspace_id:
                await introduce_papers(db, room, ctx.now)
    async with joined_ctx.read() as db, member_language(db, issuer):
        message = _connected(ctx, club)
    await notify_member(joined_ctx, issuer, message)
    return _connected(ctx, club)


async def _connect(ctx: Context, code: str) -> tuple[Club, int]:
    """Redeem a code: merge this workspace's club into the issuer's. Raises UserError, which leaves all unchanged."""
    async with ctx.app.store.admin_session() as admin:
        used = await admin.redeem_code(
            one_time_codes.digest(code, ctx.app.installation.secret), CodePurpose.CONNECT_WORKSPACE, ctx.now
        )
        club = await admin.directory.club(used.club_id) if used else None
        if used is None or club is None:
            raise UserError(bad_code("clubadmin connect"), field="code")
        if club.id == ctx.club.id:
            raise UserError(
                _("That code belongs to this club. Use it in the workspace or server that should join."), field="code"
            )
        if not await admin.workspace_transfer.is_empty(ctx.club.id):
            raise UserError(
                _(
                    "This {place_name} already has a club, “{club}”, with papers or editions. Two such "
                    "clubs cannot become one. Nothing was changed. If the other club is empty, get a code "
                    "here and use it there.",
                    place_name=place_name(ctx.where.platform),
                    club=ctx.club.name,
                ),
                field="code",
            )
        await admin.workspace_transfer.merge_clubs(ctx.club.id, club.id)
        return club, used.member_id


def _recheck_in_club(ctx: Context, club: Club, member: Member) -> Context:
    """The same request, in the club that the workspace has joined."""
    return replace(ctx, club=club, member=member)


def _connected(ctx: Context, club: Club) -> Card:
    return Card(
        _("Connected"),
        (
            text(
                _(
                    "This {place_name} has joined “{club}” with its channels, people, roles and topics. "
                    "The settings are those of the club.",
                    place_name=place_name(ctx.where.platform),
                    club=club.name,
                )
            ),
            text(
                *phrase(
                    "Admins of either side are admins of the club. Members link their accounts with {command}.",
                    command=InlineCode("/my link"),
                )
            ),
            Buttons(
                (
                    Button(_("Check it"), Call.of("clubadmin doctor")),
                    Button(_("Channels"), Call.of("clubadmin channels")),
                )
            ),
        ),
        Tone.GOOD,
    )


@commands("clubadmin disconnect", audience=Audience.ADMIN, examples=("/clubadmin disconnect",))
async def disconnect(ctx: Context, sure: Annotated[bool, ParameterHint("yes, do it")] = False) -> Card:
    """Disconnect this workspace or server. It gets a new, empty club.

    Papers, votes and editions stay with the club on the other side.
    """
    async with ctx.app.store.read_admin_session() as admin:
        others = [
            w
            for w in await admin.directory.workspaces(ctx.club.id)
            if w.id != ctx.workspace_id and w.platform != "console"
        ]
    if not others:
        return Card(
            _("Nothing to disconnect"), (text(_("“{club}” is in no other workspace or server.", club=ctx.club.name)),)
        )
    if not sure:
        return _disconnect_preview(ctx, others)
    name = await _workspace_name(ctx)
    async with ctx.begin() as db:
        await record_action(ctx, db, "disconnect", after={"workspace": name})
    async with ctx.app.store.admin_session() as admin:
        new_club = await admin.directory.create_club(
            f"{ctx.where.platform.title()} club", ctx.club.timezone, ctx.now, dict(ctx.club.settings)
        )
        workspace = await admin.directory.workspace(ctx.where.platform, ctx.where.workspace)
        assert workspace is not None
        await admin.workspace_transfer.leave(workspace, new_club)
    row = Buttons((Button(_("Set up the new club"), Call.of("clubadmin setup")),))
    return Card(
        _("Disconnected"),
        (
            text(
                _(
                    "This {place_name} now has its own empty club with the same settings.",
                    place_name=place_name(ctx.where.platform),
                )
            ),
            row,
        ),
        Tone.GOOD,
    )


async def _workspace_name(ctx: Context) -> str:
    """Name of the workspace or server that the request came from, with its platform."""
    async with ctx.app.store.read_admin_session() as admin:
        known = await admin.directory.workspace(ctx.where.platform, ctx.where.workspace)
    return f"{ctx.where.platform.title()} {known.name if known and known.name else ctx.where.workspace}"


def _disconnect_preview(ctx: Context, others: list[Workspace]) -> Card:
    where = ", ".join(f"{w.platform.title()} {w.name or w.external_id}" for w in others)
    return Card(
        _("Disconnect this {place_name} from “{club}”?", place_name=place_name(ctx.where.platform), club=ctx.club.name),
        (
            text(
                _(
                    "Papers, votes and editions stay with the club in {where}. This {place_name} gets a "
                    "new, empty club; set its channels again. Cards posted here stay, but their buttons "
                    "stop working.",
                    where=where,
                    place_name=place_name(ctx.where.platform),
                )
            ),
            Buttons((Button(_("Disconnect"), Call.of("clubadmin disconnect", sure="yes"), Style.DANGER),)),
        ),
    )
