"""Direct messages to members about what they follow, and about new papers of the club's sources.

Decisions about a member's papers (`bot.features.shared.delivery.decision_messages`) and meetings
(`bot.features.meetings.meeting_notifications`) are sent beside them by `bot.runtime.notification_worker`.
"""
