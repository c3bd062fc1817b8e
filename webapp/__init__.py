"""Postbag: the companion site for an advice show."""

from flask import Flask

from webapp import storage
from webapp.episodes import astray, file_views
from webapp.episodes import views as episodes_views
from webapp.episodes.masthead import masthead, masthead_at_hand
from webapp.feeds import views as feeds_views
from webapp.moderation import (
    bulk_views,
    cluster_views,
    feed_views,
    keys_views,
    notification_views,
    queue_views,
    reasons_views,
)
from webapp.moderation import views as moderation_views
from webapp.moderation.log import views as log_views
from webapp.moderation.rundowns import views as rundowns_views
from webapp.moderation.statistics import views as statistics_views
from webapp.operations import health
from webapp.questions import arrivals
from webapp.questions import views as questions_views
from webapp.settings import Settings
from webapp.staff import account_views, session
from webapp.staff import views as staff_views
from webapp.studio import (
    preview_link_views,
    revision_views,
    shared_preview_views,
    showing_views,
    throwing_away_views,
    writing_views,
)
from webapp.studio import views as studio_views
from webapp.studio.show import artwork_views as show_artwork_views
from webapp.studio.show import people_views as show_people_views
from webapp.studio.show import views as show_views
from webapp.studio.uploads import piece_views
from webapp.studio.uploads import views as uploads_views
from webapp.transfer import views as transfer_views
from webapp.transfer.feed_import import views as feed_import_views
from webapp.transfer.mailbag import views as mailbag_views
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

PUBLIC = (
    episodes_views.bp,
    file_views.bp,
    feeds_views.bp,
    questions_views.bp,
    leaving.bp,
    health.bp,
    feed_views.bp,
    shared_preview_views.bp,
)
DESK = (
    moderation_views.bp,
    queue_views.bp,
    bulk_views.bp,
    cluster_views.bp,
    rundowns_views.bp,
    reasons_views.bp,
    log_views.bp,
    statistics_views.bp,
    notification_views.bp,
    keys_views.bp,
    studio_views.bp,
    writing_views.bp,
    showing_views.bp,
    revision_views.bp,
    preview_link_views.bp,
    throwing_away_views.bp,
    mailbag_views.bp,
    transfer_views.bp,
    feed_import_views.bp,
    show_views.bp,
    show_people_views.bp,
    show_artwork_views.bp,
    uploads_views.bp,
    piece_views.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application: settings, storage, web, features."""
    settings = settings or Settings.load()
    app = Site("webapp", template_folder=templating.template_folder(), static_folder=None)
    app.url_map.strict_slashes = False  # a redirect that nobody wrote is a page that nobody meant
    app.url_map.merge_slashes = False
    storage.init_app(app, settings)
    app.secret_key = storage.session_key(app)
    session.init_app(app)

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
        masthead=masthead,
        masthead_at_hand=masthead_at_hand,
    )
    account_views.offer_opt_outs(app, queue_views.opt_outs_on_offer)

    for pages in PUBLIC:
        app.register_blueprint(pages)
    app.register_blueprint(staff_views.make_desk(*DESK))
    arrivals.init_app(app)
    uploads_views.init_app(app, settings)
    transfer_views.init_app(app, settings)
    show_artwork_views.init_app(app)
    files.serve(app)
    return app
