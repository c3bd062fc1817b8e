"""What people did, in the words that podcast apps know.

Source: podcast namespace, taxonomy.json, which is that of https://podcasttaxonomy.com.
"""

_ROLES = {
    "creative direction": "director, assistant director, executive producer, senior producer, "
    "producer, associate producer, development producer, creative director",
    "cast": "host, co-host, guest host, guest, voice actor, narrator, announcer, reporter",
    "writing": "author, editorial director, co-writer, writer, songwriter, guest writer, "
    "story editor, managing editor, script editor, script coordinator, researcher, editor, "
    "fact checker, translator, transcriber, logger",
    "audio production": "studio coordinator, technical director, technical manager, "
    "audio engineer, remote recording engineer, post production engineer",
    "audio post-production": "audio editor, sound designer, foley artist, composer, theme music, "
    "music production, music contributor",
    "administration": "production coordinator, booking coordinator, production assistant, "
    "content manager, marketing manager, sales representative, sales manager",
    "visuals": "graphic designer, cover art designer",
    "community": "social media manager",
    "misc.": "consultant, intern",
    "video production": "camera operator, lighting designer, camera grip, assistant camera",
    "video post-production": "assistant editor",
}
_GROUPS = {role: group for group, roles in _ROLES.items() for role in roles.split(", ")}


def is_host(role: str) -> bool:
    """Return whether somebody hosts, by their role in the show's own words."""
    return place(role)[0] == "host"


def place(role: str) -> tuple[str, str]:
    """Return a role and its group as the taxonomy has them.

    A role that it lacks stays in the show's own words: left out, it would pass for a host's.
    """
    words = " ".join(role.casefold().split())
    return (words, _GROUPS[words]) if words in _GROUPS else (role.strip(), "misc.")
