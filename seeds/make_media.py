"""Make the seed episodes' media: speak the transcript, time it by the sound, draw the still card.

Usage: python seeds/make_media.py [SLUG ...]        (no slug: every episode)

The transcript's words are the source. Each cue is spoken by espeak-ng in its person's voice, and
every time in the episode's folder then follows the sound: the cues in transcript.en.vtt, the
chapters, the parts' `at` and the `duration` in index.md. All other bytes of these files stay as
they are. Chapters and parts move with the cue they started at, so running this again changes
nothing, and running it after an edit follows the edit.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import webvtt
from ruamel.yaml import YAML

import webapp
from webapp.episodes.cards import draw_card

Sound: TypeAlias = "array[int]"

SHOW = Path(__file__).resolve().parent / "show"
FONTS = Path(webapp.__file__).parent / "static" / "vendor"
CARD_SIZE = (1280, 720)

RATE = 22050  # of espeak-ng's sound, in samples per second
QUIET = 200  # a sample below this (of 32,767) is not speech
SAME_VOICE_PAUSE = 0.22
NEW_VOICE_PAUSE = 0.45

CUE_TIMES = re.compile(r"^\S+ --> \S+", re.MULTILINE)
CHAPTER_START = re.compile(r'("startTime":\s*)([\d.]+)')
PARTS = re.compile(r"^parts:.*?(?=^[^\s-]|\Z)", re.MULTILINE | re.DOTALL)
PART_START = re.compile(r"(\bat:\s*)(\d+)")
DURATION = re.compile(r"(^episode:.*?\bduration:\s*)(\d+)", re.MULTILINE | re.DOTALL)

# Take the edge off the synthesis, and bring the voices to one loudness.
POLISH = "highpass=f=70,treble=g=-4:f=5000,loudnorm=I=-18:TP=-4:LRA=7"
AAC = f"-af {POLISH} -c:a aac -aac_coder fast -b:a 20k -ar {RATE} -ac 1"
BT709 = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
TV = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{BT709}"
H264 = f"-c:v libx264 -profile:v main -preset slow -tune stillimage -crf 30 -g 120 -vf {TV}"
# No dates, versions or threads: with the same tools the same words give the same bytes.
EXACT = "-fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1 -movflags +faststart"


class MediaError(Exception):
    """Something is missing or does not fit; the message says what, for a person."""


class Voice(NamedTuple):
    """How a person sounds: espeak-ng's voice, its pitch (0 to 99) and speed in words a minute."""

    name: str
    pitch: int
    speed: int


# Accents by their files' names: after a language's name (en-gb) espeak-ng drops the +variant.
VOICES = {
    "Dot Farrow": Voice("en-gb-x-rp+f3", 42, 178),
    "Sam Iyer": Voice("en+m3", 58, 174),
    "Imani Brandt": Voice("en+f4", 74, 170),
    "Leo Marchetti": Voice("en-gb-x-gbclan+m7", 34, 166),
    "Ruth Adeyemi": Voice("en-gb-scotland+f1", 36, 162),
}


class Span(NamedTuple):
    """When a cue is heard, in thousandths of a second."""

    start: int
    end: int


def main(slugs: list[str]) -> None:
    """Make the media of the named episodes, or of all."""
    need_tools()
    episodes = SHOW / "episodes"
    for slug in slugs or sorted(folder.name for folder in episodes.iterdir()):
        if not (episodes / slug / "index.md").is_file():
            raise MediaError(f"There is no episode called {slug} in {episodes}.")
        print(make_episode(episodes / slug), flush=True)


def need_tools() -> None:
    """Refuse to start on a machine that cannot finish."""
    missing = [tool for tool in ("espeak-ng", "ffmpeg") if shutil.which(tool) is None]
    if missing:
        raise MediaError(
            f"Making media needs {' and '.join(missing)}, which this machine has not got. "
            f"On Debian or Ubuntu: sudo apt install {' '.join(missing)}"
        )


def make_episode(folder: Path) -> str:
    """Make one episode's media and move its times; return a line that says so."""
    cues = webvtt.read(str(folder / "transcript.en.vtt")).captions
    sound, spans = speak_all(cues)
    seconds = len(sound) / RATE
    retime(folder, cues, spans, duration=round(seconds))
    front = YAML(typ="safe").load(read(folder / "index.md").split("---\n", 2)[1])
    (folder / "poster.jpg").write_bytes(draw_poster(front))
    encode(folder, sound, title=front["title"])
    size = sum((folder / name).stat().st_size for name in ("audio.m4a", "video.mp4", "poster.jpg"))
    return f"{folder.name}: {len(cues)} cues, {seconds:.0f} seconds, {size / 1e6:.2f} MB"


