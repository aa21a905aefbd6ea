"""`/edition import`: a newsletter written in Markdown becomes the draft."""

from __future__ import annotations

import pytest

from bot.chat.cards import Buttons
from bot.editions.model import prose
from bot.editions.model.blocks import Figure, ListBlock, Quotation, RemarkBlock
from bot.editions.model.document import Document, from_json
from bot.editions.render import markdown
from tests.features.conversation import ATTENTION, DISTILLATION, set_moderators_channel, submit_papers
from tests.features.edition_steps import current_edition, document_of, refusal, say_as_moderator, set_up_week
from tests.stand_ins import Harness, words

NEWSLETTER = f"""# A week of second looks

Dear readers,

this was a quiet week, and a good one for reading.

— Mo

## Language models

### 1. [Attention, five years on](https://arxiv.org/abs/{ATTENTION})

**Why** → It is where most of this began.

Key insight → Recurrence is not needed.

“dispensing with recurrence and convolutions entirely” — abstract

→ Read it next to [1].

1. Ask

2. Look

3. Add

![Two stacks of boxes](https://example.org/figure.png)

*Figure 1 of the paper.*

### Images with a teacher

Content Link: https://arxiv.org/abs/{DISTILLATION}

> It learns from a convnet.
> — the talk

## News

- The deadline of [a conference](https://conference.example/dates) moved by a week.
- Nothing else happened.

## References

[1] Rich Sutton. The Bitter Lesson. 2019.
"""


async def imported(club: Harness, text: str = NEWSLETTER) -> Document:
    club.gateway.files["newsletter.md"] = text.encode()
    await say_as_moderator(club, "/edition import newsletter.md sure=yes")
    edition = await current_edition(club)
    assert edition is not None
    return from_json(edition.document)


