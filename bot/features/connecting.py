"""One club over Slack and Discord, and one ballot for a person who is in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text
from bot.chat.commands import Audience, Commands
from bot.chat.params import Ask
from bot.chat.rich import Bold, Code, spoken
from bot.chat.text import plural
from bot.domain import codes
from bot.domain.models import Account, Club, Member, Workspace
from bot.errors import UserError
from bot.features.acts import record
from bot.features.members import known_as
from bot.features.notices import tell, whisper
from bot.store import UnitOfWork

commands = Commands()

LINK, CONNECT = "link", "connect"
"""What a code is for."""

BAD_CODE = (
    "That code is not good: it may be mistyped, used already, or older than ten minutes. Ask for a new one where you "
    "got it."
)


@commands("my link", examples=("/my link", "/my link K7QMX-2NPRW"))
async def link(
    ctx: Context, code: Annotated[str, Ask("the code that the other platform gave you", rest=True, most=40)] = ""
) -> Card:
    """Be one member on Slack and Discord, with one ballot.

    Without words it gives a code; say `/my link CODE` with it on the other platform. Votes, lists and papers of both
    accounts become one member's; of two votes for the same paper the later stands.
    """
    if not code:
        return await _give(ctx, LINK, "my link", "on the other platform, from your other account")
    async with ctx.begin() as db:
        issuer = await db.codes.use(codes.digest(code, ctx.app.home.secret), LINK, ctx.now)
        stays, gone = await _members(ctx, db, issuer)
        known = await db.members.accounts(stays.id)
        for submission_id in await db.uniting.unite(gone, stays, ctx.now):
            await db.deliveries.refresh(submission_id)
        accounts = await db.members.accounts(stays.id)
    for account in known:
        await whisper(ctx, account, _linked(ctx))
    return Card(
        "You are one member now",
        (
            text("You are known as ", Bold(known_as(accounts)), "."),
            note(*spoken("`/my unlink` parts the accounts again.")),
        ),
        Tone.GOOD,
    )


async def _members(ctx: Context, db: UnitOfWork, issuer: int | None) -> tuple[Member, Member]:
    """Who gave the code, and who came with it. To raise here leaves the code unused."""
    stays = await db.members.get(issuer) if issuer else None
    gone = await db.members.get(ctx.member.id)
    if stays is None or gone is None:
        raise UserError(BAD_CODE, field="code")
    if stays.id == gone.id:
        raise UserError(
            "That is your own code, and this account is yours already. Say it from the account that is to be linked.",
            field="code",
        )
    return stays, gone


def _linked(ctx: Context) -> Card:
    """What the other accounts are told: whoever did not do this should hear of it."""
    return Card(
        "An account was linked to yours",
        (
            text(
                f"{ctx.who.name} on {ctx.where.platform.title()} gave your code, and votes as you in “{ctx.club.name}”."
            ),
            note(*spoken("If that was not you, say `/my unlink` and tell an admin of the club.")),
        ),
    )


@commands("my unlink", examples=("/my unlink", "/my unlink account=slack sure=yes"))
async def unlink(
    ctx: Context,
    account: Annotated[
        str, Ask("the platform whose account is to be parted; the one you speak from if empty", most=40)
    ] = "",
    sure: Annotated[bool, Ask("yes to do it")] = False,
) -> Card:
    """Part an account from your others again.

    What was voted, saved and brought so far stays with the other accounts; from now on the parted one votes for itself.
    """
    async with ctx.begin() as db:
        accounts = await db.members.accounts(ctx.member.id)
        if len(accounts) < 2:
            return Card("Nothing is linked", (text(f"You are known as {known_as(accounts)} only."),))
        leaving = _leaving(ctx, accounts, account)
        others = [other for other in accounts if other.id != leaving.id]
        if not sure:
            again = Call.of("my unlink", account=account or None, sure="yes")
            return Card(
                f"Part {known_as([leaving])} from {known_as(others)}?",
                (
                    text(f"All that was voted, saved and brought so far stays with {known_as(others)}."),
                    Buttons((Button("Part them", again, Style.DANGER),)),
                ),
            )
        await db.uniting.part(leaving, ctx.now)
    return Card("Parted", (text(f"{known_as([leaving])} is a member of its own from now on."),), Tone.GOOD)


def _leaving(ctx: Context, accounts: Sequence[Account], platform: str) -> Account:
    """The account that is meant: of a platform, or the one they speak from."""
    if not platform:
        mine = (a for a in accounts if (a.platform, a.external_id) == (ctx.where.platform, ctx.who.id))
        return next(mine)
    found = [account for account in accounts if account.platform == platform.strip().lower()]
    if not found:
        raise UserError(f"You have no account on “{platform[:40]}”. You are {known_as(accounts)}.", field="account")
    return found[0]


@commands(
    "clubadmin connect", audience=Audience.ADMIN, examples=("/clubadmin connect", "/clubadmin connect K7QMX-2NPRW")
)
async def connect(
    ctx: Context, code: Annotated[str, Ask("the code that the other workspace was given", rest=True, most=40)] = ""
) -> Card:
    """Join a Slack workspace and a Discord server into one club.

    Without words it gives a code; an admin of the other workspace says `/clubadmin connect CODE` there. The club of
    that workspace must be fresh (no paper, no edition, no suggestion): its channels, people, roles and topics move
    over, and the settings are those of the club that gave the code.
    """
    if not code:
        return await _give(ctx, CONNECT, "clubadmin connect", "in the other workspace, as an admin there")
    club, issuer = await _join(ctx, code)
    async with ctx.app.store.begin(club.id) as db:
        member = await db.members.of(ctx.where.platform, ctx.who.id)
    here = _inside(ctx, club, member or ctx.member)
    async with here.begin() as db:
        await record(here, db, "connect", after={"workspace": f"{ctx.where.platform.title()} {ctx.where.workspace}"})
    await tell(here, issuer, _connected(ctx, club))
    return _connected(ctx, club)


async def _join(ctx: Context, code: str) -> tuple[Club, int]:
    """Use the code up and move this workspace's club into the one that gave it. To raise leaves all as it was."""
    async with ctx.app.store.house() as house:
        used = await house.code(codes.digest(code, ctx.app.home.secret), CONNECT, ctx.now)
        club = await house.club(used.club_id) if used else None
        if used is None or club is None:
            raise UserError(BAD_CODE, field="code")
        if club.id == ctx.club.id:
            raise UserError("That code is this very club's. Say it in the workspace that is to join.", field="code")
        if not await house.joining.fresh(ctx.club.id):
            raise UserError(
                f"This workspace has a club of its own, “{ctx.club.name}”, with papers or editions in it, and two such "
                "clubs cannot become one. Nothing was changed. Give a code here and use it in the other workspace, if "
                "that one is fresh.",
                field="code",
            )
        await house.joining.absorb(ctx.club.id, club.id)
        return club, used.member_id


