"""From the sources to the moderators: what is read, proposed, pressed and posted, day after day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.app import ThreadRanker
from bot.chat.cards import ListEntry
from bot.chat.rich_text import Link
from bot.domain.paper_record import PaperRecord
from bot.runtime.stream_worker import StreamWorker
from bot.sources.arxiv import ArxivUnavailable
from tests.features.conversation import SECOND_PLACE, code_in, press
from tests.features.stream.conftest import Reading
from tests.sources.stream.recorded import recorded_week
from tests.stand_ins import RecordingGateway, words

MEMORY = "2511.21726"
"""A paper on agents' memory, announced on Monday."""


async def add_source(reading: Reading, name: str = "cs.CL") -> None:
    answer = await reading.club.say("Root", f"/clubadmin sources add {name}", admin=True)
    assert not answer.failed, answer.card


async def with_a_pick(reading: Reading) -> None:
    """The club has picked the paper on memory."""
    reading.club.paper_source.put(*(record for _, record in recorded_week()))
    assert not (await reading.club.say("Ada", f"/paper submit {MEMORY}")).failed
    assert not (await reading.club.say("Mod", "/curate pick 1", moderator=True)).failed


async def shown_titles(reading: Reading, pages: int = 10) -> list[str]:
    """Titles of the moderators' list, in order."""
    titles: list[str] = []
    for page in range(1, pages + 1):
        answer = await reading.club.say("Mod", f"/curate candidates page={page}", moderator=True)
        rows = [part for part in answer.card.parts if isinstance(part, ListEntry)]
        titles += [span.label for row in rows for span in row.words if isinstance(span, Link)]
    return titles


async def test_what_resembles_a_pick_is_first_with_the_reason_and_what_the_club_has_is_left_out(
    reading: Reading,
) -> None:
    await with_a_pick(reading)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    titles = await shown_titles(reading)
    assert "A Benchmark for Procedural Memory Retrieval in Language Agents" in titles[:2]
    assert len(titles) == 36
    assert not [title for title in titles if title.startswith("Goal-Directed Search")], "the club has it"
    first = words(await reading.club.say("Mod", "/curate candidates", moderator=True))
    assert "it shares words (" in first
    assert "with papers that were picked" in first


async def test_less_like_this_removes_the_paper_and_lowers_its_like_the_next_day(reading: Reading) -> None:
    await with_a_pick(reading)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    before = await shown_titles(reading)
    shown = await reading.club.say("Mod", "/curate candidates page=1", moderator=True)
    pressed = await press(reading.club, shown, "Less like this", "Mod", moderator=True)
    assert "fewer papers like it" in words(pressed)
    await reading.pass_time(days=1)
    after = await shown_titles(reading)
    assert before[0] not in after
    assert set(after) - set(before), "Tuesday's papers came"
    await press(reading.club, pressed, "Undo", "Mod", moderator=True)
    await reading.pass_time(minutes=20)
    assert before[0] in await shown_titles(reading)


async def test_the_post_comes_once_a_day_with_papers_never_posted_and_not_at_all_if_there_are_none(
    reading: Reading,
) -> None:
    club = reading.club
    await club.say("Root", "/clubadmin settings shortlist daily", admin=True)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    posts = [card for card in club.gateway.cards("mods") if "for the club" in card.title]
    assert [card.title for card in posts] == ["5 new papers for the club"]
    first = set(re.findall(r"https://arxiv.org/abs/[0-9.]+", repr(posts[0])))
    await reading.pass_time(hours=3)
    assert len([card for card in club.gateway.cards("mods") if "for the club" in card.title]) == 1, "once a day"
    await reading.pass_time(days=1)
    second = [card for card in club.gateway.cards("mods") if "for the club" in card.title][1]
    assert not first & set(re.findall(r"https://arxiv.org/abs/[0-9.]+", repr(second))), "never a paper twice"
    pressed = await press(club, second, "Dismiss", "Mod", moderator=True)
    assert "not be suggested again" in words(pressed)
    assert "Dismissed" in repr(club.gateway.edits[-1][1]), "the post says so in place"
    club.paper_source.put(*(record for _, record in recorded_week()))
    await press(club, second, "Add", "Mod", moderator=True)
    await club.delivery_worker.drain()
    assert "On the list as #1" in repr(club.gateway.edits[-1][1])
    reading.listing.error = ArxivUnavailable("HTTP 503")
    count = len(club.gateway.posts)
    for _ in range(40):
        await reading.pass_time(days=1)
    quiet = len(club.gateway.posts)
    await reading.pass_time(days=1)
    assert len(club.gateway.posts) == quiet > count, "the rest of the window was posted, then nothing"


