"""One's own second factors: codes from an app, passkeys, and recovery codes."""

import io

import qrcode  # type: ignore[import-untyped]
import qrcode.image.svg  # type: ignore[import-untyped]
from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff import second_factors, totp
from webapp.staff.credentials import list_passkeys
from webapp.staff.forms import STALE, CodeForm, PasskeyNameForm, StaffForm
from webapp.staff.guard import current_signed_in, current_staff
from webapp.staff.pages import acting, let_make_passkeys, show_page, staff_page
from webapp.staff.passkeys import offer_new_passkey, register
from webapp.staff.queries import SECOND_FACTOR, get_user, rule
from webapp.storage import read

OFFER_SECONDS = 60 * 60

bp = Blueprint("factors", __name__, url_prefix="/account/second-factors")


@bp.get("")
def factors() -> Response:
    """Show one's second factors."""
    return _page(PasskeyNameForm(formdata=None))


@bp.get("/app")
def app() -> Response:
    """Show the secret that an app is to be given."""
    offer = _serializer().dumps([current_staff().id, totp.new_secret().hex()])
    return _app_page(CodeForm(formdata=None, offer=offer))


@bp.post("/app")
def app_submit() -> AnyResponse:
    """Take the app on, once it has shown a code."""
    form = CodeForm(request.form)
    secret = _offered_secret(form)
    if secret is None:
        flash("That page was open for too long. Begin again with a new secret.", "problem")
        return redirect(url_for("desk.factors.app"))
    if not form.validate():
        return _app_page(form, status=422)
    try:
        storage.write(
            second_factors.set_up_app,
            actor=acting(),
            staff_id=current_staff().id,
            secret=secret,
            code=form.one_time_code.data,
        )
    except Refused as refused:
        form.one_time_code.errors = (str(refused),)
        return _app_page(form, status=422)
    return _say("Your app is set up. From now on a code from it follows your password.")


@bp.get("/app/remove")
def remove_app() -> Response:
    """Ask once more before the app is taken away."""
    return _ask_about_app(StaffForm(formdata=None))


@bp.post("/app/remove")
def remove_app_submit() -> AnyResponse:
    """Take the app away."""
    form = StaffForm(request.form)
    if not form.validate():
        return _ask_about_app(form, status=422)
    try:
        storage.write(second_factors.remove_app, actor=acting(), staff_id=current_staff().id)
    except Refused as refused:
        return _say(str(refused), "problem")
    return _say("Codes from your app are no longer asked for. Delete the entry in the app too.")


@bp.post("/passkeys")
def add_passkey() -> AnyResponse:
    """Add a passkey that a device has just made."""
    form, staff = PasskeyNameForm(request.form), current_staff()
    if not form.validate():
        return _page(form, status=422)
    try:
        made = register(
            note=form.ceremony.data or "",
            credential=form.credential.data or "",
            staff_id=staff.id,
        )
        storage.write(
            second_factors.add_passkey,
            actor=acting(),
            staff_id=staff.id,
            name=form.name.data,
            passkey=made,
        )
    except (Refused, Conflict) as no:
        form.name.errors = (str(no),)
        return _page(form, status=422)
    return _say(f"The passkey {form.name.data} is added.")


@bp.get("/passkeys/<int:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> Response:
    """Ask once more before a passkey is removed."""
    return _ask_about_passkey(passkey_id, StaffForm(formdata=None))


@bp.post("/passkeys/<int:passkey_id>/remove")
def remove_passkey_submit(passkey_id: int) -> AnyResponse:
    """Remove a passkey."""
    form = StaffForm(request.form)
    if not form.validate():
        return _ask_about_passkey(passkey_id, form, status=422)
    try:
        storage.write(
            second_factors.remove_passkey,
            actor=acting(),
            staff_id=current_staff().id,
            passkey_id=passkey_id,
        )
    except Refused as refused:
        return _say(str(refused), "problem")
    return _say("The passkey is removed here. Delete it on its device too.")


@bp.post("/recovery-codes")
def recovery_codes() -> AnyResponse:
    """Make new codes for paper, and show them, this once."""
    form = StaffForm(request.form)
    if not form.validate():
        return _say(STALE, "problem")
    try:
        codes = storage.write(
            second_factors.make_recovery_codes, actor=acting(), staff_id=current_staff().id
        )
    except Refused as refused:
        return _say(str(refused), "problem")
    return staff_page("staff/recovery_codes.html", codes=codes)


def _page(form: PasskeyNameForm, *, status: int = 200) -> Response:
    session, signed_in = read(), current_signed_in()
    user = get_user(session, signed_in.staff.id)
    page = staff_page(
        "staff/factors.html",
        status=status,
        form=form,
        has_app=bool(user.tf_totp_secret),
        passkeys=list_passkeys(session, staff_id=user.id),
        codes_left=len(user.mf_recovery_codes or ()),
        offer=offer_new_passkey(user, show=show_page().name),
        has_to=rule(session, SECOND_FACTOR),
    )
    return let_make_passkeys(page)


def _app_page(form: CodeForm, *, status: int = 200) -> Response:
    secret = _offered_secret(form)
    assert secret is not None  # noqa: S101 - whoever calls this has looked
    user = get_user(read(), current_staff().id)
    address = totp.app_address(secret, account=user.email, issuer=show_page().name)
    return staff_page(
        "staff/app.html",
        status=status,
        form=form,
        picture=_picture(address),
        secret=totp.readable(secret),
        account=user.email,
    )


def _picture(address: str) -> Markup:
    """Return a QR code as SVG that stands in the page: the policy takes no picture from data."""
    code = qrcode.QRCode(border=2)
    code.add_data(address)
    image = code.make_image(image_factory=qrcode.image.svg.SvgPathImage)
    with io.BytesIO() as file:
        image.save(file)
        drawn = file.getvalue().decode()
    return Markup(drawn[drawn.index("<svg") :])  # noqa: S704 - squares that we drew


def _ask_about_app(form: StaffForm, *, status: int = 200) -> Response:
    return staff_page(
        "staff/ask_again.html",
        status=status,
        form=form,
        heading="Stop asking for codes from your app?",
        text="Without another second factor your password alone opens the desk, and your recovery "
        "codes are gone. You can set the app up again with a new secret.",
        button="Stop asking for codes",
        action=url_for("desk.factors.remove_app_submit"),
        back=url_for("desk.factors.factors"),
        section="account",
    )


def _ask_about_passkey(passkey_id: int, form: StaffForm, *, status: int = 200) -> Response:
    keys = list_passkeys(read(), staff_id=current_staff().id)
    names = {key.id: key.name for key in keys}
    if passkey_id not in names:
        raise NotFound
    return staff_page(
        "staff/ask_again.html",
        status=status,
        form=form,
        heading=f"Remove the passkey {names[passkey_id]}?",
        text="It no longer opens the desk. To use it again it has to be added anew.",
        button="Remove it",
        action=url_for("desk.factors.remove_passkey_submit", passkey_id=passkey_id),
        back=url_for("desk.factors.factors"),
        section="account",
    )


def _offered_secret(form: CodeForm) -> bytes | None:
    """Return the secret that a page offered to whoever is signed in, for an hour."""
    try:
        staff_id, secret = _serializer().loads(form.offer.data or "", max_age=OFFER_SECONDS)
    except (BadData, UnicodeError):
        return None
    return bytes.fromhex(secret) if staff_id == current_staff().id else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(storage.session_key(current_app), salt="app-secret")


def _say(words: str, kind: str = "done") -> AnyResponse:
    flash(words, kind)
    return redirect(url_for("desk.factors.factors"))
