"""Pasted text comes out as it was meant, and right Markdown as before."""

import pytest
from bs4 import BeautifulSoup

from webapp.writing import render_expansion, render_text

# What comes out of word processors and blogs, with Windows line ends and what nobody sees
LETTER = """\ufeffTHE MORNING AFTER
I wrote this on the train,\u00a0one thumb, and it went every\u00adwhere.\u200b It’s “fine”\u00a0–
nearly. The next line of the same paragraph, 5 * 3 times* longer.  \u00a0

\u00a0
&nbsp;
**What I would do**
First, breathe. **Then call **somebody. **And:**rest. The **stray one stays &amp; so does *this.

What to bring:
\u2022\tA towel
    \u25e6 the *dark* one
\u2022Water&nbsp;and a snack
\u2013 tell one person
\u2013 charge the phone

1)\u00a0\u00a0 first
2)\u00a0\u00a0 second

Nobody asked me, but:

    I say it with four spaces, as we did in school.

##Heading without a space
#consent is a hashtag

<p>Tags are text</p><br>See <https://example.org/a?b=1>.
-----

Warmly,
Dot
--
~~~~~~~~~~

## What to read
\u2610 one
\u2611 two
""".replace("\n", "\r\n")

PRINTED = """<p>THE MORNING AFTER</p>
<p>I wrote this on the train,&nbsp;one thumb, and it went everywhere. It’s “fine”&nbsp;–
nearly. The next line of the same paragraph, 5 * 3 times* longer.</p>
<p><strong>What I would do</strong></p>
<p>First, breathe. <strong>Then call </strong>somebody. <strong>And:</strong>rest. \
The **stray one stays &amp; so does *this.</p>
<p>What to bring:</p>
<ul>
<li>A towel
<ul>
<li>the <em>dark</em> one</li>
</ul>
</li>
<li>Water&nbsp;and a snack</li>
</ul>
<ul>
<li>tell one person</li>
<li>charge the phone</li>
</ul>
<ol>
<li>first</li>
<li>second</li>
</ol>
<p>Nobody asked me, but:</p>
<p>I say it with four spaces, as we did in school.</p>
"""


def items(text: str) -> list[str]:
    page = BeautifulSoup(render_text(text), "html.parser")
    return [item.get_text(strip=True) for item in page.find_all("li")]


def test_a_pasted_letter_comes_out_readable():
    expansion = render_expansion(LETTER, prefix="e")
    assert expansion.short_answer_html == PRINTED
    assert [part.title for part in expansion.parts] == ["Heading without a space", "What to read"]
    assert expansion.parts[0].html == (
        "<p>#consent is a hashtag</p>\n"
        "<p>&lt;p&gt;Tags are text&lt;/p&gt;&lt;br&gt;See "
        '<a href="https://example.org/a?b=1" rel="noopener noreferrer">'
        "https://example.org/a?b=1</a>.</p>\n"
        "<hr>\n<p>Warmly,\nDot\n--\n~~~~~~~~~~</p>\n"
    )
    assert expansion.parts[1].text == "one\ntwo"


@pytest.mark.parametrize("mark", ["• ", "•", "◦ ", "▪\t", "· \u00a0", "\uf0b7 ", "-\u00a0", "●"])
def test_bullets_of_word_processors_make_lists(mark):
    assert items(f"Bring\n{mark}one\n{mark}two") == ["one", "two"]


def test_a_row_of_bullets_is_decoration():
    assert render_text("• • •") == "<p>• • •</p>\n"


@pytest.mark.parametrize("dash", ["–", "—"])
def test_dashes_make_a_list_where_several_lines_begin_with_one(dash):
    assert items(f"Bring\n{dash} one\n{dash} two") == ["one", "two"]
    assert render_text(f"I meant\n{dash} as ever {dash}\nwell.") == (
        f"<p>I meant\n{dash} as ever {dash}\nwell.</p>\n"
    )


def test_speech_with_dashes_in_paragraphs_of_its_own_stays():
    assert items("— You came.\n\n— I said I would.") == []


