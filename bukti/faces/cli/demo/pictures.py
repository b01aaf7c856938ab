"""Photographs and screens: drawn, labelled, the same for the same title."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

PHOTO = (1280, 853)
SCREEN = (1280, 800)
INK, PAPER, TEAL, AMBER, QUIET = "#1d2433", "#fbfaf7", "#0b5a54", "#c8842b", "#5b6472"
Canvas = ImageDraw.ImageDraw


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _fade(
    size: tuple[int, int], top: tuple[int, int, int], low: tuple[int, int, int]
) -> Image.Image:
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), top)
    column.putpixel((0, 1), low)
    return column.resize(size, Image.Resampling.BILINEAR)


def _plain(day: str) -> str:
    """The drawing's font has no narrow or hard space."""
    return " ".join(day.split())


def photo(title: str, day: str) -> bytes:
    """A JPEG: a meeting room for meetings, else a place outdoors."""
    luck = Random(title)  # noqa: S311  a drawing, not a secret
    is_meeting = any(word in title.lower() for word in ("rapat", "kelas", "musyawarah", "literasi"))
    image = _room(luck) if is_meeting else _outdoors(luck)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    canvas = ImageDraw.Draw(image, "RGBA")
    canvas.rectangle((0, PHOTO[1] - 56, PHOTO[0], PHOTO[1]), fill=(20, 26, 36, 190))
    canvas.text(
        (24, PHOTO[1] - 42), f"Foto contoh. {title}, {_plain(day)}", fill="white", font=_font(24)
    )
    found = BytesIO()
    image.save(found, "JPEG", quality=82)
    return found.getvalue()


def _room(luck: Random) -> Image.Image:
    image = _fade(PHOTO, (226, 217, 200), (183, 168, 144))
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((360, 90, 920, 360), fill="#eef3f4", outline="#7a8894", width=6)
    for row in range(4):
        canvas.rectangle(
            (410, 140 + 46 * row, 640 + luck.randrange(200), 156 + 46 * row), fill="#9fb8b6"
        )
    for x in (70, 1010):
        canvas.rectangle((x, 110, x + 200, 400), fill="#cfe3ea", outline="#8b7b5e", width=8)
    canvas.polygon(((250, 853), (520, 470), (760, 470), (1030, 853)), fill="#6b4a2e")
    canvas.polygon(((300, 853), (540, 490), (740, 490), (980, 853)), fill="#8a623e")
    for depth in range(5):
        size, y = 34 + 12 * depth, 470 + 78 * depth
        for x in (490 - 62 * depth, 790 + 62 * depth):
            _person(canvas, luck, (x, y), size)
    return image


def _outdoors(luck: Random) -> Image.Image:
    image = _fade(PHOTO, (137, 183, 209), (236, 231, 208))
    canvas = ImageDraw.Draw(image)
    for layer, colour in enumerate(("#7fa08c", "#5d8a6c", "#3f6f50")):
        points = [(x, 330 + 70 * layer + luck.randrange(-50, 50)) for x in range(0, 1300, 80)]
        canvas.polygon([(0, 853), *points, (1280, 853)], fill=colour)
    canvas.polygon(((0, 700), (1280, 620), (1280, 853), (0, 853)), fill="#b9a37a")
    x = luck.randrange(120, 760)
    canvas.rectangle((x, 430, x + 330, 640), fill="#efe6d2")
    canvas.polygon(((x - 30, 430), (x + 165, 320), (x + 360, 430)), fill="#8c3f2c")
    canvas.rectangle((x + 135, 530, x + 195, 640), fill="#5b4632")
    for place in sorted(luck.randrange(80, 1200) for _ in range(11)):
        _person(canvas, luck, (place, 660 + luck.randrange(60)), 44)
    return image


def _person(canvas: Canvas, luck: Random, at: tuple[int, int], size: int) -> None:
    """A figure without a face: nobody in particular."""
    x, y = at
    shirt = luck.choice(("#0b5a54", "#c9b27c", "#7b4f7d", "#37557a", "#a8543a", "#e3ded2"))
    canvas.ellipse((x - size, y, x + size, y + 3 * size), fill=shirt)
    canvas.ellipse((x - size // 2, y - size, x + size // 2, y + size // 5), fill="#5a3d2b")


def screen(title: str, day: str) -> bytes:
    """A PNG of an application in a browser: address, date of access, figures, a chart."""
    luck = Random(title)  # noqa: S311  a drawing, not a secret
    image = Image.new("RGB", SCREEN, PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, 1280, 64), fill="#dfe3e6")
    canvas.rounded_rectangle((120, 14, 1160, 50), 18, fill="white")
    slug = "-".join(word for word in title.lower().split() if word.isalnum())[:48]
    canvas.text((144, 20), f"https://layanan.paser.example/{slug}", fill=QUIET, font=_font(20))
    canvas.rectangle((0, 64, 1280, 132), fill=TEAL)
    canvas.text((40, 80), title, fill="white", font=_font(30))
    for place, label in enumerate(("Hari ini", "Bulan ini", "Tahun ini", "Selesai")):
        x = 40 + 305 * place
        canvas.rounded_rectangle((x, 160, x + 280, 270), 10, fill="white", outline="#c9d2d6")
        canvas.text((x + 18, 172), label, fill=QUIET, font=_font(20))
        number = (
            f"{luck.randrange(82, 98)}%" if label == "Selesai" else f"{luck.randrange(20, 990)}"
        )
        canvas.text((x + 18, 202), number, fill=INK, font=_font(46))
    for month in range(12):
        high = luck.randrange(60, 300)
        x = 70 + 98 * month
        canvas.rectangle((x, 690 - high, x + 56, 690), fill=TEAL if month < 11 else AMBER)
        canvas.text((x + 10, 700), f"{month + 1}", fill=QUIET, font=_font(18))
    canvas.text((40, 752), f"Tampilan contoh. Diakses {_plain(day)}.", fill=QUIET, font=_font(20))
    found = BytesIO()
    image.save(found, "PNG", compress_level=6)
    return found.getvalue()
