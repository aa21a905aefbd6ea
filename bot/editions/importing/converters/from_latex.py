r"""LaTeX drafts as Markdown: `\section`, `\href`, lists, figures, tables, `\cite` with its `\bibitem`s, footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.editions.importing.converters.latex_groups import LatexCommand, with_commands, with_own_commands
from bot.editions.importing.markdown.delimited import with_delimited
from bot.editions.importing.markdown.front_matter import front_matter
from bot.editions.importing.markdown.markdown_lists import markdown_table, with_numbers
from bot.latex.reader import latex_to_text

_SIGNS = re.compile(r"^[ \t]*\\(?:documentclass|begin\{document\}|(?:sub)?section\*?\{|chapter\*?\{)", re.MULTILINE)
_CODE = re.compile(
    r"\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted)\}"
    r"(?P<given>(?:\[[^\[\]\n]{0,200}\])?(?:\{[^{}\n]{0,40}\})?)[ \t]*\n"
)
_COMMENT = re.compile(r"(?<!\\)(?P<kept>(?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
_DISPLAYED = re.compile(
    r"\\begin\{(?P<name>equation\*?|align\*?|gather\*?|multline\*?|eqnarray\*?|displaymath|math)\}|\\\[|\$\$"
)
_FORMULA = re.compile(r"(?<![\\$])\$(?=[^\s$])(?:[^$\\\n]|\\.){1,400}?\$(?!\$)")
_TABLE = re.compile(r"\\begin\{(?P<name>tabular[xy]?\*?|longtable)\}")
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfoot|endfirsthead)(?![A-Za-z])"
    r"|\\(?:cline|cmidrule(?:\([^()\n]{0,10}\))?)\{[^{}\n]{0,20}\}"
)
_BLOCK = re.compile(r"\\(begin|end)[ ]?\{([A-Za-z]+\*?)\}")
_ITEM = re.compile(r"\\item(?![A-Za-z])(?:<[^<>\n]{0,30}>)?[ \t]*(?:\[((?:[^\[\]\\]|\\.){0,300})\])?[ \t]*")
_FRAME = re.compile(r"\\begin\{frame\}(?:\[[^\[\]\n]{0,100}\])?\s*(?:\{|\\frametitle\{)([^{}\n]{1,200})\}")
"""The beginning of a slide with its title."""
_HEADINGS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4}
_LISTS = {"itemize": "- ", "enumerate": "1. ", "description": "- ", "compactitem": "- ", "compactenum": "1. "}
_QUOTES = ("quote", "quotation", "displayquote", "quoting", "verse", "blockquote")
_BOXES = ("block", "alertblock", "exampleblock", "tcolorbox")
_FLOATS = ("figure", "figure*", "table", "table*", "wrapfigure", "SCfigure")
_STYLES = {
    "textbf": "**", "emph": "*", "textit": "*", "textsl": "*", "texttt": "`", "uline": "", "underline": "",
    "textsc": "", "textrm": "", "textsf": "", "mbox": "", "text": "", "frame": "",
}  # fmt: skip
_CITES = (
    "cite", "citep", "citet", "citeauthor", "citeyear", "citealp", "citealt", "parencite", "textcite", "autocite",
    "footcite", "Citet", "Citep", "nocite",
)  # fmt: skip
_SWITCH = re.compile(r"\{\\(bf|bfseries|it|itshape|em|tt|ttfamily|sc|scshape|sl|small|large|Large|footnotesize)\b[ ]?")
_SWITCHED = {"bf": "textbf", "bfseries": "textbf", "it": "emph", "itshape": "emph", "em": "emph", "sl": "emph",
             "tt": "texttt", "ttfamily": "texttt"}  # fmt: skip
_STEERING = {
    "label": 1, "vspace": 1, "hspace": 1, "centering": 0, "maketitle": 0, "tableofcontents": 0, "newpage": 0,
    "clearpage": 0, "noindent": 0, "bigskip": 0, "medskip": 0, "smallskip": 0, "pagestyle": 1, "thispagestyle": 1,
    "bibliographystyle": 1, "bibliography": 1, "printbibliography": 0, "appendix": 0, "raggedright": 0, "small": 0,
    "footnotesize": 0, "par": 0, "newline": 0, "linebreak": 0, "pagebreak": 0, "setlength": 2, "addtolength": 2,
    "usepackage": 1, "titlepage": 0, "pause": 0, "hfill": 0, "vfill": 0, "indent": 0, "onecolumn": 0, "twocolumn": 0,
    "protect": 0, "relax": 0, "normalsize": 0, "large": 0, "Large": 0, "sloppy": 0, "addcontentsline": 3, "color": 1,
}  # fmt: skip
"""Commands that only steer the page, with their numbers of arguments."""
MAX_NESTING = 30
"""Nesting of commands, and of environments, that is read."""
_HELD = re.compile("\ue020([0-9]+)\ue021")
_SIGN = re.compile(r"([\\`*_\[\]<>#|])")


def is_latex(text: str) -> bool:
    """True for a text with the beginning of a LaTeX document, or with its sections, and no heading of Markdown."""
    head = text[:20_000]
    return bool(_SIGNS.search(head)) and not re.search(r"^#{1,3} \S", head, re.MULTILINE)


def latex_as_markdown(text: str) -> str:
    """The text as Markdown. The preamble and commands that only steer the page are left out."""
    return _Draft().markdown(text)


@dataclass(slots=True)
class _Draft:
    """One draft. `held` is Markdown that is finished, by its placeholder; `notes` are its footnotes."""

    held: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    """Numbers of the works of the bibliography by their keys."""
    labels: dict[str, str] = field(default_factory=dict)
    """Numbers of figures, tables and formulas by their labels."""
    depth: int = 0
    """Nesting of the commands that are being read."""

    def markdown(self, text: str) -> str:
        text = with_delimited(text, _CODE, _end, lambda found, code: self.hold(_fenced(found, code)))
        text = with_own_commands(_COMMENT.sub(r"\g<kept>", text))
        fields = self._fields(text)
        begins = text.find("\\begin{document}")
        body = text[begins + len("\\begin{document}") :] if begins >= 0 else text
        body = re.sub(r"\\end\{document\}.*", "", body, flags=re.DOTALL)
        body, listed = self._bibliography(body)
        body = with_commands(
            body, {"title": 1, "subtitle": 1, "author": 1, "date": 1, "usepackage": 1}, lambda _used: ""
        )
        body = _FRAME.sub(r"\n\\subsection{\1}\n", body)
        self._number_labels(body)
        body = with_delimited(body, _DISPLAYED, _end, lambda _found, words: f"\n\n{self.hold(_formula(words))}\n\n")
        body = with_delimited(body, re.compile(r"\\\("), "\\)", lambda _found, words: f"${words}$")
        body = _FORMULA.sub(lambda found: self.hold(_escaped(" ".join(latex_to_text(found[0]).split()))), body)
        body = with_delimited(body, _TABLE, _end, lambda _found, rows: f"\n\n{self.hold(self._table(rows))}\n\n")
        written = self._blocks(body)
        if listed:
            written += "\n\n## References\n\n" + "\n\n".join(f"[{n}] {words}" for n, words in enumerate(listed, 1))
        written += "".join(f"\n\n[^tex-{number}]: {words}" for number, words in enumerate(self.notes, 1))
        return front_matter(fields) + re.sub(r"\n{3,}", "\n\n", self.released(written)).strip("\n") + "\n"

    def hold(self, words: str) -> str:
        """A placeholder for Markdown that is finished."""
        self.held.append(words)
        return f"\ue020{len(self.held) - 1}\ue021"

    def released(self, text: str) -> str:
        """The text with what is held in its places; what is held may hold more."""
        while _HELD.search(text):
            text = _HELD.sub(lambda found: self.held[int(found[1])], text)
        return text

    def _fields(self, text: str) -> dict[str, str]:
        """Title, subtitle, authors and day, as front matter."""
        fields: dict[str, str] = {}

        def take(used: LatexCommand) -> str:
            words = " ".join(
                self.released(self.inline(re.sub(r"\\(?:\\|and\b|today\b)", " ", "".join(used.arguments)))).split()
            )
            if words:
                fields.setdefault(used.name, words)
            return ""

        with_commands(text, {"title": 1, "subtitle": 1, "author": 1, "date": 1}, take)
        return fields

    def _bibliography(self, body: str) -> tuple[str, list[str]]:
        r"""The text without its `thebibliography`, and the words of its works in order; their keys are remembered."""
        begins, ends = body.find("\\begin{thebibliography}"), body.find("\\end{thebibliography}")
        if begins < 0 or ends < begins:
            return body, []
        works = re.split(r"\\bibitem(?![A-Za-z])", body[begins:ends])[1:]
        listed: list[str] = []
        for work in works:
            found = re.match(r"\s*(?:\[(?:[^\[\]]|\[[^\[\]]*\]){0,300}\])?\s*\{([^{}]{1,100})\}", work)
            self.keys[found[1].strip() if found else f"work {len(listed) + 1}"] = len(listed) + 1
            words = re.sub(r"\\newblock(?![A-Za-z])", " ", work[found.end() if found else 0 :])
            listed.append(" ".join(self.inline(words).split()))
        rest = body[ends + len("\\end{thebibliography}") :]
        return body[:begins] + rest, listed

    def _number_labels(self, body: str) -> None:
        """Count figures, tables and formulas as LaTeX does, for what refers to them."""
        counts = {"figure": 0, "table": 0, "equation": 0}
        kinds = {
            "figure": "figure",
            "wrapfigure": "figure",
            "table": "table",
            "equation": "equation",
            "align": "equation",
        }
        current = ""
        for found in re.finditer(r"\\begin\{([a-z]+)\*?\}|\\label\{([^{}\n]{1,100})\}", body):
            if found[1] in kinds:
                counts[kinds[found[1]]] += 1
                current = str(counts[kinds[found[1]]])
            elif found[2]:
                self.labels.setdefault(found[2], current)

    # Blocks

    def _blocks(self, body: str) -> str:
        """The body with headings, lists, quotes and figures."""
        body = with_commands(body, {**dict.fromkeys(_HEADINGS, 1), "paragraph": 1}, self._heading)
        lines: list[str] = []
        stack: list[str] = []
        at = 0
        for found in [*_BLOCK.finditer(body), None]:
            piece = body[at : found.start() if found else len(body)]
            self._add(piece, stack, lines)
            if not found:
                break
            at = found.end()
            if found[1] == "begin":
                given = re.compile(r"(?:\[[^\[\]\n]{0,100}\])?(?:\{[^{}\n]{0,60}\}){0,3}").match(body, at)
                titled = re.compile(r"\{([^{}\n]{1,200})\}").match(body, at) if found[2] in _BOXES else None
                if titled:
                    lines += ["", f"**{self.inline(titled[1])}**"]
                at = given.end() if given and found[2] not in _QUOTES else at
                stack = [*stack, found[2]] if len(stack) < MAX_NESTING else stack
                lines.append("")
            elif stack:
                stack = stack[:-1]
                lines.append("")
        return "\n".join(with_numbers(lines))

    def _add(self, piece: str, stack: list[str], lines: list[str]) -> None:
        """Add the lines of a piece within these environments."""
        lists = [name for name in stack if name in _LISTS]
        quoted = "> " if any(name in _QUOTES for name in stack) else ""
        if lists and _ITEM.search(piece):
            before, points = _split_items(piece)
            self._add(before, stack, lines) if before.strip() else None
            indent = "   " * (len(lists) - 1)
            for label, words in points:
                name = f"**{self.inline(label)}** " if label else ""
                text = [part for part in self._paragraphs(words) if part]
                lines.append(f"{quoted}{indent}{_LISTS[lists[-1]]}{name}{text[0] if text else ''}".rstrip())
                lines += [line for part in text[1:] for line in ("", f"{quoted}{indent}   {part}")]
            return
        if any(name in _FLOATS for name in stack):
            lines += self._float(piece)
            return
        indent = "   " * len(lists)
        for part in self._paragraphs(piece):
            lines += [f"{quoted}{indent}{line}".rstrip() for line in part.split("\n")] + [quoted.rstrip()]

    def _paragraphs(self, text: str) -> list[str]:
        pieces = re.split(r"\n[ \t]*\n|\\par(?![A-Za-z])", text)
        return [words for piece in pieces if (words := self._paragraph(piece))]

    def _paragraph(self, text: str) -> str:
        broken = [
            " ".join(part.split()) for part in re.split(r"\\\\(?:\[[^\[\]\n]{0,20}\])?|\\newline(?![A-Za-z])", text)
        ]
        return "\n".join(words for part in broken if (words := self.inline(part).strip()))

    def _heading(self, used: LatexCommand) -> str:
        words = " ".join(self.inline("".join(used.arguments)).split())
        level = _HEADINGS.get(used.name, 0)
        return f"\n\n{self.hold(f'{chr(35) * level} {words}' if level else f'**{words}**')}" + ("\n\n" if level else "")

    def _float(self, piece: str) -> list[str]:
        """The pictures of a figure, or the table, with the caption."""
        captions: list[str] = []

        def caption(used: LatexCommand) -> str:
            captions.append(" ".join(self.inline("".join(used.arguments)).split()))
            return ""

        piece = with_commands(piece, {"caption": 1}, caption)
        said = " ".join(captions)
        lines: list[str] = []

        def picture(used: LatexCommand) -> str:
            name = "".join(used.arguments).strip()
            address = (
                name if name.startswith(("http://", "https://", "figures/")) else f"figures/{name.rpartition('/')[2]}"
            )
            alt = re.sub(r"[\[\]*_\\]", "", self.released(said)) or name.rpartition("/")[2]
            lines.extend(("", f"![{alt}]({address if '.' in address.rpartition('/')[2] else address + '.png'})", ""))
            return ""

        rest = self._paragraphs(with_commands(piece, {"includegraphics": 1}, picture))
        shown = [f"*{said}*", ""] if said else []
        return ([*lines, *shown] if lines else ["", *shown]) + [line for part in rest for line in (part, "")]

    def _table(self, body: str) -> str:
        body = re.sub(
            r"^(?:\[[^\[\]]{0,20}\])?(?:\{[^{}\n]{0,200}(?:\{[^{}]{0,60}\}[^{}\n]{0,100}){0,20}\}){1,2}",
            "",
            body.lstrip(),
        )
        rows = re.split(r"\\\\(?:\[[^\[\]\n]{0,20}\])?|\\tabularnewline", _RULES.sub("", body))
        cells = [[self.inline(cell).strip() for cell in re.split(r"(?<!\\)&", row)] for row in rows if row.strip()]
        return "\n".join(markdown_table(cells))

    # Running text

    def inline(self, text: str) -> str:
        """Running text, in which what is finished is held."""
        self.depth += 1
        written = self._inline(text) if self.depth <= MAX_NESTING else _escaped(text)
        self.depth -= 1
        return written

    def _inline(self, text: str) -> str:
        text = _SWITCH.sub(lambda found: f"\\{_SWITCHED.get(found[1], 'textrm')}{{", text)
        text = with_commands(text, {"href": 2, "url": 1, "nolinkurl": 1}, self._link)
        text = with_commands(text, dict.fromkeys(_CITES, 1), self._citation)
        text = with_commands(text, {"footnote": 1, "thanks": 1}, self._footnote)
        text = with_commands(text, dict.fromkeys(("ref", "autoref", "cref", "Cref", "eqref"), 1), self._reference)
        text = with_commands(text, _STEERING, lambda _used: "")
        text = with_commands(
            text,
            dict.fromkeys(("enquote", "textquote"), 1),
            lambda used: f"``{used.arguments[0]}''" if used.arguments else "",
        )
        text = with_commands(text, dict.fromkeys(_STYLES, 1), self._styled)
        return _escaped(latex_to_text(" ".join(text.split())))

    def _link(self, used: LatexCommand) -> str:
        url = re.sub(r"\\([%#&_~])", r"\1", used.arguments[0] if used.arguments else "").strip()
        if len(used.arguments) < 2:
            return self.hold(f"<{url}>" if url.startswith(("http://", "https://")) else url)
        return self.hold(f"[{self.inline(used.arguments[1])}]({url})")

    def _citation(self, used: LatexCommand) -> str:
        if used.name == "nocite":
            return ""
        keys = [key.strip() for key in "".join(used.arguments).split(",") if key.strip()]
        marks = ", ".join(f"[{self.keys[key]}]" if key in self.keys else f"[@{key}]" for key in keys)
        place = self.inline(used.options[-1]) if used.options else ""
        before = f"{self.inline(used.options[0])} " if len(used.options) > 1 and used.options[0] else ""
        return self.hold(f"{before}{marks}{f' ({place})' if place else ''}")

    def _footnote(self, used: LatexCommand) -> str:
        self.notes.append(" ".join(self.inline("".join(used.arguments)).split()))
        return self.hold(f"[^tex-{len(self.notes)}]")

    def _reference(self, used: LatexCommand) -> str:
        label = "".join(used.arguments)
        number = self.labels.get(label) or label
        return f"({number})" if used.name == "eqref" else number

    def _styled(self, used: LatexCommand) -> str:
        mark = _STYLES[used.name]
        if mark == "`":
            return self.hold(f"`{' '.join(latex_to_text(''.join(used.arguments)).split())}`")
        words = self.inline("".join(used.arguments)).strip()
        return self.hold(f"{mark}{words}{mark}" if words else "")


def _split_items(piece: str) -> tuple[str, list[tuple[str, str]]]:
    """The text before the first item, and each item's label and words."""
    found = list(_ITEM.finditer(piece))
    ends = [*(one.start() for one in found[1:]), len(piece)]
    points = [(one[1] or "", piece[one.end() : end]) for one, end in zip(found, ends, strict=True)]
    return piece[: found[0].start()], points


def _end(found: re.Match[str]) -> str:
    """The mark that closes an environment, or a displayed formula."""
    signs = {"\\[": "\\]", "$$": "$$"}
    return signs.get(found[0]) or f"\\end{{{found['name']}}}"


def _fenced(found: re.Match[str], code: str) -> str:
    language = re.search(r"\{(\w+)\}|language=\{?(\w+)", found["given"])
    name = next(filter(None, language.groups())).lower() if language else ""
    return f"\n\n```{name}\n{code.rstrip()}\n```\n\n"


def _formula(words: str) -> str:
    """A displayed formula, line by line."""
    body = re.sub(r"\\label\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])", "", words)
    lines = [" ".join(part.replace("&", " ").split()) for part in body.split("\\\\")]
    return "\n".join(_escaped(latex_to_text(f"${line}$")) for line in lines if line)


def _escaped(text: str) -> str:
    """Plain text in which no sign is one of Markdown's."""
    return _SIGN.sub(r"\\\1", text)
