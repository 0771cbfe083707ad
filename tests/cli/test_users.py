"""Users, signatures and the trail on the command line."""

import csv
import io
import json

import jsonschema
import pypdf
import pytest

from inspector_app import paths
from inspector_app.cli import run
from inspector_app.domain.errors import NotAllowed, WrongUse
from inspector_app.domain.gesture import Gesture, Judgement, Note, Verb
from inspector_app.domain.measure import picture_key
from inspector_app.domain.settings import Settings
from inspector_app.domain.verdict import Outcome
from inspector_app.settings import save_settings
from inspector_app.store import accounts as module
from inspector_app.store.records import Store
from inspector_app.workflow import trails
from tests.fakes.records import make_inspection

ADMIN, PIN = "correct horse", "1234"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("INSPECTOR_HOME", str(tmp_path))
    monkeypatch.setattr(
        module.Accounts.__init__, "__kwdefaults__", {"cost": {"n": 16, "r": 8, "p": 1}}
    )


@pytest.fixture
def users(monkeypatch):
    """An admin and an operator."""
    monkeypatch.setenv("INSPECTOR_NEW_PASSWORD", ADMIN)
    run(["users", "add", "ada", "--role", "admin"])
    as_admin(monkeypatch)
    monkeypatch.setenv("INSPECTOR_NEW_PASSWORD", PIN)
    run(["users", "add", "ben"])
    run(["users", "add", "eva", "--role", "engineer"])


@pytest.fixture
def record():
    store = Store(paths.data())
    kept = store.save(make_inspection())
    yield store, kept
    store.close()


def as_admin(monkeypatch):
    sign_in(monkeypatch, "ada", ADMIN)


def sign_in(monkeypatch, name, password=PIN):
    monkeypatch.setenv("INSPECTOR_USER", name)
    monkeypatch.setenv("INSPECTOR_PASSWORD", password)


def key_of(kept):
    return picture_key(kept.provenance.sha256, kept.provenance.locator)


def test_users_are_listed_with_their_roles(users, capsys):
    capsys.readouterr()
    run(["users"])

    told = capsys.readouterr().out

    assert all(word in told for word in ("ada", "admin", "ben", "operator", "eva", "engineer"))


def test_the_rights_of_each_role_are_told(capsys):
    run(["users", "rights"])

    rows = {
        line.split("│")[1].strip(): line
        for line in capsys.readouterr().out.splitlines()
        if "│" in line
    }
    assert rows["change presets"].count("yes") == 2
    assert rows["correct verdicts and findings"].count("yes") == 4


def test_only_an_admin_adds_users(users, monkeypatch):
    sign_in(monkeypatch, "eva")

    with pytest.raises(NotAllowed, match="may not look after users"):
        run(["users", "add", "carl"])


def test_a_user_changes_the_own_password_and_nobody_elses(users, monkeypatch):
    sign_in(monkeypatch, "ben")
    monkeypatch.setenv("INSPECTOR_NEW_PASSWORD", "5678")
    run(["users", "password", "ben"])

    sign_in(monkeypatch, "ben", "5678")
    with pytest.raises(NotAllowed):
        run(["users", "password", "eva", "--as", "ben"])


def test_a_retired_user_is_refused_and_may_come_back(users, monkeypatch, record):
    run(["users", "retire", "eva"])
    sign_in(monkeypatch, "eva")
    with pytest.raises(NotAllowed):
        run(["records", "sign", "1", "--meaning", "approved"])
    as_admin(monkeypatch)
    run(["users", "retire", "eva", "--back"])
    sign_in(monkeypatch, "eva")

    assert run(["records", "sign", "1", "--meaning", "approved"]) == 0


def test_an_admin_needs_more_than_a_pin(users, monkeypatch):
    with pytest.raises(WrongUse, match="8 to 200 letters"):
        run(["users", "role", "eva", "admin"])


def test_an_operator_does_not_change_presets_where_sign_in_is_required(
    users, monkeypatch, tmp_path
):
    run(["presets", "export", "industrial", str(tmp_path / "a.toml")])
    save_settings(Settings(require_sign_in=True))
    sign_in(monkeypatch, "ben")
    with pytest.raises(NotAllowed, match="ben \\(operator\\) may not change presets"):
        run(["presets", "import", str(tmp_path / "a.toml"), "--name", "mine"])
    sign_in(monkeypatch, "eva")

    assert run(["presets", "import", str(tmp_path / "a.toml"), "--name", "mine"]) == 0


