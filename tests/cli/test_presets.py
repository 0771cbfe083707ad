"""`inspector presets ...`: list, show, check, exchange, compare, restore."""

import json

import pytest

from inspector_app import paths
from inspector_app.cli.presets import with_words
from inspector_app.domain.errors import WrongUse
from inspector_app.domain.preset import Options, Preset, Wording
from inspector_app.presets import load_presets, preset, save_preset
from inspector_app.presets.templates import template
from tests.fakes import command


@pytest.fixture
def run(capfd):
    return lambda *arguments: command.run(capfd, "presets", *arguments)


def flat(text):
    """Words of a table, whatever its lines."""
    return " ".join(text.replace("│", " ").replace("┃", " ").split())


def own_text(**more):
    save_preset(Preset("text", "My text", "whole", Options(**more), "What is it?"))


@pytest.mark.parametrize("words", [(), ("list",)])
def test_presets_are_listed_with_whose_they_are(run, words):
    own_text()
    save_preset(Preset("mine", "My [b]x[/b]", "whole", Options(), "Is it :smile:?"))

    ended = run(*words)

    assert (ended.code, ended.err) == (0, "")
    for one in load_presets():
        assert one.name in ended.out
    assert "[b]x[/b]" in flat(ended.out)
    assert ":smile:" in ended.out
    assert "changed" in flat(ended.out)
    # Two regions, each at two scales.
    assert "manual 2 x 2" in flat(ended.out)


def test_show_tells_everything_that_a_preset_says(run):
    ended = run("show", "industrial")

    lines = [flat(line) for line in ended.out.splitlines()]
    assert "look.reweighting 1.8" in lines
    assert "run.batch 16" in lines
    assert "look.count 2" in lines
    assert "industrial (shipped) asks: Is there a defect?" in ended.out


@pytest.mark.parametrize(
    ("answer", "told"),
    [("yes", "FAIL: found\nfinding: defect, major\n"), ("no", "PASS: not found\n")],
)
def test_rules_are_tried_on_an_answer(run, answer, told):
    assert run("try", "industrial", answer).out == told


def test_a_region_that_there_is_not_cannot_be_tried(run):
    ended = run("try", "industrial", "yes", "--region", "3")

    assert ended.code == 2
    assert "The preset has 2 regions." in ended.err


def test_show_gives_the_file_itself(run):
    ended = run("show", "medical", "--json")

    shipped = paths.resources() / "presets" / "medical.json"
    assert json.loads(ended.out) == json.loads(shipped.read_text(encoding="utf-8"))


def test_show_fills_the_template(run):
    assert "asks: What is the code on the label?" in run("show", "text").out


def test_good_presets_are_called_good(run):
    ended = run("validate", "medical", "industrial", "text")

    assert ended.code == 0
    assert ended.out.splitlines() == ["medical: good", "industrial: good", "text: good"]


def test_every_fault_of_a_bad_file_is_told(run, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"schema_version": 2, "look": {"count": 9}}))

    ended = run("validate", "text", bad)

    assert ended.code == 2
    assert ended.out.splitlines() == [
        "text: good",
        f"{bad}: title: this entry is missing",
        f"{bad}: look.strategy: this entry is missing",
        f"{bad}: look.count: it must be at most 4",
    ]
    assert ended.last == "1 preset of 2 cannot be used. Correct those entries."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"look": {"strategy": "luck"}}, 'look.strategy: there is no "luck"; choose from'),
        ({"model": {"name": "none"}}, 'model.name: there is no model "none"; choose from embedded'),
        ({"prompt": {"template": "none"}}, "prompt.template: There is no prompt template"),
    ],
)
def test_what_this_program_does_not_have_is_a_fault(run, tmp_path, change, words):
    path = tmp_path / "one.json"
    document = {"schema_version": 2, "title": "T", "look": {"strategy": "whole"}}
    path.write_text(json.dumps(document | change))

    ended = run("validate", path)

    assert ended.code == 2
    assert words in ended.out
    assert run("import", path).code == 2
    assert not (paths.config() / "presets").exists()


@pytest.mark.parametrize("content", ["{", "", json.dumps({"schema_version": 9})])
def test_a_file_that_is_no_preset_is_told_in_one_line(run, tmp_path, content):
    path = tmp_path / "bad.json"
    path.write_text(content)

    ended = run("validate", path)

    assert ended.code == 2
    assert len(ended.out.splitlines()) == 1
    assert path.read_text() == content


def test_a_preset_travels_by_export_and_import(run, tmp_path):
    own_text(count=3)
    kept = preset("text")

    assert run("export", "text", tmp_path).code == 0
    assert run("import", tmp_path / "text.json", "--name", "carried").code == 0

    carried = preset("carried")
    assert (carried.title, carried.options) == (kept.title, kept.options)


def test_a_preset_that_came_without_its_pictures_is_taken_and_they_are_named(run, tmp_path):
    document = {**json.loads(run("show", "industrial", "--json").out), "title": "T"}
    document["regions"]["template_picture"] = {"picture": "gone/part.png"}
    document["golden"].update(good=["gone/good"], bad=[str(tmp_path)])
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(document))

    validated, taken = run("validate", file), run("import", file)

    for ended in (validated, taken):
        assert ended.code == 0
        assert "regions.template_picture: there is no file gone/part.png" in ended.err
        assert "golden.good.0: there is no file gone/good" in ended.err
        assert "golden.bad" not in ended.err


