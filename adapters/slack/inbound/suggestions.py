"""Options of a form's menus for the text typed so far, since Slack's commands have no autocompletion."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.inbound.forms import OPTION
from adapters.slack.render.block_kit import OPTION_VALUE, plain
from bot.app import Context
from bot.chat.command import Command
from bot.chat.parameters import Parameter
from bot.errors import UserError
from bot.locale.current import _

log = logging.getLogger(__name__)

CLEAR_WORD = "none"
"""The word that empties something, where a parameter takes it."""

OptionJson = dict[str, Any]

SUGGEST_TIMEOUT = 2.0
"""Seconds within which suggestions must be ready; Slack allows three."""

MAX_OPTIONS = 100
"""Options of a menu (docs.slack.dev/reference/block-kit/block-elements/select-menu-element)."""


async def suggested(param: Parameter, ctx: Context, typed: str) -> list[OptionJson]:
    """The options for the text typed so far. The text itself is one too where other words are accepted."""
    suggestions = await _suggestions(param, ctx, typed)
    options = {word: label for label, word in suggestions if 0 < len(word) <= OPTION_VALUE}
    own = typed.strip()
    if param.hint.clears and CLEAR_WORD.startswith(own.lower()):
        options[CLEAR_WORD] = _("None")
    is_new = own not in options and own not in options.values() and 0 < len(own) <= OPTION_VALUE
    if is_new and not param.hint.strict:
        options[own] = _("Use “{typed}”", typed=own)
    return [{"text": plain(label, OPTION), "value": word} for word, label in list(options.items())[:MAX_OPTIONS]]


async def labels(command: Command, ctx: Context, given: Mapping[str, str]) -> dict[str, str]:
    """Labels for a form's known words that are values of suggestions, by parameter name."""
    labels_by_name = {}
    for param in command.params:
        if word := given.get(param.name, ""):
            suggestions = await _suggestions(param, ctx, word)
            labels_by_name[param.name] = next((label for label, value in suggestions if value == word), "")
    return labels_by_name


async def _suggestions(param: Parameter, ctx: Context, typed: str) -> Sequence[tuple[str, str]]:
    if param.hint.suggest is None:
        return ()
    try:
        async with asyncio.timeout(SUGGEST_TIMEOUT):
            return await param.hint.suggest(ctx, typed)
    except (UserError, TimeoutError):
        return ()
    except Exception:
        log.exception("no suggestions for %s", param.name)
        return ()
