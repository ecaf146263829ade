"""A stranger reads: what runners are told is in common words and those of the glossary, and without the house's own codes."""

import ast
import re
from functools import cache
from pathlib import Path

from headway.metrics import REGISTRY
from headway.texts import catalogue

GLOSSARY = next((Path(__file__).parents[1] / "docs").rglob("glossary.md"))
COMMON = 3000
NAMES = frozenset({"headway", "openpose", "kiernan", "trc", "mot", "fit", "rms", "lan", "toml", "iphone", "forearm"})
"""Names of programs, formats and people."""
FORMS = {"farthest": "far", "furthest": "far", "bent": "bend", "worn": "wear", "analyses": "analysis", "axes": "axis"}
BRITISH = (("colour", "color"), ("grey", "gray"), ("licence", "license"), ("centre", "center"), ("metre", "meter"))
"""Spellings of words that the list has in another."""
BEFORE = ("up", "un", "re", "mid", "on", "out", "over", "in", "non")
ENDINGS = (
    *(("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e")),
    *(
        ("er", ""),
        ("er", "e"),
        ("est", ""),
        ("ly", ""),
        ("less", ""),
        ("able", ""),
        ("wards", ""),
        ("ward", ""),
        ("ways", ""),
        ("en", ""),
    ),
)
"""Endings of a word, and what stands for them in the word it is made from."""


@cache
def known() -> frozenset[str]:
    from wordfreq import top_n_list

    """The common words, and those of the glossary's terms."""
    terms = re.findall(r"^\| ([^|]+) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return (
        frozenset(top_n_list("en", COMMON))
        | {word for term in terms for word in re.findall(r"[a-z]+", term.lower())}
        | NAMES
    )


def understood(word: str) -> bool:
    """Whether the word, or the word it is made from, is known."""
    word = word.removesuffix("'s")
    bases = {word, FORMS.get(word, word)}
    bases |= {word.replace(british, american) for british, american in BRITISH}
    for end, instead in ENDINGS:
        bases |= {
            base[: -len(end)] + instead for base in tuple(bases) if base.endswith(end) and len(base) > len(end) + 1
        }
    bases |= {base[:-1] for base in bases if len(base) > 3 and base[-1] == base[-2]}
    parts = {base.removeprefix(before) for base in bases for before in BEFORE if base.startswith(before)}
    joined = any(base[:i] in known() and base[i:] in known() for base in bases for i in range(3, len(base) - 2))
    return joined or bool((bases | parts) & known())


def stumbles(text: str) -> set[str]:
    """Words that are neither common nor in the glossary; fields, options, commands, formats and numbers are no words."""
    plain = re.sub(r"\{[^}]*\}|--[\w-]+|https?:\S+|\S*\d\S*", " ", text)
    return {word for word in re.findall(r"[a-z]+(?:'s)?", plain.lower()) if len(word) > 1 and not understood(word)}


METRICS = Path(__file__).parents[1] / "src" / "headway" / "metrics"
CODE = re.compile(r"\b[AD]\d{1,2}\b")


