"""A feed's bytes as text: by what they are, by what they say, and by what they must have meant."""

import codecs
import re
from html.entities import html5

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*?\?>")
_DECLARED = re.compile(rb"^\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
# No codec that computes more than letters, such as idna, utf-7 or unicode_escape.
_TAKEN = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp125\d|cp866|koi8-[rut]|mac-(?:roman|cyrillic)|big5(?:hkscs)?|gbk|"
    r"gb2312|gb18030|shift_jis|cp932|euc_jp|euc_kr|cp949|tis-620|cp874"
)
_LOOSE = "cp1252"
# XML 1.0, 2.2, and surrogates, which no text in UTF-8 has
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OUTSIDE_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:(#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_OWN = {"amp", "lt", "gt", "quot", "apos"}

OTHERWISE = "It says that it is {said}, and is {found}."
CONTROLS = "It had characters that XML does not allow; they are left out."
AMPERSANDS = "It had an & that was not written as &amp;, or a name such as &nbsp; that XML lacks."


def decode(data: bytes, *, charset: str = "") -> tuple[str, list[str]]:
    """Return a feed's text without its XML declaration, and what was wrong with the bytes.

    `charset` is what the header of the answer said. Lines keep their numbers.
    """
    text, notes = _decoded(data, charset)
    text = text.lstrip("\ufeff")
    declaration = _DECLARATION.match(text)
    if declaration:
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    if _FORBIDDEN.search(text):
        notes.append(CONTROLS)
        text = _FORBIDDEN.sub("", text)
    return text, notes


def with_ampersands(text: str) -> tuple[str, list[str]]:
    """Return a text in which every & of HTML, or of nobody, is one that XML knows, and a note."""
    pieces = _OUTSIDE_CDATA.split(text)
    for at, piece in enumerate(pieces):
        if not piece.startswith("<![CDATA["):
            pieces[at] = _AMPERSAND.sub(_as_xml, piece)
    repaired = "".join(pieces)
    return repaired, [AMPERSANDS] if repaired != text else []


def _as_xml(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        digits, base = (name[2:], 16) if name[1] == "x" else (name[1:], 10)
        number = int(digits, base)
        is_right = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
        return match[0] if is_right else ""
    if name in _OWN:
        return match[0]
    known = html5.get(f"{name};")
    return f"&amp;{name};" if known is None else "".join(f"&#{ord(char)};" for char in known)


def _decoded(data: bytes, charset: str) -> tuple[str, list[str]]:
    for mark, name in (*_MARKS, *_UNMARKED):
        if data.startswith(mark):
            return data.decode(name, "replace"), []
    declared = _DECLARED.match(data[:1_000])
    said = declared[1].decode("ascii") if declared else charset or "utf-8"
    name = _codec(said)
    if name != "utf-8":  # hardly any text in another encoding happens to be right as UTF-8
        try:
            return data.decode("utf-8"), [] if data.isascii() else [_otherwise(said, "UTF-8")]
        except UnicodeDecodeError:
            pass
    try:
        return data.decode(name), []
    except UnicodeDecodeError:
        loose = _codec(charset) if charset and _codec(charset) != "utf-8" else _LOOSE
        return data.decode(loose, "replace"), [_otherwise(said, loose)]


def _codec(said: str) -> str:
    """Return the name of a codec that is taken, as browsers do (WHATWG Encoding, 4.2)."""
    try:
        name = codecs.lookup(said).name
    except (LookupError, ValueError):
        return "utf-8"
    if name in {"ascii", "iso8859-1"}:
        return _LOOSE
    return name if _TAKEN.fullmatch(name) else "utf-8"


def _otherwise(said: str, found: str) -> str:
    return OTHERWISE.format(said=said, found=found)
