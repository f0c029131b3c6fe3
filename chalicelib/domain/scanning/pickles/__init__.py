"""What pickles would import and call: found by following their opcodes, never by loading them."""
