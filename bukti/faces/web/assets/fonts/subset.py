"""Make the one font file that Bukti ships. Run by hand when the typeface changes:

    python bukti/faces/web/assets/fonts/subset.py

Source Sans 3 Variable (SIL Open Font License 1.1, see OFL.txt) is cut to the letters and weights
the screens use, and renamed: its licence reserves the name «Source» for the unchanged font.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ORIGINAL = Path("node_modules/@fontsource-variable/source-sans-3/files")
RESULT = Path(__file__).with_name("bukti-sans.woff2")
LETTERS = [*range(0x20, 0x7F), *range(0xC0, 0x100)]
PUNCTUATION = [ord(sign) for sign in "\u00a0«»§©°±²³µ¶·¼½¾×÷\u2009–—‘’‚“”„•…′″−€"]
NAMES_KEPT = {0, 5, 13, 14}
NEW_NAMES = {
    1: "Bukti Sans",
    2: "Regular",
    3: "Bukti Sans",
    4: "Bukti Sans",
    6: "BuktiSans",
}


def main() -> None:
    """Cut, narrow, rename, write."""
    font = TTFont(ORIGINAL / "source-sans-3-latin-wght-normal.woff2")
    options = Options(
        layout_features=["kern", "mark", "locl", "ccmp"], flavor="woff2", name_IDs=["*"]
    )
    cutter = Subsetter(options)
    cutter.populate(unicodes=LETTERS + PUNCTUATION)
    cutter.subset(font)
    font = instantiateVariableFont(font, {"wght": (300, 400, 700)})
    table = font["name"]
    axis_names = {record.AxisNameID for record in font["STAT"].table.DesignAxisRecord.Axis}
    axis_names |= {axis.axisNameID for axis in font["fvar"].axes}
    font["fvar"].instances = []
    kept = NAMES_KEPT | axis_names
    table.names = [record for record in table.names if record.nameID in kept]
    for name_id, text in NEW_NAMES.items():
        table.setName(text, name_id, 3, 1, 0x409)
    font.flavor = "woff2"
    font.save(RESULT)


if __name__ == "__main__":
    main()
