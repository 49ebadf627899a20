"""The files of a project, from every room that keeps some: page and count read the same list.

files.register(FileSource("report", find))      # find(project, actor) -> ProjectFiles of what he may read
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ningde_projects.documents.models import Attachment
from ningde_projects.organizations.actor import Actor

from .models import Project


@dataclass(frozen=True)
class ProjectFile:
    """One file with what it belongs to, in words and as a page of its own ("" when there is none for him)."""

    attachment: Attachment
    belongs_to: str
    url: str = ""


@dataclass(frozen=True)
class FileSource:
    """A fixed number of queries, whatever the number of files; newest first within the source."""

    key: str
    find: Callable[[Project, Actor], Iterable[ProjectFile]]


LATEST = 5
_sources: dict[str, FileSource] = {}


def register(*sources: FileSource) -> None:
    for source in sources:
        if source.key in _sources:
            raise ValueError(f"files of {source.key} are registered twice")
        _sources[source.key] = source


def files_of(project: Project, actor: Actor) -> list[ProjectFile]:
    found = [file for source in _sources.values() for file in source.find(project, actor)]
    return sorted(found, key=lambda file: file.attachment.pk, reverse=True)


def latest(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any]:
    every = files_of(project, actor)
    return {"files": every[:LATEST], "number": len(every)}


def every(project: Project, actor: Actor, at: datetime) -> Mapping[str, Any]:
    return {"files": files_of(project, actor)}


def count(project: Project, actor: Actor, at: datetime) -> str:
    number = len(files_of(project, actor))
    return str(number) if number else ""
