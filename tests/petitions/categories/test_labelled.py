"""A fifth of real messages held out: better than the largest class, and than words alone."""

from petitions.categories.training import train, usable
from tests.grid.shared import shared
from tests.petitions.categories.labelled import labelled


@shared("labelled-messages")
def test_on_real_messages_the_model_beats_the_largest_class_and_the_words(folder):
    examples = labelled(folder)
    assert len(examples) == 4_442
    _model, quality = train(usable(examples), precision=0.95)
    assert quality.held_out == 889
    assert quality.macro_f1 > quality.words_f1 + 0.1
    assert quality.words_f1 > quality.largest_f1 + 0.3
    assert quality.macro_f1 > 0.85
    assert quality.sure_right >= 0.95
    assert quality.sure_share > 0.5
