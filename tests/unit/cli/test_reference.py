"""The reference page: every command and option is on it, and it is never old."""

import click
import pytest

from canonry.cli.group import program
from canonry.cli.reference import commands, page

COMMANDS = dict(commands(program, "canonry"))


@pytest.fixture(scope="module")
def text():
    """The page as it would be written now."""
    return page(program)


def test_the_page_is_what_the_commands_say(text, root, update):
    """`--update` rewrites it; review looks at the difference."""
    file = root / "docs/reference/cli.md"
    if update:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_on_the_page(text, name):
    """With its help."""
    command = COMMANDS[name]
    assert f"# {name}\n" in text
    section = text.partition(f"# {name}\n")[2].partition("\n## ")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts} of {name} has no help"
            assert parameter.opts[-1] in section or parameter.opts[-1] in text.partition("\n## ")[0]
    assert command.help
