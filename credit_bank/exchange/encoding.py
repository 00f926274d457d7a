"""Which encoding a text file is in: UTF-8 with or without BOM, UTF-16 with BOM ("Unicode text"), GB18030.

Decided by decoding the whole file, since a guess from its first kilobyte is how imports turn names into rubbish.
"""

import codecs
from dataclasses import dataclass

from credit_bank.errors import InvalidInput
from credit_bank.exchange.rows import Source

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec that decodes the whole file, and the number of line feeds in it."""

    codec: str
    lines: int


class UndecodableError(Exception):
    """The byte at ``offset`` of a file in ``codec`` is no text."""

    def __init__(self, codec: str, offset: int, byte: int) -> None:
        super().__init__(codec, offset, byte)
        self.codec, self.offset, self.byte = codec, offset, byte


def detect(source: Source) -> Encoding:
    """The encoding of a text file. Raises UndecodableError, of the encoding the file most probably is in."""
    head = source.head(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", _decode(source, "utf-16"))
    try:
        return Encoding("utf-8-sig", _decode(source, "utf-8-sig"))
    except UndecodableError as error:
        if head.startswith(codecs.BOM_UTF8) or _mostly_utf8(source):
            raise
        first = error
    try:
        return Encoding("gb18030", _decode(source, "gb18030"))
    except UndecodableError as error:
        raise (error if error.offset > first.offset else first) from None


def _decode(source: Source, codec: str) -> int:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    file, position, lines = source.open(), 0, 0
    while True:
        chunk = file.read(_CHUNK)
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # Offsets count from the bytes the decoder still held, not from this chunk.
            raise UndecodableError(codec, position - held + error.start, error.object[error.start]) from None
        lines += text.count("\n")
        position += len(chunk)
        if not chunk:
            return lines


def _mostly_utf8(source: Source) -> bool:
    """Whether a file that is not quite UTF-8 is mostly so: damaged, rather than in another encoding."""
    text = source.open().read().decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    right = sum(1 for c in text if c > "\x7f") - wrong
    return right >= 4 * wrong


def text_before(source: Source, error: UndecodableError) -> str:
    """Everything before the bytes that are no text, decoded: what a row number is counted from."""
    return source.open().read(error.offset).decode(error.codec, errors="ignore")


def refusal(error: UndecodableError, row: int) -> InvalidInput:
    """The error for the person: which row, which byte, in which encoding."""
    name = {"utf-8-sig": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}[error.codec]
    return InvalidInput("table.undecodable", row=row, encoding=name, byte=f"{error.byte:02X}")
