"""The HTTP client: one origin, trusted certificates, a correct User-Agent."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.sources.http_client import HostClient, HostUnreachable, RequestPolicy, retry_after
from tests.sources.clock import Clock
from tests.sources.faulty import FaultyArxiv, too_many_requests
from tests.sources.local_rate_gate import LocalRateGate

QUICK = RequestPolicy(min_interval=dt.timedelta(0))


def host(url: str, *, agent: str = "journalclub (test)", clock: Clock | None = None) -> HostClient:
    clock = clock or Clock()
    return HostClient(
        "arxiv", url, agent=agent, rate_gate=LocalRateGate(), policy=QUICK, now=clock.now, sleep=clock.sleep
    )


@pytest.fixture
async def impostor(tmp_path: Path) -> AsyncIterator[str]:
    """An HTTPS server with a self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "impostor.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    runner = web.AppRunner(web.Application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(impostor: str) -> None:
    clock = Clock()
    client = host(impostor, clock=clock)
    with pytest.raises(HostUnreachable, match="its certificate is not trusted"):
        await client.get(f"{impostor}/api/query")
    assert clock.slept == [], "and is not asked again"
    await client.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://export.arxiv.org.example/api/query",
        "https://example/?https://export.arxiv.org/",
        "http://export.arxiv.org/api/query",
        "https://export.arxiv.org:8443/api/query",
        "https://export.arxiv.org@example/api/query",
        "https://user:word@export.arxiv.org/api/query",
        "//export.arxiv.org/api/query",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
    ],
)
async def test_no_other_origin_is_asked(url: str) -> None:
    client = host("https://export.arxiv.org/api/query")
    with pytest.raises(ValueError, match="is not on arxiv's host"):
        await client.get(url)


@pytest.mark.parametrize("base", ["", "export.arxiv.org", "ftp://export.arxiv.org", "https://", "file:///x"])
def test_a_base_is_an_address_of_a_host(base: str) -> None:
    with pytest.raises(ValueError, match="is not the http"):
        host(base)


@pytest.mark.parametrize("agent", ["a\r\nX-Evil: 1", "naïve", "a\x00"])
def test_a_name_that_cannot_be_sent_is_refused(agent: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        host("https://export.arxiv.org", agent=agent)


async def test_the_answer_is_status_and_body() -> None:
    async with FaultyArxiv(too_many_requests(404)) as server:
        client = host(server.url)
        answer = await client.get(f"{server.url}?id_list=a%2Fb%20c")
        await client.close()
    assert (answer.status, answer.body) == (404, b"Rate exceeded.")
    assert server.ledger[0].query == {"id_list": "a/b c"}


NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("20", 20),
        (" 20 ", 20),
        ("0", 0),
        ("0.25", 0.25),
        ("Fri, 20 Nov 2026 12:00:25 GMT", 25),
        ("Friday, 20-Nov-26 12:00:25 GMT", 25),
        ("Fri Nov 20 12:00:25 2026", 25),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0),
        ("999999999", 600),
        ("Fri, 20 Nov 2099 12:00:25 GMT", 600),
        (None, 7),
        ("", 7),
        ("soon", 7),
        ("-5", 7),
        ("1e3", 7),
        ("٢٠", 7),
        ("20, 30", 7),
        ("nan", 7),
        ("9" * 500, 7),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(header: str | None, seconds: float) -> None:
    wait = retry_after(header, NOON, default=dt.timedelta(seconds=7), longest=dt.timedelta(minutes=10))
    assert wait == dt.timedelta(seconds=seconds)


def test_where_nothing_is_asked_there_may_be_no_wait() -> None:
    assert retry_after("soon", NOON, default=None, longest=dt.timedelta(minutes=10)) is None
