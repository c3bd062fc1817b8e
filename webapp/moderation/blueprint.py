"""The blueprint that the queue's page and a question's pages share, so that links are alike."""

from flask import Blueprint

bp = Blueprint("moderation", __name__)
