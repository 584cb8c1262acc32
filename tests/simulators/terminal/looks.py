"""How people look: a handful of traits, given for the invented people and drawn by lot, always the same, for others."""

from dataclasses import dataclass
from random import Random
from typing import Literal

type Colour = tuple[int, int, int]
type HairStyle = Literal["short", "long", "bun", "curly", "bald", "scarf"]
type Beard = Literal["none", "stubble", "full"]
type Collar = Literal["shirt", "vest", "round"]


@dataclass(frozen=True, slots=True)
class Look:
    """What the drawing needs to know of a person."""

    skin: Colour
    hair: Colour
    hair_style: HairStyle
    eyes: Colour
    clothes: Colour
    background: Colour
    beard: Beard = "none"
    collar: Collar = "round"
    glasses: bool = False


def darker(colour: Colour, factor: float) -> Colour:
    """Return the colour times a factor below 1."""
    return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))


def lighter(colour: Colour, share: float) -> Colour:
    """Return the colour moved towards white by a share of 0 to 1."""
    return (
        int(colour[0] + (255 - colour[0]) * share),
        int(colour[1] + (255 - colour[1]) * share),
        int(colour[2] + (255 - colour[2]) * share),
    )


FAIR: Colour = (242, 208, 184)
LIGHT: Colour = (228, 184, 150)
OLIVE: Colour = (206, 158, 120)
BROWN: Colour = (150, 100, 70)
DEEP: Colour = (108, 70, 50)

BLACK_HAIR: Colour = (34, 28, 30)
BROWN_HAIR: Colour = (86, 56, 38)
BLOND_HAIR: Colour = (214, 178, 110)
RED_HAIR: Colour = (160, 78, 42)
GREY_HAIR: Colour = (150, 148, 146)

BROWN_EYES: Colour = (84, 54, 34)
BLUE_EYES: Colour = (74, 124, 164)
GREEN_EYES: Colour = (86, 126, 84)

KNOWN_LOOKS: dict[str, Look] = {
    "Amara Okafor": Look(
        DEEP,
        BLACK_HAIR,
        "curly",
        BROWN_EYES,
        (176, 64, 58),
        (96, 132, 150),
        collar="vest",
    ),
    "Mateo Alvarez": Look(
        OLIVE,
        BLACK_HAIR,
        "short",
        BROWN_EYES,
        (52, 84, 128),
        (168, 150, 120),
        beard="stubble",
    ),
    "Linh Nguyen": Look(
        LIGHT, BLACK_HAIR, "long", BROWN_EYES, (70, 130, 118), (150, 168, 140)
    ),
    "Yusuf Demir": Look(
        OLIVE,
        GREY_HAIR,
        "bald",
        GREEN_EYES,
        (66, 70, 78),
        (120, 124, 158),
        beard="full",
        collar="vest",
    ),
    "Freya Lindqvist": Look(
        FAIR, BLOND_HAIR, "bun", BLUE_EYES, (88, 72, 120), (128, 156, 176), glasses=True
    ),
    "Henry Blackwood": Look(
        FAIR,
        RED_HAIR,
        "short",
        BLUE_EYES,
        (48, 50, 58),
        (140, 120, 112),
        beard="full",
        collar="shirt",
    ),
}


def look_of(identity: str) -> Look:
    """Return the look of a person: the same for the same name."""
    if identity in KNOWN_LOOKS:
        return KNOWN_LOOKS[identity]
    lot = Random(identity)
    skin = lot.choice((FAIR, LIGHT, OLIVE, BROWN, DEEP))
    style: HairStyle = lot.choice(
        ("short", "long", "bun", "curly", "bald", "scarf", "short")
    )
    return Look(
        skin=skin,
        hair=lot.choice((BLACK_HAIR, BROWN_HAIR, BLOND_HAIR, RED_HAIR, GREY_HAIR))
        if style != "scarf"
        else lot.choice(((66, 92, 140), (130, 60, 88), (60, 110, 96))),
        hair_style=style,
        eyes=lot.choice((BROWN_EYES, BLUE_EYES, GREEN_EYES)),
        clothes=(
            lot.randrange(40, 190),
            lot.randrange(40, 170),
            lot.randrange(50, 180),
        ),
        background=(
            lot.randrange(90, 170),
            lot.randrange(100, 170),
            lot.randrange(100, 170),
        ),
        beard=lot.choice(("none", "stubble", "full"))
        if style in {"short", "bald"}
        else "none",
        collar=lot.choice(("shirt", "vest", "round")),
        glasses=lot.random() < 0.25,
    )
