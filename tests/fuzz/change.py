"""How bytes are changed at random: bits, numbers, pieces, lengths, and words that readers stumble over."""

import random

WORDS = (
    b"nan", b"inf", b"-1", b"1e999", b"1e308", b"9" * 400, b"\0", b"\xff\xfe", b"\r\n", b",", b";", b"\t", b'"', b"[" * 3000, b"{", b"]", b"}",
    b"null", b"0", b"1e25", b"99999999999999999999", b"\x80", b"65535", b"=1+1", b"2147483648",
)  # fmt: skip
EXTREMES = (
    b"\0\0",
    b"\xff\xff",
    b"\0\0\0\x80",
    b"\xff\xff\xff\x7f",
    b"\xff" * 8,
    b"\0" * 8,
    b"\0\0\x80\x7f",
    b"\0\0\xc0\x7f",
)


def changed(content: bytes, chance: random.Random) -> bytes:
    """The same with one to four changes."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        chance.choice(WAYS)(data, chance)
    return bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    """A place in the bytes; beginnings and ends, where sizes are stated, more often."""
    ends = min(len(data), 600)
    near = chance.random()
    if near < 0.3:
        return chance.randrange(ends + 1)
    return len(data) - chance.randrange(ends + 1) if near < 0.45 else chance.randrange(len(data) + 1)


def _bit(data: bytearray, chance: random.Random) -> None:
    if data:
        data[min(_place(data, chance), len(data) - 1)] ^= 1 << chance.randrange(8)


def _byte(data: bytearray, chance: random.Random) -> None:
    if data:
        data[min(_place(data, chance), len(data) - 1)] = chance.randrange(256)


def _extreme(data: bytearray, chance: random.Random) -> None:
    at, word = _place(data, chance), chance.choice(EXTREMES)
    data[at : at + len(word)] = word


def _word(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at : at + chance.choice((0, 0, 1, 3, 8))] = chance.choice(WORDS)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[_place(data, chance) :]


def _remove(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 2, 16, 512))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = _place(data, chance)
    data[at:at] = data[at : at + chance.choice((1, 8, 64, 512))] * chance.choice((1, 2, 50))


def _move(data: bytearray, chance: random.Random) -> None:
    one, two = _place(data, chance), _place(data, chance)
    data[one : one + 32], data[two : two + 32] = data[two : two + 32], data[one : one + 32]


WAYS = (_bit, _bit, _byte, _extreme, _word, _word, _cut, _remove, _repeat, _move)
