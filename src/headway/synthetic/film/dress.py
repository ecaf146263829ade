"""Clothes, shoes, hair: which faces of the body they lie on, how far they stand off, and their colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.recording import FloatArray
from headway.synthetic.film.mesh import GROUPS, RestBody
from headway.synthetic.film.scene import Garment, Outfit, RenderedBody

BARE, CLOTH, SHOE, HAIR = 0, 1, 2, 3
"""Layers of the dressed body."""
HEM = 0.12
"""Skin is kept under a garment up to this far from its hem, shares of a limb."""
SHOE_TOP, MIDSOLE = 0.085, 0.028
"""Height of the shoe's collar and of its midsole over the ground, m."""
SMOOTHING = 25
"""Steps of smoothing of a shoe."""
STAND_OFF = {"short": 0.012, "long": 0.022, "cap": 0.014, "bald": 0.0}
FLUTTER = (9.0, 14.0)
"""Wave number along the body, rad/m, and angular frequency of flapping cloth, rad/s."""


@dataclass(frozen=True)
class DressedBody:
    """A body with all it wears, at rest.

    Attributes
    ----------
    base, normals
        Vertices of the skin under every vertex (m), and the outward normal there, shape (vertices, 3).
    offset, flutter
        Distance from the skin, and how much of it moves, m, shape (vertices,).
    weights
        As in :class:`headway.synthetic.film.mesh.RestBody`.
    faces, colours
        Shape (faces, 4), and red, green, blue (faces, 3).
    layer
        Of every face.
    shoe
        Which vertices belong to a shoe.
    """

    base: FloatArray
    normals: FloatArray
    offset: FloatArray
    flutter: FloatArray
    weights: FloatArray
    faces: npt.NDArray[np.intp]
    colours: FloatArray
    layer: npt.NDArray[np.intp]
    shoe: npt.NDArray[np.bool_]

    def rest(self, time: float) -> FloatArray:
        """Vertices at rest with the cloth flapping, m, shape (vertices, 3)."""
        wave = np.sin(FLUTTER[0] * (self.base @ np.array([1.0, 1.7, 1.3])) - FLUTTER[1] * time)
        return self.base + self.normals * (self.offset + self.flutter * wave)[:, None]


def dress(rest: RestBody, body: RenderedBody, outfit: Outfit) -> DressedBody:
    """Put clothes on a body."""
    where = _Where(rest)
    colours = np.tile(np.array(body.skin, float), (len(rest.faces), 1))
    hidden = np.zeros(len(rest.faces), bool)
    builder = _Builder(rest)
    for side in ("left", "right"):
        colour, top = outfit.sock
        colours[where.sock(side, top)] = colour
        shoe = where.shoe(side)
        hidden |= shoe
        paint = np.tile(np.array(outfit.shoe, float), (len(rest.faces), 1))
        paint[where.height < MIDSOLE] = outfit.sole
        builder.add(shoe, paint, 0.009 * np.ones(len(rest.vertices)), 0.0, SHOE)
    for garment, reach, kind in ((outfit.shorts, where.leg, "shorts"), (outfit.shirt, where.arm, "shirt")):
        if garment is None:
            continue
        covered = where.covered(kind, garment.reach)
        hidden |= where.covered(kind, garment.reach - HEM) & covered
        ease = 0.004 + garment.ease * np.clip(reach / max(garment.reach, 0.1), 0.25, 1.0)
        ease += 0.004 if kind == "shirt" else 0.0
        builder.add(covered, _pattern(garment, where), ease, garment.flutter, CLOTH)
    if body.hair != "bald":
        hair = where.scalp(body.hair)
        hidden |= hair
        colour = outfit.shirt.second if body.hair == "cap" and outfit.shirt else body.hair_colour
        builder.add(
            hair,
            np.tile(np.array(colour, float), (len(rest.faces), 1)),
            STAND_OFF[body.hair] * np.ones(len(rest.vertices)),
            0.0,
            HAIR,
        )
    shown = ~hidden
    return builder.build(shown, colours)


