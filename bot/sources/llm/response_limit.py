"""A cap on what a model's server may say: bytes of one answer, counted after decompression and while they come."""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx2

from bot.sources.llm.responses import ResponseTooLarge

LARGEST = 1024 * 1024
"""Bytes of one answer. A summary has a few thousand; a model that thinks aloud, some ten thousand."""


_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that speak of the answer as it was sent, not as it is handed on."""


class LimitedTransport(httpx2.AsyncBaseTransport):
    """A transport that ends an answer which is too large, compressed or not, before it fills the memory."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, largest: int = LARGEST) -> None:
        self._inner = inner
        self._largest = largest

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request; its answer is read with the cap, and handed on unpacked.

        Only gzip and deflate are offered, since these can be opened piece by piece with a bound.
        """
        request.headers["Accept-Encoding"] = "gzip, deflate"
        answer = await self._inner.handle_async_request(request)
        try:
            body = await _body(answer, self._largest)
        finally:
            await answer.aclose()
        headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
        return httpx2.Response(answer.status_code, headers=headers, content=body, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


async def _body(answer: httpx2.Response, largest: int) -> bytes:
    encoding = answer.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ResponseTooLarge(f"the answer is packed as {encoding[:20]}, which cannot be opened with a bound")
    opener = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding not in ("", "identity") else None
    body, received = bytearray(), 0
    async with aclosing(_chunks(answer)) as chunks:
        async for chunk in chunks:
            received += len(chunk)
            body += opener.decompress(chunk, largest - len(body) + 1) if opener else chunk
            if max(len(body), received) > largest:
                raise ResponseTooLarge(f"the answer has more than {largest:,} bytes")
    return bytes(body)


async def _chunks(answer: httpx2.Response) -> AsyncGenerator[bytes, None]:
    """The answer's bytes as they come; closed with the generator that the transport reads them from."""
    assert isinstance(answer.stream, httpx2.AsyncByteStream)
    source = aiter(answer.stream)
    try:
        async for chunk in source:
            yield chunk
    finally:
        if isinstance(source, AsyncGenerator):
            await source.aclose()
