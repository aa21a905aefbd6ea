"""Declaring a command: one function, read once, served on every platform.

The function's name in the chat, its typed parameters, hints, help, who may run it and who sees the answer stand in
one place. Slack's text and forms, Discord's options and autocomplete, the terminal, the Slack manifest, `/help` and
the commands page of the docs are all read from it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, get_type_hints

from bot.chat.calls import Call, Token, split_words
from bot.chat.closest_match import MAX_COMMAND_WORDS, closest_command
from bot.chat.parameters import YES, Parameter
from bot.errors import UserError

Handler = Callable[..., Any]
"""Takes a Context and the parameters; a coroutine that returns a Card, or an async generator of cards."""


class Reply(StrEnum):
    """Who sees the answer. Declared, since both platforms must be told before it is ready."""

    PUBLIC = "public"
    PRIVATE = "private"
    IN_PLACE = "in place"
    """A click changes the card it stands on; the same words typed are answered privately."""


class Audience(StrEnum):
    """Who may run a command. Each may also do what those before it may."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"

    def includes(self, role: Audience) -> bool:
        """Whether somebody of `role` belongs to this audience."""
        ranks = list(Audience)
        return ranks.index(role) >= ranks.index(self)


@dataclass(frozen=True, slots=True)
class Command:
    """A declared command."""

    name: str
    summary: str
    params: tuple[Parameter, ...]
    reply: Reply
    audience: Audience
    examples: tuple[str, ...]
    handler: Handler
    details: str = ""
    posts_share: bool = False
    """Whether `share=yes` posts a copy that is kept up to date, so that the answer itself is for the asker alone."""
    dialogue: bool = False
    """True where it is several steps when it is given no words: a platform may hold them together in one window."""
    chooses_channels: bool = False
    """True where the club may use other channels after it, so that a platform looks whether it may post there."""

    @classmethod
    def of(
        cls,
        handler: Handler,
        name: str,
        reply: Reply,
        audience: Audience,
        examples: tuple[str, ...],
        *,
        posts_share: bool = False,
        dialogue: bool = False,
        chooses_channels: bool = False,
    ) -> Command:
        """Read a command off its handler: parameters from the signature, help from the docstring."""
        hints = get_type_hints(handler, include_extras=True)
        asked = list(inspect.signature(handler).parameters.values())[1:]
        params = tuple(Parameter.of(p, hints[p.name]) for p in asked)
        summary, _, details = (inspect.getdoc(handler) or name).partition("\n")
        return cls(
            name,
            summary,
            params,
            reply,
            audience,
            examples,
            handler,
            details.strip(),
            posts_share,
            dialogue,
            chooses_channels,
        )

    @property
    def root(self) -> str:
        """The first word: what Slack and Discord register."""
        return self.name.partition(" ")[0]

    @property
    def usage(self) -> str:
        """The command with its parameters, as help prints it: `/paper submit link [why]`."""
        parameters = (p.name if p.required and not p.ask.here else f"[{p.name}]" for p in self.params)
        return " ".join((f"/{self.name}", *parameters))

    def replies(self, call: Call, *, clicked: bool = False) -> Reply:
        """Who sees the answer: as declared, but `share=yes` shows it to all, and a pager turns its page in place."""
        given = dict(call.named)
        if not self.posts_share and given.get("share", "no").lower() in YES:
            return Reply.PUBLIC
        if clicked and "page" in given:
            return Reply.IN_PLACE
        return self.reply if clicked or self.reply is not Reply.IN_PLACE else Reply.PRIVATE

    def words(self, call: Call, *, here: bool = False) -> dict[str, str]:
        """Which word was given for which parameter; extra words are an error. `here`: said in a paper's thread."""
        given = dict(call.named)
        if unknown := [name for name in given if name not in {p.name for p in self.params}]:
            raise UserError(self._unknown(unknown[0]))
        left = list(call.words)
        for param in self.params:
            if not left or param.name in given:
                continue
            if param.ask.here and here and not names_a_paper(left[0]):
                continue
            if param.takes_rest:
                given[param.name], left = " ".join(left), []
            else:
                given[param.name] = left.pop(0)
        if left:
            raise UserError(f"I did not understand “{' '.join(left)[:80]}”. Usage: `{self.usage}`")
        return given

    def missing(self, call: Call, *, here: bool = False) -> tuple[Parameter, ...]:
        """The parameters that must still be asked for before the call can run."""
        given = self.words(call, here=here)
        return tuple(
            p
            for p in self.params
            if not given.get(p.name, "").strip() and (p.required or p.ask.here) and not (p.ask.here and here)
        )

    def read(self, call: Call, *, here: bool = False) -> dict[str, Any]:
        """The call's words as values. Pure and instant, so that a mistake goes back into the form in time."""
        if missing := self.missing(call, here=here):
            names = ", ".join(p.name for p in missing)
            raise UserError(f"`/{self.name}` still needs: {names}. Usage: `{self.usage}`", field=missing[0].name)
        given = self.words(call, here=here)
        return {
            p.name: p.read(given[p.name])
            for p in self.params
            if given.get(p.name, "").strip() or (p.name in given and p.required)
        }

    def _unknown(self, name: str) -> str:
        known = [p.name for p in self.params]
        close = get_close_matches(name, known, n=1)
        hint = f"Did you mean `{close[0]}`?" if close else f"It takes: {', '.join(known) or 'nothing'}."
        return f"`/{self.name}` has no option `{name[:40]}`. {hint}"


