"""The old Vietnamese encodings letter by letter, and which words are Vietnamese.

TCVN3 (ABC, fonts named .Vn…) is TCVN 5712:1993 with all its capitals (VN1); VNI-Windows writes a letter and behind it
a mark. Both were typed as if they were Latin-1, so that is how they are found: "B¸o c¸o", "Baùo caùo".
"""

import re
import unicodedata
from functools import lru_cache

_TCVN3_LOW = dict(zip("\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17", "ÚỤỪỬỮỨỰỲỶỸÝỴ", strict=True))
_TCVN3_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ"  # 80
    "ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"  # 90
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ"  # a0
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"  # b0
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"  # c0
    "éẹềểễếệìỉỄẾỒĩíịò"  # d0
    "Ổỏõóọồổỗốộờởỡớợù"  # e0
    "ỖủũúụừửữứựỳỷỹýỵỐ"  # f0
)
_TCVN3 = _TCVN3_LOW | {chr(code): letter for code, letter in enumerate(_TCVN3_HIGH, 0x80)}
# Through Windows-1252 the codes 80 to 9f look different.
_TCVN3 |= {bytes([code]).decode("cp1252", "replace"): letter for code, letter in enumerate(_TCVN3_HIGH[:32], 0x80)}
_TCVN3.pop("\ufffd")
_TCVN3_TABLE = str.maketrans(_TCVN3)
_TONED = frozenset("àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")

_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = dict(zip("íìæóòîñôö", "íìỉĩịỵđơư", strict=True))
_VNI = {base + mark: letter for base, marks in _VNI_MARKS.items() for mark, letter in marks.items()} | _VNI_ALONE
_VNI |= {base + mark.upper(): letter for base, marks in _VNI_MARKS.items() for mark, letter in marks.items()}
_VNI |= {base.upper() + mark: letter.upper() for base, mark, letter in [(k[:1], k[1:], v) for k, v in _VNI.items()]}
_VNI_PARTS = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ONSET = "b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh?|n|ph?|qu|r|s|t[hr]?|v|x|"
_OPEN_RHYMES = (
    "a|ai|am|an|ang|anh|ao|au|ay|ăm|ăn|ăng|âm|ân|âng|âu|ây|e|em|en|eng|eo|ê|êm|ên|ênh|êu|"
    "i|ia|iêm|iên|iêng|iêu|im|in|inh|iu|o|oa|oai|oam|oan|oang|oanh|oao|oay|oăm|oăn|oăng|oe|oen|oeo|oi|om|on|ong|oong|"
    "ô|ôi|ôm|ôn|ông|ơ|ơi|ơm|ơn|u|ua|uân|uâng|uây|uê|uênh|ui|um|un|ung|uôi|uôm|uôn|uông|uơ|uy|uya|uyên|uynh|uyu|"
    "ư|ưa|ưi|ưm|ưn|ưng|ươi|ươm|ươn|ương|ươu|ưu|y|ya|yêm|yên|yêng|yêu|ynh"
)
_CLOSED_RHYMES = (
    "ac|ach|ap|at|ăc|ăp|ăt|âc|âp|ât|ec|ep|et|êch|êp|êt|ich|iêc|iêp|iêt|ip|it|oac|oach|oap|oat|oăc|oăt|"
    "oc|oet|ooc|op|ot|ôc|ôp|ôt|ơp|ơt|uât|uc|uêch|uôc|uôt|up|ut|uych|uyêt|uyt|ưc|ươc|ươp|ươt|ưt|yêt|yêc|yt|ych"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})(?:(?:{_OPEN_RHYMES})[01]?|(?:{_CLOSED_RHYMES})1)")


def from_tcvn3(text: str) -> str:
    """Unicode of what was typed with a .Vn… font. Its small toned letters stood for capitals too: "NGHÞ" is NGHỊ."""
    found = unicodedata.normalize("NFC", text.translate(_TCVN3_TABLE))
    if found == text:
        return text
    sure = [letter for letter in found if letter.isalpha() and letter not in _TONED]
    if all(letter.isupper() for letter in sure) and any(_is_capital(word) for word in found.split()):
        return found.upper()
    return " ".join(word.upper() if _is_capital(word) else word for word in found.split(" "))


def _is_capital(word: str) -> bool:
    sure = [letter for letter in word if letter.isalpha() and letter not in _TONED]
    return len(sure) > 1 and all(letter.isupper() for letter in sure)


def from_vni(text: str) -> str:
    """Unicode of what was typed with a VNI-… font."""
    return _VNI_PARTS.sub(lambda match: _VNI[match[0]], text)


def from_doubled_utf8(text: str) -> str:
    """Unicode of UTF-8 that was read as Windows-1252 and saved so: "BÃ¡o". The same text where it was not."""
    octets = b"".join(letter.encode("cp1252", "ignore") or letter.encode("latin-1", "ignore") for letter in text)
    try:
        return octets.decode("utf-8") if len(octets) == len(text) else text
    except UnicodeDecodeError:
        return text


@lru_cache(maxsize=50_000)
def is_vietnamese(word: str) -> bool:
    """Whether a word is one syllable of Vietnamese, marks included: "trường" is, "trêng", "baùo", "b¸o" are not."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONES.findall(parts)
    plain = unicodedata.normalize("NFC", _TONES.sub("", parts))
    if len(tones) > 1:
        return False
    # 1: the tones that a closed syllable takes
    kind = ("1" if tones[0] in "\u0301\u0323" else "0") if tones else ""
    return _SYLLABLE.fullmatch(plain + kind) is not None
