"""What the tutor knows of English and of its field before it reads a course: plain tables.

Words of one concept count as the same word. Words of one axis are opposites: their concept is the
axis, their sign the pole. The tables are short on purpose: each entry must hold in every question.
"""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


CONCEPTS: dict[str, str] = {
    "multiply": "multiply multiplied multiplying multiplication product times timesed *",
    "add": "add added addition sum summed summation total totalled tot plus tally accumulate sigma + += Σ",
    "number": "number value figure",
    "single": "single one",
    "all": "all every each any everything",
    "entry": "entry element component coordinate",
    "list": "list vector array",
    "pair": "pair pairwise corresponding counterpart partner elementwise matching",
    "position": "position place spot index",
    "length": "length long size dimension",
    "weight": "weight parameter coefficient",
    "penalty": "penalty penalise penalize decay regularise regularize regularisation regularization wd",
    "unpenalised": "unpenalised unpenalized unregularised unregularized unconstrained otherwise",
    "overfit": "overfit overfitting memorise memorize",
    "underfit": "underfit underfitting",
    "generalise": "generalise generalize generalisation generalization",
    "noise": "noise noisy fluke quirk accident coincidence jitter random randomness luck outlier odd mood",
    "person": "user person people viewer customer someone somebody",
    "film": "film movie",
    "unseen": "unseen unknown validation heldout",
    "zero": "zero 0 nought",
    "evidence": "evidence rating data example sample observation",
    "capacity": "capacity complexity complex flexible flexibility freedom",
    "simple": "simple simpler simplest simplicity",
    "variance": "variance wobble sensitive sensitivity",
    "result": "result outcome output",
    "keep": "keep stay remain",
    "correlation": "correlation pearson",
    "predict": "predict prediction guess estimate",
    "ones": "ones",
    "learn": "learn pick",
}

AXES: dict[str, tuple[str, str]] = {
    "size": (
        "big bigger biggest large larger great greater high higher rise rises rose risen grow grew increase "
        "increased more up raise raised raises boost strong stronger enlarge gain huge",
        "small smaller smallest low lower lowest fall falls fell shrink shrinks shrunk decrease "
        "decreased less fewer down reduce reduced decline drop weak weaker tiny cut limit",
    ),
    "worth": (
        "better good best improve improved help helps useful well accurate",
        "worse bad worst poor poorly hurt harm harmful useless badly",
    ),
    "sameness": ("same equal equally identical alike", "different differ unequal differently unlike"),
    "bounds": ("bounded limited", "unbounded unlimited"),
    "necessity": ("must need needs needed require required has", "needn't optional unnecessary"),
    "amount": (
        "many lots plenty hundreds much enough",
        "few little couple handful sparse scarce rare rarely",
    ),
    "nearness": (
        "near close closer pull pulls pulled pulling drag drags dragged drawn towards toward",
        "away far push pushes pushed pushing apart",
    ),
    "truth": ("true right correct", "false wrong untrue"),
}

NEGATORS = words_of(
    "not no never none neither nor cannot without nothing isnt doesnt dont cant wont arent wasnt werent "
    "didnt shouldnt wouldnt couldnt aint lacks fails weakly barely scarcely insufficiently hardly unless"
)
DISMISSALS = (
    "nothing to do with",
    "no effect",
    "no influence",
    "not matter",
    "doesn't matter",
    "irrelevant",
    "no role",
)
"""Said of something, it takes the whole sentence out of the argument."""
NEGATING_PHRASES = (("instead", "of"), ("rather", "than"), ("as", "opposed", "to"))
AVOIDING = words_of(
    "avoid avoids avoided avoiding prevent prevents prevented preventing stop stops stopped stopping "
    "ignore ignores ignored ignoring resist resists suppress suppresses suppressed filter filters "
    "filtered reduce reduces reduced reducing lower lowers lowered lowering discourage discourages limit "
    "limits limited curb curbs hinder hinders forbid forbids less fewer dampen dampens dampened against "
    "protect protects survive survives survived withstand withstands escape escapes"
)
"""Words that turn what follows into its opposite, or, in the passive, what stands before."""
KEEPING = words_of("keep keeps kept keeping hold holds held prevent prevents stop stops")
"""With `from` or `out` they avoid: "keeps it from overfitting", "keeps the noise out"."""
BEING = words_of("is are was were be been being gets get isn't aren't wasn't weren't")