def test_marks_inside_quotations_are_found():
    page = BeautifulSoup(render_text("> Bring\n> • one\n> • two"), "html.parser")
    assert [item.text for item in page.select("blockquote li")] == ["one", "two"]


@pytest.mark.parametrize("text", ["Title\n-----", "Is it you?\n======"])
def test_one_short_line_with_a_line_under_it_is_a_heading(text):
    assert render_text(text).startswith("<h2>")


@pytest.mark.parametrize(
    "text",
    [
        "Warmly,\nDot\n-----",
        "That is all I know.\n-----",
        "“And so to bed…”\n-----",
        f"{'long ' * 20}\n-----",
        "Dot\n--\nShe answers letters",
        "A list that ends\n-",
    ],
)
def test_a_line_under_anything_else_makes_no_heading(text):
    page = BeautifulSoup(render_text(text), "html.parser")
    assert page.find(("h2", "h3")) is None
    assert page.get_text().split()[0] == text.split()[0]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("**Stopping**\nIt works.", ["Stopping", "It works."]),
        ("WHAT I KNOW:\nNot much.", ["WHAT I KNOW:", "Not much."]),
        ("**never**\nagain", ["never\nagain"]),
        ("A B\nLine", ["A B\nLine"]),
        ("ALL OF THIS\nIS SHOUTED", ["ALL OF THIS\nIS SHOUTED"]),
    ],
)
def test_a_line_that_looks_like_a_title_stands_alone(text, paragraphs):
    page = BeautifulSoup(render_text(text), "html.parser")
    assert [p.text for p in page.find_all("p")] == paragraphs


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("**bold **text", ["bold "]),
        ("** bold** text", [" bold"]),
        ("**bold ** text", ["bold "]),
        ("**Note:**text **“So.”**text", ["Note:", "“So.”"]),
        ("**a **b **c** d", ["a ", "c"]),
        ("**stray and **bold** text", ["bold"]),
        ("[**in a **link](/help)", ["in a "]),
        ("`**code **x` 2 ** 3 ** 4", []),
        ("**a **b** c**", ["a b c", "b"]),
    ],
)
def test_bold_with_a_space_inside_is_bold(text, bold):
    page = BeautifulSoup(render_text(text), "html.parser")
    assert [tag.text for tag in page.find_all("strong")] == bold


@pytest.mark.parametrize("text", ["~~~~~\n\n## Part\n\ntext", "```\n\n## Part\n\ntext"])
def test_a_fence_that_is_never_closed_swallows_no_part(text):
    expansion = render_expansion(text, prefix="e")
    assert [part.title for part in expansion.parts] == ["Part"]
    assert text.split()[0] in expansion.short_answer_html


@pytest.mark.parametrize("fence", ["```", "~~~~", "> ```"])
def test_fenced_code_is_left_as_it_is(fence):
    quote = "> " if ">" in fence else ""
    code = f"{quote}• one\n{quote}##two\n{quote}– a\n{quote}– b\n"
    page = BeautifulSoup(render_text(f"{fence}\n{code}{fence}\n\n• after"), "html.parser")
    assert page.code is not None
    assert page.code.text == "• one\n##two\n– a\n– b\n"
    assert [item.text for item in page.find_all("li")] == ["after"]


def test_lists_tables_and_hard_breaks_of_commonmark_are_left():
    html = render_text("- a\n  - b\n\n    more\n\nOne  \ntwo\\\nthree\n\n| a |\n|---|\n| – |")
    page = BeautifulSoup(html, "html.parser")
    assert [p.text for p in page.select("li li p")] == ["b", "more"]
    assert len(page.find_all("br")) == 2
    assert page.td is not None
    assert page.td.text == "–"


def test_words_can_be_found_without_what_nobody_sees():
    text = "some\u00adwhere\u200b over\ufeff the\u2060 rain\x01bow\u2028and out\x0bthere \ud800"
    part = render_expansion(f"## P\n\n{text}", prefix="e").parts[0]
    assert part.text == "somewhere over the rainbow and out there \ufffd"