def _inside(ctx: Context, club: Club, member: Member) -> Context:
    """The same question, asked in the club that was joined."""
    return replace(ctx, club=club, member=member)


def _connected(ctx: Context, club: Club) -> Card:
    return Card(
        "One club now",
        (
            text(
                f"The {ctx.where.platform.title()} workspace has joined “{club.name}”. Nothing was lost: its channels, "
                "people, roles and topics came along; the settings are the club's."
            ),
            text(
                "Whoever manages either workspace is an admin of the club. Members link their accounts with ",
                Code("/my link"),
                ".",
            ),
            Buttons(
                (Button("Check it", Call.of("clubadmin doctor")), Button("Channels", Call.of("clubadmin channels")))
            ),
        ),
        Tone.GOOD,
    )


@commands("clubadmin disconnect", audience=Audience.ADMIN, examples=("/clubadmin disconnect",))
async def disconnect(ctx: Context, sure: Annotated[bool, Ask("yes to do it")] = False) -> Card:
    """Take this workspace out of the club; it gets a fresh club of its own.

    Papers, votes and editions stay with the club in the other workspace.
    """
    async with ctx.app.store.look() as house:
        others = [
            w for w in await house.workspaces(ctx.club.id) if w.id != ctx.workspace_id and w.platform != "console"
        ]
    if not others:
        return Card("Nothing is connected", (text(f"This is the only workspace of “{ctx.club.name}”."),))
    if not sure:
        return _leave_preview(ctx, others)
    async with ctx.begin() as db:
        await record(ctx, db, "disconnect", after={"workspace": f"{ctx.where.platform.title()} {ctx.where.workspace}"})
    async with ctx.app.store.house() as house:
        own = await house.found(
            f"{ctx.where.platform.title()} club", ctx.club.timezone, ctx.now, dict(ctx.club.settings)
        )
        workspace = await house.workspace(ctx.where.platform, ctx.where.workspace)
        assert workspace is not None
        await house.joining.leave(workspace, own)
    row = Buttons((Button("Set up the new club", Call.of("clubadmin setup")),))
    return Card(
        "Disconnected",
        (text("This workspace has a fresh club of its own now, with the same settings."), row),
        Tone.GOOD,
    )


def _leave_preview(ctx: Context, others: list[Workspace]) -> Card:
    where = ", ".join(f"{w.platform.title()} {w.name or w.external_id}" for w in others)
    return Card(
        f"Take this workspace out of “{ctx.club.name}”?",
        (
            text(
                f"Papers, votes and editions stay with the club in {where}. This workspace begins anew: no papers, and "
                "its channels are to be set again. Cards posted here stay as they are, and their buttons lead nowhere."
            ),
            Buttons((Button("Disconnect", Call.of("clubadmin disconnect", sure="yes"), Style.DANGER),)),
        ),
    )


async def _give(ctx: Context, purpose: str, command: str, where: str) -> Card:
    """A fresh code. Only its hash is kept, so this is the one time it is seen."""
    code = codes.fresh()
    async with ctx.begin() as db:
        digest = codes.digest(code, ctx.app.home.secret)
        await db.codes.give(digest, purpose, ctx.member.id, ctx.now, ctx.now + codes.LIFE)
    minutes = plural(int(codes.LIFE.total_seconds() // 60), "minute")
    return Card(
        "Your code",
        (
            text("Say ", Code(f"/{command} {code}"), f" {where}."),
            note(f"It counts once, for {minutes}. An earlier code of yours counts no more."),
        ),
    )
