"""What the program counts about itself, for Prometheus to fetch at /metrics.

Labels have few values, known beforehand, and never name a person, a paper or a club. Nothing is counted in a
registry shared with others: one `Metrics` belongs to one program. Import this module only where the program runs;
the Prometheus client is slow to load.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""What /metrics answers with."""

ACKNOWLEDGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)
"""Seconds; both platforms take a question back after 3."""

COMMAND_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds; a command that asks arXiv or a model takes some."""

MAX_VALUES = 100
"""A label that reaches this many values calls all further ones "other"."""


class Label:
    """Keeps a label's values few, whatever it is given."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """The value, or "other" where there are too many already."""
        value = value[:64]
        if value not in self._known:
            if len(self._known) >= MAX_VALUES:
                return "other"
            self._known.add(value)
        return value


class Metrics:
    """The program's counters. Each method tells of one thing that happened; ages are worked out when asked for."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._clock = clock
        self._label: dict[str, Label] = {}
        self._seen: dict[str, float] = {}

        self._commands = self._counter("commands", "Commands and clicks answered.", "command", "outcome")
        self._seconds = self._histogram("command_seconds", "From a command to its answer.", COMMAND_BUCKETS, "platform")
        self._ack = self._histogram(
            "ack_seconds", "From a platform's question to its acknowledgement.", ACKNOWLEDGE_BUCKETS, "platform"
        )
        self._deliveries = self._counter("deliveries", "Deliveries that reached a state.", "platform", "state")
        self._healed = self._counter("duplicate_healed", "Duplicate posts that were found and removed.", "platform")
        self._unknown = self._gauge(
            "unknown_age_seconds", "Age of the oldest delivery whose fate is unknown; 0 if none."
        )
        self._late = self._gauge("digest_late_seconds", "How late the edition is that is most overdue; 0 if none.")
        self._replayed = self._counter("replay_rejected", "Requests seen before and answered from memory.", "platform")
        self._forged = self._counter("signature_failed", "Requests whose signature did not fit.", "platform")
        self._reconnects = self._counter(
            "socket_reconnects", "Times a platform's connection was opened again.", "platform"
        )
        self._event_age = self._gauge("last_event_age_seconds", "Since a platform last said anything.", "platform")
        self._limited = self._counter("rate_limited", "Times a platform asked us to wait.", "platform", "method")
        self._invalid = self._gauge(
            "invalid_requests_10m", "Requests Discord refused in ten minutes; it shuts out who reaches 10,000."
        )
        self._arxiv = self._counter("arxiv_requests", "Questions to arXiv, by what came of them.", "outcome")
        self._fallback = self._counter("llm_fallback", "Summaries taken from the abstract instead.", "reason")
        self._busy = self._counter("db_busy", "Times the database did not let us write in time.")
        self._lag = self._gauge("loop_lag_seconds", "How late the event loop ran its last tick.")

    def command(self, name: str, outcome: str, platform: str, seconds: float) -> None:
        """A command was answered: `outcome` is ok, refused or broke."""
        self._commands.labels(self._label("command", name), outcome).inc()
        self._seconds.labels(self._label("platform", platform)).observe(seconds)

    def acknowledged(self, platform: str, seconds: float) -> None:
        """A platform's question was acknowledged this long after it came."""
        self._ack.labels(self._label("platform", platform)).observe(seconds)

    def delivery(self, platform: str, state: str) -> None:
        """A delivery reached this state: sending, sent, failed, unknown."""
        self._deliveries.labels(self._label("platform", platform), self._label("state", state)).inc()

    def duplicate_healed(self, platform: str) -> None:
        """A post that stood twice was found and one of the two removed."""
        self._healed.labels(self._label("platform", platform)).inc()

    def unknown_age(self, seconds: float) -> None:
        """How long the oldest delivery has been of unknown fate; 0 where there is none."""
        self._unknown.set(seconds)

    def digest_late(self, seconds: float) -> None:
        """How late the most overdue edition is; 0 where none is."""
        self._late.set(seconds)

    def replay_rejected(self, platform: str) -> None:
        """A request came again and did nothing."""
        self._replayed.labels(self._label("platform", platform)).inc()

    def signature_failed(self, platform: str) -> None:
        """A request came that the platform did not sign."""
        self._forged.labels(self._label("platform", platform)).inc()

    def reconnected(self, platform: str) -> None:
        """A platform's connection was opened again."""
        self._reconnects.labels(self._label("platform", platform)).inc()

    def heard(self, platform: str) -> None:
        """A platform said something, were it only that it is there."""
        platform = self._label("platform", platform)
        if platform not in self._seen:
            self._event_age.labels(platform).set_function(lambda: self._clock() - self._seen[platform])
        self._seen[platform] = self._clock()

    def rate_limited(self, platform: str, method: str) -> None:
        """A platform answered this method (a name, never an address with ids) with 429."""
        self._limited.labels(self._label("platform", platform), self._label("method", method)).inc()

    def invalid_requests(self, count: int) -> None:
        """How many requests Discord refused (401, 403, 429) in the last ten minutes."""
        self._invalid.set(count)

    def arxiv(self, outcome: str) -> None:
        """arXiv was asked: ok, busy (429), odd (an answer that is no feed) or silent."""
        self._arxiv.labels(self._label("outcome", outcome)).inc()

    def llm_fallback(self, reason: str) -> None:
        """A summary was taken from the abstract, for this reason: a word from a short list."""
        self._fallback.labels(self._label("reason", reason)).inc()

    def db_busy(self) -> None:
        """The database did not let us write in time."""
        self._busy.inc()

    def loop_lag(self, seconds: float) -> None:
        """How late the event loop ran its last tick."""
        self._lag.set(seconds)

    def page(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _label(self, label: str, value: str) -> str:
        return self._label.setdefault(label, Label())(value)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, namespace="journalclub", registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, namespace="journalclub", registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, about, labels, namespace="journalclub", registry=self.registry, buckets=buckets)
