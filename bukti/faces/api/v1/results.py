"""Results: the layers of a round."""

from decimal import Decimal

from ninja import Router, Schema

from bukti.areas.assessment import queries
from bukti.faces.api.v1.tokens import ApiRequest
from bukti.wording import words

router = Router(tags=["results"])


class ComponentResult(Schema):
    """A component: weight in percent, value as published and exact, how much is answered."""

    key: str
    weight: Decimal
    published: Decimal | None
    exact: Decimal | None
    answered: int
    asked: int


class LayerResult(Schema):
    """What one layer (self, verified, an assessors' stage, official) comes to.

    While questions are open `index` is null: `so_far` counts what is there, `if_rest_zero` the
    rest as 0.
    """

    layer: str
    layer_word: str
    index: Decimal | None
    index_exact: Decimal | None
    so_far: Decimal | None
    if_rest_zero: Decimal | None
    predicate: str | None
    components: list[ComponentResult]


class Result(Schema):
    """All layers of a round; the last one counts."""

    round: int
    scheme: str
    skipped: list[str]
    layers: list[LayerResult]


@router.get("/rounds/{int:round_id}/result", response=Result, operation_id="read_result")
def read_result(request: ApiRequest, round_id: int) -> Result:
    """The layers of a round, from the agencies' own claims to the official result."""
    page = queries.result_page(request.actor, round_id)
    return Result(
        round=page.round.pk,
        scheme=page.round.scheme,
        skipped=sorted(page.skipped),
        layers=[_layer(layer) for layer in page.layers],
    )


def _layer(layer: queries.LayerResult) -> LayerResult:
    scored = layer.scored
    return LayerResult(
        layer=layer.layer,
        layer_word=str(words.LAYERS[layer.layer]),
        index=scored.index,
        index_exact=scored.index_exact,
        so_far=scored.so_far,
        if_rest_zero=scored.if_rest_zero,
        predicate=scored.predicate.id if scored.predicate else None,
        components=[
            ComponentResult(
                key=part.key,
                weight=part.weight,
                published=part.published,
                exact=part.exact,
                answered=part.answered,
                asked=part.asked,
            )
            for part in scored.components
        ],
    )
