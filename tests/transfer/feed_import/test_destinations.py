"""Which addresses of strangers are asked for anything: those of the public internet alone."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address

import pytest

from webapp.transfer.feed_import.destinations import (
    FetchRefused,
    find_destinations,
    is_public,
    look_up,
)

PUBLIC = "93.184.215.14"


def answering(*addresses: str):
    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),  # noqa: S104 - refused
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.8"),
        *("192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        *("64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:a00:1::", "2001::1"),
        *("2001:db8::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1"),
        *("3fff::1", "5f00::1", "100::1", "::8.8.8.8"),
    ],
)
def test_an_inner_address_is_not_public(address: str):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "2a00:1450:4001::1"])
def test_an_address_of_the_internet_is_public(address: str):
    assert is_public(ip_address(address))


def test_the_address_that_was_checked_is_the_one_to_connect_to():
    (found,) = find_destinations("https://Feeds.Example/rss?a=1#x", resolve=answering(PUBLIC))

    assert (found.host, found.address, found.port) == ("feeds.example", PUBLIC, 443)
    assert (found.target, found.host_header) == ("/rss?a=1", "feeds.example")


def test_a_name_with_one_inner_address_is_refused_whole():
    with pytest.raises(FetchRefused, match="not on the public internet"):
        find_destinations("http://feeds.example/", resolve=answering(PUBLIC, "10.0.0.7"))


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "017700000001", "127.1", "0", "[::1]"])
def test_a_number_that_is_this_machine_in_disguise_is_refused(host: str):
    with pytest.raises(FetchRefused, match="not on the public internet"):
        find_destinations(f"http://{host}/", resolve=look_up)


def test_tests_may_let_this_machine_pass_and_nothing_else():
    (found,) = find_destinations("http://127.0.0.1:8123/", resolve=look_up, allow_loopback=True)
    assert found.port == 8123

    for inner in ("127.0.0.2", "10.0.0.1", "::1"):
        with pytest.raises(FetchRefused):
            find_destinations(
                "http://feeds.example/", resolve=answering(inner), allow_loopback=True
            )


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://feeds.example/", "file:///etc/passwd", "gopher://feeds.example", "feeds.example"),
        *("http://", "http:///rss", "http://feeds.example:x/", "http://feeds.example:99999/"),
        *("http://[::1/", "http://a b/", "http://feeds.example/\r\nHost: x", "javascript:alert(1)"),
        *("http://-/", "http://" + "a" * 300 + ".example/", "https://feeds.example/" + "a" * 4_000),
        *("http://a..b/", "http://\u2100.example/x y", "", "http://feeds\\.example/"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str):
    with pytest.raises(FetchRefused, match="no web address"):
        find_destinations(url, resolve=answering(PUBLIC))


def test_no_password_is_sent_and_no_other_port_asked():
    with pytest.raises(FetchRefused, match="name or a password"):
        find_destinations("https://ada:secret@feeds.example/", resolve=answering(PUBLIC))
    with pytest.raises(FetchRefused, match="ports 80 and 443"):
        find_destinations("http://feeds.example:6379/", resolve=answering(PUBLIC))


def test_a_name_that_nobody_has_is_said_to_be_unknown():
    with pytest.raises(FetchRefused, match=r"There is no feeds\.example"):
        find_destinations("https://feeds.example/", resolve=answering())


def test_a_name_and_a_path_in_other_letters_are_asked_for_in_ascii():
    (found,) = find_destinations("https://Zwei-Stühle.example/Ton/ä%20b", resolve=answering(PUBLIC))

    assert found.host == "xn--zwei-sthle-geb.example"
    assert found.target == "/Ton/%C3%A4%20b"


def test_the_systems_look_up_finds_this_machine():
    assert socket.gethostbyname("localhost") in look_up("localhost", 80)
