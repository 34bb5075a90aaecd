"""Training a model on cases that people have sorted, and telling how well it does on those it has not seen.

scikit-learn is slow to import and only this module needs it, so whoever trains imports this where it does.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from petitions.categories.learning import FEWEST_EXAMPLES, FEWEST_OF_ONE
from petitions.categories.model import Certainty, Guess, Model
from petitions.categories.ngrams import COLUMNS, counted, runs
from petitions.categories.word_list import word_list

HELD_OUT = 0.2
MOST_COLUMNS = 120_000
RARE = 2
LEAST_SURE = 0.7
FEWEST_SURE = 20
"""Held-out cases from which a share right means something."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text as `ngrams.one_text` makes it, and its category as a person or the upstream said it."""

    text: str
    category: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a model does on `held_out` cases that it was not trained on.

    Macro F1 is the plain mean over the categories, so that rare ones count as much; beside it what always
    saying the largest category and what the words alone would have reached. `sure_share` of the held-out
    cases were sure, and `sure_right` of these were right (null where none was). `by_category` has for each
    its name, held-out cases, precision, recall and F1.
    """

    examples: int
    held_out: int
    macro_f1: float
    largest_f1: float
    words_f1: float
    sure_share: float
    sure_right: float | None
    by_category: list[dict[str, Any]]


def usable(examples: Sequence[Example]) -> list[Example]:
    """Those whose category has enough of them; none where there are too few altogether, or one category."""
    counts = Counter(example.category for example in examples)
    kept = [example for example in examples if counts[example.category] >= FEWEST_OF_ONE]
    is_enough = len(kept) >= FEWEST_EXAMPLES and len({example.category for example in kept}) > 1
    return kept if is_enough else []


def train(examples: Sequence[Example], *, precision: float, seed: int = 0) -> tuple[Model, Quality]:
    """A model of all `examples` (`usable`), and its quality on a fifth when trained on the others.

    The fifth also says how certain a guess is: what it was ahead by is set against whether it was right, and
    a guess is sure from where at least `precision` of the held-out ones were right.
    """
    names = [example.category for example in examples]
    learnt, held = train_test_split(list(examples), test_size=HELD_OUT, random_state=seed, stratify=names)
    trial = _fit(learnt, Certainty(1.0, 0.0, None))
    certainty = _certainty(trial, held, precision)
    return _fit(examples, certainty), _quality(trial, certainty, learnt, held)


def _fit(examples: Sequence[Example], certainty: Certainty) -> Model:
    owner, column, value = counted(*runs([example.text for example in examples]), COLUMNS)
    columns = _worth_knowing(column)
    place = np.full(COLUMNS, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    known = place[column] >= 0
    owner, slot, value = owner[known], place[column[known]], value[known]
    rarity = np.log((1 + len(examples)) / (1 + np.bincount(slot, minlength=len(columns)))) + 1
    value = value * rarity[slot]
    length = np.sqrt(np.bincount(owner, value * value, minlength=len(examples)))
    shape = (len(examples), len(columns))
    matrix = sparse.csr_matrix((value / length[owner], (owner, slot)), shape=shape)
    fitted = LinearSVC(random_state=0).fit(matrix, [example.category for example in examples])
    weights, bias = fitted.coef_.T, fitted.intercept_
    if weights.shape[1] == 1:
        # Of two categories the library keeps what speaks for the second against the first.
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return Model(
        tuple(map(str, fitted.classes_)),
        columns,
        rarity.astype(np.float32),
        weights.astype(np.float32),
        bias.astype(np.float32),
        certainty,
    )


def _worth_knowing(column: NDArray[Any]) -> NDArray[Any]:
    """The columns that occur in several texts, at most so many of the commonest, ascending."""
    texts = np.bincount(column, minlength=COLUMNS)
    common = np.argsort(-texts, kind="stable")[:MOST_COLUMNS]
    return np.sort(common[texts[common] >= RARE])


def _certainty(trial: Model, held: Sequence[Example], precision: float) -> Certainty:
    values, _known = trial.weigh([example.text for example in held])
    ordered = np.sort(values, axis=1)
    ahead = ordered[:, -1] - ordered[:, -2]
    told = np.array(trial.categories)[values.argmax(axis=1)]
    is_right = told == np.array([example.category for example in held])
    # A guess that is not ahead of the next is none, even where no held-out one was wrong: what a model has
    # never met must not look certain because everything it was tried on was easy.
    known = np.concatenate([ahead, np.zeros(FEWEST_SURE)])
    fitted = LogisticRegression().fit(known[:, None], np.concatenate([is_right, np.zeros(FEWEST_SURE)]) > 0)
    certainty = Certainty(float(fitted.coef_[0, 0]), float(fitted.intercept_[0]), None)
    sure_from = _sure_from(certainty.of(ahead), is_right, precision)
    return Certainty(certainty.slope, certainty.offset, sure_from)


def _sure_from(score: NDArray[Any], is_right: NDArray[Any], precision: float) -> float | None:
    """The lowest score at and above which at least `precision` of the held-out guesses were right."""
    order = np.argsort(-score, kind="stable")
    share = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= precision)
    if not len(enough) or enough[-1] + 1 < FEWEST_SURE:
        return None
    # However right the easy ones were, a guess that is wrong three times in ten is not sure.
    return max(float(score[order[enough[-1]]]), LEAST_SURE)


def _quality(
    trial: Model, certainty: Certainty, learnt: Sequence[Example], held: Sequence[Example]
) -> Quality:
    truth, texts = [example.category for example in held], [example.text for example in held]
    judged = Model(trial.categories, trial.columns, trial.rarity, trial.weights, trial.bias, certainty)
    guesses = judged.guess(texts)
    sure = [
        guess.category == was for guess, was in zip(guesses, truth, strict=True) if guess and guess.is_sure
    ]
    largest = Counter(example.category for example in learnt).most_common(1)[0][0]
    return Quality(
        examples=len(learnt) + len(held),
        held_out=len(held),
        macro_f1=_macro(truth, _names(guesses)),
        largest_f1=_macro(truth, [largest] * len(held)),
        words_f1=_macro(truth, _names(word_list().guess(texts, trial.categories))),
        sure_share=round(len(sure) / len(held), 4),
        sure_right=round(sum(sure) / len(sure), 4) if sure else None,
        by_category=_by_category(truth, _names(guesses), trial.categories),
    )


def _names(guesses: Sequence[Guess | None]) -> list[str]:
    return [guess.category if guess else "" for guess in guesses]


def _macro(truth: Sequence[str], told: Sequence[str]) -> float:
    """The mean F1 over the categories that there are; saying nothing is wrong and no category."""
    labels = sorted(set(truth))
    return round(float(f1_score(truth, told, labels=labels, average="macro", zero_division=0)), 4)


def _by_category(truth: Sequence[str], told: Sequence[str], names: Sequence[str]) -> list[dict[str, Any]]:
    figures = precision_recall_fscore_support(truth, told, labels=list(names), zero_division=0)
    rows = zip(names, *figures, strict=True)
    return [
        {
            "category": name,
            "held_out": int(count),
            "precision": round(float(precision), 4),
            "recall": round(float(recall), 4),
            "f1": round(float(f1), 4),
        }
        for name, precision, recall, f1, count in rows
    ]
