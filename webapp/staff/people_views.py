"""The people who make the show, for owners: who they are, what they may, and how they leave."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp import storage
from webapp.exceptions import Conflict, NotFound, Refused
from webapp.staff import services
from webapp.staff.forms import ROLE_CHOICES, STALE, InviteForm, RoleForm, RuleForm, StaffForm
from webapp.staff.guard import current_staff
from webapp.staff.joining import INVITATION_PATH, LIFETIME_DAYS
from webapp.staff.pages import acting, staff_page
from webapp.staff.queries import SECOND_FACTOR, SECOND_PERSON, get_person, list_people, rule
from webapp.storage import read

SAVED = {
    (SECOND_FACTOR, True): "Everybody needs a second factor from now on.",
    (SECOND_FACTOR, False): "A second factor is everybody's own choice from now on.",
    (SECOND_PERSON, True): "Whoever wrote the texts no longer makes the question ready.",
    (SECOND_PERSON, False): "Whoever wrote the texts may make the question ready.",
}

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("")
def people() -> Response:
    """Show everybody, and what can be done about them."""
    return _page(InviteForm(formdata=None))


@bp.post("")
def invite() -> AnyResponse:
    """Invite somebody, and show their link, this once."""
    form = InviteForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        link = storage.write(
            services.invite,
            actor=acting(),
            email=form.email.data,
            name=form.name.data,
            role=form.role.data,
        )
    except (Refused, Conflict) as no:
        form.email.errors = (str(no),)
        return _page(form, status=422)
    return _link_page(link)


@bp.post("/<int:staff_id>/role")
def role(staff_id: int) -> AnyResponse:
    """Give somebody another role."""
    form = RoleForm(request.form)
    if not form.validate():
        return _say(form.role.errors[0] if form.role.errors else STALE, "problem")
    person = get_person(read(), staff_id)
    try:
        is_other = storage.write(
            services.change_role, actor=acting(), staff_id=staff_id, role=form.role.data
        )
    except Refused as refused:
        return _say(str(refused), "problem")
    words = "is now" if is_other else "was already"
    return _say(f"{person.name} {words} {form.role.data}.", "done", to_front=_is_me(staff_id))


@bp.get("/<int:staff_id>/link")
def link(staff_id: int) -> Response:
    """Ask once more before somebody's password and factors are taken away."""
    return _ask_about_link(staff_id, StaffForm(formdata=None))


@bp.post("/<int:staff_id>/link")
def link_submit(staff_id: int) -> AnyResponse:
    """Take somebody's password and factors away, and show the link that gives new ones."""
    form = StaffForm(request.form)
    if not form.validate():
        return _ask_about_link(staff_id, form, status=422)
    try:
        made = storage.write(services.reset, actor=acting(), staff_id=staff_id)
    except Refused as refused:
        return _say(str(refused), "problem")
    return _link_page(made)


@bp.post("/<int:staff_id>/end-sessions")
def end_sessions(staff_id: int) -> AnyResponse:
    """Sign somebody out everywhere."""
    form = StaffForm(request.form)
    if not form.validate():
        return _say(STALE, "problem")
    person = get_person(read(), staff_id)
    storage.write(services.end_sessions, actor=acting(), staff_id=staff_id)
    return _say(f"{person.name} is signed out everywhere.", "done", to_front=_is_me(staff_id))


@bp.get("/<int:staff_id>/let-go")
def let_go(staff_id: int) -> Response:
    """Ask once more before somebody's account is deleted."""
    return _ask_about_leaving(staff_id, StaffForm(formdata=None))


@bp.post("/<int:staff_id>/let-go")
def let_go_submit(staff_id: int) -> AnyResponse:
    """Delete somebody's account; their name stays in history."""
    form = StaffForm(request.form)
    if not form.validate():
        return _ask_about_leaving(staff_id, form, status=422)
    is_me = _is_me(staff_id)
    try:
        name = storage.write(services.let_go, actor=acting(), staff_id=staff_id)
    except Refused as refused:
        return _say(str(refused), "problem")
    return _say(f"{name} has left the desk.", "done", to_front=is_me)


@bp.post("/rules/<name>")
def set_rule(name: str) -> AnyResponse:
    """Switch a rule for everybody on or off."""
    form = RuleForm(request.form)
    if not form.validate():
        return _say(STALE, "problem")
    if (name, form.is_on.data) not in SAVED:
        raise NotFound
    try:
        storage.write(services.set_rule, actor=acting(), name=name, is_on=form.is_on.data)
    except Refused as refused:
        return _say(str(refused), "problem")
    return _say(SAVED[name, form.is_on.data], "done")


def _page(form: InviteForm, *, status: int = 200) -> Response:
    session = read()
    return staff_page(
        "staff/people.html",
        status=status,
        form=form,
        people=list_people(session),
        roles=ROLE_CHOICES,
        role_names=[choice[:2] for choice in ROLE_CHOICES],
        needs_second=rule(session, SECOND_FACTOR),
        needs_two=rule(session, SECOND_PERSON),
    )


def _link_page(made: services.Link) -> Response:
    """Show a link, this once: a redirect would put what is secret into another address."""
    address = storage.current_settings().desk_address + INVITATION_PATH + made.token
    return staff_page("staff/link.html", name=made.name, address=address, days=LIFETIME_DAYS)


def _ask_about_link(staff_id: int, form: StaffForm, *, status: int = 200) -> Response:
    person = get_person(read(), staff_id)
    return staff_page(
        "staff/ask_again.html",
        status=status,
        form=form,
        heading=f"A new link for {person.name}?",
        text="Their password and their second factors are taken away and they are signed out "
        "everywhere. The link lets them choose a new password. This cannot be undone.",
        button="Make a new link",
        action=url_for("desk.people.link_submit", staff_id=staff_id),
        back=url_for("desk.people.people"),
        section="people",
    )


def _ask_about_leaving(staff_id: int, form: StaffForm, *, status: int = 200) -> Response:
    person = get_person(read(), staff_id)
    return staff_page(
        "staff/ask_again.html",
        status=status,
        form=form,
        heading=f"Let {person.name} go?",
        text="Their account is deleted and they are signed out at once. What they did stays in "
        "the log under their name. This cannot be undone; they could be invited again.",
        button=f"Let {person.name} go",
        action=url_for("desk.people.let_go_submit", staff_id=staff_id),
        back=url_for("desk.people.people"),
        section="people",
    )


def _is_me(staff_id: int) -> bool:
    """Return whether it is oneself, who may not be allowed back onto the page."""
    return staff_id == current_staff().id


def _say(words: str, kind: str, *, to_front: bool = False) -> AnyResponse:
    flash(words, kind)
    return redirect(url_for("desk.staff.front" if to_front else "desk.people.people"))
