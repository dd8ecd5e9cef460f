"""The error boundary: what stops a command becomes a sentence and an exit code, never a traceback."""

import os
import subprocess
import sys

import click
import pytest

from canonry.cli import main
from canonry.cli.group import COMMANDS, program
from canonry.kernel.errors import UsageError

HEAVY = (
    *("pydantic", "git", "duckdb", "jsonschema", "jsonschema_rs", "rich", "openpyxl", "xlsxwriter", "segno"),
    *("ruamel", "yaml", "jinja2", "rapidfuzz", "orjson", "hypothesis"),
)


def all_commands():
    """Every command and group with its full name, the program itself first."""

    def walk(command, name):
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for child in command.list_commands(context):
                try:
                    found = command.get_command(context, child)
                except ModuleNotFoundError:  # its row has a test of its own
                    continue
                yield from walk(found, f"{name} {child}")

    return dict(walk(program, "canonry"))


def python(code, *arguments, **environment):
    """A new interpreter, with warnings as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


PROGRAM = "import sys; from canonry.cli.main import entry; entry()"


def test_help_imports_no_command_and_nothing_heavy():
    """The overview comes from a table, so that it is there at once."""
    code = (
        "import sys; from canonry.cli.main import run; code = run(['--help'])\n"
        f"heavy = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "own = [m.removeprefix('canonry.cli.') for m in sys.modules if m.startswith('canonry.cli.')]\n"
        "print(code, heavy, *sorted(own), file=sys.stderr)"
    )
    said = python(code)
    assert said.stderr == "0 [] group main options streams\n"
    assert "utm" in said.stdout


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_row_of_the_table_leads_to_its_command(row):
    """And says of it what its own help says."""
    found = program.get_command(click.Context(program), row.name)
    assert found is not None
    assert found.name == row.name


@pytest.mark.parametrize(("name", "command"), all_commands().items(), ids=all_commands())
def test_every_command_has_an_example_and_the_global_options(name, command):
    """Help shows how it is used; --registry and --debug stand anywhere."""
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--debug"} | ({"--registry"} if name != "canonry init" else set()) <= options
    assert "Example" in (command.epilog or "")
    assert name in command.epilog
    if not isinstance(command, click.Group):
        choices = next(p for p in command.params if "--format" in p.opts).type.choices
        assert {"text", "json"} <= set(choices)


@pytest.mark.parametrize("name", [name for name in all_commands() if name != "canonry"])
def test_every_help_fits_80_columns(name, canonry):
    """No line is wider than a narrow terminal, but for examples."""
    code, out, _ = canonry(*name.split()[1:], "--help")
    assert code == 0
    prose = out.partition("Example")[0]
    assert max(map(len, prose.splitlines())) <= 80


def test_an_unknown_command_names_the_nearest(canonry):
    """Typing is forgiven, not guessed."""
    code, out, err = canonry("serach", "x")
    assert (code, out) == (2, "")
    assert "Did you mean 'search'?" in err
    assert canonry("utm", "biuld")[2].count("Did you mean 'build'?") == 1


def test_an_unknown_option_names_the_nearest(canonry):
    """As for commands."""
    code, _, err = canonry("lint", "--formt", "json")
    assert code == 2
    assert "--format" in err


def test_what_cannot_run_says_why_and_what_next(canonry, tmp_path):
    """An error of ours is its sentence and its hint."""
    code, out, err = canonry("--registry", tmp_path, "lint")
    assert (code, out) == (2, "")
    assert "there is no registry/registry.yaml" in err
    assert "--registry wants the folder" in err


def test_a_bug_is_called_a_bug(monkeypatch, capsys):
    """The traceback is for --debug only."""

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("no\x1b[31m good")

    monkeypatch.setattr(program, "main", broken)
    assert main.run(["lint"]) == 2
    quiet = capsys.readouterr().err
    assert "bug in canonry: ZeroDivisionError: no\\x1b[31m good" in quiet
    assert "Traceback" not in quiet
    assert main.run(["lint", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()], ids=["ctrl-c", "at a prompt"])
def test_ctrl_c_stops_quietly(error, monkeypatch, capsys):
    """130, as shells expect."""

    def stopped(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(program, "main", stopped)
    assert main.run(["lint"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


def test_our_errors_may_change_their_advice(monkeypatch, capsys):
    """`advice` is what is shown."""

    def refused(*_args, **_kwargs):
        raise UsageError("that makes no sense", "Try this")

    monkeypatch.setattr(program, "main", refused)
    assert main.run(["lint"]) == 2
    assert capsys.readouterr().err == "Cannot go on: that makes no sense\n  Try this\n"


def test_a_reader_that_leaves_ends_the_program_quietly(registry):
    """`canonry ... | head` is no error."""
    said = subprocess.run(
        [
            "sh",
            "-c",
            f'"{sys.executable}" -m canonry list events --registry "$1" | true',
            "sh",
            str(registry),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_output_is_utf_8_whatever_the_locale(locale, registry):
    """A label keeps its letters."""
    words = registry / "registry/vocabularies/market.yaml"
    words.write_text(
        words.read_text().replace("Norway", "Noreg \N{LATIN SMALL LETTER AE} \N{SNOWMAN}"), "utf-8"
    )
    said = python(
        PROGRAM,
        *("show", "market", "--registry", str(registry)),
        LC_ALL=locale,
        LANG=locale,
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert "Noreg \N{LATIN SMALL LETTER AE} \N{SNOWMAN}" in said.stdout


def test_no_colour_unless_it_is_a_terminal(canonry):
    """A pipe gets no escapes."""
    for arguments in (["list"], ["lint"], ["show", "market"], ["explain", "L001"]):
        assert "\x1b" not in canonry(*arguments)[1]


def test_version(canonry):
    """The version that the package has."""
    assert canonry("--version")[1] == "canonry 0.1.0\n"