LABORATORY = frozenset(
    re.findall(
        r"\w+",
        """adduction analog beside belongs bow byte bytes capture centimetres columns converge disagree ear ears export kn label labels labelled
        masked medial medially millimetres milliseconds mirror newton newtons parameters rotation tenth threshold""",
    )
)
"""Words of those who record with markers and plates, which the remarks about their files may use."""
EXPERIMENT = frozenset(
    re.findall(
        r"\w+",
        """adjusted alike athletes beside cancels coin compatible dashed differ differed differs discoveries discovery drift ease editable excluded
        expectation fatigue folland iliotibial meardon metabolic metric metrics milliseconds passive presume protocol randomised repeat rpe sham
        slope statures surrogates threshold tiring washed washout""",
    )
)
"""Words of those who plan an experiment, which its page may use."""
COMPARISON = EXPERIMENT | frozenset(
    [
        "benjamini",
        "breastbone",
        "cue",
        "drag",
        "excludes",
        "froude",
        "gl",
        "grey",
        "hochberg",
        "normalised",
        "sd",
        "steadily",
        "strip",
    ]
)
"""Further words of those who set two recordings side by side."""
STUDY = frozenset(
    re.findall(
        r"\w+",
        """belong bold byte bytes column correlation halves icc intraclass manifest measurement median parquet relation repeated repeats robust sem
        slopes""",
    )
)
"""Words of those who analyse many recordings together."""
SIMULATION = EXPERIMENT | frozenset(
    re.findall(
        r"\w+",
        """abduction adduction amplitude arithmetic begun bold bound brace braced calculates constraint equations flexion gaze habit iterations lumbar
        measurement mechanical mechanics mesh mirror optimality oscillation physics predicted prediction predicts rad relaxed repeated
        robust simulated solved spine spline stacked verdict""",
    )
)
"""Words of those who let a runner be computed."""
ALLOWED = {
    "simulated": SIMULATION,
    "modelled": SIMULATION,
    "lab": LABORATORY,
    "experiment": EXPERIMENT,
    "tested": EXPERIMENT,
    "compared": COMPARISON,
    "differing": COMPARISON | STUDY,
    "studied": COMPARISON | STUDY,
}
"""Section to the further words that it may use."""


def catalogued() -> dict[str, str]:
    return {f"{section}.{key}": text for section, words in catalogue("en").items() for key, text in words.items()}


def declared() -> dict[str, str]:
    words = {f"{name}: title": one.title for name, one in REGISTRY.items()}
    words |= {f"{name}: runner": one.runner for name, one in REGISTRY.items()}
    return words | {f"{name}: family": one.family for name, one in REGISTRY.items()}


def runner_texts() -> dict[str, str]:
    return catalogued() | declared()


def test_a_stranger_knows_every_word():
    hard = {place: words for place, text in runner_texts().items() if (words := stumbles(text))}
    beyond = {place: words - ALLOWED.get(place.partition(".")[0], frozenset()) for place, words in hard.items()}
    assert {place: words for place, words in beyond.items() if words} == {}


def remarks() -> dict[str, str]:
    """What flags and refusals say, wherever they are made."""
    found: dict[str, str] = {}
    for path in METRICS.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "Flag",
                "NotMeasurable",
                "RecordingError",
            ):
                texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                found |= {f"{path.name}:{node.lineno}:{i}": str(text) for i, text in enumerate(texts)}
    return found


def evidence() -> dict[str, str]:
    return {
        f"{name}: {i}": text
        for name, one in REGISTRY.items()
        for i, text in enumerate((one.definition, one.supports, one.contradicts, one.model, one.paper))
    }


def test_no_code_of_the_house_stands_in_a_runners_text():
    told = runner_texts() | remarks() | evidence()
    assert [place for place, text in told.items() if CODE.search(text)] == []


def test_a_hard_word_is_found():
    assert stumbles("The mediolateral impulse of the clavicle") == {"mediolateral", "clavicle"}
    assert stumbles("Film yourself running upward, 20 strides") == set()


def test_what_results_say_stands_in_the_catalogue():
    """A remark or reason of a recording that is written in code is English in every language (several recordings are)."""
    several = ("simulation", "study", "validation", "experiments", "stored")
    found = []
    for path in METRICS.parent.rglob("*.py"):
        if path.relative_to(METRICS.parent).parts[0] in several:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Flag", "CannotMeasure"):
                words = [str(one.value) for arg in node.args for one in ast.walk(arg) if isinstance(one, ast.Constant)]
                found += [f"{path.name}:{node.lineno} {text}" for text in words if re.search(r"\w \w", text)]
    assert found == [], "write it into texts/en/told.json and de/told.json, and say it with TEXTS"
