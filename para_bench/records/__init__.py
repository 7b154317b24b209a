"""Records of episodes: what they hold, and the files they lie in."""

from __future__ import annotations

from para_bench.records.episode import EpisodeRecord, Outcome
from para_bench.records.jsonl import FILE_NAME, append
from para_bench.records.reading import EpisodeKey, episode_key, files, read, some_files

__all__ = ["FILE_NAME", "EpisodeKey", "EpisodeRecord", "Outcome", "append", "episode_key", "files", "read", "some_files"]
