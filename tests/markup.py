"""What every served page's HTML must be, whoever asks for it and by whatever means."""

from collections import Counter
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag
from html5lib import HTMLParser
from html5lib.constants import E as MEANINGS

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "list")
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "legend": {"fieldset"},
    "caption": {"table"},
}


def faults(html: str) -> list[str]:
    """Return what is wrong with a page, as lines for a person; nothing if it is as it should be."""
    page = BeautifulSoup(html, "html.parser")
    return [*_unparsable(html), *(line for rule in RULES for line in rule(page))]


def _unparsable(html: str) -> Iterator[str]:
    """Yield every parse error of the HTML standard."""
    parser = HTMLParser()
    parser.parse(html)
    for (line, column), code, values in parser.errors:
        around = html.splitlines()[line - 1].strip()[:80]
        yield f"line {line}, column {column}: {MEANINGS[code] % values}: {around}"


def _ids(page: BeautifulSoup) -> Iterator[str]:
    """One element per id, and every reference to one leads somewhere."""
    ids = Counter(tag["id"] for tag in page.find_all(id=True))
    yield from (f"the id {name} is there {count} times" for name, count in ids.items() if count > 1)
    yield from (f"an id with a space: {name}" for name in ids if name != "".join(name.split()))
    for tag in page.find_all(True):
        for attribute in REFERENCES:
            for name in str(tag.get(attribute, "")).split():
                if name not in ids:
                    yield f"{attribute} of {_named(tag)} names {name}, which is not there"


def _headings(page: BeautifulSoup) -> Iterator[str]:
    """One h1, one main; no heading is empty or skips a level."""
    for name in ("h1", "main", "title"):
        found = [tag for tag in page.find_all(name) if not tag.find_parent("svg")]
        if len(found) != 1:
            yield f"{len(found)} of {name}"
    last = 0
    for heading in page.find_all(HEADINGS):
        level = int(heading.name[1])
        if not heading.get_text(strip=True):
            yield f"an empty {heading.name}"
        if level > last + 1:
            yield f"{_named(heading)} comes after an h{last}"
        last = level


def _content(page: BeautifulSoup) -> Iterator[str]:
    """Pictures have a text; list items, terms and captions stand where they belong."""
    for picture in page.find_all("img"):
        if not picture.has_attr("alt"):
            yield f"a picture without alt: {picture.get('src')}"
    for tag in page.find_all(list(PARENTS)):
        if tag.parent.name not in PARENTS[tag.name]:
            yield f"{_named(tag)} in a {tag.parent.name}"
    for outer in page.find_all(["a", "button", "summary", "label"]):
        for inner in outer.find_all(["a", "button"]):
            yield f"{_named(inner)} inside of {_named(outer)}"


def _controls(page: BeautifulSoup) -> Iterator[str]:
    """Without scripts, nothing is dead: controls stand in forms, and each form can be sent.

    What is hidden is not there until a script shows it.
    """
    page = BeautifulSoup(str(page), "html.parser")
    for tag in page.select("[hidden]"):
        tag.extract()
    for control in page.find_all(["button", "input", "select", "textarea"]):
        is_ticked_on_paper = control.find_parent(class_="checklist")
        form = control.find_parent("form") or page.find("form", id=control.get("form", ""))
        if not form and not is_ticked_on_paper:
            yield f"does nothing without a script: {_named(control)}"
    for button in page.find_all("button"):
        if button.get("type", "submit") != "submit":
            yield f"does nothing without a script: {_named(button)}"
    for form in page.find_all("form"):
        buttons = form.find_all("button") + page.find_all("button", form=form.get("id", ""))
        if not any(button.get("type", "submit") == "submit" for button in buttons):
            yield f"cannot be sent: {_named(form)}"


def _links(page: BeautifulSoup) -> Iterator[str]:
    """Links lead somewhere; those within the page, to an id that it has."""
    ids = {tag["id"] for tag in page.find_all(id=True)}
    for link in page.find_all("a"):
        address = link.get("href", "")
        if address in {"", "#"} or address.startswith("javascript:"):
            yield f"leads nowhere: {_named(link)}"
        elif address.startswith("#") and address[1:] not in ids:
            yield f"{address} is not on the page: {_named(link)}"


def _policy(page: BeautifulSoup) -> Iterator[str]:
    """Nothing that the content policy would refuse."""
    yield from (f"an inline style: {_named(tag)}" for tag in page.find_all(style=True))
    yield from ("a style element" for _ in page.find_all("style"))
    for tag in page.find_all(True):
        yield from (f"{name} on {_named(tag)}" for name in tag.attrs if name.startswith("on"))


def _named(tag: Tag) -> str:
    words = " ".join(tag.get_text(" ", strip=True).split())[:40]
    return f"{tag.name}{''.join(f'.{name}' for name in tag.get('class', []))} “{words}”"


RULES: tuple[Callable[[BeautifulSoup], Iterator[str]], ...] = (
    _ids,
    _headings,
    _content,
    _controls,
    _links,
    _policy,
)
