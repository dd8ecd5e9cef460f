"""`python -m canonry` is the `canonry` command."""

from canonry.cli.main import entry

if __name__ == "__main__":
    entry()
