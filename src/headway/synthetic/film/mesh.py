"""The naked body at rest: a mesh of quadrilaterals, which of them move with which segment, and where its joints are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.errors import OptionError
from headway.recording import FloatArray
from headway.synthetic.film.scene import RenderedBody

GROUPS = (
    "pelvis", "thorax", "head", "thigh_left", "thigh_right", "shank_left", "shank_right", "foot_left", "foot_right",
    "upper_arm_left", "upper_arm_right", "forearm_left", "forearm_right",
)  # fmt: skip
ROOTS = {
    "upperleg01": "thigh",
    "lowerleg01": "shank",
    "foot": "foot",
    "upperarm01": "upper_arm",
    "lowerarm01": "forearm",
}
"""The bone that each limb's segment begins with."""
SHARED = {
    "spine05": ("pelvis", "thorax", 0.15),
    "spine04": ("pelvis", "thorax", 0.45),
    "spine03": ("pelvis", "thorax", 0.8),
    "neck01": ("thorax", "head", 0.25),
    "neck02": ("thorax", "head", 0.6),
    "neck03": ("thorax", "head", 0.9),
}
"""Bones between two segments, and the second one's share."""
TRUNK = {
    "root": "pelvis",
    "pelvis": "pelvis",
    "spine02": "thorax",
    "spine01": "thorax",
    "clavicle": "thorax",
    "head": "head",
}
JOINT_BONES = {
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
}
FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")


@dataclass(frozen=True)
class RestBody:
    """A naked body at rest.

    Attributes
    ----------
    vertices
        m, forward, up, right, shape (vertices, 3).
    faces
        Quadrilaterals, counter-clockwise from outside, shape (faces, 4).
    weights
        Share of every segment of ``GROUPS`` in a vertex's motion, shape (vertices, groups).
    joints
        Joint centres (``hip_left`` ...) and points of the face, m.
    """

    vertices: FloatArray
    faces: npt.NDArray[np.intp]
    weights: FloatArray
    joints: dict[str, FloatArray]

    @property
    def height(self) -> float:
        """From the soles to the crown, m."""
        return float(np.ptp(self.vertices[:, 1]))


@lru_cache(maxsize=1)
def _model() -> Any:
    """The body model of the package anny (Brégier et al. 2025; MakeHuman's body, CC0)."""
    try:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import anny  # pyright: ignore[reportMissingImports]
            from warp import config  # pyright: ignore[reportMissingImports]

            config.quiet = True
            return anny.create_fullbody_model()
    except ImportError:
        raise OptionError(
            "rendering", "the body model is not installed", 'install headway with the extra "render"'
        ) from None


@lru_cache(maxsize=8)
def rest_body(body: RenderedBody) -> RestBody:
    """Build the body at rest.

    Parameters
    ----------
    body
        Its build counts, not its colours.

    Raises
    ------
    OptionError
        The extra ``render`` is not installed.
    """
    model = _model()
    import torch  # pyright: ignore[reportMissingImports]
    from anny.paths import get_anny_root_dir  # pyright: ignore[reportMissingImports]

    shape = {
        "gender": body.gender,
        "age": body.age,
        "muscle": body.muscle,
        "weight": body.weight,
        "height": 0.5,
        "proportions": 0.6,
    }
    with torch.no_grad():
        out = model(phenotype_kwargs=shape)
    given = out["rest_vertices"][0].numpy().astype(float)
    heads = out["rest_bone_heads"][0].numpy().astype(float)
    bones = {name: k for k, name in enumerate(model.bone_labels)}
    regressors = torch.load(get_anny_root_dir() / "data" / "keypoints" / "coco.pth", weights_only=True)
    rows = model.base_mesh_vertex_indices
    joints = {name: _axes(regressors[name][rows].numpy().astype(float) @ given) for name in FACE}
    for joint, bone in JOINT_BONES.items():
        for side in ("left", "right"):
            joints[f"{joint}_{side}"] = _axes(heads[bones[f"{bone}.{side[0].upper()}"]])
    return RestBody(_axes(given), np.asarray(model.faces, np.intp), _group_weights(model), joints)


def _axes(points: FloatArray) -> FloatArray:
    """From the model's axes (left, back, up) to forward, up, right."""
    return np.stack([-points[..., 1], points[..., 2], -points[..., 0]], axis=-1)


def _group_weights(model: Any) -> FloatArray:
    """Sum the weights of the bones of every segment, shape (vertices, groups)."""
    share = np.array([_bone_share(model, k) for k in range(len(model.bone_labels))])
    index, weight = np.asarray(model.vertex_bone_indices), np.asarray(model.vertex_bone_weights, float)
    out = np.einsum("vk,vkg->vg", weight, share[index])
    return out / out.sum(1, keepdims=True)


def _bone_share(model: Any, bone: int) -> FloatArray:
    """Segments that a bone moves with, shape (groups,): its own, or those of the nearest bone above it that is known."""
    out = np.zeros(len(GROUPS))
    while True:
        name, _, end = str(model.bone_labels[bone]).partition(".")
        side = {"L": "_left", "R": "_right", "": ""}[end]
        if name in SHARED:
            first, second, share = SHARED[name]
            out[GROUPS.index(first)], out[GROUPS.index(second)] = 1 - share, share
            return out
        group = ROOTS[name] + side if name in ROOTS else TRUNK.get(name)
        if group is not None:
            out[GROUPS.index(group)] = 1.0
            return out
        bone = int(model.bone_parents[bone])
