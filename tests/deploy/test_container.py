"""The container file and the compose file agree with the code, and with one another."""

import json
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.containerfile import FILE, copied, instructions, stages
from tests.deploy.said import hold
from webapp.settings import PREFIX, Settings

ROOT = FILE.parents[1]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy" / "compose.yaml")
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "postbag"}
CADDYFILE = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")


def last(name: str) -> str:
    """Return what the image ends with: the last instruction of a name."""
    return [rest for each, rest in stages()[-1] if each == name][-1]


def test_what_is_copied_is_there_and_is_let_through_to_the_build():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = [line.removeprefix("!") for line in ignored if line.startswith("!")]

    assert "*" in ignored  # nothing goes in that is not named
    for source, _place in copied():
        assert (ROOT / source).exists(), source
        assert source in let_through, source
    for line in let_through:
        assert not fnmatch("instance", line)


def test_each_command_of_the_build_is_one_that_a_shell_reads():
    runs = [rest for name, rest in instructions() if name == "RUN"]

    assert len(runs) > 3
    for line in runs:
        subprocess.run(["sh", "-n", "-c", line], check=True)
    pip = [line for line in runs if "pip install" in line]
    assert all("--constraint constraints.txt" in line for line in pip)


def test_the_image_runs_as_nobody_of_importance_and_holds_no_secret():
    assert last("USER") == "postbag"
    assert not [line for name, line in instructions() if name == "ARG" and "KEY" in line]
    text = FILE.read_text(encoding="utf-8").lower()
    assert not re.search(r"password|secret|token", text)


def test_the_image_serves_where_it_says_and_is_asked_whether_it_lives():
    entry, command = json.loads(last("ENTRYPOINT")), json.loads(last("CMD"))
    hold([*entry, *command])

    port = command[command.index("--port") + 1]
    assert last("EXPOSE") == port
    paths = re.findall(r"http://127.0.0.1:(\d+)(/\w+)", last("HEALTHCHECK"))
    assert paths == [(port, "/healthz")]
    compile(json.loads(last("HEALTHCHECK").partition("CMD ")[2])[2], "HEALTHCHECK", "exec")


def test_what_is_kept_lies_in_volumes_that_the_image_has_made_for_its_account():
    kept = json.loads(last("VOLUME"))
    made = next(rest for name, rest in stages()[-1] if name == "RUN")
    environment = next(rest for name, rest in stages()[-1] if name == "ENV")

    assert f"{PREFIX}INSTANCE={kept[0]}" in environment
    assert f"{PREFIX}KEYS={kept[1]}" in environment
    for service in OURS.values():
        for volume in service["volumes"]:
            assert volume.split(":")[1] in made


def test_every_service_of_ours_is_a_command_with_options_that_there_are():
    assert set(OURS) == {"init", "site", "worker"}
    for service in OURS.values():
        hold(["postbag", *service["command"]])


@pytest.mark.parametrize("name", sorted(OURS))
def test_settings_of_a_service_are_settings_with_values_that_hold(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for key, value in OURS[name]["environment"].items():
        assert key.startswith(PREFIX)
        monkeypatch.setenv(key, re.sub(r"\$\{SITE_ADDRESS:\?[^}]+\}", "show.example", value))

    settings = Settings.load(instance=tmp_path)

    assert settings.database == "postgresql+psycopg://postbag@database/postbag"
    assert (settings.site_url, settings.trusted_proxies) == ("https://show.example", 1)


def test_services_are_named_in_the_addresses_of_others():
    settings = OURS["site"]["environment"]
    named = re.findall(r"@(\w+)/|//(\w+):6379", " ".join(settings.values()))

    assert {name for pair in named for name in pair if name} == {"database", "memory"}
    upstream, port = COMPOSE["services"]["proxy"]["environment"]["UPSTREAMS"].split(":")
    assert upstream in OURS
    assert port == last("EXPOSE")


def test_caddy_reads_what_the_services_bake_and_what_compose_tells_it():
    proxy = COMPOSE["services"]["proxy"]
    baked = OURS["worker"]["environment"]["POSTBAG_BAKED"]

    for name in proxy["environment"]:
        assert f"{{${name}:" in CADDYFILE
    assert f"baked:{baked}:ro" in proxy["volumes"]
    assert f"root {baked}/now" in CADDYFILE
    assert (ROOT / "deploy" / proxy["volumes"][0].split(":")[0]).exists()


def test_only_caddy_is_reached_from_outside():
    published = {name for name, each in COMPOSE["services"].items() if "ports" in each}

    assert published == {"proxy"}
    for name in ("database", "memory"):
        assert COMPOSE["services"][name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_a_service_of_ours_writes_to_its_volumes_alone_and_its_lines_have_no_moment():
    for name, service in OURS.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["ulimits"] == {"core": 0}
        if name != "init":
            assert service["logging"] == {"driver": "none"}
            subprocess.run(["sh", "-n", "-c", service["entrypoint"][2]], check=True)


def test_redis_keeps_nothing():
    command = COMPOSE["services"]["memory"]["command"]

    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"


def test_volumes_networks_and_services_that_are_named_are_there():
    for service in COMPOSE["services"].values():
        volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
        assert {name for name in volumes if not name.startswith(".")} <= set(COMPOSE["volumes"])
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for name, condition in service.get("depends_on", {}).items():
            other = COMPOSE["services"][name]
            has_check = "healthcheck" in other or other["image"] == "postbag"
            assert condition["condition"] != "service_healthy" or has_check
    assert not [line for line in json.dumps(COMPOSE).split('"') if "PASSWORD=" in line]
