"""The document models and the schemas that editors read."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from canonry.catalogue.documents import Registry, editor_schemas
from canonry.catalogue.documents.schemas import MODELS
from canonry.catalogue.text import parse
from canonry.kernel.durations import minutes

ROOT = Path(__file__).parents[3]
SCHEMAS = editor_schemas()


@pytest.mark.parametrize("name", SCHEMAS)
def test_published_editor_schemas_are_current(name, update) -> None:
    """docs/schemas holds what the models say; --update writes it."""
    file = ROOT / "docs" / "schemas" / f"{name}.json"
    text = json.dumps(SCHEMAS[name], indent=2, ensure_ascii=False) + "\n"
    if update:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_no_other_editor_schema_is_published() -> None:
    """A model that is gone leaves no schema behind."""
    assert {file.stem for file in (ROOT / "docs" / "schemas").glob("*.json")} == set(SCHEMAS)


def _shipped() -> list[tuple[str, Path]]:
    found = [
        (name, file)
        for name, (_, files) in MODELS.items()
        if files.startswith("registry/")
        for file in sorted(ROOT.glob(files))
    ]
    return found + [("contract", file) for file in sorted((ROOT / "contracts").glob("*/*/v*.json"))]


@pytest.mark.parametrize("name", SCHEMAS)
def test_shipped_files_are_valid_by_their_editor_schema(name) -> None:
    """An editor that uses the schema marks nothing in the starter registry."""
    validator = jsonschema_rs.Draft202012Validator(SCHEMAS[name])
    for kind, file in _shipped():
        if kind == name:
            source, _ = parse(file.name, file.read_bytes())
            assert [str(error) for error in validator.iter_errors(source.value)] == [], file


def test_descriptions_come_from_the_models() -> None:
    """What is written below a field in the model is what the editor shows."""
    word = SCHEMAS["vocabulary"]["$defs"]["Word"]["properties"]
    assert word["aliases"]["description"] == "Other spellings found in the wild; decoded, never right."
    condition = SCHEMAS["channel_groups"]["$defs"]["Condition"]["properties"]
    assert "not" in condition


@pytest.mark.parametrize(("text", "expected"), [("15m", 15), ("2h", 120), ("3d", 4320)])
def test_durations_are_compared_in_minutes(text, expected) -> None:
    """72h and 3d are the same time."""
    assert minutes(text) == expected


@pytest.mark.parametrize("url", ["https://registry.example.com", "https://a-b.example:8443", "https://r"])
def test_a_base_url_is_a_host(url) -> None:
    """A port may stand there; references such as /common/money/v1 begin behind it."""
    assert Registry(name="A", base_url=url, client_package="a").base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/registry",
        "https://a.example/",
        "http://a.example",
        "https://user@a.example",
        "https://a.example?x",
        "https://a.example#x",
        "https://A.example",
        "https://a.example\n",
        "https://",
        "//a.example",
        "https://-a.example",
        "https://a.example:",
    ],
)
def test_a_base_url_with_more_than_a_host_is_refused(url) -> None:
    """With a path, ordinary relative references would lead out of the registry."""
    with pytest.raises(ValueError, match="without a path"):
        Registry(name="A", base_url=url, client_package="a")
    assert not jsonschema_rs.is_valid(SCHEMAS["registry"]["properties"]["base_url"], url)
