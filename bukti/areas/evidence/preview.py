"""Pages of a PDF or picture as raster images, made in a child process with limits.

Run as `python -m bukti.areas.evidence.preview SOURCE MEDIA_TYPE TARGET_FOLDER`; prints the number
of pages. A hostile file can at worst end this process.
"""

import resource
import subprocess
import sys
from pathlib import Path

WIDTH = 1100
MOST_PAGES = 200
MEMORY = 700 * 1024 * 1024
SECONDS = 60
MOST_PIXELS = 60_000_000


def make(source: Path, media_type: str, target: Path) -> int | None:
    """Render in a child; the number of pages, or None when the file cannot be shown."""
    target.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(  # noqa: S603  our own module, arguments are ours
            [sys.executable, "-m", __name__, str(source), media_type, str(target)],
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return int(done.stdout) if done.returncode == 0 else None


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _pdf(source: Path, target: Path) -> int:
    import pypdfium2  # noqa: PLC0415  only the child needs it

    pdf = pypdfium2.PdfDocument(source)
    for number in range(min(len(pdf), MOST_PAGES)):
        page = pdf[number]
        scale = min(WIDTH / page.get_width(), 4, (MOST_PIXELS**0.5) / page.get_height())
        image = page.render(scale=scale).to_pil()
        image.convert("RGB").save(target / f"{number + 1}.webp", quality=70, method=4)
    return len(pdf)


def _picture(source: Path, target: Path) -> int:
    from PIL import Image, ImageOps  # noqa: PLC0415  only the child needs it

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source) as image:
        image.draft("RGB", (WIDTH, WIDTH))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((WIDTH, WIDTH * 3))
        upright.convert("RGB").save(target / "1.webp", quality=75, method=4)
    return 1


def _main(source: str, media_type: str, target: str) -> int:
    _limit()
    render = _pdf if media_type == "application/pdf" else _picture
    sys.stdout.write(str(render(Path(source), Path(target))))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
