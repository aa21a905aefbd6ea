"""Check that an IP address is on the public Internet, so that no link of a member reaches a private network."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

_GLOBAL_IPV6 = ip_network("2000::/3")
"""All global unicast addresses that are assigned; everything outside is local, multicast or a translation."""
_REFUSED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",  # the metadata service of Azure, an address that looks public
            "2001::/23",  # Teredo, ORCHID, benchmarking and other special uses
            "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        ),
    )
)  # fmt: skip
"""Special-purpose blocks (https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-). All of them are
here, so that nothing depends on which of them a release of Python knows."""


def is_public(address: str) -> bool:
    """True if an address in text form is a public unicast one; addresses that embed another address are not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and (
        parsed not in _GLOBAL_IPV6 or parsed.scope_id is not None or _is_isatap(parsed)
    ):
        return False
    return not any(parsed in block for block in _REFUSED if block.version == parsed.version)


def _is_isatap(address: IPv6Address) -> bool:
    """True if the lower half of an IPv6 address is an IPv4 address by ISATAP (RFC 5214)."""
    return (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE
