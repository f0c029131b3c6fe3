"""Targets and deployments: how they are stored, and the drivers that put versions into service on platforms of AWS."""
