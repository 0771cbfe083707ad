"""The group of experiments: off by default, and true to the options."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from inspector_app.domain.inspection import ModelFacts
from inspector_app.domain.preset import Options, Preset
from inspector_app.domain.trial import Trial, TrialKind
from inspector_app.gui.wording.words import trial_words
from tests.fakes.model import said
from tests.gui.person import ask

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_experiments_are_off_and_folded_away(opened):
    group = opened.ask.experiments

    assert not group.opened.isChecked()
    assert not group.factor.isVisibleTo(group)
    assert not opened.session.options.has_experiments


def test_what_is_turned_on_goes_along_and_folding_turns_it_off(opened):
    group, session = opened.ask.experiments, opened.session
    for switch in (group.opened, group.raised, group.mixed):
        switch.click()
    group.factor.setValue(1.8)
    group.source.setCurrentIndex(1)
    group.source.activated.emit(1)
    group.share.setValue(30)

    options = session.options
    assert (options.reweighting, options.reweight_by, options.mixing) == (1.8, "map", 0.3)

    group.opened.click()

    assert not session.options.has_experiments
    group.opened.click()
    assert not group.raised.isChecked()
    assert not group.mixed.isChecked()


def test_a_preset_brings_its_factor_and_leaves_it_off(opened):
    group, session = opened.ask.experiments, opened.session
    session.take_preset(Preset("p", "P", "whole", Options(reweighting=1.8)))

    assert group.factor.value() == 1.8
    assert not group.opened.isChecked()
    assert not session.options.has_experiments

    session.take_preset(Preset("q", "Q", "whole", Options(reweighting=1.8, reweight_by="regions")))

    assert group.opened.isChecked()
    assert group.raised.isChecked()


def test_what_the_model_cannot_serve_is_off_and_says_why(opened):
    group, session = opened.ask.experiments, opened.session
    group.opened.click()
    group.raised.click()
    remote = ModelFacts(
        "lab", "remote", "http", "unknown", "", can_attend=False, can_reweight=False
    )
    session.asking.model_changed.emit(remote)

    for switch in (group.raised, group.mixed):
        assert not switch.isEnabled()
        assert not switch.isChecked()
        assert "lab" in switch.toolTip()
    assert not session.options.has_experiments


def test_every_control_has_a_name(opened):
    group = opened.ask.experiments
    for control in (group.factor, group.source, group.share):
        assert control.accessibleName()
        assert control.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_what_an_experiment_said_stands_below_the_answers(opened, qtbot):
    ask(opened, qtbot)
    panel, session = opened.answers, opened.session
    assert not panel.trials.isVisibleTo(panel)
    trial = Trial(TrialKind.REWEIGHTED, 1.8, "regions", said("<b>yes", sure=0.5))
    session.inspection_changed.emit(replace(session.inspection, trials=(trial,)))

    assert panel.trials.isVisibleTo(panel)
    assert panel.trials.text() == trial_words(trial)
    assert "not judged" in panel.trials.text()
    assert "<b>yes" in panel.trials.text()
    assert panel.trials.textFormat() == Qt.TextFormat.PlainText
