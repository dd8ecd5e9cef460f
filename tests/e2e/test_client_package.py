"""The client as a package: typed, built, installed where nothing of canonry is, and used there."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.e2e.client_server import running

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "generated" / "python"

PROGRAM = """\
import sys

from acme_events import Client, HttpSink, ListSink, Sent, Spool, Suppressed, User
from acme_events.common import Identity, Item, Money
from acme_events.creatives import AdName
from acme_events.events import OrderCompleted, OrderCompletedV1
from acme_events.segments import CART_ABANDONERS_3D, CartAbandoners3dMembership
from acme_events.utm import PaidSocialLink
from acme_events.words import Market


def price(amount: float) -> Money:
    return Money(amount=amount, currency="EUR")


def order(market: Market) -> OrderCompleted:
    return OrderCompleted(
        event_id="2af9a788-8547-5bf3-b6e6-4cba656f9696",
        occurred_at="2026-11-18T09:24:31Z",
        identity=Identity(user_id="u_48213"),
        order_id="AC-2026-118231",
        total=price(637.8),
        shipping=price(49),
        tax=price(101.83),
        items=[Item(item_id="CHAIR-OAK-01", item_name="Oslo chair", unit_price=price(249.9), quantity=2)],
        payment_method="paypal",
        customer_type="new",
        market=market,
        coupon=None,
    )


def main(url: str, queue: str) -> int:
    seen = ListSink("segment")
    with Client([Spool(HttpSink("ga4", url, pause=0.01, timeout=0.5, tries=7), queue), seen]) as client:
        outcome: Sent | Suppressed = client.track(order("de"), user=User(user_id="u_48213"))
        assert isinstance(outcome, Suppressed), outcome
        outcome = client.track(order("gb"), user="u_48213", consent={"analytics": True})
        assert isinstance(outcome, Sent), outcome
    link = PaidSocialLink(
        source="facebook",
        medium="paid_social",
        brand="acme",
        market="de",
        objective="sales",
        slug="spring-sofa",
        flight="2026-11",
        campaign_id="dtxh48",
    )
    assert PaidSocialLink.parse(link.url("https://www.example.com/")) == link
    members: list[type[CartAbandoners3dMembership]] = [CartAbandoners3dMembership]
    assert members and OrderCompletedV1 is OrderCompleted and AdName.__name__ == "AdName"
    print(CART_ABANDONERS_3D.window, seen.messages[0].name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2]))
"""

MISTAKES = {
    "a wrong field": ('payment_method="paypal"', 'payment_method="paypal", colour="red"'),
    "a missing field": ('        order_id="AC-2026-118231",\n', ""),
    "a wrong literal": ('payment_method="paypal"', 'payment_method="cheque"'),
    "a wrong word": ('order("de")', 'order("atlantis")'),
    "a wrong type": ("quantity=2", 'quantity="2"'),
    "a position": ("Identity(user_id=", "Identity("),
    "a change": ("    with Client(", '    order("de").order_id = "X"\n    with Client('),
    "a change of a list": (
        "    with Client(",
        '    order("de").items.append(order("de").items[0])\n    with Client(',
    ),
    "another model": ('identity=Identity(user_id="u_48213")', "identity=price(1)"),
    "a name that is not there": ("import OrderCompleted, ", "import OrderComplete, OrderCompleted, "),
}


WORD = {"description": "A word.", "x-pii": "none"}
ODD = {
    "words_odd": {
        "properties": {
            "text": {"enum": [*"1{\n\\\u202e", "a b", '"""', "None", "", "{}", "a'b", "x" * 200], **WORD},
            "mixed": {"enum": [1, 2.5, True, None, "1"], **WORD},
            "large": {"enum": [2**63 - 1, 2**63, -(2**63), 10**20, 1e300], **WORD},
            "nothing": {"const": None, **WORD},
            "half": {"const": 0.5, **WORD},
        },
        "required": ["text"],
    },
    "names_odd": {
        "properties": {
            name: {"type": "string", **WORD}
            for name in ["class", "from", "self", "model_config", "copy", "json", "dict", "__init__", "None"]
        },
        "required": ["class", "json"],
    },
    "parts_odd": {
        "properties": {
            "choice": {
                "description": "One of two.",
                "oneOf": [
                    {"type": "object", "additionalProperties": False, "required": ["kind"],
                     "properties": {"kind": {"const": kind, **WORD}, "more": {"type": kind, **WORD}}}
                    for kind in ("string", "integer")
                ],
            },
            "tree": {"$ref": "#/$defs/tree"},
            "lists": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
        },
        "$defs": {
            "tree": {
                "type": "object", "additionalProperties": True,
                "properties": {"below": {"$ref": "#/$defs/tree"}},
            }
        },
    },
}  # fmt: skip
"""Contracts of odd words, names and parts, in a registry that has nothing else."""


