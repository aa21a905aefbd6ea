"""The program's metrics for Prometheus, served at /metrics.

Labels have few values, known beforehand, and never name a person, a paper or a club. Each `Metrics` has a registry of
its own. Import this module only in the running program: the Prometheus client is slow to load.
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
"""Content type of /metrics."""

ACKNOWLEDGE_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)
"""Buckets in seconds for acknowledgements; both platforms give up after 3."""

COMMAND_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Buckets in seconds for commands; some ask arXiv or a model."""

MAX_VALUES = 100
"""Values of a label after which all further ones are counted as "other"."""


class Label:
    """Limits a label to few values."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """The value, or "other" if there are too many already."""
        value = value[:64]
        if value not in self._known:
            if len(self._known) >= MAX_VALUES:
                return "other"
            self._known.add(value)
        return value


class Metrics:
    """The program's metrics. Each method records one event; ages are computed when they are read."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.registry = CollectorRegistry()  # it does not ask the collectors now, which would read a dozen files
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._clock = clock
        self._labels: dict[str, Label] = {}
        self._seen: dict[str, float] = {}

        self._commands = self._counter("commands", "Commands and clicks answered.", "command", "outcome")
        self._seconds = self._histogram("command_seconds", "From a command to its answer.", COMMAND_BUCKETS, "platform")
        self._ack = self._histogram(
            "ack_seconds", "From a platform's question to its acknowledgement.", ACKNOWLEDGE_BUCKETS, "platform"
        )
        self._deliveries = self._counter("deliveries", "Deliveries that reached a state.", "platform", "state")
        self._healed = self._counter("duplicate_healed", "Duplicate posts that were found and removed.", "platform")
        self._unknown = self._gauge("unknown_age_seconds", "Age of the oldest delivery of unknown outcome; 0 if none.")
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
        """Record an answered command: `outcome` is ok, refused or broke."""
        self._commands.labels(self._limit_label("command", name), outcome).inc()
        self._seconds.labels(self._limit_label("platform", platform)).observe(seconds)

    def acknowledged(self, platform: str, seconds: float) -> None:
        """Record the seconds until a platform's request was acknowledged."""
        self._ack.labels(self._limit_label("platform", platform)).observe(seconds)

    def delivery(self, platform: str, state: str) -> None:
        """Record that a delivery reached a state: sending, sent, failed, unknown."""
        self._deliveries.labels(self._limit_label("platform", platform), self._limit_label("state", state)).inc()

    def duplicate_healed(self, platform: str) -> None:
        """Record that a duplicate post was found and removed."""
        self._healed.labels(self._limit_label("platform", platform)).inc()

    def unknown_age(self, seconds: float) -> None:
        """Record the age in seconds of the oldest delivery of unknown outcome; 0 if there is none."""
        self._unknown.set(seconds)

    def digest_late(self, seconds: float) -> None:
        """Record by how many seconds the most overdue edition is late; 0 if none is."""
        self._late.set(seconds)

    def replay_rejected(self, platform: str) -> None:
        """Record a repeated request that was ignored."""
        self._replayed.labels(self._limit_label("platform", platform)).inc()

    def signature_failed(self, platform: str) -> None:
        """Record a request without the platform's signature."""
        self._forged.labels(self._limit_label("platform", platform)).inc()

    def reconnected(self, platform: str) -> None:
        """Record that a platform's connection was opened again."""
        self._reconnects.labels(self._limit_label("platform", platform)).inc()

    def heard(self, platform: str) -> None:
        """Record that a platform sent something, such as a heartbeat."""
        platform = self._limit_label("platform", platform)
        if platform not in self._seen:
            self._event_age.labels(platform).set_function(lambda: self._clock() - self._seen[platform])
        self._seen[platform] = self._clock()

    def rate_limited(self, platform: str, method: str) -> None:
        """Record a 429 for a method (a name, never a URL with ids)."""
        self._limited.labels(self._limit_label("platform", platform), self._limit_label("method", method)).inc()

    def invalid_requests(self, count: int) -> None:
        """Record the number of requests that Discord refused (401, 403, 429) in the last ten minutes."""
        self._invalid.set(count)

    def arxiv(self, outcome: str) -> None:
        """Record a request to arXiv: ok, busy (429), odd (a response that is no feed) or silent."""
        self._arxiv.labels(self._limit_label("outcome", outcome)).inc()

    def llm_fallback(self, reason: str) -> None:
        """Record a summary that was taken from the abstract, with the reason: a word from a short list."""
        self._fallback.labels(self._limit_label("reason", reason)).inc()

    def db_busy(self) -> None:
        """Record that the database did not accept a write in time."""
        self._busy.inc()

    def loop_lag(self, seconds: float) -> None:
        """Record by how many seconds the event loop's last tick was late."""
        self._lag.set(seconds)

    def page(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def _limit_label(self, label: str, value: str) -> str:
        return self._labels.setdefault(label, Label())(value)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(name, about, labels, namespace="journalclub", registry=self.registry)

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(name, about, labels, namespace="journalclub", registry=self.registry)

    def _histogram(self, name: str, about: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, about, labels, namespace="journalclub", registry=self.registry, buckets=buckets)
