"""QR codes drawn in the browser are those that segno draws, module by module."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random

import pytest
import segno
import segno.encoder

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is missing: apt-get install nodejs")
LENGTHS = (1, 14, 15, 26, 27, 62, 106, 134, 154, 180, 213, 230, 300, 415, 600, 900, 1200, 1800, 2331)


def test_codes_equal_segnos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every size, with the mask that segno chose (the choice is free, and so is the padding that nobody
    reads: segno adds a byte of zeros where ISO/IEC 18004 asks for none).
    """
    monkeypatch.setattr(
        segno.encoder, "write_padding_bits", lambda buff, _, length: buff.extend([0] * (-length % 8))
    )
    random = Random(7)
    lengths = [*LENGTHS, *(random.randint(20, 400) for _ in range(40))]
    texts = ["".join(random.choices("abcdefghijkl/?&=_-.%0123", k=length)) for length in lengths]
    codes = [segno.make_qr("https" + text[5:] if len(text) > 5 else "h", error="m") for text in texts]
    texts = ["https" + text[5:] if len(text) > 5 else "h" for text in texts]
    done = subprocess.run(
        [NODE or "node", str(Path(__file__).parent / "codes.mjs")],
        input=json.dumps([[text, code.mask] for text, code in zip(texts, codes, strict=True)]),
        capture_output=True,
        text=True,
        check=True,
    )
    drawn = json.loads(done.stdout)
    wanted = [[code.version, code.error, ["".join(map(str, row)) for row in code.matrix]] for code in codes]
    assert drawn == wanted
