"""Where the program begins and ends: the only place where an error becomes text and an exit code.

Exit codes are public: 0 nothing at or above `--fail-on`, 1 findings at that level, 2 cannot run (a bug in
canonry included), 3 no failing finding, but something undecided or not checkable. 130: Ctrl-C stopped it,
143: it was terminated, 129: its terminal was closed. What it was writing is then as it was before.

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
_BY_SIGNAL = 128

_QUICK = (("utm", "build"), ("name", "build"), ("utm", "parse"))


def entry() -> None:
    """The `canonry` command."""
    sys.exit(run(sys.argv[1:], heed=True))


def run(arguments: Sequence[str], *, heed: bool = False) -> int:
    """Runs one command line and returns its exit code; raises nothing. `heed`: signals are ours to answer."""
    _speak_utf8()
    stopped: list[int] = []
    try:
        try:
            code = _dispatch(list(arguments), stopped if heed else None)
        except KeyboardInterrupt:
            return _interrupted(stopped)
        except BrokenPipeError:  # whoever read our output (`| head`) has seen enough
            forget_output()
            return CLEAN
        except Exception as error:  # noqa: BLE001  the boundary: nothing leaves it as a traceback
            if stopped:  # DuckDB, for one, makes an error of its own of an interrupt
                return _interrupted(stopped)
            return _explain(error, debug="--debug" in arguments)
        flush_output()
    except BrokenPipeError:
        forget_output()
        return CANNOT_RUN
    except OSError as error:
        forget_output()
        return _explain(error, debug="--debug" in arguments)
    return code


def _interrupted(stopped: list[int]) -> int:
    _say("\nStopped.")
    return _BY_SIGNAL + stopped[0] if stopped else INTERRUPTED


def _heed(stopped: list[int]) -> None:
    """Lets whoever is terminated clear up as whoever is interrupted does, and notes by what signal it was."""
    import signal

    def stop(number: int, _: object) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if (
            number is not None and signal.getsignal(number) is not signal.SIG_IGN
        ):  # nohup, or a job in a script
            signal.signal(number, stop)


def _dispatch(arguments: list[str], stopped: list[int] | None) -> int:
    if tuple(arguments[:2]) in _QUICK:
        from canonry.cli import quick

        code = quick.run(arguments)
        if code is not None:
            return code
    if stopped is not None:
        _heed(stopped)
    from canonry.cli.group import program

    result: object = program.main(arguments, prog_name="canonry", standalone_mode=False)
    return result if isinstance(result, int) else CLEAN


def _explain(error: Exception, *, debug: bool) -> int:
    """Says on standard error what stopped the command. Always `CANNOT_RUN`, but for Ctrl-C at a prompt."""
    import click

    from canonry.kernel.errors import CanonryError, refusal

    if debug:
        import traceback

        _say(traceback.format_exc())
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        _say(error.format_message())
        return CANNOT_RUN
    if isinstance(error, click.Abort):
        _say("\nStopped.")
        return INTERRUPTED
    if isinstance(error, CanonryError):
        _say(_stopped(error))
    elif isinstance(error, click.ClickException):
        _say(_misused(error))
    elif isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        why, advice = refusal(error, "")
        _say(f"Cannot go on: {where}{why}" + (f"\n  {advice}" if advice else ""))
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
    """Output is UTF-8 whatever the locale says; text that is none (a file name, say) is shown escaped.

    A stream that was closed before we began (`>&-`) goes nowhere.
    """
    import os

    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def flush_output() -> None:
    """Writes what is left, if somebody still reads it: an exit code says the same whether or not."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        forget_output()


def forget_output() -> None:
    """Lets the interpreter's last flush go nowhere instead of failing again."""
    import os

    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # no file behind the stream, as in a test
        sys.stdout = sys.stderr
