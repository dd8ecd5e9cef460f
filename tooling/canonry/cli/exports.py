"""The sources of an audit: those of `registry/audit.yaml`, or files that were named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canonry.audit import layouts, mappings
from canonry.audit.source import Capabilities, Gap, Recorded, Resumable, Source
from canonry.kernel.errors import UsageError
from canonry.naming.suggest import nearest

if TYPE_CHECKING:
    from canonry.adapters.exports.files import FileSource
    from canonry.audit.standard import Standard
    from canonry.catalogue.documents.notes import AuditSource


def of_files(
    files: Sequence[Path],
    standard: Standard,
    *,
    mapping: str | None,
    account: str | None,
    platform: str | None,
    columns: Sequence[str],
    encoding: str | None,
) -> Iterator[FileSource]:
    """One source per file that was named."""
    from canonry.adapters.exports.files import FileSource
    from canonry.adapters.exports.stage import named

    chosen = layout_of(mapping, columns, platform or "")
    key = _account(account, standard) if account else ""
    registered = standard.accounts.get(key)
    for path in files:
        yield FileSource(
            named(path),
            [path],
            mapping=chosen,
            account=key or (account or ""),
            platform=platform or (registered.platform if registered else ""),
            click_ids=standard.reader.click_ids,
            encoding=_encoding(encoding, "--encoding"),
        )


def _encoding(word: str | None, where: str) -> str:
    """An encoding that can be read. Raises `UsageError`."""
    from canonry.adapters.exports.encoding import is_known

    if word and not is_known(word):
        raise UsageError(
            f"{where} names no encoding: {word!r}", "windows-1251, gb18030, shift_jis, utf-16, ..."
        )
    return word or ""


def layout_of(mapping: str | None, columns: Sequence[str], platform: str) -> mappings.Mapping | None:
    """What `--as` and `--column` say a file is; None where they say nothing. Raises `UsageError`."""
    return _with_columns(_mapping(mapping) if mapping else None, columns, platform)


def of_registry(
    root: Path, standard: Standard, wanted: Sequence[str], *, restart: bool = False
) -> Iterator[Source]:
    """The sources of `audit.yaml`, all or the `wanted`. Raises `UsageError` for one that is not there.

    `restart`: whether platforms are read from the start, also where a run of the day stopped.
    """
    audit = standard.catalogue.audit
    listed = audit.sources if audit else {}
    for key in wanted:
        if key not in listed:
            near = nearest(key, listed)
            hint = f"Did you mean {near}?" if near else f"There are {', '.join(listed) or 'none'}"
            raise UsageError(f"registry/audit.yaml has no source {key!r}", hint)
    if not listed:
        raise UsageError(
            "registry/audit.yaml names no sources", "Add one, or name a file: canonry audit run --file it.csv"
        )
    for key, entry in listed.items():
        if not wanted or key in wanted:
            yield opened(key, entry, root, standard, restart=restart)


def opened(key: str, entry: AuditSource, root: Path, standard: Standard, *, restart: bool = False) -> Source:
    """One source of `audit.yaml`."""
    registered = standard.accounts.get(entry.account or "")
    platform = registered.platform if registered else ""
    if entry.path is not None and (entry.kind == "file" or entry.url is None):
        from canonry.adapters.exports.files import FileSource

        base = _mapping(entry.mapping) if entry.mapping else None
        columns = [f"{role}={heading}" for role, heading in entry.columns.items()]
        return FileSource(
            key,
            _found(root, entry.path),
            mapping=_with_columns(base, columns, platform),
            account=entry.account or "",
            platform=platform,
            click_ids=standard.reader.click_ids,
            encoding=_encoding(entry.encoding, f"registry/audit.yaml, /sources/{key}/encoding,"),
        )
    if entry.kind == "api":
        return _of_api(key, entry, standard, restart=restart)
    return _of_warehouse(key, entry, root, standard, platform)


def _of_api(key: str, entry: AuditSource, standard: Standard, *, restart: bool) -> Source:
    import os

    from canonry.adapters import apis

    registered = standard.accounts.get(entry.account or "")
    if registered is None or entry.account is None:
        raise UsageError(
            f"audit.yaml: {key} names no account, so nobody knows which platform to ask",
            "account: a key of registry/accounts.yaml",
        )
    account = apis.Account(key, entry.account, registered.id, entry.options, registered.time_zone)
    api = apis.api_of(registered.platform)
    return apis.ApiSource(api, account, os.environ, standard.today, restart=restart)


def settle(sources: Iterable[Source]) -> None:
    """Something was made of what the sources said: the next run reads everything again."""
    for source in sources:
        if isinstance(source, Resumable):
            source.settle()


def _of_warehouse(key: str, entry: AuditSource, root: Path, standard: Standard, platform: str) -> Source:
    import os

    from canonry.adapters.exports.warehouse import WarehouseSource, checked_url

    where = f"registry/audit.yaml, /sources/{key}/url"
    variable = str(entry.options.get("url_env", ""))
    url = os.environ.get(variable, "") if variable else checked_url(entry.url or "", where)
    if not url:
        gap = Gap(
            key, f"the environment has no {variable or 'address'}", f"Set {variable or 'url in audit.yaml'}"
        )
        return Recorded(key, Capabilities(platform, frozenset(), account=entry.account or ""), [gap])
    if not entry.options.get("table") and not entry.path:
        raise UsageError(
            f"audit.yaml: {key} names no table", "options: {table: SCHEMA.NAME}, or path: for Parquet"
        )
    base = _mapping(entry.mapping) if entry.mapping else None
    columns = [f"{role}={heading}" for role, heading in entry.columns.items()]
    make = _in_cluster(root, standard) if entry.options.get("in_cluster") else WarehouseSource
    return make(
        key,
        url,
        table=str(entry.options.get("table", "")),
        path=entry.path or "",
        mapping=_with_columns(base, columns, platform),
        account=entry.account or "",
        platform=platform,
        click_ids=standard.reader.click_ids,
    )


def _in_cluster(root: Path, standard: Standard) -> Callable[..., Source]:
    """Sources that judge where the rows are: the registry's files go along, the checker is made there."""
    from functools import partial

    from canonry.adapters.exports.cluster import ClusterSource
    from canonry.adapters.ledger import Ledger
    from canonry.app.auditing import sifting

    sources = standard.catalogue.sources
    files = tuple((path, source.text.encode()) for path, source in sorted(sources.items()))
    sift = partial(sifting, files, standard.today, issued=Ledger(root).issued())
    return partial(ClusterSource, sift=sift)


