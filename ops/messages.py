"""Translations without any program outside Python.

    python -m ops.messages extract [app …]   collect the texts of our sources into the catalogues
    python -m ops.messages compile           make the .mo files that Django reads
    python -m ops.messages check             the gate: complete, unambiguous, properly punctuated
    python -m ops.messages tidy [app …]      drop texts that no source uses any more

Each app has a catalogue of its own, locale/zh_Hans/LC_MESSAGES/django.po; the root's is for templates/ and
for modules that belong to no app. `extract` keeps what has been translated: a text that has vanished is only
set aside,
and comes back with its translation if it appears again.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib

from ops.places import ROOT
from ops.punctuation import faults

LANGUAGE = "zh_Hans"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = {
    "Project-Id-Version": "ningde-projects",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
NOT_SEARCHED = {"migrations", "tests", "locale", "static"}

# What makes a text one: context, singular, plural.
Key = tuple[str | None, str, str]


@dataclass
class Found:
    """A text in our sources: in which files it stands and what its author tells the translator."""

    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def apps() -> dict[str, Path]:
    """Name -> folder of each app of ours; "" is the root."""
    folders = [*ROOT.glob("*/apps.py"), *ROOT.glob("ningde_projects/*/apps.py")]
    return {path.parent.name: path.parent for path in sorted(folders)} | {"": ROOT}


def catalogues() -> list[Path]:
    return [folder / CATALOGUE for folder in apps().values() if (folder / CATALOGUE).exists()]


def sources(name: str) -> list[Path]:
    folder = apps()[name]
    if name:
        found = [path for pattern in ("*.py", "*.html", "*.txt") for path in folder.rglob(pattern)]
    else:
        found = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]
        found += [*ROOT.glob("ningde_projects/*.py")]
        for package in ROOT.glob("ningde_projects/*/__init__.py"):
            if not (package.parent / "apps.py").exists():
                found += package.parent.rglob("*.py")
    return sorted(path for path in found if not NOT_SEARCHED & set(path.relative_to(folder).parts))


def texts_of(path: Path) -> Iterator[tuple[Key, list[str]]]:
    """The texts marked for translation in one file, with their comments."""
    from babel.messages.extract import extract

    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        content = _as_python(content, path)
    elif "gettext" not in content:
        return
    for _line, message, comments, context in extract(
        "python", BytesIO(content.encode()), keywords=KEYWORDS, comment_tags=["Translators:"]
    ):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        if singular:
            yield (context or None, singular, plural), list(comments)


def _as_python(template: str, path: Path) -> str:
    from django.conf import settings
    from django.utils.translation import templatize

    if not settings.configured:
        settings.configure()
    try:
        python = templatize(template, origin=str(path.relative_to(ROOT)))
    except SyntaxError as error:
        raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from error
    # A template's indentation means nothing, but Python's tokenizer stops where it goes back to no former depth.
    return "\n".join(line.lstrip() for line in python.split("\n"))


def collect(name: str) -> dict[Key, Found]:
    found: dict[Key, Found] = defaultdict(Found)
    for path in sources(name):
        for key, comments in texts_of(path):
            entry = found[key]
            relative = str(path.relative_to(ROOT))
            if relative not in entry.files:
                entry.files.append(relative)
            entry.comments += [comment for comment in comments if comment not in entry.comments]
    return found


def key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or None, entry.msgid, entry.msgid_plural or "")


def load(path: Path) -> polib.POFile:
    return polib.pofile(str(path), encoding="utf-8") if path.exists() else polib.POFile(encoding="utf-8")


def translation_of(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def merge(name: str, *, keep_unused: bool = True) -> polib.POFile:
    """The app's catalogue brought up to date with its sources; nothing is written."""
    old = {key_of(entry): entry for entry in load(apps()[name] / CATALOGUE)}
    # What another app has translated already is translated the same here.
    said = {key_of(entry): translation_of(entry) for path in catalogues() for entry in load(path)}
    fresh = polib.POFile(encoding="utf-8", wrapwidth=110)
    fresh.metadata = dict(HEADER)
    for key, found in collect(name).items():
        context, singular, plural = key
        entry = polib.POEntry(msgctxt=context, msgid=singular, msgid_plural=plural)
        entry.occurrences = [(file, "") for file in found.files]
        entry.comment = "\n".join(found.comments)
        known = old.pop(key, None)
        text = (translation_of(known) if known else "") or said.get(key, "")
        if plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
        if known:
            entry.tcomment = known.tcomment
        fresh.append(entry)
    if keep_unused:
        for entry in old.values():
            if translation_of(entry):
                entry.obsolete = True
                fresh.append(entry)
    return fresh


def extract_apps(names: list[str], *, keep_unused: bool = True) -> None:
    for name in names:
        path = apps()[name] / CATALOGUE
        fresh = merge(name, keep_unused=keep_unused)
        if not fresh and not path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        text = str(fresh) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        missing = sum(not entry.obsolete and not translation_of(entry) for entry in fresh)
        print(f"{path.relative_to(ROOT)}: {len(fresh)} texts, {missing} without translation")


def compile_all() -> None:
    for path in catalogues():
        # Laid in place at once: someone may be reading the old one.
        fresh = path.with_suffix(f".{os.getpid()}")
        load(path).save_as_mofile(str(fresh))
        fresh.replace(path.with_suffix(".mo"))


def check() -> list[str]:
    """Everything the gate objects to, one sentence each."""
    said: dict[tuple[str | None, str], dict[str, Path]] = defaultdict(dict)
    found = []
    for name, folder in apps().items():
        path = folder / CATALOGUE
        where = path.relative_to(ROOT)
        catalogue = load(path)
        known = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
        wanted = collect(name)
        found += [
            f"{where}: not collected yet: {key[1]!r} ({wanted[key].files[0]})"
            for key in wanted.keys() - known.keys()
        ]
        found += [f"{where}: used nowhere: {entry.msgid!r}" for entry in catalogue if entry.obsolete]
        found += [f"{where}: used nowhere: {key[1]!r}" for key in known.keys() - wanted.keys()]
        for entry in known.values():
            text = translation_of(entry)
            found += [f"{where}: {fault}: {entry.msgid!r} -> {text!r}" for fault in faults(entry, text)]
            if text:
                said[(entry.msgctxt or None, entry.msgid)][text] = where
    for (_context, text), answers in said.items():
        if len(answers) > 1:
            # Django lays all catalogues over each other: one of them would win everywhere.
            places = "; ".join(f"{answer!r} in {where}" for answer, where in answers.items())
            found.append(f"translated differently: {text!r}: {places}")
    return sorted(found)


def main(arguments: list[str]) -> int:
    command, names = (arguments[0], arguments[1:]) if arguments else ("", [])
    if unknown := set(names) - set(apps()):
        print(f"No such app: {', '.join(sorted(unknown))}. There are: {', '.join(filter(None, apps()))}.")
        return 2
    match command:
        case "extract" | "tidy":
            extract_apps(names or list(apps()), keep_unused=command == "extract")
        case "compile":
            compile_all()
        case "check":
            found = check()
            print("\n".join(found) or "Translations are complete.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
