"""Transcripts and chapters: read with their mistakes named, written by the rules. Pure."""

from webapp.transcripts.chapters import Chapter, ChaptersRefused, read_chapters
from webapp.transcripts.cues import Cue, Paragraph, Problem, Transcript, paragraphs
from webapp.transcripts.vtt_reader import read_vtt
from webapp.transcripts.vtt_writer import write_vtt

__all__ = [
    "Chapter",
    "ChaptersRefused",
    "Cue",
    "Paragraph",
    "Problem",
    "Transcript",
    "paragraphs",
    "read_chapters",
    "read_vtt",
    "write_vtt",
]
