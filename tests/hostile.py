"""A whole show that is out for harm: whatever text a bundle may hold, it holds an attack.

What is typed in it has to come out as typed. The bundle is taken in as any other is.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask

from tests.serving import free_port, wait_until_served
from tests.transfer.made_media import jpeg, mp3, mp4
from webapp import storage
from webapp.operations.instance import make_instance
from webapp.settings import Settings
from webapp.transfer.importing import import_bundle

SITE = "https://show.example"
EPISODE = "hostile"

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'\"--></style></script></title></textarea>",
    "{{7*7}}{% raw %}",
    "${7*7}",
    "]]>",
    "&lt;script&gt;",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)//",
    "\u202egnp.exe\u0301\u0301",
    "a\u2028b\u2029c",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><button>",
    "<iframe src=//evil.example></iframe>",
    "<!--",
    "<plaintext>",
    "--> <v Evil> 00:00.000 --> 99:00:00.000",
    "%0d%0aSet-Cookie: a=b",
    "//evil.example",
    "\ufeff\u200b",
)
WORD = "w" * 10_000
ADDRESS = (
    "https://evil.example/\"><script>alert(1)</script>'&amp;?a=javascript:alert(1)#<svg/onload=x>"
)

BODY_TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<base href=//evil.example><iframe src=//evil.example></iframe>",
    "</textarea></title></style></script> {{7 - 7}} ${7}",
    "<svg/onload=alert(1)><a href='java&#x0A;script:alert(1)'>".replace("&#x0A;", ""),
)
BODY_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "java&#x09;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#106;avascript:alert(1)",
    "\\javascript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://show.example/1",
    "//evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https://evil.example/%0d%0a<script>",
    "mailto:a@b.example?subject=<script>",
)

Front = dict[str, Any]


def said(name: str, room: int = 1_000) -> str:
    """Return a text of `room` characters at most: where it stands, then attacks."""
    text = f"[{name}]"
    for attack in ATTACKS:
        if len(text) + 1 + len(attack) <= room:
            text += f" {attack}"
    return text


def title(name: str) -> str:
    """Return words on one line, the longest that there may be."""
    return said(name, 300)


def body() -> str:
    """Return a written answer with an attack in each thing that Markdown knows."""
    plain = "\n\n".join(BODY_TEXTS)
    links = "\n\n".join(
        f"[link]({link}) ![picture]({link}) <{link}> [by name][l{number}]\n\n[l{number}]: {link}"
        for number, link in enumerate(BODY_LINKS)
    )
    attack = "<img src=x onerror=alert(1)>\"'"
    return f"""{plain}

{links}

## {attack} javascript:alert(1) {{#alert}}

{"w" * 4_900} [^{attack[:4]}] [^note] [to](#location) [to]("><script>)

[^note]: {attack} [a](javascript:alert(1))

- [ ] {attack}
- [x] [box](javascript:alert(1))

| {attack} | b |
|:---|---:|
| {attack} | <td onclick=x> |

### {attack} {{#cookie}}

```{attack}
</code></pre>{attack}
```

## Second {{#location}}

term {attack}
: detail {attack}

![{attack}](/static/x.png "{attack}") ![x](https://evil.example/x.png)

![x](data:image/svg+xml,<svg>)

## Third {{#constructor}}

{{{{config}}}} ]]> <!-- {attack}

## Fourth {{#t=5}}

## Fifth {{#main onclick=alert(1) .x style=color:red}}

Done.
"""


def short_text() -> str:
    """Return the same for a biography, whose headings have no ids to lead to."""
    return body().replace("](#location)", "](/help)")


def show_file() -> Front:
    """Return show.yaml."""
    colours = ({"field": "#B02E1D", "ink": "#FFF1DC"}, {"field": "#0C5B62", "ink": "#FFE2A8"})
    return {
        "name": title("show.name"),
        "tagline": said("show.tagline"),
        "description": said("show.description"),
        "language": "en-GB",
        "timezone": "Europe/London",
        "email": "a\"><script>alert(1)</script>'&?bcc=evil%0d%0a@evil.example",
        "copyright": said("show.copyright"),
        "about": short_text().replace("\u0001", ""),
        "ask": {key: said(f"ask.{key}") for key in ("lead", "who_reads", "when")},
        "seasons": [
            {"number": number, "title": title(f"season.{number}"), "summary": said("sum"), **pair}
            for number, pair in enumerate(colours, start=1)
        ],
        "sign_offs": [title("sign-off")],
        "links": [{"label": title("show.link"), "url": ADDRESS}],
        "podcast": {
            "author": said("author"),
            "owner": said("owner"),
            "license": {"name": said("license", 128), "url": ADDRESS},
            "funding": [{"url": ADDRESS, "label": said("funding", 128)}],
            "txt": [{"purpose": said("purpose", 128), "text": said("txt")}],
            "update_frequency": {"text": said("often", 128), "rrule": "FREQ=WEEKLY"},
        },
    }


def help_file() -> Front:
    """Return help.yaml."""
    keys = ("name", "for", "phone", "text", "hours", "cost", "note")
    service = {key: said(f"service.{key}", 300) for key in keys} | {"url": ADDRESS}
    emergency = {"number": said("emergency.number"), "text": said("emergency.text")}
    country = {"name": said("country.name"), "emergency": emergency, "services": [service]}
    return {"countries": [{"code": "GB", **country}, {"code": "", **country}], "default": "GB"}


def person_file() -> Front:
    """Return the head of a contributor's file."""
    return {
        "name": title("person.name"),
        **{key: said(f"person.{key}") for key in ("pronounced", "role", "disclosure")},
        "links": [{"label": title("person.link"), "url": ADDRESS}],
    }


