"""The forms on the show's files: which keys of docs/bundle.md each has, and how they are named."""

from collections.abc import Mapping

from webapp.episodes.categories import CATEGORIES
from webapp.studio.show.fields import (
    CHOICE,
    COLOUR,
    DAY,
    LINES,
    NUMBER,
    TEXT,
    TRUTH,
    Field,
    ListOf,
    Sheet,
)

SHOW, TOPICS, HELP = "show.yaml", "topics.yaml", "help.yaml"
HOME, EPISODE, ABOUT = ("home", "Front page"), ("episode", "An episode"), ("about", "About")
LISTING = ("listing", "In a podcast app")

_ADDRESS = "Such as https://www.example.org."
_LINK = (Field("label", "What the link says"), Field("url", "Where it leads", help=_ADDRESS))
_LINKS = ListOf("links", "Links", "link", _LINK, by="url", title="label")
_OF_PERSON = (*_LINK, Field("feed", "Podcast feeds name it instead of their page here", TRUTH))

WORDS = Sheet(
    "words",
    "Words",
    SHOW,
    "The show’s name, and what its pages say of it.",
    (
        Field("name", "Name", help="It is on every page, and on the pictures that are drawn."),
        Field("tagline", "Tagline", help="One sentence: the front page’s heading."),
        Field("description", "Description", TEXT, "For feeds and shared links.", rows=4),
        Field("about", "About the show", TEXT, "The about page, in Markdown.", rows=14),
        Field("ask.lead", "Above the question box", help="How to ask."),
        Field("ask.who_reads", "Who reads what is sent"),
        Field("ask.when", "When an answer may come"),
        Field(
            "sign_offs",
            "Examples of sign-offs",
            LINES,
            "One on each line. The form shows the first two.",
            rows=5,
        ),
        Field("email", "E-mail address", help="Feeds and security.txt name it."),
        Field("copyright", "Copyright"),
        Field("language", "Language", help="Its tag, such as en-GB."),
        Field("timezone", "Time zone", help="Whose days the pages name, such as Europe/London."),
    ),
    (HOME, ABOUT, EPISODE, LISTING),
)
SEASONS = Sheet(
    "seasons",
    "Seasons and colours",
    SHOW,
    "Each season has a colour of its own: on its pages, and on the pictures drawn for it.",
    (
        ListOf(
            "seasons",
            "Seasons",
            "season",
            (
                Field("number", "Number", NUMBER, "A whole number from 1."),
                Field("title", "Title"),
                Field("summary", "Summary", help="One sentence."),
                Field("field", "Colour", COLOUR, "As #RRGGBB."),
                Field("ink", "Colour of text on it", COLOUR, "With a contrast of 4.5 or more."),
            ),
            by="number",
            title="title",
        ),
    ),
    (HOME, EPISODE),
)
FEEDS = Sheet(
    "feeds",
    "Feeds",
    SHOW,
    "What feeds say of the show, for podcast apps and directories.",
    (
        Field("podcast.author", "By whom it is", help="Else the show’s name."),
        Field("podcast.owner", "Owner’s name for directories", help="Else the show’s name."),
        ListOf(
            "podcast.categories",
            "Categories",
            "category",
            (
                Field(
                    "value", "Category", CHOICE, choices=tuple((each, each) for each in CATEGORIES)
                ),
            ),
            by="value",
            title="value",
            help="Of Apple’s list. The first is the main one.",
            plain=True,
        ),
        Field(
            "podcast.type",
            "Order",
            CHOICE,
            choices=(("episodic", "In any order"), ("serial", "From the start")),
        ),
        Field(
            "podcast.medium",
            "Medium",
            CHOICE,
            choices=tuple(
                (each, each.capitalize())
                for each in ("podcast", "video", "film", "audiobook", "course", "mixed")
            ),
        ),
        Field("podcast.explicit", "The show is for adults", TRUTH),
        Field("podcast.locked", "No other host may take the feed over", TRUTH),
        Field(
            "podcast.license.name", "Licence", help="An SPDX name such as cc-by-4.0, or your own."
        ),
        Field("podcast.license.url", "Where it can be read", help="For a licence of your own."),
        Field("podcast.update_frequency.text", "How often episodes come", help="In words."),
        Field(
            "podcast.update_frequency.rrule", "The same for machines", help="Such as FREQ=WEEKLY."
        ),
        Field("podcast.update_frequency.complete", "No more will come", TRUTH),
        ListOf(
            "podcast.funding",
            "Where listeners can give money",
            "way to give",
            (Field("label", "What the link says"), Field("url", "Where it leads", help=_ADDRESS)),
            by="url",
            title="label",
        ),
        ListOf(
            "podcast.txt",
            "Texts for machines",
            "text",
            (
                Field("purpose", "What it is for", help="One word, such as verify."),
                Field("text", "Text", TEXT, rows=2),
            ),
            by="purpose",
            title="purpose",
            help="Such as the proof that a directory asks for.",
        ),
    ),
    (LISTING,),
    groups=("podcast.license", "podcast.update_frequency"),
)
LINKS = Sheet(
    "links",
    "Links",
    SHOW,
    "Where else the show is. They are on the about page, at the foot of every page, and told to "
    "search engines.",
    (_LINKS,),
    (ABOUT, HOME),
)
TOPICS_SHEET = Sheet(
    "topics",
    "Topics",
    TOPICS,
    "What episodes are about, in the order in which pages list them. One that an episode has "
    "stays.",
    (
        ListOf(
            "topics",
            "Topics",
            "topic",
            (
                Field("name", "Name"),
                Field("slug", "Address", help="Small letters, digits and hyphens: /topics/…"),
                Field("summary", "Summary", help="One sentence."),
            ),
            by="slug",
            title="name",
        ),
    ),
    (HOME,),
)
HELP_SHEET = Sheet(
    "help",
    "Help lines",
    HELP,
    "Who can help now, country by country. Ring a number yourself before you change its day.",
    (
        Field("default", "Which country stands first", help="Two capital letters, such as GB."),
        ListOf(
            "countries",
            "Countries",
            "country",
            (
                Field("name", "Name"),
                Field(
                    "code",
                    "Code",
                    help="Two capital letters; nothing for anywhere else.",
                    keeps_empty=True,
                ),
                Field("emergency.number", "Emergency number", keeps_empty=True),
                Field("emergency.text", "What to know of it", TEXT, rows=2),
                ListOf(
                    "services",
                    "Services",
                    "service",
                    (
                        Field("name", "Name"),
                        Field("for", "What it helps with", help="Such as domestic abuse."),
                        Field("phone", "Telephone"),
                        Field("text", "By text message", help="Such as Text SHOUT to 85258."),
                        Field("url", "Website", help=_ADDRESS),
                        Field("hours", "When it answers"),
                        Field("cost", "What it costs"),
                        Field("note", "What to know before", TEXT, rows=2),
                        Field("checked", "Checked on", DAY, "The day, such as 2026-03-01."),
                    ),
                    by="name",
                    title="name",
                    folds=True,
                ),
            ),
            by="code",
            title="name",
            folds=True,
        ),
    ),
    (("help", "Get help now"),),
)
PERSON = Sheet(
    "person",
    "Person",
    "people/",
    "Who they are, as their own page and the episodes say it.",
    (
        Field("name", "Name", help="As it is printed."),
        Field("pronounced", "How it is said"),
        Field("role", "What they do on the show"),
        Field("disclosure", "Disclosure", help="What one should know before believing them."),
        Field("bio", "Biography", TEXT, "In Markdown.", rows=8),
        ListOf("links", "Links", "link", _OF_PERSON, by="url", title="label"),
    ),
    (("person", "Their page"),),
)

SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet for sheet in (WORDS, SEASONS, FEEDS, LINKS, TOPICS_SHEET, HELP_SHEET)
}
