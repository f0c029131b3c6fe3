"""How much of one pickle file a scan follows. What goes beyond is for review, never clean."""

from typing import Final

# Opcodes of all pickles of a file together, those nested in arrays among them.
MAX_OPCODES: Final = 2_000_000
# Bytes that opcodes carry and that were read. Long payloads are skipped after their head, and don't count.
MAX_STREAM_BYTES: Final = 64 * 1024 * 1024
# How much of a string, a byte string or a line is read. Names that matter are far shorter.
MAX_TEXT_BYTES: Final = 64 * 1024
# Picklers end a frame at 64 KiB, with the value that reaches it.
MAX_FRAME_BYTES: Final = 16 * 1024 * 1024
# Numbers in the memo. The real unpickler makes a table as long as the largest.
MAX_MEMO_INDEX: Final = 4_000_000
# Above this, the memo is not followed. No opcode but those of protocol 0 can say so much.
MAX_MEMO_NUMBER: Final = 2**32
# Arguments of one call. Every call is looked through, so that many of them with many arguments would take long.
MAX_ARGUMENTS: Final = 64
# The names of one pickle's imports, and how many different ones it may make of them.
MAX_NAME_CHARACTERS: Final = 500
MAX_DIFFERENT_IMPORTS: Final = 10_000
# Marks that are set and not taken yet: values inside of each other. Python's pickler stops at a thousand.
MAX_MARKS: Final = 10_000
# Dictionaries and instances that are followed.
MAX_OBJECTS: Final = 250_000
# Entries of one dictionary that are kept. The states that are judged are smaller.
MAX_ENTRIES: Final = 64
# Pickles one after another in a file.
MAX_PICKLES: Final = 100
# What one file's scan lists.
MAX_IMPORTS: Final = 1_000
MAX_REASONS: Final = 100
# The header of an array file. NumPy reads no longer one by itself.
MAX_HEADER_CHARACTERS: Final = 10_000
