"""Sentences of trouble about users and signatures; see `problems`."""

from inspector_app.gui.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", "Name and password do not fit."),
    QT_TRANSLATE_NOOP("problem", "Try again."),
    QT_TRANSLATE_NOOP("problem", "The account of {name} is shut after {count} wrong passwords."),
    QT_TRANSLATE_NOOP("problem", "Wait {count} minutes, or let an admin set a new password."),
    QT_TRANSLATE_NOOP("problem", "Only {name} or an admin can unlock this window."),
    QT_TRANSLATE_NOOP("problem", "Sign in as one."),
    QT_TRANSLATE_NOOP("problem", "Users are looked after by an admin."),
    QT_TRANSLATE_NOOP("problem", "Sign in as one and try again."),
    QT_TRANSLATE_NOOP("problem", "The name {name} is taken."),
    QT_TRANSLATE_NOOP("problem", "A name is never given twice."),
    QT_TRANSLATE_NOOP("problem", "The first user must be an admin."),
    QT_TRANSLATE_NOOP("problem", "Add an admin first."),
    QT_TRANSLATE_NOOP("problem", "A new admin needs a new password, too."),
    QT_TRANSLATE_NOOP("problem", "Give one."),
    QT_TRANSLATE_NOOP("problem", "{name} is the last admin, and somebody must look after users."),
    QT_TRANSLATE_NOOP("problem", "Make somebody else an admin first."),
    QT_TRANSLATE_NOOP("problem", "A password of this role has {least} to {most} letters."),
    QT_TRANSLATE_NOOP("problem", "Choose another one."),
    QT_TRANSLATE_NOOP("problem", "A name has 1 to {count} letters."),
    QT_TRANSLATE_NOOP("problem", "A name holds no letters that cannot be seen."),
    QT_TRANSLATE_NOOP("problem", "Choose another name."),
    QT_TRANSLATE_NOOP("problem", "Signing needs a user with a password, and there is none yet."),
    QT_TRANSLATE_NOOP("problem", "Add users first: Tools, Users, or inspector users add."),
    QT_TRANSLATE_NOOP("problem", "{name} ({role}) may not {right}."),
    QT_TRANSLATE_NOOP("problem", "That takes the role {role} or a higher one."),
    QT_TRANSLATE_NOOP("problem", "{name} tells no format of a trail."),
    QT_TRANSLATE_NOOP("problem", "End it in .csv or .json."),
)
