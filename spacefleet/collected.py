"""Static files in the home folder: those of this version, whatever version filled it before.

A page asks the list of collected files for the hashed name of each script and style. The list
of an older version lacks the new ones, and every page that uses one would answer 500.
"""

import fcntl
import filecmp
import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command

log = logging.getLogger(__name__)


def outdated() -> list[str]:
    """Files of this version that lie in the home folder otherwise or not at all.

    Compared by content, since an upgrade may bring files with older dates (measured: 0.04 s).
    """
    listed = _listed()
    return [
        name
        for name, source in _found()
        if (listed is not None and name not in listed) or not _same(source, name)
    ]


def _listed() -> dict[str, str] | None:
    """Hashed names by name, read anew: another process may have collected meanwhile."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):
        return None
    storage.hashed_files, storage.manifest_hash = storage.load_manifest()
    return dict(storage.hashed_files)


def _found() -> Iterator[tuple[str, Path]]:
    """Each static file once, as the first finder has it: collectstatic takes that one too."""
    seen = set()
    for finder in get_finders():
        for path, storage in finder.list([]):
            prefix = getattr(storage, "prefix", None)
            name = f"{prefix}/{path}" if prefix else path
            if name not in seen:
                seen.add(name)
                yield name, Path(storage.path(path))


def _same(source: Path, name: str) -> bool:
    there = Path(settings.STATIC_ROOT) / name
    return there.is_file() and filecmp.cmp(source, there, shallow=False)


def renew() -> int:
    """Collect what is outdated; answers how many files were. Two at once wait for each other."""
    if not outdated():
        return 0
    with (Path(settings.STATIC_ROOT) / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        names = outdated()
        for name in names:  # collectstatic goes by dates and would keep a younger old one
            (Path(settings.STATIC_ROOT) / name).unlink(missing_ok=True)
        if names:
            call_command("collectstatic", verbosity=0, interactive=False)
        return len(names)


def renew_for_web() -> None:
    """At the start of a dashboard; one that may not write says what to do, and starts."""
    if settings.WHITENOISE_USE_FINDERS:
        return
    try:
        if count := renew():
            log.info("collected %d static files that were new or changed", count)
    except OSError as error:
        log.error(  # noqa: TRY400 (a sentence for the operator)
            "static files in %s are of another version and cannot be renewed (%s): "
            "run `manage.py collectstatic --no-input` as somebody who may write there",
            settings.STATIC_ROOT,
            error,
        )
