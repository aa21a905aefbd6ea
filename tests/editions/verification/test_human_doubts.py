"""Doubts about what people write: likely mistakes, ranked, and never ordinary words."""

from __future__ import annotations

import pytest

from bot.editions.verification.human_doubts import HumanTextChecker

SOURCE = """Sorting networks by hand

We train 175 small networks on ImageNet, and each of them learns to sort without any labels at all. Our best network
reaches an accuracy of 87.3% on the test set, which is 4.1 points above the former best one."""


def doubts(text: str) -> list[str]:
    return [doubt.claim.text for doubt in HumanTextChecker(SOURCE).doubts_in(text)]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("The best network reaches an accuracy of 78.3% on the test set.", "78.3%"),
        ("They train small networks on CIFAR-10 that learn to sort without labels.", "CIFAR-10"),
        ("Each of the 157 small networks learns to sort without any labels.", "157"),
    ],
)
def test_a_figure_or_a_name_that_was_confused_is_doubted(text: str, mistake: str) -> None:
    assert doubts(text) == [mistake]


MADE_UP, TRUE = "each learns to juggle lovely pears", "each of them learns to sort"


@pytest.mark.parametrize(
    "form",
    [
        "“{}” (abstract)", "“{}” — Abstract", "“{}” (p. 4)", "Abstract: “{}”", "- “{}”", "1. “{}”", "→ “{}”",
        'According to the paper: "{}"', "The authors write: “{}”, and they never fail at it.",
        "The paper notes “{}” early.", "“{}”, the authors say.",
    ],
)  # fmt: skip
def test_words_that_are_said_to_be_the_papers_are_looked_up(form: str) -> None:
    assert [claim.strip('“”"') for claim in doubts(f"A first line.\n{form.format(MADE_UP)}")] == [MADE_UP]
    assert doubts(f"A first line.\n{form.format(TRUE)}") == []
    assert doubts(f"A first line.\nSome call it “{MADE_UP}”, as a joke.") == [], "a phrase that is only mentioned"


def test_a_long_quote_is_doubted_wherever_it_stands() -> None:
    made_up = "“each of them learns to sort with a great many labels after all, which took us three years”"
    assert doubts(f"- {made_up}") == [made_up]
    assert doubts("“each of them learns to sort without any labels at all” is the claim.") == []
    assert doubts("It is “the good from the bad” again.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Yes. Popularly, Deep Learning and Neural Networks get the credit; N is large.",
        "Our reading group met 3 times, and 40 people came from Berlin and Paris.",
        "Read it next to GPT-3 and the 2017 paper on attention.",
        "They train 175 small networks on ImageNet.",
    ],
)
def test_ordinary_words_and_other_knowledge_are_not(text: str) -> None:
    assert doubts(text) == []


def test_the_likeliest_mistake_comes_first() -> None:
    near = "The best network reaches an accuracy of 78.3% on the test set."
    far = "On the test set somebody else would have hoped for a far larger accuracy of 99.9% this year."
    assert doubts(f"{far} {near}")[0] == "78.3%"


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("It gets (97) BLEU.", ["97"]),
        ("73 BLEU", ["73"]),
        ("(73)", ["73"]),
        ("(9)\nThe model is good.", ["9"]),
        ("96, 98 and 99 BLEU", ["96", "98", "99"]),
        ("Everybody in our reading group liked that its BLEU score is about 61, honestly.", ["61"]),
        ("My colleague from Berlin is happy to see an accuracy (97) of this kind.", ["97"]),
        ("It gains 97%.", ["97%"]),
        ("Its templates come from many people (36), as one of them said in Berlin.", ["36"]),
        ("It is 60x faster.", ["60x"]),
    ],
)
def test_an_invented_measurement_is_doubted_in_any_sentence(text: str, invented: list[str]) -> None:
    assert doubts(text) == invented


@pytest.mark.parametrize(
    "text",
    [
        "An accuracy of 87.3%, and (87.3).",
        "(1) Fast. (2) Small.",
        "See Equation (3) and others (2017).",
        "Okay. Wow. Small networks learn to sort.",
        "Worth 5 minutes.",
        "Look at this twice.",
        "It is 3 pages.",
    ],
)
def test_other_numbers_of_short_sentences_are_not(text: str) -> None:
    assert doubts(text) == []


@pytest.mark.parametrize(
    ("text", "invented"),
    [
        ("Das Verfahren schafft 3.5 % mehr als alle Vorgänger, und das ohne Beschriftung.", ["3.5 %"]),
        ("Das Verfahren schafft 3,5\u202f% mehr als alle Vorgänger, und das ohne Beschriftung.", ["3,5\u202f%"]),
        ("Ganze 12 Prozent der Fehler fallen damit bei jedem Lauf einfach weg.", ["12 Prozent"]),
        ("Ganze 87,3 Prozent der Bilder werden damit richtig sortiert.", []),
        ("Es sind 4,1 Prozentpunkte mehr als beim bisher besten Verfahren der Welt.", []),
        ("Es sind 5,1 Prozentpunkte mehr als beim bisher besten Verfahren der Welt.", ["5,1 Prozentpunkte"]),
        ("La méthode gagne 12 pour cent de plus que toutes les autres méthodes connues.", ["12 pour cent"]),
        ("El método gana un 99 por ciento más que todos los métodos anteriores.", ["99 por ciento"]),
        ("Il metodo guadagna il 99 per cento in più di tutti i metodi precedenti.", ["99 per cento"]),
        ("O método ganha 99 por cento a mais que todos os métodos anteriores.", ["99 por cento"]),
        ("De methode wint 99 procent meer dan alle bekende eerdere methoden.", ["99 procent"]),
        ("这个方法比之前的方法提高了 12％ 的准确率", ["12％"]),
        ("In our view it wins 99 % of all the games that people play at home.", ["99 %"]),
        ("Their answer comes in 12 ms and so fits into every application we have at home.", ["12 ms"]),
        ("They make 3 points that everybody in our group liked a lot.", []),
        ("A confidence is good if, for example, a forecast of 90% comes true nine times of ten.", []),
        ("Gut ist eine Vorhersage, wenn z. B. eine Angabe von 90 % auch so oft stimmt.", []),
        ("Our group played with 55 new numbers and was rather happy about them.", []),
    ],
)
def test_a_percentage_is_held_against_the_source_in_long_sentences_of_any_language(
    text: str, invented: list[str]
) -> None:
    assert doubts(text) == invented
