"""Version numbers: what was released stays, what changed moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from canonry.compat import bump
from canonry.compat.delta import Delta, Revision, number
from canonry.kernel.findings import Finding
from canonry.kernel.ids import Version
from canonry.kernel.rule import Rule


def version_taken(delta: Delta) -> Iterator[Finding]:
    """A version that is already released stands here with other content.

    It happens when two branches take the same number and both are merged.

    ## Why it matters
    `1.3.0` must be one thing. Whoever pinned it has the other one.

    ## Instead
    Run `canonry bump --write`, which takes the next free number.
    """
    for pair in delta.numbered():
        version = pair.new.meta.version
        if _taken(delta, pair):
            free = bump.free(Version.parse(version), bump.Size.MINOR, bump.taken(delta, pair))
            yield VERSION_TAKEN.finding(
                f"{pair.id}: {version} is released and holds something else",
                pair.place("/x-contract/version"),
                owner=pair.new.meta.owner,
                suggestion=f"canonry bump --write makes it {free}",
                subject=str(pair.id),
                values=[version],
            ).having(wanted=str(free))


def _taken(delta: Delta, pair: Revision) -> bool:
    for release, schema in delta.released.get(pair.id, ()):
        if str(release) == pair.new.meta.version:
            now = delta.schema(pair.new, old=False, role="reader")
            return now is not None and not bump.asserts_alike(_plain(schema), _plain(now))
    return False


def bump_missing(delta: Delta) -> Iterator[Finding]:
    """A contract changed and its version did not, or says no version of its major.

    ## Why it matters
    The published schema of that version, which others have pinned, would change under them.

    ## Instead
    Run `canonry bump --write`.
    """
    for pair in delta.revisions(renamed=False):
        before = number(pair.old)
        if before is not None and number(pair.new) is None:
            target = bump.free(before, bump.Size.MINOR, bump.taken(delta, pair))
            yield BUMP_MISSING.finding(
                f"{pair.id} says {pair.new.meta.version!r}, which is no version of v{pair.id.major}",
                pair.place("/x-contract/version"),
                owner=pair.new.meta.owner,
                suggestion=f"canonry bump --write makes it {target}",
                subject=str(pair.id),
                values=[pair.new.meta.version],
            ).having(wanted=str(target))
    for pair in delta.numbered():
        if (
            pair.old.meta.version == pair.new.meta.version
            and pair.new.meta.status != "draft"
            and not _taken(delta, pair)
        ):
            wanted = bump.size(delta, pair, breaking=False)
            if wanted is not bump.Size.NONE:
                target = bump.free(Version.parse(pair.old.meta.version), wanted, bump.taken(delta, pair))
                yield BUMP_MISSING.finding(
                    f"{pair.id} changed ({wanted.name.lower()}) and is still {pair.old.meta.version}",
                    pair.place("/x-contract/version"),
                    owner=pair.new.meta.owner,
                    suggestion=f"canonry bump --write makes it {target}",
                    subject=str(pair.id),
                    values=[pair.old.meta.version],
                ).having(wanted=str(target))


def bump_too_small(delta: Delta) -> Iterator[Finding]:
    """A version moved less than the change asks for.

    ## Why it matters
    A patch promises that only words changed. Consumers take patches without looking.

    ## Instead
    Run `canonry bump --write`.
    """
    for pair in delta.numbered():
        old, new = pair.old.meta.version, pair.new.meta.version
        if old == new or pair.new.meta.status == "draft":
            continue
        wanted = bump.raised(Version.parse(old), bump.size(delta, pair, breaking=False))
        if Version.parse(old) < Version.parse(new) < wanted:
            yield BUMP_TOO_SMALL.finding(
                f"{pair.id} went from {old} to {new}; the change asks for {wanted}",
                pair.place("/x-contract/version"),
                owner=pair.new.meta.owner,
                suggestion=f"canonry bump --write makes it {wanted}",
                subject=str(pair.id),
                values=[old, new],
            ).having(wanted=str(wanted))


def version_lowered(delta: Delta) -> Iterator[Finding]:
    """A version is lower than it was.

    ## Why it matters
    The lower number is released already, as something else.

    ## Instead
    Run `canonry bump --write`. To undo a change, release the old content under a new number.
    """
    for pair in delta.numbered():
        old, new = pair.old.meta.version, pair.new.meta.version
        if Version.parse(new) < Version.parse(old):
            yield VERSION_LOWERED.finding(
                f"{pair.id} went back from {old} to {new}",
                pair.place("/x-contract/version"),
                owner=pair.new.meta.owner,
                suggestion="canonry bump --write",
                subject=str(pair.id),
                values=[old, new],
            )


VERSION_TAKEN: Final = Rule("B180", "version-taken", version_taken, since="0.1")
BUMP_MISSING: Final = Rule("B181", "bump-missing", bump_missing, since="0.1")
BUMP_TOO_SMALL: Final = Rule("B182", "bump-too-small", bump_too_small, since="0.1")
VERSION_LOWERED: Final = Rule("B183", "version-lowered", version_lowered, since="0.1")
RULES: Final = (VERSION_TAKEN, BUMP_MISSING, BUMP_TOO_SMALL, VERSION_LOWERED)


def _plain(schema: object) -> object:
    """Without what only the published form carries."""
    if not isinstance(schema, dict):
        return schema
    return {
        key: value
        for key, value in schema.items()
        if key not in ("$id", "$comment") and not key.startswith("x-contract")
    }
