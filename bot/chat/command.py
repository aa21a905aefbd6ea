"""A declared command: its name, parameters, help, audience and reply mode, and how a call of it is read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, get_type_hints

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Style
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.chat.form_texts import form_title
from bot.chat.parameters import YES, Parameter
from bot.errors import Mistakes, UserError
from bot.locale.current import _

Handler = Callable[..., Any]
"""Function of a Context and the parameters: a coroutine that returns a Card, or an async generator of cards."""


class Reply(StrEnum):
    """Visibility of the answer. It is declared, because both platforms need it before the answer is ready."""

    PUBLIC = "public"
    PRIVATE = "private"
    IN_PLACE = "in place"
    """A click updates the card with the button; the typed command is answered privately."""


class Audience(StrEnum):
    """Audience of a command. Each level may also run the commands of those before it."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"

    def includes(self, role: Audience) -> bool:
        """True if a person of `role` belongs to this audience."""
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
    """True if `share=yes` posts a copy that is updated, so that the answer itself is private."""
    dialog: bool = False
    """True if it has several steps when called without words: a platform may show them in one window."""
    chooses_channels: bool = False
    """True if it may change the club's channels, so that a platform checks its permissions there."""
    see_also: str = ""
    """Sentence (msgid) below its refusals that names another command, which people look for under this name."""

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
        dialog: bool = False,
        chooses_channels: bool = False,
        see_also: str = "",
    ) -> Command:
        """Command from a handler: parameters from the signature, help from the docstring."""
        hints = get_type_hints(handler, include_extras=True)
        declared = list(inspect.signature(handler).parameters.values())[1:]
        params = tuple(Parameter.of(p, hints[p.name], name) for p in declared)
        summary, _unused, details = (inspect.getdoc(handler) or name).partition("\n")
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
            dialog,
            chooses_channels,
            see_also,
        )

    @property
    def root(self) -> str:
        """First word, which Slack and Discord register."""
        return self.name.partition(" ")[0]

    @property
    def title(self) -> str:
        """Title of its form, in the language in use."""
        return form_title(self.name, self.summary)

    @property
    def usage(self) -> str:
        """Command with its parameters, as in the help: `/paper submit link [why]`."""
        return self.usage_with(())

    def usage_with(self, needed: Collection[str]) -> str:
        """Usage in which these parameters are needed too, though they can be left out elsewhere."""
        required = {p.name for p in self.params if p.required and not p.hint.here} | set(needed)
        parameters = (p.name if p.name in required else f"[{p.name}]" for p in self.params if p.hint.in_forms)
        return " ".join((f"/{self.name}", *parameters))

    def replies(self, call: Call, *, clicked: bool = False) -> Reply:
        """Visibility of the answer: as declared, but `share=yes` is public, and a page button updates its card."""
        given = dict(call.named)
        if not self.posts_share and given.get("share", "no").lower() in YES:
            return Reply.PUBLIC
        if clicked and "page" in given:
            return Reply.IN_PLACE
        return self.reply if clicked or self.reply is not Reply.IN_PLACE else Reply.PRIVATE

    def words(self, call: Call, *, here: bool = False) -> dict[str, str]:
        """Words by parameter. Raises UserError for extra words. `here`: the call comes from a paper's thread."""
        given = dict(call.named)
        if unknown := [name for name in given if name not in {p.name for p in self.params}]:
            raise self._unknown(call, unknown[0])
        left = list(call.words)
        for param in self.params:
            if param.name in given or (left and param.hint.here and here and not names_a_paper(left[0])):
                continue
            if not param.takes_rest:
                self._take_options(call, param, left, given)
            if not left or param.name in given:
                continue
            size = len(left) if param.takes_rest else param.words_of_option(left)
            given[param.name], left = " ".join(left[:size]), left[size:]
        self._set_by_word(given)
        for param in self.params:
            if param.name in given and param.values:
                given[param.name] = param.plain_word(given[param.name])
        if left:
            raise self._not_understood(call, left)
        return given

    def _take_options(self, call: Call, param: Parameter, left: list[str], given: dict[str, str]) -> None:
        """Move options that are typed without `=`, such as `dm no`, from the words that are left to the given ones.

        Raises UserError for a word that `param` does not take: with an unknown option's name, or beside a yes or no.
        """
        while left and not param.words_of_option(left, least=2) and not param.accepts(left[0]):
            name, equals, value = left[0].partition("=")
            is_option = any(p.name == left[0].lower() for p in self.params)
            if is_option and len(left) > 1 and left[0].lower() not in given and left[0].lower() != param.name:
                given[left[0].lower()] = left[1]
                del left[:2]
                continue
            if equals and name.isidentifier():
                words = tuple(word for word in call.words if word != left[0])
                raise self._unknown(Call(self.name, words, (*call.named, (name, value))), name)
            if param.type is bool:
                raise self._not_understood(call, left)
            return

    def _not_understood(self, call: Call, words: Sequence[str]) -> UserError:
        """Refusal of the last words of a call, with a button that runs it without them."""
        message = _("I do not understand “{left}”. Usage: `{usage}`", left=" ".join(words)[:80], usage=self.usage)
        understood = call.words[: len(call.words) - len(words)]
        if not understood or call.words[len(understood) :] != tuple(words):
            return UserError(message)
        return _refusal(message, _leave_out(), Call(self.name, understood, call.named))

    def _set_by_word(self, given: dict[str, str]) -> None:
        """Set parameters that are meant by a word beside the main one: `/paper vote 12 back`, `/paper summary 12
        abstract`.
        """
        main = self.params[0] if self.params else None
        if main is None:
            return
        meant: dict[str, str] = {}
        rest = []
        for word in given.get(main.name, "").split():
            others = [p for p in self.params[1:] if p.name not in given and p.name not in meant]
            switch = next((p for p in others if p.is_set_by(word) and (main.hint.here or p.type is bool)), None)
            if switch is None:
                rest.append(word)
            else:
                meant[switch.name] = "yes" if switch.type is bool else word
        if meant and (not rest or (len(rest) == 1 and names_a_paper(rest[0]))):
            given |= {main.name: " ".join(rest), **meant}

    def missing(self, call: Call, *, here: bool = False) -> tuple[Parameter, ...]:
        """Parameters that are required and not given. Raises UserError for extra words."""
        given = self.words(call, here=here)
        return tuple(
            p
            for p in self.params
            if not given.get(p.name, "").strip()
            and (p.is_needed(given) or (p.hint.file and not given))
            and not (p.hint.here and here)
        )

    def read(self, call: Call, *, here: bool = False) -> dict[str, Any]:
        """Values by parameter, without waiting, so that errors return to the form in time.

        Raises UserError, or Mistakes if several words are wrong.
        """
        given = self.words(call, here=here)
        missing = [p for p in self.missing(call, here=here) if (p.required or p.hint.here) and not p.hint.file]
        values: dict[str, Any] = {}
        mistakes = {p.name: _("Please give {label}.", label=_(p.hint.label)) for p in missing}
        for param in self.params:
            word = given.get(param.name, "")
            if not word.strip() and (param.name not in given or param in missing or not param.required):
                continue
            try:
                values[param.name] = param.read(word)
            except UserError as error:
                mistakes[param.name] = str(error)
        if not mistakes:
            return values
        if len(mistakes) == len(missing):
            raise self._incomplete(missing, mistakes)
        if len(mistakes) == 1:
            [(name, message)] = mistakes.items()
            raise UserError(message, field=name)
        raise Mistakes({p.name: mistakes[p.name] for p in self.params if p.name in mistakes})

    def _incomplete(self, missing: Sequence[Parameter], mistakes: Mapping[str, str]) -> UserError:
        names = ", ".join(p.name for p in missing)
        hints = " ".join(_needed_words(p) for p in missing)
        usage = self.usage_with({p.name for p in missing})
        error = UserError(
            _(
                "`/{name}` still needs: {names}. {hints} Usage: `{usage}`",
                name=self.name,
                names=names,
                hints=hints,
                usage=usage,
            ),
            field=missing[0].name,
        )
        error.by_field = mistakes
        return error

    def fixed(self, call: Call, *, here: bool = False) -> tuple[Parameter, ...]:
        """Parameters that a form does not ask for again if a button gave these words: the paper, the item, which text.

        Texts that people write remain fields. A word that is not valid is asked for again.
        """
        given = self.words(call, here=here)
        missing = bool(self.missing(call, here=here))
        return tuple(
            p
            for p in self.params
            if given.get(p.name, "").strip()
            and not p.is_written
            and (missing or p.required or p.hint.here or p.hint.fixed)
            and p.accepts(given[p.name])
        )

    def form_parameters(self, given: Mapping[str, str], *, here: bool) -> tuple[Parameter, ...]:
        """The parameters that a form asks for: no page of a list, and no paper in a paper's thread."""
        asked = (p for p in self.params if p.name != "page" and p.hint.in_forms and not (p.hint.here and here))
        return tuple(p.hint.varies(p, given) if p.hint.varies else p for p in asked)

    def _unknown(self, call: Call, name: str) -> UserError:
        """Refusal of an option that there is not, with a button that runs the call with the one that was meant."""
        known = [p.name for p in self.params]
        close = get_close_matches(name, [one for one in known if one not in dict(call.named)], n=1)
        hint = (
            _("Did you mean `{close}`?", close=close[0])
            if close
            else _("Its options are: {known}.", known=", ".join(known))
            if known
            else _("It has no options.")
        )
        message = _("`/{name}` has no option `{name_2}`. {hint}", name=self.name, name_2=name[:40], hint=hint)
        if close:
            named = tuple((close[0] if one == name else one, value) for one, value in call.named)
            label = _("Use `{close}`", close=close[0]).replace("`", "")
        else:
            named = tuple((one, value) for one, value in call.named if one != name)
            label = _leave_out()
        if not call.words and not named:
            return UserError(message)
        return _refusal(message, label, Call(self.name, call.words, named))


def _refusal(message: str, label: str, call: Call) -> RefusedWithCard:
    """Refusal with a button that runs a call instead."""
    return RefusedWithCard(build_error_card(message, Buttons((Button(label, call, Style.MAIN),))), message)


def _leave_out() -> str:
    """Label of the button that runs a call without what was not understood."""
    return _("Leave it out")


def _needed_words(param: Parameter) -> str:
    """The words that a parameter takes, or what it is: "`quote`: the number of the quote, from /my quotes."."""
    values = param.values or param.hint.known
    if not values or param.type is bool:
        return _("`{name}`: {label}.", name=param.name, label=_(param.hint.label).rstrip(".?"))
    shown = ", ".join(values[:MAX_CHOICES_SHOWN]) + (", …" if len(values) > MAX_CHOICES_SHOWN else "")
    return _("`{name}` is one of: {choices}.", name=param.name, choices=shown)


def names_a_paper(word: str) -> bool:
    """True if a word can only be a paper: its number, an id or a link."""
    bare = word.removeprefix("#")
    return bare.isdigit() or "/" in word or (bare.replace(".", "").isdigit() and "." in bare)


MAX_CHOICES_SHOWN = 7
"""Words of a parameter that a message about it names."""
