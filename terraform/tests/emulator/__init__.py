"""A model of AWS for the estate's tests: moto, and what moto lacks of the calls that our resources make. See README.md."""
