"""Pages of clubs in the languages that the bot publishes in but does not answer in: not one English word of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from sqlalchemy import select

from adapters.web.archive.export import export
from bot.domain.models import Meeting, Member, Submission
from bot.editions.model.document import Correction, to_json
from bot.features.moderation.open_log import OPEN_VERBS
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.latex.reader import latex_to_text
from bot.locale import LANGUAGES, Language
from tests.adapters.web.archive.conftest import LATEST, NOW, Site
from tests.screens.marked_language import marked_texts

ONLY_PAGES = [language for language in LANGUAGES if not language.answers]
PATHS = (
    "", f"/editions/{LATEST}", "/editions/2", "/papers/1", "/papers/10", "/years/2026", "/years/2025", "/themes",
    "/themes/{theme}", "/themes/{theme}/2026", "/meetings", "/meetings/1", "/people", "/people/{member}",
    "/statistics", "/index", "/search", "/search?q=learning", "/search?q=xyzzy", "/search?q=xyzzy+plugh",
    "/search?kind=news", "/search?q=the&page=2", "/log", "/log/2026", "/nowhere", "/papers/9999",
)  # fmt: skip
"""A page of every kind, and of those that have several states, each state."""
FEEDS = ("/editions.atom", "/items.atom", "/meetings.atom", "/log.atom")
NAMES = {
    "Atom", "JSON Feed", "BibTeX", "RIS", "CSL-JSON", "HTML", "Markdown", "SVG", "PNG", "arXiv", "Crossref", "Journal",
    "Club", "my", "prefs", "web", "yes", "Europe", "Berlin", "et", "al", "RSS", "in", "org", "http", "https",
}  # fmt: skip
"""Names of formats, sources and the program, and a command, which are the same in every language."""
STATUSES = {"/nowhere": 404, "/papers/9999": 404, "/editions/2": 410}
LATIN = re.compile(r"[A-Za-zÀ-ÿ][^\u0400-\u04ff]*[A-Za-zÀ-ÿ]")
"""A piece of a text between marked letters: from its first Latin letter to its last."""


SENTENCE_VALUES: dict[LogSentence, dict[str, object]] = {
    LogSentence.MEETING: {"number": 1},
    LogSentence.MEETING_CANCELED: {"number": 1},
    LogSentence.MEETING_PLANNED: {"number": 1, "start": "2026-01-29T16:00+01:00"},
    LogSentence.MEETING_RESTORED: {"number": 1},
    LogSentence.MEETING_SAVED: {"number": 1, "fields": ["agenda", "recording", "slides"]},
    LogSentence.SERIES: {"number": 1},
    LogSentence.SERIES_ENDED: {"rule": "FREQ=WEEKLY;BYDAY=TH 16:00"},
    LogSentence.SERIES_PLANNED: {"rule": "FREQ=MONTHLY;BYDAY=1MO,3MO 16:00"},
    LogSentence.SERIES_RESTORED: {"number": 1},
    LogSentence.SAME_WORK: {},
    LogSentence.DEADLINE: {},
}


@pytest.mark.parametrize("language", ONLY_PAGES, ids=lambda language: language.code)
async def test_no_page_has_a_word_that_cannot_be_translated(site: Site, language: Language) -> None:
    """Texts of the catalogues are marked; words that are not are people's own, or a format's name."""
    member = await _furnish(site, language)
    own = " | ".join([*await _own_texts(site), *NAMES, *_date_words(language)]).casefold()
    found: dict[str, list[str]] = {}
    with marked_texts(language.code, "archive", "edition"):
        (theme, *_) = (await site.get("/themes")).page.xpath("//ul[@class='rows']//a/@href")
        places = {"theme": theme.rpartition("/")[2], "member": member}
        for path in PATHS:
            answer = await site.get(path.format(**places))
            assert answer.status == STATUSES.get(path, 200), path
            assert answer.page.get("lang") == language.code, path
            found |= {path: foreign} if (foreign := _foreign(_texts(answer.page), own)) else {}
        for path in FEEDS:
            titles = re.findall(r"<(?:title|summary)[^>]*>(.*?)</", unescape((await site.get(path)).text))
            found |= {path: foreign} if (foreign := _foreign(titles, own)) else {}
    assert found == {}


@pytest.mark.parametrize("language", ONLY_PAGES, ids=lambda language: language.code)
async def test_a_page_reads_in_the_language_of_its_club(site: Site, language: Language) -> None:
    await _furnish(site, language)
    said = {
        "fr": ("Page introuvable", "Tous les thèmes", "La modération a retenu", "Résultats : ", "chaque lundi à 09:00"),
        "es": (
            "Página no encontrada",
            "Todos los temas",
            "La moderación seleccionó",
            "Resultados: ",
            "cada lunes a las",
        ),
        "pt": (
            "Página não encontrada",
            "Todos os temas",
            "A moderação selecionou",
            "Resultados: ",
            "todas as segundas",
        ),
        "it": (
            "Pagina non trovata",
            "Tutti i temi",
            "La moderazione ha selezionato",
            "Risultati: ",
            "ogni lunedì alle",
        ),
        "nl": ("Pagina niet gevonden", "Alle thema’s", "De moderatie heeft", " gevonden.", "elke maandag om 09:00"),
    }[language.code]
    for path, words in zip(("/nowhere", "/search", "/log", "/search?q=learning", ""), said, strict=True):
        text = " ".join((await site.get(path)).page.text_content().split())
        assert words in text.replace("\u00a0", " "), path
    assert (await site.ask("GET", "/clubs")).page.get("lang") == language.code
    assert (await site.ask("GET", "/elsewhere")).page.get("lang") == language.code


@pytest.mark.slow
async def test_an_export_is_in_the_language_of_its_club(site: Site, tmp_path: Path) -> None:
    await site.change_settings(language="French")
    await export(site.harness.app, tmp_path)
    for name in ("index.html", "404.html", "clubs/1/index.html", "clubs/1/statistics/index.html"):
        assert 'lang="fr"' in (tmp_path / name).read_text("utf-8"), name


async def _furnish(site: Site, language: Language) -> int:
    """Give the club this language, and something on every page; id of a member who is listed."""
    await site.change_settings(language=language.name, open_log=True)
    for number in range(1, LATEST + 1):
        document = replace(await site.document(number), language=language.code)
        if number == LATEST:
            fix = Correction(NOW - timedelta(hours=1), "Xyz.", document.items[0].key)
            document = replace(document, corrections=(fix,))
        await site.edit(number, document)
    await site.recall(2, "Xyz.")
    async with site.harness.app.store.begin(site.club) as db:
        paper, withdrawn = await db.submissions.by_number(1), await db.submissions.by_number(10)
        assert paper is not None
        assert withdrawn is not None
        withdrawn.paper.withdrawn, withdrawn.paper.version = True, 9
        withdrawn.paper.comment = "Withdrawn by the authors"
        member = paper.member
        assert member is not None
        member.prefs = member.prefs | {"web": True}
        await db.meetings.add(
            Meeting(
                series_id=None, occurrence=None, starts_at=NOW - timedelta(days=3), timezone="Europe/Berlin",
                submission_id=paper.id, presenter_id=member.id, volunteers_asked_at=None,
                announce_at=NOW - timedelta(days=9), note_taker_id=None, notes="Xyz.", created_at=NOW, changed_at=NOW,
                recording="https://example.org/recording", slides="https://example.org/slides",
            )
        )  # fmt: skip
        edition = await db.editions.by_number(LATEST)
        assert edition is not None
        for verb in OPEN_VERBS:
            about_paper = verb in ("pick", "merge", "drop")
            await db.audit_log.append(
                verb,
                member.id,
                NOW,
                why="Xyz.",
                submission_id=paper.id if about_paper else None,
                edition_id=None if about_paper else edition.id,
            )
        await db.audit_log.append("settings", None, NOW)
        unlisted = next(one for one in await db._session.scalars(select(Member)) if one.id != member.id)
        await db.audit_log.append("pick", unlisted.id, NOW, submission_id=paper.id)
        for sentence, values in SENTENCE_VALUES.items():
            changed = log_sentence(sentence, **values)
            before = {"size": 5, "recording": ""}
            await db.audit_log.append("meetings", None, NOW, before=before, after=changed | {"size": 8, "minutes": 90})
        return member.id


async def _own_texts(site: Site) -> list[str]:
    """All texts that people gave."""
    found = ["Xyz.", "Thursday Readers", "Attention", "learning", "xyzzy plugh"]
    for number in range(1, LATEST + 1):
        found += _strings(to_json(await site.document(number)))
    async with site.harness.app.store.begin(site.club) as db:
        for submission in await db._session.scalars(select(Submission)):
            paper = submission.paper
            found += [paper.title, paper.abstract, paper.comment, paper.journal_ref, *paper.authors, submission.why]
        found += list(await db._session.scalars(select(Member.name)))
    return [" ".join(latex_to_text(text).split()) for text in found]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _date_words(language: Language) -> set[str]:
    locale = Locale.parse(language.locale)
    kinds = (locale.months, locale.days)
    names = {name for kind in kinds for form in kind["format"].values() for name in form.values()}
    names |= {name.rstrip(".") for name in names}
    return names | {f"de {name}" for name in names} | {f"de {name} de" for name in names}


def _texts(page: Any) -> list[str]:
    """What people read of a page, also in attributes and in the previews of links."""
    read = page.xpath(
        "//body//text()[not(ancestor::pre or ancestor::style or ancestor::*[@lang='en'])]"
        " | //title/text() | //@aria-label | //@title | //@alt | //@placeholder"
        " | //meta[@name='description' or @property='og:description' or @property='og:title']/@content"
    )
    return [str(text) for text in read]


def _foreign(texts: Iterable[str], own: str) -> list[str]:
    """Pieces of texts in Latin letters that people did not give, and that are no names or dates."""
    pieces = {piece for text in texts for piece in LATIN.findall(" ".join(text.split()))}
    return sorted(
        piece
        for piece in pieces
        if not all(
            " ".join(part.split()).casefold() in own
            for part in re.split(r"[·|,…“”«»():/–\d]+|\.{3}|\. | et al$", piece)
        )
    )
