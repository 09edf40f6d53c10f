"""python3 -m emulator PORT"""

import argparse

from . import server

parser = argparse.ArgumentParser(prog="python3 -m emulator", description="Answers as AWS does, on a loopback address.")
parser.add_argument("port", type=int, help="0 takes any that is free, and prints it")
parser.add_argument("--log", help="file that gets a line for each call")
arguments = parser.parse_args()
server.run(arguments.port, arguments.log)