class _Where:
    """Where on the body its faces lie."""

    def __init__(self, rest: RestBody) -> None:
        self.rest = rest
        self.centre = rest.vertices[rest.faces].mean(1)
        self.height = self.centre[:, 1] - rest.vertices[:, 1].min()
        self.share = {name: rest.weights[:, k][rest.faces].mean(1) for k, name in enumerate(GROUPS)}
        self.main = np.argmax(rest.weights[rest.faces].mean(1), axis=1)
        self.leg, self.arm = (
            self._along(*names) for names in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))
        )

    def _along(self, first: str, second: str, third: str) -> FloatArray:
        """How far down a limb every vertex is: 0 at its root, 1 at the middle joint, 2 at its end; shape (vertices,)."""
        vertices, at = self.rest.vertices, self.rest.joints
        out = np.zeros(len(vertices))
        for side in ("left", "right"):
            one, two, three = (at[f"{name}_{side}"] for name in (first, second, third))
            mine = vertices[:, 2] < 0 if side == "left" else vertices[:, 2] >= 0
            upper = ((vertices - one) @ (two - one)) / ((two - one) @ (two - one))
            lower = ((vertices - two) @ (three - two)) / ((three - two) @ (three - two))
            out[mine] = np.where(lower > 0, 1 + lower, upper)[mine]
        return out

    def _is(self, *names: str) -> npt.NDArray[np.bool_]:
        return np.isin(
            self.main,
            [
                GROUPS.index(f"{name}{side}")
                for name in names
                for side in ("", "_left", "_right")
                if f"{name}{side}" in GROUPS
            ],
        )

    def covered(self, kind: str, reach: float) -> npt.NDArray[np.bool_]:
        """Faces under shorts or a shirt of this reach."""
        if kind == "shorts":
            along = self.leg[self.rest.faces].mean(1)
            waist = (
                self.rest.joints["hip_left"] + 0.35 * (self.rest.joints["shoulder_left"] - self.rest.joints["hip_left"])
            )[1]
            return (self._is("pelvis", "thorax") & (self.centre[:, 1] < waist)) | (
                self._is("thigh", "shank") & (along < reach)
            )
        along = self.arm[self.rest.faces].mean(1)
        at = self.rest.joints
        low = at["hip_left"][1] + 0.12 * (at["shoulder_left"] - at["hip_left"])[1]
        collar = at["shoulder_left"][1] + 0.055
        trunk = self._is("pelvis", "thorax") & (self.centre[:, 1] > low) & (self.centre[:, 1] < collar)
        return trunk | (self._is("upper_arm", "forearm") & (along < min(reach, 1.95)))

    def shoe(self, side: str) -> npt.NDArray[np.bool_]:
        """Faces under a shoe."""
        return (self.share[f"foot_{side}"] > 0.5) & (self.height < SHOE_TOP)

    def sock(self, side: str, top: float) -> npt.NDArray[np.bool_]:
        """Faces under a sock."""
        own = (self.share[f"foot_{side}"] > 0.3) | (self.share[f"shank_{side}"] > 0.3)
        return own & (self.height < SHOE_TOP + top)

    def scalp(self, hair: str) -> npt.NDArray[np.bool_]:
        """Faces under hair or a cap."""
        ear, eye = (self.rest.joints["left_ear"] + self.rest.joints["right_ear"]) / 2, self.rest.joints["left_eye"]
        ahead = self.centre[:, 0] - ear[0]
        brow = eye[1] + (0.035 if hair == "cap" else 0.055)
        line = np.where(ahead > -0.005, brow, ear[1] - (0.13 if hair == "long" else 0.045))
        line = np.where((ahead > -0.03) & (ahead <= -0.005), ear[1] + 0.02, line)
        return (self.share["head"] > 0.4) & (self.centre[:, 1] > line) & (ahead < eye[0] - ear[0] + 0.03)


class _Builder:
    """Collects the shells."""

    def __init__(self, rest: RestBody) -> None:
        self.rest, self.normals = rest, _normals(rest.vertices, rest.faces)
        self.parts: list[tuple[npt.NDArray[np.bool_], FloatArray, FloatArray, float, int]] = []

    def add(
        self, faces: npt.NDArray[np.bool_], paint: FloatArray, ease: FloatArray, flutter: float, layer: int
    ) -> None:
        self.parts.append((faces, paint, ease, flutter, layer))

    def build(self, shown: npt.NDArray[np.bool_], colours: FloatArray) -> DressedBody:
        nothing = np.zeros(len(self.rest.vertices))
        parts = [(shown, colours, nothing, 0.0, BARE), *self.parts]
        columns: list[list[np.ndarray]] = [[] for _ in range(9)]
        total = 0
        for faces, paint, ease, flutter, layer in parts:
            used, renamed = np.unique(self.rest.faces[faces], return_inverse=True)
            place, normals = self.rest.vertices, self.normals
            if layer == SHOE:
                place = _smoothed(self.rest, faces)
                normals = _normals(place, self.rest.faces[faces])
            rows = (
                place[used], normals[used], ease[used], flutter * ease[used], self.rest.weights[used],
                renamed.reshape(-1, 4) + total, paint[faces], np.full(int(faces.sum()), layer), np.full(len(used), layer == SHOE),
            )  # fmt: skip
            for column, row in zip(columns, rows, strict=True):
                column.append(row)
            total += len(used)
        return DressedBody(*(np.concatenate(column) for column in columns))


def _smoothed(rest: RestBody, faces: npt.NDArray[np.bool_]) -> FloatArray:
    """Vertices with those of a shoe drawn together until no toe is left; its size stays, m, shape (vertices, 3)."""
    corners = rest.faces[faces]
    ends = np.concatenate([corners[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))])
    used = np.unique(corners)
    count = np.bincount(ends.ravel(), minlength=len(rest.vertices))[used, None]
    out = rest.vertices.copy()
    for _ in range(SMOOTHING):
        total = np.zeros_like(out)
        np.add.at(total, ends[:, 0], out[ends[:, 1]])
        np.add.at(total, ends[:, 1], out[ends[:, 0]])
        out[used] += 0.5 * (total[used] / count - out[used])
    low, high = out[used].min(0), out[used].max(0)
    low0, high0 = rest.vertices[used].min(0), rest.vertices[used].max(0)
    out[used] = low0 + (out[used] - low) / (high - low) * (high0 - low0)
    return out


def _normals(vertices: FloatArray, faces: npt.NDArray[np.intp]) -> FloatArray:
    """Outward unit normals at the vertices, shape (vertices, 3)."""
    corner = vertices[faces]
    normal = np.cross(corner[:, 2] - corner[:, 0], corner[:, 3] - corner[:, 1])
    out = np.zeros_like(vertices)
    for k in range(4):
        np.add.at(out, faces[:, k], normal)
    return out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12)


def _pattern(garment: Garment, where: _Where) -> FloatArray:
    """Colours of the faces, shape (faces, 3)."""
    centre = where.centre
    first, second = (np.array(one, float) for one in (garment.colour, garment.second))
    mixed = {
        "plain": np.zeros(len(centre), bool),
        "stripes": np.sin(2 * np.pi * centre[:, 1] / 0.09) > 0.3,
        "blocks": centre[:, 1] > np.median(centre[:, 1]) + 0.25,
        "speckles": np.random.default_rng(len(centre)).random(len(centre)) < 0.2,
    }[garment.pattern]
    return np.where(mixed[:, None], second, first)
