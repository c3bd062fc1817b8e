"""The log: one JSON object a line on standard error, or plain lines, as on a terminal.

What is written of visitors is what went wrong and where in the code, without a time: the line of a
fault is no record of a visit. The worker, whom nobody visits, says when. Libraries are not trusted
to know any of this: of their lines the first is kept, without the values that would be put into
it, and of an exception its kind and place, never its words.
"""

import copy
import logging
import logging.config
import re
import sys
import threading
import warnings
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from webapp import clock
from webapp.web.site import fault_in_words

OURS = "postbag"
FLASKS = "webapp"  # what Flask calls the logger of this application
TIMED = "postbag.worker"
AUTO = "auto"
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "webapp.operations.logs.line"}},
    "handlers": {
        "log": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"handlers": ["log"], "level": "WARNING"},
    "loggers": {OURS: {"level": "INFO"}},
}

_FRAME = re.compile(r'  File "(.+)", line (\d+), in (.+)')
_KIND = re.compile(r"[\w.]+")

STANDARD = vars(logging.makeLogRecord({})).keys() | {"asctime", "message"}

log = logging.getLogger(OURS)


def config(form: str = AUTO) -> dict[str, Any]:
    """Return what `logging` is set up with; `form` is "json", "plain" or "auto"."""
    made = copy.deepcopy(CONFIG)
    made["formatters"]["line"]["form"] = form
    return made


def configure(form: str = AUTO) -> None:
    """Have all that this process writes of itself go through the log, also what nobody caught."""
    logging.config.dictConfig(config(form))
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()  # a library that prints by itself would print what it likes
            logger.propagate = True
    sys.excepthook = _note_uncaught
    threading.excepthook = _note_lost_thread
    sys.unraisablehook = _note_unraisable
    warnings.showwarning = _note_warning


def line(form: str = AUTO) -> logging.Formatter:
    """Return what makes a line of a record; "auto" is plain on a terminal and JSON elsewhere."""
    is_plain = sys.stderr.isatty() if form == AUTO else form == "plain"
    render: Processor = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
        if is_plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[_fields, render], use_get_message=False, pass_foreign_args=True
    )


def _fields(_logger: Any, _method: str, given: EventDict) -> EventDict:
    """Return what is written of a record, and nothing else."""
    record: logging.LogRecord = given["_record"]
    is_ours = record.name.partition(".")[0] in {OURS, FLASKS}
    fields = _our_own(record, given) if is_ours else _of_a_library(record)
    kind, _, frames = given.get("exc_info") or (None, None, None)
    if kind:
        fields["fault"] = fault_in_words(kind, frames)
    return fields


def _our_own(record: logging.LogRecord, given: EventDict) -> dict[str, Any]:
    values = given["positional_args"]
    event = given["event"] % values if values else given["event"]
    fields = {"event": event, "level": record.levelname.lower()}
    if record.name == TIMED:
        fields["time"] = clock.now().isoformat(timespec="seconds")
    return fields | {name: value for name, value in vars(record).items() if name not in STANDARD}


def _of_a_library(record: logging.LogRecord) -> dict[str, Any]:
    message = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    first, _, rest = message.partition("\n")
    fields = {"event": first, "level": record.levelname.lower(), "logger": record.name}
    fault = _fault_within(rest)
    return fields | ({"fault": fault} if fault else {})


def _fault_within(text: str) -> str:
    """Return the kind and place of a traceback that was put into a message, without its words."""
    lines = text.splitlines()
    frames: list[str] = []
    for end, written in enumerate(lines[1:], start=1):
        if frame := _FRAME.fullmatch(written):
            frames.insert(0, "{}:{} {}".format(*frame.groups()))
        elif not written.startswith("    "):
            kind = lines[end].partition(":")[0]
            return f"{kind if _KIND.fullmatch(kind) else 'Exception'} at {' < '.join(frames)}"
    return ""


def _note_uncaught(
    kind: type[BaseException], _error: BaseException, frames: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        log.critical(fault_in_words(kind, frames))


def _note_lost_thread(lost: threading.ExceptHookArgs) -> None:
    log.error(fault_in_words(lost.exc_type, lost.exc_traceback))


def _note_unraisable(lost: "sys.UnraisableHookArgs") -> None:
    log.error(fault_in_words(lost.exc_type, lost.exc_traceback))


def _note_warning(*about: Any, **_more: Any) -> None:
    """Log a warning. Takes what `warnings` gives: message, category, file, line."""
    _, category, file, number = about[:4]
    log.warning("%s at %s:%s", category.__name__, file, number)
