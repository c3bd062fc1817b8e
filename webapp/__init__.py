"""Postbag: the companion site for an advice show."""

from flask import Flask

from webapp import storage
from webapp.episodes import views as episodes
from webapp.moderation import views as moderation
from webapp.questions import views as questions
from webapp.settings import Settings
from webapp.staff import session
from webapp.staff import views as staff
from webapp.web import assets, errors, headers, origin, surface, templating


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: settings, storage, web, features."""
    settings = settings or Settings.load()
    app = Flask("webapp", template_folder=templating.template_folder(), static_folder=None)
    storage.init_app(app, settings)
    app.secret_key = storage.session_key(app)
    session.init_app(app, https=settings.is_https)

    files = assets.Assets()
    templating.init_app(app, files)
    headers.init_app(app)
    surface.init_app(app, settings)
    origin.init_app(app, settings)
    errors.init_app(app, masthead=episodes.masthead, plain=episodes.NO_SHOW)
    staff.init_app(app, masthead=episodes.masthead)

    app.register_blueprint(episodes.bp)
    app.register_blueprint(questions.bp)
    app.register_blueprint(staff.make_desk(moderation.bp))
    files.serve(app)
    return app
