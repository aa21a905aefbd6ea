"""Newsletters written for a wiki (MediaWiki, Jira, Confluence) or in LaTeX."""

from __future__ import annotations

import re
from time import process_time

import pytest

from bot.editions.importing.converters.markup_languages import as_markdown
from bot.editions.model import prose
from bot.editions.model.blocks import CodeBlock, Figure, ListBlock, Quotation
from bot.editions.render import markdown
from tests.editions.importing.test_forms_of_programs import read
from tests.editions.importing.test_items_of_newsletters import ATTENTION, LORA, QUOTE, again

WIKI = f"""{{{{DISPLAYTITLE:Reading group, week 42}}}}
__TOC__
'''Hello everyone''', here is what the group read. See also [[Reading group|our page]]. <!-- not yet -->

== Language models ==

=== [{LORA} LoRA: Low-Rank Adaptation] ===
''Edward J. Hu, Yelong Shen''

'''Why:''' it is cheap, see [https://code.example.org the code].<ref name="hu">Hu, [{LORA} LoRA], 2021.</ref>

* first ''insight''
** nested insight
* second insight

<blockquote>{QUOTE}</blockquote>

=== Attention Is All You Need ===
: [{ATTENTION} arXiv:1706.03762]

# one point
# two points

; Transformer : a network of attention
; Head
: one of eight

[[File:Transformer big.png|thumb|300px|The architecture]]

{{| class="wikitable"
! Model !! BLEU
|-
| Base || 27.3
|-
| style="x" | Big
| 28.4
|}}

The result holds<ref name="hu" /> and more<ref>Siehe {{{{arxiv|1706.03762}}}}</ref>.

<syntaxhighlight lang="python">
print("== not a heading ==")
</syntaxhighlight>

== News ==
* The meeting moved to [https://lyon.example.fr/ Lyon].

== References ==
<references />

[[Category:Reading group]]
"""

JIRA = f"""{{toc:maxLevel=2}}
h1. Reading group, week 42

*Hello everyone*, here is what the group read.

h2. Language models

h3. [LoRA: Low-Rank Adaptation|{LORA}]

*Why:* it is _cheap_, see [the code|https://code.example.org/lora].

* first insight with {{{{loralib}}}}
** nested insight
- second insight

{{quote}}
{QUOTE}
{{quote}}

h3. Attention Is All You Need
[arXiv|{ATTENTION}] | [Code|https://github.com/tensorflow/tensor2tensor]

# one point
# two points

||Model||BLEU||
|Base|27.3|
|Big|[28.4|https://bleu.example.org/]|

!https://pictures.example.org/transformer.png|width=300,alt=The architecture!

{{code:python}}
# h1. not a heading
print(1)
{{code}}

{{panel:title=Remember}}
The {{color:red}}deadline{{color}} is Friday.
{{panel}}

h2. News
* The meeting moved to [Lyon|https://lyon.example.fr/].
"""

LATEX = rf"""\documentclass[11pt]{{article}}
\usepackage{{hyperref}} % links
\newcommand{{\lora}}{{\textsc{{LoRA}}}}
\newcommand{{\by}}[1]{{\emph{{by #1}}}}
\title{{Reading group, \\ week 42}}
\author{{Tove Lind}}
\begin{{document}}
\maketitle

Hello everyone, here is what we read --- on ``Monday''. % a comment

\section{{Language models}}

\subsection{{\href{{{LORA}}}{{LoRA: Low-Rank Adaptation}}}}

\textbf{{Why:}} \lora{{}} is \emph{{cheap}}~\cite{{hu2021}}, at 50\% of the cost, \by{{Hu}}. See \url{{https://code.example.org/lora}}.

\begin{{itemize}}
  \item first insight, $O(n^2)$
  \begin{{itemize}}
    \item nested insight in \texttt{{lora\_lib}}
  \end{{itemize}}
  \item[Second] insight
\end{{itemize}}

\begin{{quote}}
{QUOTE}
\end{{quote}}

\subsection{{Attention Is All You Need}}\label{{sec:attention}}
\url{{{ATTENTION}}}

\begin{{enumerate}}
\item one point\footnote{{Said by Erd\H{{o}}s and M\"uller.}}
\item two points
\end{{enumerate}}

\begin{{figure}}[h]
\centering
\includegraphics[width=\textwidth]{{figures/transformer.png}}
\caption{{The architecture \& its heads}}\label{{fig:heads}}
\end{{figure}}

As Figure~\ref{{fig:heads}} shows \citep[p.~4]{{vaswani2017,hu2021}}, it is simple \citep{{unknown1999}}.

\begin{{tabular}}{{|l|r|}}
\hline
Model & BLEU \\ \hline
Big & 28.4 \\
\end{{tabular}}

\begin{{verbatim}}
\section{{not a heading}}
\end{{verbatim}}

\section*{{News}}
\begin{{itemize}}
\item The meeting moved to \href{{https://lyon.example.fr/}}{{Lyon}}.
\end{{itemize}}

\begin{{thebibliography}}{{9}}
\bibitem{{hu2021}} E. Hu et al. \emph{{LoRA}}. \url{{{LORA}}}
\bibitem[Vaswani(2017)]{{vaswani2017}} A. Vaswani et al. Attention Is All You Need. arXiv:1706.03762
\end{{thebibliography}}
\end{{document}}
"""


