"""The AWS infrastructure of Moorage, as one CDK stack."""
