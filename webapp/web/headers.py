"""The headers that every answer carries."""

from contextlib import suppress

from flask import Flask, Request, Response, current_app, request

from webapp.web.surface import is_desk

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Browsers ask again each time. Networks in between may answer for a few seconds by themselves.
ASK_AGAIN = "public, max-age=0, s-maxage=10"
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
WORKING_POLICY = f"{POLICY}; worker-src 'self'"

_FEATURES_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-create", "screen-wake-lock", "serial",
    "usb", "xr-spatial-tracking",
)  # fmt: skip

SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make browsers send `Origin: null` on the site's own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES_OFF),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    """Give every answer of the app its headers."""
    app.after_request(_add)


def no_store(response: Response) -> Response:
    """Return the answer marked so that nobody keeps a copy of it."""
    response.headers["Cache-Control"] = "no-store"
    return response


def open_to_others(response: Response) -> Response:
    """Return an answer marked so that pages of other sites may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def let_work(response: Response) -> Response:
    """Return an answer marked so that its page may start a worker of the site's own."""
    response.headers["Content-Security-Policy"] = WORKING_POLICY
    return response


def with_media_of(policy: str, origin: str) -> str:
    """Return a policy by which pictures, video and sound may come from one more origin."""
    for directive in ("img-src 'self'", "media-src 'self'"):
        policy = policy.replace(directive, f"{directive} {origin}")
    return policy


def _add(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    origin = current_app.extensions["postbag.settings"].media_origin
    if origin and not is_desk(request.path):
        policy = response.headers["Content-Security-Policy"]
        response.headers["Content-Security-Policy"] = with_media_of(policy, origin)
    if is_desk(request.path) or "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _caching(request, response)
    if "no-store" not in response.headers["Cache-Control"] and response.status_code == 200:
        _add_etag(response)
    return response


def _caching(request: Request, response: Response) -> str:
    """Return who may keep an answer: anybody a public page if they ask again, nobody the rest."""
    public = request.method in {"GET", "HEAD"} and not is_desk(request.path)
    return ASK_AGAIN if public and response.status_code in {200, 301, 304} else "no-store"


def _add_etag(response: Response) -> None:
    if response.is_streamed or response.direct_passthrough:
        return
    response.add_etag()
    with suppress(OverflowError):  # a date of no calendar is no condition
        response.make_conditional(request)
