"""One model a resource, as the API documents it, and beside each the function that makes its JSON value.

TypedDicts, where the value is made in Python: mypy checks the value, pydantic reads the type for the document.
"""
