"""Re-exports Store and UnitOfWork; defines nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

from bot.domain.models import Club, SavedCall
from bot.errors import UserError
from bot.store.admin.admin_session import AdminSession
from bot.store.admin.identity import Identity, identify
from bot.store.base.search_index import renew_some
from bot.store.base.search_rules import INDEX_VERSION
from bot.store.base.transaction import ClubRepository, Transaction, repository
from bot.store.database.database_errors import database_trouble
from bot.store.database.engine import Engines, open_engines
from bot.store.database.schema import Differences, check_schema, current
from bot.store.delivery.deliveries import Deliveries
from bot.store.delivery.discussions import Discussions
from bot.store.delivery.doubtful import DoubtfulPosts
from bot.store.delivery.rooms import Rooms
from bot.store.editions.contributions import EditionSuggestions, MemberQuotes
from bot.store.editions.editions import Editions
from bot.store.editions.published import Published
from bot.store.editions.quote_ledger import QuoteLedgers
from bot.store.editions.slots import Slots
from bot.store.editions.summaries import FullTexts, SpendingLog, Summaries
from bot.store.members.account_linking import AccountLinking
from bot.store.members.follows import Follows
from bot.store.members.members import Members, Roles
from bot.store.members.notifications import Notifications
from bot.store.members.one_time_codes import OneTimeCodes
from bot.store.members.personal_data import PersonalData
from bot.store.members.reading_list import ReadingList
from bot.store.moderation.audit_log import AuditLog
from bot.store.moderation.picks import Picks
from bot.store.moderation.reports import ModerationQueue, Reports
from bot.store.papers.merging import SubmissionMerging
from bot.store.papers.papers import Papers
from bot.store.papers.search import PaperSearch
from bot.store.papers.submissions import Submissions
from bot.store.papers.topics import Topics
from bot.store.papers.votes import Votes
from bot.store.sessions import Store, UnitOfWork

__all__ = ["AdminSession", "Store", "UnitOfWork"]
