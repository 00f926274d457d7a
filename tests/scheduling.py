"""Which tests stay together on one worker: those of a file, for they share what it makes; the pages, in parts."""

import re
import zlib

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadfile import LoadFileScheduling

PAGE = re.compile(r"tests/browser/test_pages\.py::[^\[]+\[(.+)-(?:zh-CN|en)\d*\]")
PARTS = 12


class ByFile(LoadFileScheduling):
    """Work in units of a file, in the order of collection; the long list of pages in parts, each in both languages."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        """As xdist makes it."""
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        page = PAGE.match(nodeid)
        part = f" {zlib.crc32(page[1].encode()) % PARTS}" if page else ""
        return super()._split_scope(nodeid) + part
