"""Marker and key point sets: which label means which landmark.

A set is a table with one row per landmark. The right side is given; the left is derived: ``_right`` becomes ``_left``
in the landmark and the leading ``R``, ``r``, ``right`` or ``RIGHT`` of the label its counterpart. A row whose left
label breaks the rule is written out. Several labels in a row are alternatives, best first; a landmark ending in ``*``
numbers its labels (technical markers: any place on the segment will do). Adding a set is adding rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HEAD_MARKERS = (
    "head_front_left",
    "head_front_right",
    "head_back_left",
    "head_back_right",
    "glabella",
    "mastoid_left",
    "mastoid_right",
)
"""Markers that move with the skull."""
PELVIS_MARKERS = (
    "asis_left",
    "asis_right",
    "psis_left",
    "psis_right",
    "sacrum",
    "pelvis_1",
    "pelvis_2",
    "pelvis_3",
    "pelvis_4",
)
"""Markers that move with the pelvis."""
_MIDLINE = (
    "head_picture", "trunk_picture", "vertex", "glabella", "nose", "chin", "c7", "t7", "t10", "suprasternal", "xiphoid", "sacrum", "mid_shoulder",
    "mid_hip",
)  # fmt: skip
_SIDED = (
    "head_front", "head_back", "mastoid", "eye", "ear", "mouth", "sternum", "scapula", "acromion", "shoulder",
    "elbow", "elbow_lateral", "elbow_medial", "wrist", "wrist_radial", "wrist_ulnar", "hand", "asis", "psis",
    "iliac_crest", "trochanter", "hip", "knee", "knee_lateral", "knee_medial", "patella", "tibial_tuberosity",
    "fibula_head", "ankle", "ankle_lateral", "ankle_medial", "heel", "heel_lateral", "heel_medial", "mt1", "mt2",
    "mt5", "toe", "toe_small",
)  # fmt: skip
_TECHNICAL = ("upper_arm", "forearm", "thigh", "shank", "foot")
TECHNICAL_PER_SEGMENT = 6


@dataclass(frozen=True)
class MarkerSet:
    """One marker or key point set.

    Attributes
    ----------
    name
        As shown to a person.
    rows
        Landmark to labels, as described in the module.
    keypoints
        Whether its points are estimated from images, not markers on skin.
    """

    name: str
    rows: dict[str, str]
    keypoints: bool = False
    labels: dict[str, tuple[str, int]] = field(init=False, repr=False)
    """Label to landmark and its rank among the alternatives."""

    def __post_init__(self) -> None:
        labels: dict[str, tuple[str, int]] = {}
        for landmark, text in self.rows.items():
            for rank, label in enumerate(text.split()):
                for name, spelling in _both_sides(landmark, label, rank, self.rows):
                    labels.setdefault(spelling, (name, rank))
        object.__setattr__(self, "labels", labels)


def _both_sides(landmark: str, label: str, rank: int, rows: dict[str, str]) -> list[tuple[str, str]]:
    name = landmark.replace("*", str(rank + 1))
    pairs = [(name, label)]
    mirrored = landmark.replace("_right", "_left")
    if mirrored != landmark and mirrored not in rows:
        pairs.append((name.replace("_right", "_left"), mirror(label)))
    return pairs


def mirror(label: str) -> str:
    """Label of the left side from that of the right; ``r`` alone becomes ``L`` (OpenCap's habit; ``l`` is found loosely)."""
    for right, left in (("right", "left"), ("RIGHT", "LEFT"), ("Right", "Left"), ("R", "L"), ("r", "L")):
        if label.startswith(right):
            return left + label[len(right) :]
    return label


def canonical_names() -> tuple[str, ...]:
    """Every landmark name there is."""
    sided = [f"{name}_{side}" for name in _SIDED for side in ("left", "right")]
    numbers = range(1, TECHNICAL_PER_SEGMENT + 1)
    technical = [f"{name}_{side}_{k}" for name in _TECHNICAL for side in ("left", "right") for k in numbers]
    return (*_MIDLINE, *sided, *(f"pelvis_{k}" for k in numbers), *technical)


_PLUG_IN_GAIT = {
    "head_front_right": "RFHD", "head_back_right": "RBHD", "glabella": "GLAB", "mastoid_right": "RMAS", "c7": "C7",
    "t10": "T10", "suprasternal": "CLAV", "xiphoid": "STRN", "scapula_right": "RBAK", "acromion_right": "RSHO",
    "upper_arm_right_1": "RUPA", "elbow_lateral_right": "RELB", "forearm_right_1": "RFRM RFRA",
    "wrist_radial_right": "RWRA", "wrist_ulnar_right": "RWRB", "hand_right": "RFIN", "asis_right": "RASI",
    "psis_right": "RPSI", "sacrum": "SACR", "thigh_right_*": "RTHI RTHAP RTHAD", "knee_lateral_right": "RKNE",
    "knee_medial_right": "RKNM", "patella_right": "RPAT", "shank_right_*": "RTIB RTIAP RTIAD",
    "ankle_lateral_right": "RANK", "ankle_medial_right": "RMED", "heel_right": "RHEE", "mt1_right": "RFMH",
    "mt2_right": "RSMH RTOE", "mt5_right": "RVMH",
}  # fmt: skip
_VICON_CLUSTERS = {
    "head_front_right": "RFHD", "head_back_right": "RBHD", "c7": "C7", "t10": "T10", "suprasternal": "CLAV",
    "xiphoid": "STRN", "scapula_right": "RBAK", "acromion_right": "RSHO", "upper_arm_right_1": "RUPA",
    "elbow_lateral_right": "RELB", "forearm_right_1": "RFRM", "wrist_radial_right": "RWRA",
    "wrist_ulnar_right": "RWRB", "hand_right": "RFIN", "pelvis_*": "PELA PELB PELC PELD", "asis_right": "RASI",
    "psis_right": "RPSI", "sacrum": "SACR", "trochanter_right": "RGT", "hip_right": "RHJC",
    "thigh_right_*": "RFMA RFMB RFMC RFMD", "knee_lateral_right": "RKNL",
    "knee_medial_right": "RKNM", "shank_right_*": "RTBA RTBB RTBC RTBD", "ankle_lateral_right": "RANL",
    "ankle_medial_right": "RANM", "foot_right_*": "RFTA RFTB RFTC RFTD", "heel_right": "RHEE", "mt1_right": "RFMH RMT1",
    "mt2_right": "RSMH RTOE", "mt5_right": "RVMH RMT5",
}  # fmt: skip
_CAST = {
    "head_front_right": "RFHD RFH", "head_back_right": "RBHD RBH", "c7": "C7 CV7", "t10": "T10 TV10",
    "suprasternal": "CLAV IJ SJN", "xiphoid": "STRN PX SXS", "acromion_right": "RSHO RAC RCAJ",
    "upper_arm_right_*": "RUA1 RUA2 RUA3 RUA4", "elbow_lateral_right": "RELB RLEL RHLE",
    "elbow_medial_right": "RELM RMEL RHME", "forearm_right_*": "RFA1 RFA2 RFA3 RFA4",
    "wrist_radial_right": "RWRA RRSP", "wrist_ulnar_right": "RWRB RUSP", "hand_right": "RFIN RHM2",
    "pelvis_*": "PV1 PV2 PV3 PV4", "asis_right": "RASI RIAS", "psis_right": "RPSI RIPS", "iliac_crest_right": "RIC RILC",
    "trochanter_right": "RGT RGTR RFTC", "thigh_right_*": "RTH1 RTH2 RTH3 RTH4 RTH5",
    "knee_lateral_right": "RLFE RFLE RLK RKNL", "knee_medial_right": "RMFE RFME RMK RKNM",
    "tibial_tuberosity_right": "RTT RTTC", "fibula_head_right": "RHF RFAX", "shank_right_*": "RSK1 RSK2 RSK3 RSK4 RSK5",
    "ankle_lateral_right": "RLM RFAL RLA", "ankle_medial_right": "RMM RTAM RMA",
    "foot_right_*": "RFT1 RFT2 RFT3 RFT4", "heel_right": "RCA RFCC RHEE", "mt1_right": "RFM1 RMH1", "mt2_right": "RFM2 RMH2",
    "mt5_right": "RFM5 RMH5", "toe_right": "RHLX",
}  # fmt: skip
_PYORERUN = {
    "head_front_right": "RHeadTamp", "head_back_right": "RHeadBack", "c7": "C7", "t10": "T10", "suprasternal": "Clav",
    "xiphoid": "Sternum", "acromion_right": "RAcromium", "upper_arm_right_1": "RArm",
    "elbow_lateral_right": "RElbowLat", "forearm_right_1": "RForearm", "wrist_radial_right": "RWristLat",
    "wrist_ulnar_right": "RWristMed", "hand_right": "RFinger", "asis_right": "RASIS", "psis_right": "RBackAsis",
    "thigh_right_*": "RThighUpperC RThighFrontC RThighRearC RThighDownC", "knee_lateral_right": "RKneeLat",
    "shank_right_*": "RShankUpperC RShankFrontC RShankDownC", "ankle_lateral_right": "RAnkleLat",
    "heel_right": "RHeel", "heel_lateral_right": "RCalcExt", "heel_medial_right": "RCalcInt", "mt1_right": "RMT1",
    "mt5_right": "RMT5", "toe_right": "RPHAL1", "foot_right_*": "RMidFoot RForeFoot RPHAL2 RPHAL5",
}  # fmt: skip
_DORN = {
    "c7": "C7", "t7": "T7", "suprasternal": "MAN", "acromion_right": "RSH", "upper_arm_right_1": "RARM",
    "elbow_lateral_right": "RELB", "forearm_right_1": "RFOREARM", "wrist_right": "RWR", "asis_right": "RASI",
    "sacrum": "SACR", "pelvis_*": "P1 P2 P3", "thigh_right_*": "RTHLP RTHLD RTHAP RTHAD",
    "knee_lateral_right": "RLEPI", "knee_medial_right": "RMEPI", "patella_right": "RPAT",
    "shank_right_*": "RTIAP RTIAD RTILAT", "ankle_lateral_right": "RLMAL", "ankle_medial_right": "RMMAL",
    "heel_right": "RHEEL", "mt1_right": "RP1MT", "mt5_right": "RP5MT", "toe_right": "RTOE",
    "foot_right_*": "RMFS RMFL",
}  # fmt: skip
_HAMNER = {
    "c7": "C7", "suprasternal": "CLAV", "acromion_right": "RACR", "upper_arm_right_*": "RUA1 RUA2 RUA3",
    "elbow_lateral_right": "RLEL", "elbow_medial_right": "RMEL", "forearm_right_1": "RFAsuperior",
    "wrist_radial_right": "RFAradius", "wrist_ulnar_right": "RFAulna", "asis_right": "RASI", "psis_right": "RPSI",
    "hip_right": "RHJC", "thigh_right_*": "RTH1 RTH2 RTH3", "knee_lateral_right": "RLFC", "knee_medial_right": "RMFC",
    "shank_right_*": "RTB1 RTB2 RTB3", "ankle_lateral_right": "RLMAL", "ankle_medial_right": "RMMAL",
    "heel_right": "RCAL", "mt5_right": "RMT5", "toe_right": "RTOE",
}  # fmt: skip
_OPENCAP = {
    "c7": "C7", "sternum_right": "R_Sternum", "acromion_right": "R_Shoulder", "elbow_lateral_right": "R_elbow_lat",
    "elbow_medial_right": "R_elbow_med", "wrist_radial_right": "R_wrist_radius", "wrist_ulnar_right": "R_wrist_ulna",
    "asis_right": "r.ASIS", "psis_right": "r.PSIS", "hip_right": "R_HJC",
    "thigh_right_*": "r_thigh1 r_thigh2 r_thigh3 r_thigh4 r_thigh5", "knee_lateral_right": "r_knee",
    "knee_medial_right": "r_mknee", "shank_right_*": "r_shank_antsup r_sh2 r_sh3 r_sh4",
    "ankle_lateral_right": "r_ankle", "ankle_medial_right": "r_mankle", "heel_right": "r_calc",
    "mt5_right": "r_5meta", "toe_right": "r_toe",
}  # fmt: skip
_OPENCAP_STUDY = {
    "c7": "C7_study", "acromion_right": "r_shoulder_study", "elbow_lateral_right": "r_lelbow_study",
    "elbow_medial_right": "r_melbow_study", "wrist_radial_right": "r_lwrist_study",
    "wrist_ulnar_right": "r_mwrist_study", "asis_right": "r.ASIS_study", "psis_right": "r.PSIS_study",
    "hip_right": "RHJC_study", "thigh_right_*": "r_thigh1_study r_thigh2_study r_thigh3_study",
    "knee_lateral_right": "r_knee_study", "knee_medial_right": "r_mknee_study",
    "shank_right_*": "r_sh1_study r_sh2_study r_sh3_study", "ankle_lateral_right": "r_ankle_study",
    "ankle_medial_right": "r_mankle_study", "heel_right": "r_calc_study", "mt5_right": "r_5meta_study",
    "toe_right": "r_toe_study",
}  # fmt: skip
_RBDS = {
    "asis_right": "R.ASIS", "psis_right": "R.PSIS", "iliac_crest_right": "R.Iliac.Crest", "trochanter_right": "R.GTR",
    "thigh_right_*": "R.Thigh.Top.Lateral R.Thigh.Top.Medial R.Thigh.Bottom.Lateral R.Thigh.Bottom.Medial",
    "knee_lateral_right": "R.Knee", "knee_medial_right": "R.Knee.Medial", "tibial_tuberosity_right": "R.TT",
    "fibula_head_right": "R.HF",
    "shank_right_*": "R.Shank.Top.Lateral R.Shank.Top.Medial R.Shank.Bottom.Lateral R.Shank.Bottom.Medial",
    "ankle_lateral_right": "R.Ankle", "ankle_medial_right": "R.Ankle.Medial", "heel_right": "R.Heel.Bottom",
    "foot_right_1": "R.Heel.Top", "heel_lateral_right": "R.Heel.Lateral", "mt1_right": "R.MT1", "mt2_right": "R.MT2",
    "mt5_right": "R.MT5",
}  # fmt: skip
_BIOMAC = {
    "c7": "C7", "suprasternal": "Clav", "xiphoid": "Strn", "sacrum": "Sacr", "acromion_right": "RSho",
    "elbow_lateral_right": "RElbL", "elbow_medial_right": "RElbM", "wrist_radial_right": "RRSP",
    "wrist_ulnar_right": "RUSP", "asis_right": "RAsi", "trochanter_right": "RTro", "knee_lateral_right": "RKneL",
    "knee_medial_right": "RKneM", "patella_right": "RPat", "tibial_tuberosity_right": "RTub",
    "ankle_lateral_right": "RAnkL", "ankle_medial_right": "RAnkM", "heel_right": "RHee",
    "heel_lateral_right": "RCalL", "heel_medial_right": "RCalM", "mt1_right": "RToeM", "mt5_right": "RToeL",
    # On the second toe, not its metatarsal: the model of the set has it 71 mm in front of the metatarsal joints.
    "toe_right": "RToe2",
}  # fmt: skip
_ADDBIOMECHANICS = {
    "asis_right": "R.ASIS", "psis_right": "R.PSIS", "sacrum": "S2", "sternum_right": "R.Clavicle",
    "suprasternal": "MidClavicle", "acromion_right": "R.Shoulder", "elbow_lateral_right": "R.Elbow",
    "elbow_medial_right": "R.MElbow", "wrist_right": "R.Wrist", "knee_lateral_right": "R.Knee",
    "knee_medial_right": "R.MKnee", "ankle_lateral_right": "R.Ankle", "ankle_medial_right": "R.MAnkle",
    "heel_right": "R.Heel", "toe_right": "R.Toe", "mt5_right": "R.MT5",
}  # fmt: skip
_XSENS = {  # origins of segments of Xsens MVN; spaces, case and underscores do not matter
    "mid_hip": "Pelvis", "c7": "Neck", "shoulder_right": "RightUpperArm", "elbow_right": "RightForearm",
    "wrist_right": "RightHand", "hip_right": "RightUpperLeg", "knee_right": "RightLowerLeg",
    "ankle_right": "RightFoot", "toe_right": "RightToe",
}  # fmt: skip
_OPENPOSE = {
    "nose": "Nose", "eye_right": "REye", "ear_right": "REar", "vertex": "Head", "mid_shoulder": "Neck",
    "shoulder_right": "RShoulder", "elbow_right": "RElbow", "wrist_right": "RWrist",
    "mid_hip": "Hip MidHip CHip midHip", "hip_right": "RHip", "knee_right": "RKnee", "ankle_right": "RAnkle",
    "heel_right": "RHeel", "toe_right": "RBigToe", "toe_small_right": "RSmallToe",
}  # fmt: skip
_COCO = {
    "nose": "nose", "eye_right": "right_eye", "ear_right": "right_ear", "shoulder_right": "right_shoulder",
    "elbow_right": "right_elbow", "wrist_right": "right_wrist", "hand_right": "right_middle_finger1 right_index",
    "hip_right": "right_hip", "knee_right": "right_knee", "ankle_right": "right_ankle", "heel_right": "right_heel",
    "toe_right": "right_big_toe right_foot_index", "toe_small_right": "right_small_toe",
}  # fmt: skip
_MEDIAPIPE = {
    "nose": "NOSE", "eye_right": "RIGHT_EYE", "ear_right": "RIGHT_EAR", "mouth_right": "MOUTH_RIGHT",
    "mouth_left": "MOUTH_LEFT", "shoulder_right": "RIGHT_SHOULDER", "elbow_right": "RIGHT_ELBOW",
    "wrist_right": "RIGHT_WRIST", "hand_right": "RIGHT_INDEX", "hip_right": "RIGHT_HIP", "knee_right": "RIGHT_KNEE",
    "ankle_right": "RIGHT_ANKLE", "heel_right": "RIGHT_HEEL", "toe_right": "RIGHT_FOOT_INDEX",
}  # fmt: skip

SETS = (
    MarkerSet("Headway landmarks", {name: name for name in canonical_names()}),
    MarkerSet("Plug-in Gait (CGM1, CGM2)", _PLUG_IN_GAIT),
    MarkerSet("Vicon clusters", _VICON_CLUSTERS),
    MarkerSet("pyorerun running", _PYORERUN),
    MarkerSet("CAST (Cappozzo 1995)", _CAST),
    MarkerSet("Dorn 2012 (AIS-MU)", _DORN),
    MarkerSet("Hamner & Delp 2013", _HAMNER),
    MarkerSet("OpenCap LaiUhlrich2022", _OPENCAP),
    MarkerSet("OpenCap augmenter (_study)", _OPENCAP_STUDY, keypoints=True),
    MarkerSet("RBDS (Fukuchi 2017)", _RBDS),
    MarkerSet("BioMAC-Sim", _BIOMAC),
    MarkerSet("AddBiomechanics example", _ADDBIOMECHANICS),
    MarkerSet("Xsens MVN segments", _XSENS, keypoints=True),
    MarkerSet("OpenPose family (HALPE_26, BODY_25)", _OPENPOSE, keypoints=True),
    MarkerSet("COCO (WholeBody)", _COCO, keypoints=True),
    MarkerSet("MediaPipe pose", _MEDIAPIPE, keypoints=True),
)
"""All sets, in the order in which a tie is decided."""

OTHER_NAMES = MarkerSet(
    "other names",
    {
        "asis_right": "RFWT", "psis_right": "RBWT", "knee_medial_right": "RKNI RMKNE",
        "ankle_medial_right": "RAKI RMANK",
        "mt1_right": "RMT1", "mt2_right": "RMT2", "mt5_right": "RMT5", "vertex": "THD", "scapula_right": "RBAC",
        "shank_right_1": "RSHN", "sacrum": "S2 SACRUM", "c7": "C7", "suprasternal": "IJ MidClavicle",
        "head_picture": "head_picture", "trunk_picture": "trunk_picture",
    },
)  # fmt: skip
"""Names met outside their set that mean one place only; asked last, for landmarks that are still free."""
