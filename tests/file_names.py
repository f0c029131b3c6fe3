"""File names as the registry and the clients must both judge them. The two share no code, but these examples."""

from typing import Final

# Registered, and downloaded under their own names wherever the file system can hold them.
REGISTERED: Final = (
    "model.pkl",
    "a/b/c.txt",
    "weights (1).bin",
    "été/x",
    "a/..b",
    "weights:0",
    "logs/2026-11-28T08:00:00.json",
    "non\u00a0breaking.txt",
    "family \U0001f468\u200d\U0001f469\u200d\U0001f467.png",
    "soft\u00adhyphen",
    "x" * 255,
    "é" * 127 + "x",
    "/".join(["deep"] * 190),
)
# Refused at registration, and never written by a client that finds one in a manifest all the same.
REFUSED: Final = (
    "",
    "/etc/passwd",
    "../x",
    "a/../b",
    "a/../../x",
    "a//b",
    "a/",
    "./a",
    "..",
    "a\\b",
    "..\\x",
    "C:\\x",
    "a\x00",
    "a\nb",
    "a\x7f",
    "a\u2028b",
    "a\ufffe",
)
# Registered until now. A client shortens the name; the registry no longer accepts it.
TOO_LONG: Final = ("x" * 256, "é" * 128, f"data/{'y' * 300}.bin")
# Registered with a warning. The second is the name on Windows.
RENAMED_BY_WINDOWS: Final = {
    "weights:0": "weights%3A0",
    "a<b>.txt": "a%3Cb%3E.txt",
    'say "hi"': "say %22hi%22",
    "what?/x": "what%3F/x",
    "a|b*c": "a%7Cb%2Ac",
    "CON": "%43ON",
    "data/nul.txt": "data/%6Eul.txt",
    "com1 .bin": "%63om1 .bin",
    "LPT¹": "%4CPT¹",
    "conin$": "%63onin$",
    "dots..": "dots.%2E",
    "space ": "space%20",
    "LONGFI~1.TXT": "LONGFI%7E1.TXT",
}
HELD_BY_WINDOWS: Final = ("CONSOLE", "con-fig", "a.con", "com10", "x~y", "…", "été", "{a}", ".hidden", "a b")
# Names in one version of which a file system without upper and lower case keeps only the first.
COLLIDING: Final = (
    ("A.txt", "a.txt"),
    ("Data/x", "data/x"),
    ("STRASSE", "straße"),
    ("caf\u00e9", "cafe\u0301"),
    ("data/x", "Data"),
)
APART: Final = (("a.txt", "b.txt"), ("Data/x", "data/y"), ("a", "ab/a"))
