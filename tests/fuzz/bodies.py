"""Bodies of requests: whole forms with any fields, and forms that are broken on their way."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.fuzz.hostile_values import TEXT, bent, in_percents, in_utf8
from tests.fuzz.site import BOUNDARY, FORM, MULTIPART

Fields = Sequence[tuple[str, str]]


def urlencoded(fields: Fields) -> bytes:
    """Return fields as a browser sends them."""
    return "&".join(f"{in_percents(name)}={in_percents(text)}" for name, text in fields).encode()


def multipart(fields: Fields, files: Sequence[tuple[str, str, bytes]] = ()) -> bytes:
    """Return fields and files, each with its name and its file's, as a browser sends them."""
    parts = [(f'name="{_quoted(name)}"', in_utf8(text)) for name, text in fields]
    parts += [
        (f'name="{_quoted(name)}"; filename="{_quoted(file)}"', data) for name, file, data in files
    ]
    body = b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (BOUNDARY.encode(), in_utf8(head), data)
        for head, data in parts
    )
    return body + f"--{BOUNDARY}--\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


WHOLE = [("question", "How do I begin?"), ("receipt", "acorn badly cabin"), ("a[b]", "é")]
FILE = ("question", "a.txt", b"text\r\n--border")
ENCODED = (b"&", b"=", b"%", b"%u0041", b"%ff%fe", b"+", b";", b"%00", b"%ed%a0%80", b"&" * 12_000)
PARTS = (
    *(b"--border", b"--border--", b"\r\n\r\n", b"\n\n", b'; filename="a"', b"filename*=UTF-8''%ff"),
    *(b"Content-Type: text/plain; charset=utf-7\r\n", b"Content-Transfer-Encoding: base64\r\n"),
    *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Length: 99\r\n", b'name="'),
    *(b"charset=x-nothing", b"Content-Disposition: form-data\r\n", b"\r\n" * 4_000),
)
KINDS = st.sampled_from(
    [
        *(FORM, f"{FORM}; charset=utf-7", f"{FORM}; charset=utf-16", f"{FORM}; charset=x"),
        *(MULTIPART, f"{MULTIPART}; charset=latin-1", "multipart/form-data", "multipart/mixed"),
        *('multipart/form-data; boundary=""', f"multipart/form-data; boundary={'b' * 2_000}"),
        *("multipart/form-data; boundary=--", "multipart/form-data; boundary=a b"),
        *("text/plain", "application/json", "text/html", "", ";", "/", "a/b;c=d;c*0=e", "*/*"),
    ]
)
BROKEN = st.tuples(
    KINDS,
    bent([urlencoded(WHOLE)], ENCODED)
    | bent([multipart(WHOLE, [FILE])], PARTS)
    | st.binary(max_size=100)
    | TEXT.map(in_utf8),
)
