"""Checks that huggingface_hub has the calls of some code, with these parameters: ``hub_calls.py CODE``. Calls nobody.

Prints the names that were checked. Fails with the call if the library has no such method, or not with these parameters.
"""

import ast
import inspect
import sys
from pathlib import Path

from huggingface_hub import HfApi, ModelCard

(file,) = sys.argv[1:]
for call in ast.walk(ast.parse(Path(file).read_text())):
    if not isinstance(call, ast.Call):
        continue
    if ast.unparse(call.func).startswith("api."):
        called = getattr(HfApi, call.func.attr)
    elif isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).startswith("ModelCard("):
        called = getattr(ModelCard, call.func.attr)
    else:
        continue
    # The first is self.
    given = ["self", *(ast.unparse(value) for value in call.args)]
    inspect.signature(called).bind(*given, **{word.arg: ast.unparse(word.value) for word in call.keywords})
    print(called.__name__)
