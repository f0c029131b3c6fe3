"""Where the registry may connect to if a user asks for it: public addresses, by https, on port 443."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

HTTPS_PORT: Final = 443

# ipaddress.is_global is not enough: on Python 3.11 it is true for multicast, NAT64, 6to4 and its relays, behind which
# there can be private addresses. These ranges are not the public address of one host, after
# https://www.iana.org/assignments/iana-ipv4-special-registry and
# https://www.iana.org/assignments/iana-ipv6-special-registry
_NOT_PUBLIC: Final = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/8",  # unspecified, loopback, IPv4-compatible and IPv4-mapped
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local use
        "100::/64",
        "2001::/23",  # Teredo, ORCHID, benchmarking and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
# The only part of the IPv6 space that is assigned to global unicast,
# https://www.iana.org/assignments/ipv6-address-space
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """Which connections are allowed: to public addresses by https on port 443, and to ``allowed`` networks.

    Networks in ``allowed`` may be private, and are also reached by http and on any port.
    """

    allowed: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "OutboundPolicy":
        """The policy with the allowed networks in ``text``, as comma-separated CIDRs. Raises ValueError."""
        return cls(tuple(ip_network(cidr.strip()) for cidr in text.split(",") if cidr.strip()))

    def objections(self, scheme: str, port: int, addresses: Sequence[Address]) -> list[str]:
        """Why a connection is refused. Empty if it is allowed to EVERY address; a host without address is refused.

        The texts name no address: whoever typed a host's name must not learn what it resolves to inside.
        """
        outside = [address for address in addresses if not self._allows(address)]
        if addresses and not outside:
            return []
        reasons = []
        if not all(is_public(address) for address in outside):
            reasons.append("its host has an address that is not public")
        if not addresses:
            reasons.append("its host has no address")
        if scheme != "https":
            reasons.append("it must begin with https://")
        if port != HTTPS_PORT:
            reasons.append(f"its port must be {HTTPS_PORT}")
        return reasons

    def _allows(self, address: Address) -> bool:
        return any(address in network for network in self.allowed)


def is_public(address: Address) -> bool:
    """Whether ``address`` can only be that of one host on the public Internet."""
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in _GLOBAL_UNICAST):
        return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)
