"""Tab completion: commands, options, choices, and a parameter's suggestions."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from adapters.console.screen import Screen
from bot.chat.calls import Token, quote_word, split_words
from bot.chat.command import Command
from bot.chat.parameters import Parameter
from bot.errors import UserError
from bot.locale.current import _
from bot.requester_lookup import identify

MIN_OPTION_LETTERS = 3
"""Letters after which a word may be the beginning of an option's name; with fewer, every sentence would match."""


class CommandCompleter(Completer):
    """Completes the line that is being typed."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Completions that need no database: the commands."""
        typed = document.text_before_cursor.lstrip("/")
        for name, command in self._screen.app.commands.items():
            if name.startswith(typed.lower()) and name != typed:
                yield Completion(
                    f"/{name}", -len(document.text_before_cursor), display=f"/{name}", display_meta=_(command.summary)
                )

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The commands, or the suggestions of the parameter that is being typed."""
        for completion in self.get_completions(document, complete_event):
            yield completion
        async for completion in self._words(document.text_before_cursor):
            yield completion

    async def _words(self, line: str) -> AsyncIterator[Completion]:
        """Completions for the next word of a command."""
        try:
            command, call = self._screen.app.commands.find(line)
        except UserError:
            return
        tokens = split_words(line.strip())[len(command.name.split()) :]
        if not line.endswith(" ") and not tokens:
            return
        last = Token("") if line.endswith(" ") else tokens[-1]
        params = {param.name: param for param in command.params}
        if last.name in params:
            async for completion in self._values(params[last.name], last.text, f"{last.name}="):
                yield completion
            return
        place = len(call.words) - (1 if last.text else 0)
        param = next((p for i, p in enumerate(command.params) if i == place or p.takes_rest), None)
        if param:
            start = command.params.index(param) if param.takes_rest else place
            typed = " ".join(call.words[start:])
            async for completion in self._values(param, typed):
                yield completion
        for name in _options(command, last.text, {token.name for token in tokens}):
            yield Completion(f"{name}=", -len(last.text), display=f"{name}=", display_meta=_(params[name].hint.label))

    async def _values(self, param: Parameter, typed: str, named: str = "") -> AsyncIterator[Completion]:
        """A parameter's choices or suggestions, quoted so that the line is parsed as intended."""
        async for label, word in completions(self._screen, param, typed):
            written = word if param.takes_rest and not named else quote_word(word)
            yield Completion(named + written, -len(named + typed), display=label)


class FieldCompleter(Completer):
    """Completes one field of a form."""

    def __init__(self, screen: Screen, param: Parameter) -> None:
        self._screen = screen
        self._param = param

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """No completions, since they would need a lookup."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """The parameter's choices or suggestions."""
        typed = document.text_before_cursor
        async for label, word in completions(self._screen, self._param, typed):
            yield Completion(word, -len(typed), display=label)


async def completions(screen: Screen, param: Parameter, typed: str) -> AsyncIterator[tuple[str, str]]:
    """A parameter's choices or suggestions as (label, word) pairs."""
    for value in param.values:
        if value.startswith(typed.lower()):
            yield param.option(value), value
    if param.hint.suggest:
        context = await identify(screen.app, screen.who, screen.where)
        for label, word in await param.hint.suggest(context, typed):
            yield label, word


def _options(command: Command, typed: str, given: set[str]) -> list[str]:
    """Options that begin with the typed text and are not on the line yet."""
    if len(typed) < MIN_OPTION_LETTERS:
        return []
    return [param.name for param in command.params if param.name.startswith(typed.lower()) and param.name not in given]