def test_an_old_file_is_brought_up_by_import(run, tmp_path):
    old = tmp_path / "old.json"
    old.write_text(json.dumps({"title": "Old", "strategy": "whole", "question": "Is it?"}))

    assert run("import", old).code == 0

    written = json.loads((paths.config() / "presets" / "old.json").read_text("utf-8"))
    assert written["schema_version"] == 2
    assert written["prompt"]["question"] == "Is it?"


def test_nothing_is_replaced_unasked(run, tmp_path):
    assert run("export", "text", tmp_path / "text.json").code == 0

    run("export", "text", tmp_path).refused(2, "already", "--force")
    run("import", tmp_path / "text.json").refused(2, "There is a text already", "--force")

    assert run("export", "text", tmp_path, "--force").code == 0
    assert run("import", tmp_path / "text.json", "--force").code == 0


def test_a_folder_that_is_not_there_is_named(run, tmp_path):
    run("export", "text", tmp_path / "none" / "x.json").refused(5, "There is no folder")


def test_a_preset_is_compared_with_the_shipped_one(run):
    assert run("diff", "text").out == "no difference\n"
    own_text(count=3)

    words = flat(run("diff", "text").out)

    assert 'look.strategy "relative_attention" "whole"' in words
    assert "look.count 1 3" in words
    assert "look.layer" not in words


def test_two_presets_are_compared(run):
    assert 'trade "industrial" "text"' in flat(run("diff", "text", "industrial").out)


def test_without_a_shipped_one_there_is_nothing_to_compare_with(run):
    save_preset(Preset("mine", "Mine", "whole", Options()))

    run("diff", "mine").refused(2, 'No preset "mine" is shipped')


def test_a_preset_becomes_as_it_was_shipped(run):
    run("restore", "text").refused(2, "as it was shipped")
    own_text()

    assert run("restore", "text").code == 0

    assert preset("text").title == "Text"


def test_a_preset_that_nothing_would_replace_is_not_taken_away(run):
    save_preset(Preset("mine", "Mine", "whole", Options()))

    run("restore", "mine").refused(2, "take its place")

    assert preset("mine").title == "Mine"


def test_templates_are_listed_in_both_languages(run):
    words = flat(run("templates").out)

    assert "zh_CN" in words
    assert "Transcribe" in words


@pytest.mark.parametrize("command", ["show", "export", "diff", "restore"])
def test_an_unknown_preset_is_answered_with_those_there_are(run, tmp_path, command):
    more = [tmp_path] if command == "export" else []

    run(command, "none", *more).refused(2, 'no preset "none"', "industrial")


# --- words for the template ------------------------------------------------------------------

CODE = Preset("p", "P", "whole", Options(), wording=Wording("code", variables=(("part", "cog"),)))


def test_words_for_the_template_are_typed():
    words = with_words(CODE, ["target=red = label"]).wording.variables

    assert words == (("part", "cog"), ("target", "red = label"))


@pytest.mark.parametrize("typed", ["target", "lamp=x", "=x", "question=x"])
def test_what_sets_nothing_is_refused(typed):
    with pytest.raises(WrongUse, match="sets nothing"):
        with_words(CODE, [typed])


def test_without_a_template_there_is_nothing_to_set():
    with pytest.raises(WrongUse, match="has no prompt template"):
        with_words(Preset("p", "P", "whole", Options()), ["target=x"])


# --- templates of the user's own -------------------------------------------------------------


def template_file(folder, text, **more):
    path = folder / "mine.json"
    path.write_text(json.dumps({"title": "Mine", "text": text, **more}), encoding="utf-8")
    return path


def test_a_template_that_ends_at_the_answer_is_good_and_is_taken_in(run, tmp_path):
    path = template_file(tmp_path, "{question} Answer in one word.")

    assert run("lint", path).out == f"{path}: good\n"
    assert run("add-template", path).code == 0

    assert template("mine", language="en").is_own
    run("add-template", path).refused(2, "already", "--force")


def test_a_template_that_does_not_end_at_the_answer_is_flagged(run, tmp_path):
    path = template_file(tmp_path, "{question} It is steel.")

    ended = run("lint", path)

    assert ended.code == 2
    assert "does not end at the answer" in ended.out
    run("add-template", path).refused(2, "does not end at the answer")
    assert not (paths.config() / "templates").exists()


def test_advice_about_a_template_bars_nothing(run, tmp_path):
    path = template_file(tmp_path, "{question}")

    ended = run("lint", path)

    assert ended.code == 0
    assert f"{path}: advice: The template ends in the question" in ended.out


@pytest.mark.parametrize("language", ["de", "../en"])
def test_there_are_no_templates_in_other_languages(run, tmp_path, language):
    path = template_file(tmp_path, "{question} Answer in one word.")

    run("add-template", path, "--language", language).refused(2, "no templates in the language")


def test_two_templates_are_compared_on_labelled_pictures(run, tmp_path):
    samples = paths.resources() / "samples"
    labels = tmp_path / "labels.csv"
    labels.write_text(
        "picture,question,expected\n"
        f"{samples / 'parcels.png'},What is the code on the orange label?,YU5P\n"
    )

    ended = run("compare", "plain", "basic", labels, "--json", tmp_path / "f.json", "--quiet")

    assert ended.code == 0
    assert "A (plain) right 1" in ended.out
    assert "no claim" in ended.out
    assert json.loads((tmp_path / "f.json").read_text())["count"] == 1
    run("compare", "plain", "none", labels).refused(2, 'no prompt template "none"')
