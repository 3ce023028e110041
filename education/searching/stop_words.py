"""English words that say nothing about what somebody looks for: those of PostgreSQL's own list, and a few more.

PostgreSQL keeps these out of its index, so both databases must leave them out of what is asked.
"""

_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
    could would may might must shall ll ve re d m isn aren wasn won didn doesn couldn please tell long much many get got
"""
STOP_WORDS = frozenset(_WORDS.split())
