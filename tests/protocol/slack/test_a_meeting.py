"""A meeting in Slack with the real program: chosen by ballot, planned, reminded of while Slack is away, remembered."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar

from tests.protocol.program import stamp, started, write
from tests.protocol.slack.workspace import (
    ATTENTION,
    DISTIL,
    PAPERS,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import Person, faults


def heard(there: SlackInstallation, person: Person) -> str:
    """All direct messages to somebody."""
    return "\n".join(message.words for message in there.slack.directs(person))


async def test_from_nomination_to_notes_with_slack_away_at_the_reminder(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack = there.slack
        root, ada, ben = slack.user("Root", admin=True), slack.user("Ada"), slack.user("Ben")
        await set_up(there, root)
        for person, paper, number in ((ada, ATTENTION, 1), (ben, DISTIL, 2)):
            await message_with(await person.command("/paper", f"submit {paper}", channel=PAPERS), "on the list")
            await message_with(await person.command("/club", f"nominate {number}", channel=PAPERS), "You nominated")
        await root.command("/curate", 'ballot open until="tomorrow 09:00" quorum=1', channel=PAPERS)
        ballot = await there.card("what do we read next?")
        assert '"type": "date"' in json.dumps(ballot.blocks), "each reader sees its end in their own time zone"
        own = await message_with(await ben.click(ballot, "Choose papers"), "You have not voted yet")
        await message_with(await ben.click(own, "Choose #2"), "Your choice is saved")

        day = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"
        await root.command("/curate", f"meeting plan {day} 16:00 size=1", channel=PAPERS)
        meeting = await there.card("Meeting 1")
        await message_with(await ben.click(meeting, "I’m coming"), "You are coming")
        await message_with(await ada.click(meeting, "I’m coming"), "number 1 on the waiting list")
        await message_with(await ben.click(meeting, "I’ll present"), "You are now the presenter of meeting 1")
        await ben.command("/club", "meet file=yes", channel=PAPERS)
        [file] = await slack.wait_for(lambda: [f for f in slack.world.files.values() if f.content], 20)
        [event] = Calendar.from_ical(file.content or b"").events
        assert f"{event.start:%Y-%m-%d %H:%M}" == f"{day} 16:00"
        await message_with(await ada.command("/club", "ask Is it fast?", channel=PAPERS), "is listed")

        # -- the ballot ends and the hour before comes, while the program is down; Slack is away when it is back ------
        await there.stop()
        now = datetime.now(UTC)
        write(there.database, "UPDATE ballot SET closes_at = ?", stamp(now - timedelta(seconds=1)))
        write(there.database, "UPDATE meeting SET starts_at = ?", stamp(now + timedelta(minutes=50)))
        write(there.database, "UPDATE meeting_response SET at = strftime('%Y-%m-%d %H:%M:%f000', at, '-1 day')")
        write(there.database, "UPDATE task SET due_at = ?", stamp(now))
        slack.faults.add("conversations.open", faults.server_error(503), times=1_000)
        asked = len(slack.ledger.calls("conversations.open"))
        await there.start()
        await slack.wait_for(lambda: "we read this next" in ballot.words, 30)
        await slack.wait_for(lambda: "Training data-efficient" in meeting.words, 40)
        await slack.wait_for(lambda: len(slack.ledger.calls("conversations.open")) > asked, 40)
        assert "starts within an hour" not in heard(there, ben)

        # -- Slack is there again after a restart; nobody waits for the next attempt ----------------------------------
        await there.stop()
        slack.faults.clear()
        write(there.database, "UPDATE meeting_notice SET not_before = ?", stamp(datetime.now(UTC)))
        await there.start()
        await slack.wait_for(lambda: "starts within an hour" in heard(there, ben), 30)
        await there.stop()
        write(there.database, "UPDATE meeting SET starts_at = ?", stamp(datetime.now(UTC) - timedelta(hours=2)))
        await there.start()
        await message_with(await root.command("/club", "notes 1 We agreed.", channel=PAPERS), "are saved")
        await slack.wait_for(lambda: "We agreed." in meeting.words, 20)
        assert heard(there, ben).count("starts within an hour") == 1, "also after two more starts"
        assert "starts within" not in heard(there, ada), "they have no place"
        await there.stop()
        there.check()
        async with started(there.folder, "export", "meetings.json", "--meetings") as program:
            assert await program.ends() == 0, program.text
        [written] = json.loads((there.folder / "meetings.json").read_text())["meetings"]
        assert (written["chosen"], written["notes"]) == ("by ballot", "We agreed.")
