"""Key under which a connection carries the time at which its transaction asked for the write lock."""

REQUESTED_AT = "requested_at"
"""Key in `Connection.info`; the value is seconds of the monotonic clock, set before a connection is waited for."""
