"""Outcome of a Slack request: done, certainly not done, or unknown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError

from bot.chat.gateway import MessageGone, NotSent, OutcomeUnknown, Refused
from bot.domain.clock import utc_now
from bot.features.shared.platform_texts import CHANNEL_ARCHIVED
from bot.locale.current import mark_text
from bot.sources.http_client import retry_after

TIMEOUT = 20
"""Seconds a request may take before its outcome counts as unknown."""


DEFAULT_PAUSE = timedelta(seconds=30)
"""Time to wait where Slack's rate limit was reached and does not say how long."""


LONGEST_PAUSE = timedelta(hours=1)
"""Longest pause that is obeyed."""


FIXABLE_ERRORS = {
    "channel_not_found": mark_text("the channel does not exist, or is private: invite me with /invite"),
    "not_in_channel": mark_text("I am not in that channel: invite me there with /invite"),
    "is_archived": CHANNEL_ARCHIVED,
    "missing_scope": mark_text(
        "the app lacks a permission: reinstall it from the manifest (`journalclub manifest slack`)"
    ),
    "invalid_auth": mark_text(
        "Slack does not accept the token: reinstall the app and set JOURNALCLUB_SLACK__BOT_TOKEN"
    ),
    "not_authed": mark_text("the app is not installed in that workspace: install it there"),
    "account_inactive": mark_text("the app was removed from the workspace: reinstall it"),
    "token_revoked": mark_text("the token was revoked: reinstall the app and set JOURNALCLUB_SLACK__BOT_TOKEN"),
    "token_expired": mark_text(
        "the token has expired: turn token rotation off, reinstall the app and set its new token"
    ),
    "restricted_action": mark_text("a workspace setting does not let me post there: ask a workspace admin"),
    "restricted_action_read_only_channel": mark_text("posting in that channel is restricted: allow me in its settings"),
    "message_not_found": mark_text("the message was deleted"),
    "cant_update_message": mark_text("I can only change my own messages"),
    "cannot_dm_bot": mark_text("bots cannot get direct messages"),
    "user_disabled": mark_text("that account was closed"),
}
"""Slack's refusals in words for a person, by error code."""


TOKEN_ERRORS = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission")
"""Refusals of the token itself: it will not do again."""


MAY_HAVE_ARRIVED = ("fatal_error", "internal_error", "request_timeout", "service_unavailable")
"""Errors after which, in Slack's own words, some of the operation may have succeeded."""


PASSING = {
    "team_added_to_org": "Slack is moving the workspace",
    "org_login_required": "Slack is moving the workspace",
    "message_limit_exceeded": "the workspace has sent too many messages for Slack",
    "accesslimited": "Slack limits the access to the workspace",
}
"""Refusals that pass by themselves, and what they mean: nothing was done."""


class RateLimited(NotSent):
    """Slack's rate limit was reached."""


class TokenRevoked(Refused):
    """Slack does not accept the token (any more)."""


class ScopeMissing(Refused):
    """The app was not given the permission for a request."""


class BlocksRefused(Refused):
    """Slack does not take the blocks of a message (yet): nothing was posted."""


async def outcome(request: Awaitable[Any]) -> Any:
    """The response to a request. Raises NotSent, Refused or OutcomeUnknown, and nothing else."""
    try:
        async with asyncio.timeout(TIMEOUT):
            return await request
    except SlackApiError as error:
        raise _error_outcome(error) from error
    except ClientConnectorError as error:
        raise NotSent(f"Slack cannot be reached ({error})") from error
    except (TimeoutError, ClientError, OSError) as error:
        raise OutcomeUnknown(f"the connection to Slack broke ({error!r})") from error


def _error_outcome(error: SlackApiError) -> NotSent | Refused | OutcomeUnknown:
    response: Any = error.response
    status = getattr(response, "status_code", 200)
    error_code = response.get("error", "") if isinstance(getattr(response, "data", None), dict) else ""
    if status == 429 or error_code in ("ratelimited", "rate_limited"):
        return RateLimited("Slack’s rate limit was reached", pause_seconds(response.headers))
    if status >= 500 or not error_code or error_code in MAY_HAVE_ARRIVED:
        return OutcomeUnknown(f"Slack answered {status} {error_code}".strip())
    if error_code in PASSING:
        return NotSent(f"{PASSING[error_code]} ({error_code})", DEFAULT_PAUSE.total_seconds())
    if error_code == "invalid_blocks":
        return BlocksRefused(f"Slack refused it: {error_code}", of_channel=False)
    meaning = FIXABLE_ERRORS.get(error_code)
    if meaning is None:
        return Refused(f"Slack refused it: {error_code}", of_channel=False)
    if error_code == "message_not_found":
        return MessageGone(meaning)
    if error_code == "missing_scope":
        return ScopeMissing(meaning)
    return TokenRevoked(meaning) if error_code in TOKEN_ERRORS else Refused(meaning)


def pause_seconds(headers: Any) -> float:
    """Seconds that Slack asks to wait; at least one."""
    seconds = retry_after(headers.get("Retry-After"), utc_now(), default=DEFAULT_PAUSE, longest=LONGEST_PAUSE)
    return max(seconds.total_seconds(), 1.0)


REQUEST_FAILURES = (NotSent, OutcomeUnknown, Refused)