def names_a_paper(word: str) -> bool:
    """Whether a word can only mean a paper: its number, an id or a link; not a word of a note."""
    bare = word.removeprefix("#")
    return bare.isdigit() or "/" in word or (bare.replace(".", "").isdigit() and "." in bare)


SUGGESTION_CUTOFF = 0.75
"""How alike a name must be to one that a command knows (difflib's ratio), to be a mistyped option and not a word."""


@dataclass(slots=True)
class Commands(Mapping[str, Command]):
    """All commands by name; `find` turns a typed line into the command and its call.

    `about` says what the commands under some first words are for. `renamed` gives the present name of every command
    that was once called something else.
    """

    about: dict[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    _by_name: dict[str, Command] = field(default_factory=dict)

    def include(self, *others: Commands) -> Commands:
        """Take in the commands that other modules declared. A name declared twice is a mistake of ours."""
        for other in others:
            if twice := self._by_name.keys() & other._by_name.keys():
                raise ValueError(f"declared twice: {twice}")
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
        dialogue: bool = False,
        chooses_channels: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a command: `@commands("paper submit", reply=Reply.PRIVATE)`."""

        def declare(handler: Handler) -> Handler:
            self._by_name[name] = Command.of(
                handler,
                name,
                reply,
                audience,
                tuple(examples),
                posts_share=posts_share,
                dialogue=dialogue,
                chooses_channels=chooses_channels,
            )
            return handler

        return declare

    def find(self, line: str) -> tuple[Command, Call]:
        """The command that a typed line means, and its call. First words alone (`/paper`) are their help.

        Raises UserError with the nearest command where there is none.
        """
        tokens = split_words(line.strip().removeprefix("/"))
        typed = [token.text.lower() for token in tokens]
        for size in range(MAX_COMMAND_WORDS, 0, -1):
            name = " ".join(typed[:size])
            if len(typed) >= size and (command := self._by_name.get(name)):
                return command, _parse_call(command, tokens[size:])
        first = " ".join(typed).removesuffix(" help")
        if first and self.under(first):
            return self._by_name["help"], Call.of("help", first)
        raise UserError(self._nearest(typed))

    def find_mention(self, line: str) -> tuple[Command, Call]:
        """Words said to the bot by its name: none are `help`, a verb alone is one about papers. Raises UserError."""
        if not line:
            return self._by_name["help"], Call.of("help")
        verb = line.split()[0].lower()
        root = "" if verb.lstrip("/") in self.roots else "paper "
        return self.find(root + line)

    def find_stored(self, line: str) -> tuple[Command, Call]:
        """The command of a call that was stored, on a button or in the database: also under a name it had before.

        Raises UserError where there is none.
        """
        line = line.removeprefix("/")
        former = self._former_name(line.split(" "))
        return self.find(self.renamed[former] + line[len(former) :] if former else line)

    def under(self, root: str) -> tuple[Command, ...]:
        """The commands whose name begins with these words, in the order of their declaration."""
        return tuple(c for name, c in self._by_name.items() if name.startswith(f"{root} ") or name == root)

    @property
    def roots(self) -> tuple[str, ...]:
        """The first words, in the order of their declaration."""
        return tuple(dict.fromkeys(command.root for command in self._by_name.values()))

    def _former_name(self, words: Sequence[str]) -> str:
        """The former name of a command with which these words begin; "" if they begin with none."""
        tries = (" ".join(words[:size]) for size in range(MAX_COMMAND_WORDS, 0, -1))
        return next((name for name in tries if name in self.renamed), "")

    def _nearest(self, typed: list[str]) -> str:
        close = self.renamed.get(self._former_name(typed)) or closest_command(typed, self._by_name)
        hint = f" Did you mean `/{close}`?" if close else ""
        return f"I know no command `/{' '.join(typed[:3])[:60]}`.{hint} `/help` lists what I can do."

    def __getitem__(self, name: str) -> Command:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def _parse_call(command: Command, tokens: list[Token]) -> Call:
    """Sort the words of a line: named ones where the command knows the name ("a=b" in a title is a word).

    A name that is nearly one of the command's is taken for an option, and refused when the call is read; so is one with
    its value in quotation marks, unless it stands in free text. Free text that is named goes on until the next name:
    `reason=too far off`. Quotation marks around the whole of a text are ours, those inside it belong to the text.
    """
    params = {p.name: p for p in command.params}
    words: list[Token] = []
    named: dict[str, str] = {}
    open_ended = ""
    for token in tokens:
        if token.name in params:
            named[token.name] = token.text
            open_ended = token.name if params[token.name].is_free_text and not token.quoted else ""
        elif token.name and (
            get_close_matches(token.name, params, n=1, cutoff=SUGGESTION_CUTOFF)
            or (token.quoted and not open_ended and not any(p.takes_rest for p in command.params[: len(words)]))
        ):
            named[token.name] = token.text
            open_ended = ""
        elif open_ended:
            named[open_ended] += f" {token.whole if params[open_ended].ask.rest else token.raw}"
        else:
            words.append(token)
    begins = next((at for at, p in enumerate(command.params) if p.ask.long), len(words))
    text = words[begins:]
    said = [token.whole for token in (words if len(text) == 1 else words[:begins])]
    if len(text) > 1:
        said.append(" ".join(token.raw for token in text))
    return Call(command.name, tuple(said), tuple(named.items()))
