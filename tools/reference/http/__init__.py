"""The pages about the endpoints: made from the served OpenAPI document, with calls that were really made."""
