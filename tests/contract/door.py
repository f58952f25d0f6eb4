"""Words given to the door, and what it says, for tests of the command line."""

from __future__ import annotations

import json

from typer.testing import CliRunner

import run


def door(*words: str):
    """Exit status, standard output and standard error of one command."""
    result = CliRunner().invoke(run.app, list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def one_object(text: str) -> dict:
    """The single JSON object of an output, nothing round it."""
    value, end = json.JSONDecoder().raw_decode(text)
    assert text[end:].strip() == "" and isinstance(value, dict)
    return value