def test_nobody_works_without_a_name_where_sign_in_is_required(users, monkeypatch):
    save_settings(Settings(require_sign_in=True))
    monkeypatch.delenv("INSPECTOR_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())

    with pytest.raises(NotAllowed, match="The password of ada is missing") as refused:
        run(["ask", "a.png", "-q", "Is there a crack?"])

    assert "INSPECTOR_PASSWORD" in refused.value.hint


def test_without_a_terminal_only_what_is_missing_is_named(users, monkeypatch):
    monkeypatch.delenv("INSPECTOR_NEW_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())

    # Name and password of the admin are set: what is missing is the new user's.
    with pytest.raises(NotAllowed, match="The new password of carl is missing") as refused:
        run(["users", "add", "carl"])
    assert "INSPECTOR_NEW_PASSWORD" in refused.value.hint
    assert "INSPECTOR_USER" not in refused.value.hint

    monkeypatch.delenv("INSPECTOR_USER")
    with pytest.raises(NotAllowed, match="The name is missing") as refused:
        run(["users", "add", "carl"])
    assert "INSPECTOR_USER" in refused.value.hint


def test_a_signature_shows_in_the_record_and_is_outdated_by_a_correction(
    users, monkeypatch, record, capsys
):
    store, kept = record
    sign_in(monkeypatch, "eva")
    run(["records", "sign", str(kept.id), "--meaning", "reviewed"])
    capsys.readouterr()
    run(["records", "show", str(kept.id)])
    before = capsys.readouterr().out
    store.keep_gesture(key_of(kept), Gesture(Verb.NOTED, (Note("look again"),), by="ben"))
    run(["records", "show", str(kept.id)])
    after = capsys.readouterr().out
    run(["records", "verify", "--quiet"])

    assert "Signed  reviewed by eva (engineer)" in before
    assert "earlier state" not in before
    assert "signed for an earlier state" in after
    assert f"Record {kept.id} was signed for an earlier state." in capsys.readouterr().err


def test_an_operator_cannot_sign(users, monkeypatch, record):
    sign_in(monkeypatch, "ben")

    with pytest.raises(NotAllowed, match="may not sign as reviewed"):
        run(["records", "sign", "1", "--meaning", "reviewed"])


def test_nobody_signs_before_there_are_users(record, monkeypatch):
    as_admin(monkeypatch)

    with pytest.raises(NotAllowed, match="needs a user with a password"):
        run(["records", "sign", "1", "--meaning", "reviewed"])


def test_the_trail_tells_who_did_what_and_no_cell_is_a_formula(
    users, record, monkeypatch, tmp_path
):
    store, kept = record
    judged = Judgement(kept.id, Outcome.FAIL, "=HYPERLINK(1)", "=cmd")
    store.keep_gesture(key_of(kept), Gesture(Verb.JUDGED, (judged,), by="=cmd"))
    sign_in(monkeypatch, "eva")
    run(["records", "sign", str(kept.id), "--meaning", "approved"])

    run(["records", "trail", "--csv", str(tmp_path / "t.csv"), "--json", str(tmp_path / "t.json")])

    text = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    head, *rows, purpose = csv.reader(io.StringIO(text))
    assert tuple(head) == trails.COLUMNS
    said = [(row[2], row[3], row[4]) for row in rows]
    assert said[0][1] == "user added"
    assert ("'=cmd", "judged", str(kept.id)) in said
    assert ("eva", "signed: approved", str(kept.id)) in said
    assert "compliant" not in purpose[0]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    whole = json.loads((tmp_path / "t.json").read_text(encoding="ascii"))
    assert [line["number"] for line in whole["entries"]] == list(range(1, len(rows) + 1))
    assert "scrypt" not in text
    assert "scrypt" not in json.dumps(whole)


def test_the_trail_names_the_clock_that_was_set_back(record, capsys):
    store, _kept = record
    inspection = make_inspection(created="2001-01-01T00:00:00+00:00")
    store.save(inspection)

    run(["records", "verify", "--quiet"])

    assert "The clock was set back before entry 2." in capsys.readouterr().err


def test_every_report_tells_who_signed_and_whether_for_this_state(
    users, monkeypatch, record, tmp_path
):
    store, kept = record
    sign_in(monkeypatch, "eva")
    run(["records", "sign", str(kept.id), "--meaning", "approved"])
    store.keep_gesture(key_of(kept), Gesture(Verb.NOTED, (Note("look again"),), by="ben"))
    for name in ("pdf", "html", "csv", "json"):
        run(["records", "report", str(kept.id), "--out", str(tmp_path / f"a.{name}"), "--quiet"])

    pages = pypdf.PdfReader(tmp_path / "a.pdf").pages
    told = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "approved by eva (engineer)" in told
    assert "signed for an earlier state" in told
    for name in ("html", "csv"):
        text = (tmp_path / f"a.{name}").read_text(encoding="utf-8-sig")
        assert "approved by eva (engineer)" in text
        assert "signed for an earlier state" in text
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    (signed,) = document["signatures"]
    assert (signed["name"], signed["meaning"], signed["is_current"]) == ("eva", "approved", False)
    schema = json.loads(
        (paths.resources() / "schema" / "inspection.schema.json").read_text(encoding="utf-8")
    )
    jsonschema.validate(document, schema)


def test_an_admin_decides_that_everybody_signs_in_and_no_file_undoes_it(users, monkeypatch):
    assert run(["users", "require"]) == 0
    save_settings(Settings(require_sign_in=False))

    sign_in(monkeypatch, "ben", "wrong")
    with pytest.raises(NotAllowed, match="do not fit"):
        run(["ask", "a.png", "-q", "Is there a crack?"])
    sign_in(monkeypatch, "ben")
    with pytest.raises(NotAllowed, match=r"ben \(operator\) may not look after users"):
        run(["users", "require", "--off"])


def test_nobody_can_be_made_to_sign_in_before_there_is_an_admin():
    with pytest.raises(WrongUse, match="nobody yet who could sign in"):
        run(["users", "require"])
