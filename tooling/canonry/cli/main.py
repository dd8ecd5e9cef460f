"""Where the program begins and ends: the only place where an error becomes text and an exit code.

Exit codes are public: 0 nothing at or above `--fail-on`, 1 findings at that level, 2 cannot run (a bug in
canonry included), 3 no failing finding, but something undecided or not checkable. 130: Ctrl-C stopped it.

This module imports nothing at its top: links are built in a few times what Python itself needs to start, and
click alone would cost more than that (`canonry.cli.quick`).
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    import click

    from canonry.kernel.errors import CanonryError

CLEAN = 0
FINDINGS = 1
CANNOT_RUN = 2
UNDECIDED = 3
INTERRUPTED = 130

_QUICK = (("utm", "build"), ("name", "build"), ("utm", "parse"))


def entry() -> None:
    """The `canonry` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; raises nothing."""
    _speak_utf8()
    try:
        try:
            code = _dispatch(list(arguments))
            sys.stdout.flush()
        except KeyboardInterrupt:
            _say("\nStopped.")
            return INTERRUPTED
        except BrokenPipeError:  # whoever read our output (`| head`) has seen enough
            _forget_output()
            return CLEAN
        except Exception as error:  # noqa: BLE001  the boundary: nothing leaves it as a traceback
            return _explain(error, debug="--debug" in arguments)
    except BrokenPipeError:
        _forget_output()
        return CANNOT_RUN
    return code


def _dispatch(arguments: list[str]) -> int:
    if tuple(arguments[:2]) in _QUICK:
        from canonry.cli import quick

        code = quick.run(arguments)
        if code is not None:
            return code
    from canonry.cli.group import program

    result: object = program.main(arguments, prog_name="canonry", standalone_mode=False)
    return result if isinstance(result, int) else CLEAN


def _explain(error: Exception, *, debug: bool) -> int:
    """Says on standard error what stopped the command. Always `CANNOT_RUN`, but for Ctrl-C at a prompt."""
    import click

    from canonry.kernel.errors import CanonryError

    if debug:
        import traceback

        _say(traceback.format_exc())
    if isinstance(error, click.Abort):
        _say("\nStopped.")
        return INTERRUPTED
    if isinstance(error, CanonryError):
        _say(_stopped(error))
    elif isinstance(error, click.ClickException):
        _say(_misused(error))
    elif isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        _say(f"Cannot go on: {where}{error.strerror}")
    else:
        _say(
            f"This is a bug in canonry: {type(error).__name__}: {error}\n"
            "  Nothing that you typed should do this. Please report it, with what --debug prints."
        )
    return CANNOT_RUN


def _stopped(error: CanonryError) -> str:
    advice = error.advice()
    return f"Cannot go on: {error}" + (f"\n  {advice}" if advice else "")


def _misused(error: click.ClickException) -> str:
    import click

    lines = [f"Cannot go on: {error.format_message()}"]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"  How it is used: {error.ctx.get_usage().removeprefix('Usage: ')}")
        lines.append(f"  {error.ctx.command_path} --help says more, with an example.")
    return "\n".join(lines)


def _say(text: str) -> None:
    from canonry.render.plain import visible

    sys.stdout.flush()
    sys.stderr.write("\n".join(map(visible, text.split("\n"))) + "\n")
    sys.stderr.flush()


def _speak_utf8() -> None:
    """Output is UTF-8 whatever the locale says; text that is none (a file name, say) is shown escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _forget_output() -> None:
    """Lets the interpreter's last flush go nowhere instead of failing again."""
    import os

    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # no file behind the stream, as in a test
        sys.stdout = sys.stderr
