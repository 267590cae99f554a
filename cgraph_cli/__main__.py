"""``python -m cgraph_cli`` is ``cgraph``."""

from cgraph_cli.cli.main import main

if __name__ == "__main__":
    main()
