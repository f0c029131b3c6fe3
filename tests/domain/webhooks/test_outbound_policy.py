from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.webhooks.outbound_policy import Address, OutboundPolicy, is_public

NOWHERE_PRIVATE = OutboundPolicy()
PUBLIC = [ip_address("93.184.215.14"), ip_address("2600:1f18::1")]

PRIVATE_RANGES = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::1/128",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2001::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
]


def addresses_in(cidr: str) -> st.SearchStrategy[Address]:
    network = ip_network(cidr)
    return st.integers(int(network[0]), int(network[-1])).map(type(network[0]))


@given(st.sampled_from(PRIVATE_RANGES).flatmap(addresses_in))
def test_no_address_of_a_private_or_special_range_is_public(address: Address) -> None:
    assert not is_public(address)
    assert NOWHERE_PRIVATE.objections("https", 443, [address])


@given(st.sampled_from(PRIVATE_RANGES).flatmap(addresses_in), st.booleans())
def test_one_private_address_among_public_ones_is_enough_to_refuse(address: Address, first: bool) -> None:
    addresses = [address, *PUBLIC] if first else [*PUBLIC, address]
    assert NOWHERE_PRIVATE.objections("https", 443, addresses)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_ipv6_form_carries_an_ipv4_address_past_the_policy(inner: IPv4Address) -> None:
    number = int(inner)
    forms = [
        (0xFFFF << 32) | number,  # IPv4-mapped
        number,  # IPv4-compatible
        (0x64FF9B << 96) | number,  # NAT64
        (0x2002 << 112) | (number << 80) | 1,  # 6to4
        (0x20010000 << 96) | (number ^ 0xFFFFFFFF),  # Teredo
    ]
    assert not any(is_public(IPv6Address(form)) for form in forms)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_ipv6_outside_global_unicast_is_never_public(address: IPv6Address) -> None:
    assert address in ip_network("2000::/3") or not is_public(address)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_whatever_python_calls_special_is_not_public(address: IPv4Address) -> None:
    special = (
        address.is_private
        or address.is_loopback
        or address.is_multicast
        or address.is_reserved
        or address.is_link_local
    )
    assert not (special and is_public(address))


def test_public_addresses_are_reached_by_https_on_port_443_only() -> None:
    assert NOWHERE_PRIVATE.objections("https", 443, PUBLIC) == []
    assert NOWHERE_PRIVATE.objections("http", 443, PUBLIC) == ["it must begin with https://"]
    assert NOWHERE_PRIVATE.objections("https", 8443, PUBLIC) == ["its port must be 443"]


def test_a_host_without_an_address_is_refused() -> None:
    assert OutboundPolicy.parse("0.0.0.0/0").objections("https", 443, []) == ["its host has no address"]


def test_a_scoped_address_is_never_public() -> None:
    assert not is_public(IPv6Address("2600:1f18::1%eth0"))


def test_allowed_networks_are_reached_by_http_on_any_port() -> None:
    policy = OutboundPolicy.parse("127.0.0.0/8, 10.1.0.0/16")
    assert policy.objections("http", 8080, [ip_address("127.0.0.1"), ip_address("10.1.2.3")]) == []


def test_what_is_allowed_for_one_address_is_not_for_another() -> None:
    policy = OutboundPolicy.parse("127.0.0.0/8")
    inside = ip_address("127.0.0.1")
    assert policy.objections("http", 8080, [inside, ip_address("10.1.2.3")])
    assert policy.objections("http", 80, [inside, PUBLIC[0]]) == [
        "it must begin with https://",
        "its port must be 443",
    ]
    assert policy.objections("https", 443, [inside, PUBLIC[0]]) == []
    assert policy.objections("https", 443, [ip_address("::ffff:127.0.0.1")])


def test_the_reasons_do_not_tell_what_a_name_resolves_to() -> None:
    assert "10.1.2.3" not in " ".join(NOWHERE_PRIVATE.objections("http", 80, [ip_address("10.1.2.3")]))


def test_a_policy_that_cannot_be_read_is_refused() -> None:
    assert OutboundPolicy.parse("") == NOWHERE_PRIVATE
    with pytest.raises(ValueError, match="host bits"):
        OutboundPolicy.parse("10.0.0.1/8")
