"""What the files under deploy/ keep to: no visitor in any log, no letter on any disk."""

import re
from pathlib import Path

import pytest

from webapp.operations.server import CONNECTION_BUFFER, HEADER_TIMEOUT_MS
from webapp.settings import PREFIX, Settings
from webapp.web.front import BODY_SECONDS

DEPLOY = Path(__file__).parents[1] / "deploy"
PROXIES = ("Caddyfile", "nginx.conf")


def directives(file: str) -> list[str]:
    """Return the lines of a file without its comments and the space around them."""
    lines = (DEPLOY / file).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def test_caddy_logs_neither_visits_nor_its_own_errors_about_them():
    lines = directives("Caddyfile")

    assert lines[:4] == ["{", "log {", "exclude http", "}"]
    assert [line for line in lines if line.split()[0].startswith("log")] == ["log {"]


def test_nginx_logs_nothing_about_a_request():
    lines = directives("nginx.conf")
    within = lines.index("http {")
    first_site = lines.index("server {")

    assert [line for line in lines if line.startswith("access_log")] == ["access_log off;"]
    assert within < lines.index("access_log off;") < first_site
    assert [line for line in lines[within:] if "error_log" in line] == ["error_log /dev/null crit;"]
    assert within < lines.index("error_log /dev/null crit;") < first_site


def test_nginx_puts_no_letter_on_disk_and_refuses_none_that_postbag_would_give_back():
    lines = directives("nginx.conf")

    for line in (
        "proxy_request_buffering off;",
        "proxy_max_temp_file_size 0;",
        "client_max_body_size 0;",
    ):
        assert lines.index("http {") < lines.index(line) < lines.index("server {")
    assert not [line for line in lines if "temp_path" in line or "cache" in line.split()[0]]


def test_proxies_say_which_network_asks_and_believe_no_visitor_about_it():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in directives("nginx.conf")
    # Caddy sets the header by itself, and believes nobody unless told to.
    assert not [line for line in directives("Caddyfile") if "forwarded" in line.lower()]
    assert not [line for line in directives("Caddyfile") if "trusted_proxies" in line]


@pytest.mark.parametrize("proxy", PROXIES)
def test_the_proxies_and_the_unit_belong_together(proxy: str):
    assert "Environment=POSTBAG_TRUSTED_PROXIES=1" in directives("postbag.service")
    assert "POSTBAG_TRUSTED_PROXIES=1" in (DEPLOY / proxy).read_text(encoding="utf-8")
    assert "127.0.0.1:8000" in (DEPLOY / proxy).read_text(encoding="utf-8")


def test_the_proxies_give_headers_as_long_as_postbag_does_and_films_as_long_as_it_takes():
    seconds = HEADER_TIMEOUT_MS // 1000

    assert f"client_header_timeout {seconds}s;" in directives("nginx.conf")
    assert f"client_body_timeout {BODY_SECONDS}s;" in directives("nginx.conf")
    assert f"read_header {seconds}s" in directives("Caddyfile")
    assert f"max_header_size {CONNECTION_BUFFER // 1024}KB" in directives("Caddyfile")
    assert not [line for line in directives("Caddyfile") if line.startswith("read_body")]
    assert not [line for line in directives("Caddyfile") if "max_size" in line]


def test_a_proxy_asks_whether_postbag_lives_and_not_whether_its_database_does():
    """Without its database it still gives askers their text back, which no proxy does."""
    assert "health_uri /healthz" in directives("Caddyfile")


def test_tor_reaches_the_proxies_by_one_socket_and_nothing_else_by_tor():
    lines, socket = directives("torrc"), "/run/postbag-onion/http.sock"

    assert f"HiddenServicePort 80 unix:{socket}" in lines
    assert {"SocksPort 0", "ExitRelay 0", "ORPort 0", "SafeLogging 1"} <= set(lines)
    for proxy in PROXIES:
        assert socket in (DEPLOY / proxy).read_text(encoding="utf-8")


def test_the_unit_keeps_times_out_of_the_log_and_memory_off_the_disk():
    lines = directives("postbag.service")

    assert [line for line in lines if line.startswith("StandardError=")] == [
        "StandardError=append:/srv/postbag/postbag.log"
    ]
    assert "LimitCORE=0" in lines


def test_the_first_process_of_the_unit_ends_the_others_itself():
    assert "KillMode=mixed" in directives("postbag.service")


@pytest.mark.parametrize("file", sorted(p.name for p in DEPLOY.iterdir() if p.suffix != ".env"))
def test_settings_that_are_named_are_settings(file: str):
    named = re.findall(rf"\b{PREFIX}(\w+)", (DEPLOY / file).read_text(encoding="utf-8"))

    assert {name.lower() for name in named} <= set(Settings.model_fields)
