"""Backups in the words of the log."""

from typing import Any

from flask_babel import lazy_gettext as _l

from pr_tracker.backups.manifest import BackupEvent

BACKUP_EVENTS: dict[BackupEvent, Any] = {
    BackupEvent.MAKE: _l("made a backup of everything"),
    BackupEvent.RESTORE: _l("restored everything from a backup"),
    BackupEvent.EXPORT: _l("exported everything"),
    BackupEvent.COPY: _l("moved everything here from another database"),
}