async def test_a_newsletter_becomes_the_draft_word_for_word(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    made = await imported(club)
    assert made.title == "A week of second looks"
    assert made.letter is not None
    assert (len(made.letter.blocks), made.letter.by) == (2, "Mo")
    first, second, news, other = made.items
    assert (first.title, first.brought, first.key) == ("Attention, five years on", 1, f"arxiv:{ATTENTION}")
    assert first.why == ("It is where most of this began.",)
    assert [type(block) for block in first.passages] == [Quotation, RemarkBlock, ListBlock, Figure]
    steps = first.passages[2]
    assert isinstance(steps, ListBlock)
    assert (len(steps.points), steps.numbered) == (3, True)
    assert first.authors, "the source was asked"
    assert (second.key, second.brought) == (f"arxiv:{DISTILLATION}", 0)
    assert second.authors, "the source was asked"
    assert [badge.label for badge in second.badges] == ["Content Link"]
    assert second.passages == (Quotation("It learns from a convnet.", "the talk"),)
    assert (news.title, news.url) == ("a conference", "https://conference.example/dates")
    assert "moved by a week" in markdown.render(made)
    assert other.title == "Nothing else happened."
    assert [e.work.title for e in made.references if e.number == 1] == ["Rich Sutton. The Bitter Lesson. 2019"]


async def test_the_card_says_what_was_recognized_and_its_button_makes_the_draft(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.files["newsletter.md"] = NEWSLETTER.encode()
    asked = await say_as_moderator(club, "/edition import newsletter.md")
    shown = words(asked)
    assert "On the club’s list: 1" in shown
    assert "Found by their links: 1" in shown
    assert "“Nothing else happened.” has no link" in shown
    assert await current_edition(club) is None
    button = next(part for part in asked.card.parts if isinstance(part, Buttons)).row[0]
    await say_as_moderator(club, f"/{button.call}")
    assert (await current_edition(club)) is not None


async def test_a_work_cited_by_its_key_alone_has_its_title_in_the_references(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    text = f"# Week\n\nDear all,\n\nsee [@1706.03762] and [@{DISTILLATION}].\n\nBest,\n— Ada\n\n"
    made = await imported(club, text + "## News\n\n- [A day](https://conference.example/) moved.\n")
    for entry in made.references:
        assert entry.work.authors, entry.work
        assert entry.work.title != entry.work.url
    assert [entry.work.arxiv_id for entry in made.references] == ["1706.03762", DISTILLATION]


async def test_an_exported_draft_is_imported_unchanged_and_undone(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await say_as_moderator(club, "/edition draft")
    edition = await current_edition(club)
    assert edition is not None
    before = from_json(edition.document)
    exported = markdown.render(before)
    assert markdown.render(await imported(club, exported)) == exported
    changed = await imported(club, exported.replace(before.title, "Another title"))
    assert changed.title == "Another title"
    await say_as_moderator(club, "/edition undo")
    await say_as_moderator(club, "/edition undo")
    edition = await current_edition(club)
    assert edition is not None
    assert from_json(edition.document) == before


@pytest.mark.parametrize("language", ["English", "German"])
async def test_an_imported_edition_with_votes_comes_back_unchanged_when_the_draft_is_another(
    club: Harness, language: str
) -> None:
    """Its small lines, who wrote it, where its quotes are, its votes, are facts again and stand once."""
    await set_up_week(club)
    await club.say("Root", f"/clubadmin settings language {language}", admin=True)
    await imported(club)
    await say_as_moderator(club, '/edition item write 2 why text="A teacher’s own words."')
    exported = markdown.render(await document_of(club))
    small = {
        "English": ("2 votes · submitted by Ada (#2)\n", "*written by Mo · quotes word for word"),
        "German": ("2 Stimmen · eingereicht von Ada (#2)\n", "*geschrieben"),
    }
    assert all(exported.count(line) for line in small[language])
    for draft in (None, "# Another\n\n## One\n\n### [Work](https://work.example/1)\n\nWhy: so"):
        if draft:
            await imported(club, draft)
        assert markdown.render(await imported(club, exported)) == exported


async def test_an_export_keeps_its_authors_when_the_draft_no_longer_has_its_texts(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition item write 2 why text="A teacher’s own words."', name="Nia")
    exported = markdown.render(await document_of(club))
    assert "by Nia" in exported
    assert "*Written by first-sentence from the abstract" in exported
    another = "# Another\n\n## One\n\n### [Work](https://work.example/1)\n\nWhy: so"
    for before in ((another,), (), (another,)):
        for text in before:
            await imported(club, text)
        if not before:
            await say_as_moderator(club, "/edition skip another one")
        made = await imported(club, exported)
        assert markdown.render(made) == exported
    assert "Mo" not in {author.by for item in made.items for author in item.authorship}, "not who imported it"
    club.gateway.files["n.md"] = exported.replace("own words", "new words").encode()
    shown = words(await say_as_moderator(club, "/edition import n.md sure=yes"))
    assert (
        "These texts were in no earlier edition of the club, so you are named as their author: “Training data-efficient"
        in shown
    )
    assert "by Mo" in markdown.render(await document_of(club))


async def test_an_export_in_another_language_loses_nothing(club: Harness) -> None:
    await set_up_week(club)
    await imported(club)
    await say_as_moderator(club, '/edition write themes text="- Seeing\n- Reading (slowly)"')
    before = await document_of(club)
    exported = markdown.render(before)
    for language in ("German", "French", "English"):
        await club.say("Root", f"/clubadmin settings language {language}", admin=True)
        await say_as_moderator(club, "/edition skip another one")
        made = await imported(club, exported)
        assert [entry.work.title for entry in made.references] == [entry.work.title for entry in before.references]
        assert made.themes == before.themes
        assert [item.authors for item in made.items] == [item.authors for item in before.items]
        assert [item.why for item in made.items] == [item.why for item in before.items]
        exported = markdown.render(made)
    assert exported.casefold() == markdown.render(before).casefold()


async def test_numbers_of_charts_are_those_of_the_file(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition chart "Change" points="2019: -3.5, 2020: 0, 2021: 1000.25" unit=%')
    exported = markdown.render(await document_of(club))
    rows = [line for line in exported.splitlines() if line.startswith("- 20")]
    assert rows == ["- 2019: −3.50%", "- 2020: 0%", "- 2021: 1,000.25%"]
    made = await imported(club, exported.replace("−3.50%", "−4.50%"))
    assert made.charts[0].points[0] == ("2019", -4.5)
    await imported(club)
    assert not (await document_of(club)).charts, "another newsletter does not take the chart of the one before"
    assert markdown.render(await imported(club, exported)) == exported, "in a draft without it too"


async def test_a_newsletter_takes_nothing_of_the_one_before(club: Harness) -> None:
    await set_moderators_channel(club)
    await imported(
        club, NEWSLETTER.replace("## Language models", "## Major themes\n\n- Octopuses\n\n## Language models")
    )
    await say_as_moderator(club, '/edition chart "Of the first" points="2019: 1, 2020: 3"')
    await say_as_moderator(club, '/edition write selected "4,000 in cs.LG"')
    made = await imported(club, NEWSLETTER)
    assert [theme.title for theme in made.themes] == ["Language models", "News"]
    assert (made.charts, made.selected_from, made.headline) == ((), 0, "")
    await say_as_moderator(club, "/edition undo")
    assert (await document_of(club)).selected_from == 4000
    await say_as_moderator(club, "/edition skip another one")
    assert markdown.render(await imported(club, markdown.render(made))) == markdown.render(made), (
        "no headline is made up"
    )


async def test_what_is_not_clear_is_said_too_when_nothing_is_asked(club: Harness) -> None:
    await set_moderators_channel(club)
    club.gateway.files["n.md"] = NEWSLETTER.encode()
    answer = await say_as_moderator(club, "/edition import n.md sure=yes")
    assert "Nothing else happened.” has no link" in words(answer)


async def test_a_text_without_credits_does_not_take_those_of_the_draft_before(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition credit "Figures by" Cy')
    edition = await current_edition(club)
    assert edition is not None
    assert {credit.role for credit in from_json(edition.document).credits} >= {"Figures by", "Summaries from"}
    made = await imported(club)
    assert {credit.role: credit.names for credit in made.credits} == {"Texts by": ("Mo",)}


async def test_each_import_credits_who_wrote_its_texts_whatever_the_draft_was(club: Harness) -> None:
    link = f"https://arxiv.org/abs/{ATTENTION}"
    texts = {
        "de.md": f"# Woche\n\n## Sehen\n\n### [Attention]({link})\n\nWarum: schön\n",
        "zh.txt": f"论文周报\n\n1. 注意力\n{link}\n推荐理由：它几乎改变了一切。\n",
        "mail.eml": f"From: Barbara <b@b.example>\nSubject: Week\nContent-Type: text/html; charset=utf-8\n\n<html>"
        f"<body><h1>Week</h1><h2>See</h2><h3><a href='{link}'>Attention</a></h3><p>Why: good</p></body></html>",
    }
    for name, text in texts.items():
        club.gateway.files[name] = text.encode()
        await say_as_moderator(club, f"/edition import {name} sure=yes", name="Barbara")
        made = await document_of(club)
        assert {credit.role: credit.names for credit in made.credits} == {"Texts by": ("Barbara",)}
        exported = markdown.render(made)
    unnamed = exported.replace("- **Texts by:** Barbara\n\n", "")
    assert markdown.render(await imported(club, unnamed)) == unnamed, "an export says itself whom it credits"


async def test_what_cannot_be_read_is_said_in_a_sentence(club: Harness) -> None:
    files = club.gateway.files
    files |= {
        "page.html": b"<!DOCTYPE html><p>no heading",
        "big.md": b"# x\n" * 2**20,
        "greek.md": "# \u03ba\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1".encode("iso8859-7"),
        "japanese.md": "# \u8ad6\u6587".encode("shift-jis"),
        "flat.md": b"x",
    }
    assert "no headings" in await refusal(club, "/edition import page.html")
    assert "larger than 2 MB" in await refusal(club, "/edition import big.md")
    assert "UTF-8" in await refusal(club, "/edition import greek.md")
    assert "UTF-8" in await refusal(club, "/edition import japanese.md")
    assert "no headings" in await refusal(club, "/edition import flat.md")
    assert "no longer there" in await refusal(club, "/edition import gone.md")
    assert "paste its text" in await refusal(club, "/edition import")


async def test_a_page_and_a_text_of_an_older_program_are_read(club: Harness) -> None:
    link = "https://arxiv.org/abs/1706.03762"
    page = f"<html><h1>Woche</h1><h2>Sehen</h2><h3><a href='{link}'>Attention</a></h3><p>Warum: schön</p></html>"
    older = f"# Woche\r\n\r\n## Sehen\r\n\r\n### [Attention]({link})\r\n\r\nWarum: „schön“ – für 5 €\r\n"
    for content, why in ((page.encode(), "schön"), (older.encode("cp1252"), "„schön“ – für 5 €")):
        club.gateway.files["brief.txt"] = content
        await say_as_moderator(club, "/edition import brief.txt sure=yes")
        edition = await current_edition(club)
        assert edition is not None
        made = from_json(edition.document)
        assert made.title == "Woche"
        assert prose.plain(made.items[0].why) == why


async def test_items_are_put_in_order_by_a_list_of_numbers(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for number in (1, 2):
        await say_as_moderator(club, f"/curate pick {number} {number} theme=One")
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition order 2 1")
    edition = await current_edition(club)
    assert edition is not None
    assert [item.brought for item in from_json(edition.document).items] == [2, 1]
    assert "in your list twice" in await refusal(club, "/edition order 2 2")
