"""Templates compile."""

from flask import Flask


def test_every_template_compiles(app: Flask):
    names = app.jinja_env.list_templates(extensions=["html"])

    assert len(names) > 20
    for name in names:
        app.jinja_env.get_template(name)
