"""What the tests stand on: a copy of the tree that Terraform runs in, an emulator, clients of AWS, and a report."""
