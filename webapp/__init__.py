"""Postbag: the companion site for an advice show."""

from flask import Flask

from webapp import storage
from webapp.episodes import astray, file_views
from webapp.episodes import views as episodes_views
from webapp.feeds import views as feeds_views
from webapp.moderation import views as moderation_views
from webapp.questions import views as questions_views
from webapp.settings import Settings
from webapp.staff import session
from webapp.staff import views as staff_views
from webapp.web import (
    assets,
    errors,
    headers,
    leaving,
    limits,
    origin,
    requests,
    surface,
    templating,
)
from webapp.web.site import Site


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: settings, storage, web, features."""
    settings = settings or Settings.load()
    app = Site("webapp", template_folder=templating.template_folder(), static_folder=None)
    app.url_map.strict_slashes = False  # a redirect that nobody wrote is a page that nobody meant
    app.url_map.merge_slashes = False
    storage.init_app(app, settings)
    app.secret_key = storage.session_key(app)
    session.init_app(app, https=settings.is_https)

    files = assets.Assets()
    templating.init_app(app, files, settings)
    headers.init_app(app)
    surface.init_app(app, settings)
    requests.init_app(app)
    origin.init_app(app, settings)
    limits.init_app(app, settings)
    errors.init_app(app, astray.error_pages())
    staff_views.init_app(
        app,
        masthead=episodes_views.masthead,
        masthead_at_hand=episodes_views.masthead_at_hand,
    )

    app.register_blueprint(episodes_views.bp)
    app.register_blueprint(file_views.bp)
    app.register_blueprint(feeds_views.bp)
    app.register_blueprint(questions_views.bp)
    app.register_blueprint(leaving.bp)
    app.register_blueprint(staff_views.make_desk(moderation_views.bp))
    files.serve(app)
    return app
