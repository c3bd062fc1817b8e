"""Who may come to what: every route of the desk, and every role."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.questions.asking import visitor
from tests.staff.members import add_staff, sign_in
from tests.staff.routes import address_of
from webapp.staff import access
from webapp.staff.roles import ROLES, allows

# Every route of the desk with its least role, by name. A new route stands here, or this fails.
EXPECTED = {
    "desk.account.account": "moderator",
    "desk.account.end_other_sessions": "moderator",
    "desk.account.end_session": "moderator",
    "desk.account.name": "moderator",
    "desk.account.password": "moderator",
    "desk.account.preferences": "moderator",
    "desk.bulk.decide_many": "moderator",
    "desk.clusters.cluster": "moderator",
    "desk.clusters.lead": "moderator",
    "desk.clusters.merge": "moderator",
    "desk.clusters.merge_chosen": "moderator",
    "desk.clusters.take_out": "moderator",
    "desk.confirm.confirm": "moderator",
    "desk.confirm.confirm_passkey": "moderator",
    "desk.confirm.confirm_submit": "moderator",
    "desk.discarding.throw_away": "editor",
    "desk.discarding.throw_away_for_good": "owner",
    "desk.discarding.throw_away_for_good_submit": "owner",
    "desk.discarding.throw_away_submit": "editor",
    "desk.factors.add_passkey": "moderator",
    "desk.factors.app": "moderator",
    "desk.factors.app_submit": "moderator",
    "desk.factors.factors": "moderator",
    "desk.factors.recovery_codes": "moderator",
    "desk.factors.remove_app": "moderator",
    "desk.factors.remove_app_submit": "moderator",
    "desk.factors.remove_passkey": "moderator",
    "desk.factors.remove_passkey_submit": "moderator",
    "desk.keys.keys": "moderator",
    "desk.log.export": "editor",
    "desk.log.log": "moderator",
    "desk.mailbag.export": "owner",
    "desk.mailbag.mailbag": "owner",
    "desk.moderation.ask_back": "moderator",
    "desk.moderation.claim": "moderator",
    "desk.moderation.decide": "moderator",
    "desk.moderation.erase": "owner",
    "desk.moderation.erase_submit": "owner",
    "desk.moderation.lane": "moderator",
    "desk.moderation.note": "moderator",
    "desk.moderation.question": "moderator",
    "desk.moderation.questions": "moderator",
    "desk.moderation.ready": "editor",
    "desk.moderation.release": "moderator",
    "desk.moderation.snooze": "moderator",
    "desk.moderation.tag": "moderator",
    "desk.moderation.take_over": "moderator",
    "desk.moderation.texts": "moderator",
    "desk.moderation.undo": "moderator",
    "desk.moderation.version": "moderator",
    "desk.notifications.again": "owner",
    "desk.notifications.close_feed": "moderator",
    "desk.notifications.feed": "moderator",
    "desk.notifications.leave_undelivered": "owner",
    "desk.notifications.mail": "moderator",
    "desk.notifications.notifications": "moderator",
    "desk.notifications.put_away": "moderator",
    "desk.people.end_sessions": "owner",
    "desk.people.invite": "owner",
    "desk.people.let_go": "owner",
    "desk.people.let_go_submit": "owner",
    "desk.people.link": "owner",
    "desk.people.link_submit": "owner",
    "desk.people.people": "owner",
    "desk.people.role": "owner",
    "desk.people.set_rule": "owner",
    "desk.pieces.begin": "editor",
    "desk.pieces.send": "editor",
    "desk.pieces.stop": "editor",
    "desk.pieces.upload": "editor",
    "desk.previews.end": "editor",
    "desk.previews.make": "editor",
    "desk.queue.drop_view": "moderator",
    "desk.queue.save_view": "moderator",
    "desk.queue.waiting": "moderator",
    "desk.reasons.add": "owner",
    "desk.reasons.edit": "owner",
    "desk.reasons.move": "owner",
    "desk.reasons.reasons": "owner",
    "desk.revisions.correct": "editor",
    "desk.revisions.autosave_correction": "editor",
    "desk.revisions.restore": "editor",
    "desk.revisions.revision": "editor",
    "desk.revisions.revisions": "editor",
    "desk.rundowns.change": "editor",
    "desk.rundowns.close": "editor",
    "desk.rundowns.make": "editor",
    "desk.rundowns.order": "editor",
    "desk.rundowns.place": "editor",
    "desk.rundowns.prompter": "moderator",
    "desk.rundowns.recorded": "moderator",
    "desk.rundowns.reopen": "editor",
    "desk.rundowns.rundown": "moderator",
    "desk.rundowns.rundowns": "moderator",
    "desk.rundowns.say": "moderator",
    "desk.rundowns.take_out": "editor",
    "desk.show.autosave": "owner",
    "desk.show.change": "owner",
    "desk.show.colours": "owner",
    "desk.show.sheet": "owner",
    "desk.show.show": "owner",
    "desk.show_artwork.artwork": "owner",
    "desk.show_artwork.picture": "owner",
    "desk.show_artwork.remove": "owner",
    "desk.show_artwork.look": "owner",
    "desk.show_artwork.upload": "owner",
    "desk.show_artwork.use": "owner",
    "desk.show_people.add": "editor",
    "desk.show_people.autosave": "owner",
    "desk.show_people.autosave_new": "editor",
    "desk.show_people.change": "owner",
    "desk.show_people.new": "editor",
    "desk.show_people.people": "owner",
    "desk.show_people.person": "owner",
    "desk.showing.file": "editor",
    "desk.showing.preview": "editor",
    "desk.staff.front": "moderator",
    "desk.statistics.statistics": "moderator",
    "desk.studio.episode": "editor",
    "desk.studio.episodes": "editor",
    "desk.studio.name": "editor",
    "desk.studio.publish": "editor",
    "desk.studio.start": "editor",
    "desk.studio.start_new": "editor",
    "desk.studio.take_back": "editor",
    "desk.feeds.arrive": "editor",
    "desk.feeds.discard": "editor",
    "desk.feeds.feed": "editor",
    "desk.feeds.feeds": "editor",
    "desk.feeds.take_in": "editor",
    "desk.transfer.arrive": "editor",
    "desk.transfer.bundle": "editor",
    "desk.transfer.discard": "editor",
    "desk.transfer.export": "editor",
    "desk.transfer.export_episode": "editor",
    "desk.transfer.take_in": "editor",
    "desk.transfer.transfer": "editor",
    "desk.uploads.add": "editor",
    "desk.uploads.autosave": "editor",
    "desk.uploads.chapters": "editor",
    "desk.uploads.files": "editor",
    "desk.uploads.play_first": "editor",
    "desk.uploads.remove": "editor",
    "desk.uploads.small": "editor",
    "desk.uploads.transcript": "editor",
    "desk.writing.autosave": "editor",
    "desk.writing.new": "editor",
    "desk.writing.new_submit": "editor",
    "desk.writing.write": "editor",
    "desk.writing.write_submit": "editor",
}


def rules_of(app: Flask) -> list[Rule]:
    """Return the routes that stand behind the guard."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("desk.")]


