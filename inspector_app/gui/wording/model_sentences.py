"""What models, servers and pulls meet in the world, as the rooms behind the window say it."""

from inspector_app.gui.wording.marks import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("problem", '"{name}" runs on a server, which does not tell where it looks.'),
    QT_TRANSLATE_NOOP("problem", "Draw the region yourself, or choose a model on this machine."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The card in {folder} wants a key of the system's keyring, which is only given "
        "to servers that were added here.",
    ),
    QT_TRANSLATE_NOOP("problem", "Add the server with: inspector models add-server."),
    QT_TRANSLATE_NOOP(
        "problem",
        'The card of "{name}" has no address that begins with http:// or https:// and '
        "holds no password, and nothing behind a ? or #.",
    ),
    QT_TRANSLATE_NOOP("problem", "Write it anew with: inspector models add-server."),
    QT_TRANSLATE_NOOP(
        "problem", 'The card of "{name}" has a patience or a side that makes no sense.'
    ),
    QT_TRANSLATE_NOOP("problem", "Give more than 0 seconds and at least {count} pixels."),
    QT_TRANSLATE_NOOP(
        "problem", 'The key "{key}" for "{name}" holds letters that no key can have.'
    ),
    QT_TRANSLATE_NOOP("problem", "Put the right one there with: inspector models add-server."),
    QT_TRANSLATE_NOOP("problem", 'The system\'s keyring has no key "{key}" for "{name}".'),
    QT_TRANSLATE_NOOP("problem", "Put it there with: inspector models add-server."),
    QT_TRANSLATE_NOOP("problem", 'The server at {server} has no model "{name}".'),
    QT_TRANSLATE_NOOP("problem", "It has: {names}."),
    QT_TRANSLATE_NOOP(
        "problem",
        '"{name}" used up all {count} tokens of an answer without a word of it, as '
        "models do that think first.",
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "Write more max_tokens under [prompt] on its card, or take one that does not think.",
    ),
    QT_TRANSLATE_NOOP(
        "problem", 'The card of "{name}" lacks or misspells the entry {entry} of its server.'
    ),
    QT_TRANSLATE_NOOP(
        "problem", 'The system\'s keyring does not open, so the key "{key}" is not to be had.'
    ),
    QT_TRANSLATE_NOOP("problem", "Unlock the keyring, or use a server without a key."),
    QT_TRANSLATE_NOOP("problem", 'The model "{name}" at {server} takes no pictures: {told}'),
    QT_TRANSLATE_NOOP("problem", "Choose a model that sees."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} does not answer{told}."),
    QT_TRANSLATE_NOOP("problem", "Look at the server."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} answered with a web page."),
    QT_TRANSLATE_NOOP(
        "problem", "The server at {server} answered with something that is no answer."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The server at {server} answered with more than any answer can hold."
    ),
    QT_TRANSLATE_NOOP(
        "problem", 'It must be OpenAI-compatible; its address usually ends in "/v1".'
    ),
    QT_TRANSLATE_NOOP("problem", "The server at {server} broke off in the middle of its answer."),
    QT_TRANSLATE_NOOP("problem", "Ask again, or look at the server."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} does not accept the key{told}."),
    QT_TRANSLATE_NOOP("problem", "Give the right one with: inspector models add-server."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} is too busy or in trouble{told}."),
    QT_TRANSLATE_NOOP("problem", "Ask again later, or look at the server."),
    QT_TRANSLATE_NOOP("problem", 'The server at {server} has no model "{name}" there{told}.'),
    QT_TRANSLATE_NOOP("problem", 'Check the address (it ends in "/v1") and the name of the model.'),
    QT_TRANSLATE_NOOP("problem", "The server at {server} refuses what it was asked{told}."),
    QT_TRANSLATE_NOOP("problem", "Shorten the question, or zoom into fewer regions."),
    QT_TRANSLATE_NOOP("problem", "Write a smaller side on its card, or zoom into fewer regions."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The server at {server} sends on to another address (status {status}), where "
        "nothing is sent.",
    ),
    QT_TRANSLATE_NOOP("problem", "Add that address itself with: inspector models add-server."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} cannot be reached."),
    QT_TRANSLATE_NOOP("problem", "Check that it runs, and its address."),
    QT_TRANSLATE_NOOP(
        "problem", "The server at {server} kept the line open for {count} s and said nothing."
    ),
    QT_TRANSLATE_NOOP("problem", "The server at {server} said nothing for {count} s."),
    QT_TRANSLATE_NOOP("problem", "The server at {server} broke the connection."),
    QT_TRANSLATE_NOOP(
        "problem", "Copy models/embedded/card.toml there and adapt it to the checkpoint."
    ),
    QT_TRANSLATE_NOOP("problem", "The card {path} is no valid TOML: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Correct that line of the file."),
    QT_TRANSLATE_NOOP("problem", "The card {path} holds a number or a nesting beyond all measure."),
    QT_TRANSLATE_NOOP("problem", "Compare it with models/embedded/card.toml."),
    QT_TRANSLATE_NOOP("problem", "The card {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Check the permissions of the folder."),
    QT_TRANSLATE_NOOP("problem", "The card {path} lacks or misspells the entry {entry}."),
    QT_TRANSLATE_NOOP(
        "problem", 'The card of "{name}" names layer {layer}; the model has layers 0 to {last}.'
    ),
    QT_TRANSLATE_NOOP("problem", "Correct the layer in card.toml."),
    QT_TRANSLATE_NOOP("problem", "The file {path} of the model cannot be read."),
    QT_TRANSLATE_NOOP("problem", "The file {path} of the model holds no settings."),
    QT_TRANSLATE_NOOP(
        "problem", "The checkpoint in {folder} is a {name}, which this family cannot load."
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        'The checkpoint in {folder} has a part of the kind "{name}", which this family '
        "cannot load.",
    ),
    QT_TRANSLATE_NOOP("problem", "It loads: {names}."),
    QT_TRANSLATE_NOOP(
        "problem", "The checkpoint in {folder} is quantised, which is not supported."
    ),
    QT_TRANSLATE_NOOP("problem", "Take the float16 or bfloat16 checkpoint."),
    QT_TRANSLATE_NOOP("problem", "The model folder {folder} is incomplete: it has no weights."),
    QT_TRANSLATE_NOOP("problem", "Copy or download its .safetensors files."),
    QT_TRANSLATE_NOOP(
        "problem",
        "The tokenizer in {folder} is there in SentencePiece's format only "
        "(tokenizer.model), which is not read.",
    ),
    QT_TRANSLATE_NOOP("problem", "Add the tokenizer.json of the same checkpoint."),
    QT_TRANSLATE_NOOP("problem", "The tokenizer in {folder} is missing or damaged."),
    QT_TRANSLATE_NOOP("problem", "The tokenizer in {folder} has no token {number} for pictures."),
    QT_TRANSLATE_NOOP("problem", "The tokenizer's files do not belong to this checkpoint."),
    QT_TRANSLATE_NOOP(
        "problem", "The model in {folder} wants to run Python code of its own ({name})."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "For safety only checkpoints that transformers itself knows are loaded."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The weights in {folder} are not all finite numbers in {precision} ({name})."
    ),
    QT_TRANSLATE_NOOP("problem", "Copy or download the checkpoint again."),
    QT_TRANSLATE_NOOP(
        "problem", "Copy or download the checkpoint again, or choose the precision bfloat16."
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "The weights in {folder} do not fit the model's config or are damaged ({reason}).",
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The model in {folder} is damaged or unlike what its family loads ({reason})."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The vision tower of the model in {folder} does not work ({reason})."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Its config.json is damaged: copy or download the whole checkpoint again."
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        "The language model in {folder} sees only a sliding window of its prompt, which "
        "is not supported.",
    ),
    QT_TRANSLATE_NOOP("problem", "Take a checkpoint with full attention."),
    QT_TRANSLATE_NOOP(
        "problem", 'The image processor "{name}" in {path} is not one that can be used.'
    ),
    QT_TRANSLATE_NOOP(
        "problem", "The image processor's file {path} cannot be understood ({reason})."
    ),
    QT_TRANSLATE_NOOP("problem", "Take the file that came with the checkpoint."),
    QT_TRANSLATE_NOOP("problem", "Take the processor's file that came with the checkpoint."),
    QT_TRANSLATE_NOOP("problem", "The model gave numbers that are not finite in {precision}."),
    QT_TRANSLATE_NOOP("problem", "Choose the precision float32 or bfloat16 in the settings."),
    QT_TRANSLATE_NOOP(
        "problem",
        "A picture of {width} x {height} pixels is too thin a strip for this model, "
        "which takes pictures up to {count} times as long as wide.",
    ),
    QT_TRANSLATE_NOOP(
        "problem", "A picture of {width} x {height} pixels is too thin a strip for this model."
    ),
    QT_TRANSLATE_NOOP("problem", "Draw a region in it, or choose another model."),
    QT_TRANSLATE_NOOP("problem", 'The question contains "{text}", which stands for the picture.'),
    QT_TRANSLATE_NOOP("problem", "Leave it out: the picture is added by itself."),
    QT_TRANSLATE_NOOP(
        "problem", 'The question contains "{text}", which is a mark between parts of a prompt.'
    ),
    QT_TRANSLATE_NOOP("problem", "Leave it out."),
    QT_TRANSLATE_NOOP(
        "problem", "The question is too long: the queries read {room} tokens, and it has {count}."
    ),
    QT_TRANSLATE_NOOP("problem", "Shorten the question."),
    QT_TRANSLATE_NOOP("problem", "The question is empty."),
    QT_TRANSLATE_NOOP("problem", "Type what you want to know."),
    QT_TRANSLATE_NOOP(
        "problem",
        '"{title}" needs {need} GB in {precision}, and {free} GB are free on the graphics card.',
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        '"{title}" needs {need} GB in {precision}, and {free} GB are free on the computer.',
    ),
    QT_TRANSLATE_NOOP("problem", "Choose a smaller model or a server, or close other programs."),
    QT_TRANSLATE_NOOP(
        "problem", "Choose a lower precision, a smaller model or a server, or close other programs."
    ),
    QT_TRANSLATE_NOOP("problem", 'The weights of "{name}" are not on this computer.'),
    QT_TRANSLATE_NOOP(
        "problem", "Get them with: inspector models pull {name}, or under Tools > Models."
    ),
    QT_TRANSLATE_NOOP(
        "problem",
        'The card of "{name}" names the family "{family}", which this program does not have.',
    ),
    QT_TRANSLATE_NOOP("problem", "Families there are: {names}."),
    QT_TRANSLATE_NOOP(
        "problem", 'Name a folder, an address that begins with https://, or "modelscope".'
    ),
    QT_TRANSLATE_NOOP("problem", "There is no folder {folder} to take a model from."),
    QT_TRANSLATE_NOOP("problem", 'There is no "{name}" at {host}.'),
    QT_TRANSLATE_NOOP(
        "problem",
        "Check the address; a mirror speaks the hub's language or serves a model's "
        "folder with its {name}.",
    ),
    QT_TRANSLATE_NOOP("problem", "{host} does not give this model to everybody (status {status})."),
    QT_TRANSLATE_NOOP(
        "problem",
        "Accept its licence and download it in a browser, then name that folder with --from.",
    ),
    QT_TRANSLATE_NOOP("problem", "{host} cannot be reached: this computer seems to be offline."),
    QT_TRANSLATE_NOOP(
        "problem",
        "Connect to the network, name a mirror or a folder with --from, or copy the "
        "folder from another computer.",
    ),
    QT_TRANSLATE_NOOP("problem", "{host} broke the connection."),
    QT_TRANSLATE_NOOP("problem", "Try again later."),
    QT_TRANSLATE_NOOP("problem", "{host} broke the connection, again and again."),
    QT_TRANSLATE_NOOP("problem", "{host} cannot be reached, again and again."),
    QT_TRANSLATE_NOOP("problem", "{host} is busy (status {status}), again and again."),
    QT_TRANSLATE_NOOP("problem", "Pull it again later: it goes on where it stopped."),
    QT_TRANSLATE_NOOP("problem", "There is no checkpoint in {folder}: it has no config.json."),
    QT_TRANSLATE_NOOP(
        "problem", "Name the folder that holds config.json and the .safetensors files."
    ),
    QT_TRANSLATE_NOOP("problem", "The folder {folder} does not have {name}."),
    QT_TRANSLATE_NOOP("problem", "Copy the whole checkpoint there again."),
    QT_TRANSLATE_NOOP("problem", "{host} does not have {name}."),
    QT_TRANSLATE_NOOP("problem", "Try another mirror, or a folder."),
    QT_TRANSLATE_NOOP("problem", "{host} answered with something that is no list of files."),
    QT_TRANSLATE_NOOP("problem", "Check the address, or try again later."),
    QT_TRANSLATE_NOOP("problem", "Try again later, or pull the model from the hub."),
    QT_TRANSLATE_NOOP("problem", "Pull it from the hub or a mirror of it."),
    QT_TRANSLATE_NOOP("problem", "{host} is in trouble (status {status})."),
    QT_TRANSLATE_NOOP("problem", "Try again later, or name a mirror or a folder."),
    QT_TRANSLATE_NOOP("problem", '"{address}" is no address to pull a model from.'),
    QT_TRANSLATE_NOOP(
        "problem", "Give one such as https://hf-mirror.com, without a name or password in it."
    ),
    QT_TRANSLATE_NOOP("problem", "The checkpoint at {host} is quantised, which is not supported."),
    QT_TRANSLATE_NOOP(
        "problem", "The checkpoint at {host} is a {name}, not what the card describes."
    ),
    QT_TRANSLATE_NOOP("problem", "Expected: {names}."),
    QT_TRANSLATE_NOOP("problem", "The config.json of {host} cannot be read."),
    QT_TRANSLATE_NOOP("problem", "Take another source."),
    QT_TRANSLATE_NOOP("problem", 'The disk has {free} free, and "{name}" needs {need} more.'),
    QT_TRANSLATE_NOOP("problem", "Free some space, or move INSPECTOR_HOME to another disk."),
    QT_TRANSLATE_NOOP(
        "problem", "{name} from {host} is not what was published: its hash is another one."
    ),
    QT_TRANSLATE_NOOP("problem", "Try again, or take another mirror."),
    QT_TRANSLATE_NOOP(
        "problem", "The model at {host} wants to run Python code of its own ({name})."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "For safety only checkpoints that transformers itself knows are taken."
    ),
    QT_TRANSLATE_NOOP("problem", "The model in {folder} is damaged: {name} is missing."),
    QT_TRANSLATE_NOOP(
        "problem", "The model in {folder} is damaged: {name} has {size} of {total} bytes."
    ),
    QT_TRANSLATE_NOOP("problem", "The model in {folder} is damaged: {name} is not what came."),
    QT_TRANSLATE_NOOP("problem", "Repair it with: inspector models pull {name}."),
    QT_TRANSLATE_NOOP(
        "problem", "The model in {folder} is not as it came: {name} was put there afterwards."
    ),
    QT_TRANSLATE_NOOP("problem", "Take that file out of the folder."),
    QT_TRANSLATE_NOOP("problem", "Only models that were pulled or added have one."),
    QT_TRANSLATE_NOOP("problem", "The model folder {folder} has no {name} to compare with."),
    QT_TRANSLATE_NOOP("problem", "The manifest {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "The manifest {path} cannot be read."),
    QT_TRANSLATE_NOOP("problem", "Pull the model again, or copy its whole folder again."),
    QT_TRANSLATE_NOOP("problem", 'The card of "{name}" names no repository to pull it from.'),
    QT_TRANSLATE_NOOP("problem", "Models with one are listed by: inspector models list."),
    QT_TRANSLATE_NOOP("problem", '{folder} is where "{name}" is already.'),
    QT_TRANSLATE_NOOP("problem", "Name another folder."),
    QT_TRANSLATE_NOOP("problem", "{host} has no weights of this model."),
    QT_TRANSLATE_NOOP("problem", "{host} has no config.json of this model."),
    QT_TRANSLATE_NOOP("problem", "Check the address or the folder."),
    QT_TRANSLATE_NOOP(
        "problem",
        "{host} has the weights as pickle only ({name}), which can run code when they are opened.",
    ),
    QT_TRANSLATE_NOOP("problem", "Take a repository with .safetensors files."),
    QT_TRANSLATE_NOOP("problem", 'There is another model "{name}" here already.'),
    QT_TRANSLATE_NOOP("problem", "Rename the folder {folder} first."),
    QT_TRANSLATE_NOOP("problem", '"{name}" is no name for a folder.'),
    QT_TRANSLATE_NOOP("problem", "Use letters, digits and -."),
    QT_TRANSLATE_NOOP("problem", 'There is a model "{name}" already.'),
    QT_TRANSLATE_NOOP("problem", "Choose another name, or remove {folder}."),
    QT_TRANSLATE_NOOP("problem", "There is no folder {folder} to add a model from."),
    QT_TRANSLATE_NOOP(
        "problem",
        'The card in {folder} names the family "{family}", but the checkpoint beside it '
        'is one for "{kin}".',
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Correct the family in {name}, or take the file away: a card is then made."
    ),
    QT_TRANSLATE_NOOP("problem", 'The config.json of "{name}" describes no network ({reason}).'),
    QT_TRANSLATE_NOOP(
        "problem", 'The vision tower of "{name}" takes pictures of many sizes and is not exported.'
    ),
    QT_TRANSLATE_NOOP("problem", "Torch runs it."),
    QT_TRANSLATE_NOOP(
        "problem", "The export of the vision tower ended without a word, as when memory is full."
    ),
    QT_TRANSLATE_NOOP(
        "problem", "Close other programs and try again; torch goes on running the tower."
    ),
    QT_TRANSLATE_NOOP("problem", "The folder {folder} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "The file {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("problem", "Check the disk and the permissions of the folder."),
)
