"""What a letter says: its terms, which are stems of words, and pairs of them side by side.

English words are known by their stem (https://snowballstem.org), and lists say which tell nothing.
In other languages words are taken as they stand, and only their rarity counts.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from snowballstemmer import stemmer

from webapp.episodes.searching.words import Word, clean_text, find_words

LONGEST_LETTER = 5_000  # characters
MOST_WORDS = 500  # different ones; what comes after them is not looked at
EVERYDAY = 0.2  # of a word's weight; see docs/decisions/0015

# Words that say nothing, and stand beside everything.
_SILENT = frozenset(
    """
    a about above across actually after again against ago all almost along already also although
    always am an and another any anybody anyone anything anyway are arent around as at away be
    because been before behind being between both but by can cannot cant could couldnt did didnt do
    does doesnt doing done dont down during each either else enough even ever every everybody
    everyone everything few for from get gets getting go goes going gone got had hadnt has hasnt
    have havent having he hed hell her here heres hers herself hes hi him himself his how however i
    id if ill im in instead into is isnt it itll its itself ive just less let lets like many may
    maybe me might mine more most much must my myself near neither never no nobody none nor not
    nothing now of off often oh ok on once only or other others our ours ourselves out over own
    perhaps quite rather really same shall she shell shes should shouldnt since so some somebody
    someone something sometimes somewhere soon still such than that thats the their theirs them
    themselves then there theres these they theyd theyll theyre theyve thing things this those
    though through till to together too towards under until up us very was wasnt we wed well went
    were werent weve what whatever whats when where whether which while who whole whom whos whose
    why will with within without wont would wouldnt yes yet you youd youll your youre yours yourself
    youve
    """.split()  # noqa: SIM905 - a list of so many would be a page long
)
# Words of letters of every kind: who, when, where, how many, and what everybody does.
_EVERYDAY = frozenset(
    map(
        stemmer("english").stemWord,
        """
    age april ask august bad believe best better big bit bought boy boyfriend break bring brother
    brought bus busy buy call came car care carry chance change check child children christmas city
    clear close cold come cost country couple course cut dad date daughter day deal dear december
    decide die different dinner door drive early eat eight eighteen eighty eleven end evening eye
    face fact fall far fast father february feel felt fifteen fifty fight finally find fine first
    five follow forget forty found four fourteen free friday front full fun funny gave girl
    girlfriend give given good great grow guess guy half hand hang happen happy hard head hear heard
    heart hello help high hit hold home honest hope hour house husband idea important inside january
    job join joke july june keep kept kid kind kitchen knew know known lady last late laugh lead
    learn leave left life light line listen live long look lose lot loud love low luck made main
    make man march marry mate matter mean meant meet men mention message met middle mind minute miss
    mistake moment monday month morning mother move mum name nearly need new newly news next nice
    night nine nineteen ninety normal note notice november number october offer office old one open
    order outside paper parent park part partner pass past pay people person phone picture place
    plan play please point pretty problem promise pub pull push put question quick quiet reach read
    ready real reason relationship remember reply rest right ring room run safe said sat saturday
    save saw say school second see seem seen send sent separate september serious set seven
    seventeen seventy shop short show shut sick side sign silly simple single sister sit six sixteen
    sixty sleep slow slowly small son sorry sort speak spend spent stand start stay step stood stop
    story street strong stuff summer sunday sure take taken talk tell ten text thank think thirteen
    thirty thought three throw thursday time tired today told tomorrow tonight took top touch town
    train trouble true try tuesday turn twelve twenty twice two understand use voice wait walk want
    way wednesday week weekend weird white wife win wish wives woman women wonder word work world
    worry worse worst wrong wrote year yesterday young
        """.split(),  # noqa: SIM905
    )
)
_ENDINGS = ("", "e", "s", "es", "ed", "ing", "y", "ies", "ied", "ly")

Stem = Callable[[str], str]


@dataclass(slots=True)
class Letter:
    """The terms of a letter, stems and pairs of them: how often, and how they stand there."""

    is_english: bool
    stem: Stem
    folded: set[str] = field(default_factory=set)
    amounts: Counter[str] = field(default_factory=Counter)
    typed: dict[str, str] = field(default_factory=dict)

    def add(self, term: str, typed: str) -> None:
        """Count a term."""
        self.amounts[term] += 1
        self.typed.setdefault(term, typed.removesuffix("’s").removesuffix("'s"))

    def weigh(self, term: str, *, having: int, among: int) -> float:
        """Return what a term counts that some episodes have among so many."""
        rarity = 1 - math.log(max(having, 1)) / math.log(among + 1)
        share = 1 if self.is_telling(term) else EVERYDAY
        return rarity * share * min(0.5 + self.amounts[term] / 2, 2)

    def is_silent(self, word: str) -> bool:
        """Return whether a folded word says nothing at all."""
        return (len(word) == 1 and word.isascii()) or (self.is_english and word in _SILENT)

    def is_telling(self, term: str) -> bool:
        """Return whether not every letter may have a term."""
        return not (term.isdigit() or (self.is_english and term in _EVERYDAY))

    def list_forms(self) -> list[str]:
        """Return the words that may have a stem of the letter's, sorted."""
        words = set(self.folded)
        if self.is_english:
            terms = [term for term in filter(self.is_telling, self.amounts) if " " not in term]
            bases = {term[:-1] if term[-1] in "ei" else term for term in terms}
            words.update(base + ending for base in bases for ending in _ENDINGS)
        return sorted(words)


def read_letter(text: str, language: str) -> Letter:
    """Return what is in the first LONGEST_LETTER characters of a letter in a language (BCP 47)."""
    is_english = language.startswith("en")
    stem: Stem = cache(stemmer("english").stemWord) if is_english else str
    letter = Letter(is_english, stem)
    text = clean_text(text[:LONGEST_LETTER])
    before: Word | None = None
    for word in find_words(text):
        if letter.is_silent(word.folded):
            continue
        letter.folded.add(word.folded)
        if len(letter.folded) > MOST_WORDS:
            break
        term = stem(word.folded)
        letter.add(term, text[word.start : word.end])
        if is_english and before and word.start == before.end + 1:
            first = stem(before.folded)
            if letter.is_telling(first) or letter.is_telling(term):
                letter.add(f"{first} {term}", text[before.start : word.end])
        before = word
    return letter
