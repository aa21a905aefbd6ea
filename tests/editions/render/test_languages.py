"""Editions in other languages: no English text in any form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from gettext import NullTranslations

import pytest

from bot.chat.rich_text import Link
from bot.domain.club_settings import ClubSettings
from bot.domain.models import CoSubmission, Member, MemberQuote, Pick, Suggestion
from bot.domain.summary_values import Check, FoundLink, SourceQuote
from bot.editions.compose import arxiv_themes, club_charts, subject_keywords
from bot.editions.compose.composer import compose
from bot.editions.compose.theme_names import THEME_NAMES, theme_title
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import Drop
from bot.editions.model.document import Chart, Correction, Document, Letter, Paragraph, Thread, from_json, to_json
from bot.editions.model.templates import BADGES, template_for
from bot.editions.model.translation import DOMAIN
from bot.editions.render import basic_html, email, feeds, html_page, markdown
from bot.editions.render.attachments import attached
from bot.editions.render.card_renderer import render_cards
from bot.editions.render.charts import image as chart_image
from bot.locale import LANGUAGES, translator
from tests.editions import feed_reading, inventory
from tests.editions.compose.test_composer import NOW, WRITTEN, chosen, frame

OTHER_LANGUAGES = [language for language in LANGUAGES if language.code != "en"]

FORMS: dict[str, Callable[[Document], str]] = {
    "page": lambda document: inventory.in_page(html_page.render(document)).text,
    "mail": lambda document: inventory.in_page(email.render(document)).text,
    "plain": lambda document: inventory.in_page(basic_html.edition(document)).text,
    "markdown": lambda document: inventory.in_markdown(markdown.render(document)).text,
    "cards": lambda document: inventory.in_cards(document).text,
    "feed": lambda document: feed_reading.in_atom(feed_reading.of_editions(document)).text,
}


def greek(text: str) -> str:
    """The text in Greek letters, except placeholders: a pseudo-language that reveals untranslated English."""
    pieces = re.split(r"(\{\w*\})", text)
    latin, letters = "abcdefghijklmnopqrstuvwxyz", "αβψδεφγηιξκλμνοπθρστυωςχψζ"
    table = str.maketrans(latin + latin.upper(), letters * 2)
    return "".join(piece if place % 2 else piece.translate(table) for place, piece in enumerate(pieces))


class GreekCatalogue(NullTranslations):
    """A catalogue that translates every text into Greek letters."""

    def gettext(self, message: str) -> str:
        return greek(message)

    def pgettext(self, context: str, message: str) -> str:
        return greek(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return greek(msgid1 if n == 1 else msgid2)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace German by the pseudo-language; its dates stay German."""
    monkeypatch.setattr("bot.locale.catalogues._catalogue", lambda *_: GreekCatalogue())
    translator.cache_clear()
    yield
    translator.cache_clear()


