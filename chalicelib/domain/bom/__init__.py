"""Bills of materials: what a version is made of, as a CycloneDX 1.7 document, and such documents read back.

The format: https://cyclonedx.org/docs/1.7/json/.
"""