async def test_a_club_that_said_nothing_yet_is_told_so_and_reasons_are_in_its_language(reading: Reading) -> None:
    club = reading.club
    club.change(ranker=ThreadRanker())
    reading.worker = StreamWorker(club.app)
    for line in ("/clubadmin settings shortlist daily", "/clubadmin settings language German"):
        assert not (await club.say("Root", line, admin=True)).failed
    await add_source(reading)
    await reading.pass_time(minutes=1)
    [post] = [card for card in club.gateway.cards("mods") if "5 neue Paper" in card.title]
    for shown in (words(post), words(await club.say("Mod", "/curate candidates", moderator=True))):
        assert "Noch ist nicht bekannt, was dem Club gefällt" in shown
        assert "bisher ausgewählt" not in shown
    titles = await shown_titles(reading)
    assert len(titles) > 30
    assert "mit Papers, die auf anderen Seiten viele Stimmen haben" in words(post)
    await with_a_pick(reading)
    await reading.pass_time(days=1)
    shown = words(await club.say("Mod", "/curate candidates", moderator=True))
    assert "mit Papers, die ausgewählt wurden" in shown, "the program itself ranked them"
    assert "Noch ist nicht bekannt" not in shown
    assert not (await club.say("Root", "/clubadmin sources add cs.LG", admin=True)).failed
    assert not (await club.say("Root", "/clubadmin sources remove cs.CL", admin=True)).failed
    of_removed = {record.title for _, record in recorded_week() if "cs.LG" not in record.categories}
    assert not of_removed & set(await shown_titles(reading)), "at once, before the list is made again"


async def test_a_source_that_was_down_for_a_week_goes_on_where_it_stopped(reading: Reading) -> None:
    club = reading.club
    club.clock.at = datetime(2025, 11, 25, 9, tzinfo=UTC)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    reading.listing.error = ArxivUnavailable("HTTP 503")
    asked = len(reading.listing.asked)
    for _ in range(7 * 8):
        await reading.pass_time(hours=3)
    assert len(reading.listing.asked) - asked <= 7 * 4 + 8, "a host that is down is asked a few times a day"
    shown = words(await club.say("Root", "/clubadmin sources", admin=True))
    assert "no answer since Wed 26 Nov 2025" in shown
    assert "HTTP 503" in shown
    assert "try again in a few minutes" not in shown
    reading.listing.error = None
    await reading.pass_time(hours=7)
    await reading.pass_time(days=1)
    async with club.app.store.read(1) as db:
        got = {entry.key for entry in await db.stream.new(datetime(2025, 1, 1, tzinfo=UTC), limit=1000)}
    expected = {record.key for at, record in recorded_week() if at <= club.clock.at and "cs.CL" in record.categories}
    assert expected <= got, "nothing of the week is lost"
    assert "no answer since" not in words(await club.say("Root", "/clubadmin sources", admin=True))


async def test_one_request_serves_all_categories_and_one_paper_of_two_is_stored_once(reading: Reading) -> None:
    await add_source(reading)
    await add_source(reading, "cs.LG")
    reading.listing.asked.clear()
    await reading.pass_time(minutes=1)
    assert {asked for asked, _, _ in reading.listing.asked} == {("cs.CL", "cs.LG")}
    async with reading.club.app.store.read(1) as db:
        keys = [entry.key for entry in await db.stream.new(datetime(2025, 1, 1, tzinfo=UTC), limit=1000)]
    assert len(keys) == len(set(keys)) > 60
    reading.listing.asked.clear()
    await reading.pass_time(hours=1)
    assert reading.listing.asked == [], "asked again after the next announcement only"
    await reading.pass_time(hours=17)
    assert reading.listing.asked


async def test_excluded_words_keep_papers_out_however_they_are_written(reading: Reading) -> None:
    written = (
        "Ein U\u0308BERBLICK u\u0308ber Modelle",
        r"Gr\"o{\ss}en im Netz",
        "Die STRASSE von morgen",
        "Faster C++ now",
    )
    others = ("Überblicke von morgen", "Faster C++20 now")
    at, record = next((at, record) for at, record in recorded_week() if record.arxiv_id == MEMORY)
    reading.listing.more = [
        (at, replace(record, key=f"arxiv:2511.8000{number}", title=title, abstract="", authors=(f"A. Name{number}",)))
        for number, title in enumerate((*written, *others))
    ]
    await add_source(reading)
    excluded = "benchmark, medical, überblick, Größen, Straße, c++"
    await reading.club.say("Root", f"/clubadmin sources exclude cs.CL words={excluded}", admin=True)
    await reading.pass_time(minutes=1)
    titles = await shown_titles(reading)
    assert titles
    assert not [title for title in titles if "Benchmark" in title or "Medical" in title]
    new = {title for title in titles if re.search(r"C\+\+|morgen|Netz|Modelle", title)}
    assert new == set(others), "other words"
    assert "benchmark, medical" in words(await reading.club.say("Root", "/clubadmin sources", admin=True))