@pytest.mark.parametrize("text", [WIKI, JIRA, LATEX], ids=["MediaWiki", "Jira", "LaTeX"])
def test_headings_links_lists_quotes_tables_pictures_and_code_are_read(text: str) -> None:
    found = read(text)
    made = found.document
    assert " ".join(made.title.split()) == "Reading group, week 42"
    assert [(section.title, section.kind) for section in made.sections] == [
        ("Language models", "theme"),
        ("News", "news"),
    ]
    lora, attention = made.sections[0].items
    assert (lora.title, lora.key, attention.key) == (
        "LoRA: Low-Rank Adaptation",
        "arxiv:2106.09685",
        "arxiv:1706.03762",
    )
    assert "cheap" in prose.plain(lora.why)
    assert [quote.text for quote in lora.passages if isinstance(quote, Quotation)] == [QUOTE]
    points = next(block for block in lora.passages if isinstance(block, ListBlock))
    assert sum(1 for _depth, _point, _number in points.rows()) == 3
    kinds = [type(block) for block in attention.passages]
    assert {ListBlock, Figure, CodeBlock} <= set(kinds)
    assert [prose.plain(p.words) for p in attention.passages[0].points][1] == "two points"  # type: ignore[union-attr]
    exported = markdown.render(made)
    assert "Model: Big; BLEU: " in exported or "28.4" in exported
    assert "Lyon" in exported
    again(found)


def test_a_wikis_references_are_those_of_the_edition() -> None:
    made = read(WIKI).document
    assert [(entry.number, entry.work.url) for entry in made.references] == [(1, LORA), (2, ATTENTION)]
    exported = markdown.render(made)
    assert r"The result holds \[1\] and more \[2\]." in exported
    assert "**Head**: one of eight" in exported
    assert not re.search("Category|not yet", exported)


def test_works_that_latex_cites_keep_their_numbers_and_unknown_keys_are_asked_about() -> None:
    found = read(LATEX)
    exported = markdown.render(found.document)
    assert r"*cheap* \[1\], at 50% of the cost, *by Hu*" in exported
    assert r"As Figure 1 shows \[2\], \[1\] (p. 4), it is simple" in exported
    assert r"one point \[3\]" in exported
    assert [entry.number for entry in found.document.references] == [1, 2, 3]
    assert "Said by Erdős and Müller." in exported
    assert any("[@unknown1999]" in question for question in found.questions)
    assert not any(
        "\\" in re.sub(r"\\[\[\]_#]", "", line) for line in exported.split("\n") if "not a heading" not in line
    )


def test_what_only_steers_a_page_is_not_shown() -> None:
    shown = markdown.render(read(JIRA).document)
    assert not re.search(r"\{|h[1-3]\. (?!not)|color|maxLevel|width=", shown.replace("h1. not", ""))
    assert "**Remember**\n\nThe deadline is Friday." in shown
    assert "[28.4](https://bleu.example.org/)" in shown


def test_slides_are_items() -> None:
    text = rf"""\documentclass{{beamer}}
\title{{Journal club}}
\subtitle{{What we read in May}}
\begin{{document}}
\frame{{\titlepage}}
\section{{Tuning}}
\begin{{frame}}{{LoRA}}
  \url{{{LORA}}}
  \begin{{itemize}}
    \item<1-> {{\bf Why:}} cheap
    \item It \textbf{{scales \emph{{very}} well}}
  \end{{itemize}}
\end{{frame}}
\begin{{frame}}
\frametitle{{Attention}}
See \href{{{ATTENTION}}}{{the paper}}.
\begin{{block}}{{Remember}}
Read section~3.
\end{{block}}
\end{{frame}}
\end{{document}}
"""
    made = read(text).document
    assert (made.title, made.headline) == ("Journal club", "What we read in May")
    assert [item.title for item in made.sections[0].items] == ["LoRA", "Attention"]
    exported = markdown.render(made)
    assert "It **scales very well**" in exported
    assert "**Remember**\n\nRead section 3." in exported


def test_a_wiki_page_whose_first_heading_stands_above_all_others_has_it_as_its_title() -> None:
    text = f"== Week 42 ==\n\n=== Papers ===\n* [{LORA} LoRA] – cheap\n* [{ATTENTION} Attention] – ''old''\n"
    text += "\n=== News ===\nNone.\n"
    made = read(text).document
    assert (made.title, [section.title for section in made.sections]) == ("Week 42", ["Papers"])
    assert [item.title for item in made.sections[0].items] == ["LoRA", "Attention"]


@pytest.mark.parametrize(
    "text",
    [
        "# Digest\n\n## Papers\n\n- a == b == c\n- h2. is no heading\n\n[[1]](https://a.example/)\n",
        "# Digest\n\nUse `\\section{x}` for a section, and {code} for code.\n\n## Papers\n",
    ],
)
def test_markdown_that_names_signs_of_other_languages_stays_markdown(text: str) -> None:
    assert as_markdown(text) == text


@pytest.mark.parametrize("begin", ["\\documentclass{a}\n\\begin{document}\n", "== a ==\n[[b]]\n", "h1. a\n"])
@pytest.mark.slow
def test_marks_that_are_never_closed_take_linear_time(begin: str) -> None:
    marks = (
        "\\begin{verbatim}\n", "\\begin{equation}", "\\[", "\\(", "$$ ", "\\section{", "\\cite{", "{\\bf ", "\\item[",
        "\\newcommand{\\a}{\\a\\a}", "{{a|", "[[File:a|", "[http://a ", "<ref>", "<ref ", "<!--", "<math>",
        "<pre>", "'''",
        "{|\n|a\n", "<blockquote>", "{code}", "{quote}", "{panel:title=a", "[a|", "!a.png", "{{", "||a|\n", "??",
    )  # fmt: skip
    begun = process_time()
    for mark in marks:
        as_markdown(begin + mark * (60_000 // len(mark)))
    assert process_time() - begun < 25
