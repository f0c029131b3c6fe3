"""Bodies, queries and answers of the API as pydantic models: what is parsed, and what OpenAPI tells."""
