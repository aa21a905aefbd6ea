"""Charts in an exported edition: a title in bold, a caption, and the numbers as a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.chat.text import truncate
from bot.editions.importing.markdown.inline import parse_inline, unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model.document import Chart
from bot.editions.render.markdown import render_text
from bot.editions.render.outline_builder import chart_outline
from bot.locale import Translator
from bot.locale.current import _


@dataclass(slots=True)
class ChartReader:
    """Reads charts whose numbers are written as in the language of `words`.

    `known` are the charts of the draft; one of the same title lends what a list does not say. `questions` gains a
    sentence for each chart that cannot be read.
    """

    known: Sequence[Chart]
    words: Translator
    questions: list[str] = field(default_factory=list)

    def of_blocks(self, sources: Sequence[SourceBlock]) -> tuple[tuple[Chart, ...], tuple[SourceBlock, ...]]:
        """The charts of these blocks, and the blocks that they are made of."""
        known = {chart.title: chart for chart in self.known}
        found, used = list[Chart](), list[SourceBlock]()
        for at, source in enumerate(sources):
            if source.kind != "text" or not (title := re.fullmatch(r"\*\*(.+)\*\*", source.text, re.DOTALL)):
                continue
            rows = next((n for n, b in enumerate(sources[at + 1 : at + 3], at + 1) if b.kind == "list"), None)
            if chart := known.get(unescape(title[1])):
                end = rows if rows is not None else at
                if rows is not None and sources[rows].lines != self._chart_rows(chart):
                    typed = self._chart(unescape(title[1]), sources[at + 1 : rows], sources[rows])
                    chart = replace(chart, points=typed.points, unit=typed.unit) if typed else chart
            elif rows is not None and (chart := self._chart(unescape(title[1]), sources[at + 1 : rows], sources[rows])):
                end = rows
            else:
                continue
            found.append(chart)
            used += sources[at : end + 1]
        return tuple(found), tuple(used)

    def _chart(self, title: str, caption: Sequence[SourceBlock], rows: SourceBlock) -> Chart | None:
        """A chart from its numbers as a list; None, with a question, where they cannot be read."""
        points, unit = list[tuple[str, float]](), ""
        for row in rows.lines:
            if found := re.fullmatch(r"[-*+•] (.*): ([−-]?\d[\d.,’ \u00a0\u202f]*) ?([^\d]*)", unescape(row)):
                points.append((found[1], self._amount(found[2])))
                unit = unit if len(unit) > len(found[3]) else found[3]
        words = parse_inline(caption[0].text, bare_links=False) if caption else ()
        chart = Chart(title, tuple(points), unit, words)
        if self._chart_rows(chart) == rows.lines:
            return chart
        self.questions.append(
            _(
                "I could not read the numbers of the chart “{title}”. Add the chart with `/edition chart`.",
                title=truncate(title, 60),
            )
        )
        return None

    def _chart_rows(self, chart: Chart) -> tuple[str, ...]:
        """The numbers of a chart as the export writes them."""
        return tuple(f"- {render_text(row)}" for row in chart_outline(chart, self.words).rows)

    def _amount(self, written: str) -> float:
        """A number as it is written in the edition's language."""
        point = self.words.number(0.5, 1)[1]
        digits = "".join("." if sign == point else sign for sign in written if sign.isdigit() or sign == point)
        return float(digits) * (-1 if written[0] in "−-" else 1)