def _odd(folder: Path) -> None:
    from canonry.adapters.datamodel import ModelGenerator
    from canonry.adapters.generated import runtime
    from canonry.app.generate import generate
    from canonry.catalogue.tree import MemoryTree

    files: dict[str, str | bytes] = {
        "registry/registry.yaml": "name: Odd\nbase_url: https://odd.example\nclient_package: odd-events\n"
    }
    meta = {"version": "1.0.0", "owner": "web", "backup_owner": "crm"}
    for name, schema in ODD.items():
        document = {"$id": f"/events/{name}/v1", "x-contract": meta, "type": "object", **schema}
        files[f"contracts/events/{name}/v1.json"] = json.dumps({"additionalProperties": False, **document})
    report = generate(
        MemoryTree(files), ModelGenerator(), released={}, runtime=runtime(), actual={}, release="0.dev0"
    )
    assert not report.problems
    for path, data in report.plan.files.items():
        if path.startswith("generated/python/odd_events/"):
            target = folder / path.removeprefix("generated/python/")
            target.parent.mkdir(parents=True, exist_ok=True)
            assert isinstance(data, bytes)
            target.write_bytes(data)


def _pyright(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.startswith("{"):
        pytest.skip("pyright cannot be run here (it needs Node.js)")
    found = json.loads(done.stdout)["generalDiagnostics"]
    return [f"{Path(one['file']).name}: {one['message']}" for one in found if one["severity"] == "error"]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and one program per planted mistake."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "acme_events").symlink_to(PACKAGE / "acme_events")
    _odd(folder)
    (folder / "program.py").write_text(PROGRAM)
    for number, (name, (right, wrong)) in enumerate(MISTAKES.items()):
        assert right in PROGRAM, name
        (folder / f"mistake_{number}.py").write_text(PROGRAM.replace(right, wrong, 1))
    return folder


def test_mypy_finds_the_mistakes_and_nothing_else(workplace: Path) -> None:
    """`mypy --strict` is content with the package and with a right program, and with no wrong one."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"),
            *("--cache-dir", str(workplace / ".mypy"), "acme_events", "odd_events", "program.py"),
            *(f"mistake_{number}.py" for number in range(len(MISTAKES))),
        ],
        cwd=workplace,
        capture_output=True,
        text=True,
        check=False,
    )
    files = set(re.findall(r"^([\w./]+):\d+: error", done.stdout, re.MULTILINE))
    assert files == {f"mistake_{number}.py" for number in range(len(MISTAKES))}, done.stdout + done.stderr


def test_pyright_finds_the_mistakes_and_nothing_else(workplace: Path) -> None:
    """`pyright` in strict mode likewise."""
    config = {"typeCheckingMode": "strict", "include": ["*.py", "acme_events", "odd_events"]}
    (workplace / "pyrightconfig.json").write_text(json.dumps(config))
    found = _pyright(workplace)
    files = {line.partition(":")[0] for line in found}
    assert files == {f"mistake_{number}.py" for number in range(len(MISTAKES))}, "\n".join(found)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is committed, without the network."""
    import shutil

    folder = tmp_path_factory.mktemp("build")
    shutil.copytree(PACKAGE, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))
    code = "import hatchling.build as b, os, sys; os.chdir(sys.argv[1]); print(b.build_wheel(sys.argv[2]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "source"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


def test_the_wheel_is_whole_and_small(wheel: Path) -> None:
    """Types, schemas and the codec's table are in it; it depends on pydantic and jsonschema-rs only."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = [name for name in names if name.endswith("METADATA")]
        text = archive.read(metadata).decode()
    for wanted in (
        "py.typed",
        "schemas/naming.json",
        "_naming/codec.py",
        "schemas/events/order_completed_v1.json",
    ):
        assert f"acme_events/{wanted}" in names
    needed = [line for line in text.splitlines() if line.startswith("Requires-Dist") and "extra" not in line]
    assert {re.split(r"[ <>=]", line.removeprefix("Requires-Dist: "))[0] for line in needed} == {
        "jsonschema-rs",
        "pydantic",
    }
    assert re.search(r"^Version: ([0-9]{4}\.[0-9]+\.[0-9]+|0\.dev0)$", text, re.MULTILINE)


def test_the_wheel_works_where_nothing_of_canonry_is(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment with its dependencies and httpx alone, against a server that fails, throttles,
    stalls, hangs up and cuts its answer short before it takes anything.
    """
    import httpx
    import jsonschema_rs
    import pydantic

    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    others = {"pydantic", "pydantic_core", "typing_extensions.py", "typing_inspection", "annotated_types"}
    others |= {"jsonschema_rs", "httpx", "httpcore", "h11", "anyio", "idna", "certifi", "sniffio"}
    for module in (pydantic, jsonschema_rs, httpx):
        source = Path(str(module.__file__)).parent.parent
        for name in others:
            if (source / name).exists() and not (site / name).exists():
                (site / name).symlink_to(source / name)
    (tmp_path / "program.py").write_text(PROGRAM)
    with running([503, (429, 1), "stall", "drop", "truncate"]) as server:
        server.stalled = 0.8
        done = subprocess.run(
            [str(python), "-I", str(tmp_path / "program.py"), server.url, str(tmp_path / "queue")],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == "3d Order Completed\n"
        assert server.keys() == ["2af9a788-8547-5bf3-b6e6-4cba656f9696"]
    absent = subprocess.run([str(python), "-I", "-c", "import canonry"], check=False, capture_output=True)
    assert absent.returncode != 0
