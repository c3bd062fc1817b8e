"""The ceremonies of passkeys (https://www.w3.org/TR/webauthn-2/): what is asked, what is proven.

What a browser is asked for stands in the page, with a signed note of the question beside it;
every question is answered once. A passkey that knows its holder, by a finger or a PIN, is two
factors by itself and signs in without a password; after a password, holding one is enough.
"""

import json
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from webapp import storage
from webapp.exceptions import Refused
from webapp.staff.credentials import find_credential, list_credentials
from webapp.staff.models import User
from webapp.staff.second_factors import NewPasskey
from webapp.web.limits import current_limits

LIFETIME_SECONDS = 60 * 60
CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
_NAMED_LATER = "localhost"  # taken out again by `_as_json`
NOT_PROVEN = "The passkey did not fit. Try again, or use another way in."
TOO_LATE = "This page was open for too long. Try the passkey once more."
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    SIGN_IN = "sign-in"
    SECOND = "second"
    CONFIRM = "confirm"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class PasskeyOffer:
    """What a page asks a browser: the options as JSON, and a signed note of them."""

    options: str
    note: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A passkey that has been shown: whose it is, and how often its device has been used."""

    staff_id: int
    credential_id: bytes
    sign_count: int


def offer_passkeys(ceremony: Ceremony, *, staff_id: int = 0) -> PasskeyOffer | None:
    """Return what a page asks for; None where somebody has no passkey that could answer."""
    keys = list_credentials(storage.read(), staff_id=staff_id) if staff_id else ()
    if staff_id and not keys:
        return None
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    options = generate_authentication_options(
        rp_id=_NAMED_LATER,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(key.credential_id) for key in keys],
        user_verification=_verification(ceremony),
    )
    return PasskeyOffer(_as_json(options), _note(ceremony, challenge, staff_id))


def offer_new_passkey(user: User, *, show: str) -> PasskeyOffer:
    """Return what a page asks for when a passkey is added: on any device, this one included."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    handle = user.fs_webauthn_user_handle or secrets.token_hex(HANDLE_BYTES)
    keys = list_credentials(storage.read(), staff_id=user.id)
    options = generate_registration_options(
        rp_id=_NAMED_LATER,
        rp_name=show,
        user_name=user.email,
        user_display_name=user.name,
        user_id=handle.encode(),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(key.credential_id) for key in keys],
    )
    note = _note(Ceremony.ADD, challenge, user.id, handle)
    return PasskeyOffer(_as_json(options), note)


def prove(ceremony: Ceremony, *, note: str, credential: str, staff_id: int = 0) -> Proven:
    """Return which passkey was shown. Raises Refused in words if none was."""
    claims = _read_note(ceremony, note, staff_id)
    try:
        answer = parse_authentication_credential_json(credential)
        key = find_credential(storage.read(), answer.raw_id)
        if key is None or (staff_id and key.user_id != staff_id):
            raise Refused(NOT_PROVEN)
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=bytes.fromhex(claims["challenge"]),
            **_expected(answer.response.client_data_json),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count or 0,
            require_user_verification=ceremony is not Ceremony.SECOND,
        )
    except UNREADABLE:
        raise Refused(NOT_PROVEN) from None
    return Proven(key.user_id, key.credential_id, verified.new_sign_count)


def register(*, note: str, credential: str, staff_id: int) -> NewPasskey:
    """Return the passkey that a device has made. Raises Refused in words if it made none."""
    claims = _read_note(Ceremony.ADD, note, staff_id)
    try:
        answer = parse_registration_credential_json(credential)
        made = verify_registration_response(
            credential=answer,
            expected_challenge=bytes.fromhex(claims["challenge"]),
            **_expected(answer.response.client_data_json),
        )
    except UNREADABLE:
        raise Refused(NOT_PROVEN) from None
    return NewPasskey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=tuple(one.value for one in answer.response.transports or ()),
        handle=claims["handle"],
        backed_up=made.credential_backed_up,
        device_type=made.credential_device_type.value,
    )


def _verification(ceremony: Ceremony) -> UserVerificationRequirement:
    if ceremony is Ceremony.SECOND:
        return UserVerificationRequirement.DISCOURAGED
    return UserVerificationRequirement.REQUIRED


def _note(ceremony: Ceremony, challenge: bytes, staff_id: int, handle: str = "") -> str:
    claims = {"for": ceremony, "challenge": challenge.hex(), "staff": staff_id, "handle": handle}
    return _serializer().dumps(claims)


def _read_note(ceremony: Ceremony, note: str, staff_id: int) -> dict[str, Any]:
    """Return what was asked. Raises Refused if it was not asked here, just now, and once."""
    try:
        claims: dict[str, Any] = _serializer().loads(note, max_age=LIFETIME_SECONDS)
    except (BadData, UnicodeError):
        raise Refused(TOO_LATE) from None
    if claims["for"] != ceremony or claims["staff"] != staff_id:
        raise Refused(NOT_PROVEN)
    if not current_limits().spend(bytes.fromhex(claims["challenge"]), LIFETIME_SECONDS):
        raise Refused(TOO_LATE)
    return claims


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(storage.session_key(current_app), salt="passkey")


def _as_json(
    options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions,
) -> str:
    """Return options for a browser, which binds a passkey to the host that it is at.

    A desk may have several addresses, and a passkey is good at the one where it was made.
    """
    told = options_to_json_dict(options)
    told.pop("rpId", None)
    told.get("rp", {}).pop("id", None)
    return json.dumps(told)


def _expected(client_data: bytes) -> dict[str, Any]:
    """Return what an answer must be bound to: one of the desk's own origins, and its host.

    Raises ValueError for another. What the browser says here is signed by the passkey.
    """
    origin = parse_client_data_json(client_data).origin
    if origin not in storage.current_settings().desk_origins:
        raise ValueError
    return {"expected_origin": origin, "expected_rp_id": urlsplit(origin).hostname or ""}
