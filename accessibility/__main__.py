"""``python -m accessibility adjusting``: what the assistant of presentation proposes to made-up people."""

import argparse
from collections.abc import Sequence

from accessibility.adjust.simulated import table


def main(given: Sequence[str] | None = None) -> int:
    """Run the command of that line; 0 when it went through."""
    parser = argparse.ArgumentParser(prog="python -m accessibility")
    commands = parser.add_subparsers(dest="command", required=True)
    adjusting = commands.add_parser("adjusting", help="what is proposed to made-up people, and how often for nothing")
    adjusting.add_argument("--people", type=int, default=200, help="of each kind (default 200)")
    adjusting.add_argument("--days", type=int, default=90, help="that each of them lives (default 90)")
    adjusting.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(given)
    rows = table(people=chosen.people, days=chosen.days, seed=chosen.seed)
    print(f"{'made-up person':32} {'needs met':>9} {'median days':>12} {'fitting/month':>14} {'needless/month':>15}")  # noqa: T201
    for row in rows:
        days = "-" if row.median_days is None else f"{row.median_days:.0f}"
        print(f"{row.person:32} {row.met:9.0%} {days:>12} {row.fitting:14.2f} {row.needless:15.2f}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
