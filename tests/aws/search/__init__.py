"""Tests of reading search indexes."""
