"""Declaration of commands: one function per command, used on every platform.

The function has the command's name, typed parameters, hints, help, audience and reply mode. Slack's text and forms,
Discord's options and autocomplete, the terminal, the Slack manifest, `/help` and the commands page of the docs are
derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from bot.chat.call_parser import parse_call
from bot.chat.calls import Call, Token, split_words
from bot.chat.cards import Button, Buttons, QuotePart, Style, note
from bot.chat.closest_match import MAX_COMMAND_WORDS, closest_command
from bot.chat.command import Audience, Command, Handler, Reply, names_a_paper
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.chat.mentions import readable, without_leading_mentions
from bot.chat.text import truncate
from bot.errors import UserError
from bot.locale.current import _, mark_text
from bot.locale.typed_words import typed_command

COPY_HINT = mark_text("This is what you typed, so that you can copy it.")
MAX_BUTTON_LINE = 60
"""Characters of a command on a button."""


@dataclass(frozen=True, slots=True)
class _IntendedCommand:
    """A command that was meant by typed words that name none."""

    name: str
    replaced: int
    """Number of typed words that its name replaces."""
    added: str = ""
    """Words behind the other typed ones, such as " back=yes"."""


@dataclass(slots=True)
class Commands(Mapping[str, Command]):
    """All commands by name; `find` parses a typed line into a command and its call.

    `about` describes the commands under some first words. `renamed` maps former command names to current ones.
    """

    about: dict[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """First words that people type for another: "hilfe" for "help"."""
    _by_name: dict[str, Command] = field(default_factory=dict)

    def include(self, *others: Commands) -> Commands:
        """Add the commands of other modules. Raises ValueError for a name declared twice."""
        for other in others:
            if duplicates := self._by_name.keys() & other._by_name.keys():
                raise ValueError(f"declared twice: {duplicates}")
            self._by_name |= other._by_name
            self.about |= other.about
        return self

    def __call__(
        self,
        name: str,
        *,
        reply: Reply = Reply.PRIVATE,
        audience: Audience = Audience.MEMBER,
        examples: Sequence[str] = (),
        posts_share: bool = False,
        dialog: bool = False,
        chooses_channels: bool = False,
        see_also: str = "",
    ) -> Callable[[Handler], Handler]:
        """Decorator that declares a command: `@commands("paper submit", reply=Reply.PRIVATE)`."""

        def declare(handler: Handler) -> Handler:
            self._by_name[name] = Command.of(
                handler,
                name,
                reply,
                audience,
                tuple(examples),
                posts_share=posts_share,
                dialog=dialog,
                chooses_channels=chooses_channels,
                see_also=see_also,
            )
            return handler

        return declare

    def find(self, line: str, *, stored: bool = False) -> tuple[Command, Call]:
        """Command and call of a typed line. First words alone (`/paper`) are their help.

        In a `stored` line, as `str(call)` is one, quotation marks around a text never belong to it. Raises UserError,
        with the closest command, if there is none.
        """
        tokens = split_words(line.strip().removeprefix("/"))
        typed = [token.text.lower() for token in tokens]
        typed[:1] = map(typed_command, typed[:1])
        if typed and (word := self.synonyms.get(typed[0])):
            tokens[0], typed[0] = replace(tokens[0], text=word, raw=word), word
        for size in range(MAX_COMMAND_WORDS, 0, -1):
            name = " ".join(typed[:size])
            if len(typed) >= size and (command := self._by_name.get(name)):
                return command, parse_call(command.name, command.params, tokens[size:], stored=stored)
        first = " ".join(typed).removesuffix(" help")
        if first and self.under(first):
            return self._by_name["help"], Call.of("help", first)
        if len(tokens) > 1 and (meant := self._by_value(typed[0], tokens[1:])):
            return meant, parse_call(meant.name, meant.params, tokens[1:])
        if len(tokens) == 2 and names_a_paper(typed[1]):
            for shown in filter(None, map(self._by_name.get, (f"{typed[0]} show", f"{typed[0]} read"))):
                return shown, parse_call(shown.name, shown.params, tokens[1:])
        raise self._unknown_command(tokens)

    def find_mention(self, line: str) -> tuple[Command, Call]:
        """Command and call of a message that mentions the bot: empty is `help`, a verb alone is the only command of
        that name, or about papers.

        A question that begins with no command is about the help. Raises UserError if there is no such command.
        """
        line = without_leading_mentions(line)
        if not line:
            return self._by_name["help"], Call.of("help")
        verb = typed_command(line.split()[0].lower())
        if verb.lstrip("/") in (*self.roots, *self.synonyms):
            return self.find(line)
        named = [name for name in self._by_name if name.rpartition(" ")[2] == verb]
        if not named and line.endswith("?"):
            return self._by_name["help"], Call.of("help", line)
        root = named[0].rpartition(" ")[0] if len(named) == 1 else "paper"
        return self.find(f"{root} {line}")

    def find_stored(self, line: str) -> tuple[Command, Call]:
        """Command and call of a stored line, on a button or in the database, under a current or former name.

        Raises UserError if there is none.
        """
        line = line.removeprefix("/")
        former = self._former_name(line.split(" "))
        return self.find(self.renamed[former] + line[len(former) :] if former else line, stored=True)

    def under(self, root: str) -> tuple[Command, ...]:
        """Commands whose name starts with these words, in the order of declaration."""
        return tuple(c for name, c in self._by_name.items() if name.startswith(f"{root} ") or name == root)

    @property
    def roots(self) -> tuple[str, ...]:
        """First words, in the order of declaration."""
        return tuple(dict.fromkeys(command.root for command in self._by_name.values()))

    def _by_value(self, root: str, tokens: list[Token]) -> Command | None:
        """Command under these first words that finds its first value at the start of the line: `/paper 2510.06105`."""
        starts = (tokens[0].raw, " ".join(token.raw for token in tokens[:2]))
        for command in self.under(root):
            find = command.params[0].hint.find if command.params else None
            if find and any(found[0] and not found[1] for found in map(find, starts)):
                return command
        return None

    def _former_name(self, words: Sequence[str]) -> str:
        """Former command name at the start of the words; "" if there is none."""
        tries = (" ".join(words[:size]) for size in range(MAX_COMMAND_WORDS, 0, -1))
        return next((name for name in tries if name in self.renamed), "")

    def _unknown_command(self, tokens: list[Token]) -> UserError:
        """Refusal of a command that there is not, with a button that runs the one that was meant with the same text."""
        typed = [token.text.lower() for token in tokens]
        intended, call = self._intended_command(typed), None
        hint = ""
        if intended:
            rest = split_words(" ".join(token.raw for token in tokens[intended.replaced :]) + intended.added)
            call = parse_call(intended.name, self._by_name[intended.name].params, rest)
            hint = _(" Did you mean `/{close}`?", close=str(call) if intended.added else intended.name)
        group = next((known for size in (2, 1) if self.under(known := " ".join(typed[:size]))), "")
        message = _(
            "There is no command `/{typed}`.{hint} `/{help}` lists what I can do.",
            typed=readable(" ".join(token.text for token in tokens[:3]))[:60],
            hint=hint,
            help=f"help {group}" if group else "help",
        )
        line = readable(" ".join(token.raw for token in tokens))
        # A button shows no long text: then what was typed stands above it, so that it can be copied.
        kept = () if len(line) <= MAX_BUTTON_LINE else (QuotePart(f"/{line}"), note(_(COPY_HINT)))
        if call is not None:
            label = _("Run {command}", command=truncate(readable(f"/{call}"), MAX_BUTTON_LINE))
            kept = (*kept, Buttons((Button(label, call, Style.MAIN),)))
        return RefusedWithCard(build_error_card(message, *kept), message) if kept else UserError(message)

    def _intended_command(self, typed: Sequence[str]) -> _IntendedCommand | None:
        """The command that was meant by words that name none; None if nothing is similar."""
        if former := self._former_name(typed):
            return _IntendedCommand(self.renamed[former], len(former.split()))
        for size in range(MAX_COMMAND_WORDS, 1, -1):
            if synonym := self.synonyms.get(" ".join(typed[:size]), ""):
                return _IntendedCommand(synonym, size)
        if undone := self._taken_back(typed):
            return _IntendedCommand(undone, 2, " back=yes")
        if close := closest_command(typed, self._by_name):
            return _IntendedCommand(close, _words_replaced(typed, close))
        if len(typed) > 1 and f"{typed[0]} find" in self._by_name:
            return _IntendedCommand(f"{typed[0]} find", 1)
        return None

    def _taken_back(self, typed: Sequence[str]) -> str:
        """Command whose deed is taken back by the typed words, such as `paper unvote`; "" if there is none."""
        if len(typed) < 2:
            return ""
        verb = next((typed[1].removeprefix(start) for start in ("un-", "un", "de") if typed[1].startswith(start)), "")
        found = self._by_name.get(f"{typed[0]} {verb}") or self._by_name.get(f"{typed[0]} no{verb}")
        return found.name if verb and found and any(p.name == "back" for p in found.params) else ""

    def __getitem__(self, name: str) -> Command:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def _words_replaced(typed: Sequence[str], close: str) -> int:
    """Number of typed words that were meant to be the name of the closest command."""
    name = close.split()
    if len(name) > 1 and typed[0] == name[-1]:
        return 1  # the verb alone: `/vote 12`
    is_root = typed[0] == name[0] or bool(get_close_matches(typed[0], name[:1], n=1, cutoff=0.6))
    if len(name) == 1 or not (is_root or (len(typed) > 1 and typed[1] == name[-1])):
        return 1
    return min(len(name), len(typed))
