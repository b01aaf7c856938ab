"""Tags that every template has without loading them: icon, lozenge, bar, widget, may, at, fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django import template
from django.forms import BoundField, CheckboxInput, Select, SelectMultiple, Textarea
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bukti.rules import permissions
from bukti.rules.permissions import Action, Actor, Place
from bukti.rules.workflow import AnswerState
from bukti.wording import marks, words
from bukti.wording.formats import Number

register = template.Library()


@cache
def sprite() -> str:
    """The address of the icon file, asked once per process."""
    return static("icons.svg")


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "kanan" %}`: an ornament beside words; alone it needs a label on its control."""
    return format_html(
        '<svg class="bk-icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', sprite(), name
    )


@register.simple_tag
def lozenge(value: Number | None, size: int = 32) -> SafeString:
    """`{% lozenge answer.level 34 %}`: filled to the value; its number stands beside it."""
    return marks.lozenge(value, size)


@register.simple_tag
def bar(counts: Mapping[AnswerState, int], size: str = "") -> SafeString:
    """`{% bar counts %}`, `{% bar counts "s" %}` in a table: the numbers stand beside it."""
    return marks.state_bar_small(counts) if size == "s" else marks.state_bar(counts)


@register.filter
def fill(state: str) -> str:
    """`{{ answer.state|fill }}`: the class of the state's fill."""
    return f"bk-fill--{words.FILLS[state]}"


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A form field's control in our dress, without the placeholder some forms put for a label."""
    control = field.field.widget
    if isinstance(control, CheckboxInput) or field.use_fieldset:
        return field.as_widget()
    dress = "bk-input"
    if isinstance(control, Textarea):
        dress += " bk-input--area"
    elif isinstance(control, Select) and not isinstance(control, SelectMultiple):
        dress += " bk-select"
    return field.as_widget(attrs={"class": dress, "placeholder": False})


@dataclass(frozen=True, slots=True)
class Standing:
    """An actor before a place."""

    actor: Actor
    place: Place


@register.filter
def at(actor: Actor, place: Place) -> Standing:
    """`{% if request.actor|at:answer.place|may:"answer:write" %}`."""
    return Standing(actor, place)


@register.filter
def may(who: Actor | Standing, action: str) -> bool:
    """Whether to show a control. It never protects anything: commands do.

    Without a place: whether the actor may do it in any place of their own.
    """
    if isinstance(who, Standing):
        return permissions.may(who.actor, Action(action), who.place)
    own = (Place(grant.region or "", grant.agency, grant.round_id) for grant in who.grants)
    return any(permissions.may(who, Action(action), place) for place in own)
