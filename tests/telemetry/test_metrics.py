from __future__ import annotations

from bot.telemetry.metrics import MAX_VALUES, Metrics


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"journalclub_{name}", labels)


def test_each_thing_that_happens_is_counted_under_its_labels() -> None:
    metrics = Metrics()
    metrics.command("paper vote", "ok", "slack", 0.02)
    metrics.command("paper vote", "broke", "slack", 0.2)
    metrics.acknowledged("discord", 0.3)
    metrics.delivery("slack", "sent")
    metrics.duplicate_healed("slack")
    metrics.unknown_age(12)
    metrics.digest_late(3)
    metrics.replay_rejected("slack")
    metrics.signature_failed("slack")
    metrics.reconnected("discord")
    metrics.rate_limited("slack", "chat.postMessage")
    metrics.invalid_requests(4)
    metrics.arxiv("busy")
    metrics.llm_fallback("timeout")
    metrics.db_busy()
    assert sample(metrics, "commands_total", command="paper vote", outcome="ok") == 1
    assert sample(metrics, "commands_total", command="paper vote", outcome="broke") == 1
    assert sample(metrics, "command_seconds_count", platform="slack") == 2
    assert sample(metrics, "ack_seconds_bucket", platform="discord", le="0.5") == 1
    assert sample(metrics, "ack_seconds_bucket", platform="discord", le="0.25") == 0
    assert sample(metrics, "deliveries_total", platform="slack", state="sent") == 1
    assert sample(metrics, "duplicate_healed_total", platform="slack") == 1
    assert sample(metrics, "unknown_age_seconds") == 12
    assert sample(metrics, "digest_late_seconds") == 3
    assert sample(metrics, "replay_rejected_total", platform="slack") == 1
    assert sample(metrics, "signature_failed_total", platform="slack") == 1
    assert sample(metrics, "socket_reconnects_total", platform="discord") == 1
    assert sample(metrics, "rate_limited_total", platform="slack", method="chat.postMessage") == 1
    assert sample(metrics, "invalid_requests_10m") == 4
    assert sample(metrics, "arxiv_requests_total", outcome="busy") == 1
    assert sample(metrics, "llm_fallback_total", reason="timeout") == 1
    assert sample(metrics, "db_busy_total") == 1


def test_an_age_grows_until_something_is_heard_again() -> None:
    now = 100.0
    metrics = Metrics(clock=lambda: now)
    assert sample(metrics, "last_event_age_seconds", platform="slack") is None
    metrics.heard("slack")
    now = 130.0
    assert sample(metrics, "last_event_age_seconds", platform="slack") == 30
    metrics.heard("slack")
    assert sample(metrics, "last_event_age_seconds", platform="slack") == 0


def test_labels_stay_few_whatever_is_given() -> None:
    metrics = Metrics()
    for number in range(MAX_VALUES * 3):
        metrics.rate_limited("slack", f"method {number}")
    page = metrics.page().decode()
    assert page.count("journalclub_rate_limited_total{") == MAX_VALUES + 1
    assert sample(metrics, "rate_limited_total", platform="slack", method="other") == MAX_VALUES * 2


def test_two_programs_in_one_process_count_for_themselves() -> None:
    one, other = Metrics(), Metrics()
    one.db_busy()
    assert sample(one, "db_busy_total") == 1
    assert sample(other, "db_busy_total") == 0