def front_matter(slug: str, /, **changes: object) -> Front:
    """Return the head of an episode."""
    about = ("video", "audio", "text", "pictures", "part:alert")
    return {
        "guid": f"{slug}<script>]]>\u202e&amp;\"'",
        "title": title("episode.title"),
        "slug": slug,
        "date": "2026-03-03T08:00:00+01:00",
        "summary": said("episode.summary"),
        "topics": ["topic"],
        "aliases": [f"/{slug}/<script>alert(1)</script>", f"/{slug}/%0d%0aSet-Cookie:a=b"],
        "question": {"text": f"{said('question')} {WORD}", "sign_off": said("question.sign_off")},
        "episode": {"season": 1, "number": 1, "duration": 60},
        "media": [
            {"file": "video.mp4", "label": said("label")},
            {"file": "audio.mp3"},
            {"url": ADDRESS, "label": said("elsewhere")},
            {"url": "https://evil.example/'onmouseover=alert(1)"},
        ],
        "notes": [{"about": item, "level": "note", "text": said(f"note.{item}")} for item in about],
        "contributors": [
            {"person": "someone", "role": title("role"), "disclosure": said("disclosure")}
        ],
        "parts": [{"id": "alert", "at": 5}],
        "resources": [
            {"kind": title("kind"), "title": title("resource"), "by": said("by"), "url": ADDRESS}
            | {"cost": said("cost"), "country": "GB"}
        ],
        "corrections": [
            {"date": "2026-04-01", "part": part, "text": said(f"correction.{part}")}
            for part in ("", "alert")
        ],
    } | changes


def captions(*, form: str = "vtt") -> str:
    """Return a transcript whose voices and words are attacks, as VTT or as SRT."""
    entities = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    cues = [WORD, *(" ".join(attack.split()) for attack in ATTACKS)]
    lines = [] if form == "srt" else ["WEBVTT", ""]
    for number, cue in enumerate(cues):
        text = cue.translate(entities)
        voice = f"Evil {number} {text[:60]}" if number % 2 and "&#" not in text else "Some One"
        times = f"00:00:{number:02}.000 --> 00:00:{number:02}.900"
        named = f"{voice}: {cue}" if form == "srt" else f"<v {voice}>{text}"
        head = [str(number + 1), times.replace(".", ",")] if form == "srt" else [times]
        lines += [*head, named.replace("-->", "→") if form == "srt" else named, ""]
    return "\n".join(lines)


def chapters() -> str:
    """Return chapters whose titles are attacks."""
    found = [{"startTime": at, "title": attack} for at, attack in enumerate(ATTACKS[:-1])]
    return json.dumps({"version": "1.2.0", "chapters": found})


def headed(head: Front, text: str = "") -> str:
    """Return a file with front matter: JSON, which is YAML."""
    return f"---\n{json.dumps(head)}\n---\n{text}"


def write_episode(folder: Path, head: Front, *, text: str = "", form: str = "vtt") -> Path:
    """Write an episode into a bundle, with all that may lie beside it, and return its folder."""
    place = folder / "episodes" / head["slug"]
    place.mkdir(parents=True)
    (place / "index.md").write_text(headed(head, text or body()))
    (place / f"transcript.en.{form}").write_text(captions(form=form))
    (place / "chapters.json").write_text(chapters())
    (place / "poster.jpg").write_bytes(jpeg())
    (place / "video.mp4").write_bytes(mp4())
    (place / "audio.mp3").write_bytes(mp3())
    return place


