"""A Slack to play with: `python -m tests.protocol.slack_server`.

It prints the settings with which an app reaches it, and then each line typed is something a person does:
`/paper submit 1706.03762`, `press Vote`, `fill Link = https://... ; Why = it is good`, `@ help`, `say hello`, `home`,
`quit`. What the person sees is printed. With --request-url, payloads go there by signed HTTP instead of Socket Mode.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.protocol.slack_server import ActionUnavailable, Message, Person, SlackServer, View


class Keyboard:
    """One person at one terminal."""

    def __init__(self, slack: SlackServer, person: Person) -> None:
        self._slack, self._person = slack, person
        self._last: Message | View | None = None

    async def line(self, line: str) -> str:
        """Do what a line says; the answer is what the person then sees."""
        verb, _, rest = line.strip().partition(" ")
        if verb.startswith("/"):
            seen = await self._person.command(verb, rest)
        elif verb == "press" and self._last is not None:
            seen = await self._person.click(self._last, rest.strip())
        elif verb == "fill" and isinstance(self._last, View):
            pairs = (field.partition("=") for field in rest.split(";") if field.strip())
            seen = await self._person.submit_view(self._last, {k.strip(): v.strip() for k, _, v in pairs})
        elif verb == "@":
            seen = await self._person.mention("C1", rest)
        elif verb == "say":
            await self._person.post("C1", rest)
            return ""
        elif verb == "home":
            seen = await self._person.open_home()
        else:
            return "Type /command, press LABEL, fill FIELD = VALUE ; ..., @ TEXT, say TEXT, home or quit."
        for effect in seen.effects:
            if not isinstance(effect.thing, View) or effect.thing.open:
                self._last = effect.thing
        labels = f"[{'] ['.join(self._last.labels)}]" if self._last and self._last.labels else ""
        return f"{seen.words}\n{labels}".strip()


async def main() -> None:
    """Run until the input ends."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    options.add_argument("--as", dest="name", default="Ada", help="who sits at the keyboard")
    options.add_argument("--request-url", help="where the app listens for signed HTTP")
    chosen = options.parse_args()
    slack = SlackServer()
    await slack.start(chosen.port)
    print(f"API base URL    {slack.api_url}")
    print(f"bot token       {slack.token()}")
    print(f"app token       {slack.app.app_token}")
    print(f"signing secret  {slack.app.signing_secret}", flush=True)
    if chosen.request_url:
        answered = await slack.use_http(chosen.request_url)
        print("The request URL is verified." if answered else "The request URL did not send the challenge back.")
    keyboard = Keyboard(slack, slack.user(chosen.name, admin=True))
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() == "quit":
                break
            try:
                print(await keyboard.line(line), flush=True)
            except ActionUnavailable as problem:
                print(f"({problem})", flush=True)
            while slack.violations:
                print(f"breach: {slack.violations.pop(0)}", flush=True)
    finally:
        await slack.stop()


if __name__ == "__main__":
    asyncio.run(main())
