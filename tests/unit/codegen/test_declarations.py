"""A module that is put together from known fields is the one that the generator would have made."""

import json
from pathlib import Path

import pytest
from tests.unit.codegen.conftest import contract, planned, tree
from tests.unit.codegen.test_hostile import ODD_NAMES

from canonry.adapters import datamodel, declarations
from canonry.adapters.datamodel import ModelGenerator, generate
from canonry.adapters.generated import runtime
from canonry.adapters.worktree import DirectoryTree
from canonry.app import generate as app
from canonry.catalogue.load import load
from canonry.catalogue.refs import References
from canonry.codegen.package import modelled
from canonry.codegen.shapes import Shaper

ROOT = Path(__file__).parents[3]
CONFIG = "    model_config = ConfigDict(\n        arbitrary_types_allowed=True,\n    )\n"


def same_module(made: str, text: str) -> bool:
    """Whether both import and declare the same; the rest is laid out anew by canonry."""
    imported = [declarations._imported(one) for one in (made, text)]
    for names in imported:
        names.pop("ConfigDict", None)
    bodies = [one[one.index("\nclass ") :].replace(CONFIG, "").strip() for one in (made, text)]
    return imported[0] == imported[1] and bodies[0] == bodies[1]


def test_what_is_put_together_is_what_the_generator_writes():
    """Every shipped contract from the fields of the others: the same module, or none."""
    catalogue = load(DirectoryTree(ROOT)).value
    shaper = Shaper(References(catalogue), "acme_events")
    skeletons = [shaper.module(one).skeleton for one in modelled(catalogue)]
    texts = generate(json.dumps(skeleton) for skeleton in skeletons)
    lessons = [declarations.learnt(*pair) for pair in zip(skeletons, texts, strict=True)]
    made = 0
    for half in (0, 1):
        known = {key: entry for lesson in lessons[1 - half :: 2] for key, entry in lesson.items()}
        for skeleton, text in list(zip(skeletons, texts, strict=True))[half::2]:
            module = declarations.composed(skeleton, known)
            if module is not None:
                made += 1
                assert same_module(module, text), module
    assert made > len(skeletons) // 3


@pytest.mark.parametrize(
    "names", [ODD_NAMES, ("Sequence", "items"), ("Annotated", "Any", "Mapping", "Event")]
)
def test_names_that_mean_something_else_are_left_to_the_generator(names):
    """A field that has the name of a type, and whatever else is not plain."""
    kinds = (
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": True},
        {"type": "boolean", "deprecated": True},
        {"type": "string", "enum": ["@@v3@@"]},
        {"customTypePath": "p._values.Number"},
    )
    plain = [name for name in names if name.isidentifier()]
    teacher = {
        "type": "object", "title": "Teacher", "customBasePath": "p._record.Event", "required": ["r0"],
        "properties": {f"{'ro'[number % 2]}{number}": kind for number, kind in enumerate(kinds)},
    }  # fmt: skip
    known = declarations.learnt(teacher, generate([json.dumps(teacher)])[0])
    assert len(known) == len(kinds)
    for kind in kinds:
        skeleton = {**teacher, "title": "Pupil", "properties": dict.fromkeys(plain, kind), "required": []}
        module = declarations.composed(skeleton, known)
        if module is not None:
            assert same_module(module, generate([json.dumps(skeleton)])[0]), module


def test_a_small_change_needs_no_generator(tmp_path, monkeypatch):
    """Another property of a kind that is known: the same files as from nothing, without importing it."""

    def catalogue(*more):
        fields = {name: {"type": "string", "description": "D."} for name in ("name", *more)}
        schema = {"type": "object", "additionalProperties": False, "properties": fields}
        return tree({"/events/thing/v1": contract("/events/thing/v1", schema)})

    models = ModelGenerator(tmp_path / "cache.json")
    given = {"released": {}, "runtime": runtime(), "actual": {}, "release": "0.dev0"}
    app.generate(catalogue(), models, **given)
    assert models.generated == 1
    expected = planned(catalogue("colour", "size")).plan.files
    monkeypatch.setattr(datamodel, "generate", lambda _: pytest.fail("the generator was asked"))
    report = app.generate(catalogue("colour", "size"), models, **given)
    assert (models.generated, dict(report.plan.files)) == (0, dict(expected))
