"""How much of one pickle file a scan follows. What goes beyond is for review, never clean."""

from typing import Final

# Opcodes of all pickles of a file together, those nested in arrays among them.
MAX_OPCODES: Final = 2_000_000
# Bytes that opcodes carry and that were read. Long payloads are skipped after their head, and don't count.
MAX_STREAM_BYTES: Final = 64 * 1024 * 1024
# How much of a string, a byte string or a line is read. Names that matter are far shorter.
MAX_TEXT_BYTES: Final = 64 * 1024
# Numbers in the memo. The real unpickler makes a table as long as the largest.
MAX_MEMO_INDEX: Final = 4_000_000
# Dictionaries and instances that are followed.
MAX_OBJECTS: Final = 250_000
# Entries of one dictionary that are kept. The states that are judged are smaller.
MAX_ENTRIES: Final = 64
# Pickles one after another in a file.
MAX_PICKLES: Final = 100
# Pickles inside arrays of objects inside pickles.
MAX_DEPTH: Final = 4
# What one file's scan lists.
MAX_IMPORTS: Final = 1_000
MAX_REASONS: Final = 100
# What a compressed file may become, since it is held in memory; and how many times its size.
MAX_DECOMPRESSED_BYTES: Final = 128 * 1024 * 1024
MAX_RATIO: Final = 100
# The header of an array file. NumPy reads no longer one by itself.
MAX_HEADER_CHARACTERS: Final = 10_000