def everything(language: str, template: str = "best-of", cadence: str = "weekly") -> Document:
    """An edition with every kind of content; the texts of people and papers are in Greek letters."""
    ada, ben = (Member(id=n, name=name) for n, name in ((1, "Αδα"), (2, "Βεν")))
    second = CoSubmission(submission_id=1, why="και", at=NOW, anonymous=True)
    second.member = ben
    written = replace(
        WRITTEN,
        why="ετσι",
        insights=("α β", "γ δ"),
        quotes=(SourceQuote("μικρο", "abstract", 10, 15), SourceQuote("μεγα", "section 4.1", 5, 9)),
        links=tuple(FoundLink(kind, f"https://{kind}.test/") for kind in BADGES if kind != "paper"),
        writer="extractive",
        checks=tuple(Check(name, False) for name in ("quotes", "numbers", "names", "numbers and names", "links")),
    )
    texts = [
        written,
        replace(written, source="full text v2"),
        replace(written, writer="γ", source="full text"),
        replace(written, writer="γ"),
        replace(written, source="κεφ v3"),
        replace(written, writer="γ", source="section 2"),
        None,
    ]
    papers = [chosen(n, written=text) for n, text in enumerate(texts, 1)]
    links = [chosen(n + 20, kind, written=None) for n, kind in enumerate(("code", "news", "video"))]
    saying = MemberQuote(submission_id=1, text="ναι", credit="", url="https://wall.test/1", at=NOW)
    pick = Pick(submission_id=1, why="γιατι", note="δες", theme="", at=NOW)
    papers[0] = replace(
        papers[0], co_submissions=(second,), voters=("Αδα", "Βεν", "Γιω"), comments=(saying,), pick=pick
    )
    theme = Suggestion(id=3, section="theme", kind="", title="θεμα", url="", note="", at=NOW)
    theme.member = ben
    for one in (*papers, *links):
        one.submission.member, one.submission.voices = ada, 2
        one.submission.paper.title, one.submission.paper.authors = f"τιτλος {one.submission.id}", ["Γιω"]
        one.submission.paper.abstract = "ολα"
    papers[0].submission.anonymous = True
    frame_ = replace(
        frame(template, language=language, cadence=cadence), club="Λεσχη", selected_from=1204, selected_where="(γ)"
    )
    made = compose(frame_, [*papers, *links], [theme])
    moments = [NOW - timedelta(days=day) for day in range(30)]
    words = translator(DOMAIN, made.language)
    zone = frame_.zone
    drawn = (
        club_charts.submissions_chart(moments, until=NOW, weeks=5, zone=zone, words=words),
        club_charts.votes_chart([], until=NOW, weeks=5, zone=zone, words=words),
        club_charts.publications_chart([(2026, 10, "γ", 2), (2026, 11, "δ", 1)], words=words),
        club_charts.publications_chart([(1990, 1, "γ", 1), (2026, 1, "γ", 1)], words=words),
        replace(club_charts.volume(["γ", "δ"], words), title="τ", points=(("α", 1.0),)),
        Chart("τ", (("α", -2.5e6), ("β", 1.2e6))),
        Chart("τ", (("α", 250_000.0), ("β", 2.0)), "%"),
        Chart("τ", (("α", 0.0), ("β", 0.0))),
    )
    item = replace(made.items[0], threads=(Thread("Σλακ", "slack", "https://slack.test/1"),))
    sections = tuple(
        replace(section, items=tuple(item if one.key == item.key else one for one in section.items))
        for section in made.sections
    )
    return replace(
        made,
        sections=sections,
        charts=drawn,
        letter=Letter((Paragraph(("αγαπητοι",)),), "Αδα"),
        video=Link("", "https://video.test/"),
        corrections=(Correction(NOW, "ηταν τεσσερα"),),
    )


UNTRANSLATED_WORDS = {
    "arXiv",
    "Slack",
    "cs",
    "CV",
    "CL",
    "LG",
    "paper",
    "submit",
    "November",
    "Oktober",
    "Okt",
    "Nov",
    "Jan",
    "und",
}
"""Latin words in every edition: names of places and platforms, a command, and German months and conjunctions."""


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("template", ["best-of", "weekly-update"])
@pytest.mark.parametrize("cadence", ["weekly", "monthly"])
@pytest.mark.parametrize("form", FORMS)
def test_every_word_around_the_texts_comes_from_the_catalogue(form: str, template: str, cadence: str) -> None:
    document = everything("German", template, cadence)
    text = re.sub(r"https?://\S+|Paper Cats & Friends", " ", FORMS[form](document))
    latin = set(re.findall(r"[A-Za-z]{2,}", text)) - UNTRANSLATED_WORDS
    assert latin == set()


@pytest.mark.parametrize("language", OTHER_LANGUAGES, ids=lambda language: language.code)
@pytest.mark.parametrize("template", ["best-of", "weekly-update"])
def test_an_edition_is_set_in_the_clubs_language(language: object, template: str) -> None:
    """No English label is in it, unless the word is the same in its language."""
    spoken = next(one for one in OTHER_LANGUAGES if one is language)
    document = everything(spoken.name, template)
    assert document.language == spoken.code
    words = translator(DOMAIN, spoken.code)
    for form, drawn in FORMS.items():
        text = drawn(document)
        for english in ENGLISH_LABELS:
            assert not re.search(rf"\b{re.escape(english)}\b", text), f"{english} in the {form}"
        for label in ("Contents", "Key insights", "References", "What the club said", "Corrections"):
            assert words.gettext(label) in text, form
        assert words.gettext("No. {number}", number=3) in text


