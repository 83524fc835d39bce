"""Names that read alike: a skeleton in which look-alike letters are one, and scripts by letter."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter

# Latin letter -> what looks like it once NFKC and case folding have been at work, so capitals
# that look alike (Cyrillic В, Greek Η) stand here as the small letters that they become.
_LOOKS_LIKE = {
    "a": "аαɑ", "b": "вβь", "c": "сϲ", "d": "ԁ", "e": "еεєҽ", "g": "ɡց", "h": "нһհ", "j": "јϳ",
    "k": "кκ", "l": "1i|ıіιӏɩǀ", "m": "мμ", "n": "ηпո", "o": "0оοօσ", "p": "рρ", "q": "ԛգ",
    "r": "гᴦ", "s": "ѕꜱ", "t": "тτ", "u": "υսц", "v": "νѵ", "w": "ԝωш", "x": "хχ", "y": "уүγ",
    "z": "ᴢ",
}  # fmt: skip
_ALIKE = str.maketrans({other: one for one, others in _LOOKS_LIKE.items() for other in others})

_OWN_SCRIPTS = {
    "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "he": "HEBREW", "yi": "HEBREW", "el": "GREEK",
    "be": "CYRILLIC", "bg": "CYRILLIC", "kk": "CYRILLIC", "mk": "CYRILLIC", "mn": "CYRILLIC",
    "ru": "CYRILLIC", "sr": "CYRILLIC", "uk": "CYRILLIC", "hy": "ARMENIAN", "ka": "GEORGIAN",
    "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ne": "DEVANAGARI", "bn": "BENGALI", "ta": "TAMIL",
    "te": "TELUGU", "th": "THAI", "zh": "CJK", "ja": "CJK", "ko": "HANGUL", "am": "ETHIOPIC",
}  # fmt: skip
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "BOPOMOFO": "CJK", "IDEOGRAPHIC": "CJK"}
_ANYWHERE = frozenset({"LATIN", "FEMININE", "MASCULINE", "MODIFIER", "MICRO"})


def skeleton(name: str) -> str:
    """Return what a name looks like: equal for names that a hasty reader takes for the same.

    After UTS 39, with a small table: compatibility forms, case, marks, what is not seen, and
    look-alike letters are one.

    >>> skeleton("Аdа Lоvelace") == skeleton("ADA  lovelace")
    True
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(
        one for one in folded if one.isalnum() or one == "|" or unicodedata.category(one)[0] == "L"
    )
    return letters.translate(_ALIKE).replace("rn", "m")


@functools.lru_cache(maxsize=4096)
def script(letter: str) -> str:
    """Return the script of a letter by its Unicode name, `LATIN` or `CJK`; empty for no letter."""
    if letter.isascii():
        return "LATIN" if letter.isalpha() else ""
    if not letter.isalpha():
        return ""
    first = unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0]
    return _TOGETHER.get(first, first)


def foreign_scripts(text: str, language: str) -> tuple[tuple[str, float], ...]:
    """Return (script, its share of all letters) for scripts that a language is not written in.

    Latin letters are at home in every language.
    """
    counts = Counter(filter(None, map(script, text)))
    own = _OWN_SCRIPTS.get(language.split("-", 1)[0].lower(), "LATIN")
    total = sum(counts.values())
    return tuple(
        (name, number / total)
        for name, number in counts.most_common()
        if name not in _ANYWHERE and name != own and not (own == "HANGUL" and name == "CJK")
    )


def mixed_word(text: str) -> str:
    """Return the first word that mixes letters of Latin, Cyrillic and Greek; empty if none does."""
    for word in text.split():
        if not word.isascii() and len({"LATIN", "CYRILLIC", "GREEK"} & set(map(script, word))) > 1:
            return word
    return ""
