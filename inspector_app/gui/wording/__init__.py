"""What the window says: words, sentences of trouble, and their translation.

May import Qt's translation and `domain`; nothing of the window itself. Texts are marked where
they are written (`marks`) and translated when they are said, in the language of the moment.

    words      of the work: stages, devices, kinds; verdict_words: of verdicts and findings
    problems   sentences of trouble; each `*_sentences` has those of one part of the program
    verbs      what people did, for the menu

A new sentence of trouble is one line in the file of its part.
"""
