"""Keys that sign, the verification of signatures, and how signatures and signers are stored."""
