"""T11: no secret of the settings, and nothing that looks like one, gets into logs, answers or metrics."""

from __future__ import annotations

import io
import logging

import pytest

from adapters.web.health import __name__ as health_logger
from bot.app import RequestKind
from bot.settings import load
from bot.telemetry.logs import configure
from bot.telemetry.metrics import Metrics
from tests.stand_ins import Harness, words

CANARY, UNKNOWN = "canary-7f3a", "stranger-9b2c"
"""A secret of the settings, and one that only looks like a secret."""

GIVEN = {
    "JOURNALCLUB_SLACK__BOT_TOKEN": f"xoxb-1-{CANARY}",
    "JOURNALCLUB_SLACK__APP_TOKEN": f"xapp-1-{CANARY}",
    "JOURNALCLUB_DATABASE_URL": f"postgresql://club:{CANARY}@db/club",
    "JOURNALCLUB_LLM__API_KEY": f"sk-{CANARY}",
    "JOURNALCLUB_SLACK__SIGNING_SECRET": "8f742231b10e8888abcd9990001cafe5",
}
LOOKS = (
    f"xoxe.xoxb-1-{UNKNOWN}", f"https://hooks.slack.com/commands/T1/2/{UNKNOWN}", f"Authorization: Bearer {UNKNOWN}",
    f"GET /slack/oauth?code={UNKNOWN}&state={UNKNOWN}", f"wss://wss-primary.slack.com/link/?ticket={UNKNOWN}",
    f"postgresql://u:{UNKNOWN}@h/d", f"/webhooks/123456/{UNKNOWN * 2}/messages/@original",
)  # fmt: skip


@pytest.fixture
def written(log_as_before: None) -> io.StringIO:
    """Everything that the program logs at the most talkative level, with the settings' secrets known."""
    stream = io.StringIO()
    configure("debug", "json", secrets=load(GIVEN, env_file=None).secrets(), libraries=True, stream=stream)
    return stream


async def test_no_secret_is_logged_answered_or_counted(club: Harness, written: io.StringIO) -> None:
    async def leaky(*_: object, **__: object) -> None:
        raise RuntimeError(f"401 for xoxb-1-{CANARY} at postgresql://club:{CANARY}@db/club")

    club.paper_source.records = leaky  # type: ignore[method-assign,assignment]  # a source whose error holds secrets
    answer = await club.say("Ada", "/paper submit 1706.03762", via=RequestKind.TYPED)
    assert answer.failed
    assert CANARY not in words(answer)
    log = logging.getLogger(health_logger)
    for looks in LOOKS:
        log.error("failed: %s", looks, exc_info=ValueError(looks), extra={"token": UNKNOWN, "detail": {"url": looks}})
    log.error("the signature does not fit %s", GIVEN["JOURNALCLUB_SLACK__SIGNING_SECRET"])
    metrics = Metrics()
    metrics.rate_limited("slack", "chat.postMessage")
    assert "RuntimeError" in written.getvalue(), "the error itself is logged"
    assert written.getvalue().count("failed: ") >= len(LOOKS)
    assert CANARY not in written.getvalue()
    assert UNKNOWN not in written.getvalue()
    assert GIVEN["JOURNALCLUB_SLACK__SIGNING_SECRET"] not in written.getvalue(), "known by its value alone"
    assert CANARY not in metrics.page().decode()


def test_settings_show_no_secret() -> None:
    settings = load(GIVEN, env_file=None)
    assert CANARY not in repr(settings)
    assert CANARY not in settings.model_dump_json()
