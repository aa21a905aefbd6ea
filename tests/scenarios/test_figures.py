"""A picture is attached to a command, and readers see it, as the same conversation on every platform."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import adapters.slack.gateway as slack_gateway
from adapters.slack.outbound import pictures
from tests.scenarios.slack_stage import SlackStage, slack_stage
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(file, "PNG")
    return file.getvalue()


def put(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str) -> str:
    """Put a file where a person of this platform takes it from. Returns the word for it in a command."""
    if stage.name == "console":
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    async def read_file(*given: object) -> bytes:
        return content

    if stage.name == "slack":
        monkeypatch.setattr(slack_gateway, "read_file", read_file)
        return "F0123456789"
    monkeypatch.setattr("discord.http.HTTPClient.get_from_cdn", read_file)
    return f"https://cdn.discordapp.com/{name}#{len(content)}"


@pytest.mark.slow
async def test_an_attached_picture_is_in_the_draft_and_in_the_posts(
    stage: Stage, played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    file = put(stage, tmp_path, monkeypatch, picture(), "field.png")
    added = await barbara.say(
        f'/edition item figure 1 file={file} alt="A teal field" caption="All of it." license=own credit=Ada'
    )
    assert "Figure added: Attention Is All You Need" in added
    monkeypatch.setattr(pictures, "RETRY_PAUSES", (0.0, 0.0))
    if isinstance(stage, SlackStage):
        stage.world.looks_at_files = 1
    assert "Described as: A teal field" in added
    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    assert "All of it." in await stage.channel_text("digest")
    kept = [image for image in stage.pictures() if image.alt == "A teal field"]
    assert len(kept) == (0 if stage.name == "console" else 1)
    assert all(Image.open(BytesIO(image.content)).size == (300, 200) for image in kept)
    if isinstance(stage, SlackStage):
        assert [file.channel for file in stage.files.values()] == [""], "it is in the post, not below it"
        await barbara.say('/edition correct nothing item=1 erratum="It is from 2017."')
        await stage.settle()
        assert "It is from 2017" in await stage.channel_text("digest")
        assert len(stage.pictures()) == 1, "an edit keeps it"
        assert len(stage.files) == 1, "and does not upload it again"
        (uploaded,) = stage.files.values()
        for erratum, files in (("It is from June.", 1), ("It is from July.", 2)):
            stage.restart()
            await barbara.say(f'/edition correct nothing item=1 erratum="{erratum}"')
            await stage.settle()
            assert erratum in await stage.channel_text("digest")
            assert len(stage.pictures()) == 1, "after a restart too"
            assert len(stage.files) == files, "the file is used again, and one that Slack refuses is uploaded anew"
            uploaded.looks_left, stage.world.looks_at_files = 99, 0
    if stage.name == "console":
        assert "Figure: A teal field" in await stage.channel_text("digest")


async def test_a_picture_that_slack_does_not_take_into_the_post_is_below_it(
    played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "RETRY_PAUSES", (0.0, 0.0))
    async with slack_stage(played_in) as stage:
        _, barbara = await with_papers(stage)
        await barbara.say("/edition draft")
        file = put(stage, tmp_path, monkeypatch, picture(), "field.png")
        await barbara.say(f'/edition item figure 1 file={file} alt="A teal field" license=own')
        stage.world.looks_at_files = 99
        await barbara.say("/edition approve now")
        await publish(stage, played_in)
        (shown,) = stage.pictures()
        assert shown.alt == "A teal field"
        assert {file.channel for file in stage.files.values()} == {"", stage.rooms["digest"].id}
        assert "Figure: A teal field" in await stage.channel_text("digest")
        stage.check()