ENGLISH_LABELS = (
    "Contents", "Key insights", "References", "All content links", "min read", "Submitted by", "submitted by",
    "votes cast", "Written by", "Sentences", "This edition has", "Thank you", "Around the field", "Best of",
    "and 3 more", "No. 3",
    "continued", "a member", "edited by", "voted for", "Project page", "Event", "papers submitted",
    "in all", "chosen on", "the most", "Major themes", "in the discussion", "new papers",
    "week by week", "on arXiv", "Computer vision",
)  # fmt: skip


def test_it_is_the_same_in_json_and_when_it_is_edited() -> None:
    """Fields derived after an edit are in the edition's language."""
    document = everything("German")
    assert from_json(to_json(document)) == document
    assert document.headline == "τιτλος 1, τιτλος 2, τιτλος 3 und 4 weitere"
    shape = template_for("best-of", ClubSettings.of({"language": "German"}))
    edited = apply(document, Drop(document.items[-1].key), shape)
    assert (
        edited.headline == "τιτλος 1, τιτλος 2, τιτλος 3 und 3 weitere" or len(edited.items) == len(document.items) - 1
    )


def test_a_feed_is_in_the_language_of_its_newest_entry() -> None:
    old, new = everything("English"), everything("German")
    feed = json.loads(feeds.json_feed(feed_reading.of_editions(new, old)))
    assert (feed["language"], [item["language"] for item in feed["items"]]) == ("de", ["de", "en"])


def test_a_long_card_goes_on_in_its_language() -> None:
    document = everything("German")
    letter = Letter(tuple(Paragraph(("λεξη " * 200,)) for _ in range(8)))
    titles = [sheet.card.title for sheet in render_cards(replace(document, letter=letter)) if sheet.group == "head"]
    assert titles[1:] == [f"{document.title} (Fortsetzung)"] * (len(titles) - 1) != []


def test_a_posted_chart_is_drawn_in_its_language() -> None:
    chart = Chart("Nutzung", (("2025", 1680.5), ("2026", 250.0)), "h")
    head = next(
        sheet.card for sheet in render_cards(replace(everything("German"), charts=(chart,))) if sheet.group == "head"
    )
    drawn = [file.content for file in attached(head)]
    assert drawn == [chart_image.draw(chart, translator(DOMAIN, "de"))] != [chart_image.draw(chart)]


def test_an_edition_of_before_there_were_catalogues_is_read() -> None:
    value = to_json(everything("English")) | {"labels": {"why": "Why"}, "language": "ja"}
    assert "Key insights" in FORMS["page"](from_json(value))


def test_a_club_whose_language_has_no_catalogue_is_set_in_english() -> None:
    assert ClubSettings.of({"language": "Japanese"}).language == "English"
    assert ClubSettings.of({"language": "deutsch"}).language == "German"
    assert ClubSettings.of({"language": "German"}).changed("items", "5").language == "German"


def test_every_theme_of_the_tables_has_a_name_in_every_language() -> None:
    """Names given by a club stay unchanged; papers with the same theme are grouped."""
    tables = {
        *arxiv_themes._NAMES.values(),
        *arxiv_themes._ARCHIVES.values(),
        arxiv_themes.OTHER,
        *subject_keywords.subjects_in(),
    }
    assert tables == THEME_NAMES
    german = translator(DOMAIN, "de")
    assert theme_title("Computer vision", german) == "Maschinelles Sehen"
    assert theme_title("Unser Thema", german) == "Unser Thema"
    mine = chosen(1)
    mine = replace(mine, candidate=replace(mine.candidate, theme="maschinelles sehen"))
    made = compose(frame(language="German"), [chosen(3), mine, chosen(2)])
    assert [(s.title, len(s.items)) for s in made.sections] == [("Maschinelles Sehen", 2), ("Sprachverarbeitung", 1)]
