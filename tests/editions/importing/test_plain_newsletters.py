"""Newsletters as plain text, without headings: title, items, labels, quotes and closing are found by their lines."""

from __future__ import annotations

import pytest

from bot.editions.importing.dialects.plain_newsletter import with_headings
from bot.editions.model import prose
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import Item
from tests.editions.importing.test_forms_of_programs import read

A, B = "https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/2104.02057"

ENGLISH = f"""The Slow Reader, issue 14

Hello everybody,

two papers this week, and both are about memory. I read them on trains.

1. Memory that forgets on purpose
{A}
By Ada Lovelace and Alan Turing
Why: forgetting is cheap, and cheap things get deployed.
"we delete what nobody asked for in a week"

2) Long contexts, short patience ({B})
The authors ask how long readers wait. Seven seconds (7), it turns out.

See you next week,
Mo
"""
GERMAN = f"""LESELISTE KW 48

Liebe Leserinnen und Leser,

diese Woche geht es ums Messen.

PAPERS

Messen ohne Maßstab

{A}

Warum: weil alle Vergleiche hinken, und dieser gibt es zu.
„Wir messen nur, was sich auch wiederholen lässt.“

Zählen lernen: {B}
Kernaussage: Zahlen in Klammern (3) sind keine Fußnoten.

WERKZEUGE

- Ein Zähler für Zeilen https://github.com/example/zaehler
- Noch einer, in Rust: https://github.com/example/rostig

Viele Grüße
Mo
"""
CHINESE = f"""论文周报 第12期

大家好，本周推荐两篇论文。

1. 一种新的注意力机制
{A}
推荐理由：它几乎改变了一切。
“我们提出了一种全新的简单网络结构”

2. 视觉模型的教师
论文：{B}
要点：训练只需三天（八张显卡）[1]。

参考文献
[1] Vaswani et al. Attention is all you need. 2017.

下期再见！
"""
GREEK = f"""Εβδομαδιαίο δελτίο αρ. 3

Αγαπητοί αναγνώστες, διαβάσαμε δύο άρθρα.

① Προσοχή χωρίς επανάληψη
{A}
Γιατί: αλλάζει τα πάντα.
«Δεν χρειαζόμαστε πια επαναληπτικά δίκτυα εδώ»

② Δάσκαλοι εικόνων
{B}
Βασικά σημεία: λίγα δεδομένα αρκούν.

Καλή ανάγνωση!
"""
FRAMED = f"""==========================
 WEEKLY PAPERS  //  #7
==========================

*** NEWS ***

* ICML moved its deadline: https://icml.example/dates
* A new mailing list has opened: https://lists.example/ml

*** PAPERS ***

[1] Small is enough - Doe et al. - {A}
    "the smallest of them all is enough"

[2] Big is better - Roe et al. - {B}
    Another one.

--
Mo, for the reading group
"""


@pytest.mark.parametrize(
    ("text", "title", "sections", "items", "quotes", "closing"),
    [
        (ENGLISH, "The Slow Reader, issue 14", ["Research"],
         ["Memory that forgets on purpose", "Long contexts, short patience"],
         ["we delete what nobody asked for in a week"], "See you next week,\nMo"),
        (GERMAN, "LESELISTE KW 48", ["PAPERS", "WERKZEUGE"],
         ["Messen ohne Maßstab", "Zählen lernen", "Ein Zähler für Zeilen", "Noch einer, in Rust"],
         ["Wir messen nur, was sich auch wiederholen lässt."], "Viele Grüße\nMo"),
        (CHINESE, "论文周报 第12期", ["Research"], ["一种新的注意力机制", "视觉模型的教师"],
         ["我们提出了一种全新的简单网络结构"], "下期再见！"),
        (GREEK, "Εβδομαδιαίο δελτίο αρ. 3", ["Research"], ["Προσοχή χωρίς επανάληψη", "Δάσκαλοι εικόνων"],
         ["Δεν χρειαζόμαστε πια επαναληπτικά δίκτυα εδώ"], "Καλή ανάγνωση!"),
        (FRAMED, "WEEKLY PAPERS  //  #7", ["NEWS", "PAPERS"],
         ["ICML moved its deadline", "A new mailing list has opened", "Small is enough - Doe et al.",
          "Big is better - Roe et al."],
         ["the smallest of them all is enough"], "Mo, for the reading group"),
    ],
)  # fmt: skip
def test_a_plain_text_is_read_by_its_lines(
    text: str, title: str, sections: list[str], items: list[str], quotes: list[str], closing: str
) -> None:
    found = read(text)
    made = found.document
    assert made.title == title
    assert [section.title for section in made.sections] == sections
    assert [item.title for item in made.items] == items
    assert {A, B} <= {item.url for item in made.items}
    assert [b.text for item in made.items for b in item.passages if isinstance(b, Quotation)] == quotes
    assert prose.plain(made.sign_off) == closing
    assert [said for said in found.questions if "by numbers and links" in said]
    assert not [said for said in found.questions if "not in the draft" in said], "every word has its place"


