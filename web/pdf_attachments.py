"""The JSON files attached to a PDF, read in a process of its own: ``python -m web.pdf_attachments`` (stdin → stdout).

A stranger's PDF may be made to use up time and memory, so the reader runs under the system's limits and is stopped when
it takes too long. It writes a JSON list of texts, and exits 3 when the file cannot be read.
"""

import contextlib
import io
import json
import logging
import os
import resource
import subprocess
import sys

from credit_bank.credential.parse import MAX_BYTES
from credit_bank.errors import InvalidInput, Unavailable

SECONDS = 6
MEMORY = 768 * 1024 * 1024
MAX_ATTACHMENTS = 20
UNREADABLE = 3


def attached_json(pdf: bytes) -> list[bytes]:
    """The attachments of a PDF that look like JSON objects, at most 1 MB each.

    Raises InvalidInput ``pdf.unreadable`` (damaged, encrypted, too demanding); Unavailable ``pdf.reader_failed``.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "web.pdf_attachments"],
            input=pdf,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={"PATH": "", "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        )
    except subprocess.TimeoutExpired:
        raise InvalidInput("pdf.unreadable") from None
    except OSError as error:
        raise Unavailable("pdf.reader_failed") from error
    if done.returncode != 0:
        raise InvalidInput("pdf.unreadable")
    try:
        return [text.encode("utf-8") for text in json.loads(done.stdout)]
    except (ValueError, AttributeError):
        raise InvalidInput("pdf.unreadable") from None


def _limit() -> None:
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _read(data: bytes) -> list[str]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    most = 16 * MAX_BYTES
    pypdf.overwrite_configuration(
        zlib_maximum_output_length=most,
        lzw_maximum_output_length=most,
        run_length_maximum_output_length=most,
        brotli_maximum_output_length=most,
        stream_decoding_work_maximum_length=4 * most,
        jbig2dec_binary=None,  # no other program is ever started
    )
    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    found = []
    for n, attachment in enumerate(reader.attachment_list):
        if n == MAX_ATTACHMENTS:
            break
        content = attachment.content
        if len(content) <= MAX_BYTES and content.lstrip()[:1] == b"{":
            with contextlib.suppress(UnicodeDecodeError):
                found.append(content.decode("utf-8"))
    return found


def _main() -> int:
    _limit()
    data = sys.stdin.buffer.read()
    try:
        found = _read(data)
    except (Exception, RecursionError):  # a hostile file may raise anything
        return UNREADABLE
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