async def test_a_flood_by_one_author_made_of_the_clubs_words_does_not_fill_the_list(reading: Reading) -> None:
    await with_a_pick(reading)
    memory = next(record for _, record in recorded_week() if record.arxiv_id == MEMORY)
    at = datetime(2025, 12, 1, 1, tzinfo=UTC)
    reading.listing.more = [
        (
            at,
            PaperRecord(
                key=f"arxiv:2511.9{number:04}",
                version=1,
                title=f"{memory.title} {number}",
                authors=("Mal Lory", *memory.authors[:1]),
                abstract=memory.abstract * 3,
                categories=("cs.CL",),
                published=at - timedelta(hours=20),
                updated=at - timedelta(hours=20),
            ),
        )
        for number in range(60)
    ]
    await add_source(reading)
    await reading.pass_time(minutes=1)
    titles = await shown_titles(reading)
    assert len(titles) > 30
    assert len([title for title in titles if title.startswith("Goal-Directed")]) <= 4


async def test_new_papers_are_found_by_words_author_and_day_and_added_with_one_press(reading: Reading) -> None:
    reading.club.paper_source.put(*(record for _, record in recorded_week()))
    await add_source(reading)
    await reading.pass_time(minutes=1)
    found = await reading.club.say("Ada", "/paper find memory agents scope=new")
    assert "Procedural Memory Retrieval" in words(found)
    added = await press(reading.club, found, "Submit this", "Ada")
    assert "is on the list" in words(added)
    assert "No new paper" in words(await reading.club.say("Ada", "/paper find zebrafish scope=new"))
    for nothing in ("category=,", "category=%", 'author=","', "*", '"', "…"):
        refused = await reading.club.say("Ada", f"/paper find {nothing} scope=new")
        assert refused.failed
        assert "contains no letters or digits to search for" in words(refused)
    assert (await reading.club.say("Ada", "/paper find * author=%")).failed, "on the club's list, too"
    for several in ("memory, agents", "a,b"):
        refused = await reading.club.say("Ada", f'/my follow keyword "{several}"')
        assert "one word or phrase at a time" in words(refused)
    assert not (await reading.club.say("Ada", '/my follow author "Lovelace, Ada"')).failed
    for action in ("more", "less", "dismiss", "undo"):
        refused = await reading.club.say("Mod", f"/curate candidates {action}", moderator=True)
        assert "Which paper?" in words(refused), "by hand, without a number"
    author = recorded_week()[100][1].authors[0]
    assert not (await reading.club.say("Ada", f'/paper find the scope=new author="{author}"')).failed


async def test_a_source_that_is_none_is_refused_with_what_there_is(reading: Reading) -> None:
    async def refusal(line: str) -> str:
        answer = await reading.club.say("Root", line, admin=True)
        assert answer.failed, answer.card
        return words(answer)

    assert "Did you mean" in await refusal("/clubadmin sources add cs.CLL")
    assert "There is no subject" in await refusal("/clubadmin sources add biorxiv:astrology")
    assert "check digit" in await refusal("/clubadmin sources add 0028-0837")
    assert "public feed" in await refusal("/clubadmin sources add http://127.0.0.1/feed")
    assert "of this kind are turned off" in await refusal("/clubadmin sources add huggingface")
    assert "does not follow cs.LG" in await refusal("/clubadmin sources remove cs.LG")
    await add_source(reading)
    again = await reading.club.say("Root", "/clubadmin sources add CS.cl", admin=True)
    assert "already follows" in words(again)
    assert "is for this club’s admins" in words(await reading.club.say("Ada", "/clubadmin sources"))
    assert "is for this club’s moderators" in words(await reading.club.say("Ada", "/curate candidates"))


async def test_an_edition_says_how_many_papers_of_the_clubs_sources_it_was_selected_from(reading: Reading) -> None:
    reading.club.clock.at = datetime(2025, 10, 20, 9, tzinfo=UTC)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    reading.club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    await reading.pass_time(minutes=1)
    await with_a_pick(reading)
    count = sum("cs.CL" in record.categories and at <= reading.club.clock() for at, record in recorded_week())
    assert not (await reading.club.say("Mod", "/edition draft", moderator=True)).failed
    async with reading.club.app.store.read(1) as db:
        current = await db.editions.current()
    assert current is not None
    assert current.document["selected_from"] == count > 50
    assert current.document["selected_where"] == "(cs.CL)"


async def test_two_clubs_that_read_the_same_source_can_become_one(reading: Reading) -> None:
    club = reading.club
    club.add(RecordingGateway("hall"))
    await add_source(reading)
    assert not (await club.say("Boss", "/clubadmin sources add cs.CL", admin=True, **SECOND_PLACE)).failed
    await reading.pass_time(minutes=1)
    await reading.pass_time(days=4)
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    joined = await club.say("Boss", f"/clubadmin connect {code}", admin=True, **SECOND_PLACE)
    assert not joined.failed, joined.card
    shown = words(await club.say("Boss", "/clubadmin sources", admin=True, **SECOND_PLACE))
    assert shown.count("Bold(text='cs.CL'") == 1
    assert (await shown_titles(reading, pages=1)) != []
