"""Few frames wait for a slow line: a key that is held must not fill it for long after it was let go."""

from __future__ import annotations

_WAITING_FRAMES = 2
"""One is written, another is ready. Textual lets 30 wait: at 100 kbit/s those are 10 to 15 seconds of old screens."""


def keep_few_frames_waiting() -> None:
    """From now on the app waits for the line; the keys that come meanwhile are answered by one frame together."""
    from textual.drivers import _writer_thread

    # There is no setting for it; tests/end_to_end/test_slow_line.py fails once this name means nothing any more.
    _writer_thread.MAX_QUEUED_WRITES = _WAITING_FRAMES  # type: ignore[misc]  # Final, but read when an app starts
