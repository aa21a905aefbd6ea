"""Checks of settings that need each other: an incomplete section would fail only much later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from bot.settings.descriptions import variable

FALSE_VALUES = {"no", "n", "false", "f", "off", "0"}


def inconsistencies(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The settings that others make necessary, each with a sentence.

    Reads the written text, not parsed values, so that these errors are reported together with malformed values.
    """
    yield from _slack(given)
    yield from _discord(given)
    yield from _openreview(given)
    yield from _numbers(given)


def _slack(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    bot, app, signing, ident, secret, mode = (
        variable("slack", name)
        for name in ("bot_token", "app_token", "signing_secret", "client_id", "client_secret", "mode")
    )
    if ident in given and secret not in given:
        yield secret, f"is missing: {ident} needs it."
    if secret in given and ident not in given:
        yield ident, f"is missing: {secret} needs it."
    tokens = bot in given or (ident in given and secret in given)
    others = [name for name in (app, signing) if name in given]
    if others and not tokens and not (ident in given or secret in given):
        yield bot, f"is missing: {others[0]} alone is not enough for Slack. It begins with xoxb-."
    http = given.get(mode, "socket").lower() == "http"
    if http and tokens and signing not in given:
        yield signing, f"is missing: without it nothing proves that a request comes from Slack ({mode} is http)."
    if http and not tokens and not others and not (ident in given or secret in given):
        yield bot, f"is missing: {mode} is set, but there is no token. It begins with xoxb-."
    if not http and tokens and app not in given:
        yield app, f"is missing: Socket Mode needs it beside the bot's token. It begins with xapp-. Or set {mode}=http."
    enabled, public = variable("web", "enabled"), variable("web", "public_url")
    if http and tokens and given.get(enabled, "yes").lower() in FALSE_VALUES:
        yield enabled, f"is no, but with {mode}=http Slack's requests come through the web server."
    if ident in given and secret in given and public not in given:
        yield public, "is missing: workspaces that install the app are sent there and back."


def _discord(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    token = variable("discord", "token")
    others = [variable("discord", name) for name in ("application_id", "guild_ids", "gateway_url")]
    if token not in given and (alone := [name for name in others if name in given]):
        yield token, f"is missing: {alone[0]} alone is not enough for Discord."


def _openreview(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    name, password = variable("openreview", "username"), variable("openreview", "password")
    if name in given and password not in given:
        yield password, f"is missing: {name} needs it."
    if password in given and name not in given:
        yield name, f"is missing: {password} alone is no account."


def _numbers(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    budget, prices = (
        variable("llm", "monthly_budget"),
        (variable("llm", "input_price"), variable("llm", "output_price")),
    )
    if _number(given.get(budget, "0")) and not any(_number(given.get(price, "0")) for price in prices):
        yield prices[0], f"is missing: without the price of a million tokens, {budget} cannot be enforced."
    gap, base = variable("arxiv", "gap_seconds"), variable("arxiv", "base_url")
    host = _host_of(given.get(base, "https://export.arxiv.org"))
    seconds = _number(given.get(gap, "3"))
    if seconds is not None and 0 <= seconds < 3 and (host == "arxiv.org" or host.endswith(".arxiv.org")):
        yield gap, "is under 3: arXiv asks for three seconds between requests and blocks clients that do not wait."
    gap, base = variable("slack", "gap_seconds"), variable("slack", "base_url")
    host = _host_of(given.get(base, "https://slack.com"))
    seconds = _number(given.get(gap, "1.1"))
    if seconds is not None and 0 <= seconds < 1 and (host == "slack.com" or host.endswith(".slack.com")):
        yield gap, "is under 1: Slack accepts one message a second in a channel and refuses more."


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
