"""Every benchmark in one run, each beside its peer or floor: `make bench`, `python -m benchmarks lint`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> int:
    """Run each script in a process of its own, so that one's memory is not another's; the worst exit code."""
    scripts = sorted(path for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    worst = 0
    for script in scripts:
        if wanted and script.stem not in wanted:
            continue
        print(f"\n== {script.stem}", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, str(script)], cwd=HERE.parent, check=False).returncode
        )
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
