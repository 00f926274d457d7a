"""``python -m bench [NAME …] [--quick]``: run the benchmarks named, or all of them."""

import argparse
from importlib import import_module
from pathlib import Path

NAMES = (
    *("issue_one", "issue_batch", "verify", "portfolio", "imports"),
    *("answering_commit", "model", "choosing", "asking", "comparing", "evaluating", "planning", "voice", "speaking"),
)


def main() -> None:
    """Run and print. Each benchmark is a module with ``run(quick) -> None``."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios measured in one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, to see that it runs")
    parser.add_argument("--recordings", type=Path, help="voice: a folder of speaker/command_take.wav")
    sets = parser.add_mutually_exclusive_group()
    for which, told in (("tuning", "and noises to set thresholds on"), ("checked", "looked at while they were set")):
        sets.add_argument(f"--{which}", action="store_const", dest="which", const=which, help=f"voice: speakers {told}")
    parser.set_defaults(which="measured")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in given.names or NAMES:
        print(f"\n── {name} " + "─" * (60 - len(name)))
        more = {"recordings": given.recordings, "which": given.which} if name == "voice" else {}
        import_module(f"bench.{name}").run(given.quick, **more)


if __name__ == "__main__":
    main()