def speak_all(cues: list[webvtt.Caption]) -> tuple[Sound, list[Span]]:
    """Speak the cues one after another; return the sound, and when each cue is heard."""
    sound, spans = array("h"), []
    for before, cue in zip([None, *cues], cues, strict=False):
        if before:
            sound.extend(
                silence(SAME_VOICE_PAUSE if cue.voice == before.voice else NEW_VOICE_PAUSE)
            )
        start = len(sound)
        sound.extend(speak(cue))
        spans.append(Span(start * 1000 // RATE, len(sound) * 1000 // RATE))
    sound.extend(silence(NEW_VOICE_PAUSE))
    return sound, spans


def speak(cue: webvtt.Caption) -> Sound:
    """Return one cue as sound, without the silence that espeak-ng puts around it."""
    if cue.voice not in VOICES:
        raise MediaError(f"Cue {cue.identifier}: give {cue.voice} a voice in VOICES first.")
    voice = VOICES[cue.voice]
    with tempfile.NamedTemporaryFile(suffix=".wav") as spoken:
        manner = ["-v", voice.name, "-p", str(voice.pitch), "-s", str(voice.speed)]
        run(["espeak-ng", *manner, "-w", spoken.name, "--stdin"], typed=cue.text)
        with wave.open(spoken.name) as file:
            samples = array("h", file.readframes(file.getnframes()))
    loud = [place for place, sample in enumerate(samples) if abs(sample) > QUIET]
    if not loud:
        raise MediaError(f"Cue {cue.identifier} makes no sound: {cue.text!r}")
    return samples[loud[0] : loud[-1] + 1]


def silence(seconds: float) -> Sound:
    """Return that much of nothing."""
    return array("h", bytes(2 * round(seconds * RATE)))


def retime(folder: Path, cues: list[webvtt.Caption], spans: list[Span], *, duration: int) -> None:
    """Write the sound's times into the transcript, the chapters and the front matter."""
    transcript, chapters, index = (
        folder / name for name in ("transcript.en.vtt", "chapters.json", "index.md")
    )
    exact = {cue.start_in_seconds: span.start / 1000 for cue, span in zip(cues, spans, strict=True)}
    whole = {old: int(new) for old, new in exact.items()}
    times = iter(f"{clock(span.start)} --> {clock(span.end)}" for span in spans)
    opening, front, body = read(index).split("---\n", 2)
    front = PARTS.sub(lambda parts: move_starts(PART_START, parts[0], whole), front)
    front = DURATION.sub(rf"\g<1>{duration}", front, count=1)
    new = {
        transcript: CUE_TIMES.sub(lambda _: next(times), read(transcript)),
        chapters: move_starts(CHAPTER_START, read(chapters), exact),
        index: "---\n".join((opening, front, body)),
    }
    for path, text in new.items():
        path.write_bytes(text.encode())


def move_starts(pattern: re.Pattern[str], text: str, moved: Mapping[int, float]) -> str:
    """Return a text with every start moved to where its cue is now; `moved` is old to new."""

    def move(match: re.Match[str]) -> str:
        label, old = match.groups()
        if int(float(old)) not in moved:
            raise MediaError(f"No cue starts where this says: {match[0]}")
        return f"{label}{moved[int(float(old))]:.9g}"

    return pattern.sub(move, text)


def clock(thousandths: int) -> str:
    """Return a time as WebVTT writes it."""
    seconds, thousandths = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


def read(path: Path) -> str:
    """Return a file's text, line ends and all."""
    return path.read_bytes().decode()


def draw_poster(front: dict[str, Any]) -> bytes:
    """Return the episode's card in its season's colours."""
    show = YAML(typ="safe").load(read(SHOW / "show.yaml"))
    episode, question = front["episode"], front["question"]
    season = next(item for item in show["seasons"] if item["number"] == episode["season"])
    card: bytes = draw_card(
        head=show["name"],
        mark=f"{episode['season']}.{episode['number']}",
        words=question["text"],
        quoted=True,
        sign_off=question["sign_off"],
        field=season["field"],
        ink=season["ink"],
        size=CARD_SIZE,
        fonts=FONTS,
    )
    return card


def encode(folder: Path, sound: Sound, *, title: str) -> None:
    """Write audio.m4a, and video.mp4 with the same sound under the still card."""
    audio, poster, video = (folder / name for name in ("audio.m4a", "poster.jpg", "video.mp4"))
    about = ["-metadata", f"title={title}", "-metadata:s:a:0", "language=eng"]
    finish = [*EXACT.split(), *about]
    ffmpeg = ["ffmpeg", "-nostdin", "-y", "-v", "error"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as speech:
        with wave.open(speech.name, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(sound.tobytes())
        run([*ffmpeg, "-i", speech.name, *AAC.split(), *finish, str(audio)])
    still = ["-loop", "1", "-framerate", "2", "-t", str(len(sound) / RATE), "-i", str(poster)]
    join = ["-i", str(audio), "-map", "0:v", "-map", "1:a", "-c:a", "copy"]
    run([*ffmpeg, *still, *join, *H264.split(), *finish, str(video)])


def run(command: list[str], *, typed: str | None = None) -> None:
    """Run a tool, and turn its failure into words."""
    done = subprocess.run(command, input=typed, text=True, capture_output=True, check=False)
    if done.returncode:
        raise MediaError(f"{command[0]} failed:\n{done.stderr.strip()}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except MediaError as error:
        sys.exit(str(error))
