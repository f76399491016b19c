"""Where everything lives: one folder, `TUTOR_HOME` or the platform's data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    """The folders and files of one learner. Nothing is created by looking at them."""

    home: Path

    @classmethod
    def default(cls) -> Paths:
        """Return `$TUTOR_HOME` or the platform's folder for application data."""
        chosen = os.environ.get("TUTOR_HOME")
        if chosen:
            return cls(Path(chosen).expanduser().resolve())
        from platformdirs import user_data_path  # only when needed: start-up counts

        return cls(user_data_path("tutor", appauthor=False))

    @property
    def database(self) -> Path:
        """Answers, ratings, reviews and settings."""
        return self.home / "tutor.db"

    @property
    def backups(self) -> Path:
        """Copies of the database made before each migration."""
        return self.home / "backups"

    @property
    def data(self) -> Path:
        """Data sets that were fetched."""
        return self.home / "data"

    @property
    def models(self) -> Path:
        """Checkpoints of trained recommenders."""
        return self.home / "models"

    @property
    def logs(self) -> Path:
        """What child processes wrote to stderr."""
        return self.home / "logs"

    def to_dict(self) -> dict[str, str]:
        """Return every place by name, for `tutor where`."""
        names = ("home", "database", "backups", "data", "models", "logs")
        return {name: str(getattr(self, name)) for name in names}
