"""What can be wrong with a translation: missing, other placeholders, half-width punctuation among Chinese
(GB/T 15834).
"""

import re
from collections.abc import Iterator

import polib

CHINESE = re.compile(r"[㐀-鿿、-〿①-⓿！-｠“”‘’—…]")
IDEOGRAPH = re.compile(r"[㐀-鿿]")
PLACEHOLDER = re.compile(
    r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdr]|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}|%%"
)
TAG = re.compile(r"<[^<>]+>|&[a-z]+;|https?://\S+")
WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
# Stands for whatever will be put in, of which we do not know whether it is Chinese.
UNKNOWN = "\ufffc"


def faults(entry: polib.POEntry, translation: str) -> Iterator[str]:
    if entry.fuzzy:
        yield "marked as uncertain"
    if IDEOGRAPH.search(entry.msgid):
        yield "the source text is not English"
    if not translation:
        yield "not translated"
        return
    # The one Chinese form stands for singular and plural: it may name what either names, and must name what
    # both do.
    offered = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
    needed = placeholders(entry.msgid) & placeholders(entry.msgid_plural) if entry.msgid_plural else offered
    given = placeholders(translation)
    if wrong := (needed - given) | (given - offered):
        yield f"placeholders differ ({', '.join(sorted(wrong))})"
    yield from half_width(translation)


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text) if match.group(0) != "%%"}


def half_width(text: str) -> Iterator[str]:
    """Half-width marks that touch Chinese, and brackets of which one is wide and the other is not."""
    plain = TAG.sub("", PLACEHOLDER.sub(UNKNOWN, text))
    for position, mark in enumerate(plain):
        if mark not in WIDE:
            continue
        before = plain[:position].rstrip()[-1:]
        after = plain[position + 1 :].lstrip()[:1]
        touches = CHINESE.match(before) or (mark not in ".)" and CHINESE.match(after))
        if touches and not (mark == "." and after and not CHINESE.match(after)):
            yield f"{mark} should be {WIDE[mark]}"
    opened: list[str] = []
    for mark in plain:
        if mark in "(（":
            opened.append(mark)
        elif mark in ")）" and opened and (opened.pop() == "(") != (mark == ")"):
            yield "one bracket is wide, the other is not"
