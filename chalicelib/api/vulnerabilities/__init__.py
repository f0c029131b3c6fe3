"""Advisories and the vulnerabilities of versions over HTTP."""
