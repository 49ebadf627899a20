"""What must not stand in the tree, looked for in every file that git would take.

python -m ops.gates
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ops.places import ROOT

LONGEST = {".py": 500, ".html": 160}
# Names that lead nowhere by agreement, this machine itself, and the names of XML vocabularies, which nobody
# calls up.
HARMLESS_HOSTS = re.compile(
    r"(127\.0\.0\.1|localhost|testserver|host|([\w-]+\.)*(example|test|invalid)|([\w-]+\.)?example\.(com|org|net)"
    r"|www\.w3\.org|schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.(oclc\.)?org|json-schema\.org)(:\d+)?"
)
HOST = re.compile(r"https?://([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?(?::\d+)?)")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\b(ghp|gho|glpat|xox[abp])[_-][A-Za-z0-9-]{20,}"
    r"|(?i:secret|token|api_?key|passw(or)?d)\w*[\"']?\s*[:=]\s*[\"'][A-Za-z0-9+/_=-]{24,}[\"']"
)
MACHINE = re.compile(r"(?<![\w.}])/(work|root|home|Users|mnt)/\w|/tmp/bash|--(extra-)?index-url|--find-links")
UNFINISHED = re.compile(r"#.*\b(TODO|FIXME|XXX)\b(?!\()")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script\b(?![^>]*\ssrc=)(?![^>]*application/json)|javascript:"
    r"|\|\s*safe\b|autoescape\s+off|hx-on[:-]|(src|href)\s*=\s*[\"']//",
    re.IGNORECASE,
)
IDEOGRAPHS = re.compile(r"[㐀-鿿]+")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)


def is_template(path: PurePosixPath) -> bool:
    return path.suffix in {".html", ".txt"} and "templates" in path.parts


def untranslated(line: str) -> Iterator[str]:
    """Chinese outside an element that says of itself to be Chinese, as the link to the other language does."""
    if 'lang="zh' not in line:
        yield from IDEOGRAPHS.findall(line)


@dataclass(frozen=True)
class Gate:
    """One thing that is not wanted: where it is looked for and what counts as it."""

    fault: str
    applies: Callable[[PurePosixPath], bool]
    found: Callable[[str], Iterator[str]]


def matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[str]]:
    return lambda line: (match.group(0) for match in pattern.finditer(line))


def foreign_hosts(line: str) -> Iterator[str]:
    return (host for host in HOST.findall(line) if not HARMLESS_HOSTS.fullmatch(host))


def may_name_hosts(path: PurePosixPath) -> bool:
    return path.parts[0] == "sample_data" or path.match("docs/sources*.md")


GATES = (
    Gate("looks like a secret", lambda path: path.parts[0] != "tests", matches(SECRETS)),
    Gate("a foreign host", lambda path: not may_name_hosts(path), foreign_hosts),
    Gate("a path or an index of one machine", lambda path: True, matches(MACHINE)),
    Gate("unfinished, without an owner", lambda path: path.suffix == ".py", matches(UNFINISHED)),
    Gate("inline or unescaped in a template", is_template, matches(INLINE)),
    Gate("Chinese in a template, which is to be translated", is_template, untranslated),
)


def files() -> list[PurePosixPath]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [PurePosixPath(name) for name in names if name and (ROOT / name).is_file()]


def faults_of(path: PurePosixPath, text: str) -> Iterator[str]:
    """Each fault of one file as `path:line: fault: what`."""
    if path == PurePosixPath("ops/gates.py"):
        return
    if is_template(path):
        text = TEMPLATE_COMMENT.sub(lambda comment: "\n" * comment.group(0).count("\n"), text)
    lines = text.splitlines()
    gates = [gate for gate in GATES if gate.applies(path)]
    for number, line in enumerate(lines, start=1):
        for gate in gates:
            for what in gate.found(line):
                yield f"{path}:{number}: {gate.fault}: {what.strip()[:80]}"
    longest = LONGEST.get(path.suffix)
    if longest and len(lines) > longest and "migrations" not in path.parts:
        yield f"{path}: {len(lines)} lines; a room holds at most {longest}"


def main() -> int:
    found: list[str] = []
    for path in files():
        try:
            text = (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a workbook
        found += faults_of(path, text)
    print("\n".join(found) or "Nothing unwanted in the tree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
