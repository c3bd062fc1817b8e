"""Whatever anybody sends: never an answer of 500, never a hang, and every refusal in words.

Each module is one way in: the askers' forms, public addresses, headers, bytes on the socket, the
forms of the desk, files and texts that are read, and what is stored and shown again.

The suite runs the short form: few examples, the same ones each time. The long form takes new
examples each time, thousands of them, and keeps what it finds in .hypothesis/ until it is mended:

    FUZZ=long .venv/bin/python -m pytest -n auto --dist loadgroup tests/fuzz

FUZZ may also be a number: so many times the examples of the short form. What is found becomes an
example of its own in the tests of the module that it concerns.
"""
