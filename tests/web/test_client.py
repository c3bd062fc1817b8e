"""The network that a request is counted under."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webapp.web.client import UNKNOWN, current_network, network_of

HOME = bytes([203, 0, 113])
HOME_V6 = bytes.fromhex("20010db8aabbcc")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", HOME),
        ("203.0.113.200", HOME),
        ("203.0.114.77", bytes([203, 0, 114])),
        ("2001:db8:aabb:cc01::1", HOME_V6),
        ("2001:db8:aabb:ccff:1:2:3:4", HOME_V6),
        ("2001:db8:aabb:cd00::1", bytes.fromhex("20010db8aabbcd")),
        ("::ffff:203.0.113.77", HOME),
        ("fe80::1%eth0", bytes.fromhex("fe800000000000")),
    ],
)
def test_network_is_a_24_or_a_56(address: str, network: bytes):
    assert network_of(address, None, 0) == network


@pytest.mark.parametrize("remote", ["", None, "unix:", "localhost", "203.0.113", "1.2.3.4.5"])
def test_who_cannot_be_told_apart_shares_one_network(remote: str | None):
    assert network_of(remote, None, 0) == UNKNOWN


def test_header_is_not_read_without_proxies():
    assert network_of("203.0.113.77", "198.51.100.1", 0) == HOME


@pytest.mark.parametrize(
    ("forwarded", "proxies"),
    [
        ("203.0.113.77", 1),
        ("198.51.100.1, 203.0.113.77", 1),
        ("198.51.100.1,203.0.113.77,192.0.2.1", 2),
        ("unknown, , 203.0.113.77, 192.0.2.1", 2),
        ("  203.0.113.77  ", 1),
        ("203.0.113.77:51234", 1),
        ("[::ffff:203.0.113.77]:443", 1),
    ],
)
def test_what_the_outermost_trusted_proxy_says_counts(forwarded: str, proxies: int):
    assert network_of("192.0.2.9", forwarded, proxies) == HOME


def test_an_address_that_a_visitor_made_up_is_never_reached():
    made_up = ", ".join(["198.51.100.1"] * 20)

    assert network_of("192.0.2.9", f"{made_up}, 203.0.113.77", 1) == HOME


def test_who_came_by_an_inner_proxy_is_known_by_the_leftmost_name():
    assert network_of("192.0.2.9", "203.0.113.77", 3) == HOME


@pytest.mark.parametrize("forwarded", [None, ""])
def test_without_the_header_the_connection_counts(forwarded: str | None):
    assert network_of("203.0.113.77", forwarded, 1) == HOME


@pytest.mark.parametrize("named", ["unknown", "_hidden", "[]", "[203.0.113.77", "999.1.1.1", "\0"])
def test_what_is_no_address_shares_one_network(named: str):
    assert network_of("203.0.113.77", f"198.51.100.1, {named}", 1) == UNKNOWN


@given(st.none() | st.text(), st.none() | st.text(), st.integers(0, 5))
def test_nothing_that_is_sent_raises(remote: str | None, forwarded: str | None, proxies: int):
    assert len(network_of(remote, forwarded, proxies)) in {0, 3, 7}


def test_the_network_of_a_request_is_that_of_its_connection(app: Flask):
    with app.test_request_context(
        environ_base={"REMOTE_ADDR": "203.0.113.77"}, headers={"X-Forwarded-For": "198.51.100.1"}
    ):
        assert current_network() == HOME
