from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import sys
import threading
import time
import warnings
from collections.abc import Sequence

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from bot.cli.parser import configure_logs
from bot.settings import load
from bot.store.database.database_errors import logged_reason
from bot.telemetry.logs import MAX_TEXT, LogFormat, configure, context
from bot.telemetry.redaction import REPLACEMENT, redact, redact_value

pytestmark = pytest.mark.usefixtures("log_as_before")

DISCORD = "MTA1MjM0NTY3ODkwMTIzNDU2.Gab-De.abcdefghijklmnopqrstuvwxyz_0123456789"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmNhbmFyeQ"

LOOKS = {
    "Slack, bot": ("xoxb-1234-5678-canary", "invalid token xoxb-1234-5678-canary."),
    "Slack, app": ("canary", "xapp-1-A0-1-canary"),
    "Slack, user": ("canary", "xoxp-1-canary"),
    "Slack, rotating": ("canary", "xoxe.xoxb-1-canary"),
    "Slack, response URL": ("canary", "POST https://hooks.slack.com/commands/T1/2/canary failed"),
    "Slack, socket": ("canary", "wss://wss-primary.slack.com/link/?ticket=canary-1&app_id=2"),
    "Discord, token": (DISCORD, f"401 with {DISCORD}"),
    "Discord, header": ("canarycanary", "{'Authorization': 'x'} authorization: Bot canarycanary"),
    "Discord, interaction": (INTERACTION, f"token={INTERACTION!r}"),
    "Discord, follow-up": ("canary", f"PATCH /webhooks/123456/{'canary' * 5}/messages/@original"),
    "Discord, callback": ("canary", f"POST /interactions/123456/{'canary' * 5}/callback"),
    "OpenAI": ("canary", "Incorrect API key provided: sk-proj-canary_1"),
    "database": ("can@ry", "could not connect to postgresql+psycopg://club:can@ry@db:5432/club"),
    "header": ("canary", "Authorization: Bearer canary.canary"),
    "OAuth": ("canary", "GET /slack/oauth?code=canary&state=canary2"),
}


class Log:
    """A place where lines are written, and a way to read them."""

    def __init__(self, form: LogFormat = "json", *, secrets: Sequence[str] = (), libraries: bool = False) -> None:
        self.stream = io.StringIO()
        self.handler = configure("debug", form, secrets=secrets, libraries=libraries, stream=self.stream)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]


def broke(error: Exception) -> None:
    """Log an error as a handler does."""
    log.error("broke", exc_info=error)


log = logging.getLogger("bot.test")


def test_a_line_is_one_json_object_with_the_time_in_utc() -> None:
    out = Log()
    log.info("papers: %d", 3, extra={"seconds": 0.25, "edition": 7})
    (line,) = out.lines
    at = line.pop("time")
    assert isinstance(at, str)
    assert at.endswith("Z")
    assert line == {"level": "INFO", "logger": "bot.test", "message": "papers: 3", "seconds": 0.25, "edition": 7}


def test_a_traceback_is_a_field_of_its_line() -> None:
    out = Log()
    broke(ValueError("two\nlines"))
    (line,) = out.lines
    assert "ValueError: two\nlines" in str(line["traceback"])


def test_context_stands_on_every_line_of_its_block_and_its_tasks_alone() -> None:
    out = Log()

    async def work(club: int) -> None:
        with context(club=club):
            await asyncio.sleep(0)
            log.info("in")

    async def both() -> None:
        with context(request="r1"):
            await asyncio.gather(work(1), work(2))
        log.info("out")

    asyncio.run(both())
    seen = [(line.get("request"), line.get("club")) for line in out.lines if line["logger"] == "bot.test"]
    assert seen == [("r1", 1), ("r1", 2), (None, None)]


@pytest.mark.parametrize("form", ["json", "human"])
@pytest.mark.parametrize(("secret", "said"), LOOKS.values(), ids=LOOKS.keys())
def test_what_looks_like_a_secret_is_left_out_wherever_it_stands(secret: str, said: str, form: LogFormat) -> None:
    out = Log(form)
    log.info("message " + said)
    log.info("args %s %r", said, {"nested": [said]})
    log.info("extra", extra={"detail": said, "more": {"deep": (said, said.encode())}})
    broke(RuntimeError(said))
    with context(detail=said):
        log.info("context")
    assert secret not in out.text
    assert out.text.count(REPLACEMENT) >= 6


