"""The real stack on this machine: the CDK stack that is deployed to AWS, deployed to MiniStack, an AWS emulator."""