def test_every_route_of_the_desk_is_in_the_table(app: Flask):
    assert {rule.endpoint for rule in rules_of(app)} == set(EXPECTED)


def test_the_table_is_what_the_guard_asks(app: Flask):
    assert {name: access.least_role(name) for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("role", ROLES)
def test_a_role_comes_to_what_is_open_to_it_and_to_nothing_else(app: Flask, role: str):
    add_staff(app, name="Mo", role=role)
    client = visitor(app)
    sign_in(client, email="mo@example.org")

    for rule in rules_of(app):
        is_open = allows(role, EXPECTED.get(rule.endpoint, access.LEAST))
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            response = client.open(address_of(rule), method=method)
            is_refused = response.status_code == 403 and "takes the role of" in response.text
            assert is_refused != is_open, f"{method} {rule.rule} for {role}"
            assert response.status_code not in {401, 500}, f"{method} {rule.rule} for {role}"
            assert "/desk/sign-in" not in response.headers.get("Location", "")


def test_what_is_refused_says_what_it_takes(app: Flask):
    add_staff(app, name="Mo", role="moderator")
    client = visitor(app)
    sign_in(client, email="mo@example.org")

    page = client.get("/desk/people")

    assert page.status_code == 403
    assert "This page takes the role of owner, and yours is moderator." in page.text


def test_the_longest_name_that_fits_holds():
    assert access.least_role("desk.people.people") == "owner"
    assert access.least_role("desk.peoples.people") == "moderator"
    assert access.least_role("desk.studio.start") == "editor"


def test_a_role_that_changes_holds_at_the_next_click(app: Flask):
    add_staff(app)
    mo = add_staff(app, name="Mo", role="owner")
    owner, client = visitor(app), visitor(app)
    sign_in(owner)
    sign_in(client, email="mo@example.org")
    assert client.get("/desk/people").status_code == 200

    page = owner.get("/desk/people")
    data = {"csrf_token": page.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]}
    owner.post(f"/desk/people/{mo}/role", data=data | {"role": "moderator"})

    assert client.get("/desk/people").status_code == 403
