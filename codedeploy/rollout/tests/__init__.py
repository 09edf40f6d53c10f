"""python3 -m unittest discover --start-directory codedeploy/rollout/tests --top-level-directory codedeploy

What needs no AWS. The commands themselves are run on the emulator: terraform/tests.
"""