@pytest.mark.parametrize("form", ["json", "human"])
def test_secrets_of_the_settings_are_left_out_whatever_they_look_like(form: LogFormat) -> None:
    out = Log(form, secrets=["plain-canary", "can/ary ü", "x"])
    log.info("plain-canary and %s, x marks", "can%2Fary%20%C3%BC")
    broke(RuntimeError("for can/ary ü"))
    assert "canary" not in out.text
    assert "ary" not in out.text
    assert "x marks" in out.text  # too short to be looked for: it would tear holes into words


def test_what_is_called_a_secret_is_left_out_but_counts_stay() -> None:
    out = Log()
    log.info(
        "asked", extra={"access_token": "hello", "trigger_id": "1.2", "input_tokens": 812, "detail": {"Cookie": "c"}}
    )
    (line,) = out.lines
    assert line["access_token"] == line["trigger_id"] == REPLACEMENT
    assert line["input_tokens"] == 812
    assert line["detail"] == {"Cookie": REPLACEMENT}


@pytest.mark.parametrize(
    "text", ["task-forces ask-me", "10.48550/arXiv.2401.00001", "a 09:30@home", "Bot says hi", "xox"]
)
def test_what_only_resembles_a_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("form", ["json", "human"])
def test_nothing_said_can_look_like_a_line_of_its_own(form: LogFormat) -> None:
    out = Log(form)
    hostile = 'hi\n{"level": "ERROR"}\r\n00:00:00 ERROR x\x1b[2J\u2028\u202e\x85\x00\ud800'
    log.info("said %s", hostile, extra={"by": hostile})
    (line,) = out.text.splitlines()
    assert line.isprintable()
    broke(ValueError(hostile))
    lines = out.text.splitlines()
    assert all(each.isprintable() for each in lines)
    if form == "human":
        assert [each for each in lines if not each.startswith("    ")] == [lines[0], lines[1]]
    else:
        assert len(lines) == 2


def test_lines_for_people_name_who_says_what_with_which_fields() -> None:
    out = Log("human")
    with context(club=3):
        log.warning("late", extra={"seconds": 2})
    assert out.text[8:] == " WARNING bot.test: late club=3 seconds=2\n"


def test_auto_is_json_where_no_person_looks() -> None:
    out = Log("auto")
    log.info("hello")
    assert out.lines[0]["message"] == "hello"


@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "slack_sdk.web", "discord.http", "httpx2", "aiohttp.access"])
def test_debug_lines_of_libraries_are_not_written_even_if_they_ask_for_it(name: str) -> None:
    library = logging.getLogger(name)
    before = library.level
    library.setLevel(logging.DEBUG)  # as slack-bolt does with its own loggers
    try:
        out = Log()
        library.debug("the whole payload")
        library.error("this matters")
        assert [line["message"] for line in out.lines] == ["this matters"]
        loud = Log(libraries=True)
        library.debug("the whole payload, xoxb-1-canary")
        assert [line["message"] for line in loud.lines] == [f"the whole payload, xoxb-{REPLACEMENT}"]
    finally:
        library.setLevel(before)


def test_bolts_line_about_a_forged_signature_is_not_written() -> None:
    out = Log()
    bolt = logging.getLogger("slack_bolt.RequestVerification")
    bolt.info("Invalid request signature detected (body: text=evil\nline)")
    assert out.text == ""


def test_a_line_that_cannot_be_written_says_so_without_what_it_held(capsys: pytest.CaptureFixture[str]) -> None:
    out = Log()
    # Straight to the handler: pytest's own would fail the test.
    out.handler.handle(log.makeRecord(log.name, logging.INFO, "papers.py", 7, "%d papers", ("xoxb-1-canary",), None))
    assert "could not be written: TypeError" in out.text
    assert "canary" not in out.text + capsys.readouterr().err


