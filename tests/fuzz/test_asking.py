"""The askers' forms: any fields, in any shape. What is stored can be found and read again."""

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.bodies import BROKEN, Fields, multipart, urlencoded
from tests.fuzz.hostile_values import TEXT, TYPED
from tests.fuzz.profile import examples
from tests.fuzz.site import FORM, MULTIPART, FuzzedSite, Reply, is_in_order
from tests.questions.asking import ASKED
from tests.transfer.mailbag.houses import receipt

PATHS = (
    *("/ask/review", "/ask/send", "/my-question"),
    *("/my-question/reply", "/my-question/prolong", "/my-question/withdraw"),
)
FIELDS = (
    *("question", "sign_off", "consent", "about", "website", "token", "checked", "reword"),
    *("receipt", "reply", "confirm", "altcha", "csrf_token", "replace", "by", "_charset_"),
)
ANY_FIELDS = st.lists(st.tuples(st.sampled_from(FIELDS) | TEXT, TEXT), max_size=8)
LETTERS = TEXT.map(lambda text: f"{TYPED} {text}") | TEXT
SHAPES = st.sampled_from([(FORM, urlencoded), (MULTIPART, multipart)])


@examples(20)
@given(st.sampled_from(PATHS), ANY_FIELDS, SHAPES)
def test_any_fields_are_answered(fuzzed: FuzzedSite, path: str, fields: Fields, shape):
    kind, write = shape

    assert is_in_order(fuzzed.post(path, write(fields), kind))


@examples(20)
@given(st.sampled_from(PATHS), BROKEN)
def test_a_broken_body_is_answered(fuzzed: FuzzedSite, path: str, broken: tuple[str, bytes]):
    kind, body = broken

    assert is_in_order(fuzzed.post(path, body, kind))


@examples(20)
@given(LETTERS, TEXT, st.sampled_from(["", "hostile", "nothing"]) | TEXT, SHAPES)
def test_a_letter_is_stored_and_found_again_or_refused_with_its_words(
    fuzzed: FuzzedSite, letter: str, sign_off: str, about: str, shape
):
    kind, write = shape
    fields = ASKED | {"question": letter, "sign_off": sign_off, "about": about}
    checked = fuzzed.post("/ask/review", write([*fields.items()]), kind)
    assert is_in_order(checked)
    if checked.status != 200:
        assert checked.status == 422
        return
    carried = {name: field(checked, name) for name in ("token", "about")}
    fields |= carried | {"checked": "yes"}

    sent = fuzzed.post("/ask/send", write([*fields.items()]), kind)

    assert sent.status == 200
    words = page(sent).find(id="receipt").get_text(strip=True)
    found = fuzzed.post("/my-question", write([("receipt", words)]), kind)
    assert found.status == 200
    assert page(found).main["data-state"] == "new"


@examples(20)
@given(
    st.sampled_from(PATHS[2:]),
    st.integers(1, 9),
    st.lists(st.tuples(st.sampled_from(["reply", "confirm", "receipt"]), TEXT), max_size=3),
    TEXT,
)
def test_whatever_a_receipt_is_sent_with_is_answered(
    fuzzed: FuzzedSite, path: str, number: int, fields: Fields, around: str
):
    words = receipt(fuzzed.app, number)
    typed = f"{around[:20]} {words.upper()}" if len(around) % 2 else words

    answer = fuzzed.post(path, urlencoded([("receipt", typed), *fields]))

    assert is_in_order(answer)


def page(reply: Reply) -> BeautifulSoup:
    return BeautifulSoup(reply.body, "html.parser")


def field(reply: Reply, name: str) -> str:
    found = page(reply).find("input", attrs={"name": name})
    return str(found["value"])
