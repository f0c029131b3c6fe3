"""OpenLineage, a standard for lineage: https://openlineage.io/spec/2-0-2/OpenLineage.json."""