def write_show(folder: Path) -> Path:
    """Write the show around its episodes, and return its folder."""
    (folder / "people").mkdir(parents=True)
    (folder / "show.yaml").write_text(json.dumps(show_file()))
    topic = {"slug": "topic", "name": title("topic.name"), "summary": said("topic.summary")}
    (folder / "topics.yaml").write_text(json.dumps([topic]))
    (folder / "help.yaml").write_text(json.dumps(help_file()))
    (folder / "people" / "someone.md").write_text(headed(person_file(), short_text()))
    return folder


def write_hostile(folder: Path) -> Path:
    """Write the whole show: an episode with captions in VTT, one in SRT, one that is closed."""
    write_show(folder)
    write_episode(folder, front_matter(EPISODE))
    write_episode(folder, front_matter("srt", date="2026-03-02T08:00:00Z"), form="srt")
    adult = [
        {"about": about, "level": "adult", "text": said(f"adult.{about}")}
        for about in ("video", "audio", "text", "part:alert")
    ]
    write_episode(folder, front_matter("closed", date="2026-03-01T08:00:00Z", notes=adult))
    return folder


@contextmanager
def app_of(bundle: Path, instance: Path, **settings: object) -> Iterator[Flask]:
    """Give an app of its own that has taken in a bundle."""
    app = make_instance(Settings.load(instance=instance, **({"site_url": SITE} | settings)))
    with app.app_context():
        import_bundle(bundle)
    yield app
    with app.app_context():
        storage.db.engine.dispose()


@contextmanager
def served(bundle: Path, instance: Path) -> Iterator[str]:
    """Give the address at which the production server serves a bundle."""
    port = free_port()
    given = {"POSTBAG_INSTANCE": str(instance), "POSTBAG_SITE_URL": f"http://127.0.0.1:{port}"}
    with app_of(bundle, instance, site_url=given["POSTBAG_SITE_URL"]):
        command = [Path(sys.executable).with_name("postbag"), "serve", "--port", str(port)]
    environment = os.environ | given
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, text=True) as server:
        try:
            wait_until_served(server, port)
            yield given["POSTBAG_SITE_URL"]
        finally:
            server.terminate()


LOADED = ("src", "poster", "data", "srcset", "background", "manifest", "xlink:href")
LINKED = ("href", "action", "formaction", "cite", "longdesc", "ping")
FORBIDDEN = (
    "base",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "style",
    "svg",
    "math",
    "portal",
)


def dangers(html: str, *, site: str = SITE) -> list[str]:
    """Return what a page could do that is not ours, in the tree that browsers make of it."""
    page = BeautifulSoup(html, "html5lib")
    return [*_running(page), *_leading(page, site)]


def _running(page: BeautifulSoup) -> Iterator[str]:
    """Yield what runs, or takes the visitor away without being asked."""
    yield from (f"<{tag.name}>" for tag in page.find_all(FORBIDDEN))
    yield from (str(tag) for tag in page.find_all("meta", attrs={"http-equiv": True}))
    for script in page.find_all("script"):
        if script.get("type") == "application/ld+json":
            json.loads(script.string)
        elif script.string or not re.fullmatch(r"/static/[\w.]+\.js", script.get("src", "")):
            yield f"a script that is not ours: {script}"[:200]
    for tag in page.find_all(True):
        yield from (f"{name} on {tag.name}" for name in tag.attrs if name.startswith("on"))
        yield from (f"{name} on {tag.name}" for name in ("style", "srcdoc") if tag.has_attr(name))


def _leading(page: BeautifulSoup, site: str) -> Iterator[str]:
    """Yield addresses that run, that load from elsewhere, or that send what was typed there."""
    for tag in page.find_all(True):
        for name in LINKED:
            address = _as_browsers_read(tag.get(name, ""))
            ours = re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) is None
            if not ours and not re.match(r"(?:https?|mailto|tel|sms):", address, re.IGNORECASE):
                yield f"{name} of {tag.name}: {address[:80]}"
            if tag.name in {"form", "button", "input"} and _is_elsewhere(address):
                yield f"{name} of {tag.name}: {address[:80]}"
        loads = [*LOADED, *(("href",) if tag.name == "link" else ())]
        for name in loads:
            address = _as_browsers_read(tag.get(name, ""))
            if _is_elsewhere(address) and not address.startswith(f"{site}/"):
                yield f"{name} of {tag.name}: {address[:80]}"


def _as_browsers_read(address: object) -> str:
    """Return an address without what browsers leave out of it (https://url.spec.whatwg.org)."""
    return re.sub("[\t\n\r]", "", str(address)).strip("".join(map(chr, range(0x21))))


def _is_elsewhere(address: str) -> bool:
    return re.match(r"[\\/]{2}|[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) is not None


def squeezed(text: str) -> str:
    """Return a text with single spaces, as a page shows it."""
    return " ".join(text.split())
