"""Runs every cell of a notebook in a kernel of this environment: ``notebook.py NOTEBOOK EXECUTED``.

Writes the notebook with its outputs to ``EXECUTED``. Fails with the cell and its error if one fails.
"""

import sys

import nbformat
from nbclient import NotebookClient

source, executed = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
nbformat.validate(notebook)
NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
nbformat.write(notebook, executed)
