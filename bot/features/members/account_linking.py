"""Commands `my link` and `my unlink`: one member, with one ballot, for accounts on Slack and Discord."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Annotated

from sqlalchemy.exc import IntegrityError, OperationalError

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, parse_backticks
from bot.domain import one_time_codes
from bot.domain.models import Account, CodePurpose, Member
from bot.errors import UserError
from bot.features.members.home import account_names
from bot.features.shared.delivery.member_messages import try_send_to_account
from bot.features.shared.one_time_codes import bad_code, issue_code_card
from bot.locale.current import _
from bot.store import UnitOfWork

log = logging.getLogger(__name__)
commands = Commands()


@commands("my link", examples=("/my link", "/my link K7QMX-2NPRW"))
async def link(
    ctx: Context,
    code: Annotated[str, ParameterHint("the code from the other platform", rest=True, most=40)] = "",
) -> Card:
    """Link your Slack and Discord accounts.

    It gives you a code; run `/my link CODE` on the other platform. Votes, lists and papers of both
    accounts are combined; of two votes for the same paper the later one counts.
    """
    if not code:
        return await issue_code_card(
            ctx, CodePurpose.LINK_ACCOUNT, "my link", _("on the other platform, from your other account")
        )
    try:
        issuer_accounts, accounts = await _link(ctx, code)
    except (IntegrityError, OperationalError) as error:
        # The other account was active at the same moment. The rollback has left everything unchanged, also the code.
        log.info("linking accounts is retried after %s", type(error).__name__)
        issuer_accounts, accounts = await _link(ctx, code)
    for account in issuer_accounts:
        await try_send_to_account(ctx, account, _linked(ctx))
    return Card(
        _("Accounts linked"),
        (
            text(*phrase("You are known as {account_names}.", account_names=Bold(account_names(accounts)))),
            note(*parse_backticks(_("`/my unlink` unlinks the accounts again."))),
        ),
        Tone.GOOD,
    )


async def _link(ctx: Context, code: str) -> tuple[Sequence[Account], Sequence[Account]]:
    """Merge the requester into the member who issued the code. Returns the issuer's accounts, then all accounts."""
    ctx.app.languages.forget()
    async with ctx.begin() as db:
        issuer = await db.codes.redeem(
            one_time_codes.digest(code, ctx.app.installation.secret), CodePurpose.LINK_ACCOUNT, ctx.now
        )
        issuing_member, joining = await _members(ctx, db, issuer)
        issuer_accounts = await db.members.accounts(issuing_member.id)
        for submission_id in await db.account_linking.link(joining, issuing_member, ctx.now):
            await db.deliveries.mark_stale(submission_id)
        return issuer_accounts, await db.members.accounts(issuing_member.id)


async def _members(ctx: Context, db: UnitOfWork, issuer: int | None) -> tuple[Member, Member]:
    """Member who issued the code, and the requester. Raises UserError, which leaves the code unused."""
    issuing_member = await db.members.get(issuer) if issuer else None
    joining = await db.members.get(ctx.member.id)
    if issuing_member is None or joining is None:
        raise UserError(bad_code("my link"), field="code")
    if issuing_member.id == joining.id:
        raise UserError(
            _("That is your own code. Use it from the account that you want to link."),
            field="code",
        )
    return issuing_member, joining


def _linked(ctx: Context) -> Card:
    """Card for the member's other accounts, so that an unwanted link is noticed."""
    return Card(
        _("An account was linked to yours"),
        (
            text(
                _(
                    "{who} on {platform} used your code, and now votes as you in “{club}”.",
                    who=ctx.who.name,
                    platform=ctx.where.platform.title(),
                    club=ctx.club.name,
                )
            ),
            note(*parse_backticks(_("If that was not you, run `/my unlink` and tell an admin of the club."))),
        ),
    )


@commands("my unlink", examples=("/my unlink", "/my unlink account=slack sure=yes"))
async def unlink(
    ctx: Context,
    account: Annotated[str, ParameterHint("the account to unlink; this one if empty", most=40)] = "",
    sure: Annotated[bool, ParameterHint("yes, do it")] = False,
) -> Card:
    """Unlink one of your accounts.

    Your earlier votes, and the papers you saved or submitted, stay with the other accounts. From now on the
    unlinked account is a separate member.
    """
    async with ctx.begin() as db:
        accounts = await db.members.accounts(ctx.member.id)
        if len(accounts) < 2:
            return Card(
                _("No accounts are linked"),
                (text(_("Your only account here is {account_names}.", account_names=account_names(accounts))),),
            )
        leaving = _account_to_unlink(ctx, accounts, account)
        others = [other for other in accounts if other.id != leaving.id]
        if not sure:
            confirmation = Call.of("my unlink", account=account or None, sure="yes")
            return Card(
                _(
                    "Unlink {account_names} from {account_names_2}?",
                    account_names=account_names([leaving]),
                    account_names_2=account_names(others),
                ),
                (
                    text(
                        _(
                            "Your earlier votes, and the papers you saved or submitted, stay with {account_names}.",
                            account_names=account_names(others),
                        )
                    ),
                    Buttons((Button(_("Unlink"), confirmation, Style.DANGER),)),
                ),
            )
        await db.account_linking.unlink(leaving, ctx.now)
    return Card(
        _("Account unlinked"),
        (text(_("{account_names} is now a separate member.", account_names=account_names([leaving]))),),
        Tone.GOOD,
    )


def _account_to_unlink(ctx: Context, accounts: Sequence[Account], platform: str) -> Account:
    """The account to unlink: that of the given platform, else the one in use."""
    if not platform:
        own_accounts = (a for a in accounts if (a.platform, a.external_id) == (ctx.where.platform, ctx.who.id))
        return next(own_accounts)
    found = [account for account in accounts if account.platform == platform.strip().lower()]
    if not found:
        raise UserError(
            _(
                "You have no account on “{platform}”. You are {account_names}.",
                platform=platform[:40],
                account_names=account_names(accounts),
            ),
            field="account",
        )
    return found[0]