PREPOSITIONS = words_of("with for when if as by on in at under once and")
"""After a word of size they show that it belongs to what stands before: "variance goes up with"."""
TENDENCIES = words_of("noise overfit underfit variance capacity simple generalise")
"""What a model does more or less of. Read together with the regime: "small weights overfit less" and
"large weights overfit more" say the same."""
REGIME = words_of("weight number valu coeffici ones")
"""Small ones of these are one regime, large ones the other."""

NEAR_SIGHTED = words_of("without weakly insufficiently unless")
"""Negations that reach one word only."""
NOT_NEGATING = (
    ("not", "only"), ("not", "just"), ("not", "merely"), ("not", "simply"), ("no", "matter"), ("no", "doubt"),
    ("not", "sure"), ("no", "idea"), ("why", "not"), ("no", "longer", "than"),
)  # fmt: skip
BOUNDARIES = words_of(
    ", ; : . ! ? but because so since although though while whereas however and then which who"
)

STOP_WORDS = words_of(
    "a an the of to in on at by for with from as into onto over is are was were be been being am it its "
    "it's this that these those there here they them their then than and or but so if because since while "
    "whereas which who whom whose what when where why how you your yours we our us i me my he she his her "
    "do does did done doing has have had having can could may might will would shall should get gets got "
    "make makes made just very really also too such like kind sort thing things stuff basically actually "
    "simply i'd i'll i'm you'd you'll we'd that's what's let let's say says said each other another about "
    "some again out up off something somehow well both go goes going take takes come comes put puts give "
    "gives want use used using between through during per via not no never n't ok okay yes yeah hmm um uh "
    "think believe guess maybe perhaps probably course lot bit afterwards finally first last next after "
    "before at end e.g i.e eg ie etc unless otherwise anyone anybody mean means until above below only "
    "here like anymore"
)
"""Words that carry no point by themselves. A key term may still ask for one of them."""

FAMILIES = words_of("evidence number all list film person")
"""Concepts whose words are near, but too far apart to stand in for each other as key terms."""
OTHER_OPERATIONS = words_of("subtract divid averag maximum minimum concaten join compar squar root invers")
"""Stems of operations that are wrong wherever the question's own texts do not name them."""
ORDERED = ("multiply", "add", "square", "root", "divid", "subtract")
"""Concepts of operations whose order matters."""
INPUTS = words_of("list entry pair")
"""Concepts of what operations start from; a later operation is done to what an earlier one left."""
OPERATION_NOUNS = words_of("product products multiplication multiplications sum sums total totals * +")
SEQUENCE = words_of("followed and then , ; . afterwards before after next finally are is were was gets get")
"""Words that put one operation after another; without them the second is what the first is done to."""

JOINING = words_of(
    "keep keeps stay stays become becomes lead leads let lets need needs give gives learn learns cause "
    "causes result results return returns depend depends remain remains prevent prevents fit fits"
)
"""Verbs that make a sentence of words, though they carry meaning, too."""
SIGNS = frozenset(("*", "+", "+=", "Σ"))
EMPTY_WORDS = STOP_WORDS | NEGATORS

FIELD = words_of(
    "embedding factor latent gradient descent epoch loss train validation model matrix vector norm "
    "eigenvector eigenbasis covariance orthonormal hessian optimiser optimizer learning rate batch "
    "regularise bias variance prediction neural network layer tensor parameter weight rating recommender "
    "recommendation probability classifier regression linear lipschitz projection cosine correlation "
    "distance dimension score"
)
"""Words of the field: an answer full of them is on the subject, right or wrong."""
