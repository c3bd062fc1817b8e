"""Transcripts and chapters: read with their mistakes named, written by the rules. Pure."""

from webapp.transcripts.chapters import Chapter, ChaptersRefused, read_chapters, write_chapters
from webapp.transcripts.cues import Cue, Paragraph, Problem, Transcript, paragraphs
from webapp.transcripts.srt_reader import read_srt
from webapp.transcripts.srt_writer import write_srt
from webapp.transcripts.text_writer import write_text
from webapp.transcripts.voices import match_voices
from webapp.transcripts.vtt_reader import read_vtt
from webapp.transcripts.vtt_writer import write_vtt

__all__ = [
    "Chapter",
    "ChaptersRefused",
    "Cue",
    "Paragraph",
    "Problem",
    "Transcript",
    "match_voices",
    "paragraphs",
    "read_chapters",
    "read_srt",
    "read_vtt",
    "write_chapters",
    "write_srt",
    "write_text",
    "write_vtt",
]