def test_last_words_and_warnings_go_the_same_way() -> None:
    out = Log()
    error = RuntimeError("xoxb-1-canary")
    sys.excepthook(RuntimeError, error, None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    def broken() -> None:
        raise error

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("about xoxb-2-canary", stacklevel=1)
    assert [line["level"] for line in out.lines] == ["CRITICAL", "CRITICAL", "WARNING"]
    assert "canary" not in out.text


def test_configured_again_it_writes_each_line_once() -> None:
    first = Log()
    second = Log()
    log.info("once")
    assert first.text == ""
    assert len(second.lines) == 1


def test_settings_say_how_to_log_and_what_to_leave_out(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"JOURNALCLUB_LOG__LEVEL": "warning", "JOURNALCLUB_DATABASE_URL": "postgresql://u:canary1@h/d"}
    configure_logs(load(given, env_file=None))
    log.info("not this")
    log.warning("wrong password canary1")
    assert "not this" not in (err := capsys.readouterr().err)
    assert "canary1" not in err
    assert "wrong password" in err


def test_a_very_long_text_is_cut() -> None:
    out = Log()
    log.info("x" * (MAX_TEXT + 1))
    assert str(out.lines[0]["message"]).endswith("… (16,001 characters)")


@pytest.mark.parametrize(
    "piece",
    ["://a:", "aW50", "sk-", "a", "-", "xoxa.", "bearer ", "?token=", "a.b", "/webhooks/1", "x@", "authorization: "],
)
def test_leaving_out_takes_no_longer_on_hostile_text(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    redact(text)
    assert time.process_time() - started < 1.0  # a quadratic pattern would take minutes


JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(said=st.text(), detail=JSON)
def test_whatever_is_logged_is_one_readable_line(said: str, detail: object) -> None:
    out = Log()
    log.info("%s", said, extra={"detail": detail})
    assert out.text.count("\n") == 1
    (line,) = out.lines
    assert line["logger"] == "bot.test"
    json.dumps(redact_value(detail), allow_nan=False)


def test_a_secret_in_any_place_of_a_value_is_left_out() -> None:
    class Odd:
        def __str__(self) -> str:
            return "xoxb-1-canary"

    for value in ({"xoxb-1-canary": 1}, [("xoxb-1-canary",)], Odd(), {"a": Odd()}, b"xoxb-1-canary", {"xoxb-1-canary"}):
        assert "canary" not in json.dumps(redact_value(value))


def test_an_outage_is_told_with_its_reason_and_once_a_minute_instead_of_a_traceback_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = 1_000.0
    monkeypatch.setattr("bot.telemetry.logs.monotonic", lambda: clock)
    stream = io.StringIO()
    configure("debug", "json", reason=logged_reason, secrets=["hunter2"], stream=stream)
    away = OperationalError(
        "SELECT 1", {}, psycopg.OperationalError("connection to hunter2 failed: refused\nIs it on?")
    )

    def failed(error: Exception, what: str = "the look of club %s failed") -> None:
        logging.getLogger("bot.worker").error(what, 7, exc_info=error)

    failed(away)
    failed(away)
    failed(away, "leases of %s could not be renewed")
    failed(ValueError("no outage"))
    clock += 60
    failed(away)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    reason = f"(My database cannot be reached: connection to {REPLACEMENT} failed: refused)"
    assert [(line["level"], line["message"], "traceback" in line) for line in lines] == [
        ("WARNING", f"the look of club 7 failed {reason}", False),
        ("WARNING", f"leases of 7 could not be renewed {reason}", False),
        ("ERROR", "the look of club 7 failed", True),
        ("WARNING", f"the look of club 7 failed {reason}", False),
    ]


def test_the_program_names_outages_of_its_database_in_the_log() -> None:
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        configure_logs(load({"LOG__FORMAT": "json"}, env_file=None))
    error = OperationalError("SELECT 1", {}, psycopg.OperationalError("connection is bad"))
    logging.getLogger("bot.worker").error("a look failed", exc_info=error)
    assert "a look failed (My database cannot be reached: connection is bad)" in stream.getvalue()
    assert "Traceback" not in stream.getvalue()
