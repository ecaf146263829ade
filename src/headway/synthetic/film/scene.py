"""What a rendered film shows and how it is filmed: frozen data, nothing computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""
Hair = Literal["bald", "short", "long", "cap"]
Pattern = Literal["plain", "stripes", "blocks", "speckles"]
Carriage = Literal["fixed", "panning", "following"]
Ground = Literal["treadmill", "overground"]


@dataclass(frozen=True)
class RenderedBody:
    """Build and looks of a runner; the limbs' lengths follow from the motion.

    Attributes
    ----------
    gender
        0 female to 1 male.
    muscle, weight
        0 to 1, 0.5 is the mean.
    age
        0.5 young adult to 0.9 old.
    skin, hair_colour
        Colours.
    hair
        What is on the head.
    """

    gender: float = 1.0
    muscle: float = 0.6
    weight: float = 0.4
    age: float = 0.6
    skin: Colour = (205, 170, 150)
    hair: Hair = "short"
    hair_colour: Colour = (40, 30, 25)


@dataclass(frozen=True)
class Garment:
    """One piece of clothing: a shell that stands off from the skin.

    Attributes
    ----------
    colour, second, pattern
        Main colour, the pattern's other one, and how they are laid out.
    reach
        How far it goes down the limb (thigh to ankle 0 to 2, shoulder to wrist 0 to 2).
    ease
        Distance from the skin at its hem, m.
    flutter
        Share of the ease that moves.
    """

    colour: Colour
    second: Colour = (255, 255, 255)
    pattern: Pattern = "plain"
    reach: float = 0.5
    ease: float = 0.01
    flutter: float = 0.3


@dataclass(frozen=True)
class Outfit:
    """What the runner wears; ``None`` leaves the skin bare.

    Attributes
    ----------
    shirt, shorts
        Clothes of the trunk and of the legs.
    shoe, sole
        Colours of the shoe's upper and of its sole.
    sock
        Colour, and height above the ankle, m.
    """

    shirt: Garment | None = Garment((190, 60, 40), reach=0.5, ease=0.012)
    shorts: Garment | None = Garment((30, 40, 60), reach=0.5, ease=0.02)
    shoe: Colour = (220, 220, 225)
    sole: Colour = (245, 245, 245)
    sock: tuple[Colour, float] = ((230, 230, 230), 0.06)


@dataclass(frozen=True)
class RenderedLight:
    """One sun and the sky.

    Attributes
    ----------
    azimuth, elevation
        Where the sun stands, deg; azimuth from the running direction to the right.
    ambient
        Share of light that comes from everywhere.
    shadow
        Darkness of the shadow on the ground, 0 to 1, and its softness, m.
    gain, warmth
        Brightness of the whole picture, and colour cast (red over blue).
    """

    azimuth: float = 40.0
    elevation: float = 50.0
    ambient: float = 0.5
    shadow: tuple[float, float] = (0.45, 0.03)
    gain: float = 1.0
    warmth: float = 1.0


@dataclass(frozen=True)
class Backdrop:
    """Ground and what stands behind the runner.

    Attributes
    ----------
    seed
        Of the textures.
    distance
        From the runner to the wall behind, m.
    wall, floor
        Colours.
    clutter
        Number of things in front of the wall (trees, windows, doors).
    contrast
        Of the textures, 0 to 1.
    photo
        A picture for the wall in place of a made one.
    """

    seed: int = 0
    distance: float = 8.0
    wall: Colour = (150, 155, 150)
    floor: Colour = (120, 115, 110)
    clutter: int = 12
    contrast: float = 0.5
    photo: str | None = None


@dataclass(frozen=True)
class RenderedCamera:
    """A phone, and where it is.

    Attributes
    ----------
    azimuth
        Where the phone stands: 0 behind the runner, 90 on the right, 180 in front, -90 on the left; deg.
    distance, height
        From the runner's place halfway through the film, and above the ground, m.
    aim
        Height that the middle of the picture looks at, m, and how far it is off to the side, m.
    roll
        Turn about the viewing axis, deg.
    focal
        px.
    size
        Width and height of the picture, px.
    rate
        Pictures per second.
    exposure, readout
        Time a row is exposed, and time from the first to the last row (rolling shutter), s.
    carriage
        ``fixed`` in space, ``panning`` from a fixed place with the runner, or ``following`` at the runner's speed.
    zoom
        Factor by which the focal length grows over the film.
    shake
        How much a hand turns it, deg (root mean square).
    grain
        Noise of the sensor, levels of 255.
    quality
        Constant rate factor of H.264: 18 fine, 35 coarse.
    """

    azimuth: float = 90.0
    distance: float = 5.0
    height: float = 1.1
    aim: tuple[float, float] = (0.95, 0.0)
    roll: float = 0.0
    focal: float = 1300.0
    size: tuple[int, int] = (720, 1280)
    rate: float = 30.0
    exposure: float = 0.002
    readout: float = 0.012
    carriage: Carriage = "fixed"
    zoom: float = 1.0
    shake: float = 0.0
    grain: float = 2.0
    quality: int = 23


@dataclass(frozen=True)
class RenderedScene:
    """One shot.

    Attributes
    ----------
    body, outfit, light, backdrop, camera
        What is seen.
    ground
        Whether the ground moves under the runner or the runner over the ground.
    duration
        s.
    start
        Time of the motion at the first picture, s.
    slowed
        How many times slower than reality the film plays.
    repeats
        How often every picture is shown.
    """

    body: RenderedBody = field(default_factory=RenderedBody)
    outfit: Outfit = field(default_factory=Outfit)
    light: RenderedLight = field(default_factory=RenderedLight)
    backdrop: Backdrop = field(default_factory=Backdrop)
    camera: RenderedCamera = field(default_factory=RenderedCamera)
    ground: Ground = "treadmill"
    duration: float = 3.5
    start: float = 0.0
    slowed: float = 1.0
    repeats: int = 1

    @property
    def view(self) -> str:
        """``rear``, ``front``, ``side`` (or ``oblique``, more than 25 degrees off)."""
        turn = abs((self.camera.azimuth + 180.0) % 360.0 - 180.0)
        if turn <= 25.0:
            return "rear"
        if turn >= 155.0:
            return "front"
        return "side" if abs(turn - 90.0) <= 25.0 else "oblique"
