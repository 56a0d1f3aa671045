"""``python -m fastshesha`` is the command ``fastshesha``."""

from fastshesha.cli import main

raise SystemExit(main())
