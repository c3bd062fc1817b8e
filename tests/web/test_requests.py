"""What no page takes, and where the files of a request lie."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from webapp.web.requests import MOST_IN_A_FORM, MOST_IN_A_LARGE_BODY, Request

CONTENT_TYPE = "multipart/form-data; boundary=border"
PICTURE = b"x" * 1_000_000


def form(*fields: tuple[str, bytes]) -> bytes:
    """Return a form with files; Werkzeug's own way to make one leaves large ones open."""
    parts = (
        b'--border\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.replace(" file", '"; filename="a').encode(), value)
        for name, value in fields
    )
    return b"".join(parts) + b"--border--\r\n"


def large(folder: object) -> dict[str, str]:
    """Return what the front says of a body in a folder; "" is for one that is not large."""
    return {"postbag.body": "whole", "postbag.uploads": str(folder)}


def sent(folder: object, *fields: tuple[str, bytes]) -> Request:
    builder = EnvironBuilder("/", method="POST", data=form(*fields), content_type=CONTENT_TYPE)
    return Request(builder.get_environ() | large(folder))


def status_of(client: FlaskClient, folder: object, *fields: tuple[str, bytes]) -> int:
    return client.post(
        "/desk/", data=form(*fields), content_type=CONTENT_TYPE, environ_overrides=large(folder)
    ).status_code


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads paths from /proc")
def test_the_files_of_a_large_body_lie_in_its_folder(in_app: Flask, tmp_path: Path):
    with sent(tmp_path, ("text", b"said"), ("a file", PICTURE)) as request:
        file = request.files["a"].stream
        where = Path(f"/proc/self/fd/{file.fileno()}").readlink()

        assert request.form["text"] == "said"
        assert where.is_relative_to(tmp_path)
        assert file.read() == PICTURE

    assert list(tmp_path.iterdir()) == []
    assert file.closed


def test_the_files_of_any_other_body_lie_on_no_disk(in_app: Flask):
    with sent("", ("a file", PICTURE)) as request:
        assert isinstance(request.files["a"].stream, BytesIO)
        assert request.files["a"].stream.read() == PICTURE


@pytest.mark.parametrize(
    ("size", "status"), [(MOST_IN_A_FORM - 100_000, 405), (MOST_IN_A_FORM + 1, 413)]
)
def test_a_text_in_a_large_body_is_no_larger_than_in_any_other(
    client: FlaskClient, tmp_path: Path, size: int, status: int
):
    fields = (("a file", PICTURE), ("text", b"x" * size))

    assert status_of(client, tmp_path, *fields) == status
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("count", "status"), [(MOST_IN_A_LARGE_BODY, 405), (MOST_IN_A_LARGE_BODY + 1, 413)]
)
def test_a_large_body_has_few_fields(client: FlaskClient, tmp_path: Path, count: int, status: int):
    fields = [(f"field {number}", b"x") for number in range(count)]

    assert status_of(client, tmp_path, *fields) == status
    assert status_of(client, "", *fields) == 405


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("state", "status"), [("cut", 413), ("late", 408)])
def test_a_body_that_is_not_whole_reaches_no_view(
    client: FlaskClient, method: str, state: str, status: int
):
    answer = client.open("/about", method=method, environ_overrides={"postbag.body": state})

    assert answer.status_code == status


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="writes to /dev/full")
def test_a_full_disk_is_said_in_words(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def open_full(_folder: str) -> object:
        return Path("/dev/full").open("wb", buffering=0)

    monkeypatch.setattr("webapp.web.requests.open_part", open_full)

    answer = client.post(
        "/desk/",
        data=form(("a file", PICTURE)),
        content_type=CONTENT_TYPE,
        environ_overrides=large("anywhere"),
    )

    assert answer.status_code == 503
    assert "No room left" in answer.text
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("is_large", [True, False])
def test_a_field_or_file_without_a_name_has_an_empty_one(
    in_app: Flask, tmp_path: Path, *, is_large: bool
):
    folder = tmp_path if is_large else ""
    data = form(("text", b"said"), ("a file", PICTURE)).replace(b'; name="text"', b"")
    data = data.replace(b' name="a";', b"")
    builder = EnvironBuilder("/", method="POST", data=data, content_type=CONTENT_TYPE)

    with Request(builder.get_environ() | large(folder)) as request:
        assert list(request.form.items(multi=True)) == [("", "said")]
        assert [name for name, _file in request.files.items(multi=True)] == [""]
        stream = request.files[""].stream

    assert stream.closed
    assert list(tmp_path.iterdir()) == []
