"""Cards of proposed papers: the moderators' list, page by page, and the post in their channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Style, Tone, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, Link, Words, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import PostedCandidate, ShortlistEntry, ShortlistRun, StreamEntry, StreamVerdict
from bot.features.shared.paged_lists import LAST_PAGE, pager
from bot.features.shared.stream.stream_papers import entry_byline, submit_call, title_of_entry
from bot.locale.current import _, _n, mark_text
from bot.recommender.ranking import NOTHING_KNOWN

PER_PAGE = 5
"""Papers on a page or in a post: each takes six of the forty components of a Discord message."""
COMMAND = "curate candidates"

SAID = {
    StreamVerdict.DISMISSED: mark_text("Dismissed"),
    StreamVerdict.MORE: mark_text("More like this"),
    StreamVerdict.LESS: mark_text("Less like this"),
}
"""Label of each verdict on a posted card."""


def candidate_row(entry: StreamEntry, reasons: Sequence[str], place: int) -> ListEntry:
    """A proposed paper as a row: its title, authors, and why it is proposed."""
    why = "; ".join(reasons) or _("new in your sources")
    return ListEntry(
        (Bold(f"{place}. "), Link(title_of_entry(entry), entry.url)),
        (f"{entry_byline(entry)}\n", Bold(_("Why this: ")), truncate(why, 260)),
    )


def candidate_buttons(entry: StreamEntry, **where: int) -> Buttons:
    """Buttons of a proposed paper. `where` is the page of the list, or the post, that they are on."""
    return Buttons(
        (
            Button(_("Add"), submit_call(entry), Style.MAIN),
            Button(_("Dismiss"), Call.of(COMMAND, "dismiss", entry.id, **where)),
            Button(_("More like this"), Call.of(COMMAND, "more", entry.id, **where)),
            Button(_("Less like this"), Call.of(COMMAND, "less", entry.id, **where)),
        )
    )


def candidates_card(
    found: Sequence[ShortlistEntry],
    run: ShortlistRun,
    days: int,
    page: int,
    *,
    said: Sequence[Part] = (),
    remark: str = "",
) -> Card:
    """One page of the shortlist; `said` is what was just pressed, `remark` tells what the list does not know yet."""
    start = (page - 1) * PER_PAGE
    shown = found[start : start + PER_PAGE]
    parts: list[Part] = [*said]
    if shown:
        span = _n("{n} day", "{n} days", days) if days > 1 else _("24 hours")
        some = _(
            "The best {found_count} of {new_papers}",
            found_count=len(found),
            new_papers=_n("{n} new paper", "{n} new papers", run.considered),
        )
        lead = some if run.considered > len(found) else _n("{n} new paper", "{n} new papers", len(found))
        order = (
            _("{lead} from the last {span}.", lead=lead, span=span)
            if run.notice == NOTHING_KNOWN
            else _("{lead} from the last {span}, best first.", lead=lead, span=span)
        )
        parts.append(note(f"{order} {remark}".rstrip()))
    for place, candidate in enumerate(shown, start + 1):
        parts += [candidate_row(candidate.entry, candidate.reasons, place)]
        parts.append(candidate_buttons(candidate.entry, page=page))
    if not shown:
        empty = _(
            "No new paper is waiting. Papers that the club already has, or that moderators dismissed, are not shown "
            "again."
        )
        parts.append(text(empty if page == 1 else _(LAST_PAGE)))
    if turn := pager(Call.of(COMMAND), page, more=len(found) > start + PER_PAGE, empty=not shown):
        parts.append(turn)
    if shown and run.notice:
        parts.append(note(*parse_backticks(_(run.notice))))
    return Card(_("New papers for the club"), tuple(parts))


def no_sources_card() -> Card:
    """Card of a club that reads no sources yet."""
    return Card(
        _("No sources yet"),
        (
            text(
                *phrase(
                    "New papers come from the club’s sources. An admin adds the first one with {command}.",
                    command=InlineCode("/clubadmin sources add cs.CL"),
                )
            ),
        ),
    )


def post_card(
    post_id: int,
    posted: Sequence[PostedCandidate],
    verdicts: Mapping[int, StreamVerdict],
    numbers: Mapping[str, int],
    run: ShortlistRun | None,
) -> Card:
    """Post for the moderators' channels. Papers that were added or judged meanwhile say so, without their buttons."""
    parts: list[Part] = []
    if run and run.notice == NOTHING_KNOWN:
        parts.append(note(*parse_backticks(_(NOTHING_KNOWN))))
    elif run and run.considered:
        parts.append(
            note(
                _(
                    "Chosen from {new_papers}, based on what the club picked before.",
                    new_papers=_n("{n} new paper", "{n} new papers", run.considered),
                )
            )
        )
    for candidate in posted:
        parts += _posted_rows(post_id, candidate, verdicts, numbers)
    parts.append(Buttons((Button(_("See all"), Call.of(COMMAND)),)))
    return Card(
        _("{new_papers} for the club", new_papers=_n("{n} new paper", "{n} new papers", len(posted))), tuple(parts)
    )


def _posted_rows(
    post_id: int, candidate: PostedCandidate, verdicts: Mapping[int, StreamVerdict], numbers: Mapping[str, int]
) -> Iterator[Part]:
    entry = candidate.entry
    row = candidate_row(entry, candidate.reasons, candidate.place)
    number, verdict = numbers.get(entry.key), verdicts.get(entry.id)
    if number is None and verdict is None:
        yield row
        yield candidate_buttons(entry, post=post_id)
        return
    outcome: Words = (
        (_("On the list as #{number}", number=number),)
        if number is not None
        else (_(SAID[verdict]),)
        if verdict
        else ()
    )
    yield ListEntry(row.words, outcome)


def verdict_card(entry: StreamEntry, verdict: StreamVerdict, **where: int) -> Card:
    """Answer to a press: what it changes, and how to take it back."""
    say = {
        StreamVerdict.DISMISSED: _("It will not be suggested again."),
        StreamVerdict.MORE: _(
            "The next list will have more papers like it. This one will not be suggested again, so add it if you "
            "want it."
        ),
        StreamVerdict.LESS: _("The next list will have fewer papers like it."),
    }[verdict]
    row = [Button(_("Undo"), Call.of(COMMAND, "undo", entry.id, **where))]
    if verdict == StreamVerdict.MORE:
        row.insert(0, Button(_("Add"), submit_call(entry), Style.MAIN))
    return Card(_(SAID[verdict]), (text(Bold(title_of_entry(entry)), f". {say}"), Buttons(tuple(row))), Tone.GOOD)
