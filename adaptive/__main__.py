"""``python -m adaptive``: evaluate a log, fit weights on logs, report on fairness, simulate learners."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# The matrices are small: more threads would only wait for each other. Numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from adaptive.errors import AdaptiveError
from adaptive.evaluation import fairness, shipping, simulate
from adaptive.evaluation.baselines import NAMES
from adaptive.evaluation.fairness_file import fairness_of_file
from adaptive.evaluation.log_file import read_log
from adaptive.evaluation.report import Options, report
from adaptive.sentences import sentence


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when it went well, 2 when it could not be done (with a sentence that says what to do)."""
    given = _parser().parse_args(arguments)
    try:
        COMMANDS[given.command](given)
    except AdaptiveError as problem:
        locale = "zh-CN" if os.environ.get("LANG", "").startswith("zh") else "en"
        sys.stderr.write(sentence(f"error.{problem.code}", locale, **problem.parameters) + "\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m adaptive", description="Measure the learner model on logs.")
    commands = parser.add_subparsers(dest="command", required=True)
    evaluate = commands.add_parser("evaluate", help="fit on the learners of train, measure on those of test")
    evaluate.add_argument("file", type=Path, help="CSV (plain or gzipped) or Parquet")
    evaluate.add_argument(
        "--baselines",
        metavar="NAMES",
        help=f"all, none, or names with commas: {', '.join(NAMES)}. Without: all; from a million answers on, those "
        "that need no scikit-learn",
    )
    evaluate.add_argument("--wheel-spinning", action=argparse.BooleanOptionalAction, help="default: up to a million")
    evaluate.add_argument("--resamples", type=int, default=200, help="draws of learners for the intervals")
    evaluate.add_argument("--seed", type=int, default=1)
    fit = commands.add_parser("fit", help="fit default weights on the learners of train of one or more logs")
    fit.add_argument("files", type=Path, nargs="+")
    fit.add_argument("--out", type=Path, required=True)
    fit.add_argument("--weights-version", required=True, help="a name for this version")
    fit.add_argument("--origin", required=True, help="what the logs are, in words")
    fair = commands.add_parser("fairness", help="calibration and success by an attribute given for this purpose")
    fair.add_argument("file", type=Path, help="CSV (plain or gzipped) of evaluate, and a column for the attribute")
    fair.add_argument("--by", required=True, metavar="COLUMN", help="the attribute")
    simulation = commands.add_parser("simulate", help="policies side by side on simulated learners")
    simulation.add_argument("--learners", type=int, default=20, help="of each kind (at least 2)")
    simulation.add_argument("--seed", type=int, default=1)
    return parser


def _fairness(given: argparse.Namespace) -> None:
    _print(fairness.lines(fairness_of_file(given.file, given.by)))


def _simulate(given: argparse.Namespace) -> None:
    if given.learners < 2:
        _parser().error("--learners: at least 2, so that there is something to draw intervals from")
    _print(simulate.lines(simulate.simulate(given.learners, given.seed)))


def _print(lines: Sequence[str]) -> None:
    sys.stdout.writelines(line + "\n" for line in lines)


def _evaluate(given: argparse.Namespace) -> None:
    asked: str | None = given.baselines
    names = None if asked is None else NAMES if asked == "all" else tuple(asked.split(",")) if asked != "none" else ()
    if unknown := set(names or ()) - set(NAMES):
        _parser().error(f"no such baseline: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    options = Options(names, given.wheel_spinning, given.resamples, given.seed)
    for line in report(read_log(given.file), options):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _fit(given: argparse.Namespace) -> None:
    logs = [read_log(path) for path in given.files]
    weights = shipping.fit_together(logs, None, given.weights_version, given.origin)
    shipping.write(weights, given.out)


COMMANDS = {"evaluate": _evaluate, "fit": _fit, "fairness": _fairness, "simulate": _simulate}

if __name__ == "__main__":
    sys.exit(main())