def item(text: str, number: int) -> Item:
    return read(text).document.items[number]


def test_labels_names_and_references_are_read_line_by_line() -> None:
    assert item(ENGLISH, 0).authors == "Ada Lovelace and Alan Turing"
    assert item(ENGLISH, 0).why == ("forgetting is cheap, and cheap things get deployed.",)
    assert prose.plain(item(CHINESE, 0).why) == "它几乎改变了一切。"
    assert "三天" in str(item(CHINESE, 1).insights)
    assert [entry.number for entry in read(CHINESE).document.references][:1] == [1]
    assert [section.kind for section in read(GERMAN).document.sections] == ["theme", "code"]


def test_a_sentence_about_a_paper_is_an_item_without_a_title() -> None:
    text = f"Two things.\n\nFirst, see {A}, where recurrence is dropped.\n\nThen there is {B}. It needs less."
    made = read(text)
    assert [entry.title for entry in made.document.items] == [A, B], "the import asks their sources"
    assert [said for said in made.questions if "title" in said]


FIRST, SECOND, NEWS = f"1. One title\n{A}", f"2. Another title\n{B}", "- A call: https://calls.example/1"


@pytest.mark.parametrize(
    ("text", "news"),
    [
        (f"Week\n\nHello,\n\n{FIRST}\nA text.\n\n{SECOND}\nA text.\n\nNEWS\n\n{NEWS}\n", ["A call"]),
        (f"Week\n\n{FIRST}\nA text.\n{SECOND}\nA text.\nNews:\n{NEWS}\n", ["A call"]),
        (f"Week\n\n1. One title {A}\n\nA text.\n\n2. Another title: {B}\n\nA text.\n\nNEWS\n{NEWS}\n", ["A call"]),
        (f"Week\n\n1. One title\n\n{A}\n\nA text.\n\n2. Another title\n\n{B}\n\nNEWS\n\n{NEWS}\n", ["A call"]),
        (f"# Week\n\n{FIRST}\nA text.\n\n{SECOND}\nA text.\n\n## News\n\n{NEWS}\n", ["A call"]),
        (f"Week\n\n{FIRST}\n\nWhy it matters: so.\n\n{SECOND}\n- It is short.\n- It is long.\n", []),
        (f"Week\n\n{FIRST}\nWhy it matters: so.\n\n2. Another title\n   {B}\n   • It is short.\n", []),
    ],
)
def test_a_numbered_line_with_a_link_begins_an_item_whatever_follows(text: str, news: list[str]) -> None:
    found = read(text)
    assert [entry.title for entry in found.document.items] == ["One title", "Another title", *news]
    assert [entry.url for entry in found.document.items][:2] == [A, B]
    assert not [said for said in found.questions if "not in the draft" in said]


@pytest.mark.parametrize(
    "text",
    [
        "We met on Monday.\n\n1. We moved.\n\n2. We celebrated.\n",
        f"# Week\n\n## Papers\n\n### [One]({A})\n\n1. so\n\n2. thus: {B}\n",
        f"# Week\n\n## Papers\n\n[One]({A}): it is short.\n\n[Two]({B}): it is long.\n",
        "Only words.",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert with_headings(text, "Research") == (text, 0)


@pytest.mark.parametrize("sign", ["・", "• ", "·", "►", "– "])
def test_points_with_any_bullet_are_items(sign: str) -> None:
    made = read(f"论文周报\n\n{sign}第一 {A}\n{sign}第二 {B}\n").document
    assert [(entry.title, entry.url) for entry in made.items] == [("第一", A), ("第二", B)]
