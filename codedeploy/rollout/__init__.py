"""What `deploy`, `rollback` and their like are made of: the AWS CLI as a program, and nothing but Python's standard library."""
