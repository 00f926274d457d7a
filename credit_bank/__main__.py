"""``python -m credit_bank verify FILE``: check a credential with no database, no Flask and no network.

Exit codes: 0 passes, 1 fails, 2 could not be checked or wrong usage.
"""

import argparse
import io
import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from credit_bank.credential import baking
from credit_bank.credential.bundle import Evidence, evidence, is_bundle, parse_bundle
from credit_bank.credential.evidence import StatusLists
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.parse import MAX_BYTES, parse_object
from credit_bank.credential.reading import parse_credential
from credit_bank.credential.summary import summary
from credit_bank.credential.verify import verify
from credit_bank.errors import CreditBankError, InvalidInput
from credit_bank.key import multikey
from credit_bank.key.trust import TrustList, key_resolver, read_statement
from credit_bank.report import Outcome, VerificationReport
from credit_bank.sentences import sentence

EXIT = {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.UNCHECKED: 2, Outcome.NOT_APPLICABLE: 2}
MARKS = {Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.UNCHECKED: "?", Outcome.NOT_APPLICABLE: "–"}
LOCALES = ("zh-CN", "en")

# Control characters and bidirectional overrides could make a terminal show what the document does not say.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def main(arguments: list[str] | None = None, source: bytes | None = None) -> int:
    """Run the command line and return its exit code; ``source`` stands in for FILE where it was read already."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        document, report = _checked(options, source)
    except CreditBankError as problem:
        _say(sys.stderr, sentence(f"error.{problem.code}", options.lang, **problem.parameters))
        return 2
    except OSError as problem:
        # Which file, and what the system says of it; never a traceback.
        _say(
            sys.stderr, sentence("error.file.unreadable", options.lang, file=problem.filename, reason=problem.strerror)
        )
        return 2
    if options.json:
        shown = {**report.as_dict(), "credential": summary(document)}
        _say(sys.stdout, json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        tell(document, report, options.lang)
    return EXIT[report.outcome]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m credit_bank", description="Evergreen credit bank.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser(
        "verify",
        help="check a credential, a proof bundle or a picture with a credential in it",
        description="Check a credential offline. Exit codes: 0 passes, 1 fails, 2 could not be checked or wrong usage.",
    )
    check.add_argument("file", metavar="FILE", help="JSON credential, proof bundle or PNG; - for standard input")
    check.add_argument(
        "--trust",
        metavar="FILE",
        help="the bank's trust list: statements (JWT), one per line or a JSON list",
    )
    check.add_argument("--bank-key", metavar="z6Mk…", help="the bank's public key, which signed the statements")
    check.add_argument(
        "--status-list", metavar="FILE", action="append", default=[], help="a status list credential; may be repeated"
    )
    check.add_argument("--subject", metavar="ID", help="the holder's id, to ask whether it is theirs")
    check.add_argument("--at", metavar="ISO8601", help="judge as of this moment, such as 2026-07-01T08:00:00+08:00")
    check.add_argument("--lang", choices=LOCALES, default="zh-CN", help="language of the report (default: zh-CN)")
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser


def _checked(options: argparse.Namespace, source: bytes | None) -> tuple[dict[str, Any], VerificationReport]:
    now = parse_instant(options.at, "--at") if options.at else datetime.now(UTC)
    if source is None:
        source = read_source(options.file)
    if baking.is_png(source):
        source = baking.extract(source)
    bank_key = multikey.decode_public(options.bank_key) if options.bank_key else None
    lists = [parse_object(read_source(name)) for name in options.status_list]
    registry = _trust_list(options.trust, options.bank_key)
    try:
        document = parse_credential(source)
    except InvalidInput:
        return {}, verify(source, now=now)  # the report names what cannot be read
    given: Evidence = {"trust": registry, "keys": key_resolver(), "status_lists": None, "log": None}
    if lists:
        given["status_lists"] = StatusLists(lists)
    if registry is not None:
        given["keys"] = key_resolver(registry)
    if is_bundle(document):
        bundle = parse_bundle(document)
        document = bundle.credential
        inside = evidence(bundle, bank_key)
        given["log"] = inside["log"]
        given["status_lists"] = StatusLists([*bundle.status_lists, *lists])
        if registry is None:
            given["trust"], given["keys"] = inside["trust"], inside["keys"]
    return document, verify(document, now=now, subject=options.subject, **given)


def _trust_list(name: str | None, bank_key: str | None) -> TrustList | None:
    """The trust list of a file, every statement checked. Raises InvalidInput ``trust.bank_key_missing`` and others."""
    if name is None:
        return None
    if bank_key is None:
        raise InvalidInput("trust.bank_key_missing")
    key = multikey.decode_public(bank_key)
    text = read_source(name).decode("utf-8", errors="replace").strip()
    try:
        listed = json.loads(text) if text.startswith(("[", "{")) else text.split()
    except (ValueError, RecursionError):
        raise InvalidInput("trust.list_malformed") from None
    if isinstance(listed, dict):
        listed = listed.get("statements")
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise InvalidInput("trust.list_malformed")
    return TrustList(read_statement(item, key) for item in listed)


def read_source(name: str) -> bytes:
    """A file's bytes, or standard input's; at most one byte more than any reader here takes."""
    limit = max(MAX_BYTES, baking.MAX_PICTURE) + 1
    if name == "-":
        return sys.stdin.buffer.read(limit)
    with Path(name).open("rb") as file:
        return file.read(limit)


def tell(document: dict[str, Any], report: VerificationReport, locale: str) -> None:
    """Print a report for people: what the credential is, each check with what to do, and the verdict."""
    facts = summary(document)
    if facts["title"] is not None:
        _say(sys.stdout, " · ".join(part for part in (facts["title"], facts["issuer_name"]) if part))
        _say(sys.stdout, "")
    for check in report.checks:
        name = sentence(f"check.name.{check.name}", locale)
        finding = sentence(f"check.{check.code}", locale, **check.parameters)
        outcome = sentence(f"check.outcome.{check.outcome}", locale)
        _say(
            sys.stdout,
            sentence(
                "check.line",
                locale,
                mark=MARKS[check.outcome],
                number=check.number,
                name=name,
                outcome=outcome,
                finding=finding,
            ),
        )
        if check.outcome in (Outcome.FAIL, Outcome.UNCHECKED):
            step = sentence("check.next_step", locale, text=sentence(f"next.{check.code}", locale, **check.parameters))
            _say(sys.stdout, f"     {step}")
    _say(sys.stdout, "")
    _say(sys.stdout, sentence(f"check.verdict.{report.outcome}", locale))


def _say(stream: TextIO, text: str) -> None:
    """Print a line, with control characters of a stranger's document made visible."""
    safe = "".join("\ufffd" if _UNSEEN.match(c) else c for c in text)
    stream.write(safe + "\n")


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along, such as head, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    sys.exit(code)
