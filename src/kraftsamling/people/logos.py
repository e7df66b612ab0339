"""Logos from outside: checked by what they hold, and drawn anew before they are kept."""

from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kraftsamling.people.refusals import Refusal

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 16_000_000
SIDE = 512  # pixels of the longer side of what is kept
_FORMATS = ("PNG", "JPEG", "WEBP")


class LogoRefused(Refusal):
    """The file is no picture that we can take in."""

    reason = _("Filen går inte att läsa som en bild. Välj en PNG-, JPEG- eller WebP-fil.")


def to_clean_logo(upload: IO[bytes]) -> ContentFile[bytes]:
    """The picture as a PNG of at most 512 pixels, without metadata. Raises LogoRefused.

    What the file says about itself (name, type) is not believed. Re-encoding also takes away
    whatever else a file may carry beside the picture.
    """
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise LogoRefused(_("Bilden är större än 1 MB. Välj en mindre fil."))
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            # The size stands in the header: a bomb is turned away before it is unpacked.
            if image.width * image.height > MAX_PIXELS:
                raise LogoRefused(_("Bilden har för många pixlar. Välj en mindre bild."))
            image.load()
            upright = ImageOps.exif_transpose(image)
            clean = upright.convert("RGBA")
    except LogoRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise LogoRefused from error
    except SyntaxError as error:  # Pillow's word for a broken PNG
        raise LogoRefused from error
    clean.thumbnail((SIDE, SIDE))
    drawn = Image.new("RGBA", clean.size)
    drawn.putdata(list(clean.getdata()))  # pixels only: no metadata follows
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return ContentFile(out.getvalue(), name="logo.png")
