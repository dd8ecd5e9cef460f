"""Rules of loading: what is wrong with a file before anybody asks what it says."""

from typing import Final

from canonry.kernel.rule import Rule


def file_unreadable() -> None:
    """A file cannot be read as text.

    It is larger than 8 MB, not UTF-8, a link that leads out of the tree, or no regular file.

    ## Why it matters
    What cannot be read is not checked, and a link out of the tree would let a pull request read somebody
    else's files.

    ## Instead
    Save the file as UTF-8 without links. A contract of megabytes is data: describe it, do not embed it.
    """


def syntax_invalid() -> None:
    """A file is not well-formed JSON or YAML 1.2.

    `NaN` and `Infinity` are no JSON, and YAML tags such as `!!python/object` are never followed.

    ## Why it matters
    Every other rule waits until the file can be read.

    ## Instead
    Mend the text at the line that the message names. The other files have been checked all the same.
    """


def key_duplicate() -> None:
    """One object or mapping holds the same key twice.

    ## Why it matters
    Parsers keep one of the two and say nothing; which one differs between them.

    ## Instead
    Keep one. Two versions of a property that must both live belong in two majors of the contract.
    """


def document_too_complex() -> None:
    """A document is nested too deeply, or grows without bound when YAML aliases are followed.

    ## Why it matters
    Such files are made to exhaust the machine that reads them.

    ## Instead
    Move the inner part into `$defs` or a document of its own under `contracts/common/`, and refer to it.
    """


def document_invalid() -> None:
    """A registry file or `x-contract` does not have the shape that canonry reads.

    Unknown keys are refused, since they are nearly always misspelt ones.

    ## Why it matters
    A key that nobody reads looks like a rule that is in force.

    ## Instead
    Take the name that the message suggests. Editors complete and check these files with the schemas under
    `docs/schemas/`, which `canonry show --schema` prints.
    """


def file_unexpected() -> None:
    """A file under `registry/` or `contracts/` is none that canonry reads.

    ## Why it matters
    A contract in the wrong folder is in no catalogue: nothing checks it and nobody finds it.

    ## Instead
    Move it to `contracts/<kind>/<name>/v<major>.json` or to the registry file the message names. Prose may
    stand beside contracts as Markdown.
    """


def path_collision() -> None:
    """Two files differ only in the case of their names.

    ## Why it matters
    On macOS and Windows one of them overwrites the other at checkout.

    ## Instead
    Rename one. Names are lower case throughout.
    """


def file_missing() -> None:
    """A file that every registry has is not there.

    ## Why it matters
    `registry/registry.yaml` holds the name, base URL and policy; without it nothing can be judged.

    ## Instead
    Run `canonry init`, or point `--registry` at the folder that holds `registry/` and `contracts/`.
    """


def owner_missing() -> None:
    """A contract or registry file names no owner, or a contract no backup owner.

    ## Why it matters
    When the numbers look wrong, somebody has to be asked, also while the first person is on holiday.

    ## Instead
    Put `owner` and `backup_owner` into `x-contract` (into the file itself under `registry/`), each a team of
    `registry/teams.yaml`.
    """


FILE_UNREADABLE: Final = Rule("L001", "file-unreadable", file_unreadable, since="0.1")
SYNTAX_INVALID: Final = Rule("L002", "syntax-invalid", syntax_invalid, since="0.1")
KEY_DUPLICATE: Final = Rule("L003", "key-duplicate", key_duplicate, since="0.1")
DOCUMENT_TOO_COMPLEX: Final = Rule("L004", "document-too-complex", document_too_complex, since="0.1")
DOCUMENT_INVALID: Final = Rule("L005", "document-invalid", document_invalid, since="0.1")
FILE_UNEXPECTED: Final = Rule("L006", "file-unexpected", file_unexpected, since="0.1")
PATH_COLLISION: Final = Rule("L007", "path-collision", path_collision, since="0.1")
FILE_MISSING: Final = Rule("L008", "file-missing", file_missing, since="0.1")
OWNER_MISSING: Final = Rule("L201", "owner-missing", owner_missing, since="0.1")

RULES: Final[tuple[Rule, ...]] = (
    FILE_UNREADABLE,
    SYNTAX_INVALID,
    KEY_DUPLICATE,
    DOCUMENT_TOO_COMPLEX,
    DOCUMENT_INVALID,
    FILE_UNEXPECTED,
    PATH_COLLISION,
    FILE_MISSING,
    OWNER_MISSING,
)
