"""One file a service: what of it moto lacks, or answers so that a second plan would not be empty."""
