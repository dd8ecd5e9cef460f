"""`canonry compare` as people and programs meet it: files, standard input, verdicts, bad input."""

import io
import json
import subprocess
import sys
from decimal import Decimal

import pytest

from canonry.adapters.jsonfiles import NotJsonFileError, read_json
from canonry.cli.main import run
from canonry.render.comparison import exact_json

OLD = {"type": "object", "properties": {"code": {"type": "string", "pattern": "^[A-Za-z0-9-]{2,40}$"}}}
NEW = {
    "type": "object",
    "properties": {"code": {"type": "string", "pattern": "^[a-z0-9-]{2,40}$"}, "total": {"type": "number"}},
    "required": ["code"],
}


@pytest.fixture
def compare(tmp_path, capsys, monkeypatch):
    """Runs the command on two documents (a dict, or text) and returns code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def call(old, new, *options):
        for name, document in (("old.json", old), ("new.json", new)):
            text = document if isinstance(document, str) else json.dumps(document)
            (tmp_path / name).write_text(text, encoding="utf-8")
        code = run(["compare", "old.json", "new.json", *options])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def test_a_proof_exits_with_0(compare):
    """And says what was proved."""
    code, out, _ = compare({"type": "integer"}, {"type": "number"})
    assert code == 0
    assert out.startswith("proved  backward: every value that old.json accepts, new.json accepts\n")
    assert "C102 the value may now have a fraction" in out


def test_a_break_exits_with_1_and_shows_payload_and_cause(compare):
    """In 80 columns, with pointers into both files."""
    code, out, _ = compare(OLD, NEW)
    assert code == 1
    assert "broken  backward: old.json accepts what new.json refuses" in out
    assert "Payload: " in out
    assert "C201 `code` is now required" in out
    assert "tightens: old /properties/code, new /required" in out
    assert max(map(len, out.splitlines())) <= 80


def test_both_directions_are_reported(compare):
    """Each with its own verdict; the exit code is that of the worst."""
    code, out, _ = compare({"type": "integer"}, {"type": "number"}, "--direction", "full")
    assert code == 1
    assert "proved  backward" in out and "broken  forward: new.json accepts what old.json refuses" in out


def test_undecided_exits_with_3_and_says_why(compare):
    """A remote reference is never fetched."""
    remote = {"$ref": "https://schemas.example.test/a.json"}
    code, out, err = compare({"type": "object"}, remote)
    assert code == 3, err
    assert "undecided  backward" in out and "never fetches" in out


def test_the_json_form_has_the_public_keys(compare):
    """The same as the attributes of a Comparison."""
    code, out, _ = compare(OLD, NEW, "--format", "json", "--direction", "full")
    document = json.loads(out)
    assert code == 1
    assert document["verdict"] == "broken"
    assert document["parts"]["forward"] == {"verdict": "proved", "witness": None, "reason": None}
    assert document["parts"]["backward"]["witness"] == document["witness"]
    assert {"rule", "sentence", "old", "new", "effect", "breaks"} <= document["changes"][0].keys()
    assert document["changes"][0]["breaks"] == ["backward"]


def test_the_reading_is_chosen(compare):
    """An optional property breaks a strict reader and no declared one."""
    new = {"type": "object", "properties": {**OLD["properties"], "extra": {"type": "null"}}}
    assert compare(OLD, new)[0] == 1
    assert compare(OLD, new, "--reading", "declared", "--direction", "full")[0] == 0


def test_formats_assert_where_it_is_asked(compare):
    """By default in the declared reading only."""
    documents = ({"type": "string"}, {"type": "string", "format": "uuid"})
    assert compare(*documents)[0] == 0
    assert compare(*documents, "--format-assertion")[0] == 1
    assert compare(*documents, "--reading", "declared")[0] == 1
    assert compare(*documents, "--reading", "declared", "--no-format-assertion")[0] == 0


def test_one_side_may_come_from_standard_input(compare, monkeypatch, tmp_path, capsys):
    """But not both."""
    (tmp_path / "new.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"type": "null"}')))
    assert run(["compare", "-", "new.json"]) == 0
    assert "every value that standard input accepts" in capsys.readouterr().out
    assert run(["compare", "-", "-"]) == 2
    assert "Give a file for one of them" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "old.json:1 is not JSON: expecting value"),
        ('{"a": 1,}', "old.json:1 is not JSON"),
        (
            '{\n  "type": "string",\n  "type": "null"\n}',
            "old.json:3 is not JSON: the member 'type' stands twice",
        ),
        ('{"maximum": NaN}', "NaN is no JSON number"),
        ('{"maximum": -Infinity}', "-Infinity is no JSON number"),
        ("[" * 100_000, "nested too deep"),
        ('{"maximum": ' + "1" * 5000 + "}", "it holds a number of more than 4,300 digits"),
        ('{\0"\0t\0', "it holds NUL bytes, as UTF-16 does"),
        ("[1]", "old.json: not a schema: the root: a schema is an object or a boolean"),
        ('{"type": "strnig"}', "old.json: not a schema: /type: 'strnig' is no type"),
        ('{"$schema": "http://json-schema.org/draft-03/schema#"}', "old.json: $schema names a dialect"),
    ],
)
def test_bad_input_exits_with_2_and_names_file_and_place(compare, text, said):
    """What was found, where, and what to do next; never a traceback."""
    code, out, err = compare(text, {})
    assert (code, out) == (2, "")
    assert err.startswith("Cannot go on: ")
    assert said in err.replace("\n", " ")
    assert err.count("\n") >= 2
    assert "Traceback" not in err


def test_the_file_that_is_wrong_is_named(compare):
    """Also where it is the second."""
    code, _, err = compare({}, {"minimum": "1"})
    assert code == 2
    assert "new.json: not a schema: /minimum: must be a number" in err


def test_what_a_reference_leads_to_may_be_no_schema(compare):
    """Whatever depends on it is undecided, and the reason says what is wrong."""
    code, out, _ = compare({"$ref": "#/x", "x": {"type": 5}}, {"type": "string"})
    assert code == 3
    assert "/x/type" in out


def test_a_missing_file_and_bytes_that_are_no_text(compare, tmp_path, capsys):
    """Both say which file."""
    assert run(["compare", "gone.json", "gone.json"]) == 2
    assert "gone.json" in capsys.readouterr().err
    (tmp_path / "old.json").write_bytes(b'{"title": "\xff"}')
    assert run(["compare", "old.json", "old.json"]) == 2
    assert "0xff is not UTF-8" in capsys.readouterr().err


def test_a_byte_order_mark_is_no_part_of_the_document(tmp_path):
    """Editors on Windows write one."""
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf{}")
    assert read_json(str(tmp_path / "a.json")) == {}


def test_numbers_keep_every_digit(tmp_path):
    """A float would round them, and 1e400 would be infinite."""
    (tmp_path / "a.json").write_text("[0.1, 1e400, 0.1000000000000000000001]", encoding="utf-8")
    assert read_json(str(tmp_path / "a.json")) == [0.1, Decimal("1e400"), Decimal("0.1000000000000000000001")]
    assert exact_json([Decimal("0.1000000000000000000001")]) == "[0.1000000000000000000001]"
    assert json.loads(exact_json({"a": [1, {}], "b": []}, indent=2)) == {"a": [1, {}], "b": []}
    with pytest.raises(NotJsonFileError):
        read_json(_written(tmp_path, '{"a": 1, "a": 2}'))


def _written(folder, text):
    path = folder / "b.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_names_in_schemas_never_control_the_terminal(compare):
    """Escapes are shown as what they are."""
    name = "\x1b[31mred\u202e"
    _, out, _ = compare({"type": "object"}, {"type": "object", "required": [name]})
    assert "\x1b" not in out and "\u202e" not in out


def test_ten_megabytes_are_compared(compare):
    """A long enumeration is large, not hard."""
    words = [f"word-{n:07}-{'x' * 80}" for n in range(110_000)]
    code, _, err = compare({"enum": words}, {"enum": words[::-1]})
    assert code == 0, err


def test_the_command_starts_without_what_it_does_not_need():
    """A proof needs neither click's help nor any judge."""
    program = (
        "import sys; from canonry.schema import compare; compare({'type': 'integer'}, {'type': 'number'});"
        "print([m for m in ('jsonschema', 'jsonschema_rs', 'pydantic', 'git', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
