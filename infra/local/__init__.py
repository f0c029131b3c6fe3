"""The real stack on this machine: MiniStack (an AWS emulator) with the very CDK stack that goes to AWS."""
