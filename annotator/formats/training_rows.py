"""The rows of the forms for training, and the columns that are asked for.

Numbers of topics are those of `labels.json`. Offsets are code points of the whole text of the
readout, half-open.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from annotator.model.base import Value
from annotator.model.record import LabelRef
from annotator.model.splitting import Split
from annotator.model.text import Offset

_Number = Annotated[int, Field(ge=0)]


class Key(Value):
    """Which row of a sentence a row tells of."""

    id: str
    readout: str
    split: Split | None


class Unasked(Value):
    """The layers of which a row tells nothing, as nobody is known to have looked at them."""

    unasked: tuple[str, ...]


class CoderLabels(Value):
    """What one coder gave to the sentence; `id` is the id of their row of it.

    `adjudicated` says that this is the adjudicated coding, and so no vote of a coder. Of the layers
    that are `unasked`, it says nothing.
    """

    coder: str
    id: str
    adjudicated: bool
    unasked: tuple[str, ...]
    labels: tuple[LabelRef, ...]


class Overlapping(CoderLabels):
    """What one coder gave to a sentence that overlaps a row's own, and where that one lies."""

    start: Offset
    end: Offset


class Adjudicated(Value):
    """Whether a row is of the adjudicated coding, and what the others gave within its boundaries.

    `by_coder` has every coder but the row's own who cut the sentence alike, so that none is there
    twice. What the others gave there is in `overlapping`.
    """

    adjudicated: bool
    labels: tuple[LabelRef, ...]
    by_coder: tuple[CoderLabels, ...]
    overlapping: tuple[Overlapping, ...]


class MultiHot(Value):
    """Topics by their numbers; `topics_multi_hot` has a 1 or 0 for each topic.

    Both are null where nobody looked for topics.
    """

    topics_ids: tuple[_Number, ...] | None
    topics_multi_hot: tuple[_Number, ...] | None
    topics_rejected_ids: tuple[_Number, ...]


class Tokens(Value):
    """The tokens of a sentence, and where each begins and ends in the readout."""

    tokens: tuple[str, ...]
    token_starts: tuple[Offset, ...]
    token_ends: tuple[Offset, ...]


class TokenSpan(Value):
    """Words in a slot of a mark; `first` and `last` are tokens, null where they cut one.

    `negative` says that the mark is a near miss. `tagged` tells whether the tags have these words.
    """

    slot: str
    label: str
    mark: str
    start: Offset
    end: Offset
    first: _Number | None
    last: _Number | None
    negative: bool
    tagged: bool


class Attributions(Value):
    """The words of who says what, as tags and as spans; null where nobody looked for it."""

    attribution_tags: tuple[str, ...] | None
    attribution_spans: tuple[TokenSpan, ...] | None


class Commitments(Value):
    """The words of commitments, and as spans alone those of near misses.

    Both are null where nobody looked for either.
    """

    commitment_tags: tuple[str, ...] | None
    commitment_spans: tuple[TokenSpan, ...] | None


class SoftTopic(Value):
    """A topic that some coders gave."""

    label: str
    index: _Number
    coders: _Number
    share: float


class CoderTopics(Value):
    """What one coder gave; `id` is the id of their row of the sentence."""

    coder: str
    id: str
    topics: tuple[str, ...]


class SoftRow(Value):
    """A sentence that several coders decided, and what of its topics each one gave."""

    readout: str
    split: Split | None
    start: Offset
    end: Offset
    coders: _Number
    topics: tuple[SoftTopic, ...]
    by_coder: tuple[CoderTopics, ...]
