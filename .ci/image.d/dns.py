"""Answers 127.0.0.1 to whoever asks the name server at the given address for an IPv4 address."""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
print("listening", flush=True)
while True:
    question, client = server.recvfrom(512)
    end = question.index(b"\0", 12) + 5
    wanted = question[end - 4 : end - 2] == b"\0\1"
    # RFC 1035: that this is an answer, and how many there are; the question; a pointer to its name, A, IN, a minute, four bytes of address.
    head = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if wanted else b"\0\0") + b"\0\0\0\0"
    address = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton("127.0.0.1")
    server.sendto(head + question[12:end] + (address if wanted else b""), client)
