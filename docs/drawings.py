"""Line drawings of the documents: one runner from the side and one from behind, with what a page is about drawn over it."""

from __future__ import annotations

from html import escape

Point = tuple[float, float]

HEAD, NECK, HIP, KNEE, ANKLE, TOE = (
    (196.0, 58.0),
    (180.0, 92.0),
    (150.0, 176.0),
    (136.0, 236.0),
    (94.0, 290.0),
    (112.0, 306.0),
)
SIDE: tuple[tuple[Point, ...], ...] = (
    (HEAD, NECK, HIP, KNEE, ANKLE, TOE),
    (HIP, (206.0, 208.0), (172.0, 254.0), (190.0, 264.0)),
    (NECK, (216.0, 130.0), (242.0, 104.0)),
    (NECK, (142.0, 126.0), (120.0, 158.0)),
)
"""From the side at push-off, going to the right: stance side, swing leg, arms."""
NECK_BEHIND, HEAD_BEHIND, FOOT_BEHIND = (166.0, 96.0), (172.0, 60.0), (182.0, 306.0)
BEHIND: tuple[tuple[Point, ...], ...] = (
    (HEAD_BEHIND, NECK_BEHIND, (160.0, 178.0)),
    ((134.0, 104.0), NECK_BEHIND, (198.0, 98.0)),
    ((144.0, 182.0), (160.0, 178.0), (176.0, 174.0)),
    ((176.0, 174.0), (180.0, 240.0), FOOT_BEHIND),
    ((144.0, 182.0), (142.0, 232.0), (146.0, 262.0)),
    ((134.0, 104.0), (118.0, 142.0), (130.0, 172.0)),
    ((198.0, 98.0), (216.0, 138.0), (204.0, 168.0)),
)
"""From behind at midstance of the right foot."""


def _drawing(says: str, *parts: str) -> str:
    size = 'viewBox="0 0 10 10" refX="8" refY="5" markerWidth="6" markerHeight="6" orient="auto-start-reverse"'
    marker = f'<marker id="tip" {size}><path class="tip" d="M0 0L10 5L0 10z"/></marker>'
    svg = f'<svg class="drawing" viewBox="0 0 380 340" role="img" aria-label="{escape(says)}"><defs>{marker}</defs>{"".join(parts)}</svg>'
    return f"```{{raw}} html\n{svg}\n```\n"


def _runner(lines: tuple[tuple[Point, ...], ...], head: Point) -> str:
    paths = "".join(f'<path class="body" d="M{"L".join(f"{x:g} {y:g}" for x, y in line)}"/>' for line in lines)
    return (
        f'{paths}<circle class="head" cx="{head[0]:g}" cy="{head[1]:g}" r="19"/><path class="ground" d="M20 316H360"/>'
    )


def _arrow(start: Point, end: Point) -> str:
    return f'<path class="aim" marker-end="url(#tip)" d="M{start[0]:g} {start[1]:g}L{end[0]:g} {end[1]:g}"/>'


def _label(at: Point, text: str) -> str:
    return f'<text x="{at[0]:g}" y="{at[1]:g}">{escape(text)}</text>'


DRAWINGS: dict[str, str] = {
    "way": _drawing(
        "A runner at push-off, from the side: an arrow from the ground through the foot, hip and neck base to the head.",
        _runner(SIDE, HEAD),
        _arrow((TOE[0] - 26, 332.0), (TOE[0], 308.0)),
        *(_arrow(start, end) for start, end in ((ANKLE, KNEE), (KNEE, HIP), (HIP, NECK), (NECK, HEAD))),
        *(
            _label(at, text)
            for at, text in (
                ((18.0, 282.0), "ground, foot"),
                ((168.0, 180.0), "hip, lower back"),
                ((196.0, 98.0), "neck"),
            )
        ),
        _label((222.0, 54.0), "head: gain and lag"),
    ),
    "axes": _drawing(
        "The axes: forward to where the runner goes, up against gravity, right to the runner's right, out of the picture.",
        _runner(SIDE, HEAD),
        _arrow((250.0, 300.0), (306.0, 300.0)),
        _arrow((250.0, 300.0), (250.0, 244.0)),
        '<circle class="aim" cx="250" cy="300" r="7"/><circle class="dot" cx="250" cy="300" r="2.5"/>',
        *(
            _label(at, text)
            for at, text in (((276.0, 320.0), "forward"), ((256.0, 250.0), "up"), ((214.0, 322.0), "right"))
        ),
    ),
    "ladder": _drawing(
        "The levels of the force ladder: ankle, knee, hip, lower back and neck, each carrying everything above it.",
        _runner(SIDE, HEAD),
        *(
            f'<path class="aim" d="M{x - 16:g} {y:g}H{x + 16:g}"/>{_label((x + 22, y + 4), text)}'
            for (x, y), text in (
                (ANKLE, "ankle"),
                (KNEE, "knee"),
                (HIP, "hip"),
                ((160.0, 148.0), "lower back"),
                (NECK, "neck"),
            )
        ),
    ),
    "force-line": _drawing(
        "The line of the ground force from under the foot, passing in front of the head; the offset is measured at the head's height.",
        _runner(SIDE, HEAD),
        f'<path class="thin" d="M{TOE[0] - 4:g} 316L236 20"/>',
        _arrow((TOE[0] - 4, 316.0), (146.0, 229.0)),
        _arrow((HEAD[0] + 2, HEAD[1]), (220.0, HEAD[1])),
        *(_label(at, text) for at, text in (((232.0, 62.0), "offset, +"), ((20.0, 252.0), "ground force"))),
    ),
    "over-foot": _drawing(
        "A runner from behind on the right foot: head and neck base swing toward it; the error is their sideways distance from the foot.",
        _runner(BEHIND, HEAD_BEHIND),
        f'<path class="thin" d="M{FOOT_BEHIND[0]:g} 310V24"/>',
        _arrow((NECK_BEHIND[0] - 2, 84.0), (FOOT_BEHIND[0] + 14, 84.0)),
        *(
            _label(at, text)
            for at, text in (((190.0, 34.0), "over the foot"), ((206.0, 84.0), "toward the stance foot, +"))
        ),
    ),
    "neck": _drawing(
        "The force of the trunk on the head and the head's own upright; the angle between them is the push-through angle.",
        _runner(SIDE, HEAD),
        f'<path class="thin" d="M{NECK[0]:g} {NECK[1]:g}L188 14"/>',
        _arrow(NECK, (212.0, 24.0)),
        *(
            _label(at, text)
            for at, text in (
                ((220.0, 26.0), "force on the head"),
                ((104.0, 22.0), "its upright"),
                ((190.0, 104.0), "neck base"),
            )
        ),
    ),
    "posture": _drawing(
        "Trunk lean from pelvis to neck base, and body lean from foot to head, both against the upright.",
        _runner(SIDE, HEAD),
        f'<path class="thin" d="M{HIP[0]:g} {HIP[1]:g}V78M{TOE[0]:g} {TOE[1]:g}V200"/>',
        f'<path class="aim" d="M{HIP[0]:g} {HIP[1]:g}L{NECK[0]:g} {NECK[1]:g}M{TOE[0]:g} {TOE[1]:g}L{HEAD[0]:g} {HEAD[1]:g}"/>',
        *(_label(at, text) for at, text in (((72.0, 92.0), "trunk lean"), ((34.0, 214.0), "body lean"))),
    ),
}
"""Every drawing by name, as Markdown that holds its SVG."""
