"""Cards of proposed papers: the moderators' list, page by page, and the post in their channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Style, Tone, note, text
from bot.chat.rich_text import Bold, InlineCode, Link, Words
from bot.chat.text import join_names, plural, truncate
from bot.domain.models import PostedCandidate, ShortlistEntry, ShortlistRun, StreamEntry, StreamVerdict
from bot.features.shared.paged_lists import LAST_PAGE, pager
from bot.latex.reader import latex_to_text

PER_PAGE = 5
"""Papers on a page or in a post: each takes six of the forty components of a Discord message."""
COMMAND = "curate candidates"

SAID = {
    StreamVerdict.DISMISSED: "Dismissed",
    StreamVerdict.MORE: "More like this",
    StreamVerdict.LESS: "Less like this",
}
"""Label of each verdict on a posted card."""


def submit_call(entry: StreamEntry) -> Call:
    """Call that adds an entry to the club's list."""
    link = entry.key.removeprefix("arxiv:") if entry.key.startswith("arxiv:") else entry.url
    return Call.of("paper submit", link)


def title_of_entry(entry: StreamEntry) -> str:
    """Title of an entry as plain text."""
    return truncate(latex_to_text(entry.title), 150)


def entry_byline(entry: StreamEntry) -> str:
    """Authors, category and date: "Ada Lovelace, Alan Turing · cs.CL · 12 Jun 2017"."""
    bits = [join_names([latex_to_text(name) for name in entry.author_names]), *entry.categories[:1]]
    return truncate(" · ".join(bit for bit in (*bits, f"{entry.published_at:%-d %b %Y}") if bit), 160)


def candidate_row(entry: StreamEntry, reasons: Sequence[str], place: int) -> ListEntry:
    """A proposed paper as a row: its title, authors, and why it is proposed."""
    why = "; ".join(reasons) or "new in your sources"
    return ListEntry(
        (Bold(f"{place}. "), Link(title_of_entry(entry), entry.url)),
        (f"{entry_byline(entry)}\n", Bold("Why this: "), truncate(why, 260)),
    )


def candidate_buttons(entry: StreamEntry, **where: int) -> Buttons:
    """Buttons of a proposed paper. `where` is the page of the list, or the post, that they are on."""
    return Buttons(
        (
            Button("Add", submit_call(entry), Style.MAIN),
            Button("Dismiss", Call.of(COMMAND, "dismiss", entry.id, **where)),
            Button("More like this", Call.of(COMMAND, "more", entry.id, **where)),
            Button("Less like this", Call.of(COMMAND, "less", entry.id, **where)),
        )
    )


def candidates_card(
    found: Sequence[ShortlistEntry], run: ShortlistRun, days: int, page: int, *, said: Sequence[Part] = ()
) -> Card:
    """One page of the shortlist; `said` is what was just pressed."""
    start = (page - 1) * PER_PAGE
    shown = found[start : start + PER_PAGE]
    parts: list[Part] = [*said]
    if shown:
        span = plural(days, "day") if days > 1 else "24 hours"
        some = f"The best {len(found)} of {plural(run.considered, 'new paper')}"
        lead = some if run.considered > len(found) else plural(len(found), "new paper")
        parts.append(note(f"{lead} from the last {span}, best first."))
    for place, candidate in enumerate(shown, start + 1):
        parts += [candidate_row(candidate.entry, candidate.reasons, place)]
        parts.append(candidate_buttons(candidate.entry, page=page))
    if not shown:
        empty = "No new paper is waiting. What the club has, or moderators have dismissed, is not shown again."
        parts.append(text(empty if page == 1 else LAST_PAGE))
    if turn := pager(Call.of(COMMAND), page, more=len(found) > start + PER_PAGE):
        parts.append(turn)
    if shown and run.notice:
        parts.append(note(run.notice))
    return Card("New papers for the club", tuple(parts))


def no_sources_card() -> Card:
    """Card of a club that reads no sources yet."""
    return Card(
        "No sources yet",
        (
            text(
                "New papers come from the club's sources. An admin adds the first one with ",
                InlineCode("/clubadmin sources add cs.CL"),
                ".",
            ),
        ),
    )


def post_card(
    post_id: int,
    posted: Sequence[PostedCandidate],
    verdicts: Mapping[int, StreamVerdict],
    numbers: Mapping[str, int],
    considered: int,
) -> Card:
    """Post for the moderators' channels. Papers that were added or judged meanwhile say so, without their buttons."""
    parts: list[Part] = []
    if considered:
        parts.append(note(f"Chosen from {plural(considered, 'new paper')} by what the club picked before."))
    for candidate in posted:
        parts += _posted_rows(post_id, candidate, verdicts, numbers)
    parts.append(Buttons((Button("See all", Call.of(COMMAND)),)))
    return Card(f"{plural(len(posted), 'new paper')} for the club", tuple(parts))


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
    outcome: Words = (f"On the list as #{number}",) if number is not None else (SAID[verdict],) if verdict else ()
    yield ListEntry(row.words, outcome)


def verdict_card(entry: StreamEntry, verdict: StreamVerdict, **where: int) -> Card:
    """Answer to a press: what it changes, and how to take it back."""
    say = {
        StreamVerdict.DISMISSED: "It is not proposed again.",
        StreamVerdict.MORE: "The next list looks for papers like it. It is not proposed again; add it if you want it.",
        StreamVerdict.LESS: "The next list has fewer papers like it.",
    }[verdict]
    row = [Button("Undo", Call.of(COMMAND, "undo", entry.id, **where))]
    if verdict == StreamVerdict.MORE:
        row.insert(0, Button("Add", submit_call(entry), Style.MAIN))
    return Card(SAID[verdict], (text(Bold(title_of_entry(entry)), f". {say}"), Buttons(tuple(row))), Tone.GOOD)
