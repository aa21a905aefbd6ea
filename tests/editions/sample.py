"""A sample edition with every kind of content, for tests of the renderers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.model.blocks import CodeBlock
from bot.editions.model.document import (
    Badge,
    Chart,
    Check,
    Correction,
    Credit,
    Document,
    Figure,
    Item,
    Letter,
    ListBlock,
    MemberComment,
    NumberedReference,
    Paragraph,
    Period,
    Point,
    Provenance,
    Quotation,
    Related,
    RemarkBlock,
    Section,
    Subheading,
    Theme,
    Thread,
    Work,
)
from bot.editions.model.prose import Citation

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def work(title: str, authors: tuple[str, ...], arxiv: str, year: int) -> Work:
    """A work as stored in the references."""
    return Work(title, authors, f"https://arxiv.org/abs/{arxiv}", title, authors, year=year, arxiv_id=arxiv)


def moco() -> Item:
    """A paper described by quotes and remarks."""
    return Item(
        kind="paper",
        key="arxiv:2104.02057",
        title="An Empirical Study of Training Self-Supervised Vision Transformers",
        url="https://arxiv.org/abs/2104.02057",
        submission=11,
        brought=4,
        authors="Xinlei Chen, Saining Xie, Kaiming He",
        venue="arXiv cs.CV · 5 Apr 2021",
        badges=(
            Badge("paper", "📄 Paper", "https://arxiv.org/abs/2104.02057"),
            Badge("code", "👾 Code", "https://github.com/facebookresearch/moco-v3"),
        ),
        why=("Transformers came to images; does what we know about training without labels come along?",),
        insights=(Paragraph(("Instability hides behind numbers that look good, see also ", Citation(3), ".")),),
        passages=(
            Quotation(
                "This paper does not describe a novel method.", "abstract", source="arxiv:2104.02057v4", start=0, end=44
            ),
            RemarkBlock(
                ("Modest, and therefore worth ten papers that are not: ", Link("code", "https://github.com/a/b"), ".")
            ),
            Subheading("What they did about it"),
            ListBlock(
                (
                    Point(("Looked at the gradients, layer by layer.",)),
                    Point(
                        ("Froze the first layer:",),
                        ListBlock(
                            (Point(("a stop-gradient,",)), Point(("and nothing learned there.",))), numbered=True
                        ),
                    ),
                )
            ),
            Quotation("In this work, we go back to basics.", "section 1", speaker="Kaiming He"),
            Related(
                "Emerging Properties in Self-Supervised Vision Transformers",
                "https://arxiv.org/abs/2104.14294",
                ("came out three weeks later.",),
            ),
        ),
        said=(MemberComment("I froze mine and slept better.", "Ada", "https://wall.test/t-1/5"),),
        votes=5,
        voices=2,
        voters=("Ben", "Cy"),
        threads=(
            Thread("Paper Cats", "slack", "https://slack.test/t-1"),
            Thread("Guild of Readers", "discord", "https://discord.test/t-1"),
        ),
        brought_by=("Ada",),
        provenance=Provenance(
            "extractive", "rules 1", "abstract v4", NOON, (Check("quotes", True), Check("numbers", True))
        ),
        reference=1,
    )


def cascades() -> Item:
    """A paper described by Why and Key insights."""
    return Item(
        kind="paper",
        key="arxiv:2207.10342",
        title="Language Model Cascades",
        url="https://arxiv.org/abs/2207.10342",
        number=1,
        submission=12,
        brought=5,
        authors="David Dohan, Winnie Xu, Aitor Lewkowycz, Jacob Austin, David Bieber, Raphael Gontijo Lopes et al.",
        venue="arXiv cs.CL · 21 Jul 2022",
        badges=(Badge("paper", "📄 Paper", "https://arxiv.org/abs/2207.10342"),),
        why=("Prompts that call prompts are programs; this paper gives them a ", Italic("semantics"), "."),
        insights=(
            ListBlock(
                (
                    Point(("Strings are random variables, and a chain of calls is a graph.",)),
                    Point(("Known tricks such as scratchpads ", Citation(3), " become special cases.")),
                    Point(("Write it down with ", InlineCode("yield sample(model)"), " and ", Bold("infer"), ".")),
                ),
                numbered=True,
            ),
            Paragraph(("Whether it helps in practice is open.",)),
            Figure(
                "https://example.org/cascade.png",
                "A graph of three boxes, question to thought to answer",
                ("Figure 2 of the paper.",),
                ("Source: ", Link("arXiv", "https://arxiv.org/pdf/2207.10342"), "."),
            ),
            CodeBlock("answer = yield sample(model, question)\nreturn answer"),
        ),
        passages=(Quotation("Probabilistic programming languages allow us to work with such cases.", "abstract"),),
        votes=3,
        brought_by=("Ben", "a member"),
        provenance=Provenance("gpt-5-mini", "2", "full text v1", NOON, (Check("numbers", False, "7"),), "Cy"),
        reference=2,
    )


def full() -> Document:
    """The complete sample: every field of the document is set."""
    news = Item(
        kind="news",
        key="suggestion:7",
        title="EMNLP 2021 is held in Punta Cana and online",
        url="https://2021.emnlp.org/",
        suggestion=7,
        why=("The proceedings follow in the ", Link("ACL Anthology", "https://aclanthology.org/"), "."),
        brought_by=("Dee",),
    )
    code = Item(kind="code", key="web:1:github.com/x", title="Scenic", url="https://github.com/google-research/scenic")
    video = Item(
        kind="video", key="suggestion:9", title="A talk worth an hour", url="https://youtu.be/abc", suggestion=9
    )
    pick = Item(kind="paper", key="arxiv:2110.03611", title="Adversarial Retriever-Ranker for dense text retrieval")
    return Document(
        club="Paper Cats & Friends",
        number=3,
        title="Weekly Update — 23 November 2026",
        template="weekly-update",
        period=Period(datetime(2026, 11, 16, 8, tzinfo=UTC), NOON, "Europe/Berlin"),
        issued=NOON,
        headline="Back to basics, and programs made of prompts",
        intro=("14 links submitted and 41 votes cast by 9 members. ", Bold("Two"), " made it."),
        letter=Letter(
            (
                Paragraph(("Dear readers,",)),
                Paragraph(
                    (
                        "this was a week of ",
                        Italic("second looks"),
                        ".",
                    )
                ),
            ),
            "Cy",
        ),
        video=Link("Watch this edition", "https://youtu.be/xyz"),
        reading_minutes=4,
        selected_from=1204,
        selected_where="in cs.CV and cs.CL",
        themes=(Theme("Self-Supervised Learning"), Theme("Language models"), Theme("Code", "Scenic")),
        sections=(
            Section("Self-Supervised Learning", "theme", (moco(),)),
            Section("Language models", "theme", (cascades(),), intro=("One this week.",)),
            Section("News", "news", (news,), "📰"),
            Section("Code", "code", (code,), "👾"),
            Section("Around the field", "meta", (video,), "🧭"),
            Section("Also worth a look", "picks", (pick,), "✨", ("On retrieval, in one line each:",)),
        ),
        charts=(
            Chart(
                "Papers a year",
                (("2019", 1200.0), ("2020", 1680.0), ("2021", 1850.0)),
                "papers",
                ("On arXiv.",),
                "Growth",
            ),
        ),
        references=(
            NumberedReference(1, work(moco().title, ("Xinlei Chen", "Saining Xie", "Kaiming He"), "2104.02057", 2021)),
            NumberedReference(2, work(cascades().title, ("David Dohan", "Winnie Xu"), "2207.10342", 2022), et_al=True),
            NumberedReference(3, work("Show Your Work", ("Maxwell Nye",), "2112.00114", 2021)),
        ),
        sign_off=("See you next week; bring a paper with ", InlineCode("/paper submit"), "."),
        credits=(Credit("Picked by", ("Cy", "Dee")),),
        corrections=(Correction(NOON, "The first number was 4, not 5.", "arxiv:2104.02057"),),
    )


def of_items(count: int) -> Document:
    """An edition with this number of papers in one theme."""
    items = tuple(
        replace(cascades(), key=f"arxiv:2207.{i:05}", number=i, submission=i, reference=0) for i in range(1, count + 1)
    )
    return replace(full(), sections=(Section("Language models", "theme", items),) if items else ())
