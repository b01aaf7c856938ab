"""Pages of a PDF or picture as raster images, made in a child process with limits.

Run as `python -P -m bukti.areas.evidence.preview SOURCE MEDIA_TYPE TARGET_FOLDER`; prints the
number of pages. A hostile file can at worst end this process: what comes out is pixels.
"""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import bukti

WIDTH = 1100
MOST_PAGES = 200
MOST_PIXELS = 60_000_000
#: Limits of the child: private memory, processor seconds, bytes of one image.
MEMORY = 500_000_000
SECONDS = 60
LARGEST_IMAGE = 5_000_000
#: All that the child may know of its surroundings: where Python finds its libraries.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")


def make(source: Path, media_type: str, target: Path) -> int | None:
    """Render in a child; the document's number of pages, or None when it cannot be shown.

    Of a long document the first MOST_PAGES pages become images.
    """
    target.mkdir(parents=True, exist_ok=True)
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    root = str(Path(bukti.__file__).parent.parent)
    known["PYTHONPATH"] = os.pathsep.join(filter(None, [root, known.get("PYTHONPATH", "")]))
    try:
        done = subprocess.run(  # noqa: S603  our own module, arguments are ours
            [sys.executable, "-P", "-m", __name__, str(source), media_type, str(target)],
            capture_output=True,
            timeout=SECONDS * 3,
            check=False,
            env=known,
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0 or not done.stdout.strip().isdigit():
        shutil.rmtree(target, ignore_errors=True)
        return None
    return int(done.stdout)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_IMAGE, LARGEST_IMAGE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pdf(source: Path, target: Path) -> int:
    import pypdfium2  # only the child needs it

    pdf = pypdfium2.PdfDocument(source)
    for number in range(min(len(pdf), MOST_PAGES)):
        page = pdf[number]
        scale = min(WIDTH / page.get_width(), 4, (MOST_PIXELS**0.5) / page.get_height())
        image = page.render(scale=scale).to_pil()
        image.convert("RGB").save(target / f"{number + 1}.webp", quality=70, method=2)
        page.close()
    return len(pdf)


def _picture(source: Path, target: Path) -> int:
    from PIL import Image, ImageOps  # only the child needs it

    # Twice as many are refused outright, which Pillow calls a decompression bomb.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("RGB", (WIDTH * 2, WIDTH * 2))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((WIDTH, WIDTH * 3))
        upright.convert("RGB").save(target / "1.webp", quality=75, method=2)
    return 1


def _main(source: str, media_type: str, target: str) -> int:
    _limit()
    render = _pdf if media_type == "application/pdf" else _picture
    sys.stdout.write(str(render(Path(source), Path(target))))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
