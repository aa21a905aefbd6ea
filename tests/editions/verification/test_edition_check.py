"""Check of an edition against its sources: verbatim quotes; grounded numbers, names and links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.rich_text import Bold
from bot.domain.summary_values import Passage
from bot.editions.model.blocks import (
    Block,
    ListBlock,
    Paragraph,
    Point,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.document import Document, Item, Section
from bot.editions.model.prose import Citation
from bot.editions.verification import edition_check
from bot.editions.verification.edition_check import (
    SourceTexts,
    doubts,
    is_verbatim,
    likely_mistakes,
    misquoted,
    texts_by_author,
    ungrounded,
    unsupported_claims,
)
from tests.editions.sample import full, moco

TEXT = "We train 175 small networks. Each of them learns to sort ImageNet without any labels at all."
READ = SourceTexts("Sorting", (Passage("abstract", TEXT),))
WORD = "learns to sort ImageNet without any labels"


def paper(*blocks: Block, **more: object) -> Item:
    """A paper of an edition with only these blocks."""
    bare = replace(moco(), key="a", title="Sorting", why=(), insights=(), passages=(), said=())
    return replace(bare, passages=blocks, **more)  # type: ignore[arg-type]  # fields of one value


def edition(*items: Item) -> Document:
    return replace(full(), sections=(Section("Papers", "theme", items=items),))


def doubts_of(document: Document, read: SourceTexts = READ) -> list[str]:
    return [doubt.description for doubt in ungrounded(document, {"a": read})]


def test_a_quote_that_stands_nowhere_is_found_and_one_that_stands_is_not() -> None:
    item = paper(Quotation(WORD, "abstract"), Quotation("learns to sort everything without labels", "abstract"))
    (doubt,) = misquoted(edition(item), {"a": READ})
    assert (doubt.item, doubt.description) == (item, "learns to sort everything without labels")


def test_a_quote_is_looked_for_in_its_own_item_alone() -> None:
    mine, others = paper(Quotation(WORD, "abstract")), paper(Quotation(WORD, "abstract"), key="b")
    doubts_ = list(
        misquoted(edition(mine, others), {"a": READ, "b": SourceTexts("Other", (Passage("abstract", "No."),))})
    )
    assert [doubt.item.key for doubt in doubts_] == ["b"]


def test_a_quote_of_what_nobody_has_read_stands_nowhere() -> None:
    assert [d.description for d in misquoted(edition(paper(Quotation(WORD, "abstract"))), {})] == [WORD]
    assert list(misquoted(edition(paper()), {})) == []


def test_a_title_is_no_passage_to_quote_from() -> None:
    assert not is_verbatim("Sorting networks by hand", SourceTexts("Sorting networks by hand", ()))


def test_what_was_found_for_one_text_is_not_taken_for_another() -> None:
    assert is_verbatim(WORD, READ)
    assert not is_verbatim(WORD, SourceTexts("Sorting", (Passage("abstract", TEXT.replace("any", "all")),)))
    assert unsupported_claims("It has 175 parts.", TEXT) == ()
    assert unsupported_claims("It has 175 parts.", TEXT.replace("175", "176")) != ()


@pytest.mark.parametrize("where", ["why", "insights", "points"])
def test_a_number_that_is_not_in_the_source_is_doubted_wherever_it_is_said(where: str) -> None:
    good, bad = ("It trains 175 networks.",), ("It trains ", Bold("530B"), " networks.")

    def item(words: tuple[object, ...]) -> Item:
        if where == "why":
            return paper(why=words)
        if where == "insights":
            return paper(insights=(Paragraph(words),))  # type: ignore[arg-type]  # prose
        return paper(insights=(ListBlock((Point(("One.",), ListBlock((Point(words),))),)),))  # type: ignore[arg-type]  # prose

    assert doubts_of(edition(item(good))) == []
    (doubt,) = doubts_of(edition(item(bad)))
    assert "530B" in doubt


def test_the_title_counts_as_read() -> None:
    item = paper(why=("It sorts 999 things.",))
    assert doubts_of(edition(item)) != []
    assert doubts_of(edition(item), SourceTexts("Sorting 999 things", READ.passages)) == []


def test_the_numbers_of_citations_are_the_editions_own() -> None:
    item = paper(
        why=("It trains networks ", Citation(31), "."), insights=(Paragraph(("As before ", Citation(32), ".")),)
    )
    assert texts_by_author(item) == ("It trains networks .\nAs before .", "")
    assert doubts_of(edition(item)) == []


def test_notes_and_the_points_of_lists_are_texts_of_people() -> None:
    item = paper(
        Paragraph(("A note ", Citation(3), ".")),
        RemarkBlock(("A remark.",)),
        Related("Another paper", "https://example.org/p", note=("It began this.",)),
        ListBlock((Point(("One.",), ListBlock((Point(("Two ", Citation(4), ".")),))),)),
        Quotation(WORD, "abstract"),
    )
    assert texts_by_author(item) == ("", "A note .\nA remark.\nIt began this.\nOne.\nTwo .")


def test_only_papers_of_which_something_was_read_are_held_against_it() -> None:
    said = ("It trains 530B networks.",)
    assert doubts_of(edition(paper(why=said))) != []
    assert doubts_of(edition(paper(why=said, kind="blog"))) == []
    assert doubts_of(edition(paper(why=said)), SourceTexts("Sorting", ())) == []
    assert doubts_of(edition(paper(why=said, key="unread"))) == []
    assert doubts_of(edition(paper())) == []


def test_what_a_moderator_vouches_for_counts_where_the_club_lets_them() -> None:
    vouched = Quotation("learns to sort everything without labels", "talk", voucher="Mo")
    document = edition(paper(vouched, Quotation("sorts the whole world at once", "abstract")))
    for source, left in ((READ, ["sorts the whole world at once"]), (replace(READ, vouching=False), 2 * [""])):
        assert len(list(misquoted(document, {"a": source}))) == len(left)
    strict = replace(READ, vouching=False)
    assert list(misquoted(edition(paper(Quotation(WORD, "abstract", voucher="Mo"))), {"a": strict})) == []
    assert list(misquoted(edition(paper(vouched)), {})) == [], "with nothing read, too"


def test_texts_of_people_and_of_the_writer_are_kept_apart() -> None:
    item = paper(
        Paragraph(("First note.",)),
        ListBlock((Point(("A point.",), ListBlock((Point(("Within.",)),))),)),
        RemarkBlock(("A remark.",)),
        Subheading("Heading"),
        Quotation(WORD, "abstract"),
        why=("It trains 175 networks.",),
    )
    assert texts_by_author(item) == ("It trains 175 networks.", "First note.\nA point.\nWithin.\nA remark.")
    assert texts_by_author(paper(Paragraph((" ",)), Paragraph(("Words.",)), why=(" ",))) == ("", "Words.")


async def test_the_claims_of_a_writer_come_before_the_likely_mistakes_of_people() -> None:
    mine = paper(
        Paragraph(("We train 176 small networks and many other strange things.",)), why=("It trains 530B networks.",)
    )
    others = paper(Paragraph(("Each of them learns to sort ImageNet with 999 labels.",)), key="b", kind="paper")
    read = {"a": READ, "b": READ}
    claims = list(ungrounded(edition(mine, others), read))
    assert claims[0].generated
    assert "530B" in claims[0].description
    assert [claim.generated for claim in claims[1:]] == [False] * (len(claims) - 1)
    scores = {
        (item.key, words): score
        for item in (mine, others)
        for score, words in likely_mistakes(texts_by_author(item)[1], READ.text)
    }
    ranked = [scores[claim.item.key, claim.description] for claim in claims[1:]]
    assert len(ranked) > 1
    assert ranked == sorted(ranked, reverse=True)
    assert len(set(ranked)) > 1, "else their order shows nothing"
    misread, unfounded = await doubts(edition(mine, others), read)
    assert (misread, unfounded) == ([], claims)


def test_likely_mistakes_are_named_once_the_likeliest_first() -> None:
    text = "We train 176 small networks and 12 more of Gurgelnet. We train 176 small networks."
    found = likely_mistakes(text, READ.text)
    assert [score for score, _ in found] == sorted((score for score, _ in found), reverse=True)
    assert len({words for _, words in found}) == len(found) > 1
    assert likely_mistakes("", READ.text) == ()
    assert unsupported_claims("", READ.text) == ()


def test_a_citation_of_nothing_is_told_of() -> None:
    def marks(*blocks: Block) -> list[str]:
        return [one for one in doubts_of(edition(paper(*blocks, provenance=None))) if one.startswith("citation")]

    assert len(marks(Paragraph(("As shown before ", Citation(9_997), ".")))) == 1
    assert marks(Paragraph(("As shown before.",))) == []


@pytest.mark.parametrize(
    ("cache", "most"),
    [
        (edition_check._CLAIMS_CACHE, 1_000),
        (edition_check._MISTAKES_CACHE, 1_000),
        (edition_check._VERBATIM_CACHE, 5_000),
    ],
)
def test_results_of_so_many_texts_are_remembered(cache: edition_check._Cache[Any], most: int) -> None:
    for number in range(most + 1):
        cache.of((f"a text of its own {number}",), tuple)
    assert len(cache._results) == most
    assert cache.of(("a text of its own 1",), lambda: "new") == ()
    assert cache.of(("a half \ud800",), lambda: "whatever is typed") == "whatever is typed"


def test_remembering_has_an_end() -> None:
    found: edition_check._Cache[int] = edition_check._Cache(2)
    asked: list[str] = []

    def of(text: str) -> int:
        return found.of((text,), lambda: asked.append(text) or len(asked))  # type: ignore[func-returns-value]  # notes

    assert [of("a"), of("b"), of("a"), of("c"), of("c"), of("a")] == [1, 2, 1, 3, 3, 4]
    assert found.of(("a", "b"), lambda: 9) != found.of(("ab",), lambda: 8), "two texts are not one"
