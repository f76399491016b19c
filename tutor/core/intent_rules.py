"""The wording of commands, feelings and questions, as patterns over plain, casefolded lines."""

from __future__ import annotations

import re

from tutor.core.events import Intent
from tutor.text.lexicon import words_of

POLITE_BEFORE = re.compile(
    r"^(?:(?:please|pls|plz|ok(?:ay)?|hey|hi|so|well|um+|hmm+|tutor|now|then|and|actually|just|"
    r"can (?:you|i|we)|could (?:you|i|we)|may i|would you|will you|i(?:'d| would) like(?: you)?(?: to)?|"
    r"i (?:want|need|wanna)(?: you)?(?: to)?|let'?s|let me|let us|how about|what about)(?:[, ]+|$))+"
)
POLITE_BEHIND = re.compile(
    r"(?:[, ]+(?:please|pls|plz|thanks|thank you|thx|now|tutor|for me|then|mate|ok))+(?=\??$)"
)
QUESTION_STARTS = re.compile(
    r"(?:what|what's|whats|wats?|waht|wot|why|how|when|where|who|which|whose|explain|define|describe|"
    r"tell me (?:about|more|why|how|what)|"
    r"(?:is|are|does|do|did|can|could|should|would|will|has|was|were) [a-z]+|"
    r"difference between|meaning of|what do|i wonder|remind me)\b"
)
HEDGES = re.compile(
    r"(?:is it(?! true)|isn'?t it|is that|is this|does it|doesn'?t it|do you|don'?t you|do we|would it|"
    r"could it|might it|maybe|perhaps|because|so that|to |something like|you mean|i think|i guess|"
    r"is the answer|it'?s|you )\b"
)
WHAT_IF = re.compile(
    r"(?:what (?:happens|would happen|will happen|changes) (?:if|when)|what if|see what happens|"
    r"(?:run|try|test|show me) .{0,40}(?:with|at|to) |"
    r"(?:run|start|simulate) \w+)"
)
FEELINGS = re.compile(
    r"^boring$|\b(?:makes? no sense|feel(?:ing)? (?:so |really )?(?:dumb|stupid|lost|bad|overwhelmed)|"
    r"^(?:this|it)(?:'s| is) impossible|^too (?:difficult|hard|much)$|^you(?:'re| are) (?:great|awesome|the "
    r"best|funny|nice|kind)|don'?t (?:get|understand) (?:it|this|that|anything|any of|a thing|a word)"
    r"|(?:i'?m|im|i am|this is|it'?s|that'?s|too|so|totally|completely) (?:\w+ ){0,2}(?:confus\w+"
    r"|frustrat\w+|stupid|dumb|lost|hopeless|overwhelm\w+|bored|boring|tired|annoy\w+|too hard|too "
    r"difficult)|this is (?:too |so |really )*(?:hard|difficult)|hate (?:this|maths?|it)$|i suck"
    r"|i(?:'ll| will) never (?:get|understand|learn)|argh+|ugh+|brain hurts|can'?t do this|give me a "
    r"break)"
    r"|^(?:thanks?(?: you)?|thank you|thx|cheers|cool|nice|great|awesome|wow|lol|haha+|love it|good "
    r"job)\b.{0,20}$"
)
_DOUBTLESS: dict[Intent, tuple[str, ...]] = {
    "hint": (
        r"hints?",
        r"clue",
        r"nudge",
        r"some help",
        r"(?:right|wrong) direction",
        r"how (?:to|do i|should i) (?:start|begin)",
        r"where to (?:start|begin)",
        r"me a bone",
    ),
    "undo": (
        r"undo",
        r"revert",
        r"take (?:it|that) back",
    ),
    "appeal": (
        r"i was right",
        r"i (?:disagree|object)",
        r"(?:mark|grad|judg)ed (?:me|it|that|this|my answer) wrong",
        r"is correct though",
    ),
    "reveal": (
        r"(?:see|show|give|tell|want|know|read|need)(?: \w+){0,2} (?:answer|solution)",
        r"is it then",
        r"(?:tell|show) me (?:already|now|then)",
        r"answer please",
    ),
    "quiz": (
        r"quiz\w*",
        r"flash ?cards?",
        r"test my \w+",
        r"(?:some|for|to|more|let's) practi[cs]e",
        r"cards? due",
        r"(?:me|review|repeat|do|see) (?:my |some |the )?cards?",
    ),
    "show_recommendations": (
        r"(?:movie|film)s?(?: \w+){0,3} (?:watch|recommend\w*|for me|tonight|suggest\w*|see)",
        r"(?:recommend|suggest)\w*(?: \w+){0,3} (?:movies?|films?|watch)",
        r"(?:pick|find|choose|want|need) (?:me )?(?:a|some|another) (?:good )?(?:movies?|films?)",
        r"to watch",
        r"my recommendations?",
        r"(?:movie|film) (?:tips?|recommendations?)",
        r"(?:movie|film)s? like",
    ),
    "progress": (
        r"my (?:progress|stats|score|results)",
        r"am i (?:getting|doing|improving)",
        r"show stats",
        r"have i done",
    ),
    "plan": (
        r"what (?:comes|is coming|are we doing|do we do|will we do)",
        r"where (?:am i|are we|were we)",
        r"(?:on the|today's|the) (?:agenda|schedule|plan)",
    ),
    "help": (
        r"commands",
        r"(?:show|see|need|the) help",
        r"what (?:do|can) you understand",
        r"what can i (?:ask|do|say|type)",
        r"how (?:do i|can i|to) use (?:this|you|it)",
        r"your features",
    ),
    "lesson": (
        r"(?:the|a|this|your|next) (?:lesson|lecture)",
        r"(?:read|study) (?:first|about)",
        r"(?:more|the|some) theory",
        r"explain(?: \w+){0,3} (?:start|beginning|again|simply|scratch)",
    ),
    "previous": (
        r"(?:last|previous|earlier) question",
        r"back to the (?:last|previous)",
        r"(?:one|a) (?:question )?back",
    ),
    "run_experiment": (r"(?:try|see|do|run) (?:it|this|that) (?:live|happen|yourself|myself|run|in action)",),
    "next": (
        r"(?:done|finished|ready|ok|fine)[, ]+next",
        r"next question",
        r"skip (?:this|it|to)",
    ),
}
STRONG: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(rf"\b(?:{'|'.join(wordings)})\b")) for intent, wordings in _DOUBTLESS.items()
)
"""Words that, in a short line, leave no doubt."""
MAX_STRONG = 8
PLACES: dict[str, Intent] = {
    "lesson": "lesson", "lab": "run_experiment", "experiment": "run_experiment", "quiz": "quiz",
    "cards": "quiz", "movies": "show_recommendations", "films": "show_recommendations",
    "progress": "progress", "plan": "plan", "help": "help",
}  # fmt: skip
"""What "go to ..." means when no question is named."""
HOPELESS = re.compile(r"(?:i'?m |i am |im )?(?:totally |completely |really )?(?:stuck|lost|blank)")

