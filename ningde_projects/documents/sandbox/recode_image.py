"""Writes a picture anew, without anything that is not picture: recode_image.py FILE TARGET KIND MAX_PIXELS

Runs alone in the sandbox. Turns it upright first, since the camera's note of the direction is dropped with the
rest (EXIF, GPS, what was hung on behind). Exit answers: {"ok": true} or {"refused": "kind" | "pixels" | "broken"}.
"""

import json
import sys
import warnings

from PIL import Image, ImageFile, ImageOps

_FORMATS = {"jpg": "JPEG", "png": "PNG"}


def recode(path: str, target: str, kind: str, most: int) -> str | None:
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(path, formats=[_FORMATS[kind]]) as picture:
            if picture.width * picture.height > most:
                return "pixels"
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "broken"
    if kind == "jpg":
        upright.convert("RGB").save(target, "JPEG", quality=88)
    else:
        plain = upright if upright.mode in ("L", "RGB", "RGBA") else upright.convert("RGBA")
        clean = Image.new(plain.mode, plain.size)
        clean.paste(plain)
        clean.save(target, "PNG")
    return None


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    wrong = recode(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    json.dump({"refused": wrong} if wrong else {"ok": True}, sys.stdout)
