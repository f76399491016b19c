"""The wording of commands, feelings and questions, as patterns over plain, casefolded lines."""

from __future__ import annotations

import re

from tutor.core.events import Intent

POLITE_BEFORE = re.compile(
    r"^(?:(?:please|pls|plz|ok(?:ay)?|hey|hi|so|well|um+|hmm+|tutor|now|then|and|actually|just|"
    r"can (?:you|i|we)|could (?:you|i|we)|may i|would you|will you|i(?:'d| would) like(?: you)?(?: to)?|"
    r"i (?:want|need|wanna)(?: you)?(?: to)?|let'?s|let me|let us|how about|what about)[, ]+)+"
)
POLITE_BEHIND = re.compile(
    r"(?:[, ]+(?:please|pls|plz|thanks|thank you|thx|now|tutor|for me|then|mate|ok))+(?=\??$)"
)
QUESTION_STARTS = re.compile(
    r"(?:what|what's|whats|why|how|when|where|who|which|whose|explain|define|describe|tell me (?:about|more|why|"
    r"how|what)|(?:is|are|does|do|did|can|could|should|would|will|has|was|were) (?:the|a|an|it|this|that|there|"
    r"we|you|i|they|[a-z]+)|difference between|meaning of|what do|i wonder|remind me)\b"
)
HEDGES = re.compile(
    r"(?:is it|isn'?t it|is that|is this|does it|doesn'?t it|do you|don'?t you|do we|would it|could it|might it|"
    r"maybe|perhaps|because|so that|to |something like|you mean|i think|i guess|is the answer|it'?s|you )\b"
)
WHAT_IF = re.compile(
    r"(?:what (?:happens|would happen|will happen|changes) (?:if|when)|what if|see what happens|"
    r"(?:run|try|test|show me) .{0,40}(?:with|at|to) )"
)
FEELINGS = re.compile(
    r"\b(?:makes? no sense|don'?t (?:get|understand) (?:it|this|that|anything|any of|a thing|a word)|"
    r"(?:i'?m|im|i am|this is|it'?s|that'?s|too|so|totally|completely) (?:\w+ ){0,2}"
    r"(?:confus\w+|frustrat\w+|stupid|dumb|lost|hopeless|overwhelm\w+|bored|boring|tired|annoy\w+|too hard|"
    r"too difficult)|this is (?:too |so |really )*(?:hard|difficult)|hate (?:this|maths?|it)$|i suck|"
    r"i(?:'ll| will) never (?:get|understand|learn)|argh+|ugh+|brain hurts|can'?t do this|give me a break)"
    r"|^(?:thanks?(?: you)?|thank you|thx|cheers|cool|nice|great|awesome|wow|lol|haha+|love it|good job)\b.{0,20}$"
)
HOPELESS = re.compile(r"(?:i'?m |i am |im )?(?:totally |completely |really )?(?:stuck|lost|blank)")