def _found(root: Path, pattern: str) -> list[Path]:
    """The files of a pattern below the registry's root; never outside of it."""
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise UsageError(
            f"audit.yaml: {pattern!r} leads out of the registry", "Paths are relative to the registry's root"
        )
    inside = root.resolve()
    return sorted(
        path for path in root.glob(pattern) if path.is_file() and path.resolve().is_relative_to(inside)
    )


def _mapping(word: str) -> mappings.Mapping:
    found = layouts.known(word)
    if found is None:
        names = [mapping.key for mapping in layouts.MAPPINGS]
        near = nearest(mappings.normal_key(word), names)
        hint = f"Did you mean {near}?" if near else f"There are {', '.join(names)}"
        raise UsageError(f"there is no mapping {word!r}", hint)
    return found


def _with_columns(
    base: mappings.Mapping | None, columns: Sequence[str], platform: str
) -> mappings.Mapping | None:
    if not columns:
        return base
    told: dict[str, str] = {}
    for each in columns:
        role, mark, heading = each.partition("=")
        if not mark or not heading.strip():
            raise UsageError(
                f"--column {each!r} is no ROLE=HEADING", "--column campaign.name='Campaign title'"
            )
        told[role.strip()] = heading.strip()
    try:
        return mappings.own(told, platform=platform, base=base)
    except ValueError as error:
        role = str(error)
        near = nearest(role, mappings.every_role())
        hint = f"Did you mean {near}?" if near else "campaign.name, utm_source, url, rows, cost, ..."
        raise UsageError(f"no column can be {role!r}", hint) from error


def _account(word: str, standard: Standard) -> str:
    if word in standard.accounts:
        return word
    near = nearest(word, standard.accounts)
    hint = f"Did you mean {near}?" if near else "Keys of registry/accounts.yaml"
    raise UsageError(f"registry/accounts.yaml has no account {word!r}", hint)
