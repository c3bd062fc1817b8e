"""Running a site. Whatever uses any of it knows its tables, as migrations are held to."""

from webapp.operations import models as models
