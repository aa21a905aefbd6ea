"""Check of the writer on a short sample: only a real request shows that a model answers."""

from __future__ import annotations

import asyncio

from bot.chat.gateway import DoctorFinding
from bot.domain.summary_values import SECOND_READING, Passage, SummarySource
from bot.locale.current import _, formatted, mark_text
from bot.ports import Writer

WRITER_TIMEOUT = 40.0
"""Seconds that the writer has for the sample."""

SAMPLE = SummarySource(
    key="arxiv:0000.00000",
    version=1,
    title="A sample for the doctor",
    passages=(
        Passage(
            "abstract",
            mark_text(
                "We show that a short text is enough to see whether a writer works. It reads three "
                "sentences. The result is one line in a report."
            ),
        ),
    ),
)
"""Text that the writer is tested on: short, so that the test costs next to nothing."""


async def check_writer(writer: Writer) -> DoctorFinding:
    """Finding about a writer; where its model fails, with the reason."""
    try:
        async with asyncio.timeout(WRITER_TIMEOUT):
            written = await writer.write(SAMPLE)
    except TimeoutError:
        say = _(
            "did not answer within {writer_timeout} s, so editions quote the abstracts instead.",
            writer_timeout=formatted(WRITER_TIMEOUT, "g"),
        )
        return DoctorFinding(_("Writer"), False, say)
    failed = "; ".join(f"{check.name}: {check.detail}" for check in written.checks if not check.passed)
    if failed and written.writer == "extractive":
        say = _("the model failed ({failed}), so editions quote the abstracts instead.", failed=failed)
        return DoctorFinding(_("Writer"), False, say)
    if unread := next((check for check in written.checks if check.name == SECOND_READING and not check.passed), None):
        say = f"{_('{writer} works', writer=written.writer)} ({unread.detail})"
        return DoctorFinding(_("Writer"), False, say)
    return DoctorFinding(_("Writer"), True, _("{writer} works", writer=written.writer))
