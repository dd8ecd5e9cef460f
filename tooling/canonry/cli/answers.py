"""Many answers on standard output, written as they come: memory does not grow with them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from canonry.app.tally import Tally
from canonry.cli.options import palette
from canonry.render.json import line

if TYPE_CHECKING:
    from canonry.app.parsed import Answer

_TOGETHER: Final = 200
"""Lines of text that are written at once."""


class Answers:
    """Counts every answer and shows it: as text, as one JSON document, or as JSON lines.

    `key`: link or name. `silent`: the answers go elsewhere, and only their sum is shown. `wrong_only`: text
    leaves out what is right.
    """

    def __init__(self, key: str, form: str, *, silent: bool = False, wrong_only: bool = False) -> None:
        self.key = key
        self.form = form
        self.silent = silent
        self.wrong_only = wrong_only
        self.tally = Tally()
        self._lines: list[str] = []
        self._style = palette()
        self._write = sys.stdout.write
        self._begun = False

    def add(self, number: int, answer: Answer, path: str) -> None:
        """One more answer, to what stands in line or row `number` of `path`."""
        self.tally.add(answer)
        if self.silent:
            return
        if self.form == "text":
            if self.wrong_only and not answer.findings:
                return
            from canonry.render.links import parsed_line

            self._lines.append(parsed_line(number, answer, self._style))
            if len(self._lines) >= _TOGETHER:
                self._flush()
            return
        text = line({**answer.to_json(self.key), "place": {"path": path, "line": number}})
        if self.form == "jsonl":
            self._write(text + "\n")
        else:
            self._write((",\n" if self._begun else self._opening()) + text)
            self._begun = True

    def close(self, **more: Any) -> None:
        """The sum, and the end of the document; `more` stands beside the sum."""
        if self.form == "text":
            from canonry.render.links import tally_text

            if self._lines or self._begun:
                self._lines.append("")
            self._lines.append(tally_text(self.tally, self.key, self._style))
            self._flush()
        elif self.form == "json":
            rest = line({"summary": self.tally.to_json(), **more})[1:]
            listed = "" if self.silent else ("" if self._begun else self._opening()) + "\n], "
            self._write(f"{listed or '{'}{rest}\n")
        elif self.silent:
            self._write(line({"summary": self.tally.to_json(), **more}) + "\n")

    def _opening(self) -> str:
        return f'{{"{self.key}s": [\n'

    def _flush(self) -> None:
        self._begun = True
        self._write("\n".join(self._lines) + "\n")
        self._lines.clear()
