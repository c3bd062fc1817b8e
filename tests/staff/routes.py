"""The addresses of routes, for tests that walk all of them."""

from uuid import UUID

from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

SOME_ID = UUID(int=1)


def address_of(rule: Rule) -> str:
    """Return an address that a route answers; nothing need be there."""
    values = {name: _value(rule, name) for name in rule.arguments}
    built = rule.build(values)
    assert built is not None, f"{rule.endpoint} cannot be built of {values}"
    return built[1]


def _value(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, UUIDConverter):
        return SOME_ID
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, IntegerConverter) else "nothing"
