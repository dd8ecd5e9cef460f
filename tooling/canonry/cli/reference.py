"""The reference page of the command line, made from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

_HEAD = """# Commands

This page is made from the commands; `pytest tests/unit/cli/test_reference.py --update` renews it.

Every command takes `--registry DIR` (or the variable `CANONRY_REGISTRY`), `--debug` and `--help`, and looks
for the registry in the folder it runs in and above. Words nearly right are answered with the nearest one.

| Exit code | Meaning |
|---|---|
| 0 | nothing at or above `--fail-on` (by default: error) |
| 1 | findings at that level; a link or name that could not be built; a row with an error |
| 2 | the command could not run; a bug in canonry says that it is one, and `--debug` shows where |
| 3 | no failing finding, but something undecided or not checkable |
| 130 | stopped with Ctrl-C |

2 goes before 1, and 1 before 3.

| Variable | Meaning |
|---|---|
| `CANONRY_REGISTRY` | folder that holds `registry/` and `contracts/` |
| `CANONRY_TODAY` | day on which dates are judged, `2026-11-21` (default: today) |
| `NO_COLOR` | no colours, whatever the terminal |
| `XDG_CACHE_HOME` | where compiled registries are kept; they can be deleted at any time |

Shell completion: `eval "$(_CANONRY_COMPLETE=bash_source canonry)"` in `~/.bashrc`, with `zsh_source` in
`~/.zshrc`, or `_CANONRY_COMPLETE=fish_source canonry | source` in fish.
"""

_GLOBAL = frozenset({"--registry", "--debug", "--help"})


def page(program: click.Group) -> str:
    """The whole page, in Markdown. Every command and option is on it."""
    parts = [_HEAD]
    for name, command in commands(program, "canonry"):
        parts.append("\n".join(_command(name, command)))
    return "\n".join(parts)


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with its full name, in the group's order."""
    if not isinstance(command, click.Group):
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        if found is not None:
            yield f"{name} {child}", found
            yield from commands(found, f"{name} {child}")


def _command(name: str, command: click.Command) -> Iterator[str]:
    level = "##" if name.count(" ") == 1 else "###"
    yield f"{level} {name}\n"
    yield inspect.cleandoc(command.help or "").replace("\f", "") + "\n"
    if not isinstance(command, click.Group):
        pieces = command.collect_usage_pieces(click.Context(command))
        yield f"```text\n{name} {' '.join(pieces)}\n```\n"
    rows = [_option(p) for p in command.params if isinstance(p, click.Option) and not _GLOBAL & set(p.opts)]
    if rows:
        yield "| Option | |\n|---|---|\n" + "\n".join(rows) + "\n"
    lines = [line.strip() for line in (command.epilog or "").splitlines() if line.strip(" \b")]
    if lines and lines[0].startswith("Example"):
        yield "```text\n" + "\n".join(lines[1:]) + "\n```\n"


def _option(option: click.Option) -> str:
    names = ", ".join(f"`{each}`" for each in (*option.opts, *option.secondary_opts))
    kind = option.type
    value = ""
    if isinstance(kind, click.Choice):
        value = " " + " ".join(f"`{choice}`" for choice in kind.choices)
    elif not option.is_flag:
        value = f" {option.make_metavar(click.Context(click.Command('x')))}"
    about = (option.help or "").replace("|", "\\|")
    if isinstance(option.default, str | int) and not option.is_flag and option.show_default:
        about += f" Default: `{option.default}`."
    return f"| {names}{value.replace('|', chr(92) + '|')} | {about} |"
