"""Records of papers that are being submitted: asked from their sources outside any transaction."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.app import Context
from bot.chat.text import truncate
from bot.domain.links import identify as links
from bot.domain.paper_record import PaperRecord
from bot.domain.withdrawals import Withdrawal, paper_withdrawal, record_withdrawal
from bot.errors import Unavailable, UserError
from bot.features.shared.papers.record_refresh import ask_source, store_records
from bot.features.shared.papers.withdrawals import record_withdrawals
from bot.latex.reader import latex_to_text
from bot.locale.current import _

log = logging.getLogger(__name__)


async def load_record(ctx: Context, ref: links.PaperRef) -> tuple[PaperRecord | None, str]:
    """Current record of a paper, None without one, and the name of the source that did not answer, if it did not.

    The request is outside any transaction. A known paper is requested too, since it may have changed; without an answer
    its stored details stay. Raises UserError if the paper is withdrawn, or unknown to its source.
    """
    async with ctx.read() as db:
        known = await db.papers.by_key(ref.key)
    has_details = known and not known.pending
    try:
        record = await ask_source(ctx.app, ref)
        if ref.source == "doi" and record:
            record = await _preprint_of(ctx, record)
    except Unavailable as error:
        log.info("the details of %s are requested later: %s", ref.key, error)
        if known and (withdrawal := paper_withdrawal(known)):
            raise UserError(_withdrawn_message(known.title, withdrawal), field="link") from None
        return None, getattr(error, "source", "arXiv" if ref.source == "arxiv" else "Crossref")
    if record is None and (has_details or ref.source == "doi"):
        return None, ""  # a new DOI may be registered later, or be of a registry that is not asked
    if record is None:
        raise UserError(_("arXiv has no paper `{id}`. Check it for a typo.", id=ref.id), field="link")
    if withdrawal := record_withdrawal(record):
        if has_details:
            await store_records(ctx.app, ctx.club.id, [record])
            await record_withdrawals(ctx.app, ctx.club.id)
        raise UserError(_withdrawn_message(record.title, withdrawal), field="link")
    return record, ""


async def _preprint_of(ctx: Context, record: PaperRecord) -> PaperRecord:
    """arXiv's record of a paper with a DOI, if its registry names the arXiv version; else the registry's."""
    arxiv_keys = [key for key in record.same_work if key.startswith("arxiv:")]
    if record.withdrawn or not arxiv_keys:
        return record
    try:
        preprint = await ask_source(ctx.app, links.PaperRef("arxiv", arxiv_keys[0].removeprefix("arxiv:")))
    except Unavailable as error:
        log.info("the arXiv version of %s is not used: %s", record.key, error)
        return record
    return replace(preprint, same_work=(*preprint.same_work, record.key)) if preprint else record


def _withdrawn_message(title: str, withdrawal: Withdrawal) -> str:
    source_words = (
        _(" {source} says: “{note}”", source=withdrawal.source, note=withdrawal.note) if withdrawal.note else ""
    )
    return _(
        "“{title}” was {withdrawal_phrase}, so it was not added.{source_words}",
        title=truncate(latex_to_text(title), 120),
        withdrawal_phrase=withdrawal.phrase,
        source_words=source_words,
    )
