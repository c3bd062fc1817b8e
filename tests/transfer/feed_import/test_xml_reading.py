"""XML of strangers: what is hostile is refused at once, and what is only careless is read."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import bounded_work
from webapp.transfer.feed_import.xml_reading import FeedRefused, read_xml

NAMES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">]>
<rss><channel><title>&lol2;</title></channel></rss>"""


def refusal(data: bytes) -> str:
    with pytest.raises(FeedRefused) as caught:
        read_xml(data)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_dtd_is_refused_in_every_encoding(encoding: str):
    assert "DTD" in refusal(LAUGHS.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE rss SYSTEM "http://169.254.169.254/evil.dtd"><rss/>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        "  <?pi?><!-- a --><!-- <rss> --> \n<!DOCTYPE rss><rss/>",
        "<!DOCTYPE htm [<!ENTITY x 'y'>]><rss/>",
        '<?xml version="1.0"?><!ENTITY x "y"><rss/>',
    ],
)
def test_a_dtd_is_refused_wherever_it_may_stand(text: str):
    assert "DTD" in refusal(text.encode())


def test_a_page_that_is_quoted_in_an_item_is_no_dtd():
    data = (
        b"<rss><channel><description><![CDATA[<!DOCTYPE html><p>x]]></description></channel></rss>"
    )

    assert read_xml(data).root.findtext("channel/description") == "<!DOCTYPE html><p>x"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "nothing in it"),
        (b" \n\t ", "nothing in it"),
        (b"<rss>" + b"<a>" * 100, "more than 64 deep"),
        (b"<rss>" + b"<a/>" * 300_001 + b"</rss>", "more than 300,000 elements"),
        (b"<rss><title>" + b"x" * 2_000_001, "more than 2,000,000 characters"),
        (b"<rss a='" + b"x" * 2_000_001 + b"'/>", "more than 2,000,000 characters"),
        (b"<rss><title>" + b"x" * 20_000_000, "more than 20,000,000 bytes"),
        (b"<rss>\n<channel>\n<title>x</title>\n", "see line"),
        (b"<rss><a></b></rss>", "see line 1"),
        (b"<!-- never closed", "no XML"),
        (b"just words", "no XML"),
    ],
)
def test_what_is_too_much_or_no_xml_is_refused_in_a_sentence(data: bytes, says: str):
    with bounded_work(350):
        assert says in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        *(b"<!-- " * 400_000, b"<!---->" * 400_000 + b"<rss", b"<rss " + b"a:b='c' " * 200_000),
        *(b"<rss>" + b"&x" * 900_000, b"<rss>" + b"<![CDATA[" * 200_000, b"<a:b " * 300_000),
        *(b"<rss>" + b"</rss>" * 300_000, b"<rss>" + b"<x:" * 500_000, b"\n" * 5_000_000),
    ],
)
def test_hostile_xml_is_refused_before_long(data: bytes):
    with bounded_work(350):
        refusal(data)


@pytest.mark.parametrize(
    "uri",
    [
        *("https://podcastindex.org/namespace/1.0", "http://podcastindex.org/namespace/1.0"),
        *("https://podcastindex.org/namespace/1.0/", " https://PodcastIndex.org/namespace/1.0"),
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    ],
)
def test_a_misspelt_address_of_the_podcast_namespace_is_understood(uri: str):
    data = f'<rss xmlns:pc="{uri}"><pc:guid isx="1">a</pc:guid></rss>'.encode()

    assert read_xml(data).root.findtext("podcast:guid") == "a"


def test_tags_of_others_keep_their_prefix_and_may_not_pass_for_ours():
    data = f'<rss {NAMES} xmlns:x="urn:x" xmlns:podcast="urn:evil"><x:a/><podcast:guid/></rss>'

    assert [child.tag for child in read_xml(data.encode()).root] == ["x:a", "podcast?:guid"]


def test_prefixes_that_were_never_declared_are_said_and_understood():
    tree = read_xml(b"<rss><itunes:author>Ada</itunes:author><odd:tag odd:a='1'/></rss>")

    assert [child.tag for child in tree.root] == ["itunes:author", "odd:tag"]
    assert tree.notes == ("It uses the prefixes itunes, odd and does not say what they are.",)


def test_stray_ampersands_and_names_of_html_are_put_right_and_said():
    text = b"<a>Tom & Jerry&nbsp;&eacute;&nosuch; &#x0; &lt;&#8211;</a>"

    tree = read_xml(b"<rss>" + text + b"<b><![CDATA[a & b]]></b></rss>")

    assert tree.root.findtext("a") == "Tom & Jerry\u00a0é&nosuch;  <–"
    assert tree.root.findtext("b") == "a & b"
    assert "&amp;" in tree.notes[0]


def test_what_stands_around_the_document_does_not_matter():
    before = b"\xef\xbb\xbf\n\n <?xml version='1.1' encoding='utf-8'?>\n"

    tree = read_xml(before + b"<rss><a>1</a></rss>\n<b>Warning</b>: x")

    assert tree.root.findtext("a") == "1"
    assert tree.notes == ("Something stands behind its end; that is left out.",)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?><a>Чай</a>'.encode("cp1251"), "Чай"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>“Näh”</a>'.encode("cp1252"), "“Näh”"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>Näh</a>'.encode(), "Näh"),
        ('<?xml version="1.0" encoding="utf-8"?><a>Näh</a>'.encode("cp1252"), "Näh"),
        (b'<?xml version="1.0" encoding="unicode_escape"?><a>\\u0041</a>', "\\u0041"),
        ('<?xml version="1.0" encoding="no-such"?><a>é</a>'.encode(), "é"),
        ('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16"), "é"),
        ("<a>é\x0b\x01</a>".encode(), "é"),
    ],
)
def test_a_text_is_read_by_what_it_is_whatever_it_says(data: bytes, found: str):
    assert read_xml(data).root.text == found


def test_the_header_says_the_encoding_where_the_document_does_not():
    assert read_xml("<a>Чай</a>".encode("koi8-r"), charset="koi8-r").root.text == "Чай"


def test_no_file_of_this_machine_is_read(tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    data = f'<rss xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret}"/></rss>'

    assert "hidden" not in "".join(read_xml(data.encode()).root.itertext())


PIECES = st.sampled_from(
    [
        *(
            b"<rss",
            b">",
            b"</rss>",
            b"<",
            b"&",
            b";",
            b"<!DOCTYPE x [",
            b"]>",
            b"<![CDATA[",
            b"]]>",
        ),
        *(
            b"<item>",
            b"</item>",
            b"<itunes:author>",
            b"xmlns:itunes='x'",
            b"\xff",
            b"\0",
            b"\xfe\xff",
        ),
        *(b"<?xml version='1.0' encoding='utf-16'?>", b"&#x110000;", b"&#1;", b"--", b"<!--", b"'"),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=8), max_size=20).map(b"".join))
def test_whatever_comes_is_a_tree_or_a_refusal(data: bytes):
    with suppress(FeedRefused):
        read_xml(data)
