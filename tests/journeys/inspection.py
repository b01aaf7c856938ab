"""What every page must pass: axe, no overflow on a phone, one heading, its language."""

import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
MODES = [(DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light")]

RUN_AXE = """async (rules) => {
  const wanted = {runOnly: rules, resultTypes: ["violations"], preload: false};
  const found = await axe.run(document, wanted);
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${(node.failureSummary.split("\\n")[1] ?? "").trim()}`));
}"""
#: What sticks out of the page to the right, unless it scrolls inside a box of its own.
STICKS_OUT = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll("body *")].filter((element) =>
    element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".bk-scroll"),
  ).slice(0, 4).map((element) => `sticks out: ${element.tagName} ${element.className}`);
}"""


@cache
def axe() -> str:
    """The script of axe-core."""
    return AXE.read_text()


def look_at(page: Page, language: str = "id") -> list[str]:
    """What is wrong with the page at first sight: heading, language, width of a phone."""
    wrong = []
    headings = page.locator("h1").count()
    if headings != 1:
        wrong.append(f"{headings} headings of level 1")
    if (said := page.locator("html").get_attribute("lang")) != language:
        wrong.append(f"the page says it is in {said}")
    if page.title().startswith(" ·"):
        wrong.append("no title")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    wrong += page.evaluate(STICKS_OUT)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return wrong


def examine(page: Page) -> list[str]:
    """What axe finds, on a desk and on a phone, by day and by night."""
    found = []
    page.evaluate(axe())
    for size, scheme in MODES:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        said = page.evaluate(RUN_AXE, RULES)
        found += [f"{size['width']} {scheme} {line}" for line in said]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def listed(problems: dict[str, list[str]]) -> str:
    """Every problem by page, to read in a failure."""
    return json.dumps({name: wrong for name, wrong in problems.items() if wrong}, indent=1)