_WORDINGS: dict[Intent, tuple[str, ...]] = {
    "help": (
        r"help",
        r"(?:what )?can (?:i|you) (?:do|say|type|ask)(?: here)?",
        r"commands",
        r"menu",
        r"what can (?:i|you) (?:do|say|type|ask)(?: here)?",
        r"how does this work",
        r"(?:show )?(?:me )?(?:the )?(?:keys|commands|options)",
        r"what now",
        r"what are my options",
        r"usage",
    ),
    "hint": (
        r"(?:(?:give|show|have|get)(?: me)? )?(?:an? |another |one more |the next |some )?(?:small |"
        r"little |tiny )?(?:hint|hints|clue|nudge|tip)(?: please)?",
        r"help me(?: (?:out|with (?:this|it)|a (?:bit|little)))?",
        r"(?:i'?m |i am |im )?stuck",
        r"(?:need|want) (?:a )?(?:hint|help|clue)",
        r"h",
    ),
    "reveal": (
        r"(?:just |simply )?(?:tell|show|give|say)(?: me)?(?: (?:the|what the|what is the|me the))? "
        r"?(?:full |right |correct |model )?(?:answer|solution|it)(?: is)?",
        r"tell me",
        r"just tell me",
        r"(?:what(?:'s| is|s)) the (?:right |correct )?(?:answer|solution)(?: then)?",
        r"reveal(?: it| the answer)?",
        r"(?:the )?(?:answer|solution)",
        r"i give up",
        r"give up",
        r"spoil(?:er| it)?",
        r"i surrender",
    ),
    "lesson": (
        r"(?:(?:show|give|read|open|start|continue|see|have)(?: me| with)? )?(?:the |a |next |this "
        r")*(?:lesson|lecture|theory|chapter|material)(?: on this| about this| part)?",
        r"(?:(?:show|give|read|open|start|see|have)(?: me)? )?(?:the |a )?(?:primer|errata)",
        r"(?:(?:show|compare|open|see|read|give|where are|what about|what did i write in)(?: me)? )?"
        r"(?:my |the )?(?:old |own |earlier )?notes"
        r"(?: (?:(?:to|with|and|beside|next to) )?(?:my |the |this |it)*(?:new )?(?:answer|question)?)?",
        r"what (?:do|did) my (?:old )?notes say(?: (?:here|about (?:this|it)))?",
        r"teach(?: me)?(?: this| it)?",
        r"explain(?: (?:it|this|that|the topic|more))?(?: to me)?",
        r"more detail(?:s)?",
        r"go deeper",
        r"deeper",
        r"(?:read|tell me|learn) more",
    ),
    "run_experiment": (
        r"(?:run|try|start|launch|do)(?: (?:it|this|that|one|the run|(?:the |an? )?(?:experiment|demo|"
        r"simulation)))?",
        r"(?:the )?(?:experiment|demo|simulation)",
        r"show me (?:it )?(?:live|in action|how it (?:looks|behaves))",
        r"see it(?: happen| live| in action| run)?",
        r"simulate(?: it)?",
        r"r",
        r"(?:show|open)(?: me)? the (?:lab|experiment)",
        r"lab",
        r"(?:go to |open )the lab",
        r"go to lab",
    ),
    "exercise": (
        r"(?:(?:give me|show me|open|start|do) )?(?:an? |the )?(?:coding |code )?(?:exercise|task)",
        r"(?:let me |i want to )?(?:write|do) (?:some )?(?:code|coding)",
    ),
    "show_recommendations": (
        r"(?:recommend|suggest)(?: me)?(?: (?:something|a|some|an|any|me|another|good|movies?|films?|to "
        r"watch|what to watch|for me|tonight|else))*",
        r"(?:my )?recommendations?",
        r"what (?:should|can|shall|could) (?:i|we) watch(?: (?:tonight|next|now|today))?",
        r"(?:any |what )?(?:movies?|films?)(?: for me| to watch| recommendations?)?",
        r"(?:show|give|find)(?: me)? (?:some |a )?(?:recommendations?|(?:good )?movies?|(?:good "
        r")?films?|something to watch)",
        r"go to (?:the )?(?:movies|films)",
    ),
    "quiz": (
        r"(?:start |do |open |take |have |go to )?(?:a |the |my |me |some )?(?:quiz|quizz|cards?|flash "
        r"?cards?|practice|practise|reviews?|test)(?: me)?(?: (?:now|on (?:this|it|that|everything)))?",
        r"ask me (?:something|questions?|cards?)",
        r"what(?:'s| is) due",
    ),
    "plan": (
        r"(?:show |what(?:'s| is) )?(?:me )?(?:the |my |our )?plan",
        r"what(?:'s| is| comes) next",
        r"what is left",
        r"what should (?:i|we) (?:do|learn|study)(?: next| now| first)?",
        r"where (?:do|should) (?:i|we) start",
        r"what(?:'s| is) (?:open|left|the plan|on today)",
        r"how (?:much time|many minutes|long)(?: (?:do|have|is|are|i|we|still|got|there|left))*",
        r"hi",
        r"hello",
        r"hey",
        r"good (?:morning|evening|afternoon)",
    ),
    "next": (
        r"next(?: (?:question|one|please|topic))?",
        r"skip(?: (?:it|this|that|this one|the question|this question|the answer|on|one|over))?",
        r"pass",
        r"move on",
        r"(?:go )?(?:on|forward|ahead)",
        r"(?:give me )?(?:another|a new|a different|the next) (?:question|one)",
        r"continue",
        r"go on",
        r"carry on",
        r"n",
        r"ready(?: for the next one)?",
        r"(?:go|move) (?:on )?to the next(?: (?:question|one))?",
        r"next up",
    ),
    "previous": (
        r"(?:go |take me )?(?:back|previous|prev)(?: (?:question|one|please))?",
        r"(?:the )?(?:previous|last) (?:question|one)",
        r"(?:go|move) (?:back )?to the (?:previous|last)(?: (?:question|one))?",
        r"p",
    ),
    "appeal": (
        r"(?:but |no,? |hey,? )?(?:i was|i am|i'?m|that was|that is|that'?s|my answer (?:was|is)|it "
        r"was) (?:actually |really )?(?:right|correct)",
        r"you(?:'re| are|r) wrong(?: about (?:that|this|me))?",
        r"(?:i )?(?:disagree|object|appeal)",
        r"that(?:'s| is| was) (?:so )?(?:unfair|not fair|wrong)",
        r"i (?:already )?(?:said|wrote|answered) that(?: already)?",
        r"unfair",
    ),
    "undo": (
        r"undo(?: (?:that|it|this|the last|last|my last|the last|the)(?: \w+)?)?",
        r"take (?:that|it) back",
        r"revert",
        r"oops,? undo",
        r"remove (?:that|the|my) (?:last )?rating",
    ),
    "progress": (
        r"(?:show )?(?:me )?(?:my |the )?(?:progress|stats|statistics|status|score|standing)",
        r"how am i doing(?: so far)?",
        r"how far (?:am i|have i (?:come|got))",
        r"how (?:much|many).{0,20}(?:done|learned|finished|left|so far)",
        r"what have i (?:done|learned)(?: so far)?",
        r"how (?:is|'s) it going",
    ),
}
COMMANDS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile("|".join(wordings))) for intent, wordings in _WORDINGS.items()
)
"""What whole lines of an intent look like."""

VOCABULARY = words_of(
    "another answer back cards clue commands continue correct deeper demo doing exercise experiment "
    "explain film films flashcards give help hint hints lecture left lesson more movie movies next "
    "nudge open pass plan please practice previous progress question quiz recap recommend recommendation "
    "recommendations reveal review right run score should show simulate skip solution something start "
    "stats stuck suggest teach tell that this tonight undo unfair was watch what where wrong"
)
"""Words that commands are made of; a near miss is taken for one of them."""
