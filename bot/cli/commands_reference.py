"""`python -m bot.cli.commands_reference`: write docs/commands.md from the declared commands; `--check` compares.

Run from the top of the source tree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.chat.command import Audience, Command, Reply
from bot.chat.parameters import Parameter
from bot.features.registry import all_commands

TARGET = Path("docs/commands.md")

PAGE = """# Commands

<!-- Written by `make docs` from the declarations in bot/features: change them there. -->

The same commands serve Slack, Discord and the terminal. In the chat `/help` shows those that you may use.

* Words may be quoted ("two words"), and any parameter may be named: `why="it is short"`. On Slack and in the terminal
  the words of a long text need no quotes. Where a word is missing, a form asks for it.
* A *paper* is its number (`12`), any link to it, or some words of its title; in a paper's thread it may be left out.
* Slack does not allow slash commands in threads: say `@Journal Club vote` there, or use the buttons.
"""

VISIBILITY = {
    Reply.PUBLIC: "Everyone in the channel sees the answer.",
    Reply.PRIVATE: "Only you see the answer.",
    Reply.IN_PLACE: "Only you see the answer. If you press a button on a card, that card is updated.",
}
AUDIENCES = {Audience.MEMBER: "everyone", Audience.MODERATOR: "moderators", Audience.ADMIN: "admins"}


def page() -> str:
    """The text of docs/commands.md, with a chapter for each root."""
    return PAGE + "".join(_chapter(root) for root in all_commands.roots)


def _chapter(root: str) -> str:
    about = all_commands.about.get(root, "")
    return f"\n## /{root}\n" + (f"\n{about}\n" if about else "") + "".join(map(_section, all_commands.under(root)))


def _section(command: Command) -> str:
    lines = [f"\n### `{command.usage}`\n", f"\n{command.summary}\n"]
    if command.details:
        lines.append(f"\n{command.details}\n")
    lines.append(f"\nFor {AUDIENCES[command.audience]}. {VISIBILITY[command.reply]}\n")
    if command.params:
        lines.append("\n" + "".join(_rows(command.params)))
    if command.examples:
        lines.append("\n" + "".join(f"    {example}\n" for example in command.examples))
    return "".join(lines)


def _rows(params: Sequence[Parameter]) -> Iterator[str]:
    yield "| parameter | | meaning |\n|---|---|---|\n"
    for param in params:
        needed = "optional in a paper's thread" if param.hint.here else "required" if param.required else "optional"
        choices = f" ({', '.join(f'`{choice}`' for choice in param.values)})" if param.values else ""
        yield f"| `{param.name}` | {needed} | {param.hint.label.replace('|', '/')}{choices} |\n"


def main(argv: Sequence[str]) -> int:
    """Write the page, or with `--check` compare it. Returns the exit code: 1 if it is out of date."""
    if "--check" not in argv:
        TARGET.write_text(page(), encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == page():
        return 0
    sys.stderr.write(f"{TARGET} is not what the commands say: run `make docs`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
