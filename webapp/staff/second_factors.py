"""Second factors: codes from an app (RFC 6238), passkeys (WebAuthn), and codes on paper.

An app's secret is kept under a key that lies outside the database, and codes on paper only as
keyed hashes: whoever has the database alone can use neither. Every code lets in once.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from webapp import clock
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff.acts import record_on
from webapp.staff.credentials import find_credential, list_credentials
from webapp.staff.models import User, WebAuthn
from webapp.staff.queries import SECOND_FACTOR, rule
from webapp.staff.totp import step_of
from webapp.storage import keyring_of, take_turn
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring

RECOVERY_CODES = 10
RECOVERY_BYTES = 10
METHOD = "authenticator"


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey as its ceremony has verified it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    handle: str
    backed_up: bool
    device_type: str


def set_up_app(session: Session, *, actor: Actor, staff_id: int, secret: bytes, code: str) -> None:
    """Take an app on, once it has shown a code. Raises Refused for a code that is not right."""
    take_turn(session)
    user = _locked(session, staff_id)
    step = step_of(secret, code, after=None)
    if step is None:
        raise Refused("That is not the code of this moment. Wait for the next one.")
    user.tf_totp_secret = _fernet(keyring_of(session)).encrypt(secret).decode()
    user.tf_primary_method = METHOD
    user.totp_counter = step
    record_on(session, actor, user, "added second factor", kind="app")
    session.flush()


def remove_app(session: Session, *, actor: Actor, staff_id: int) -> None:
    """Take codes from the app away; without one that is so already.

    Raises Refused where it is the last one of who needs one.
    """
    take_turn(session)
    user = _locked(session, staff_id)
    if user.tf_totp_secret is None:
        return
    _refuse_last(session, left=len(list_credentials(session, staff_id=staff_id)))
    user.tf_totp_secret = user.tf_primary_method = user.totp_counter = None
    _forget_recovery(session, user)
    record_on(session, actor, user, "removed second factor", kind="app")
    session.flush()


def use_code(session: Session, *, staff_id: int, code: str) -> bool:
    """Return whether a code lets somebody in, from the app or from paper, and use it up."""
    user = _locked(session, staff_id)
    keyring = keyring_of(session)
    if user.tf_totp_secret:
        secret = _fernet(keyring).decrypt(user.tf_totp_secret.encode())
        step = step_of(secret, code, after=user.totp_counter)
        if step is not None:
            user.totp_counter = step
            session.flush()
            return True
    kept, tried = user.mf_recovery_codes or [], _recovery_hash(keyring, user, code)
    left = [one for one in kept if not hmac.compare_digest(one, tried)]
    if len(left) == len(kept):
        return False
    user.mf_recovery_codes = left
    session.flush()
    return True


def make_recovery_codes(session: Session, *, actor: Actor, staff_id: int) -> Sequence[str]:
    """Return new codes for paper, in the place of the old ones. They are shown this once."""
    take_turn(session)
    user = _locked(session, staff_id)
    if not user.tf_totp_secret and not list_credentials(session, staff_id=staff_id):
        raise Refused("Set up an app or a passkey first: recovery codes stand in for those.")
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    keyring = keyring_of(session)
    user.mf_recovery_codes = [_recovery_hash(keyring, user, code) for code in codes]
    record_on(session, actor, user, "made recovery codes")
    session.flush()
    return codes


def add_passkey(
    session: Session, *, actor: Actor, staff_id: int, name: str, passkey: NewPasskey
) -> None:
    """Add a passkey. Raises Conflict for a name or a device that is there already."""
    take_turn(session)
    user = _locked(session, staff_id)
    names = [key.name for key in list_credentials(session, staff_id=staff_id)]
    if name in names:
        raise Conflict(f"You have a passkey called {name} already. Give this one another name.")
    if find_credential(session, passkey.credential_id) is not None:
        raise Conflict("That device is here already.")
    user.fs_webauthn_user_handle = user.fs_webauthn_user_handle or passkey.handle
    session.add(
        WebAuthn(
            user_id=user.id,
            name=name,
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            transports=list(passkey.transports),
            backup_state=passkey.backed_up,
            device_type=passkey.device_type,
            extensions=None,
            lastuse_datetime=_today(),
            usage="both",
        )
    )
    record_on(session, actor, user, "added second factor", kind="passkey")
    session.flush()


def use_passkey(session: Session, *, credential_id: bytes, sign_count: int) -> None:
    """Note that a passkey has been used. Raises NotFound if it has gone meanwhile."""
    key = find_credential(session, credential_id)
    if key is None:
        raise NotFound
    key.sign_count = sign_count
    key.lastuse_datetime = _today()
    session.flush()


def remove_passkey(session: Session, *, actor: Actor, staff_id: int, passkey_id: int) -> None:
    """Remove a passkey. Raises NotFound, and Refused where it is the last of who needs one."""
    take_turn(session)
    user = _locked(session, staff_id)
    key = session.get(WebAuthn, passkey_id)
    if key is None or key.user_id != staff_id:
        raise NotFound
    others = len(list_credentials(session, staff_id=staff_id)) - 1
    _refuse_last(session, left=others + bool(user.tf_totp_secret))
    session.delete(key)
    session.flush()
    _forget_recovery(session, user)
    record_on(session, actor, user, "removed second factor", kind="passkey")
    session.flush()


def forget_all(session: Session, user: User) -> None:
    """Take away every second factor of somebody."""
    user.tf_totp_secret = user.tf_primary_method = user.totp_counter = None
    user.mf_recovery_codes = None
    for key in list_credentials(session, staff_id=user.id):
        session.delete(key)


def _locked(session: Session, staff_id: int) -> User:
    """Return somebody whom nobody else changes until the commit, as they are now."""
    user = session.get(User, staff_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise NotFound
    return user


def _refuse_last(session: Session, *, left: int) -> None:
    if not left and rule(session, SECOND_FACTOR):
        raise Refused("Everybody needs a second factor here. Set up another one first.")


def _forget_recovery(session: Session, user: User) -> None:
    """Codes on paper stand in for a second factor: without one they open nothing."""
    if not user.tf_totp_secret and not list_credentials(session, staff_id=user.id):
        user.mf_recovery_codes = None


def _recovery_code() -> str:
    """Return 80 random bits as four groups of letters and digits that cannot be confused."""
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _recovery_hash(keyring: Keyring, user: User, code: str) -> str:
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    message = f"{user.id}:{plain}".encode("utf-8", "surrogatepass")
    return hmac.digest(_derived(keyring, "recovery-codes"), message, "sha256").hex()


def _fernet(keyring: Keyring) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(keyring, "totp")))


def _derived(keyring: Keyring, purpose: str) -> bytes:
    """Return a key of its own for a purpose (RFC 5869)."""
    derive = HKDF(SHA256(), length=32, salt=None, info=f"staff:{purpose}".encode())
    return derive.derive(keyring.key("session"))


def _today() -> datetime:
    """Return today without a time: when a passkey was used is nobody's business but the day."""
    today = clock.today()
    return datetime(today.year, today.month, today.day, tzinfo=UTC).replace(tzinfo=None)
