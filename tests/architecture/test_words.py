"""Everything that the code can say has words, in both languages."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from bukti.areas.answers.models import MarkKind
from bukti.areas.assessment.models import Layer
from bukti.areas.evidence.models import AccessClass, DocumentKind
from bukti.areas.notices.models import NoticeKind
from bukti.faces.web.access import ROUTES, Open
from bukti.rules.errors import Reason
from bukti.rules.events import Event
from bukti.rules.permissions import Action, Capability, Role
from bukti.rules.workflow import AnswerState, RoundState, Step
from bukti.site.operations import sentences
from bukti.wording import eventwords, words
from bukti.wording.actions import ACTIONS

KINDS = [
    (Reason, words.REASONS),
    (AnswerState, words.ANSWER_STATES),
    (RoundState, words.ROUND_STATES),
    (Step, words.STEPS),
    (Role, words.ROLES),
    (Capability, words.CAPABILITIES),
    (Action, ACTIONS),
    (Event, eventwords.EVENTS),
    (NoticeKind, words.NOTICES),
    (Layer, words.LAYERS),
    (DocumentKind, words.DOCUMENT_KINDS),
    (AccessClass, words.ACCESS_CLASSES),
    (MarkKind, words.MARKS),
]
PO = sentences.PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def said(kind, said_as, language):
    """Every member's words in a language."""
    with translation.override(language):
        return {one.value: str(said_as[one]) for one in kind if one in said_as}


@pytest.mark.parametrize(
    ("kind", "said_as"), KINDS, ids=lambda value: getattr(value, "__name__", "")
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_member_has_words_and_nothing_else_has(kind, said_as, language):
    members = {one.value for one in kind}

    found = said(kind, said_as, language)

    assert set(found) == members
    assert {str(key) for key in said_as} == members
    assert [key for key, sentence in found.items() if not sentence.strip()] == []
    assert [key for key, sentence in found.items() if sentence == key and "_" in key] == []


@pytest.mark.parametrize(
    ("kind", "said_as"), KINDS, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_it_says_differs_between_the_languages(kind, said_as):
    indonesian, english = said(kind, said_as, "id"), said(kind, said_as, "en")
    same = {key for key in indonesian if indonesian[key] == english[key]}

    assert len(same) <= len(indonesian) // 3, same


@pytest.fixture(scope="module")
def collected():
    """The sentences that are in the code and in the templates now."""
    catalogue = sentences._empty("en")
    for suffix in ("*.py", "*.html", "*.txt"):
        for path in sorted(sentences.PACKAGE.rglob(suffix)):
            if "migrations" not in path.parts:
                sentences._add(catalogue, path)
    return {message.id: message for message in catalogue if message.id}


@pytest.fixture(scope="module")
def translated():
    """The English catalogue as it is kept."""
    catalogue = read_po(BytesIO(PO.read_bytes()), locale="en", domain="django")
    return {message.id: message for message in catalogue if message.id}


def strings(message):
    """One string, or one for each plural."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_no_sentence_of_the_screen_is_untranslated(collected, translated):
    empty = [m.id for m in translated.values() if not all(s.strip() for s in strings(m))]

    assert len(collected) > 500
    assert sorted(map(str, set(collected) - set(translated))) == []
    assert empty == []
    assert [message.id for message in translated.values() if message.fuzzy] == []


def test_no_translation_is_left_of_a_sentence_that_is_gone(collected, translated):
    assert sorted(map(str, set(translated) - set(collected))) == []


def test_a_translation_fills_in_the_same_facts(translated):
    wrong = [
        (message.id, [str(problem) for problem in problems])
        for message in translated.values()
        if (problems := list(message.check()))
    ]

    assert wrong == []


def test_english_sentences_are_english(translated):
    indonesian = {"yang", "dan", "tidak", "sudah", "belum", "dengan", "untuk", "atau", "dari"}
    suspicious = [
        string
        for message in translated.values()
        for string in strings(message)
        if len(set(string.lower().split()) & indonesian) >= 2
    ]

    assert suspicious == []


def test_every_action_that_guards_a_page_is_in_the_policys_words():
    actions = {rule for rule in ROUTES.values() if not isinstance(rule, Open)}

    assert actions <= set(ACTIONS)