_IT = r"(?: (?:it|this|that|this one|the question|this question|the answer|on|one|over))?"
COMMANDS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern))  # type: ignore[misc]
    for intent, pattern in (
        ("help", r"help|(?:what )?can (?:i|you) (?:do|say|type|ask)(?: here)?|commands|menu|what can (?:i|you) (?:do|say|type|ask)(?: here)?|how does this work|"
                 r"(?:show )?(?:me )?(?:the )?(?:keys|commands|options)|what now|what are my options|usage"),
        ("hint", r"(?:(?:give|show|have|get)(?: me)? )?(?:an? |another |one more |the next |some )?(?:small |little |tiny )?"
                 r"(?:hint|hints|clue|nudge|tip)(?: please)?|help me(?: (?:out|with (?:this|it)|a (?:bit|little)))?|"
                 r"(?:i'?m |i am |im )?stuck|(?:need|want) (?:a )?(?:hint|help|clue)|h"),
        ("reveal", r"(?:just |simply )?(?:tell|show|give|say)(?: me)?(?: (?:the|what the|what is the|me the))? "
                   r"?(?:full |right |correct |model )?(?:answer|solution|it)(?: is)?|tell me|just tell me|"
                   r"(?:what(?:'s| is|s)) the (?:right |correct )?(?:answer|solution)(?: then)?|reveal(?: it| the answer)?|"
                   r"(?:the )?(?:answer|solution)|i give up|give up|spoil(?:er| it)?|i surrender"),
        ("lesson", r"(?:(?:show|give|read|open|start|continue|see|have)(?: me| with)? )?(?:the |a |next |this )*"
                   r"(?:lesson|lecture|theory|chapter|material)(?: on this| about this| part)?|teach(?: me)?(?: this| it)?|"
                   r"explain(?: (?:it|this|that|the topic|more))?(?: to me)?|more detail(?:s)?|go deeper|deeper|"
                   r"(?:read|tell me|learn) more"),
        ("run_experiment", r"(?:run|try|start|launch|do)(?: (?:it|this|that|one|the run|(?:the |an? )?(?:experiment|"
                           r"demo|simulation)))?|(?:the )?(?:experiment|demo|simulation)|show me (?:it )?(?:live|"
                           r"in action|how it (?:looks|behaves))|see it(?: happen| live| in action| run)?|simulate(?: it)?|"
                           r"r|(?:show|open)(?: me)? the (?:lab|experiment)|lab|(?:go to |open )the lab|go to lab"),
        ("exercise", r"(?:(?:give me|show me|open|start|do) )?(?:an? |the )?(?:coding |code )?(?:exercise|task)|"
                     r"(?:let me |i want to )?(?:write|do) (?:some )?(?:code|coding)"),
        ("show_recommendations", r"(?:recommend|suggest)(?: me)?(?: (?:something|a|some|an|any|me|another|good|movies?|"
                                 r"films?|to watch|what to watch|for me|tonight|else))*|(?:my )?recommendations?|"
                                 r"what (?:should|can|shall|could) (?:i|we) watch(?: (?:tonight|next|now|today))?|"
                                 r"(?:any |what )?(?:movies?|films?)(?: for me| to watch| recommendations?)?|"
                                 r"(?:show|give|find)(?: me)? (?:some |a )?(?:recommendations?|(?:good )?movies?|"
                                 r"(?:good )?films?|something to watch)|go to (?:the )?(?:movies|films)"),
        ("quiz", r"(?:start |do |open |take |have |go to )?(?:a |the |my |me |some )?(?:quiz|quizz|cards?|flash ?cards?|"
                 r"practice|practise|reviews?|test)(?: me)?(?: (?:now|on (?:this|it|that|everything)))?|ask me (?:something|"
                 r"questions?|cards?)|what(?:'s| is) due"),
        ("plan", r"(?:show |what(?:'s| is) )?(?:me )?(?:the |my |our )?plan|what(?:'s| is| comes) next|what is left|"
                 r"what should (?:i|we) (?:do|learn|study)(?: next| now| first)?|where (?:do|should) (?:i|we) start|"
                 r"what(?:'s| is) (?:open|left|the plan|on today)|(?:i have|only) \d+ min(?:ute)?s?|\d+ min(?:ute)?s?|"
                 r"hi|hello|hey|good (?:morning|evening|afternoon)"),
        ("next", r"next(?: (?:question|one|please|topic))?|skip" + _IT + r"|pass|move on|(?:go )?(?:on|forward|ahead)|"
                 r"(?:give me )?(?:another|a new|a different|the next) (?:question|one)|continue|go on|carry on|n|"
                 r"ready(?: for the next one)?|(?:go|move) (?:on )?to the next(?: (?:question|one))?|next up"),
        ("previous", r"(?:go |take me )?(?:back|previous|prev)(?: (?:question|one|please))?|"
                     r"(?:the )?(?:previous|last) (?:question|one)|(?:go|move) (?:back )?to the (?:previous|last)"
                     r"(?: (?:question|one))?|p"),
        ("appeal", r"(?:but |no,? |hey,? )?(?:i was|i am|i'?m|that was|that is|that'?s|my answer (?:was|is)|it was) "
                   r"(?:actually |really )?(?:right|correct)|you(?:'re| are|r) wrong(?: about (?:that|this|me))?|"
                   r"(?:i )?(?:disagree|object|appeal)|that(?:'s| is| was) (?:so )?(?:unfair|not fair|wrong)|"
                   r"i (?:already )?(?:said|wrote|answered) that(?: already)?|unfair"),
        ("undo", r"undo(?: (?:that|it|this|the last|last|my last|the last|the)(?: \w+)?)?|take (?:that|it) back|revert|"
                 r"oops,? undo|remove (?:that|the|my) (?:last )?rating"),
        ("progress", r"(?:show )?(?:me )?(?:my |the )?(?:progress|stats|statistics|status|score|standing)|"
                     r"how am i doing(?: so far)?|how far (?:am i|have i (?:come|got))|how (?:much|many).{0,20}(?:done|"
                     r"learned|finished|left|so far)|what have i (?:done|learned)(?: so far)?|how (?:is|'s) it going"),
    )
)  # fmt: skip

VOCABULARY = frozenset(
    [
        "help",
        "hint",
        "hints",
        "clue",
        "nudge",
        "stuck",
        "tell",
        "answer",
        "solution",
        "reveal",
        "lesson",
        "lecture",
        "teach",
        "explain",
        "more",
        "deeper",
        "run",
        "experiment",
        "demo",
        "simulate",
        "exercise",
        "recommend",
        "recommendation",
        "recommendations",
        "suggest",
        "something",
        "movie",
        "movies",
        "film",
        "films",
        "watch",
        "quiz",
        "cards",
        "flashcards",
        "practice",
        "review",
        "plan",
        "next",
        "question",
        "skip",
        "pass",
        "continue",
        "back",
        "previous",
        "undo",
        "progress",
        "stats",
        "score",
        "show",
        "give",
        "another",
        "doing",
        "right",
        "wrong",
        "unfair",
        "start",
        "open",
        "should",
        "what",
        "this",
        "that",
        "tonight",
        "give",
        "please",
        "commands",
        "where",
        "left",
        "correct",
        "was",
    ]
)
"""Words that commands are made of; a near miss is taken for one of them."""
