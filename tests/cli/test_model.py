"""`journalclub model test`: what the model writes, what its checks say, what it cost, or why it failed."""

from __future__ import annotations

import argparse

import pytest

from bot.cli.model import test_model as run_model_test
from tests.llm_server import LlmServer


async def output(capsys: pytest.CaptureFixture[str], code: int) -> str:
    assert await run_model_test(argparse.Namespace(what="test")) == code
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path_factory.mktemp("settings"))
    monkeypatch.setenv("JOURNALCLUB_LLM__MODEL", "test-1")
    return monkeypatch


async def test_without_a_model_it_says_how_to_set_one(capsys: pytest.CaptureFixture[str]) -> None:
    said = await output(capsys, 1)
    assert said.startswith("There is no model")
    assert "JOURNALCLUB_LLM__API_KEY" in said


async def test_it_shows_the_summary_its_checks_and_its_cost(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with LlmServer(mode="right") as server:
        for name, value in (("API_KEY", "sk-1"), ("BASE_URL", server.url), ("INPUT_PRICE", "2"), ("OUTPUT_PRICE", "8")):
            settings.setenv(f"JOURNALCLUB_LLM__{name}", value)
        said, url = await output(capsys, 0), server.url
    for words in (f"Asking test-1 at {url}", "\nWhy     ", "\nInsight ", "\nQuote   “", "\nok      quotes"):
        assert words in said
    assert " tokens read, " in said
    assert "at your prices; 0.0004 of it for the second reading; thirty papers are about" in said
    assert "200 tokens read, 40 written (the second reading 100 and 20)" in said
    assert "\nok      second reading: the model found" in said


async def test_it_says_why_there_was_no_second_reading(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with LlmServer(mode="cut", script=["right"]) as server:
        settings.setenv("JOURNALCLUB_LLM__API_KEY", "sk-1")
        settings.setenv("JOURNALCLUB_LLM__BASE_URL", server.url)
        said = await output(capsys, 0)
    assert "\nfix     second reading: not read a second time: the answer was cut off" in said
    assert "\nWhy     " in said


@pytest.mark.parametrize(("mode", "reason"), [("401", "401"), ("404", "404"), ("html", "failed after")])
async def test_a_model_that_fails_is_told_with_the_reason(
    settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mode: str, reason: str
) -> None:
    async with LlmServer(mode=mode) as server:
        settings.setenv("JOURNALCLUB_LLM__API_KEY", "sk-canary-secret")
        settings.setenv("JOURNALCLUB_LLM__BASE_URL", server.url)
        said = await output(capsys, 1)
    assert "It failed after" in said
    assert reason in said
    assert "Editions would use the abstract's own sentences instead" in said
    assert "sk-canary" not in said
    assert "\nWhy" not in said
    assert "tokens" not in said, "of which nothing is known"
