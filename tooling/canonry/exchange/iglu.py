"""Iglu: self-describing JSON Schemas (draft 4) in the folders of a static registry."""

from __future__ import annotations

import re
from typing import Any, Final

from canonry.catalogue.model import Catalogue
from canonry.exchange.omissions import Exported, Omissions, unsaid
from canonry.exchange.schemas import Plain, RecursiveError, draft4, indented
from canonry.kernel.ids import Version

META: Final = "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#"
LONGEST: Final = 2**53 - 1


def vendor(base_url: str) -> str:
    """A base URL's host, turned round: `registry.example.com` is `com.example.registry`."""
    host = re.sub(r"^https?://", "", base_url).partition("/")[0].partition(":")[0]
    return ".".join(reversed(host.split(".")))


def exported(catalogue: Catalogue) -> Exported:
    """`schemas/<vendor>/<name>/jsonschema/<major>-<minor>-<patch>` for each live event and trait contract."""
    omissions = Omissions()
    files: dict[str, bytes] = {}
    plain = Plain.of(catalogue)
    owner = vendor(catalogue.base_url)
    for contract in catalogue.of_kind("events", "traits"):
        if not contract.is_live:
            continue
        identifier = str(contract.id)
        try:
            schema = draft4(plain.schema(contract))
        except RecursiveError:
            omissions.add("contracts that refer to themselves", "Iglu has no references", identifier)
            continue
        version = Version.parse(contract.meta.version)
        number = f"{version.major}-{version.minor}-{version.patch}"
        body: dict[str, Any] = {k: v for k, v in schema.items() if k not in ("$schema", "$id")}
        document = {
            "$schema": META,
            "self": {"vendor": owner, "name": contract.id.name, "format": "jsonschema", "version": number},
            **body,
        }
        files[f"schemas/{owner}/{contract.id.name}/jsonschema/{number}"] = indented(document)
        unsaid(omissions, identifier, contract.schema.get("x-contract", {}), ("version",))
    return Exported(files, omissions.listed())
