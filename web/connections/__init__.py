"""Connections to other systems: LTI 1.3 as tool and as platform, and events that come in with their source."""
